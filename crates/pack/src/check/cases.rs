//! There are cases, they have names of their own, and they name what exists.

use std::collections::BTreeSet;

use super::Check;
use crate::Defect;
use crate::cases::{Act, Case, Expected};

/// What a case can look at beside fields.
const LOOKS: [&str; 11] =
    ["state", "phase", "status", "step", "step_team", "step_assignee", "accepted", "messages", "edits", "path", "topics"];

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    if pack.cases().is_empty() {
        let mend = "add cases/<name>.yaml; what no case shows, nobody has tried";
        check.defects.push(Defect::new("cases", "no_cases", "the pack has no cases", mend));
    }
    let mut names = BTreeSet::new();
    for case in pack.cases() {
        if !names.insert(&case.name) {
            let message = format!("two cases are called '{}'", case.name);
            tell(check, case, case.line, "twice", message);
        }
        for doing in &case.doing {
            if let Some(step) = doing.act.as_ref().and_then(step_of)
                && pack.flow().element(step).is_none()
            {
                tell(check, case, doing.line, "unknown_step", format!("the flow has no step '{step}'"));
            }
            looks(check, case, doing.expect.as_ref());
        }
        looks(check, case, case.expect.as_ref());
    }
}

fn step_of(act: &Act) -> Option<&str> {
    match act {
        Act::Complete { step, .. } | Act::Move { step, .. } => Some(step),
        Act::Assign { step, .. } => step.as_deref(),
        _ => None,
    }
}

fn looks(check: &mut Check<'_>, case: &Case, expected: Option<&Expected>) {
    let Some(expected) = expected else { return };
    let edits = expected.looks.get("edits").and_then(|edits| edits.as_object());
    let fields = expected.looks.keys().filter(|look| !LOOKS.contains(&look.as_str()) && *look != "refused");
    for field in fields.chain(edits.into_iter().flatten().map(|(field, _)| field)) {
        if check.pack.field_type(field).is_none() {
            tell(check, case, expected.line, "unknown_field", format!("there is no field '{field}'"));
        }
    }
}

fn tell(check: &mut Check<'_>, case: &Case, line: Option<u32>, code: &'static str, message: String) {
    check.defects.push(Defect::new(&case.file, code, message, "mend its spelling").at(line));
}
