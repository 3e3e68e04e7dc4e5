//! `approvals.yaml`: who decides, and when it is enough.

use std::collections::{BTreeMap, HashMap};

use approval::{Approver, Body, Definition, Then};
use decide::{Expression, Names};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Defect;
use crate::source::{Source, join};

/// The approvals of a pack.
#[derive(Debug, Default)]
pub(crate) struct Approvals {
    /// By key; each holds the bodies that it names.
    pub definitions: IndexMap<String, Definition>,
    /// All bodies, by key.
    pub bodies: BTreeMap<String, Body>,
    /// What the steps ask of a record, by source.
    pub expressions: HashMap<String, Expression>,
}

/// Reads a file that has passed `approvals.schema.json`. What cannot be read is left out and told.
pub(crate) fn read(source: &Source, names: &dyn Names, defects: &mut Vec<Defect>) -> Approvals {
    let mut approvals = Approvals::default();
    for (key, value) in entries(&source.value, "bodies") {
        let body = typed(source, &join("/bodies", key), value.clone(), defects);
        approvals.bodies.extend(body.map(|body| (key.clone(), body)));
    }
    for (key, value) in entries(&source.value, "approvals") {
        let at = join("/approvals", key);
        let mut value = value.clone();
        durations(source, &at, &mut value, defects);
        let Some(mut definition) = typed::<Definition>(source, &at, value, defects) else { continue };
        let named = definition.steps.iter().filter_map(|step| step.body.as_ref());
        let bodies: Vec<&String> = named.filter(|body| approvals.bodies.contains_key(*body)).collect();
        definition.bodies = bodies.into_iter().map(|body| (body.clone(), approvals.bodies[body].clone())).collect();
        approvals.definitions.insert(key.clone(), definition);
    }
    for (pointer, text) in expressions(&approvals) {
        match Expression::compile(&text, names) {
            Ok(expression) => {
                approvals.expressions.insert(text, expression);
            }
            Err(error) => defects.push(source.defect(&pointer, "expression", format!("'{text}': {}", error.message), error.mend)),
        }
    }
    approvals
}

fn entries<'a>(value: &'a Value, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(section).and_then(Value::as_object).into_iter().flatten()
}

/// Writes durations as the machine counts them, in milliseconds.
fn durations(source: &Source, at: &str, approval: &mut Value, defects: &mut Vec<Defect>) {
    let steps = approval.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten();
    for (step, value) in steps.enumerate() {
        let time_outs = value.get_mut("time_outs").and_then(Value::as_array_mut).into_iter().flatten();
        for (index, time_out) in time_outs.enumerate() {
            let Some(after) = time_out.get_mut("after") else { continue };
            let text = after.as_str().unwrap_or_default().to_owned();
            let Some(duration) = flow::duration_ms(&text) else {
                let pointer = format!("{at}/steps/{step}/time_outs/{index}/after");
                let mend = "write an ISO 8601 duration of fixed length: PT4H, P3D, P1W";
                defects.push(source.defect(&pointer, "bad_duration", format!("'{text}' is no duration"), mend));
                // Anything that reads: the pack is refused, and its other faults are told too.
                *after = Value::from(i64::try_from(index).unwrap_or_default() + 1);
                continue;
            };
            *after = Value::from(duration);
        }
    }
}

fn typed<T: DeserializeOwned>(source: &Source, pointer: &str, value: Value, defects: &mut Vec<Defect>) -> Option<T> {
    let read = serde_json::from_value(value);
    read.map_err(|error| defects.push(source.defect(pointer, "wrong_shape", error.to_string(), "write it as packs/_schema says"))).ok()
}

/// Every expression and where it stands.
fn expressions(approvals: &Approvals) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (key, definition) in &approvals.definitions {
        for (index, step) in definition.steps.iter().enumerate() {
            let at = format!("{}/steps/{index}/when", join("/approvals", key));
            found.extend(step.when.clone().map(|text| (at, text)));
        }
    }
    for (pointer, source) in approvals.sources() {
        if let Approver::Expression(text) = source {
            found.push((format!("{pointer}/expression"), text.clone()));
        }
    }
    found
}

impl Approvals {
    /// Every source of people and where it stands.
    pub fn sources(&self) -> Vec<(String, &Approver)> {
        let mut found = Vec::new();
        for (key, body) in &self.bodies {
            let base = join("/bodies", key);
            found.extend(numbered(&format!("{base}/members"), &body.members));
            found.extend(body.chair.as_ref().map(|chair| (format!("{base}/chair"), chair)));
        }
        for (key, definition) in &self.definitions {
            for (index, step) in definition.steps.iter().enumerate() {
                let base = format!("{}/steps/{index}", join("/approvals", key));
                found.extend(numbered(&format!("{base}/approvers"), &step.approvers));
                for (index, time_out) in step.time_outs.iter().enumerate() {
                    if let Then::Escalate(to) = &time_out.then {
                        found.extend(numbered(&format!("{base}/time_outs/{index}/then/escalate"), to));
                    }
                }
            }
        }
        found
    }
}

/// The entries of a list and where each stands.
fn numbered<'a>(base: &str, sources: &'a [Approver]) -> impl Iterator<Item = (String, &'a Approver)> {
    sources.iter().enumerate().map(move |(index, source)| (format!("{base}/{index}"), source))
}
