//! Where tokens begin and end.

use super::trigger::{self, Carried};
use super::{Parts, event_sub_process, throw};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, How, Kind, Trigger};

pub(super) fn read_start(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match trigger::read(node, reading)? {
        Carried::Plain => Some(Kind::Start.into()),
        Carried::On(on, text) => event_sub_process::read_start(node, on, text, reading),
        Carried::Terminate => {
            reading.unsupported(node, node, "this kind of start event", "use a plain start event");
            None
        }
    }
}

pub(super) fn read_end(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match trigger::read(node, reading)? {
        Carried::Plain => Some(Kind::End.into()),
        Carried::Terminate => Some(Kind::TerminateEnd.into()),
        Carried::On(Trigger::Timer, _) => {
            reading.unsupported(node, node, "this kind of end event", "put the timer before a plain end event");
            None
        }
        Carried::On(on, text) => {
            trigger::names_what(node, on, text.as_ref(), reading).then(|| trigger::parts(Kind::ThrowEnd(on), on, text))
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

/// A token ends and sets something off.
pub(super) fn throw(run: &mut Run<'_>, flight: Flight, what: Trigger) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    run.leave(token, flight.to);
    throw::set_off(run, flight, what)
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
