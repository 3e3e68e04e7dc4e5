//! Puts a record on hold, and goes on.

use flow::{Status, Stimulus};

use super::Refusal;
use super::work::Work;
use crate::manifest::Phase;

pub(super) fn hold(work: &mut Work<'_>, reason: &str) -> Result<(), Refusal> {
    if work.pack.manifest.hold_state.is_none() {
        return Err(Refusal::not_available("this type is never on hold"));
    }
    if work.status == Status::Suspended {
        return Err(Refusal::not_available("the record is on hold"));
    }
    if !matches!(work.phase(), Some(Phase::New | Phase::Active | Phase::Waiting)) {
        return Err(Refusal::not_available("nobody works on it any more"));
    }
    work.known_reason("hold", Some(reason))?;
    work.notify(&format!("hold:{reason}"));
    work.set("hold_reason", reason.into());
    work.advance(&Stimulus::Suspend)
}

pub(super) fn resume(work: &mut Work<'_>) -> Result<(), Refusal> {
    if work.status != Status::Suspended {
        return Err(Refusal::not_available("the record is not on hold"));
    }
    work.advance(&Stimulus::Resume)
}
