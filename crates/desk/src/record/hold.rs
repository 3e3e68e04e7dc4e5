//! Holding a record with a reason, and resuming it.

use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Prepares the hold.
pub fn hold(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    reason: &str,
    note: Option<&str>,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "hold")?;
    let asks = loaded.pinned.pack.manifest().asks_requester.iter().any(|asking| asking == reason);
    if asks && note.is_none_or(super::text::is_blank) {
        return Err(DeskError::field("/note", "required", "ask what you need to know: the requester reads it"));
    }
    let process = pack::Command::Hold { reason: reason.to_owned(), note: note.map(str::to_owned) };
    let content = Content { body: note.map(str::to_owned), reason: Some(reason.to_owned()), ..Content::default() };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("held"), content)
}

/// Prepares the resumption.
pub fn resume(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "resume")?;
    write::perform(env, sql, cause, &loaded, &pack::Command::Resume, &Event::public("resumed"), Content::default())
}
