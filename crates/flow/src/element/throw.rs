//! Intermediate events that set something off and go on.

use super::trigger::{self, Carried};
use super::{Parts, error, escalation, message, signal};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind, Trigger};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    let what = match trigger::read(node, reading)? {
        Carried::Plain => return Some(Kind::Milestone.into()),
        Carried::On(on @ (Trigger::Message | Trigger::Signal | Trigger::Escalation), text) => {
            let named = trigger::names_what(node, on, text.as_ref(), reading);
            return named.then(|| trigger::parts(Kind::Throw(on), on, text));
        }
        Carried::On(Trigger::Error, _) => "an error in the middle of a flow",
        Carried::On(..) | Carried::Terminate => "this kind of intermediate event",
    };
    reading.unsupported(node, node, what, "use a message, signal or escalation, or an end event");
    None
}

/// The token has gone on before anything hears what it set off, so that what hears it can still take the token away.
pub(super) fn pass(run: &mut Run<'_>, flight: Flight, what: Trigger) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    run.leave(token, flight.to);
    run.take_all(flight.to, flight.scope);
    set_off(run, flight, what)
}

/// Sets off what the element of the flight carries.
pub(super) fn set_off(run: &mut Run<'_>, flight: Flight, what: Trigger) -> Result<(), FlowError> {
    match what {
        Trigger::Message => message::throw(run, flight),
        Trigger::Signal => signal::throw(run, flight.to),
        Trigger::Error => error::throw(run, flight),
        Trigger::Escalation => escalation::throw(run, flight),
        Trigger::Timer => Ok(()),
    }
}
