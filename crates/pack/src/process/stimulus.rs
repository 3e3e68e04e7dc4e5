//! What happens to a record without a person: timers and messages.

use flow::Stimulus;

use super::Refusal;
use super::work::Work;

pub(super) fn fire(work: &mut Work<'_>, timer: u32) -> Result<(), Refusal> {
    work.advance(&Stimulus::FireTimer { timer })
}

pub(super) fn receive(work: &mut Work<'_>, name: &str) -> Result<(), Refusal> {
    work.advance(&Stimulus::Message { name: name.to_owned(), key: None })
}
