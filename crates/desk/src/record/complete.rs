//! Completing a step with an outcome that the flow draws.

use serde_json::{Map, Value};
use store::Sql;

use super::assign;
use super::content::Content;
use super::read::{self, Loaded, Target};
use super::references;
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::kit::checklist;
use crate::{Actor, DeskError, Env};

/// Completes a step.
#[derive(Clone, Debug)]
pub struct Complete {
    /// The record.
    pub target: Target,
    /// The step, or the one open step that has this outcome.
    pub activity: Option<u32>,
    /// The outcome.
    pub outcome: String,
    /// Values that come with it.
    pub fields: Map<String, Value>,
}

/// Prepares the completion.
pub fn complete(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, command: &Complete) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, &command.target)?;
    let activity = step(env, &loaded, actor, command)?;
    if !loaded.allows_outcome(env, actor, &command.outcome) {
        return Err(DeskError::Forbidden(format!("you may not choose '{}' on this record", command.outcome)));
    }
    if let Some(step) = loaded.process(env)?.step(activity) {
        checklist::require_done(env, sql, actor, &loaded, &step.element, &command.outcome)?;
    }
    // A category that stays as it is was right when it was written, as an imported record's is.
    let process = loaded.process(env)?;
    let mut fields = command.fields.clone();
    fields.retain(|field, value| field != "category" || process.values.get(field) != Some(value));
    let mut values = references::resolve_flat(env, sql, &loaded.pinned, &fields)?;
    values.retain(|_, value| !value.is_null());
    // The words that a hand-over carries stand in the journal where people read them.
    let body = command.fields.iter().find(|(field, _)| field.ends_with("_note")).and_then(|(_, v)| v.as_str()).map(str::to_owned);
    let names_person = values.contains_key("assignee");
    let process = pack::Command::Complete { activity, outcome: command.outcome.clone(), values };
    let content = Content { body, reason: Some(command.outcome.clone()), ..Content::default() };
    let written = write::perform(env, sql, cause, &loaded, &process, &Event::public("completed"), content)?;
    // Which team the next step belongs to is known only now.
    if let Some(person) = written.row.assignee.filter(|_| names_person) {
        assign::require_member(env, sql, written.row.team, person).map_err(|error| error.under("/fields"))?;
    }
    Ok(written)
}

fn step(env: &Env, loaded: &Loaded, actor: &Actor, command: &Complete) -> Result<u32, DeskError> {
    let process = loaded.process(env)?;
    let has_outcome = |step: &&pack::Step| {
        let element = loaded.pinned.pack.flow().element(&step.element);
        element.is_some_and(|element| element.outcomes().contains(&command.outcome.as_str()))
    };
    let found = match command.activity {
        Some(activity) => process.steps.iter().find(|step| step.activity == activity),
        None => process.steps.iter().find(has_outcome),
    };
    found.map(|step| step.activity).ok_or_else(|| {
        let open: Vec<&str> = process.steps.iter().map(|step| step.element.as_str()).collect();
        let now = match open.as_slice() {
            [] => "no step is open".to_owned(),
            open if loaded.allows(env, actor, "read_internal") => format!("open now: {}", open.join(", ")),
            _ => "this step is not open now".to_owned(),
        };
        DeskError::NotAvailable(format!("'{}' is not available: {now}", command.outcome))
    })
}
