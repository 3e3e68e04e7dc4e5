//! What each stimulus does. One stimulus, or two that undo each other, a file.

mod close;
mod delegate;
mod depart;
mod minute;
mod request;
mod time_out;
mod void;
mod vote;
mod withdraw;

pub(crate) use close::close;
pub(crate) use delegate::{delegate, undelegate};
pub(crate) use depart::depart;
pub(crate) use minute::minute;
pub(crate) use request::request;
pub(crate) use time_out::time_out;
pub(crate) use void::{changed, void};
pub(crate) use vote::{may_vote, vote};
pub(crate) use withdraw::withdraw;

use crate::ApprovalError;

/// A text somebody wrote, trimmed; refused when it is empty or too long.
fn text(words: &str, most: usize) -> Result<String, ApprovalError> {
    let words = words.trim();
    if words.is_empty() || words.chars().count() > most {
        return Err(ApprovalError::Text { most });
    }
    Ok(words.to_owned())
}

/// The same for one that need not be there: blank stands for none.
fn words(reason: Option<&str>, most: usize) -> Result<Option<String>, ApprovalError> {
    reason.filter(|reason| !reason.trim().is_empty()).map(|reason| text(reason, most)).transpose()
}
