//! Messages, of whichever event.

use crate::run::{Flight, Run};
use crate::{Effect, Event, FlowError, Trigger};

/// The message event or receive task `at` begins to wait, for `token`.
pub(super) fn listen(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    let key = key(run, at, Some(token))?;
    let message = run.fresh()?;
    let element = run.def.at(at);
    let name = element.message.clone().unwrap_or_default();
    run.emit(Event::Awaits { message, element: element.id.clone(), token, name, key });
    Ok(())
}

/// What the message of an element is about. A key is fixed when the wait begins.
fn key(run: &mut Run<'_>, at: usize, scope: Option<u32>) -> Result<Option<String>, FlowError> {
    let element = run.def.at(at);
    let Some(source) = element.correlation() else { return Ok(None) };
    run.ask_within(scope);
    let key = run.context.key(&element.id, source);
    key.map(Some).map_err(|message| FlowError::Correlation { element: element.id.clone(), message })
}

/// A message arrived. A message has one receiver: one that waits for its key, else one that waits for none; the one that
/// has waited longest.
pub(crate) fn receive(run: &mut Run<'_>, name: &str, key: Option<&str>) -> Result<(), FlowError> {
    let waiting = || run.instance.messages.iter().filter(|awaited| awaited.name == name);
    let exact = waiting().find(|awaited| awaited.key.is_some() && awaited.key.as_deref() == key);
    let found = exact.or_else(|| waiting().find(|awaited| awaited.key.is_none())).cloned();
    let found = found.ok_or_else(|| FlowError::NotAwaited { name: name.to_owned() })?;
    let at = run.def.index(&found.element)?;
    run.emit(Event::Received { message: found.id, element: found.element, name: found.name, at: run.now });
    super::wait::over(run, at, found.token)
}

/// The event of the flight sends its message.
pub(super) fn throw(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let key = key(run, flight.to, flight.scope)?;
    let element = run.def.at(flight.to);
    let (id, name) = (element.id.clone(), element.message.clone().unwrap_or_default());
    run.emit(Event::Thrown { element: id.clone(), what: Trigger::Message, name: name.clone(), at: run.now });
    run.out.effects.push(Effect::Message { element: id, name, key });
    Ok(())
}
