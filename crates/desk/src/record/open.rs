//! Opening a record: a title is enough, the rest has defaults and is completed later.

use serde_json::{Map, Value, json};
use store::Sql;

use super::content::{Content, Opened, Watched};
use super::fold::Frame;
use super::write::{self, Event, Part, Written};
use super::{behalf, notify, references, text};
use crate::env::Pinned;
use crate::journal::Cause;
use crate::policy::PolicyRow;
use crate::{Actor, DeskError, Env, FieldError, dispatch};

/// What opens a record.
#[derive(Clone, Debug)]
pub struct Open {
    /// Type of the record.
    pub type_key: String,
    /// Leased number.
    pub number: String,
    /// Values as the caller wrote them.
    pub input: Map<String, Value>,
    /// How it was reported, when the caller does not say.
    pub channel: &'static str,
}

/// Prepares the opening.
pub fn open(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, command: &Open) -> Result<Written, DeskError> {
    let mut decided = decide(env, sql, cause, actor, command, true)?;
    notify::add(env, sql, &decided.cause, &mut decided.written, &decided.effects, None)?;
    Ok(decided.written)
}

/// An opening whose messages are not written yet.
pub(super) struct Decided {
    /// What it writes.
    pub written: Written,
    /// The messages that the process wants to send.
    pub effects: Vec<pack::Effect>,
    /// The cause, with the person on whose behalf it is.
    pub cause: Cause,
}

/// Decides the opening; `offer` says whether teams that give out their work do so now.
pub(super) fn decide(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    command: &Open,
    offer: bool,
) -> Result<Decided, DeskError> {
    let pinned = env.packs.newest(&command.type_key)?;
    let colleague = require_own(env, sql, pinned, actor, &command.input)?;
    refuse_inside(pinned, actor, &command.input)?;
    let mut values = references::resolve(env, sql, pinned, &command.input)?;
    require_title(&values)?;
    let requester = match values.get("requester").and_then(Value::as_str).and_then(|id| id.parse().ok()) {
        Some(id) if id != actor.user.id => store::user::find(sql, id)?.ok_or_else(|| DeskError::NotFound("requester".to_owned()))?,
        _ => actor.user.clone(),
    };
    if !requester.is_alive(env.world.now()) {
        return Err(DeskError::field("/requester", "inactive", "this account has ended: choose another requester"));
    }
    let now = write::now(env, cause);
    let mut default = |field: &str, value: Value| {
        if values.get(field).is_none_or(Value::is_null) {
            values.insert(field.to_owned(), value);
        }
    };
    default("requester", json!(requester.id));
    default("description", json!(""));
    default("channel", json!(command.channel));
    default("site", json!(env.directory.key_of(requester.site)));
    values.insert("reporter".to_owned(), json!(actor.user.id));
    values.insert("customer".to_owned(), json!(env.directory.key_of(Some(requester.customer))));
    let performed = pack::perform(&pinned.pack, None, &pack::Command::Open { values }, now).map_err(write::refusal)?;
    let id = env.world.id();
    let (performed, choices) = match offer {
        true => dispatch::offer(env, sql, cause, (pinned, (id, 1)), None, performed)?,
        false => (performed, Vec::new()),
    };
    let mut after = pack::Record::default();
    after.apply(&performed.facts);
    let frame = Frame { id, type_key: command.type_key.clone(), number: command.number.clone(), pack: pinned.id };
    let content = Content {
        decisions: write::decided(&performed),
        choices,
        facts: performed.facts,
        record: Some(Opened { type_key: command.type_key.clone(), number: command.number.clone(), alias: None }),
        // Who reports for a colleague follows how it goes on; those who work here choose what they follow.
        watch: colleague.then_some(Watched { user: actor.user.id, on: true, affected: false }).into_iter().collect(),
        ..Content::default()
    };
    let part = Part { frame: &frame, pinned, before: None, after: &after };
    let cause = Cause { on_behalf_of: (requester.id != actor.user.id).then_some(requester.id), ..cause.clone() };
    let mut written = write::build(env, sql.dialect(), &cause, &part, &Event::public("opened"), &content)?;
    written.set.statements.extend(colleague.then(|| store::watcher::add(written.row.id, actor.user.id)));
    // The right is judged on the record as it would be: a requester may open only what is the requester's own.
    let right = if colleague { behalf::RIGHT } else { "open" };
    if !pinned.rights.allows(actor, right, &PolicyRow(&written.row), now) {
        env.offers.withdraw(id);
        return Err(DeskError::Forbidden(behalf::refusal(pinned, actor)));
    }
    Ok(Decided { written, effects: performed.effects, cause })
}

/// Who does not work here must not learn from the answer who has an account: another's name is refused like an unknown one, but for
/// the colleagues for whom they may report. Says whether it is for one of those.
fn require_own(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, actor: &Actor, input: &Map<String, Value>) -> Result<bool, DeskError> {
    let Some(requester) = input.get("requester").and_then(Value::as_str) else { return Ok(false) };
    if actor.may("workspace") {
        return Ok(false);
    }
    let requester = references::user(sql, requester)?;
    if requester == Some(actor.user.id) {
        return Ok(false);
    }
    let person = requester.map(|id| store::user::find(sql, id)).transpose()?.flatten();
    if person.is_some_and(|person| behalf::may_report_for(env, pinned, actor, &person)) {
        return Ok(true);
    }
    Err(DeskError::Forbidden(behalf::refusal(pinned, actor)))
}

/// Who only reports does not write what those who work write, nor learns from an answer which people and teams there are.
fn refuse_inside(pinned: &Pinned, actor: &Actor, input: &Map<String, Value>) -> Result<(), DeskError> {
    if actor.may("workspace") {
        return Ok(());
    }
    let refuse = |pointer: String| FieldError::new(pointer, "read_only", "this is written by those who work on the record: leave it out");
    let common = ["team", "assignee"].into_iter().filter(|field| input.get(*field).is_some_and(|value| !value.is_null()));
    let own = input.get("fields").and_then(Value::as_object).into_iter().flatten();
    let own =
        own.filter(|(field, value)| !value.is_null() && pinned.is_internal(field)).map(|(field, _)| refuse(format!("/fields/{field}")));
    let errors: Vec<FieldError> = common.map(|field| refuse(format!("/{field}"))).chain(own).collect();
    if errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(errors)) }
}

fn require_title(values: &Map<String, Value>) -> Result<(), DeskError> {
    if values.get("title").and_then(Value::as_str).is_none_or(text::is_blank) {
        return Err(DeskError::Invalid(vec![FieldError::new("/title", "required", "say in a few words what it is about")]));
    }
    Ok(())
}
