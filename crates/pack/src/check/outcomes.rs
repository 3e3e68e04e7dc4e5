//! Every outcome is handled by the flow, and none is handled that no step has.

use std::collections::{BTreeMap, BTreeSet};

use flow::{Definition, Element, Kind};

use super::Check;
use crate::source::join;

pub(super) fn check(check: &mut Check<'_>) {
    let flow = check.pack.flow();
    let steps: Vec<&Element> = flow.elements().filter(|element| element.kind == Kind::UserTask).collect();
    let declared: BTreeSet<&str> = steps.iter().flat_map(|step| step.outcomes()).collect();
    for step in &steps {
        handled(check, flow, step);
    }
    for edge in flow.edges() {
        for outcome in edge.condition.as_deref().map(outcomes_of).unwrap_or_default() {
            if !declared.contains(outcome.as_str()) {
                let message = format!("{}: no step has the outcome '{outcome}'", edge.id);
                check.drawing(edge.line, "unknown_outcome", message, "mend its spelling, or declare it on the step");
            }
        }
    }
    in_manifest(check, &steps, &declared);
}

/// The gateway a step leads to must tell its outcomes apart; one may be left to the default.
fn handled(check: &mut Check<'_>, flow: &Definition, step: &Element) {
    let outcomes = step.outcomes();
    if outcomes.len() < 2 {
        return;
    }
    let named = match first_gateway(flow, step) {
        Some(gateway) => {
            let conditions = flow.outgoing(&gateway.id).filter_map(|edge| edge.condition.as_deref());
            conditions.flat_map(outcomes_of).collect()
        }
        None => BTreeSet::new(),
    };
    let unnamed: Vec<&str> = outcomes.into_iter().filter(|outcome| !named.contains(*outcome)).collect();
    if unnamed.len() > 1 {
        let message = format!("{}: the flow does not tell {} apart", step.id, unnamed.join(" and "));
        let mend = "lead the step to an exclusive or inclusive gateway with a condition on outcome for all but one of them";
        check.drawing(step.line, "unhandled_outcome", message, mend);
    }
}

/// The first exclusive or inclusive gateway after a step, through tasks that are done at once.
fn first_gateway<'a>(flow: &'a Definition, step: &Element) -> Option<&'a Element> {
    let mut at = step.id.clone();
    // A circle of automatic tasks would not end; no drawing has more elements than this.
    for _ in 0..=flow.elements().count() {
        let outgoing: Vec<&flow::Edge> = flow.outgoing(&at).collect();
        let [only] = outgoing.as_slice() else { return None };
        let next = flow.element(&only.to)?;
        match next.kind {
            Kind::Exclusive | Kind::Inclusive if flow.outgoing(&next.id).count() > 1 => return Some(next),
            Kind::Exclusive
            | Kind::Inclusive
            | Kind::BusinessRuleTask
            | Kind::SendTask
            | Kind::ServiceTask
            | Kind::ManualTask
            | Kind::Milestone
            | Kind::Throw(_) => {
                at.clone_from(&next.id);
            }
            _ => return None,
        }
    }
    None
}

/// The literals a condition compares `outcome` with: `outcome == 'x'`, `outcome in ['x', 'y']`.
fn outcomes_of(condition: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, word) in condition.match_indices("outcome") {
        let rest = condition.get(at + word.len()..).unwrap_or_default().trim_start();
        let rest = rest.strip_prefix("not ").unwrap_or(rest).trim_start();
        if let Some(rest) = rest.strip_prefix("==").or_else(|| rest.strip_prefix("!=")) {
            found.extend(literals(rest).into_iter().next());
        } else if let Some(list) = rest.strip_prefix("in").and_then(|rest| rest.trim_start().strip_prefix('[')) {
            found.extend(literals(list.split(']').next().unwrap_or_default()));
        }
    }
    found
}

/// Quoted texts, in order.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = rest.get(start..=start).unwrap_or_default();
        let Some((literal, after)) = rest.get(start + 1..).and_then(|after| after.split_once(quote)) else { break };
        found.push(literal.to_owned());
        rest = after;
    }
    found
}

/// What `required`, `outcome_fields`, `bounds`, `with_children` and `notify` name are outcomes, or `step.outcome`.
fn in_manifest(check: &mut Check<'_>, steps: &[&Element], declared: &BTreeSet<&str>) {
    let manifest = check.pack.manifest();
    let of_step: BTreeMap<&str, Vec<&str>> = steps.iter().map(|step| (step.id.as_str(), step.outcomes())).collect();
    let is_known = |key: &str| match key.split_once('.') {
        Some((step, outcome)) => of_step.get(step).is_some_and(|outcomes| outcomes.contains(&outcome)),
        None => declared.contains(key),
    };
    let maps = [("/required", &manifest.required), ("/outcome_fields", &manifest.outcome_fields)];
    for (base, map) in maps {
        for key in map.keys().filter(|key| !is_known(key)) {
            let message = format!("no step has the outcome '{key}'");
            check.manifest(&join(base, key), "unknown_outcome", message, "write outcome, or step.outcome, as drawn");
        }
    }
    for (field, bound) in &manifest.bounds {
        for (index, outcome) in bound.outcomes.iter().enumerate().filter(|(_, outcome)| !declared.contains(outcome.as_str())) {
            let pointer = format!("{}/outcomes/{index}", join("/bounds", field));
            check.manifest(&pointer, "unknown_outcome", format!("no step has the outcome '{outcome}'"), "name an outcome as drawn");
        }
    }
    for (index, outcome) in manifest.with_children.iter().enumerate().filter(|(_, outcome)| !declared.contains(outcome.as_str())) {
        let pointer = format!("/with_children/{index}");
        check.manifest(&pointer, "unknown_outcome", format!("no step has the outcome '{outcome}'"), "name an outcome as drawn");
    }
    for key in manifest.notify.keys() {
        if key.strip_prefix("outcome:").is_some_and(|outcome| !declared.contains(outcome)) {
            let message = format!("no step has the outcome of '{key}'");
            check.manifest(&join("/notify", key), "unknown_outcome", message, "name an outcome as drawn");
        }
    }
}
