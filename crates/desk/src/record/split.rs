//! Splitting: a second matter in one record gets a record of its own, linked to where it came from.

use serde_json::{Map, Value, json};
use store::Sql;

use super::link::{self, Half};
use super::open::{Open, open};
use super::read::{self, Target};
use super::write::Written;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// What the record it came from can be to the new one, with the kind seen from there.
const KINDS: [(&str, &str); 2] = [("related", "related"), ("parent", "child")];

/// What becomes a record of its own.
#[derive(Clone, Debug)]
pub struct Split {
    /// Leased number.
    pub number: String,
    /// Values as the caller wrote them; requester, service, site and channel are those of the record it came from where left out.
    pub input: Map<String, Value>,
    /// What the record it came from is to the new one: `related`, or `parent`.
    pub kind: String,
}

/// Prepares opening the new record, and messages that link both.
pub fn split(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Split) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "link")?;
    let Some((kind, reverse)) = KINDS.iter().find(|(kind, _)| *kind == command.kind) else {
        return Err(DeskError::field("/kind", "enum", "write related or parent"));
    };
    let row = &loaded.row;
    let mut input = command.input.clone();
    let key = |id| env.directory.get(id).filter(|item| item.active).map(|item| item.key.clone());
    for (field, value) in [
        ("requester", json!(row.requester)),
        ("service", json!(row.service.and_then(key))),
        ("site", json!(row.site.and_then(key))),
        ("channel", json!(row.channel)),
    ] {
        input.entry(field).or_insert(value);
    }
    let opening = Open { type_key: row.type_key.clone(), number: command.number.clone(), input, channel: "web" };
    let mut written = open(env, sql, cause, actor, &opening)?;
    let new = written.row.id;
    if *kind == "parent" {
        // Nothing hangs below what is new: no circle can come of it.
        written.set.push(store::record::put_below(new, row.id));
    }
    let half = |kind: &str, other, number: &str| Half { kind: kind.to_owned(), other, number: number.to_owned() };
    written.set.push(link::tell(env, cause, new, &half(kind, row.id, &row.number))?);
    written.set.push(link::tell(env, cause, row.id, &half(reverse, new, &command.number))?);
    Ok(written)
}
