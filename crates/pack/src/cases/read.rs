//! Reads a file of cases that has the right shape.

use serde_json::{Map, Value};

use super::{Act, Case, Doing, Expected};
use crate::source::Source;
use crate::{Command, Defect};

/// The cases of one file.
pub(crate) fn read(source: &Source, defects: &mut Vec<Defect>) -> Vec<Case> {
    let cases = source.value.as_array().map(Vec::as_slice).unwrap_or_default();
    cases.iter().enumerate().map(|(index, case)| read_case(source, index, case, defects)).collect()
}

fn read_case(source: &Source, index: usize, case: &Value, defects: &mut Vec<Defect>) -> Case {
    let pointer = format!("/{index}");
    let steps = case.get("do").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut doing = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let at = format!("{pointer}/do/{index}");
        match read_doing(source, &at, step) {
            Ok(read) => doing.push(read),
            Err(defect) => defects.push(defect),
        }
    }
    Case {
        name: text(case, "name").unwrap_or_default(),
        file: source.file.clone(),
        line: source.line(&pointer),
        skip: text(case, "skip"),
        given: map(case, "given"),
        doing,
        expect: read_expected(source, &pointer, case),
    }
}

fn read_doing(source: &Source, at: &str, step: &Value) -> Result<Doing, Defect> {
    let acts: Vec<&String> = step.as_object().into_iter().flat_map(Map::keys).filter(|key| *key != "expect").collect();
    let act = match acts.as_slice() {
        [] => None,
        [key] => Some(read_act(source, at, key, step.get(key.as_str()).unwrap_or(&Value::Null))?),
        _ => {
            let message = "two things are done in one step";
            return Err(source.defect(at, "case", message, "give each its own step"));
        }
    };
    Ok(Doing { line: source.line(at), act, expect: read_expected(source, at, step) })
}

fn read_expected(source: &Source, at: &str, value: &Value) -> Option<Expected> {
    let looks = value.get("expect")?.as_object()?.clone();
    Some(Expected { line: source.line(&format!("{at}/expect")), looks })
}

fn read_act(source: &Source, at: &str, key: &str, value: &Value) -> Result<Act, Defect> {
    let needed = |name: &str| text(value, name).unwrap_or_default();
    Ok(match key {
        "open" => Act::Open(value.as_object().cloned().unwrap_or_default()),
        "complete" => Act::Complete { step: needed("step"), outcome: needed("outcome"), values: map(value, "values") },
        "assign" => Act::Assign {
            step: text(value, "step"),
            team: text(value, "team"),
            assignee: text(value, "assignee"),
            reason: text(value, "reason"),
        },
        "move" => Act::Move { step: needed("step"), to: needed("to") },
        "wait" => {
            let written = value.as_str().unwrap_or_default();
            let Some(length) = flow::duration_ms(written) else {
                let message = format!("'{written}' is no duration");
                return Err(source.defect(&format!("{at}/wait"), "case", message, "write it as P3D or PT4H"));
            };
            Act::Wait(length)
        }
        _ => Act::Plain(plain(key, value)),
    })
}

/// Commands that name no step; the schema lets no other key pass.
fn plain(key: &str, value: &Value) -> Command {
    let needed = |name: &str| text(value, name).unwrap_or_default();
    match key {
        "edit" => Command::Edit { values: map(value, "values"), reason: text(value, "reason") },
        "accept" => Command::Accept { by: needed("by") },
        "hold" => Command::Hold { reason: needed("reason"), note: None },
        "cancel" => Command::Cancel { reason: needed("reason") },
        "rate" => {
            let score = value.get("score").and_then(Value::as_u64).and_then(|score| u8::try_from(score).ok());
            Command::Rate { score: score.unwrap_or_default(), comment: text(value, "comment") }
        }
        "comment" => Command::Comment { by: needed("by"), internal: value.get("internal").and_then(Value::as_bool).unwrap_or_default() },
        "urge" => Command::Urge,
        "message" => Command::Message { name: needed("name") },
        _ => Command::Resume,
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn map(value: &Value, key: &str) -> Map<String, Value> {
    value.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}
