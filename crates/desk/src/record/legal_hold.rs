//! Legal hold: a record stays, whatever the rules of retention say.

use store::Sql;
use store::legal_hold::{self, LegalHold};

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// The action that sets and lifts holds, on records of all types.
pub const ACTION: &str = "legal_hold.write";

/// Longest reason, in characters.
const LONGEST: usize = 2000;

/// Prepares setting a hold. The same again changes nothing; another reason needs the hold to be lifted first.
pub fn set(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, reason: &str) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    actor.require(ACTION)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(DeskError::field("/reason", "length", format!("say in 1 to {LONGEST} characters why this record must stay")));
    }
    if let Some(held) = legal_hold::find(sql, loaded.row.id)? {
        if held.reason == reason {
            return Ok(write::nothing(&loaded));
        }
        return Err(DeskError::NotAvailable("this record is under a legal hold already: lift it before you set another".to_owned()));
    }
    let content = Content { legal_hold: Some(true), body: Some(reason.to_owned()), ..Content::default() };
    let mut written = write::note(env, sql, cause, &loaded, &Event::internal("legal_hold_set"), &content)?;
    let hold = LegalHold { reason: reason.to_owned(), by: cause.actor, at: written.occurred_at };
    written.set.push(legal_hold::set(loaded.row.id, &hold));
    Ok(written)
}

/// Prepares lifting a hold; without one nothing changes.
pub fn lift(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    actor.require(ACTION)?;
    if legal_hold::find(sql, loaded.row.id)?.is_none() {
        return Ok(write::nothing(&loaded));
    }
    let content = Content { legal_hold: Some(false), ..Content::default() };
    let mut written = write::note(env, sql, cause, &loaded, &Event::internal("legal_hold_lifted"), &content)?;
    written.set.push(legal_hold::lift(loaded.row.id));
    Ok(written)
}
