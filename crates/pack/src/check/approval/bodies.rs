//! Every body decides something, and a casting vote can be needed.

use approval::{Rule, Step};

use crate::check::Check;
use crate::source::join;

pub(crate) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for (key, body) in &pack.approvals.bodies {
        let steps = || pack.approvals().values().flat_map(|definition| &definition.steps);
        let decides = |step: &&Step| step.body.as_ref() == Some(key);
        if !steps().any(|step| decides(&step)) {
            let message = format!("body '{key}' decides nothing");
            check.approvals(&join("/bodies", key), "unused_body", message, "take it out, or name it in a step");
        } else if body.casting_vote && !steps().filter(decides).any(|step| step.rule == Rule::Majority) {
            let message = format!("only a majority can be a tie, and body '{key}' decides nothing by majority");
            let pointer = format!("{}/casting_vote", join("/bodies", key));
            check.approvals(&pointer, "casting_vote_unused", message, "take it out, or decide by majority");
        }
    }
}
