//! Escalations: told outwards while the flow goes on, unless who catches one interrupts. One that nobody catches is noted
//! and that is all.

use super::outward;
use crate::run::{Flight, Run};
use crate::{Event, FlowError, Trigger};

/// The escalation event of the flight sets its escalation off.
pub(super) fn throw(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let element = run.def.at(flight.to);
    let code = element.escalation.clone().unwrap_or_default();
    run.emit(Event::Thrown { element: element.id.clone(), what: Trigger::Escalation, name: code.clone(), at: run.now });
    outward::raise(run, flight.scope, Trigger::Escalation, &code)?;
    Ok(())
}
