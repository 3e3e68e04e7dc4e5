//! What a flow asks of its surroundings is something they can do: calls, turns, signals and sent messages wait for their day.

use flow::{Kind, Trigger};

use super::Check;

pub(super) fn check(check: &mut Check<'_>) {
    for element in check.pack.flow().elements() {
        let asked = match element.kind {
            _ if element.repeat.is_some() => "a repeated activity",
            Kind::CallActivity => "a call activity",
            Kind::Throw(Trigger::Message) | Kind::ThrowEnd(Trigger::Message) => "sending a message from an event",
            Kind::Throw(Trigger::Signal)
            | Kind::ThrowEnd(Trigger::Signal)
            | Kind::Catch(Trigger::Signal)
            | Kind::Boundary { on: Trigger::Signal, .. }
            | Kind::EventStart { on: Trigger::Signal, .. } => "a signal",
            _ => continue,
        };
        let message = format!("{}: {asked} is not carried out by records yet", element.id);
        let mend = "draw it with steps, send tasks, timers, errors and escalations";
        check.drawing(element.line, "not_carried_out", message, mend);
    }
}
