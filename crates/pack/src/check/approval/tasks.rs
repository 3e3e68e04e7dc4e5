//! User tasks name approvals that exist and can end as these do; every approval is named; nobody chooses what one decides.

use std::collections::BTreeSet;

use flow::Kind;

use super::{DECIDED, PROPERTY, chosen};
use crate::check::Check;
use crate::source::join;

pub(crate) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    let mut named = BTreeSet::new();
    for element in pack.flow().elements() {
        let Some(key) = element.properties.get(PROPERTY).map(|key| key.trim()) else { continue };
        let id = &element.id;
        named.insert(key);
        if element.kind != Kind::UserTask {
            let message = format!("{id}: only a user task waits for an approval");
            check.drawing(element.line, "approval_elsewhere", message, "put the property approval on a user task");
            continue;
        }
        if pack.approval(key).is_none() {
            let message = format!("{id}: there is no approval '{key}'");
            check.drawing(element.line, "unknown_approval", message, "name one of approvals.yaml");
        }
        let outcomes = element.outcomes();
        for missing in DECIDED.iter().filter(|outcome| !outcomes.contains(outcome)) {
            let message = format!("{id}: the approval can end as '{missing}', the step cannot");
            check.drawing(element.line, "missing_outcome", message, format!("add {missing} to its property outcomes"));
        }
    }
    for key in pack.approvals().keys().filter(|key| !named.contains(key.as_str())) {
        let message = format!("no step waits for the approval '{key}'");
        let mend = "take it out, or name it in the property approval of a user task";
        check.approvals(&join("/approvals", key), "unused_approval", message, mend);
    }
    choices(check);
}

/// A right to an outcome that approvals alone decide would promise what nobody can do.
fn choices(check: &mut Check<'_>) {
    let pack = check.pack;
    let free: BTreeSet<&str> = pack.flow().elements().flat_map(chosen).collect();
    let drawn: BTreeSet<&str> = pack.flow().elements().flat_map(flow::Element::outcomes).collect();
    for (role, rules) in &pack.manifest().rights {
        for (index, rule) in rules.iter().enumerate() {
            let outcome = rule.action.strip_prefix("outcome:").filter(|outcome| drawn.contains(outcome) && !free.contains(outcome));
            if let Some(outcome) = outcome {
                let message = format!("nobody chooses '{outcome}': an approval decides it");
                let pointer = format!("{}/{index}/action", join("/rights", role));
                check.manifest(&pointer, "decided_by_approval", message, "take it out");
            }
        }
    }
}
