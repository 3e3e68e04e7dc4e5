//! What stands against publishing a flow.
//!
//! A flow is sound when, whatever is decided, it can always still end, no two tokens of one scope meet in one place, and
//! every element can happen. Scopes are looked at one by one: for the outside a sound sub-process is one step.
//!
//! 1. `shape`: faults that can be seen without moving a token.
//! 2. `reduce`: block-structured parts shrink to nothing; what is left without parallel gateways is sound.
//! 3. `explore`: the rest is played through, up to a limit.

mod circles;
mod explore;
mod graph;
mod reduce;
mod shape;
#[cfg(test)]
mod tests;
mod thrown;

use std::collections::BTreeSet;

use crate::{Defect, Definition};
use explore::{Fault, Limit, explore};
use graph::Graph;

/// All defects of a definition, in the order of the XML.
pub(crate) fn check(def: &Definition) -> Vec<Defect> {
    let shape = shape::check(def);
    let mut defects = shape.defects;
    // One budget for the whole definition: many scopes must not multiply the work.
    let (mut limit, mut naming) = (Limit::default(), Limit::default());
    for scope in scopes(def).filter(|scope| !shape.broken.contains(scope)) {
        let graph = Graph::new(def, scope);
        defects.extend(verdict(&graph, &mut limit, &mut naming).iter().map(|fault| describe(def, fault)));
    }
    defects.sort_by_key(|defect| defect.line);
    defects
}

/// The process (`None`) and every sub-process.
fn scopes(def: &Definition) -> impl Iterator<Item = Option<usize>> {
    let inner = def.net.inner_start.iter().enumerate();
    std::iter::once(None).chain(inner.filter(|(_, start)| start.is_some()).map(|(index, _)| Some(index)))
}

/// The faults of one scope; empty means sound.
fn verdict(graph: &Graph, limit: &mut Limit, naming: &mut Limit) -> BTreeSet<Fault> {
    let mut rest = graph.clone();
    if rest.can_reduce() {
        reduce::reduce(&mut rest);
        if reduce::leaves_looped_join(&rest) {
            return explore(graph, limit);
        }
        if rest.is_proved() {
            return BTreeSet::new();
        }
    }
    let faults = explore(&rest, limit);
    if faults.is_empty() || faults.iter().any(Fault::is_open) {
        return faults;
    }
    // Reduction merges elements. Playing the whole graph names the places as they are drawn, if it is small enough.
    let precise = explore(graph, naming);
    if precise.iter().any(Fault::is_open) { faults } else { precise }
}

fn describe(def: &Definition, fault: &Fault) -> Defect {
    let (at, code, message, mend) = match fault {
        Fault::Deadlock(at) => (
            *at,
            "deadlock",
            "it can wait for ever, because not all ways into it are always taken".to_owned(),
            "join here only what a parallel or inclusive gateway has split; merge alternatives with an exclusive gateway",
        ),
        Fault::TwoTokens(at) => (
            *at,
            "lack_of_synchronisation",
            "two tokens can be here at the same time".to_owned(),
            "join the branches that run side by side with the gateway that split them before they meet",
        ),
        Fault::NeverRuns(at) => {
            (*at, "never_runs", "no course of the flow gets through it".to_owned(), "check which ways into it can be taken together")
        }
        Fault::Livelock(at) => (
            *at,
            "livelock",
            "the flow can get to a point from where it cannot end any more".to_owned(),
            "give every loop a way to the end",
        ),
        Fault::Open(region) => {
            let names: Vec<&str> = region.iter().take(10).map(|at| def.at(*at).id.as_str()).collect();
            let message = format!("the soundness of the part around {} could not be proved", names.join(", "));
            let at = region.first().copied().unwrap_or(def.net.start);
            (at, "not_provable", message, "draw it as nested blocks: what one gateway splits, one gateway joins")
        }
    };
    let element = def.at(at);
    Defect::new(code, message, mend).at(Some(&element.id), element.line)
}
