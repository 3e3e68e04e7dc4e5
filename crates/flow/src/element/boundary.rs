//! Events on the edge of an element: they wait while a token is on it.

use super::trigger::{self, Trigger};
use super::{Parts, message, timer};
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, How, Kind};

pub(super) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    let interrupting = node.attribute("cancelActivity") != Some("false");
    let host = node.attribute("attachedToRef").unwrap_or_default().to_owned();
    let parts = match trigger::read(node, reading)? {
        Trigger::Timer(source) => Parts { timer: Some(source), ..Kind::BoundaryTimer { interrupting }.into() },
        Trigger::Message(name) => Parts { message: Some(name), ..Kind::BoundaryMessage { interrupting }.into() },
        Trigger::Plain | Trigger::Terminate => {
            let mend = "give it a timer or a message";
            reading.unsupported(node, node, "a boundary event that waits for nothing", mend);
            return None;
        }
    };
    Some(Parts { host: Some(host), ..parts })
}

/// A token has entered `host`: its boundary events begin to wait.
pub(super) fn arm(run: &mut Run<'_>, host: usize, token: u32) -> Result<(), FlowError> {
    let def = run.def;
    for &event in &def.net.attached[host] {
        match def.kind(event) {
            Kind::BoundaryTimer { .. } => timer::set(run, event, token)?,
            Kind::BoundaryMessage { .. } => message::listen(run, event, token)?,
            _ => {}
        }
    }
    Ok(())
}

/// The boundary event `at` happened to the element on which `token` stands.
pub(super) fn trigger(run: &mut Run<'_>, at: usize, token: u32, interrupting: bool) -> Result<(), FlowError> {
    let scope = run.instance.token(token).and_then(|host| host.scope);
    if interrupting {
        run.withdraw(token, How::Interrupted);
    }
    run.fly(Flight { to: at, edge: None, scope });
    Ok(())
}
