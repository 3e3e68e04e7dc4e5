//! The event sub-process: drawn inside a scope without lines, begun when its start event happens there.

use super::{Parts, sub_process, trigger, wait};
use crate::parse::Reading;
use crate::run::{Flight, Run, WHOLE};
use crate::xml::Node;
use crate::{FlowError, How, Kind, Trigger};

/// Reads a start event that waits.
pub(super) fn read_start(node: &Node, on: Trigger, text: Option<String>, reading: &mut Reading) -> Option<Parts> {
    let interrupting = node.attribute("isInterrupting") != Some("false");
    if on == Trigger::Error && !interrupting {
        reading.unsupported(node, node, "an error event that does not interrupt", "let it interrupt, or use an escalation");
        return None;
    }
    Some(trigger::parts(Kind::EventStart { on, interrupting }, on, text))
}

/// A scope begins, the whole flow or the visit `scope` to `holder`: what may happen to it is waited for.
pub(crate) fn arm(run: &mut Run<'_>, holder: Option<usize>, scope: Option<u32>) -> Result<(), FlowError> {
    let def = run.def;
    for &start in def.net.handlers(holder) {
        if let Kind::EventStart { on, .. } = def.kind(start) {
            wait::set(run, start, on, scope.unwrap_or(WHOLE))?;
        }
    }
    Ok(())
}

/// The start event `start` happened in `scope`. One that interrupts takes away all that is under way there, and what else
/// might have happened to it.
pub(super) fn trigger(run: &mut Run<'_>, start: usize, scope: Option<u32>, interrupting: bool) {
    if interrupting {
        run.ground(scope);
        for token in run.tokens_in(scope) {
            run.withdraw(token, How::Interrupted);
        }
        run.disarm(scope);
    }
    if let Some(holder) = run.def.net.scope[start] {
        run.fly(Flight::to(holder, scope));
    }
}

/// The inside begins; it ends as that of any sub-process.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    sub_process::open(run, flight.to, token)
}
