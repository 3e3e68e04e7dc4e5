//! Where branches run side by side, one alone sets the state: the record cannot be in two.

use std::collections::BTreeSet;

use flow::{Definition, Element, Kind};

use super::Check;

pub(super) fn check(check: &mut Check<'_>) {
    let flow = check.pack.flow();
    for element in flow.elements() {
        let branches: Vec<&Element> = flow.outgoing(&element.id).filter_map(|edge| flow.element(&edge.to)).collect();
        let stateful = branches.iter().filter(|branch| sets_state(flow, branch)).count();
        let beside = element.kind.runs_beside();
        // What a non-interrupting event starts runs beside the step it is attached to, and that step has a state.
        let allowed = if beside { 0 } else { 1 };
        if (beside || splits(element)) && stateful > allowed {
            let message = format!("{}: branches that run side by side set the state", element.id);
            let mend = "leave the property state on one branch, or let the event interrupt";
            check.drawing(element.line, "state_in_branches", message, mend);
        }
    }
}

/// Whether branches may run side by side behind an element.
fn splits(element: &Element) -> bool {
    matches!(element.kind, Kind::Parallel | Kind::Inclusive)
}

/// Whether anything from here to the next join sets the state.
fn sets_state(flow: &Definition, from: &Element) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(element) = open.pop() {
        let joins = splits(element) && flow.edges().filter(|edge| edge.to == element.id).count() > 1;
        if joins || !seen.insert(element.id.as_str()) {
            continue;
        }
        if element.state().is_some() {
            return true;
        }
        open.extend(flow.outgoing(&element.id).filter_map(|edge| flow.element(&edge.to)));
    }
    false
}
