//! What can be done with a record now. Who may do it is the caller's business.

use flow::Status;
use serde::Serialize;

use crate::manifest::Phase;
use crate::process::URGED_AGAIN;
use crate::{Pack, Record};

/// Where an action comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Drawn: an outcome of an open step.
    Outcome,
    /// Undrawn: possible on any record in the right phase.
    Command,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Key of the outcome or of the command.
    pub key: String,
    /// Where it comes from.
    pub kind: ActionKind,
    /// The open step, for outcomes.
    pub activity: Option<u32>,
    /// The element of that step.
    pub element: Option<String>,
    /// The fields its dialog offers, the required ones first.
    pub fields: Vec<String>,
    /// The fields that must have a value by then.
    pub required: Vec<String>,
    /// The reason codes to choose from.
    pub reasons: Vec<String>,
    /// Whether it can be done now.
    pub enabled: bool,
    /// Why not: `on_hold`, `not_on_hold`, `ended`, `accepted`, `no_step`, `not_working`, `not_resolved`, `urged`.
    pub reason: Option<&'static str>,
}

/// Every action of a record, possible or not, outcomes first, then commands in a fixed order.
pub fn actions(pack: &Pack, record: &Record, now: i64) -> Vec<Action> {
    let held = record.instance.status == Status::Suspended;
    let mut found = Vec::new();
    for step in &record.steps {
        let outcomes = pack.flow().element(&step.element).map(flow::Element::outcomes).unwrap_or_default();
        for outcome in outcomes {
            let mut action = new(outcome, ActionKind::Outcome, held.then_some("on_hold"));
            action.activity = Some(step.activity);
            action.element = Some(step.element.clone());
            action.fields = owned(&pack.manifest().offered_for(&step.element, outcome));
            action.required = owned(&pack.manifest().required_for(&step.element, outcome));
            found.push(action);
        }
    }
    found.extend(commands(pack, record, held, now));
    found
}

fn commands(pack: &Pack, record: &Record, held: bool, now: i64) -> Vec<Action> {
    let manifest = pack.manifest();
    let phase = pack.phase_of(&record.state);
    let ended = phase.is_none_or(Phase::is_ended);
    let no_step = record.steps.is_empty().then_some("no_step");
    let accepted = record.steps.iter().all(|step| step.accepted_at.is_some()).then_some("accepted");
    let working = phase.is_some_and(Phase::is_working);
    let solved = matches!(phase, Some(Phase::Resolved | Phase::Closed));
    let mut found = vec![
        command(pack, "accept", no_step.or(accepted)),
        command(pack, "assign", no_step),
        command(pack, "edit", ended.then_some("ended")),
        command(pack, "cancel", ended.then_some("ended")),
        command(pack, "urge", urged(record, phase, now)),
    ];
    if manifest.hold_state.is_some() {
        let blocked = if held { Some("on_hold") } else { (!working).then_some("not_working") };
        found.push(command(pack, "hold", blocked));
        found.push(command(pack, "resume", (!held).then_some("not_on_hold")));
    }
    if manifest.rating.is_some() {
        found.push(command(pack, "rate", (!solved).then_some("not_resolved")));
    }
    found
}

fn urged(record: &Record, phase: Option<Phase>, now: i64) -> Option<&'static str> {
    if !phase.is_some_and(|phase| matches!(phase, Phase::New | Phase::Active | Phase::Waiting)) {
        return Some("ended");
    }
    let before = record.values.get("urged_at").and_then(serde_json::Value::as_i64);
    before.is_some_and(|before| now < before + URGED_AGAIN).then_some("urged")
}

fn command(pack: &Pack, key: &str, blocked: Option<&'static str>) -> Action {
    let mut action = new(key, ActionKind::Command, blocked);
    let kind = if key == "assign" { "reassign" } else { key };
    action.reasons = pack.manifest().reasons(kind).to_vec();
    action
}

fn new(key: &str, kind: ActionKind, blocked: Option<&'static str>) -> Action {
    Action {
        key: key.to_owned(),
        kind,
        activity: None,
        element: None,
        fields: Vec::new(),
        required: Vec::new(),
        reasons: Vec::new(),
        enabled: blocked.is_none(),
        reason: blocked,
    }
}

fn owned(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}
