//! The user task: somebody's turn.

use super::boundary;
use crate::run::{Flight, Run};
use crate::{Element, Event, FlowError, How, Kind, Status};

/// Opens an activity. It has the number of its token, so that one leads to the other.
pub(super) fn open(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let at = flight.to;
    let token = run.enter(&flight)?;
    let element = run.def.at(at).id.clone();
    run.emit(Event::Opened { activity: token, element, at: run.now });
    boundary::arm(run, flight, token)
}

/// Somebody finished the activity.
pub(crate) fn complete(run: &mut Run<'_>, activity: u32, outcome: Option<&str>) -> Result<(), FlowError> {
    run.instance.activity(activity).ok_or(FlowError::NotOpen { activity })?;
    let element = open_element(run, activity)?;
    declared(element, outcome)?;
    run.close(activity, How::Completed, outcome);
    run.detach(activity);
    run.go_on(activity)
}

/// An operator gives the activity or call up and puts its token elsewhere in the same scope.
pub(crate) fn relocate(run: &mut Run<'_>, activity: u32, to: &str) -> Result<(), FlowError> {
    let from = open_element(run, activity)?;
    let refuse = |reason: &str| FlowError::CannotMove { to: to.to_owned(), reason: reason.to_owned() };
    let def = run.def;
    let Ok(target) = def.index(to) else { return Err(refuse("there is no such element")) };
    if def.at(target).scope != from.scope {
        return Err(refuse("it is not in the same sub-process"));
    }
    match def.kind(target) {
        Kind::Start | Kind::EventStart { .. } => return Err(refuse("a start event is not a step")),
        Kind::Boundary { .. } => return Err(refuse("a boundary event happens, it is not a step")),
        Kind::EventSubProcess => return Err(refuse("an event sub-process happens, it is not a step")),
        // A token without an edge would wait there for ever.
        Kind::Parallel | Kind::Inclusive if def.net.incoming[target].len() > 1 => return Err(refuse("it waits for several tokens")),
        _ => {}
    }
    let token = run.instance.token(activity);
    if token.is_some_and(|token| token.turn.is_some()) {
        return Err(refuse("it is one of several turns of a repeated activity"));
    }
    let scope = token.and_then(|token| token.scope);
    run.withdraw(activity, How::Moved);
    run.fly(Flight::to(target, scope));
    Ok(())
}

fn open_element<'a>(run: &Run<'a>, activity: u32) -> Result<&'a Element, FlowError> {
    let open = run.instance.activity(activity).map(|open| &open.element);
    let called = || run.instance.call(activity).map(|call| &call.element);
    let element = open.or_else(called).ok_or(FlowError::NotOpen { activity })?;
    if run.instance.status == Status::Suspended {
        return Err(FlowError::Suspended);
    }
    Ok(run.def.at(run.def.index(element)?))
}

fn declared(element: &Element, outcome: Option<&str>) -> Result<(), FlowError> {
    let outcomes = element.outcomes();
    let known = || outcomes.iter().map(|known| (*known).to_owned()).collect();
    let element = element.id.clone();
    match outcome {
        Some(outcome) if outcomes.contains(&outcome) => Ok(()),
        Some(outcome) => Err(FlowError::UnknownOutcome { element, outcome: outcome.to_owned(), known: known() }),
        None if outcomes.is_empty() => Ok(()),
        None => Err(FlowError::OutcomeNeeded { element, known: known() }),
    }
}
