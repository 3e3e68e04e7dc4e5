//! Somebody votes for somebody else. Delegates do not chain: the delegate of a delegate is nobody.

use crate::run::Run;
use crate::{ApprovalError, Delegation, Event, MOST_DELEGATIONS, Seat};

pub(crate) fn delegate(run: &mut Run<'_>, delegation: &Delegation) -> Result<(), ApprovalError> {
    let Delegation { person, delegate, from, until } = delegation;
    if person == delegate || from >= until || *until <= run.now {
        return Err(ApprovalError::EmptyDelegation);
    }
    let ahead = run.state.steps.iter().filter(|step| step.status.is_ahead());
    if !ahead.flat_map(|step| &step.seats).filter(|seat| seat.person == *person).any(Seat::is_open) {
        return Err(ApprovalError::NothingToDelegate { person: person.clone() });
    }
    if run.state.delegations.len() >= MOST_DELEGATIONS {
        return Err(ApprovalError::TooMany { what: "delegations", most: MOST_DELEGATIONS });
    }
    run.emit(Event::Delegated { delegation: delegation.clone(), at: run.now });
    Ok(())
}

pub(crate) fn undelegate(run: &mut Run<'_>, person: &str, delegate: &str) -> Result<(), ApprovalError> {
    if !run.state.delegations.iter().any(|found| found.person == person && found.delegate == delegate) {
        return Err(ApprovalError::NotDelegated { person: person.to_owned(), delegate: delegate.to_owned() });
    }
    run.emit(Event::Undelegated { person: person.to_owned(), delegate: delegate.to_owned(), at: run.now });
    Ok(())
}
