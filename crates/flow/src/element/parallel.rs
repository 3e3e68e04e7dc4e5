//! The parallel gateway: waits for every way in, then goes every way out.

use crate::FlowError;
use crate::run::{Flight, Run};

pub(super) fn join_and_fork(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let (at, scope) = (flight.to, flight.scope);
    let token = run.enter(&flight)?;
    if run.def.net.incoming[at].len() <= 1 {
        run.leave(token, at);
        run.take_all(at, scope);
        return Ok(());
    }
    let Some(arrived) = complete_set(run, at, scope) else { return Ok(()) };
    for token in arrived {
        run.leave(token, at);
    }
    run.take_all(at, scope);
    Ok(())
}

/// One waiting token for every edge that enters the gateway, the oldest of each; `None` while one is missing.
fn complete_set(run: &Run<'_>, at: usize, scope: Option<u32>) -> Option<Vec<u32>> {
    let gateway = &run.def.at(at).id;
    let first_by = |edge: &usize| {
        let edge = Some(&run.def.edge_at(*edge).id);
        let mut tokens = run.instance.tokens.iter();
        tokens.find(|token| token.scope == scope && token.element == *gateway && token.edge.as_ref() == edge)
    };
    run.def.net.incoming[at].iter().map(|edge| first_by(edge).map(|token| token.id)).collect()
}
