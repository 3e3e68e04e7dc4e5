//! Ends a record without a result.

use flow::Stimulus;

use super::Refusal;
use super::work::Work;

pub(super) fn cancel(work: &mut Work<'_>, reason: &str) -> Result<(), Refusal> {
    if work.status.is_ended() {
        return Err(Refusal::not_available("the record has ended"));
    }
    work.known_reason("cancel", Some(reason))?;
    work.set("cancel_reason", reason.into());
    work.advance(&Stimulus::Cancel { reason: reason.to_owned() })
}
