//! Signals: whoever waits hears them.

use crate::run::Run;
use crate::{Effect, Event, FlowError, Trigger};

/// The signal event `at` begins to wait, for `token`.
pub(super) fn listen(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    let signal = run.fresh()?;
    let element = run.def.at(at);
    let name = element.signal.clone().unwrap_or_default();
    run.emit(Event::AwaitsSignal { signal, element: element.id.clone(), token, name });
    Ok(())
}

/// A signal came from outside.
pub(crate) fn receive(run: &mut Run<'_>, name: &str) -> Result<(), FlowError> {
    if run.instance.signals.iter().any(|awaited| awaited.name == name) {
        return broadcast(run, name);
    }
    Err(FlowError::NotHeard { name: name.to_owned() })
}

/// The element `at` gives its signal, to everything that waits in the instance now and to the caller.
pub(super) fn throw(run: &mut Run<'_>, at: usize) -> Result<(), FlowError> {
    let element = run.def.at(at);
    let (id, name) = (element.id.clone(), element.signal.clone().unwrap_or_default());
    run.emit(Event::Thrown { element: id.clone(), what: Trigger::Signal, name: name.clone(), at: run.now });
    broadcast(run, &name)?;
    run.out.effects.push(Effect::Signal { element: id, name });
    Ok(())
}

fn broadcast(run: &mut Run<'_>, name: &str) -> Result<(), FlowError> {
    let waiting = run.instance.signals.iter().filter(|awaited| awaited.name == name);
    for awaited in waiting.cloned().collect::<Vec<_>>() {
        // What heard it before may have taken this one away.
        if !run.instance.signals.iter().any(|kept| kept.id == awaited.id) {
            continue;
        }
        let at = run.def.index(&awaited.element)?;
        run.emit(Event::SignalReceived { signal: awaited.id, element: awaited.element, name: awaited.name, at: run.now });
        super::wait::over(run, at, awaited.token)?;
    }
    Ok(())
}
