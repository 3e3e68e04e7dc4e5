//! What can be done with a reason has reasons to choose from.

use super::Check;

pub(super) fn check(check: &mut Check<'_>) {
    let manifest = check.pack.manifest();
    if manifest.hold_state.is_some() && manifest.reasons("hold").is_empty() {
        let mend = "list them under reasons: hold";
        check.manifest("/hold_state", "no_reasons", "records can be put on hold, but for no reason", mend);
    }
    for kind in ["reassign", "cancel"] {
        if manifest.reasons(kind).is_empty() {
            let mend = format!("list them under reasons: {kind}");
            check.manifest("/reasons", "no_reasons", format!("there are no reasons to {kind}"), mend);
        }
    }
    for reason in manifest.asks_requester.iter().filter(|reason| !manifest.reasons("hold").contains(reason)) {
        let message = format!("'{reason}' is no reason for a hold");
        check.manifest("/asks_requester", "unknown_reason", message, "name one of reasons: hold");
    }
    if let Some(reason) = manifest.merge_reason.as_ref().filter(|reason| !manifest.reasons("cancel").contains(reason)) {
        let message = format!("'{reason}' is no reason to cancel");
        check.manifest("/merge_reason", "unknown_reason", message, "name one of reasons: cancel");
    }
}
