//! Messages, of whichever event.

use crate::parse::Reading;
use crate::run::Run;
use crate::xml::{Node, clip};
use crate::{Event, FlowError, Kind};

/// Reads `messageEventDefinition`: the name of the message it refers to.
pub(super) fn read(event: &Node, definition: &Node, reading: &mut Reading) -> Option<String> {
    // References may be qualified names; the part before the colon is a namespace prefix.
    let reference = definition.attribute("messageRef").unwrap_or_default();
    let local = reference.rsplit(':').next().unwrap_or_default();
    if local.is_empty() {
        let mend = "choose the message it waits for";
        reading.defect("missing_message", event, "the event names no message", mend);
        return None;
    }
    let name = reading.messages.get(reference).or_else(|| reading.messages.get(local)).cloned();
    if name.is_none() {
        let message = format!("there is no message '{}'", clip(reference));
        reading.defect("dangling_reference", event, message, "declare the message or choose another");
    }
    name
}

/// The message event `at` begins to wait, for `token`.
pub(super) fn listen(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    let message = run.fresh()?;
    let element = run.def.at(at);
    let name = element.message.clone().unwrap_or_default();
    run.emit(Event::Awaits { message, element: element.id.clone(), token, name });
    Ok(())
}

/// A message arrived. A message has one receiver: the one that has waited longest.
pub(crate) fn receive(run: &mut Run<'_>, name: &str) -> Result<(), FlowError> {
    let found = run.instance.messages.iter().find(|awaited| awaited.name == name).cloned();
    let found = found.ok_or_else(|| FlowError::NotAwaited { name: name.to_owned() })?;
    let at = run.def.index(&found.element)?;
    run.emit(Event::Received { message: found.id, element: found.element, name: found.name, at: run.now });
    match run.def.kind(at) {
        Kind::BoundaryMessage { interrupting } => {
            if !interrupting {
                // The element goes on, so the next message of that name is heard as well.
                listen(run, at, found.token)?;
            }
            super::boundary::trigger(run, at, found.token, interrupting)
        }
        _ => run.go_on(found.token),
    }
}
