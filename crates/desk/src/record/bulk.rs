//! One action on many records: which records, what it would do to each, and the order for the job that does it.

use serde_json::{Map, Value};
use store::Sql;
use store::record::RecordRow;
use uuid::Uuid;

use super::act::act;
use super::edit::{Edit, edit};
use super::list::{Filters, Wanted};
use super::read::{self, Target};
use super::{Written, filter, list};
use crate::env::Pinned;
use crate::job::bulk::{CHANNEL, Order};
use crate::job::order::Who;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Most records of one order.
pub const MOST: usize = 5_000;
/// Most records that a preview looks at.
pub const LOOKED_AT: usize = 200;
/// The action that edits fields, beside those that a record offers.
pub const EDIT: &str = "edit";
/// The commands that make sense on many records.
const COMMANDS: [&str; 8] = [EDIT, "accept", "assign", "hold", "resume", "comment", "link", "cancel"];

/// What somebody wants done, as they write it.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The records, by number.
    pub numbers: Option<Vec<String>>,
    /// Or those that a list with these parameters holds.
    pub query: Filters,
    /// And that meet this condition.
    pub condition: Option<Value>,
    /// The action.
    pub action: String,
    /// What comes with it.
    pub fields: Map<String, Value>,
}

/// What an action would do to a record.
pub struct Foreseen {
    /// Its number as it was asked for.
    pub number: String,
    /// The record before and after; the refusal when the action is not open.
    pub outcome: Result<(RecordRow, Written), DeskError>,
}

/// Turns a wish into an order: who may, what action, and which records they are now.
pub fn order(env: &Env, sql: &mut dyn Sql, actor: &Actor, type_key: &str, wish: &Wish, lang: &str) -> Result<Order, DeskError> {
    let pinned = env.packs.newest(type_key)?;
    if !actor.may("workspace") {
        return Err(DeskError::Forbidden("changing many records at once is for those who work on them".to_owned()));
    }
    check_action(pinned, &wish.action)?;
    let numbers = match &wish.numbers {
        Some(numbers) => listed(numbers, wish)?,
        None => found(env, sql, actor, type_key, wish)?,
    };
    if numbers.is_empty() {
        return Err(DeskError::field("/numbers", "required", "name the records by number, or by a filter that finds some"));
    }
    let (action, fields) = (wish.action.clone(), wish.fields.clone());
    Ok(Order { type_key: type_key.to_owned(), action, fields, numbers, who: Who::of(actor, lang) })
}

fn check_action(pinned: &Pinned, action: &str) -> Result<(), DeskError> {
    let outcomes = pinned.pack.flow().elements().flat_map(flow::Element::outcomes);
    let mut known: Vec<&str> = COMMANDS.into_iter().chain(outcomes).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&action) {
        return Ok(());
    }
    Err(DeskError::field("/action", "enum", format!("write one of {}", known.join(", "))))
}

fn too_many() -> DeskError {
    DeskError::field("/filter", "too_many", format!("at most {MOST} records at once: narrow the filter, or do them in parts"))
}

fn listed(numbers: &[String], wish: &Wish) -> Result<Vec<String>, DeskError> {
    if wish.condition.is_some() || !wish.query.is_empty() {
        return Err(DeskError::field("/numbers", "contradiction", "name the records or give a filter, not both"));
    }
    if numbers.len() > MOST {
        return Err(DeskError::field("/numbers", "too_many", format!("at most {MOST} records at once")));
    }
    let mut seen = std::collections::HashSet::new();
    Ok(numbers.iter().filter(|number| seen.insert(number.as_str())).cloned().collect())
}

fn found(env: &Env, sql: &mut dyn Sql, actor: &Actor, type_key: &str, wish: &Wish) -> Result<Vec<String>, DeskError> {
    if wish.condition.is_none() && wish.query.is_empty() {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let wanted = Wanted { filters: wish.query.clone(), condition: wish.condition.clone(), limit, ..Wanted::default() };
    let page = list::list(env, sql, actor, type_key, &wanted).map_err(|error| filter::in_body(error, "/filter"))?;
    if page.items.len() > MOST {
        return Err(too_many());
    }
    Ok(page.items.into_iter().map(|row| row.number).collect())
}

/// Prepares the action on one record: the command that a person would give, with the rights of now.
pub fn prepare(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    action: &str,
    fields: &Map<String, Value>,
) -> Result<Written, DeskError> {
    if action != EDIT {
        return act(env, sql, cause, actor, target, action, fields);
    }
    // Nobody has seen the versions of thousands of records: what is set is set on the newest.
    let expected = read::find(env, sql, actor, target)?.row.version;
    let command = Edit { target: target.clone(), expected, patch: fields.clone() };
    edit(env, sql, cause, actor, &command).map_err(|error| error.under("/fields"))
}

/// What the order would do to its first records; nothing is written.
pub fn preview(env: &Env, sql: &mut dyn Sql, actor: &Actor, order: &Order) -> Result<Vec<Foreseen>, DeskError> {
    let mut foreseen = Vec::new();
    for number in order.numbers.iter().take(LOOKED_AT) {
        let target = Target::Number { type_key: order.type_key.clone(), number: number.clone() };
        let cause = Cause::of(&env.world, actor.user.id, CHANNEL);
        let before = read::find(env, sql, actor, &target).map(|loaded| loaded.row);
        let prepared = before.and_then(|before| {
            let written = prepare(env, sql, &cause, actor, &target, &order.action, &order.fields)?;
            Ok((before, written))
        });
        let outcome = match prepared {
            Err(DeskError::Store(error)) => return Err(error.into()),
            other => other,
        };
        foreseen.push(Foreseen { number: number.clone(), outcome });
    }
    Ok(foreseen)
}

/// The fields that differ between two rows of a record, with their values as keys; own fields as far as they are shown.
pub fn changes(env: &Env, pinned: &Pinned, before: &RecordRow, after: &RecordRow, internal: bool) -> Vec<(String, Value, Value)> {
    let values = |row: &RecordRow| -> Map<String, Value> {
        let mut values: Map<String, Value> = serde_json::from_str(&row.fields).unwrap_or_default();
        let key = |id: Option<Uuid>| env.directory.key_of(id).map_or(Value::Null, Value::from);
        for (field, value) in [
            ("state", Value::from(row.state.clone())),
            ("title", Value::from(row.title.clone())),
            ("impact", Value::from(row.impact.clone())),
            ("urgency", Value::from(row.urgency.clone())),
            ("priority", Value::from(row.priority.clone())),
            ("category", Value::from(row.category.clone())),
            ("requester", Value::from(row.requester.to_string())),
            ("team", key(row.team)),
            ("assignee", row.assignee.map_or(Value::Null, |id| Value::from(id.to_string()))),
            ("service", key(row.service)),
            ("site", key(row.site)),
            ("parent", row.parent.map_or(Value::Null, |id| Value::from(id.to_string()))),
        ] {
            values.insert(field.to_owned(), value);
        }
        values.retain(|field, _| pinned.shows(field, internal));
        values
    };
    let (before, after) = (values(before), values(after));
    let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    let of = |map: &Map<String, Value>, field: &str| map.get(field).cloned().unwrap_or(Value::Null);
    let both = fields.into_iter().map(|field| (field.clone(), of(&before, field), of(&after, field)));
    both.filter(|(_, old, new)| old != new).collect()
}
