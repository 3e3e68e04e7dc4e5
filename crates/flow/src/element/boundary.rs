//! Events on the edge of an element: they wait while a token is on it.

use super::trigger::{self, Carried};
use super::{Parts, wait};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, How, Kind, Trigger};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    let interrupting = node.attribute("cancelActivity") != Some("false");
    let host = node.attribute("attachedToRef").unwrap_or_default().to_owned();
    let (on, text) = match trigger::read(node, reading)? {
        Carried::On(Trigger::Error, _) if !interrupting => {
            reading.unsupported(node, node, "an error event that does not interrupt", "let it interrupt, or use an escalation");
            return None;
        }
        Carried::On(on, text) => (on, text),
        Carried::Plain | Carried::Terminate => {
            let mend = "give it a timer, a message, a signal, an error or an escalation";
            reading.unsupported(node, node, "a boundary event that waits for nothing", mend);
            return None;
        }
    };
    Some(Parts { host: Some(host), ..trigger::parts(Kind::Boundary { on, interrupting }, on, text) })
}

/// A token has entered an element: its boundary events begin to wait. Those of a repeated activity wait for all its turns.
pub(super) fn arm(run: &mut Run<'_>, flight: Flight, token: u32) -> Result<(), FlowError> {
    let def = run.def;
    if flight.turn.is_some() {
        return Ok(());
    }
    for &event in &def.net.attached[flight.to] {
        if let Kind::Boundary { on, .. } = def.kind(event) {
            wait::set(run, event, on, token)?;
        }
    }
    Ok(())
}

/// The boundary event `at` happened to the element on which `token` stands.
pub(super) fn trigger(run: &mut Run<'_>, at: usize, token: u32, interrupting: bool) -> Result<(), FlowError> {
    let scope = run.instance.token(token).and_then(|host| host.scope);
    if interrupting {
        run.ground(Some(token));
        run.withdraw(token, How::Interrupted);
    }
    run.fly(Flight::to(at, scope));
    Ok(())
}
