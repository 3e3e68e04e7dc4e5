//! The definition an event carries: what it waits for or sets off.

use super::timer;
use crate::parse::Reading;
use crate::xml::{Node, Space, clip};
use crate::{Kind, Trigger};

use super::Parts;

/// What an event carries.
pub(super) enum Carried {
    /// Nothing: a plain event.
    Plain,
    /// A trigger, with the text that goes with it: a duration, a name, a code. Errors and escalations may have none.
    On(Trigger, Option<String>),
    /// The end of the whole scope.
    Terminate,
}

/// Reads an event's definition; `None` after its defect has been noted.
pub(super) fn read(event: &Node, reading: &mut Reading) -> Option<Carried> {
    let is_definition = |child: &&Node| child.space == Space::Bpmn && child.name.ends_with("EventDefinition");
    let mut definitions = event.children.iter().filter(is_definition);
    let Some(definition) = definitions.next() else { return Some(Carried::Plain) };
    if let Some(second) = definitions.next() {
        reading.unsupported(event, second, "an event with several definitions", "draw one event each");
        return None;
    }
    let (on, reference) = match definition.name.as_str() {
        "timerEventDefinition" => return timer::read(event, definition, reading).map(|source| Carried::On(Trigger::Timer, Some(source))),
        "terminateEventDefinition" => return Some(Carried::Terminate),
        "messageEventDefinition" => (Trigger::Message, "messageRef"),
        "signalEventDefinition" => (Trigger::Signal, "signalRef"),
        "errorEventDefinition" => (Trigger::Error, "errorRef"),
        "escalationEventDefinition" => (Trigger::Escalation, "escalationRef"),
        other => {
            let mend = match other {
                "compensateEventDefinition" => "draw the undoing as a step of its own",
                "conditionalEventDefinition" => "use a message or a timer; a condition is not watched",
                "linkEventDefinition" => "draw a sequence flow",
                _ => "use a timer, message, signal, error or escalation event",
            };
            reading.unsupported(event, definition, &clip(other), mend);
            return None;
        }
    };
    let name = reading.declared(event, on, definition.attribute(reference).unwrap_or_default())?;
    Some(Carried::On(on, name))
}

/// An element of this kind that carries a trigger's text.
pub(super) fn parts(kind: Kind, on: Trigger, text: Option<String>) -> Parts {
    let parts = Parts::from(kind);
    match on {
        Trigger::Timer => Parts { timer: text, ..parts },
        Trigger::Message => Parts { message: text, ..parts },
        Trigger::Signal => Parts { signal: text, ..parts },
        Trigger::Error => Parts { error: text, ..parts },
        Trigger::Escalation => Parts { escalation: text, ..parts },
    }
}

/// Notes that an event that sets something off does not say what; gives whether it does.
pub(super) fn names_what(event: &Node, on: Trigger, text: Option<&String>, reading: &mut Reading) -> bool {
    if text.is_some() {
        return true;
    }
    let (code, message) = match on {
        Trigger::Error => ("missing_error", "the event names no error"),
        _ => ("missing_escalation", "the event names no escalation"),
    };
    reading.defect(code, event, message, "choose one, and give it a code");
    false
}
