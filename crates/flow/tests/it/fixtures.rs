//! Each `fixtures/<name>.bpmn` is played by the script in `fixtures/<name>.json`, which also holds what must happen.
//!
//! A step is `{"at": ms, "do": {…}, "holds": [conditions], "durations": {source: ms}, "keys": {source: key},
//! "lists": {source: [items]}}`;
//! the rest of it is the answer.
//! `BLESS=1 cargo test -p flow` writes the answers anew; read the diff before believing it.

use std::fmt::Write as _;
use std::path::PathBuf;

use flow::{Effect, Stimulus};
use serde_json::{Map, Value, json};

use crate::support::Play;

const NAMES: [&str; 28] = [
    "at_once",
    "boundary_message",
    "boundary_signal",
    "boundary_timer",
    "boundary_timer_aside",
    "call_activity",
    "correlation",
    "error",
    "error_handled",
    "escalation",
    "event_based",
    "event_sub_process",
    "event_sub_process_aside",
    "exclusive",
    "hold",
    "inclusive",
    "inclusive_general",
    "message",
    "parallel",
    "receive_task",
    "repeat_call",
    "repeat_sub_process",
    "repeat_user_task",
    "signal",
    "sub_process",
    "terminate",
    "timer",
    "user_task",
];

#[test]
fn fixtures_do_what_is_written_beside_them() {
    for name in NAMES {
        check(name);
    }
}

#[test]
fn every_fixture_is_sound() {
    for name in NAMES.into_iter().chain(["decorated"]) {
        assert_eq!(Play::fixture(name).def.check(), [], "{name}");
    }
}

fn check(name: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(format!("{name}.json"));
    let written = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let steps: Vec<Map<String, Value>> = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut play = Play::fixture(name);
    let played: Vec<Map<String, Value>> = steps.iter().map(|step| perform(&mut play, step)).collect();
    let text = lay_out(&played);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(written, text, "{name}: the engine did something else; see BLESS in {}", file!());
}

fn perform(play: &mut Play, step: &Map<String, Value>) -> Map<String, Value> {
    let mut answer: Map<String, Value> = step
        .iter()
        .filter(|(key, _)| ["at", "do", "holds", "durations", "keys", "lists"].contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    play.now = step["at"].as_i64().unwrap();
    play.told.asked.clear();
    play.told.holds = serde_json::from_value(step.get("holds").cloned().unwrap_or(json!([]))).unwrap();
    play.told.durations = serde_json::from_value(step.get("durations").cloned().unwrap_or(json!({}))).unwrap();
    play.told.keys = serde_json::from_value(step.get("keys").cloned().unwrap_or(json!({}))).unwrap();
    play.told.lists = serde_json::from_value(step.get("lists").cloned().unwrap_or(json!({}))).unwrap();
    let stimulus = stimulus(play, &step["do"]);
    match play.act(&stimulus) {
        Ok(out) => {
            answer.insert("events".to_owned(), serde_json::to_value(&out.events).unwrap());
            if !out.effects.is_empty() {
                answer.insert("effects".to_owned(), out.effects.iter().map(effect).collect());
            }
            if !play.told.asked.is_empty() {
                answer.insert("asked".to_owned(), json!(play.told.asked));
            }
        }
        Err(error) => {
            answer.insert("refused".to_owned(), json!(error.to_string()));
        }
    }
    answer
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::Send { element, topic } => json!({"send": topic, "element": element}),
        Effect::Message { element, name, key } => json!({"message": name, "element": element, "key": key}),
        Effect::Signal { element, name } => json!({"signal": name, "element": element}),
        Effect::Call { activity, element, called, turn, item } => {
            json!({"call": called, "element": element, "activity": activity, "turn": turn, "item": item})
        }
        Effect::Recall { activity, element, called } => json!({"recall": called, "element": element, "activity": activity}),
    }
}

/// Elements stand for what is open on them; a number is taken as it is.
fn stimulus(play: &Play, todo: &Value) -> Stimulus {
    let text = |key: &str| todo.get(key).and_then(Value::as_str).map(str::to_owned);
    let activity = |key: &str| match &todo[key] {
        Value::Number(id) => u32::try_from(id.as_u64().unwrap()).unwrap(),
        element => play.activity(element.as_str().unwrap()),
    };
    let call = |key: &str| match &todo[key] {
        Value::Number(id) => u32::try_from(id.as_u64().unwrap()).unwrap(),
        element => play.call(element.as_str().unwrap()),
    };
    if todo == "start" {
        Stimulus::Start
    } else if todo == "suspend" {
        Stimulus::Suspend
    } else if todo == "resume" {
        Stimulus::Resume
    } else if todo.get("complete").is_some() {
        Stimulus::Complete { activity: activity("complete"), outcome: text("outcome") }
    } else if let Some(element) = text("fire") {
        Stimulus::FireTimer { timer: play.timer(&element) }
    } else if let Some(name) = text("message") {
        Stimulus::Message { name, key: text("key") }
    } else if let Some(name) = text("signal") {
        Stimulus::Signal { name }
    } else if todo.get("ended").is_some() {
        Stimulus::CallEnded { activity: call("ended"), outcome: text("outcome") }
    } else if todo.get("failed").is_some() {
        Stimulus::CallFailed { activity: call("failed"), error: text("error").unwrap() }
    } else if let Some(reason) = text("cancel") {
        Stimulus::Cancel { reason }
    } else if todo.get("move").is_some() {
        Stimulus::Move { activity: activity("move"), to: text("to").unwrap() }
    } else {
        panic!("cannot do {todo}")
    }
}

/// One line an event: a snapshot is for reading.
fn lay_out(steps: &[Map<String, Value>]) -> String {
    let mut text = String::from("[");
    for (number, step) in steps.iter().enumerate() {
        text.push_str(if number == 0 { "\n  {" } else { ",\n  {" });
        for (position, (key, value)) in step.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            match value {
                Value::Array(items) if ["events", "effects", "asked"].contains(&key.as_str()) && !items.is_empty() => {
                    let lines: Vec<String> = items.iter().map(|item| format!("\n      {item}")).collect();
                    write!(text, "{comma}\n    \"{key}\": [{}\n    ]", lines.join(",")).unwrap();
                }
                _ => write!(text, "{comma}\n    \"{key}\": {value}").unwrap(),
            }
        }
        text.push_str("\n  }");
    }
    text.push_str("\n]\n");
    text
}
