//! Errors and escalations look for somebody who catches them, from where they are set off outwards.
//!
//! In each scope its event sub-processes are asked first, then the boundary events of the element that holds it; among
//! these one that names the code goes before one that catches all. What is set off inside an event sub-process is not for
//! its neighbours: it goes on outside the scope that the event sub-process belongs to.

use super::{boundary, event_sub_process};
use crate::run::Run;
use crate::{Definition, FlowError, Kind, Trigger};

/// Who catches.
pub(super) enum Catcher {
    /// A boundary event of the element on which a token stands.
    Boundary { at: usize, host: u32 },
    /// The start event of an event sub-process of a scope.
    Handler { start: usize, scope: Option<u32> },
}

/// Lets whoever catches it have it; `false` when nobody does. `from` is the scope it is set off in, or the token of the
/// activity that it comes from.
pub(super) fn raise(run: &mut Run<'_>, from: Option<u32>, on: Trigger, code: &str) -> Result<bool, FlowError> {
    let Some(catcher) = find(run, from, on, code)? else { return Ok(false) };
    match catcher {
        Catcher::Boundary { at, host } => {
            let interrupting = !run.def.kind(at).runs_beside();
            boundary::trigger(run, at, host, interrupting)?;
        }
        Catcher::Handler { start, scope } => {
            let interrupting = !run.def.kind(start).runs_beside();
            event_sub_process::trigger(run, start, scope, interrupting);
        }
    }
    Ok(true)
}

fn find(run: &Run<'_>, from: Option<u32>, on: Trigger, code: &str) -> Result<Option<Catcher>, FlowError> {
    let (mut scope, mut out_of_handler) = (from, false);
    // A chain of scopes is never longer than the list of tokens.
    for _ in 0..=run.instance.tokens.len() {
        let holder = run.holder(scope)?;
        if !out_of_handler && let Some(start) = best(run.def, run.def.net.handlers(holder), on, code) {
            return Ok(Some(Catcher::Handler { start, scope }));
        }
        let (Some(visit), Some(element)) = (scope, holder) else { return Ok(None) };
        let Some(token) = run.instance.token(visit) else { return Ok(None) };
        out_of_handler = run.def.kind(element) == Kind::EventSubProcess;
        // Boundary events of a repeated activity belong to the activity as a whole.
        let host = if token.turn.is_some() { token.scope.unwrap_or(visit) } else { visit };
        if let Some(at) = best(run.def, &run.def.net.attached[element], on, code) {
            return Ok(Some(Catcher::Boundary { at, host }));
        }
        scope = run.instance.token(host).and_then(|host| host.scope);
    }
    Ok(None)
}

/// The event that catches a code: one that names it, else one that catches all.
pub(crate) fn best(def: &Definition, events: &[usize], on: Trigger, code: &str) -> Option<usize> {
    let mut fitting = events.iter().copied().filter(|event| waits_for(def.kind(*event)) == Some(on));
    let exact = fitting.clone().find(|event| caught_code(def, *event, on) == Some(code));
    exact.or_else(|| fitting.find(|event| caught_code(def, *event, on).is_none()))
}

/// What a boundary or start event waits for.
pub(crate) fn waits_for(kind: Kind) -> Option<Trigger> {
    match kind {
        Kind::Boundary { on, .. } | Kind::EventStart { on, .. } => Some(on),
        _ => None,
    }
}

/// The code that an error or escalation event names.
pub(crate) fn caught_code(def: &Definition, event: usize, on: Trigger) -> Option<&str> {
    let element = def.at(event);
    if on == Trigger::Error { element.error.as_deref() } else { element.escalation.as_deref() }
}
