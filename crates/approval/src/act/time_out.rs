//! It took too long.

use std::collections::BTreeSet;

use crate::run::Run;
use crate::{ApprovalError, Cause, Effect, Event, MOST_SEATS, Placed, StepState, Then, Verdict, counted};

pub(crate) fn time_out(run: &mut Run<'_>, key: &str, index: u32, people: &[String]) -> Result<(), ApprovalError> {
    let (step, state) = run.open_step(key)?;
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    let waited = state.due.filter(|due| due.index == index).zip(step.time_outs.get(at));
    let (due, time_out) = waited.ok_or_else(|| ApprovalError::NoTimeOut { step: key.to_owned(), index })?;
    if run.now < due.at {
        return Err(ApprovalError::NotDue { step: key.to_owned(), due: due.at });
    }
    // The next one counts from the opening too, not from when this one was noticed.
    let next = state.opened_at.and_then(|opened| Run::due(step, at.saturating_add(1), opened));
    let (seats, verdict) = (state.open_seats(), counted(step.rule, &state.tally(run.def.body_of(step))));
    run.emit(Event::TimedOut { step: key.to_owned(), index, at: run.now, due: next });
    match &time_out.then {
        Then::Remind => run.effect(Effect::Remind { step: key.to_owned(), seats }),
        Then::Escalate(_) => escalate(run, key, people)?,
        Then::Approve => run.close(key, Verdict::Approved, Cause::TimeOut, None),
        Then::Reject => run.close(key, Verdict::Rejected, Cause::TimeOut, None),
        Then::Count => run.close(key, verdict, Cause::Counted, None),
    }
    Ok(())
}

fn escalate(run: &mut Run<'_>, key: &str, people: &[String]) -> Result<(), ApprovalError> {
    let (_, state) = run.step(key)?;
    let mut seen: BTreeSet<&str> = state.seats.iter().map(|seat| seat.person.as_str()).collect();
    let (mut seats, mut taken): (Vec<Placed>, u32) = (Vec::new(), 0);
    for person in people.iter().filter(|person| seen.insert(person.as_str())) {
        let barred = Run::is_own(run.def, &run.state.requesters, person)
            || Run::sits_elsewhere(run.def, &run.state, person, key)
            || voted(state, person);
        // A refusal would hold up this time-out, and every one after it, for ever: as many as fit get a seat.
        if !barred && state.seats.len() + seats.len() < MOST_SEATS {
            seats.push(run.place(&mut taken, person, false)?);
        }
    }
    let numbers: Vec<u32> = seats.iter().map(|placed| placed.seat).collect();
    run.emit(Event::Escalated { step: key.to_owned(), seats, at: run.now });
    let step = key.to_owned();
    let nobody = numbers.is_empty();
    run.effect(if nobody { Effect::NobodyToEscalateTo { step } } else { Effect::Ask { step, seats: numbers } });
    Ok(())
}

/// Whether somebody has cast a vote of this step, as a delegate.
fn voted(state: &StepState, person: &str) -> bool {
    state.seats.iter().filter_map(|seat| seat.cast.as_ref()).any(|cast| cast.by == person)
}
