//! Commenting, publicly or internally.

use store::Sql;
use uuid::Uuid;

use super::content::Content;
use super::notify;
use super::read::{self, Loaded, Target};
use super::text;
use super::watch;
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
    /// Whom the words speak to, by identity or username.
    pub mentions: Vec<String>,
}

/// Most people to whom one comment speaks.
const MOST_MENTIONED: usize = 20;

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
    if text::is_blank(&comment.body) {
        return Err(DeskError::field("/body", "required", "write something"));
    }
    if comment.body.chars().count() > LONGEST {
        return Err(DeskError::field("/body", "length", format!("at most {LONGEST} characters fit here: attach longer texts as a file")));
    }
    let event = if comment.internal { Event::internal("commented") } else { Event::public("commented") };
    let mentions = mentioned(env, sql, &loaded, comment)?;
    let content = Content { body: Some(comment.body.clone()), mentions, ..Content::default() };
    let said = pack::Command::Comment { by: actor.user.id.to_string(), internal: comment.internal };
    let before = loaded.process(env)?;
    let performed = pack::perform(&loaded.pinned.pack, Some(&before), &said, write::now(env, cause)).map_err(write::refusal)?;
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    notify::add(env, sql, cause, &mut written, &performed.effects, Some(&comment.body))?;
    Ok(written)
}

/// Whom the words speak to: people who may read them.
fn mentioned(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, comment: &Comment) -> Result<Vec<Uuid>, DeskError> {
    if comment.mentions.len() > MOST_MENTIONED {
        return Err(DeskError::field("/mentions", "length", format!("name at most {MOST_MENTIONED} people: a team is asked as experts")));
    }
    let mut mentioned = Vec::new();
    for (n, reference) in comment.mentions.iter().enumerate() {
        let id = watch::reader(env, sql, loaded, &format!("/mentions/{n}"), reference, comment.internal)?;
        if !mentioned.contains(&id) {
            mentioned.push(id);
        }
    }
    Ok(mentioned)
}
