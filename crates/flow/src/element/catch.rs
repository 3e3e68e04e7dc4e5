//! Intermediate events that wait for a time, a message or a signal.

use super::trigger::{self, Carried};
use super::{Parts, wait};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{Event, FlowError, Kind, Trigger};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    let what = match trigger::read(node, reading)? {
        Carried::On(on @ (Trigger::Timer | Trigger::Message | Trigger::Signal), text) => {
            return Some(trigger::parts(Kind::Catch(on), on, text));
        }
        Carried::On(..) => "an intermediate event that waits for an error or escalation",
        Carried::Plain | Carried::Terminate => "an intermediate event that waits for nothing",
    };
    reading.unsupported(node, node, what, "give it a timer, a message or a signal");
    None
}

pub(super) fn begin(run: &mut Run<'_>, flight: Flight, on: Trigger) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    wait::set(run, flight.to, on, token)
}

/// What the event `at` waited for has come; `token` stands on it, or on the event-based gateway before it.
pub(super) fn happened(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    run.detach(token);
    let Some(resting) = run.instance.token(token).cloned() else { return Ok(()) };
    let gateway = run.def.index(&resting.element)?;
    if gateway == at {
        return run.go_on(token);
    }
    let def = run.def;
    run.leave(token, gateway);
    if let Some(edge) = def.net.outgoing[gateway].iter().find(|edge| def.net.target[**edge] == at) {
        run.emit(Event::Taken { edge: def.edge_at(*edge).id.clone() });
    }
    run.pass(Flight::to(at, resting.scope))
}
