//! Compares what is with what a case expects.

use serde_json::{Map, Value, json};

use super::run::Seen;
use crate::{Pack, Record, Refusal};

/// What differs, in words.
pub(super) fn compare(pack: &Pack, record: &Record, seen: &Seen, looks: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (look, wanted) in looks.iter().filter(|(look, _)| *look != "refused") {
        if look == "edits" {
            found.extend(edits(seen, wanted));
            continue;
        }
        let is = actual(pack, record, seen, look, wanted);
        if is != *wanted {
            found.push(format!("{look}: expected {wanted}, is {is}"));
        }
    }
    found
}

/// The value of one look, in the shape the expectation is written in.
fn actual(pack: &Pack, record: &Record, seen: &Seen, look: &str, wanted: &Value) -> Value {
    let step = record.steps.last();
    match look {
        "state" => record.state.as_str().into(),
        "phase" => pack.phase_of(&record.state).map_or(Value::Null, |phase| phase.key().into()),
        "status" => serde_json::to_value(record.instance.status).unwrap_or_default(),
        "step" => {
            let open: Vec<&str> = record.steps.iter().map(|step| step.element.as_str()).collect();
            match open.as_slice() {
                [] if wanted.is_null() => Value::Null,
                [only] if wanted.is_string() => (*only).into(),
                _ => json!(open),
            }
        }
        "step_team" => step.and_then(|step| step.team.as_deref()).map_or(Value::Null, Value::from),
        "step_assignee" => step.and_then(|step| step.assignee.as_deref()).map_or(Value::Null, Value::from),
        "accepted" => step.is_some_and(|step| step.accepted_at.is_some()).into(),
        "messages" => json!(seen.messages),
        "path" => json!(seen.path),
        "topics" => json!(seen.topics),
        field => record.value(field).clone(),
    }
}

/// Named fields must have changed to these values; null stands for "emptied", and other changes do not matter.
fn edits(seen: &Seen, wanted: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (field, wanted) in wanted.as_object().into_iter().flatten() {
        match seen.edits.get(field) {
            Some(is) if is == wanted => {}
            Some(is) => found.push(format!("edit of {field}: expected {wanted}, is {is}")),
            None => found.push(format!("edit of {field}: expected {wanted}, was not edited")),
        }
    }
    found
}

/// What is wrong with a refusal that was wanted; nothing if it is the right one.
pub(super) fn refused(refusal: &Refusal, wanted: &Value) -> Option<String> {
    let text = |key: &str| wanted.get(key).and_then(Value::as_str);
    // Both the refusal's own code and the code of a refused value may be named.
    let errors = if let Refusal::Invalid(errors) = refusal { errors.as_slice() } else { &[] };
    let code = text("code").unwrap_or_default();
    let fits = match text("pointer") {
        None => refusal.code() == code || errors.iter().any(|error| error.code == code),
        Some(pointer) => errors.iter().any(|error| error.pointer == pointer && (error.code == code || refusal.code() == code)),
    };
    (!fits).then(|| format!("expected to be refused with {wanted}, but it was {} ({refusal})", refusal.code()))
}
