//! The receive task: a message event that boundary events can be attached to.

use super::{Parts, boundary, message};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind, Trigger};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    if node.attribute("instantiate") == Some("true") {
        reading.unsupported(node, node, "a receive task that begins the flow", "begin with a plain start event");
        return None;
    }
    let message = reading.declared(node, Trigger::Message, node.attribute("messageRef").unwrap_or_default())?;
    Some(Parts { message, ..Kind::ReceiveTask.into() })
}

pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    message::listen(run, flight.to, token)?;
    boundary::arm(run, flight, token)
}
