//! Somebody is no longer there.

use crate::run::Run;
use crate::{ApprovalError, Event};

/// Nothing happens to an approval in which they have no part.
pub(crate) fn depart(run: &mut Run<'_>, person: &str) -> Result<(), ApprovalError> {
    let ahead = run.state.steps.iter().filter(|step| step.status.is_ahead());
    let sits = ahead.flat_map(|step| &step.seats).any(|seat| seat.person == person && seat.is_open());
    let mandates = run.state.delegations.iter().any(|found| found.person == person || found.delegate == person);
    if sits || mandates {
        run.emit(Event::Departed { person: person.to_owned(), at: run.now });
    }
    Ok(())
}
