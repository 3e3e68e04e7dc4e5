//! The chair closes the vote of a body.

use crate::run::Run;
use crate::{ApprovalError, Cause, counted};

pub(crate) fn close(run: &mut Run<'_>, key: &str, by: &str) -> Result<(), ApprovalError> {
    let (step, state) = run.open_step(key)?;
    let body = run.def.body_of(step).ok_or_else(|| ApprovalError::NoBody { step: key.to_owned() })?;
    if !run.presides(state, by) {
        return Err(ApprovalError::NotTheChair { step: key.to_owned() });
    }
    // Who asks does not choose the moment at which the votes are counted.
    if Run::is_own(run.def, &run.state.requesters, by) {
        return Err(ApprovalError::OwnRequest);
    }
    let verdict = counted(step.rule, &state.tally(Some(body)));
    run.close(key, verdict, Cause::Counted, Some(by));
    Ok(())
}
