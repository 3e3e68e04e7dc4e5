//! The inclusive gateway: every way out whose condition holds, and a join that waits for all that can still come.
//!
//! The join is that of BPMN 2.0.2, 10.6.3 and 13.4.3, within its scope: it is passed when a token waits on one of its ways
//! in, and no token elsewhere can get to a way in on which none waits, unless it can get to one on which one waits as well;
//! ways through the gateway itself do not count. A boundary event is a way from the element it is attached to, for one that
//! does not interrupt only as a reason to wait. It takes one token from each way in that has one.
//!
//! The join is looked at when everything else has come to rest, so the order in which branches run does not matter.

use super::exclusive;
use crate::run::{Flight, Run};
use crate::{Definition, FlowError, Kind};

pub(super) fn arrive(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let token = run.enter(&flight)?;
    // One that came by no edge (an operator moved it) has nothing to wait for.
    if run.def.net.incoming[flight.to].len() > 1 && flight.edge.is_some() {
        return Ok(());
    }
    let edges = pick(run, flight.to, flight.scope)?;
    run.leave(token, flight.to);
    take(run, &edges, flight.scope);
    Ok(())
}

/// All edges whose condition holds, in the order of the XML; else the default.
fn pick(run: &mut Run<'_>, at: usize, scope: Option<u32>) -> Result<Vec<usize>, FlowError> {
    let def = run.def;
    let outgoing = &def.net.outgoing[at];
    if outgoing.len() <= 1 {
        return Ok(outgoing.clone());
    }
    let mut taken = Vec::new();
    for &edge in outgoing.iter().filter(|edge| Some(**edge) != def.net.default[at]) {
        if exclusive::holds(run, at, edge, scope)? {
            taken.push(edge);
        }
    }
    if taken.is_empty() {
        taken.push(def.net.default[at].ok_or_else(|| FlowError::NoWay { element: def.at(at).id.clone() })?);
    }
    Ok(taken)
}

fn take(run: &mut Run<'_>, edges: &[usize], scope: Option<u32>) {
    for &edge in edges.iter().rev() {
        run.take(edge, scope);
    }
}

/// Passes the first join that has nothing to wait for any more, that of the oldest token; `false` when there is none.
pub(crate) fn release(run: &mut Run<'_>) -> Result<bool, FlowError> {
    let mut seen: Vec<(usize, Option<u32>)> = Vec::new();
    for token in &run.instance.tokens {
        let Some(at) = run.def.elements.get_index_of(&token.element) else { continue };
        if run.def.kind(at) == Kind::Inclusive && token.edge.is_some() && !seen.contains(&(at, token.scope)) {
            seen.push((at, token.scope));
        }
    }
    for (at, scope) in seen {
        let Some(waiting) = ready(run, at, scope)? else { continue };
        let edges = pick(run, at, scope)?;
        for token in waiting {
            run.leave(token, at);
        }
        take(run, &edges, scope);
        run.settle(scope)?;
        return Ok(true);
    }
    Ok(false)
}

/// The tokens that pass the join, the oldest of each way in; `None` while it waits for others.
fn ready(run: &Run<'_>, at: usize, scope: Option<u32>) -> Result<Option<Vec<u32>>, FlowError> {
    let (def, gateway) = (run.def, &run.def.at(at).id);
    let (mut passing, mut empty, mut full) = (Vec::new(), Vec::new(), Vec::new());
    let inside = || run.instance.tokens.iter().filter(|token| token.scope == scope);
    for &edge in &def.net.incoming[at] {
        let id = Some(&def.edge_at(edge).id);
        match inside().find(|token| token.element == *gateway && token.edge.as_ref() == id) {
            Some(token) => {
                passing.push(token.id);
                full.push(edge);
            }
            None => empty.push(edge),
        }
    }
    if !empty.is_empty() && inside().any(|token| token.element != *gateway) {
        let (to_empty, to_full) = (upstream(def, at, &empty, true), upstream(def, at, &full, false));
        for token in inside().filter(|token| token.element != *gateway) {
            let from = def.index(&token.element)?;
            if to_empty[from] && !to_full[from] {
                return Ok(None);
            }
        }
    }
    Ok(Some(passing))
}

/// From which elements a way leads to one of these edges into the gateway `at`, without passing the gateway.
fn upstream(def: &Definition, at: usize, edges: &[usize], beside: bool) -> Vec<bool> {
    let mut found = vec![false; def.elements.len()];
    let mut open: Vec<usize> = edges.iter().map(|edge| def.net.source[*edge]).collect();
    while let Some(element) = open.pop() {
        if element == at || std::mem::replace(&mut found[element], true) {
            continue;
        }
        open.extend(def.net.incoming[element].iter().map(|edge| def.net.source[*edge]));
        if beside || !def.kind(element).runs_beside() {
            open.extend(def.net.host[element]);
        }
    }
    found
}
