//! Whose work it is: a team that gets work has somebody who answers for it, and who leaves a team leaves its work there.

use serde_json::{Map, Value, json};
use store::directory::DirectoryRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::{Item, user};
use crate::job::{self, Kind};
use crate::{DeskError, Env};

/// Refuses a change of a team after which nobody answers for its work, and queues giving back what people who leave hold.
pub(super) fn check(
    env: &Env,
    sql: &mut dyn Sql,
    values: &Map<String, Value>,
    before: Option<&DirectoryRow>,
    after: &DirectoryRow,
    set: &mut WriteSet,
) -> Result<(), DeskError> {
    let (before, after) = (before.cloned().map(Item::read).transpose()?, Item::read(after.clone())?);
    require_alive_on_duty(env, sql, values)?;
    require_membership(values, &after)?;
    require_people(env, sql, before.as_ref(), &after)?;
    hand_back(env, sql, before.as_ref(), &after, set);
    Ok(())
}

/// Refuses what would leave work with a team that nobody answers for: one that flows or tables send work to, or that has open
/// steps, keeps people and stays active.
fn require_people(env: &Env, sql: &mut dyn Sql, before: Option<&Item>, after: &Item) -> Result<(), DeskError> {
    let answers = |item: &Item| item.active && item.on_duty().is_some();
    let Some(before) = before.filter(|before| answers(before) && !answers(after)) else { return Ok(()) };
    let pointer = if after.active { "/members" } else { "/active" };
    let open = store::task::count_of_team(sql, before.id)?;
    if open > 0 {
        let message = format!("this team has {open} open steps: give them to another team first");
        return Err(DeskError::field(pointer, "in_use", message));
    }
    if let Some(pinned) = env.packs.all().into_iter().find(|pinned| pinned.pack.teams().contains(&before.key)) {
        let message = format!("records of type {} are sent to this team: it must stay active and have somebody", pinned.pack.key());
        return Err(DeskError::field(pointer, "in_use", message));
    }
    Ok(())
}

/// Refuses a person on duty whose account has ended, or who has no way to the work.
fn require_alive_on_duty(env: &Env, sql: &mut dyn Sql, values: &Map<String, Value>) -> Result<(), DeskError> {
    let Some(duty) = values.get("duty").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(()) };
    let Some(user) = store::user::find(sql, duty)? else { return Ok(()) };
    let wrong = |code, why: &str| Err(DeskError::field("/duty", code, format!("{} {why}", user.name)));
    if !user.is_alive(env.world.now()) {
        return wrong("inactive", "has an account that has ended: choose another person");
    }
    if !user::works(env, &user) {
        return wrong("no_work", "has no role that works on records: give one, or choose another person");
    }
    Ok(())
}

/// Refuses a person on duty who is no member: they would answer for work that they may not touch.
fn require_membership(values: &Map<String, Value>, after: &Item) -> Result<(), DeskError> {
    if after.id_of("duty").is_none_or(|duty| after.ids_of("members").contains(&duty)) {
        return Ok(());
    }
    if values.get("duty").is_some_and(|given| !given.is_null()) {
        return Err(DeskError::field("/duty", "not_member", "who is on duty must be a member: name them among the members too"));
    }
    if values.contains_key("members") {
        return Err(DeskError::field("/members", "on_duty", "who is on duty stays a member: name somebody else on duty first"));
    }
    Ok(())
}

/// Queues giving back what people hold in a team that they have left.
fn hand_back(env: &Env, sql: &dyn Sql, before: Option<&Item>, after: &Item, set: &mut WriteSet) {
    let stay = after.ids_of("members");
    let left: Vec<Uuid> = before.map_or_else(Vec::new, |item| item.ids_of("members")).into_iter().filter(|id| !stay.contains(id)).collect();
    if !left.is_empty() {
        set.push(job::queue(env, sql, Kind::HandBack, &json!({ "team": after.id, "people": left }), None, None, 0).1);
    }
}
