//! A small organisation whose work shows everything that a journal can hold.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use desk::directory::{self, EntryKind, NewUser};
use desk::journal::Cause;
use desk::record::assign::Assign;
use desk::record::attach::{Attach, attach};
use desk::record::check::{self, Checked};
use desk::record::comment::{self, Comment};
use desk::record::complete::Complete;
use desk::record::edit::Edit;
use desk::record::link::{self, Link};
use desk::record::open::{self, Open};
use desk::record::read::{self, Target};
use desk::record::watch::{self, Watch};
use desk::record::write::Written;
use desk::record::{accept, assign, cancel, complete, edit, hold, legal_hold};
use desk::{Actor, Desk, DeskError, Env, Proof, World, job, setup, worker};
use serde_json::{Map, Value, json};
use store::record::RecordRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::{Clock, Place};

/// An organisation at work.
pub struct House {
    /// The desk.
    pub desk: Desk,
    /// Who does everything.
    pub manager: Uuid,
    /// Who asks.
    pub requester: Uuid,
}

const TEAMS: &[&str] = &["service-desk", "desktop-l1", "network-l1", "application-l1", "network-l2", "system-l2", "application-l2"];

impl House {
    /// Founds it in an empty place.
    pub async fn found(place: &Place) -> Self {
        Self::found_at(place, World::real()).await
    }

    /// The same with another clock.
    pub async fn found_at(place: &Place, world: World) -> Self {
        let desk = place.open_at(world).await;
        setup::run(&desk, Some("a long password")).await.unwrap();
        let manager =
            user(&desk, "manager", json!({"name": "赵磊", "roles": ["manager", "desk", "requester"], "email": "zhao@demo.invalid"})).await;
        let requester = user(&desk, "asker", json!({"name": "单小丽", "sort_name": "shan xiao li", "email": "shan@demo.invalid"})).await;
        for team in TEAMS {
            let values = json!({"label": {"zh": team, "en": team}, "members": [manager], "duty": manager, "tier": 1});
            entry(&desk, EntryKind::Team, team, values).await;
        }
        entry(&desk, EntryKind::Site, "hq", json!({"label": {"zh": "总部"}, "timezone": "Asia/Shanghai"})).await;
        entry(&desk, EntryKind::Service, "oa", json!({"label": {"zh": "办公系统"}, "criticality": "normal"})).await;
        entry(&desk, EntryKind::Service, "oa", json!({"criticality": "important", "active": true})).await;
        entry(&desk, EntryKind::Setting, "organisation", json!({"value": {"zh": "您好"}})).await;
        let step = |key: &str| json!({"key": key, "text": {"zh": key}, "mandatory": true});
        let list = json!({"label": {"zh": "上门"}, "type": "incident", "activities": ["l1", "l2"], "outcomes": ["escalate"], "steps": [step("a"), step("b")]});
        entry(&desk, EntryKind::Checklist, "visit", list).await;
        let house = Self { desk, manager, requester };
        house.change_user("asker", json!({"site": "hq", "phone": "8001"})).await;
        house.token("probe").await;
        let revoked = house.token("revoked").await;
        house.revoke(revoked).await;
        house.password("manager").await;
        worker::seal_now(&house.desk).await.unwrap();
        house
    }

    /// Lives through records in all states, with everything that can stand beside them.
    pub async fn work(&self) {
        let first = self.opened("打印机无法连接").await;
        let second = self.opened("OA 无法登录").await;
        let third = self.opened("VPN 登录失败").await;
        let fourth = self.opened("密码忘记").await;
        self.opened("刚刚报告的").await;
        for record in [first, second, third] {
            self.dispatch(record).await;
        }
        self.act(first, accept::accept).await;
        let tick = |step: &str, state: &str| Checked {
            checklist: "visit".to_owned(),
            step: step.to_owned(),
            state: Some(state.to_owned()),
            note: Some("说明".to_owned()),
        };
        for tick in [tick("a", "done"), tick("b", "not_applicable"), tick("a", "open"), tick("a", "done")] {
            self.act(first, move |env, sql, cause, actor, target| check::check(env, sql, cause, actor, target, &tick)).await;
        }
        let follow = Watch { user: None, on: true };
        self.act(first, move |env, sql, cause, actor, target| watch::watch(env, sql, cause, actor, target, &follow)).await;
        for internal in [false, true] {
            let words = Comment { body: format!("说明 \"{internal}\"\n第二行"), internal, mentions: Vec::new() };
            self.act(first, move |env, sql, cause, actor, target| comment::comment(env, sql, cause, actor, target, &words)).await;
        }
        self.attach(first, "日志.txt", "line 1\nline 2\n").await;
        self.attach(first, "big.log", &"0123456789abcdef".repeat(20_000)).await;
        self.act(second, |env, sql, cause, actor, target| hold::hold(env, sql, cause, actor, target, "vendor", Some("等待"))).await;
        self.link(first, second, "related").await;
        self.link(second, third, "parent").await;
        self.complete(third, "resolve", json!({"resolution": "重置。", "closure_code": "fixed"})).await;
        self.complete(third, "confirm", json!({})).await;
        self.cancel(fourth).await;
        let reassign = Assign { team: Some("network-l1".to_owned()), reason: Some("wrong_team".to_owned()), ..Assign::default() };
        self.act(first, move |env, sql, cause, actor, target| assign::assign(env, sql, cause, actor, target, &reassign)).await;
        self.edit(first, json!({"title": "打印机无法连接（三楼）", "fields": {"users_affected": 7, "contact": "8001"}})).await;
        self.settle().await;
        // After the seal: what the tail of the feed holds.
        self.opened("封存之后").await;
    }

    /// Lives on until records are held, let go and removed.
    pub async fn end(&self, clock: &Clock) {
        let (gone, freed, held) = (self.cancelled("清除").await, self.opened("解除保全").await, self.opened("保全").await);
        for record in [freed, held] {
            self.hold_back(record).await;
        }
        self.act(freed, |env, sql, cause, actor, target| legal_hold::lift(env, sql, cause, &may_hold(actor), target)).await;
        let rule = json!({ "type": "incident", "phase": "cancelled", "days": 1, "action": "remove" });
        self.set("retention", json!({ "rules": [rule] })).await;
        clock.ahead(3 * 24 * 3_600_000);
        let queued = self.desk.execute(|env, sql| {
            let statements = job::retention::queue(env, sql)?.into_iter().collect();
            Ok((WriteSet { statements }, ()))
        });
        queued.await.unwrap();
        worker::run_due_jobs(&self.desk).await.unwrap();
        let left = self.desk.query(move |_, sql| Ok(store::record::find(sql, gone)?)).await.unwrap();
        assert!(left.is_none());
    }

    /// Sets a legal hold on a record.
    pub async fn hold_back(&self, record: Uuid) {
        self.act(record, |env, sql, cause, actor, target| legal_hold::set(env, sql, cause, &may_hold(actor), target, "a court asks")).await;
    }

    /// Lets the workers apply what waits, and seals.
    async fn settle(&self) {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let workers = worker::start(&self.desk, &stopped);
        for _ in 0..200 {
            let now = self.desk.world().now() + 1_000_000;
            let due = self.desk.query(move |_, sql| Ok(store::message::due(sql, now, 10)?)).await.unwrap();
            if due.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.send_replace(true);
        for worker in workers {
            let _ = worker.await;
        }
        worker::seal_now(&self.desk).await.unwrap();
    }

    /// Lets the requester belong to a customer from now on.
    pub async fn asks_for(&self, customer: &'static str) {
        entry(&self.desk, EntryKind::Customer, customer, json!({"label": {"en": customer}})).await;
        self.change_user("asker", json!({ "customer": customer })).await;
    }

    /// Opens a record.
    pub async fn opened(&self, title: &str) -> Uuid {
        let number = self.desk.next_number("incident").await.unwrap();
        let input = json!({"title": title, "description": "说明", "requester": self.requester});
        let command = Open { type_key: "incident".to_owned(), number, input: object(input), channel: "portal" };
        let actor = self.actor().await;
        let cause = Cause::of(self.desk.world(), self.manager, "portal");
        let done = self.desk.execute(move |env, sql| {
            let written = open::open(env, sql, &cause, &actor, &command)?;
            Ok((written.set, written.row.id))
        });
        done.await.unwrap()
    }

    async fn dispatch(&self, record: Uuid) {
        let fields = json!({
            "category": "software/application/unavailable", "service": "oa", "service_criticality": "important",
            "scope": "single_user", "users_affected": 1, "business_process": "none",
        });
        self.complete(record, "dispatch", fields).await;
    }

    async fn complete(&self, record: Uuid, outcome: &'static str, fields: Value) {
        let fields = object(fields);
        self.act(record, move |env, sql, cause, actor, target| {
            let command = Complete { target: target.clone(), activity: None, outcome: outcome.to_owned(), fields: fields.clone() };
            complete::complete(env, sql, cause, actor, &command)
        })
        .await;
    }

    /// Withdraws a record.
    pub async fn cancel(&self, record: Uuid) {
        self.act(record, |env, sql, cause, actor, target| cancel::cancel(env, sql, cause, actor, target, "withdrawn", None)).await;
    }

    /// Opens a record and withdraws it.
    pub async fn cancelled(&self, title: &str) -> Uuid {
        let record = self.opened(title).await;
        self.cancel(record).await;
        record
    }

    /// Puts an entry of the directory.
    pub async fn has(&self, kind: EntryKind, key: &'static str, values: Value) {
        entry(&self.desk, kind, key, values).await;
    }

    /// Sets a setting.
    pub async fn set(&self, key: &'static str, value: Value) {
        entry(&self.desk, EntryKind::Setting, key, json!({ "value": value })).await;
    }

    /// Which record somebody finds under a number.
    pub async fn found_by(&self, number: &str, user: Uuid) -> Result<Uuid, DeskError> {
        let (actor, target) = (self.actor_of(user).await, Target::Number { type_key: "incident".to_owned(), number: number.to_owned() });
        self.desk.query(move |env, sql| Ok(read::find(env, sql, &actor, &target)?.row.id)).await
    }

    /// Attaches a file.
    pub async fn attach(&self, record: Uuid, name: &'static str, content: &str) {
        let stored = desk::files::store(&self.desk, name, Bytes::from(content.to_owned())).await.unwrap();
        let command = Attach { name: name.to_owned(), internal: false, stored };
        self.act(record, move |env, sql, cause, actor, target| Ok(attach(env, sql, cause, actor, target, &command)?.0)).await;
    }

    async fn link(&self, record: Uuid, to: Uuid, kind: &'static str) {
        let command = Link { to: self.row(to).await.number, kind: kind.to_owned() };
        self.act(record, move |env, sql, cause, actor, target| link::link(env, sql, cause, actor, target, &command)).await;
    }

    /// Edits a record.
    pub async fn edit(&self, record: Uuid, patch: Value) {
        let command = Edit { target: Target::Id(record), expected: self.row(record).await.version, patch: object(patch) };
        self.act(record, move |env, sql, cause, actor, _| edit::edit(env, sql, cause, actor, &command)).await;
    }

    /// A record's row.
    pub async fn row(&self, record: Uuid) -> RecordRow {
        self.desk.query(move |_, sql| Ok(store::record::find(sql, record)?)).await.unwrap().unwrap()
    }

    /// The manager, acting.
    pub async fn actor(&self) -> Arc<Actor> {
        self.actor_of(self.manager).await
    }

    async fn actor_of(&self, id: Uuid) -> Arc<Actor> {
        let user = self.desk.query(move |_, sql| Ok(store::user::find(sql, id)?)).await.unwrap().unwrap();
        Actor::new(user, &self.desk.env().directory, Proof::Session { id, csrf: Vec::new() }, self.desk.world().now())
    }

    /// Does something on a record.
    pub async fn act<F>(&self, record: Uuid, command: F)
    where
        F: Fn(&Env, &mut dyn Sql, &Cause, &Actor, &Target) -> Result<Written, DeskError> + Clone + Send + 'static,
    {
        let actor = self.actor().await;
        let cause = Cause::of(self.desk.world(), self.manager, "web");
        let done = self.desk.execute(move |env, sql| {
            let written = command(env, sql, &cause, &actor, &Target::Id(record))?;
            Ok((written.set, ()))
        });
        done.await.unwrap();
    }

    async fn change_user(&self, username: &'static str, change: Value) {
        let cause = Cause::system(self.desk.world(), "test");
        let change = object(change);
        let done = self.desk.execute(move |env, sql| {
            let user = store::user::find_username(sql, username)?.unwrap();
            let (set, _) = directory::change_user(env, sql, &cause, user.id, &change, None, None)?;
            Ok((set, ()))
        });
        done.await.unwrap();
    }

    async fn token(&self, name: &'static str) -> Uuid {
        let cause = Cause::system(self.desk.world(), "test");
        let user = self.manager;
        let done = self.desk.execute(move |env, sql| {
            let made = desk::session::create_token(env, user, name, &["read".to_owned()], None)?;
            Ok((desk::session::token_statements(env, sql.dialect(), &cause, &made.row)?, made.row.id))
        });
        done.await.unwrap()
    }

    async fn revoke(&self, token: Uuid) {
        let cause = Cause::of(self.desk.world(), self.manager, "test");
        let user = self.manager;
        let done = self.desk.execute(move |env, sql| Ok((desk::session::revoke_token(env, sql, &cause, user, token)?, ())));
        done.await.unwrap();
    }

    /// Gives a user a password, as an administrator does.
    async fn password(&self, username: &'static str) {
        let cause = Cause::system(self.desk.world(), "test");
        let hash = directory::hash_password("another long password").unwrap();
        let done = self.desk.execute(move |env, sql| {
            let user = store::user::find_username(sql, username)?.unwrap();
            let (set, _) = directory::change_user(env, sql, &cause, user.id, &Map::new(), Some(&hash), None)?;
            Ok((set, ()))
        });
        done.await.unwrap();
    }
}

async fn user(desk: &Desk, username: &'static str, values: Value) -> Uuid {
    let cause = Cause::system(desk.world(), "test");
    let new = NewUser { username: username.to_owned(), values: object(values), ..NewUser::default() };
    let done = desk.execute(move |env, sql| {
        let (set, row) = directory::create_user(env, sql, &cause, &new)?;
        Ok((set, row.id))
    });
    done.await.unwrap()
}

async fn entry(desk: &Desk, kind: EntryKind, key: &'static str, values: Value) {
    let cause = Cause::system(desk.world(), "test");
    let values = object(values);
    desk.execute(move |env, sql| directory::put(env, sql, &cause, kind, key, &values, None)).await.unwrap();
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The same person with the right to set and lift legal holds.
fn may_hold(actor: &Actor) -> Actor {
    let mut actor = actor.clone();
    actor.actions.push(legal_hold::ACTION.to_owned());
    actor
}
