//! Rights name known roles, actions and outcomes; every role can do something and every outcome somebody can choose.

use std::collections::BTreeSet;

use super::Check;
use crate::manifest::ACTIONS;
use crate::source::join;

pub(super) fn check(check: &mut Check<'_>) {
    let manifest = check.pack.manifest();
    let outcomes: BTreeSet<&str> = check.pack.flow().elements().flat_map(flow::Element::outcomes).collect();
    let mut possible: BTreeSet<&str> = BTreeSet::new();
    for (role, rules) in &manifest.rights {
        let base = join("/rights", role);
        if !manifest.roles.contains(role) {
            check.manifest(&base, "unknown_role", format!("there is no role '{role}'"), "add it to roles");
        }
        for (index, rule) in rules.iter().enumerate() {
            let pointer = format!("{base}/{index}/action");
            match rule.action.strip_prefix("outcome:") {
                Some(outcome) if outcomes.contains(outcome) => {
                    possible.insert(outcome);
                }
                Some(outcome) => {
                    let message = format!("no step has the outcome '{outcome}'");
                    check.manifest(&pointer, "unknown_outcome", message, "name an outcome as drawn");
                }
                None if rule.action == "outcome" => possible.extend(&outcomes),
                None if ACTIONS.contains(&rule.action.as_str()) => {}
                None => {
                    let message = format!("there is no action '{}'", rule.action);
                    let mend = format!("known are {} and outcome:<key>", ACTIONS.join(", "));
                    check.manifest(&pointer, "unknown_action", message, mend);
                }
            }
        }
    }
    for (index, role) in manifest.roles.iter().enumerate() {
        if manifest.rights.get(role).is_none_or(Vec::is_empty) {
            let message = format!("role '{role}' may do nothing");
            check.manifest(&format!("/roles/{index}"), "no_rights", message, "give it rights, or take it out");
        }
    }
    // What an approval decides, nobody chooses.
    let chosen: BTreeSet<&str> = check.pack.flow().elements().flat_map(super::approval::chosen).collect();
    for outcome in chosen.difference(&possible) {
        let message = format!("no role may choose the outcome '{outcome}'");
        check.manifest("/rights", "impossible_outcome", message, format!("give a role outcome:{outcome}"));
    }
}
