//! Linking records and taking links back: parent and child, duplicate, related. Kept both ways.

use store::message::Message;
use store::{Sql, Statement};
use uuid::Uuid;

use super::content::{Content, Linked};
use super::read::{self, Loaded, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Kinds of links with the kind that the other record sees: what the other is to this one, `duplicate` being what this one
/// repeats.
pub const KINDS: &[(&str, &str)] =
    &[("parent", "child"), ("child", "parent"), ("duplicate", "duplicated_by"), ("duplicated_by", "duplicate"), ("related", "related")];

/// A link to make.
#[derive(Clone, Debug)]
pub struct Link {
    /// Number of the other record.
    pub to: String,
    /// What the other record is to this one.
    pub kind: String,
}

/// Prepares the link on this record, and a message that makes the other half.
pub fn link(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Link) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "link")?;
    let (kind, reverse) = kinds(&command.kind)?;
    let unknown = || DeskError::field("/to", "unknown_reference", format!("there is no record '{}'", command.to));
    let other = read::find_number(env, sql, actor, &command.to)?.ok_or_else(unknown)?;
    if other.row.id == loaded.row.id {
        return Err(DeskError::field("/to", "self", "a record cannot be linked to itself"));
    }
    // A half that is about to be taken away would leave the other one alone.
    let holder = match (has(sql, &loaded, kind, &other)?, has(sql, &other, reverse, &loaded)?) {
        (true, false) => Some(&loaded),
        (false, true) => Some(&other),
        _ => None,
    };
    if let Some(holder) = holder
        && store::message::waits(sql, holder.row.id)?
    {
        return Err(on_its_way(&loaded, &other));
    }
    let below = match kind {
        "parent" => Some((&loaded, &other)),
        "child" => Some((&other, &loaded)),
        _ => None,
    };
    let guards = match below {
        Some((child, parent)) => {
            require_free(env, sql, Some(actor), child, parent.row.id)?;
            above(sql, child, parent)?
        }
        None => vec![store::record::unmoved(other.row.id, other.row.version)],
    };
    let half = Half { kind: kind.to_owned(), other: other.row.id, number: other.row.number.clone() };
    let mut written = add(env, sql, cause, &loaded, &half)?;
    let reverse = Half { kind: reverse.to_owned(), other: loaded.row.id, number: loaded.row.number.clone() };
    written.set.push(tell(env, cause, other.row.id, &reverse)?);
    // Before the command itself moves one of them on.
    written.set.statements.splice(0..0, guards);
    Ok(written)
}

/// A kind as it is written, and what the other record sees.
fn kinds(asked: &str) -> Result<(&'static str, &'static str), DeskError> {
    // The word that the documentation had for it once.
    let asked = if asked == "duplicate_of" { "duplicate" } else { asked };
    KINDS.iter().find(|(kind, _)| *kind == asked).copied().ok_or_else(|| {
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        DeskError::field("/kind", "enum", format!("write one of {}", kinds.join(", ")))
    })
}

/// Whether a record's half of a link is there.
fn has(sql: &mut dyn Sql, loaded: &Loaded, kind: &str, other: &Loaded) -> Result<bool, DeskError> {
    Ok(store::record::has_link(sql, loaded.row.id, kind, other.row.id)?)
}

fn on_its_way(one: &Loaded, other: &Loaded) -> DeskError {
    let (one, other) = (&one.row.number, &other.row.number);
    DeskError::Conflict(format!("the last change of the link between {one} and {other} is on its way: try again in a moment"))
}

/// Prepares taking a link back from this record, and a message that takes the other half away. What was merged stays linked to where
/// its words went.
pub fn unlink(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Link) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "link")?;
    let (kind, reverse) = kinds(&command.kind)?;
    let none = || DeskError::field("/to", "not_linked", format!("'{}' is not linked to it in this way", command.to));
    let other = read::find_number(env, sql, actor, &command.to)?.ok_or_else(none)?;
    match (has(sql, &loaded, kind, &other)?, has(sql, &other, reverse, &loaded)?) {
        (true, true) => {}
        // A half whose other one never came, or has gone alone, can be taken away from where it is.
        (true, false) if !store::message::waits(sql, other.row.id)? && !store::message::waits(sql, loaded.row.id)? => {}
        (false, false) => return Err(none()),
        _ => return Err(on_its_way(&loaded, &other)),
    }
    let merged = match kind {
        "duplicate" => Some(&loaded),
        "duplicated_by" => Some(&other),
        _ => None,
    };
    if let Some(merged) = merged.filter(|it| matches!(it.row.phase.as_str(), "closed" | "cancelled")) {
        let why = format!("{} ended as a duplicate: what was said there went with this link, so it stays", merged.row.number);
        return Err(DeskError::NotAvailable(why));
    }
    let child = match kind {
        "parent" => Some(&loaded),
        "child" => Some(&other),
        _ => None,
    };
    if let Some(child) = child.filter(|it| it.row.closed_at.is_some()) {
        let why = format!("{} has ended, and what it hung below belongs to its story: reopen it first", child.row.number);
        return Err(DeskError::NotAvailable(why));
    }
    let half = Half { kind: kind.to_owned(), other: other.row.id, number: other.row.number.clone() };
    let mut written = remove(env, sql, cause, &loaded, &half)?;
    if kind == "child" {
        written.set.push(store::record::remove_below(other.row.id, loaded.row.id));
    }
    let gone = Gone { unlinked: reverse.to_owned(), other: loaded.row.id, number: loaded.row.number.clone() };
    written.set.push(tell(env, cause, other.row.id, &gone)?);
    written.set.statements.insert(0, store::record::unmoved(other.row.id, other.row.version));
    Ok(written)
}

/// The half of a link that is to go. The command of an internal message; a program that knows nothing of it leaves it to one that does.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Gone {
    /// What the other was to this one.
    pub unlinked: String,
    /// The other.
    pub other: Uuid,
    /// Its number.
    pub number: String,
}

impl Gone {
    /// The half that it speaks of.
    pub(crate) fn half(&self) -> Half {
        Half { kind: self.unlinked.clone(), other: self.other, number: self.number.clone() }
    }
}

/// Takes one half of a link away from a record.
pub fn remove(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &Loaded, half: &Half) -> Result<Written, DeskError> {
    let linked = Linked { kind: half.kind.clone(), other: half.other, number: half.number.clone(), removed: true };
    let content = Content { link: Some(linked), ..Content::default() };
    let event = Event::internal("unlinked");
    // One that ended in the moment between keeps its parent, as it keeps all else; the link goes all the same, so that no half stays.
    let open = loaded.row.closed_at.is_none();
    let mut written = if open && half.kind == "parent" && loaded.row.parent == Some(half.other) {
        let values = serde_json::Map::from_iter([("parent".to_owned(), serde_json::Value::Null)]);
        write::perform(env, sql, cause, loaded, &pack::Command::Edit { values, reason: None }, &event, content)?
    } else {
        write::note(env, sql, cause, loaded, &event, &content)?
    };
    if half.kind == "parent" {
        written.set.push(store::record::remove_below(loaded.row.id, half.other));
    }
    written.set.push(store::record::remove_link(loaded.row.id, &half.kind, half.other));
    Ok(written)
}

/// One half of a link: what another record is to this one. The command of an internal message.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Half {
    /// What the other is to this one.
    pub kind: String,
    /// The other.
    pub other: Uuid,
    /// Its number.
    pub number: String,
}

/// The internal message by which another record learns what a command on this one means for it.
pub(crate) fn tell(env: &Env, cause: &Cause, target: Uuid, command: &impl serde::Serialize) -> Result<Statement, DeskError> {
    let command = serde_json::to_string(command).map_err(|error| DeskError::outside("write a message", error))?;
    let message = Message { id: env.world.id(), target, command, cause: cause.command, attempts: 0 };
    Ok(store::message::insert(&message, env.world.now()))
}

/// Adds one half of a link to a record.
pub fn add(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &Loaded, half: &Half) -> Result<Written, DeskError> {
    let linked = Linked { kind: half.kind.clone(), other: half.other, number: half.number.clone(), removed: false };
    let content = Content { link: Some(linked), ..Content::default() };
    let event = Event::internal("linked");
    let mut written = if half.kind == "parent" {
        require_free(env, sql, None, loaded, half.other)?;
        let values = serde_json::Map::from_iter([("parent".to_owned(), serde_json::json!(half.other))]);
        write::perform(env, sql, cause, loaded, &pack::Command::Edit { values, reason: None }, &event, content)?
    } else {
        write::note(env, sql, cause, loaded, &event, &content)?
    };
    written.set.push(store::record::put_link(loaded.row.id, &half.kind, half.other));
    Ok(written)
}

/// A record hangs below one other at most, and never leaves it unnoticed. The other is named to who may read it.
fn require_free(env: &Env, sql: &mut dyn Sql, actor: Option<&Actor>, child: &Loaded, parent: Uuid) -> Result<(), DeskError> {
    let present = store::record::below(sql, child.row.id)?.or(child.row.parent);
    let Some(present) = present.filter(|present| *present != parent) else { return Ok(()) };
    let visible = match actor {
        Some(actor) => read::visible(env, sql, actor, present)?,
        None => None,
    };
    let name = visible.map_or_else(|| "another record".to_owned(), |present| present.row.number);
    Err(DeskError::Conflict(format!("{} hangs below {name} already: a record has one parent", child.row.number)))
}

/// How far up is looked for a circle.
const LEVELS: usize = 50;

/// What must stay as it is while a record is hung below another, and the claim to it: two commands on two records could else make
/// a circle, or give a record two parents, that neither of them would be by itself.
fn above(sql: &mut dyn Sql, child: &Loaded, parent: &Loaded) -> Result<Vec<Statement>, DeskError> {
    let circle = || DeskError::field("/to", "circle", "one of the two hangs below the other already");
    let mut guards = vec![store::record::put_below(child.row.id, parent.row.id), store::record::unmoved(child.row.id, child.row.version)];
    let mut at = Some(parent.row.id);
    for _ in 0..LEVELS {
        let Some(id) = at else { return Ok(guards) };
        if id == child.row.id {
            return Err(circle());
        }
        let Some(row) = store::record::find(sql, id)? else { return Ok(guards) };
        guards.push(store::record::unmoved(id, row.version));
        at = store::record::below(sql, id)?;
    }
    Err(circle())
}
