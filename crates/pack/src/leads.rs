//! Where an outcome leads, as far as the drawing alone says: which states may come next.

use std::collections::{BTreeSet, HashSet};

use flow::Kind;
use serde_json::{Map, Value};

use crate::Pack;

/// The states that a record may be in once an open step is completed so; none when the drawing alone does not say it. Conditions on the
/// outcome are decided, all others may go either way.
pub fn leads(pack: &Pack, element: &str, outcome: &str) -> Option<BTreeSet<String>> {
    let (mut states, mut seen) = (BTreeSet::new(), HashSet::new());
    let mut next: Vec<&str> = pack.flow.outgoing(element).map(|edge| edge.to.as_str()).collect();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        let here = pack.flow.element(id)?;
        match here.kind {
            // The record stays in whatever state it is where a step has none of its own.
            Kind::UserTask => drop(states.insert(here.state()?.to_owned())),
            Kind::End | Kind::TerminateEnd if here.scope.is_none() => drop(states.insert(pack.manifest.ended.completed.clone())),
            Kind::Exclusive => next.extend(taken(pack, id, outcome)),
            Kind::ServiceTask | Kind::SendTask | Kind::BusinessRuleTask | Kind::ManualTask if here.state().is_none() => {
                next.extend(pack.flow.outgoing(id).map(|edge| edge.to.as_str()));
            }
            // Several tokens, waiting and what lies inside: only running it tells.
            _ => return None,
        }
    }
    (!states.is_empty()).then_some(states)
}

/// The ways that may be taken from a gateway.
fn taken<'a>(pack: &'a Pack, gateway: &str, outcome: &str) -> Vec<&'a str> {
    let values = Map::from_iter([("outcome".to_owned(), Value::from(outcome))]);
    let (mut taken, mut default) = (Vec::new(), None);
    for edge in pack.flow.outgoing(gateway) {
        let Some(condition) = edge.condition.as_deref() else {
            default = Some(edge.to.as_str());
            continue;
        };
        let known = pack.expressions.get(condition).filter(|it| it.identifiers().iter().all(|name| name == "outcome"));
        match known.and_then(|it| it.is_true(&values).ok()) {
            Some(true) => {
                taken.push(edge.to.as_str());
                return taken;
            }
            Some(false) => {}
            None => taken.push(edge.to.as_str()),
        }
    }
    taken.extend(default);
    taken
}
