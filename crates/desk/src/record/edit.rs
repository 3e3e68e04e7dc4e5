//! Editing fields, on the version that the editor saw.

use serde_json::{Map, Value};
use store::Sql;
use store::journal::Sight;
use uuid::Uuid;

use super::content::Content;
use super::names;
use super::read::{self, Loaded, Target};
use super::references;
use super::text;
use super::write::{self, Event, Written};
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
    require_seen(env, sql, actor, &loaded, command.expected)?;
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
    if values.get("title").is_some_and(|title| title.as_str().is_none_or(text::is_blank)) {
        return Err(DeskError::field("/title", "required", "a record keeps a title"));
    }
    let unchanged = |(field, value): (&String, &Value)| process.values.get(field).unwrap_or(&Value::Null) == value;
    if values.iter().all(unchanged) {
        return Ok(write::nothing(&loaded));
    }
    let process = pack::Command::Edit { values, reason: None };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("edited"), Content::default())
}

/// Refuses what was decided on another version of a record than the one that stands.
pub fn require_seen(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded, seen: i64) -> Result<(), DeskError> {
    if loaded.version_for(env, actor) == seen {
        return Ok(());
    }
    let internal = loaded.allows(env, actor, "read_internal");
    Err(stale(env, sql, actor.lang(), loaded, seen, if internal { Sight::All } else { Sight::Public })?)
}

/// The refusal that tells an editor, in their language, what others changed since the version they saw.
pub fn stale(env: &Env, sql: &mut dyn Sql, lang: &str, loaded: &Loaded, since: i64, sight: Sight) -> Result<DeskError, DeskError> {
    let edits = |content: Content| {
        let edits = content.facts.edits.into_iter().filter(|edit| loaded.pinned.shows(&edit.field, sight == Sight::All));
        edits.map(|edit| journal::Edit { field: edit.field, old: edit.old, new: edit.new }).collect()
    };
    let mut meanwhile = journal::meanwhile(sql, loaded.row.id, since, sight, edits)?;
    let persons = meanwhile.iter().filter(|it| names::is_person(&it.field)).flat_map(|it| [&it.old, &it.new]);
    let persons: Vec<Uuid> = persons.filter_map(|value| value.as_str()?.parse().ok()).collect();
    let people = store::user::labels(sql, &persons)?;
    let person = |id: Uuid| people.iter().find(|label| label.id == id).map_or_else(|| id.to_string(), |label| label.name.clone());
    for it in &mut meanwhile {
        let name = |value: &Value| names::value(env, &loaded.pinned.pack, lang, &it.field, value, person);
        it.labels = Some((name(&it.old), name(&it.new)));
    }
    let version = if sight == Sight::All { loaded.row.version } else { loaded.row.public_version };
    Ok(DeskError::Stale { version, meanwhile })
}
