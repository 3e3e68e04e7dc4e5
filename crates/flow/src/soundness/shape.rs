//! Faults that can be seen without moving a token.

use std::collections::BTreeSet;

use crate::{Defect, Definition, Edge, Element, Kind};

/// What was found.
pub(super) struct Shape {
    pub(super) defects: Vec<Defect>,
    /// Scopes whose lines do not lead from start to end; playing them would only repeat the defects.
    pub(super) broken: BTreeSet<Option<usize>>,
}

pub(super) fn check(def: &Definition) -> Shape {
    let mut shape = Shape { defects: Vec::new(), broken: BTreeSet::new() };
    for (index, element) in def.elements().enumerate() {
        shape.defects.extend(owner(element));
        shape.defects.extend(properties(element));
        let faults = [default(def, index, element), ways_out(def, index, element)];
        for fault in faults.into_iter().flatten() {
            shape.broken.extend((fault.code != "missing_default").then_some(def.net.scope[index]));
            shape.defects.push(fault);
        }
    }
    for edge in def.edges() {
        shape.defects.extend(condition(def, edge));
    }
    lines(def, &mut shape);
    shape
}

fn defect(element: &Element, code: &'static str, message: &str, mend: &str) -> Defect {
    Defect::new(code, message, mend).at(Some(&element.id), element.line)
}

fn owner(element: &Element) -> Option<Defect> {
    let owned = element.candidate_groups.is_some() || element.assignee.is_some();
    (element.kind == Kind::UserTask && !owned).then(|| {
        let mend = "give it camunda:candidateGroups or camunda:assignee";
        defect(element, "missing_owner", "nobody is responsible for the user task", mend)
    })
}

fn properties(element: &Element) -> Option<Defect> {
    let timer = matches!(element.kind, Kind::IntermediateTimer | Kind::BoundaryTimer { .. });
    if let Some(hold) = element.properties.get("hold").filter(|_| timer)
        && !matches!(hold.as_str(), "run" | "stop")
    {
        let message = "the property hold is neither run nor stop";
        return Some(defect(element, "bad_property", message, "set hold to run or stop"));
    }
    let outcomes = element.outcomes();
    let different: BTreeSet<_> = outcomes.iter().collect();
    (different.len() < outcomes.len()).then(|| defect(element, "bad_property", "an outcome is declared twice", "name each outcome once"))
}

fn default(def: &Definition, index: usize, element: &Element) -> Option<Defect> {
    let diverges = element.kind == Kind::Exclusive && def.net.outgoing[index].len() > 1;
    (diverges && def.net.default[index].is_none()).then(|| {
        let mend = "mark one of its outgoing edges as the default";
        defect(element, "missing_default", "the gateway has no default", mend)
    })
}

fn ways_out(def: &Definition, index: usize, element: &Element) -> Option<Defect> {
    let splits = matches!(element.kind, Kind::Exclusive | Kind::Parallel);
    match (element.kind, def.net.outgoing[index].len()) {
        (Kind::End | Kind::TerminateEnd, _) | (_, 1) => None,
        (_, 0) => {
            let mend = "lead it to the next element or to an end event";
            Some(defect(element, "no_way_out", "nothing follows it", mend))
        }
        _ if splits => None,
        _ => {
            let mend = "put a parallel or an exclusive gateway behind it";
            Some(defect(element, "implicit_split", "several edges leave an element that is no gateway", mend))
        }
    }
}

fn condition(def: &Definition, edge: &Edge) -> Option<Defect> {
    let from = def.elements.get_index_of(&edge.from)?;
    let decides = def.kind(from) == Kind::Exclusive && def.net.outgoing[from].len() > 1;
    let (code, message, mend) = match (decides, edge.is_default, edge.condition.is_some()) {
        (true, false, false) => {
            let mend = "write the condition or make the edge the default";
            ("missing_condition", "the edge has no condition and is not the default", mend)
        }
        (true, true, true) => {
            let mend = "remove the condition or the default mark";
            ("condition_on_default", "the default edge has a condition, which nobody asks", mend)
        }
        (false, _, true) => {
            let mend = "remove it, or put an exclusive gateway before the edge";
            ("condition_unused", "the edge has a condition, which nobody asks", mend)
        }
        _ => return None,
    };
    Some(Defect::new(code, message, mend).at(Some(&edge.id), edge.line))
}

/// Elements no token gets to, elements no token gets from to an end, and elements that run round and round at once.
fn lines(def: &Definition, shape: &mut Shape) {
    let reached = forward(def);
    let ending = backward(def);
    let resting = comes_to_rest(def);
    for (index, element) in def.elements().enumerate() {
        let fault = if !reached[index] {
            let mend = "connect it with the start or remove it";
            defect(element, "unreachable", "no token ever gets here", mend)
        } else if def.net.outgoing[index].is_empty() {
            continue;
        } else if !ending[index] {
            defect(element, "no_end", "no way leads from here to an end event", "give every loop a way to an end")
        } else if !resting[index] {
            let mend = "put a step that waits into the loop, or a gateway that leaves it";
            defect(element, "endless", "from here the flow runs in a circle without ever waiting", mend)
        } else {
            continue;
        };
        shape.broken.insert(def.net.scope[index]);
        shape.defects.push(fault);
    }
}

/// From where a token can get, without anybody's doing, to a place where it waits or ends.
fn comes_to_rest(def: &Definition) -> Vec<bool> {
    let mut waits_inside = vec![false; def.elements.len()];
    let mut rests: Vec<bool> = (0..def.elements.len()).map(|at| waits(def, at)).collect();
    for (at, rests) in rests.iter().enumerate() {
        let outer = std::iter::successors(def.net.scope[at].filter(|_| *rests), |scope| def.net.scope[*scope]);
        outer.for_each(|scope| waits_inside[scope] = true);
    }
    let ends = |at: usize| matches!(def.kind(at), Kind::End | Kind::TerminateEnd) || def.net.outgoing[at].is_empty();
    for (at, rests) in rests.iter_mut().enumerate() {
        *rests |= waits_inside[at] || ends(at);
    }
    loop {
        let mut changed = false;
        for at in 0..rests.len() {
            let mut next = def.net.outgoing[at].iter().map(|edge| rests[def.net.target[*edge]]);
            // A fork takes every way, so every branch has to come to rest.
            let now = rests[at] || if def.kind(at) == Kind::Parallel { next.all(|rests| rests) } else { next.any(|rests| rests) };
            changed |= now != rests[at];
            rests[at] = now;
        }
        if !changed {
            return rests;
        }
    }
}

/// Whether a token waits at an element itself.
fn waits(def: &Definition, at: usize) -> bool {
    match def.kind(at) {
        Kind::UserTask | Kind::IntermediateTimer | Kind::IntermediateMessage => true,
        Kind::Parallel => def.net.incoming[at].len() > 1,
        _ => false,
    }
}

fn forward(def: &Definition) -> Vec<bool> {
    let mut reached = vec![false; def.elements.len()];
    let mut open = vec![def.net.start];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        open.extend(def.net.outgoing[at].iter().map(|edge| def.net.target[*edge]));
        open.extend(&def.net.attached[at]);
        open.extend(def.net.inner_start[at]);
    }
    reached
}

fn backward(def: &Definition) -> Vec<bool> {
    let mut ending = vec![false; def.elements.len()];
    let is_end = |at: &usize| matches!(def.kind(*at), Kind::End | Kind::TerminateEnd);
    let mut open: Vec<usize> = (0..def.elements.len()).filter(is_end).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut ending[at], true) {
            continue;
        }
        let before = def.net.incoming[at].iter().map(|edge| &def.edge_at(*edge).from);
        open.extend(before.filter_map(|id| def.elements.get_index_of(id)));
        if let Kind::BoundaryTimer { interrupting: true } | Kind::BoundaryMessage { interrupting: true } = def.kind(at) {
            open.extend(def.at(at).host.as_ref().and_then(|id| def.elements.get_index_of(id)));
        }
    }
    ending
}
