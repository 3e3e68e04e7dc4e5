//! The definition an event carries: what it waits for or does.

use super::{message, timer};
use crate::parse::Reading;
use crate::xml::{Node, Space, clip};

/// What an event carries.
pub(super) enum Trigger {
    /// Nothing: a plain event.
    Plain,
    /// A duration.
    Timer(String),
    /// The name of a message.
    Message(String),
    /// The end of the whole scope.
    Terminate,
}

/// Reads an event's definition; `None` after its defect has been noted.
pub(super) fn read(event: &Node, reading: &mut Reading) -> Option<Trigger> {
    let is_definition = |child: &&Node| child.space == Space::Bpmn && child.name.ends_with("EventDefinition");
    let mut definitions = event.children.iter().filter(is_definition);
    let Some(definition) = definitions.next() else { return Some(Trigger::Plain) };
    if let Some(second) = definitions.next() {
        reading.unsupported(event, second, "an event with several definitions", "draw one event each");
        return None;
    }
    match definition.name.as_str() {
        "timerEventDefinition" => timer::read(event, definition, reading).map(Trigger::Timer),
        "messageEventDefinition" => message::read(event, definition, reading).map(Trigger::Message),
        "terminateEventDefinition" => Some(Trigger::Terminate),
        other => {
            reading.unsupported(event, definition, &clip(other), "use a plain, timer or message event");
            None
        }
    }
}
