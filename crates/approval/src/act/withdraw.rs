//! The request is taken back.

use super::words;
use crate::run::Run;
use crate::{ApprovalError, Event, MOST_REASON};

pub(crate) fn withdraw(run: &mut Run<'_>, by: &str, reason: Option<&str>) -> Result<(), ApprovalError> {
    let reason = words(reason, MOST_REASON)?;
    run.excuse_all();
    run.emit(Event::Withdrawn { by: by.to_owned(), reason, at: run.now });
    Ok(())
}
