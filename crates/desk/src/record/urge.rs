//! Urging: whoever waits asks those who work on it to hurry, and the trail stays.

use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Longest word, in characters.
const LONGEST: usize = 1000;

/// Prepares the urging.
pub fn urge(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, note: Option<&str>) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "urge")?;
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST) {
        return Err(DeskError::field("/note", "length", format!("at most {LONGEST} characters fit here")));
    }
    let responsible = loaded.row.assignee.or_else(|| loaded.row.team.and_then(|team| env.directory.duty_of(team)));
    let content = Content { body: note.map(str::to_owned), mentions: responsible.into_iter().collect(), ..Content::default() };
    write::perform(env, sql, cause, &loaded, &pack::Command::Urge, &Event::public("urged"), content)
}
