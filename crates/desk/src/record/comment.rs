//! Commenting, publicly or internally.

use store::Sql;

use super::content::Content;
use super::notify;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Longest comment, in characters.
const LONGEST: usize = 50_000;

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The words.
    pub body: String,
    /// Whether only those who work on the record may read it.
    pub internal: bool,
}

/// Prepares the comment.
pub fn comment(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    comment: &Comment,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, if comment.internal { "comment_internal" } else { "comment" })?;
    if comment.body.trim().is_empty() {
        return Err(DeskError::field("/body", "required", "write something"));
    }
    if comment.body.chars().count() > LONGEST {
        return Err(DeskError::field("/body", "length", format!("at most {LONGEST} characters fit here: attach longer texts as a file")));
    }
    let event = if comment.internal { Event::internal("commented") } else { Event::public("commented") };
    let content = Content { body: Some(comment.body.clone()), ..Content::default() };
    let said = pack::Command::Comment { by: actor.user.id.to_string(), internal: comment.internal };
    let before = loaded.process(env)?;
    let performed = pack::perform(&loaded.pinned.pack, Some(&before), &said, write::now(env, cause)).map_err(write::refusal)?;
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    notify::add(env, sql, cause, &mut written, &performed.effects, Some(&comment.body))?;
    Ok(written)
}
