//! The event-based gateway: the first of the events it leads to decides.

use super::{Parts, wait};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind, Trigger};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    if node.attribute("instantiate") == Some("true") || node.attribute("eventGatewayType") == Some("Parallel") {
        reading.unsupported(node, node, "an event-based gateway that begins the flow", "begin with a plain start event");
        return None;
    }
    Some(Kind::EventBased.into())
}

/// The token stays on the gateway; the events behind it wait in its name, and the first that happens clears the others.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    let def = run.def;
    for &edge in &def.net.outgoing[flight.to] {
        let event = def.net.target[edge];
        match def.kind(event) {
            Kind::Catch(on) => wait::set(run, event, on, token)?,
            Kind::ReceiveTask => wait::set(run, event, Trigger::Message, token)?,
            _ => {}
        }
    }
    Ok(())
}
