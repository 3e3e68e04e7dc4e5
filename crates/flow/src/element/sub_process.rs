//! The embedded sub-process: a token stands on it while tokens move inside.

use super::{Parts, boundary, event_sub_process};
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind};

pub(super) fn read(node: &Node) -> Parts {
    let is_handler = node.attribute("triggeredByEvent") == Some("true");
    if is_handler { Kind::EventSubProcess.into() } else { Kind::SubProcess.into() }
}

/// Begins the inside. The run ends it when the last token inside is gone.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    boundary::arm(run, flight, token)?;
    open(run, flight.to, token)
}

/// Starts what is inside.
pub(super) fn open(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    event_sub_process::arm(run, Some(at), Some(token))?;
    if let Some(start) = run.def.net.inner_start[at] {
        run.fly(Flight::to(start, Some(token)));
    }
    Ok(())
}
