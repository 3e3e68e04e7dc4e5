//! Where tokens begin and end.

use super::Parts;
use super::trigger::{self, Trigger};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, How, Kind};

pub(super) fn read_start(node: &Node, reading: &mut Reading) -> Option<Parts> {
    if let Trigger::Plain = trigger::read(node, reading)? {
        return Some(Kind::Start.into());
    }
    reading.unsupported(node, node, "a start event that waits", "use a plain start event");
    None
}

pub(super) fn read_end(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match trigger::read(node, reading)? {
        Trigger::Plain => Some(Kind::End.into()),
        Trigger::Terminate => Some(Kind::TerminateEnd.into()),
        Trigger::Timer(_) | Trigger::Message(_) => {
            let mend = "use a plain or terminate end event, after a send task if something is to be sent";
            reading.unsupported(node, node, "this kind of end event", mend);
            None
        }
    }
}

/// A token ends; its scope ends with its last token, which the run looks after.
pub(super) fn end(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let at = flight.to;
    let token = run.enter(&flight)?;
    run.leave(token, at);
    Ok(())
}

/// A token ends and takes every other token of its scope with it.
pub(super) fn terminate(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let scope = flight.scope;
    end(run, flight)?;
    run.ground(scope);
    for token in run.tokens_in(scope) {
        run.withdraw(token, How::Interrupted);
    }
    Ok(())
}
