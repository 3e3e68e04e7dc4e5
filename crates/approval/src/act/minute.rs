//! Minutes: the one thing that is also written after the end, since a meeting goes on after its vote.

use super::text;
use crate::run::Run;
use crate::{ApprovalError, Event, MOST_MINUTES, MOST_MINUTES_TEXT};

pub(crate) fn minute(run: &mut Run<'_>, key: &str, by: &str, note: &str) -> Result<(), ApprovalError> {
    let (step, state) = run.step(key)?;
    if run.def.body_of(step).is_none() {
        return Err(ApprovalError::NoBody { step: key.to_owned() });
    }
    if state.opened_at.is_none() {
        return Err(ApprovalError::StepNotOpen { step: key.to_owned() });
    }
    if run.state.minutes.len() >= MOST_MINUTES {
        return Err(ApprovalError::TooMany { what: "minutes", most: MOST_MINUTES });
    }
    let text = text(note, MOST_MINUTES_TEXT)?;
    run.emit(Event::Minuted { step: key.to_owned(), by: by.to_owned(), text, at: run.now });
    Ok(())
}
