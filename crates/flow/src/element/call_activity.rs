//! The call activity: another flow is run by the caller, this one waits for its end.

use super::{Parts, boundary, error};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{Effect, Event, FlowError, How, Kind};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    let called = node.attribute("calledElement").map(str::trim).filter(|called| !called.is_empty());
    let Some(called) = called else {
        reading.defect("missing_called", node, "the call activity calls nothing", "name what it calls (calledElement)");
        return None;
    };
    Some(Parts { called: Some(called.to_owned()), ..Kind::CallActivity.into() })
}

/// Asks the caller to run what is called. The call has the number of its token.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    let element = run.def.at(flight.to);
    let (id, called) = (element.id.clone(), element.called.clone().unwrap_or_default());
    run.emit(Event::Called { activity: token, element: id.clone(), called: called.clone(), at: run.now });
    let item = run.instance.token(token).and_then(|token| token.item.clone());
    run.out.effects.push(Effect::Call { activity: token, element: id, called, turn: flight.turn, item });
    boundary::arm(run, flight, token)
}

/// What was called has ended.
pub(crate) fn ended(run: &mut Run<'_>, activity: u32, outcome: Option<&str>) -> Result<(), FlowError> {
    run.instance.call(activity).ok_or(FlowError::NotCalled { activity })?;
    run.close_call(activity, How::Completed, outcome);
    run.detach(activity);
    run.go_on(activity)
}

/// What was called has failed: an error that comes from the call activity.
pub(crate) fn failed(run: &mut Run<'_>, activity: u32, code: &str) -> Result<(), FlowError> {
    let element = run.instance.call(activity).ok_or(FlowError::NotCalled { activity })?.element.clone();
    run.close_call(activity, How::Failed, Some(code));
    error::raise(run, Some(activity), &element, code)
}
