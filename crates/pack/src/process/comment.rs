//! Somebody says something about the record.

use super::Performed;
use super::work::Work;

/// Says whom the pack wants to hear of it. The answer has no facts, so that words never change a record.
pub(super) fn comment(mut work: Work<'_>, by: &str, internal: bool) -> Performed {
    let occasion = match (internal, work.text("requester") == Some(by)) {
        (true, _) => "comment:internal",
        (false, true) => "comment:requester",
        (false, false) => "comment:others",
    };
    work.notify(occasion);
    Performed { effects: work.effects, ..Performed::default() }
}
