//! Faults that can be seen without moving a token.

use std::collections::BTreeSet;

use super::{circles, thrown};
use crate::{Defect, Definition, Edge, Element, Kind, Trigger};

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
    shape.defects.extend(circles::check(def));
    shape.defects.extend(thrown::check(def));
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
    let (mut timer, mut message) = (false, element.kind == Kind::ReceiveTask);
    if let Kind::Catch(on) | Kind::Boundary { on, .. } | Kind::EventStart { on, .. } | Kind::Throw(on) | Kind::ThrowEnd(on) = element.kind {
        timer |= on == Trigger::Timer;
        message |= on == Trigger::Message;
    }
    if let Some(hold) = element.properties.get("hold").filter(|_| timer)
        && !matches!(hold.as_str(), "run" | "stop")
    {
        let message = "the property hold is neither run nor stop";
        return Some(defect(element, "bad_property", message, "set hold to run or stop"));
    }
    if element.properties.contains_key("correlation") && (!message || element.correlation().is_none()) {
        let mend = "remove it, or give it an expression on a message event or receive task";
        return Some(defect(element, "bad_property", "the property correlation belongs to messages and is an expression", mend));
    }
    let outcomes = element.outcomes();
    let different: BTreeSet<_> = outcomes.iter().collect();
    (different.len() < outcomes.len()).then(|| defect(element, "bad_property", "an outcome is declared twice", "name each outcome once"))
}

fn default(def: &Definition, index: usize, element: &Element) -> Option<Defect> {
    let diverges = matches!(element.kind, Kind::Exclusive | Kind::Inclusive) && def.net.outgoing[index].len() > 1;
    (diverges && def.net.default[index].is_none()).then(|| {
        let mend = "mark one of its outgoing edges as the default";
        defect(element, "missing_default", "the gateway has no default", mend)
    })
}

fn ways_out(def: &Definition, index: usize, element: &Element) -> Option<Defect> {
    let splits = matches!(element.kind, Kind::Exclusive | Kind::Parallel | Kind::Inclusive | Kind::EventBased);
    match (element.kind, def.net.outgoing[index].len()) {
        (Kind::EventSubProcess, _) | (_, 1) => None,
        (kind, _) if kind.is_end() => None,
        (_, 0) => {
            let mend = "lead it to the next element or to an end event";
            Some(defect(element, "no_way_out", "nothing follows it", mend))
        }
        _ if splits => None,
        _ => {
            let mend = "put a parallel, inclusive or exclusive gateway behind it";
            Some(defect(element, "implicit_split", "several edges leave an element that is no gateway", mend))
        }
    }
}

fn condition(def: &Definition, edge: &Edge) -> Option<Defect> {
    let from = def.elements.get_index_of(&edge.from)?;
    let decides = matches!(def.kind(from), Kind::Exclusive | Kind::Inclusive) && def.net.outgoing[from].len() > 1;
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
            let mend = "remove it, or put an exclusive or inclusive gateway before the edge";
            ("condition_unused", "the edge has a condition, which nobody asks", mend)
        }
        _ => return None,
    };
    Some(Defect::new(code, message, mend).at(Some(&edge.id), edge.line))
}

/// Elements no token gets to, and elements no token gets from to an end.
fn lines(def: &Definition, shape: &mut Shape) {
    let reached = forward(def);
    let ending = backward(def);
    for (index, element) in def.elements().enumerate() {
        let fault = if !reached[index] {
            let mend = "connect it with the start or remove it";
            defect(element, "unreachable", "no token ever gets here", mend)
        } else if def.net.outgoing[index].is_empty() {
            continue;
        } else if !ending[index] {
            defect(element, "no_end", "no way leads from here to an end event", "give every loop a way to an end")
        } else {
            continue;
        };
        shape.broken.insert(def.net.scope[index]);
        shape.defects.push(fault);
    }
}

/// Where tokens get to. A sub-process is left when one of its ends is reached, other than by what takes it away.
fn forward(def: &Definition) -> Vec<bool> {
    let mut reached = vec![false; def.elements.len()];
    let handlers = |holder: Option<usize>| def.net.handlers(holder).iter().filter_map(|start| def.net.scope[*start]);
    let mut open = vec![def.net.start];
    open.extend(handlers(None));
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        let kind = def.kind(at);
        let goes_on = kind != Kind::SubProcess && !thrown::takes_away(def, at);
        if goes_on {
            open.extend(def.net.outgoing[at].iter().map(|edge| def.net.target[*edge]));
        }
        if kind.is_end() && goes_on {
            open.extend(left_by(def, at));
        }
        open.extend(&def.net.attached[at]);
        open.extend(def.net.inner_start[at]);
        open.extend(handlers(Some(at)));
    }
    reached
}

/// What follows when the scope of an end has ended: what follows the sub-process around it.
fn left_by(def: &Definition, end: usize) -> impl Iterator<Item = usize> {
    let is_handler = |holder: &usize| def.kind(*holder) == Kind::EventSubProcess;
    let mut holder = def.net.scope[end];
    while let Some(handler) = holder.filter(is_handler) {
        holder = def.net.scope[handler];
    }
    holder.into_iter().flat_map(|holder| def.net.outgoing[holder].iter().map(|edge| def.net.target[*edge]))
}

fn backward(def: &Definition) -> Vec<bool> {
    let mut ending = vec![false; def.elements.len()];
    let mut open: Vec<usize> = (0..def.elements.len()).filter(|at| def.kind(*at).is_end()).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut ending[at], true) {
            continue;
        }
        open.extend(def.net.incoming[at].iter().map(|edge| def.net.source[*edge]));
        if !def.kind(at).runs_beside() {
            open.extend(def.net.host[at]);
        }
    }
    ending
}
