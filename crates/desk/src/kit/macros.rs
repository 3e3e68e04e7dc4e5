//! Macros: several actions on one record, done as one. All of them or none, each with its own entry and the rights of who runs it.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::record::RecordRow;
use store::{Sql, Tx};
use uuid::Uuid;

use super::fit::Fit;
use super::placeholder;
use super::template::{Values, language_of};
use crate::directory::{EntryKind, Item};
use crate::env::Pinned;
use crate::journal::Cause;
use crate::record::actions::{Action, actions, field_schema};
use crate::record::read::{self, Target};
use crate::record::{Loaded, Written, act, bulk, edit, names};
use crate::{Actor, DeskError, Env, FieldError};

/// Most steps of a macro.
pub const MOST: usize = 10;

/// A step as the entry has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A command, an outcome of the flow, or `edit`.
    pub action: String,
    /// What comes with it.
    #[serde(default)]
    pub fields: Map<String, Value>,
}

/// What is wrong with a step, whatever record it meets.
pub fn faults(pinned: &Pinned, step: &Step) -> Vec<FieldError> {
    let outcomes: Vec<&str> = pinned.pack.flow().elements().flat_map(flow::Element::outcomes).collect();
    let is_field = |name: &str| pinned.pack.field_type(name).is_some();
    let known: Option<&[&str]> = match act::fields_of(&step.action) {
        Some(known) => Some(known),
        None if step.action == bulk::EDIT || outcomes.contains(&step.action.as_str()) => None,
        None => {
            let mut all = outcomes;
            all.push(bulk::EDIT);
            all.extend(act::COMMANDS.iter().map(|(key, _)| *key));
            all.sort_unstable();
            all.dedup();
            return vec![FieldError::new("/action", "enum", format!("write one of {}", all.join(", ")))];
        }
    };
    let takes = |name: &str| known.map_or_else(|| is_field(name), |known| known.contains(&name));
    let wrong = step.fields.keys().filter(|name| !takes(name));
    let said = known.map_or_else(|| "this type has no such field".to_owned(), |known| format!("it takes {}", known.join(", ")));
    let unknown = wrong.map(|name| FieldError::new(format!("/fields/{name}"), "unknown_field", said.clone()));
    let empty = step.fields.iter().filter(|(_, value)| value.as_str() == Some(""));
    let empty = empty.map(|(name, _)| FieldError::new(format!("/fields/{name}"), "required", "write a value, or leave the field out"));
    unknown.chain(empty).collect()
}

/// The steps of an entry.
pub fn steps(item: &Item) -> Vec<Step> {
    let steps = item.data.get("steps").and_then(Value::as_array);
    steps.map_or_else(Vec::new, |steps| steps.iter().filter_map(|step| serde_json::from_value(step.clone()).ok()).collect())
}

/// The macros that fit a record and are for this person.
pub fn fitting<'a>(env: &'a Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor) -> Result<Vec<&'a Item>, DeskError> {
    loaded.require(env, actor, "read_internal")?;
    let fit = Fit::new(env, loaded, actor);
    let mut found = Vec::new();
    for item in env.directory.of_kind(EntryKind::Macro) {
        if fit.fits(sql, item)? {
            found.push(item);
        }
    }
    Ok(found)
}

/// Which macro, on which record, by whom.
#[derive(Clone)]
pub struct Order {
    /// The record.
    pub target: Target,
    /// Key of the macro.
    pub key: String,
    /// The version that was seen; a preview needs none.
    pub seen: Option<i64>,
    /// Language of names.
    pub lang: String,
}

/// A value that a step sets, as people read it.
pub struct Said {
    /// The field.
    pub name: String,
    /// Its name.
    pub label: String,
    /// The value.
    pub value: String,
}

/// What a step came to.
pub struct Played {
    /// The action.
    pub action: String,
    /// Its name.
    pub label: String,
    /// What comes with it, filled.
    pub fields: Vec<Said>,
    /// What the record lacks to fill the words that come with it.
    pub gaps: Vec<String>,
    /// The record after it and who is sent a message, or why it is refused.
    pub outcome: Result<Done, DeskError>,
}

/// A step that was done.
pub struct Done {
    /// The record after it.
    pub row: RecordRow,
    /// Whether it changed anything.
    pub changed: bool,
    /// Who is sent a message.
    pub recipients: Vec<Uuid>,
}

/// Does the steps one after another in the transaction, until one is refused. What was done by then is for the caller to keep or
/// to undo.
pub fn play(env: &Env, tx: &mut dyn Tx, cause: &Cause, actor: &Actor, order: &Order) -> Result<Vec<Played>, DeskError> {
    let loaded = read::find(env, tx, actor, &order.target)?;
    let found = fitting(env, tx, &loaded, actor)?.into_iter().find(|item| item.key == order.key);
    let item = found.ok_or_else(|| DeskError::NotFound(format!("macro '{}' for this record", order.key)))?;
    if let Some(seen) = order.seen.filter(|seen| *seen != loaded.row.version) {
        return Err(edit::stale(env, tx, actor.lang(), &loaded, seen, store::journal::Sight::All)?);
    }
    let mut played = Vec::new();
    for (n, step) in steps(item).into_iter().enumerate() {
        let cause = match n {
            0 => cause.clone(),
            _ => Cause { command: env.world.id(), causation: Some(cause.command), ..cause.clone() },
        };
        let one = play_one(env, tx, &cause, actor, order, step)?;
        let refused = one.outcome.is_err();
        played.push(one);
        if refused {
            break;
        }
    }
    Ok(played)
}

/// Does all steps, or gives the refusal that undoes them.
pub fn run(env: &Env, tx: &mut dyn Tx, cause: &Cause, actor: &Actor, order: &Order) -> Result<(), DeskError> {
    for (n, played) in play(env, tx, cause, actor, order)?.into_iter().enumerate() {
        played.outcome.map_err(|error| refusal(n, &played.label, error))?;
    }
    Ok(())
}

/// The refusal of a step, as that of the whole.
fn refusal(n: usize, label: &str, error: DeskError) -> DeskError {
    let said = |why: String| format!("step {} ({label}): {why}; nothing of the macro was done", n + 1);
    match error {
        DeskError::Invalid(_) => error.under(&format!("/steps/{n}")),
        DeskError::Forbidden(why) => DeskError::Forbidden(said(why)),
        DeskError::ChecklistOpen(open) => DeskError::ChecklistOpen(open),
        DeskError::NotAvailable(_) | DeskError::NotFound(_) | DeskError::Conflict(_) => DeskError::NotAvailable(said(error.to_string())),
        other => other,
    }
}

fn play_one(env: &Env, tx: &mut dyn Tx, cause: &Cause, actor: &Actor, order: &Order, step: Step) -> Result<Played, DeskError> {
    let loaded = match read::find(env, tx, actor, &order.target) {
        Ok(loaded) => loaded,
        Err(error) => return refused(step.action.clone(), step.action, error),
    };
    let offered = actions(env, tx, &loaded, actor, &order.lang)?.into_iter().find(|action| action.key == step.action);
    let label = offered.as_ref().map_or_else(|| label(&loaded.pinned, &step.action, &order.lang), |action| action.label.clone());
    let (fields, gaps) = filled(env, tx, &loaded, actor, &step, &order.lang)?;
    let said = said(env, &loaded, offered.as_ref(), &fields, &order.lang);
    let prepared = match gaps.is_empty() {
        true => prepare(env, tx, cause, actor, &order.target, &loaded, &step.action, fields),
        false => Err(DeskError::field("/fields", "gap", format!("the record has no {}: fill that in first", gaps.join(", ")))),
    };
    let outcome = match prepared {
        Err(DeskError::Store(error)) => return Err(error.into()),
        Err(error) => Err(error),
        Ok(written) => {
            tx.apply(&written.set)?;
            let changed = !written.set.statements.is_empty();
            Ok(Done { row: written.row, changed, recipients: written.recipients })
        }
    };
    Ok(Played { action: step.action, label, fields: said, gaps, outcome })
}

fn refused(action: String, label: String, error: DeskError) -> Result<Played, DeskError> {
    match error {
        DeskError::Store(error) => Err(error.into()),
        error => Ok(Played { action, label, fields: Vec::new(), gaps: Vec::new(), outcome: Err(error) }),
    }
}

/// The fields of a step with every placeholder filled, in the requester's language, and what has no value, in that of who asks.
fn filled(
    env: &Env,
    sql: &mut dyn Sql,
    loaded: &Loaded,
    actor: &Actor,
    step: &Step,
    lang: &str,
) -> Result<(Map<String, Value>, Vec<String>), DeskError> {
    let language = language_of(sql, loaded)?;
    let values = Values::read(env, sql, loaded, actor, &language)?;
    let (filled, gaps) =
        placeholder::fill_value(&Value::Object(step.fields.clone()), &|name| values.of(name), &|name| values.name(name, lang));
    let Value::Object(fields) = filled else { return Ok((Map::new(), gaps)) };
    Ok((fields, gaps))
}

#[expect(clippy::too_many_arguments, reason = "a command with all that it needs")]
fn prepare(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    loaded: &Loaded,
    action: &str,
    mut fields: Map<String, Value>,
) -> Result<Written, DeskError> {
    if action == bulk::EDIT {
        let own = loaded.pinned.pack.own_fields();
        let (own, mut patch): (Map<String, Value>, Map<String, Value>) = fields.into_iter().partition(|(name, _)| own.contains_key(name));
        if !own.is_empty() {
            patch.insert("fields".to_owned(), Value::Object(own));
        }
        fields = patch;
    }
    bulk::prepare(env, sql, cause, actor, target, action, &fields)
}

/// The name of an action that is not offered now.
fn label(pinned: &Pinned, action: &str, lang: &str) -> String {
    match (action, lang) {
        (bulk::EDIT, "en") => "Edit".to_owned(),
        (bulk::EDIT, _) => "修改字段".to_owned(),
        _ => pinned.pack.text(lang, &format!("outcome.{action}")).unwrap_or(action).to_owned(),
    }
}

/// What a step sets, as the forms of its action name it.
fn said(env: &Env, loaded: &Loaded, offered: Option<&Action>, fields: &Map<String, Value>, lang: &str) -> Vec<Said> {
    let one = |(name, value): (&String, &Value)| {
        let schema = offered.and_then(|action| action.schema.pointer(&format!("/properties/{name}")).cloned());
        let schema = schema.unwrap_or_else(|| field_schema(loaded, name, lang));
        let label = schema.get("title").and_then(Value::as_str).unwrap_or(name).to_owned();
        let choice = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().find(|choice| choice.get("const") == Some(value));
        let value = match choice.and_then(|choice| choice.get("title")).and_then(Value::as_str) {
            Some(title) => title.to_owned(),
            None => names::value(env, &loaded.pinned.pack, lang, name, value, |id| id.to_string()),
        };
        Said { name: name.clone(), label, value }
    };
    fields.iter().filter(|(_, value)| !value.is_null() && **value != json!("")).map(one).collect()
}
