//! Somebody votes.

use super::words;
use crate::run::Run;
use crate::{Approval, ApprovalError, Definition, Event, MOST_REASON, StepStatus, Vote};

pub(crate) fn vote(run: &mut Run<'_>, seat: u32, by: &str, vote: Vote, reason: Option<&str>) -> Result<(), ApprovalError> {
    may_vote(run.def, &run.state, seat, by, run.now)?;
    let reason = words(reason, MOST_REASON)?;
    if vote == Vote::No && reason.is_none() {
        return Err(ApprovalError::ReasonNeeded);
    }
    run.emit(Event::Voted { seat, by: by.to_owned(), vote, reason, at: run.now });
    Ok(())
}

/// Whether somebody may vote on a seat of an open round.
pub(crate) fn may_vote(def: &Definition, state: &Approval, id: u32, by: &str, now: i64) -> Result<(), ApprovalError> {
    let (step, seat) = state.seat(id).ok_or(ApprovalError::UnknownSeat { seat: id })?;
    if step.status != StepStatus::Open {
        return Err(ApprovalError::StepNotOpen { step: step.key.clone() });
    }
    if seat.cast.is_some() {
        return Err(ApprovalError::AlreadyVoted { seat: id });
    }
    if seat.left {
        return Err(ApprovalError::SeatLeft { seat: id });
    }
    let is_holder = seat.person == by;
    if !is_holder && !state.stands_in(by, &seat.person, now) {
        return Err(ApprovalError::NotYourSeat { seat: id });
    }
    if Run::is_own(def, &state.requesters, by) {
        return Err(ApprovalError::OwnRequest);
    }
    let has_voted = step.seats.iter().filter_map(|seat| seat.cast.as_ref()).any(|cast| cast.by == by);
    let has_own = !is_holder && step.seats.iter().any(|other| other.person == by);
    if has_voted || has_own {
        return Err(ApprovalError::OneVote);
    }
    if Run::sits_elsewhere(def, state, by, &step.key) {
        return Err(ApprovalError::CountedElsewhere);
    }
    Ok(())
}
