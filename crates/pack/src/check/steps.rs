//! Every step has an owner, a state and outcomes; every property of an element means something.

use flow::{Element, Kind};

use super::Check;
use crate::process::field_reference;

/// The `camunda:property` names that mean something.
const PROPERTIES: [&str; 6] = ["state", "outcomes", "message", "to", "hold", "approval"];

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for element in pack.flow().elements() {
        for name in element.properties.keys().filter(|name| !PROPERTIES.contains(&name.as_str())) {
            let message = format!("{}: property '{name}' means nothing", element.id);
            let mend = format!("take it out; known are {}", PROPERTIES.join(", "));
            check.drawing(element.line, "unknown_property", message, mend);
        }
        if element.kind == Kind::UserTask {
            step(check, element);
        }
        for owner in [&element.candidate_groups, &element.assignee].into_iter().flatten() {
            reference(check, element, owner);
        }
    }
}

fn step(check: &mut Check<'_>, element: &Element) {
    let id = &element.id;
    if element.candidate_groups.is_none() {
        let mend = "give it camunda:candidateGroups: a team's key, or ${team}";
        check.drawing(element.line, "no_owner", format!("{id}: no team is responsible"), mend);
    }
    if element.candidate_groups.as_ref().is_some_and(|groups| groups.contains(',')) {
        let mend = "name one; an open step has exactly one team";
        check.drawing(element.line, "many_owners", format!("{id}: several teams are responsible"), mend);
    }
    if element.outcomes().is_empty() {
        let mend = "give it the property outcomes, comma separated";
        check.drawing(element.line, "no_outcomes", format!("{id}: the step can end in no way"), mend);
    }
    if element.name.is_empty() {
        check.drawing(element.line, "no_name", format!("{id}: the step has no name"), "write its name into the drawing");
    }
    // Inside a parallel region one branch alone sets the state; at the top a step without one would show the last.
    if element.state().is_none() && element.scope.is_none() && !parallel(check) {
        let mend = "give it the property state";
        check.drawing(element.line, "no_state", format!("{id}: the step sets no state"), mend);
    }
}

fn parallel(check: &Check<'_>) -> bool {
    check.pack.flow().elements().any(|element| element.kind == Kind::Parallel)
}

fn reference(check: &mut Check<'_>, element: &Element, owner: &str) {
    let known = match field_reference(owner) {
        Some(field) => check.pack.field_type(field).is_some(),
        None => !owner.contains("${"),
    };
    if !known {
        let message = format!("{}: '{owner}' names no field", element.id);
        check.drawing(element.line, "unknown_field", message, "write ${field} with a field of the type, or a key");
    }
}
