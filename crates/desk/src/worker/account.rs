//! Ends accounts whose date has come or that were deactivated: sessions and tokens die, open work goes back to its team, and
//! others are on duty instead.

use serde_json::{Map, json};
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::{give_back, leased};
use crate::directory::{self, EntryKind};
use crate::job::hand_back;
use crate::journal::Cause;
use crate::record::read::{self, Target};
use crate::{Desk, DeskError, Env, session};

/// Accounts taken at once.
const BATCH: i64 = 50;
/// Name of the lease.
const LEASE: &str = "accounts";

/// Ends what ended accounts left behind.
pub async fn end_expired(desk: &Desk) -> Result<(), DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let (ended, off) = desk
        .query(move |env, sql| {
            let duty = env.directory.people_on_duty();
            let alive = store::user::alive(sql, &duty, now)?;
            let off: Vec<Uuid> = duty.into_iter().filter(|person| !alive.contains(person)).collect();
            Ok((store::user::ended_with_leftovers(sql, now, BATCH)?, off))
        })
        .await?;
    // Looking costs little; the lease is a write, and only taken when there is something to do.
    if (ended.is_empty() && off.is_empty()) || !leased(desk, LEASE, 30_000).await? {
        return Ok(());
    }
    // Duty first: the work that goes back to a team is then told to somebody who is there.
    for person in off {
        match replace_on_duty(desk, person).await {
            Ok(()) => tracing::info!(user = %person, "account ended: others are on duty"),
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            Err(error) => tracing::warn!(user = %person, %error, "nobody could be put on duty instead; tries again"),
        }
    }
    for user in ended {
        match end(desk, user.id).await {
            Ok(()) => tracing::info!(user = %user.id, "account ended: sessions, tokens and open work"),
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            // One account that cannot be ended must not keep the others from it.
            Err(error) => tracing::warn!(user = %user.id, %error, "an account could not be ended; tries again"),
        }
    }
    give_back(desk, LEASE).await
}

/// Puts somebody who is there on duty in every team where the one whose account has ended was.
async fn replace_on_duty(desk: &Desk, person: Uuid) -> Result<(), DeskError> {
    let teams = desk.env().directory.duties_of(person).to_vec();
    for team in teams {
        let cause = Cause::system(desk.world(), "account_ended");
        desk.execute(move |env, sql| {
            let Some(item) = env.directory.get(team).filter(|item| item.active && item.on_duty() == Some(person)) else {
                // Somebody was faster.
                return Ok((WriteSet::default(), ()));
            };
            let next = who_is_there(env, sql, &item.ids_of("members"), person)?;
            let Some(next) = next else { return Ok((WriteSet::default(), ())) };
            // Who is on duty is a member.
            let mut members = item.ids_of("members");
            if !members.contains(&next) {
                members.push(next);
            }
            let values = Map::from_iter([("duty".to_owned(), json!(next)), ("members".to_owned(), json!(members))]);
            let (set, _) = directory::put(env, sql, &cause, EntryKind::Team, &item.key, &values, Some(item.version))?;
            Ok((set, ()))
        })
        .await?;
    }
    Ok(())
}

/// Who stands in for the person, else the first member whose account lives and who works on records, else an administrator: one is
/// always left.
fn who_is_there(env: &Env, sql: &mut dyn Sql, members: &[Uuid], gone: Uuid) -> Result<Option<Uuid>, DeskError> {
    let now = env.world.now();
    let deputy = env.directory.deputy_of(gone, now).map(|it| it.deputy);
    let asked: Vec<Uuid> = deputy.into_iter().chain(members.iter().copied()).filter(|person| *person != gone).collect();
    let alive = store::user::alive(sql, &asked, now)?;
    for person in asked.into_iter().filter(|person| alive.contains(person)) {
        if store::user::find(sql, person)?.is_some_and(|user| directory::works(env, &user)) {
            return Ok(Some(person));
        }
    }
    directory::administrator(env, sql, gone)
}

async fn end(desk: &Desk, user: Uuid) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "account_ended");
    desk.execute(move |env, sql| {
        let mut set = session::revoke_all(env, sql, &cause, user)?;
        set.push(store::session::end_all(user));
        Ok((set, ()))
    })
    .await?;
    hand_over(desk, user).await
}

/// Gives all open steps of a person back to their teams.
async fn hand_over(desk: &Desk, user: Uuid) -> Result<(), DeskError> {
    let held = desk.query(move |_, sql| Ok(store::task::held_by(sql, user, 1000)?)).await?;
    let mut last = Ok(());
    for (record, activity) in held {
        match give_to_team(desk, user, record, activity).await {
            Ok(()) => {}
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            Err(error) => last = Err(error),
        }
    }
    last
}

async fn give_to_team(desk: &Desk, user: Uuid, record: Uuid, activity: u32) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "account_ended");
    let user = user.to_string();
    desk.execute(move |env, sql| {
        let loaded = read::load(env, sql, &Target::Id(record))?;
        let process = loaded.process(env)?;
        if process.step(activity).is_none_or(|step| step.assignee.as_ref() != Some(&user)) {
            // Somebody was faster.
            return Ok((WriteSet::default(), ()));
        }
        Ok((hand_back::give_back(env, sql, &cause, record, activity, "account_ended")?.set, ()))
    })
    .await
}
