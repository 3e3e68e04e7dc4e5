//! Editing fields, on the version that the editor saw.

use serde_json::{Map, Value};
use store::Sql;
use store::journal::Sight;

use super::content::Content;
use super::read::{self, Loaded, Target};
use super::references;
use super::write::{self, Event, Written};
use crate::error::Meanwhile;
use crate::journal::{self, Cause};
use crate::{Actor, DeskError, Env};

/// Edits fields.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The record.
    pub target: Target,
    /// The version the editor saw.
    pub expected: i64,
    /// Merge patch: null clears.
    pub patch: Map<String, Value>,
}

/// Prepares the edit.
pub fn edit(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, command: &Edit) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, &command.target)?;
    loaded.require(env, actor, "edit")?;
    if loaded.row.version != command.expected {
        let internal = loaded.allows(env, actor, "read_internal");
        return Err(stale(sql, &loaded, command.expected, if internal { Sight::All } else { Sight::Public })?);
    }
    for fixed in ["state", "phase", "number", "team", "assignee"] {
        if command.patch.contains_key(fixed) {
            return Err(DeskError::field(format!("/{fixed}"), "read_only", "this changes through actions only: see the record's actions"));
        }
    }
    // A category that stays as it is was right when it was written, as an imported record's is.
    let process = loaded.process(env)?;
    let mut patch = command.patch.clone();
    patch.retain(|field, value| field != "category" || process.values.get(field) != Some(value));
    let values = references::resolve(env, sql, &loaded.pinned, &patch)?;
    if values.get("title").is_some_and(|title| title.as_str().is_none_or(|t| t.trim().is_empty())) {
        return Err(DeskError::field("/title", "required", "a record keeps a title"));
    }
    let process = pack::Command::Edit { values, reason: None };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("edited"), Content::default())
}

/// The refusal that tells an editor what others changed since the version they saw.
pub fn stale(sql: &mut dyn Sql, loaded: &Loaded, since: i64, sight: Sight) -> Result<DeskError, DeskError> {
    let entries = store::journal::of_aggregate(sql, loaded.row.id, since, sight, 100)?;
    let actors: Vec<_> = entries.iter().filter_map(|entry| entry.actor).collect();
    let labels = store::user::labels(sql, &actors)?;
    let mut meanwhile = Vec::new();
    for entry in &entries {
        let Some(content) = journal::content::<Content>(entry)? else { continue };
        let actor = labels.iter().find(|label| Some(label.id) == entry.actor).map(|label| label.name.clone());
        for edit in content.facts.edits {
            meanwhile.push(Meanwhile { field: edit.field, old: edit.old, new: edit.new, actor: actor.clone(), at: entry.occurred_at });
        }
    }
    Ok(DeskError::Stale { version: loaded.row.version, meanwhile })
}
