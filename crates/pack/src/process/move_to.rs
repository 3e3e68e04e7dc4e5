//! An operator puts the flow elsewhere.

use flow::Stimulus;

use super::Refusal;
use super::work::Work;

pub(super) fn move_to(work: &mut Work<'_>, activity: u32, to: &str) -> Result<(), Refusal> {
    work.advance(&Stimulus::Move { activity, to: to.to_owned() })
}
