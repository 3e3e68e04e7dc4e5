//! Rating how a record was handled.

use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Prepares the rating: 1 to 5.
pub fn rate(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    score: i64,
    comment: Option<&str>,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "rate")?;
    let score = u8::try_from(score).ok().filter(|score| (1..=5).contains(score));
    let Some(score) = score else { return Err(DeskError::field("/score", "range", "give 1 to 5")) };
    let process = pack::Command::Rate { score, comment: comment.map(str::to_owned) };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("rated"), Content::default())
}
