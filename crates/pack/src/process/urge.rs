//! Whoever waits asks for haste.

use super::Refusal;
use super::work::Work;
use crate::manifest::Phase;

/// Urging again within this time says nothing new, in milliseconds.
pub(crate) const AGAIN: i64 = 30 * 60_000;

pub(super) fn urge(work: &mut Work<'_>) -> Result<(), Refusal> {
    if !matches!(work.phase(), Some(Phase::New | Phase::Active | Phase::Waiting)) {
        return Err(Refusal::not_available("nobody works on it any more"));
    }
    if work.value("urged_at").as_i64().is_some_and(|before| work.now < before + AGAIN) {
        return Err(Refusal::not_available("it was urged within the last half hour: those who work on it know"));
    }
    work.count("urge_count");
    work.set("urged_at", work.now.into());
    Ok(())
}
