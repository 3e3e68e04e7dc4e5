//! Taking back what a job has done to a record, where nobody has touched it since.

use serde_json::{Map, Value};
use store::Sql;
use store::journal::Sight;
use uuid::Uuid;

use super::assign::{Assign, assign, held};
use super::bulk::EDIT;
use super::content::Content;
use super::edit::{Edit, edit};
use super::read::{self, Loaded, Target};
use super::write::{self, Event, Written};
use crate::job::bulk::Order;
use crate::journal::{self, Cause};
use crate::{Actor, DeskError, Env};

/// The actions that have an opposite.
pub const ACTIONS: [&str; 2] = [EDIT, "assign"];
/// How far back in a record's journal the job's entry is looked for.
const BACK: i64 = 50;

/// Prepares the way back on one record.
pub fn prepare(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    job: Uuid,
    order: &Order,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    let facts = untouched(sql, &loaded, job)?;
    if order.action != EDIT {
        return assign_back(env, sql, cause, actor, &loaded, &facts, order);
    }
    let mut patch = Map::new();
    let mut own = Map::new();
    // What followed from the edited fields follows again.
    for (field, given) in &order.fields {
        match given.as_object().filter(|_| field == "fields") {
            Some(fields) => own.extend(fields.keys().filter_map(|name| Some((name.clone(), facts.edit(name)?.old.clone())))),
            None => patch.extend(facts.edit(field).map(|edit| (field.clone(), edit.old.clone()))),
        }
    }
    if !own.is_empty() {
        patch.insert("fields".to_owned(), Value::Object(own));
    }
    let command = Edit { target: target.clone(), expected: loaded.row.version, patch };
    edit(env, sql, cause, actor, &command)
}

/// What the job did to the record, if nothing of it was changed afterwards.
fn untouched(sql: &mut dyn Sql, loaded: &Loaded, job: Uuid) -> Result<pack::Facts, DeskError> {
    let after = (loaded.row.version - BACK).max(0);
    let entries = store::journal::of_aggregate(sql, loaded.row.id, after, Sight::All, BACK)?;
    let changed = || DeskError::Conflict("it was changed since, and stays as it is".to_owned());
    let mut found: Option<pack::Facts> = None;
    for entry in &entries {
        let content: Option<Content> = journal::content(entry)?;
        let facts = content.map(|content| content.facts).unwrap_or_default();
        if entry.correlation == job {
            found = Some(facts);
        } else if found.is_some() && !facts.is_empty() {
            return Err(changed());
        }
    }
    found.ok_or_else(changed)
}

fn assign_back(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    loaded: &Loaded,
    facts: &pack::Facts,
    order: &Order,
) -> Result<Written, DeskError> {
    let old = |field: &str| facts.edit(field).map(|edit| edit.old.as_str().map(str::to_owned));
    let (team, assignee) = (old("team").flatten(), old("assignee"));
    if team.is_some() || assignee.as_ref().is_some_and(Option::is_some) {
        let coded = loaded.pinned.pack.manifest().reasons("reassign");
        let reason = order.fields.get("reason").and_then(Value::as_str).or(coded.last().map(String::as_str));
        let reason = reason.filter(|_| team.is_some()).map(str::to_owned);
        let command = Assign { team, assignee: assignee.flatten(), reason, note: None };
        return assign(env, sql, cause, actor, &Target::Id(loaded.row.id), &command);
    }
    loaded.require(env, actor, "assign")?;
    let Some(activity) = held(env, loaded)? else { return Ok(write::nothing(loaded)) };
    let content = Content { reason: order.fields.get("reason").and_then(|v| v.as_str()).map(str::to_owned), ..Content::default() };
    let command = pack::Command::HandBack { activity };
    write::perform(env, sql, cause, loaded, &command, &Event::public("assigned"), content)
}
