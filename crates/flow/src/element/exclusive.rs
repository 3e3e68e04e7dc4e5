//! The exclusive gateway: one way out.

use crate::FlowError;
use crate::run::{Flight, Run};

/// Takes the first edge, in the order of the XML, whose condition holds; else the default.
pub(super) fn choose(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let (at, scope) = (flight.to, flight.scope);
    let token = run.enter(&flight)?;
    let edge = pick(run, at)?;
    run.leave(token, at);
    run.take(edge, scope);
    Ok(())
}

fn pick(run: &mut Run<'_>, at: usize) -> Result<usize, FlowError> {
    let def = run.def;
    let outgoing = &def.net.outgoing[at];
    // A gateway that only merges has one way on and asks nothing.
    if let &[only] = outgoing.as_slice() {
        return Ok(only);
    }
    let gateway = def.at(at);
    for &edge in outgoing.iter().filter(|edge| Some(**edge) != def.net.default[at]) {
        let Some(source) = def.edge_at(edge).condition.as_deref() else { continue };
        let holds = run.context.condition(&gateway.id, source);
        let holds =
            holds.map_err(|message| FlowError::Condition { element: gateway.id.clone(), edge: def.edge_at(edge).id.clone(), message })?;
        if holds {
            return Ok(edge);
        }
    }
    def.net.default[at].ok_or_else(|| FlowError::NoWay { element: gateway.id.clone() })
}
