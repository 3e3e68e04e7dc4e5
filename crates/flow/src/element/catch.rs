//! Intermediate events that wait.

use super::trigger::{self, Trigger};
use super::{Parts, message, timer};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match trigger::read(node, reading)? {
        Trigger::Timer(source) => Some(Parts { timer: Some(source), ..Kind::IntermediateTimer.into() }),
        Trigger::Message(name) => Some(Parts { message: Some(name), ..Kind::IntermediateMessage.into() }),
        Trigger::Plain | Trigger::Terminate => {
            let mend = "give it a timer or a message";
            reading.unsupported(node, node, "an intermediate event that waits for nothing", mend);
            None
        }
    }
}

pub(super) fn wait_for_timer(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let at = flight.to;
    let token = run.enter(&flight)?;
    timer::set(run, at, token)
}

pub(super) fn wait_for_message(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let at = flight.to;
    let token = run.enter(&flight)?;
    message::listen(run, at, token)
}
