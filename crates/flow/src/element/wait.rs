//! What events of every place have in common: they wait for a trigger, and what has come goes where the event stands.

use super::{boundary, catch, event_sub_process, message, signal, timer};
use crate::run::Run;
use crate::{FlowError, Kind, Trigger};

/// The event `at` begins to wait, for `token`. Errors and escalations are not waited for: who sets one off looks for them.
pub(super) fn set(run: &mut Run<'_>, at: usize, on: Trigger, token: u32) -> Result<(), FlowError> {
    match on {
        Trigger::Timer => timer::set(run, at, token),
        Trigger::Message => message::listen(run, at, token),
        Trigger::Signal => signal::listen(run, at, token),
        Trigger::Error | Trigger::Escalation => Ok(()),
    }
}

/// What the event `at` waited for, for `token`, has come.
pub(super) fn over(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    let kind = run.def.kind(at);
    if kind.runs_beside()
        && let Kind::Boundary { on: on @ (Trigger::Message | Trigger::Signal), .. }
        | Kind::EventStart { on: on @ (Trigger::Message | Trigger::Signal), .. } = kind
    {
        // What it happens to goes on, so the next one is heard as well.
        set(run, at, on, token)?;
    }
    match kind {
        Kind::Boundary { interrupting, .. } => boundary::trigger(run, at, token, interrupting),
        Kind::EventStart { interrupting, .. } => {
            let scope = run.instance.token(token).map(|visit| visit.id);
            event_sub_process::trigger(run, at, scope, interrupting);
            Ok(())
        }
        _ => catch::happened(run, at, token),
    }
}
