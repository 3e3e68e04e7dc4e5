//! Tasks that need nobody: service, send and business rule tasks.

use super::Parts;
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{Effect, FlowError, Kind};

pub(super) fn read_topic(node: &Node, reading: &mut Reading, kind: Kind) -> Option<Parts> {
    if node.camunda("topic").is_none() {
        let mend = "choose implementation 'external' and give a topic";
        reading.defect("missing_topic", node, "the task has no camunda:topic", mend);
    }
    Some(kind.into())
}

pub(super) fn read_rule(node: &Node, reading: &mut Reading) -> Option<Parts> {
    if node.camunda("decisionRef").is_none() {
        let mend = "choose implementation 'DMN' and name a decision table";
        reading.defect("missing_decision", node, "the task has no camunda:decisionRef", mend);
    }
    Some(Kind::BusinessRuleTask.into())
}

/// Hands the task to the caller and goes on: the effect is delivered after the transaction, never inside it.
pub(super) fn send(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let task = run.def.at(flight.to);
    let topic = task.topic.clone().unwrap_or_default();
    run.out.effects.push(Effect::Send { element: task.id.clone(), topic });
    run.pass(flight)
}

/// Lets the caller run the decision and goes on.
pub(super) fn decide(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let task = run.def.at(flight.to);
    let decision = task.decision.as_deref().unwrap_or_default();
    run.ask_within(flight.scope);
    run.context.decide(&task.id, decision).map_err(|message| FlowError::Decision {
        element: task.id.clone(),
        decision: decision.to_owned(),
        message,
    })?;
    run.pass(flight)
}
