//! The exclusive gateway: one way out.

use crate::FlowError;
use crate::run::{Flight, Run};

/// Takes the first edge, in the order of the XML, whose condition holds; else the default.
pub(super) fn choose(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let (at, scope) = (flight.to, flight.scope);
    let token = run.enter(&flight)?;
    let edge = pick(run, at, scope)?;
    run.leave(token, at);
    run.take(edge, scope);
    Ok(())
}

fn pick(run: &mut Run<'_>, at: usize, scope: Option<u32>) -> Result<usize, FlowError> {
    let def = run.def;
    let outgoing = &def.net.outgoing[at];
    // A gateway that only merges has one way on and asks nothing.
    if let &[only] = outgoing.as_slice() {
        return Ok(only);
    }
    for &edge in outgoing.iter().filter(|edge| Some(**edge) != def.net.default[at]) {
        if holds(run, at, edge, scope)? {
            return Ok(edge);
        }
    }
    def.net.default[at].ok_or_else(|| FlowError::NoWay { element: def.at(at).id.clone() })
}

/// Whether the condition of an edge that leaves the gateway `at` holds; one without a condition never does.
pub(super) fn holds(run: &mut Run<'_>, at: usize, edge: usize, scope: Option<u32>) -> Result<bool, FlowError> {
    let (gateway, edge) = (run.def.at(at), run.def.edge_at(edge));
    let Some(source) = edge.condition.as_deref() else { return Ok(false) };
    run.ask_within(scope);
    let asked = run.context.condition(&gateway.id, source);
    asked.map_err(|message| FlowError::Condition { element: gateway.id.clone(), edge: edge.id.clone(), message })
}
