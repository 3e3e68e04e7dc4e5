//! What must hold of a definition. One rule a file.

mod approvers;
mod bodies;
mod rule;
mod steps;
mod time_outs;
mod void_on;

use crate::{Approver, Body, Defect, Definition, Step};

/// The rules, each a function of its own file.
const RULES: [fn(&Definition, &mut Vec<Defect>); 6] =
    [steps::check, approvers::check, rule::check, time_outs::check, bodies::check, void_on::check];

/// Runs every rule.
pub(crate) fn run(def: &Definition) -> Vec<Defect> {
    let mut defects = Vec::new();
    for rule in RULES {
        rule(def, &mut defects);
    }
    defects
}

/// How many people a list can stand for at most, where that can be known without asking anybody.
fn most(sources: &[Approver]) -> Option<u32> {
    let single = |source: &Approver| matches!(source, Approver::Person(_) | Approver::RequesterManager);
    let known = sources.iter().all(single);
    known.then(|| u32::try_from(sources.len()).unwrap_or(u32::MAX))
}

/// The same for a body, its chair included.
fn most_members(body: &Body) -> Option<u32> {
    let chair = body.chair.as_ref().filter(|chair| !body.members.contains(chair));
    let all: Vec<Approver> = body.members.iter().chain(chair).cloned().collect();
    // The chair is one person, wherever they come from.
    most(&body.members).map(|members| members.max(u32::try_from(all.len()).unwrap_or(u32::MAX)))
}

/// The same for a step.
fn most_seats(def: &Definition, step: &Step) -> Option<u32> {
    match def.body_of(step) {
        Some(body) => most_members(body),
        None => most(&step.approvers),
    }
}

/// Entries that stand twice in a list, by index.
fn repeated<T: PartialEq>(list: &[T]) -> impl Iterator<Item = usize> {
    (0..list.len()).filter(|at| list[..*at].contains(&list[*at]))
}
