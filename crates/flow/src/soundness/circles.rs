//! Circles in which nothing waits: once inside, the flow runs round until it is stopped by force.

use crate::{Defect, Definition, Kind};

/// One defect for each circle of elements that are done at once. That a gateway could leave it does not help: nothing that
/// happens in the circle can wait for its condition to change.
pub(super) fn check(def: &Definition) -> Vec<Defect> {
    let mut fed = endlessly_fed(def);
    let mut found = Vec::new();
    for at in 0..fed.len() {
        if !fed[at] {
            continue;
        }
        let circle = circle(def, at, &fed);
        if circle.is_empty() {
            continue;
        }
        let names: Vec<&str> = circle.iter().take(10).map(|at| def.at(*at).id.as_str()).collect();
        let message = format!("the flow can run in a circle without ever waiting: {}", names.join(", "));
        let mend = "put a step that waits into the circle";
        let element = def.at(at);
        found.push(Defect::new("endless", message, mend).at(Some(&element.id), element.line));
        circle.into_iter().for_each(|at| fed[at] = false);
    }
    found
}

/// Elements done at once that could get token after token from others of their kind: circles and what hangs on them. A
/// parallel join gets none while one of its ways in leads from something that waits.
fn endlessly_fed(def: &Definition) -> Vec<bool> {
    let mut fed = done_at_once(def);
    loop {
        let mut changed = false;
        for at in 0..fed.len() {
            let incoming = &def.net.incoming[at];
            let mut before = incoming.iter().map(|edge| fed[def.net.source[*edge]]);
            let joins = def.kind(at) == Kind::Parallel && incoming.len() > 1;
            let still = fed[at] && if joins { before.all(|fed| fed) } else { before.any(|fed| fed) };
            changed |= still != fed[at];
            fed[at] = still;
        }
        if !changed {
            return fed;
        }
    }
}

/// The elements through which a way leads back to this one, itself first; nothing if there is no such way.
fn circle(def: &Definition, start: usize, fed: &[bool]) -> Vec<usize> {
    let search = |forward: bool| {
        let mut seen = vec![false; fed.len()];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let edges = if forward { &def.net.outgoing[at] } else { &def.net.incoming[at] };
            for edge in edges {
                let next = if forward { def.net.target[*edge] } else { def.net.source[*edge] };
                if fed[next] && !std::mem::replace(&mut seen[next], true) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let (after, before) = (search(true), search(false));
    if !after[start] {
        return Vec::new();
    }
    let others = (0..fed.len()).filter(|at| *at != start && after[*at] && before[*at]);
    std::iter::once(start).chain(others).collect()
}

/// Elements that a token can be through without waiting. A repeated activity counts as waiting if one turn of it does.
fn done_at_once(def: &Definition) -> Vec<bool> {
    let n = def.elements.len();
    let mut at_once: Vec<bool> = (0..n).map(|at| !def.kind(at).waits() && !def.kind(at).is_scope()).collect();
    // From the inside outwards: a sub-process is done at once when its inside can be.
    let mut holders: Vec<usize> = (0..n).filter(|at| def.kind(*at) == Kind::SubProcess).collect();
    let depth = |at: usize| std::iter::successors(def.net.scope[at], |scope| def.net.scope[*scope]).count();
    holders.sort_by_key(|at| std::cmp::Reverse(depth(*at)));
    for holder in holders {
        let inside: Vec<usize> = (0..n).filter(|at| def.net.scope[*at] == Some(holder)).collect();
        let through = gets_through(def, &inside, &at_once);
        at_once[holder] = def.net.inner_start[holder].is_some_and(|start| through[start]);
    }
    at_once
}

/// From which of these elements a token can get to its end without waiting.
fn gets_through(def: &Definition, inside: &[usize], at_once: &[bool]) -> Vec<bool> {
    let mut through = vec![false; def.elements.len()];
    loop {
        let mut changed = false;
        for &at in inside.iter().rev().filter(|at| at_once[**at]) {
            let outgoing = &def.net.outgoing[at];
            let mut next = outgoing.iter().map(|edge| through[def.net.target[*edge]]);
            let joins = def.kind(at) == Kind::Parallel;
            let now = def.kind(at).is_end()
                || outgoing.is_empty()
                || if joins { next.all(|through| through) } else { next.any(|through| through) };
            changed |= now && !through[at];
            through[at] |= now;
        }
        if !changed {
            return through;
        }
    }
}
