//! Accepting an open step: from now on this person is responsible.

use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Prepares the acceptance.
pub fn accept(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "accept")?;
    // One who was given the step has still to accept it; whether that happened already, the process knows.
    if let Some(other) = loaded.row.assignee.filter(|other| *other != actor.user.id) {
        let name = store::user::labels(sql, &[other])?.into_iter().next().map_or_else(|| other.to_string(), |label| label.name);
        return Err(DeskError::NotAvailable(format!("{name} is working on it: assign it to yourself with a reason to take over")));
    }
    let process = pack::Command::Accept { by: actor.user.id.to_string() };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("accepted"), Content::default())
}
