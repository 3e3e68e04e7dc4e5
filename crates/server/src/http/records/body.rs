//! A record as answers show it.

use desk::record::read::Target;
use desk::record::{Loaded, Written};
use desk::{Actor, DeskError, Env, Pinned};
use serde::Serialize;
use serde_json::{Map, Value};
use store::record_list::ListedRecord;
use store::{Sql, WriteSet};
use utoipa::ToSchema;
use uuid::Uuid;

use super::reminders::ReminderBody;
use crate::http::refs::{self, People, Ref};
use crate::http::time;

/// The parent of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Parent {
    number: String,
    title: String,
}

/// Why a record stays, whatever the rules of retention say.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LegalHoldBody {
    reason: String,
    by: Option<Ref>,
    at: String,
}

/// A record: common columns flat, the type's own fields under `fields`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordBody {
    pub id: String,
    pub number: String,
    #[serde(rename = "type")]
    pub type_key: String,
    pub title: String,
    /// Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub state: String,
    pub state_label: String,
    /// `new`, `active`, `waiting`, `resolved`, `closed` or `cancelled`.
    pub phase: String,
    pub impact: Option<String>,
    pub urgency: Option<String>,
    pub priority: Option<String>,
    pub priority_label: Option<String>,
    pub category: Option<Ref>,
    pub customer: Option<Ref>,
    pub requester: Ref,
    pub reporter: Ref,
    pub channel: String,
    pub team: Option<Ref>,
    pub assignee: Option<Ref>,
    /// Who is responsible until somebody accepts: the team's named person on duty, or who stands in for them today.
    pub on_duty: Option<Ref>,
    /// Who stands in today for the assignee.
    pub deputy: Option<Ref>,
    /// The team's person on duty, when somebody stands in for them today.
    pub on_duty_for: Option<Ref>,
    pub service: Option<Ref>,
    pub site: Option<Ref>,
    pub parent: Option<Parent>,
    pub opened_at: String,
    pub responded_at: Option<String>,
    pub resolved_at: Option<String>,
    pub closed_at: Option<String>,
    pub updated_at: String,
    pub reassign_count: i64,
    pub reopen_count: i64,
    /// The type's own fields; in lists those that were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub fields: Option<Map<String, Value>>,
    /// The legal hold on it, for those who work on it; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<LegalHoldBody>,
    /// Who follows it, for those who work on it; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watchers: Option<Vec<Ref>>,
    /// How many others have said that they are affected, for those who work on it; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<i64>,
    /// What somebody is to see to, for those who work on it; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminders: Option<Vec<ReminderBody>>,
    /// Whether the caller may change its fields now: who has the right to, until it has ended; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_edit: Option<bool>,
    /// The job that does the same to the records below it, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_job: Option<String>,
    pub version: i64,
    pub pack_version: u32,
    /// The instant at which this is what had happened, when the past was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The instant at which this is what was known, when the past was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
}

/// The label of a priority.
pub fn priority_label(env: &Env, type_key: &str, lang: &str, priority: Option<&str>) -> Option<String> {
    let pinned = env.packs.newest(type_key).ok()?;
    Some(pinned.pack.label(lang, &format!("value.priority.{}", priority?)))
}

/// The people that listed records mention, read in one query.
pub fn listed_people(env: &Env, sql: &mut dyn Sql, rows: &[ListedRecord]) -> Result<People, DeskError> {
    let duty = |row: &ListedRecord| row.team.and_then(|team| env.directory.duty_of(team));
    let deputy = |person: Option<Uuid>| env.directory.deputy_of(person?, env.world.now()).map(|it| it.deputy);
    let of =
        |row: &ListedRecord| [Some(row.requester), Some(row.reporter), row.assignee, duty(row), deputy(row.assignee), deputy(duty(row))];
    People::read(sql, rows.iter().flat_map(of))
}

impl RecordBody {
    /// A row of a list; `internal` says whether its reader sees internal entries, whose number is else not to be told either.
    pub fn listed(env: &Env, people: &People, row: &ListedRecord, internal: bool, lang: &str) -> Self {
        let pack = env.packs.newest(&row.type_key).ok();
        let (version, updated_at) = if internal { (row.version, row.updated_at) } else { (row.public_version, row.public_at) };
        let turn = Turn::of(env, people, row.team, row.assignee);
        Self {
            id: row.id.to_string(),
            number: row.number.clone(),
            type_key: row.type_key.clone(),
            title: row.title.clone(),
            description: None,
            state: row.state.clone(),
            state_label: pack.map_or_else(|| row.state.clone(), |p| p.pack.label(lang, &format!("state.{}", row.state))),
            phase: row.phase.clone(),
            impact: row.impact.clone(),
            urgency: row.urgency.clone(),
            priority: row.priority.clone(),
            priority_label: priority_label(env, &row.type_key, lang, row.priority.as_deref()),
            category: refs::category(env, &row.type_key, row.category.as_deref(), lang),
            customer: refs::entry(&env.directory, Some(row.customer), lang),
            requester: people.get(row.requester),
            reporter: people.get(row.reporter),
            channel: row.channel.clone(),
            team: refs::entry(&env.directory, row.team, lang),
            assignee: people.opt(row.assignee),
            on_duty: turn.on_duty,
            deputy: turn.deputy,
            on_duty_for: turn.on_duty_for,
            service: refs::entry(&env.directory, row.service, lang),
            site: refs::entry(&env.directory, row.site, lang),
            parent: None,
            opened_at: time::text(row.opened_at),
            responded_at: time::opt(row.responded_at),
            resolved_at: time::opt(row.resolved_at),
            closed_at: time::opt(row.closed_at),
            updated_at: time::text(updated_at),
            reassign_count: row.reassign_count,
            reopen_count: row.reopen_count,
            fields: None,
            legal_hold: None,
            watchers: None,
            affected: None,
            reminders: None,
            can_edit: None,
            children_job: None,
            version,
            pack_version: pack.map_or(0, |p| p.pack.version()),
            as_of: None,
            known_at: None,
        }
    }

    /// A whole record, as this actor may see it.
    pub fn whole(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, lang: &str) -> Result<Self, DeskError> {
        Self::shown(env, sql, loaded, actor, loaded.allows(env, actor, "read_internal"), lang)
    }

    /// A whole record as it will be once it is written, and what is to be written.
    pub fn written(env: &Env, sql: &mut dyn Sql, written: Written, actor: &Actor, lang: &str) -> Result<(WriteSet, Self), DeskError> {
        let loaded = Loaded { row: written.row, pinned: written.pinned };
        let mut body = Self::whole(env, sql, &loaded, actor, lang)?;
        if let Some(watchers) = written.watchers.filter(|_| body.watchers.is_some()) {
            let people = People::read(sql, watchers.iter().copied().map(Some))?;
            body.watchers = Some(watchers.into_iter().map(|user| people.get(user)).collect());
        }
        if let Some(reminders) = written.reminders.filter(|_| body.reminders.is_some()) {
            let people = People::read(sql, reminders.iter().flat_map(|reminder| [Some(reminder.user), reminder.by]))?;
            body.reminders = Some(reminders.into_iter().map(|row| ReminderBody::of(&people, row, env.world.now())).collect());
        }
        Ok((written.set, body))
    }

    /// A whole record, with what only those who work on it may see when `internal`.
    pub fn shown(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, internal: bool, lang: &str) -> Result<Self, DeskError> {
        let row = &loaded.row;
        let listed = ListedRecord {
            id: row.id,
            type_key: row.type_key.clone(),
            number: row.number.clone(),
            customer: row.customer,
            state: row.state.clone(),
            phase: row.phase.clone(),
            title: row.title.clone(),
            impact: row.impact.clone(),
            urgency: row.urgency.clone(),
            priority: row.priority.clone(),
            category: row.category.clone(),
            requester: row.requester,
            reporter: row.reporter,
            channel: row.channel.clone(),
            team: row.team,
            assignee: row.assignee,
            service: row.service,
            site: row.site,
            parent: row.parent,
            opened_at: row.opened_at,
            responded_at: row.responded_at,
            resolved_at: row.resolved_at,
            closed_at: row.closed_at,
            updated_at: row.updated_at,
            reassign_count: row.reassign_count,
            reopen_count: row.reopen_count,
            pack: row.pack,
            version: row.version,
            public_version: row.public_version,
            public_at: row.public_at,
        };
        let people = listed_people(env, sql, std::slice::from_ref(&listed))?;
        let mut body = Self::listed(env, &people, &listed, internal, lang);
        if internal {
            body.add_inside(env, sql, row.id)?;
        }
        body.state_label = loaded.pinned.pack.label(lang, &format!("state.{}", row.state));
        body.description = Some(row.description.clone());
        body.pack_version = loaded.pinned.pack.version();
        body.can_edit = Some(store::record::is_open(&row.phase) && loaded.allows(env, actor, "edit"));
        body.fields = Some(visible_fields(&loaded.pinned, &row.fields, internal)?);
        body.parent = match row.parent {
            Some(id) => visible_parent(env, sql, actor, id)?,
            None => None,
        };
        Ok(body)
    }
}

impl RecordBody {
    /// Adds what stands beside the record for those who work on it.
    fn add_inside(&mut self, env: &Env, sql: &mut dyn Sql, id: Uuid) -> Result<(), DeskError> {
        let hold = store::legal_hold::find(sql, id)?;
        let watchers = store::watcher::of_record(sql, id)?;
        let reminders = store::reminder::of_record(sql, id)?;
        let reminded = reminders.iter().flat_map(|reminder| [Some(reminder.user), reminder.by]);
        let people = People::read(sql, watchers.iter().copied().map(Some).chain(reminded).chain([hold.as_ref().and_then(|hold| hold.by)]))?;
        self.legal_hold = hold.map(|hold| LegalHoldBody { reason: hold.reason, by: people.opt(hold.by), at: time::text(hold.at) });
        self.watchers = Some(watchers.into_iter().map(|user| people.get(user)).collect());
        self.affected = Some(store::watcher::count_affected(sql, id)?);
        let now = env.world.now();
        self.reminders = Some(reminders.into_iter().map(|reminder| ReminderBody::of(&people, reminder, now)).collect());
        Ok(())
    }
}

/// The parent, if this actor may read it.
fn visible_parent(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<Option<Parent>, DeskError> {
    match desk::record::find(env, sql, actor, &Target::Id(id)) {
        Ok(parent) => Ok(Some(Parent { number: parent.row.number, title: parent.row.title })),
        Err(DeskError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Own fields without those that the form marks `x-internal`, unless the reader may see them, and without secrets.
fn visible_fields(pinned: &Pinned, text: &str, internal: bool) -> Result<Map<String, Value>, DeskError> {
    let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| DeskError::outside("read a record", error))?;
    fields.retain(|name, _| pinned.shows(name, internal));
    Ok(fields)
}

/// Whose turn it is besides the assignee.
#[derive(Default)]
struct Turn {
    on_duty: Option<Ref>,
    deputy: Option<Ref>,
    on_duty_for: Option<Ref>,
}

impl Turn {
    fn of(env: &Env, people: &People, team: Option<Uuid>, assignee: Option<Uuid>) -> Self {
        let deputy = |person: Uuid| env.directory.deputy_of(person, env.world.now()).map(|it| people.get(it.deputy));
        if let Some(assignee) = assignee {
            return Self { deputy: deputy(assignee), ..Self::default() };
        }
        let Some(duty) = team.and_then(|team| env.directory.duty_of(team)) else { return Self::default() };
        match deputy(duty) {
            Some(deputy) => Self { on_duty: Some(deputy), on_duty_for: Some(people.get(duty)), ..Self::default() },
            None => Self { on_duty: Some(people.get(duty)), ..Self::default() },
        }
    }
}
