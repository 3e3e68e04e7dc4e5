//! The embedded sub-process: a token stands on it while tokens move inside.

use super::{Parts, boundary};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    if node.attribute("triggeredByEvent") == Some("true") {
        let mend = "use boundary events on an embedded sub-process";
        reading.unsupported(node, node, "an event sub-process", mend);
        return None;
    }
    Some(Kind::SubProcess.into())
}

/// Begins the inside. The run ends it when the last token inside is gone.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let at = flight.to;
    let token = run.enter(&flight)?;
    boundary::arm(run, at, token)?;
    if let Some(start) = run.def.net.inner_start[at] {
        run.fly(Flight { to: start, edge: None, scope: Some(token) });
    }
    Ok(())
}
