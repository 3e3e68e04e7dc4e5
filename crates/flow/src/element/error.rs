//! Errors: they end the scope they come from and are caught outside it, or nothing happens at all.

use super::outward;
use crate::run::{Flight, Run};
use crate::{Event, FlowError, Trigger};

/// The error end event of the flight sets its error off.
pub(super) fn throw(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let element = run.def.at(flight.to);
    let (id, code) = (element.id.clone(), element.error.clone().unwrap_or_default());
    run.emit(Event::Thrown { element: id.clone(), what: Trigger::Error, name: code.clone(), at: run.now });
    raise(run, flight.scope, &id, &code)
}

/// Lets an error be caught; one that nobody catches refuses the whole stimulus.
pub(super) fn raise(run: &mut Run<'_>, from: Option<u32>, element: &str, code: &str) -> Result<(), FlowError> {
    if outward::raise(run, from, Trigger::Error, code)? {
        return Ok(());
    }
    Err(FlowError::Uncaught { element: element.to_owned(), code: code.to_owned() })
}
