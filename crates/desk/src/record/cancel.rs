//! Cancelling a record: its flow ends, nothing of it stays open.

use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Prepares the cancellation.
pub fn cancel(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    reason: &str,
    note: Option<&str>,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "cancel")?;
    let process = pack::Command::Cancel { reason: reason.to_owned() };
    let content = Content { body: note.map(str::to_owned), reason: Some(reason.to_owned()), ..Content::default() };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("cancelled"), content)
}
