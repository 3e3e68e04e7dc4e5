//! Facts stand in the journal for ever: a fixture of every kind, written once, read by every later version.

use pack::{Check, CheckState, Edit, Facts, Record, StateMove, StepFact};
use serde_json::{Value, json};

fn holds(facts: &Facts, written: Value) {
    assert_eq!(serde_json::to_value(facts).unwrap(), written);
    assert_eq!(&serde_json::from_value::<Facts>(written).unwrap(), facts);
}

fn edit(field: &str, old: Value, new: Value) -> Edit {
    Edit { field: field.to_owned(), old, new }
}

#[test]
fn nothing_is_an_empty_object() {
    holds(&Facts::default(), json!({}));
}

#[test]
fn edits() {
    let edits = vec![
        edit("impact", json!("low"), json!("high")),
        edit("contact", Value::Null, json!("8123")),
        edit("hold_reason", json!("vendor"), Value::Null),
    ];
    let written = json!({"edits": [
        {"field": "impact", "old": "low", "new": "high"},
        {"field": "contact", "new": "8123"},
        {"field": "hold_reason", "old": "vendor"},
    ]});
    holds(&Facts { edits, ..Facts::default() }, written);
}

#[test]
fn states() {
    let opened = StateMove { old: String::new(), new: "new".to_owned() };
    holds(&Facts { state: Some(opened), ..Facts::default() }, json!({"state": {"new": "new"}}));
    let moved = StateMove { old: "new".to_owned(), new: "l1".to_owned() };
    holds(&Facts { state: Some(moved), ..Facts::default() }, json!({"state": {"old": "new", "new": "l1"}}));
}

#[test]
fn steps() {
    let owned = |text: &str| Some(text.to_owned());
    let steps = vec![
        StepFact::Opened { activity: 3, element: "l1".to_owned(), team: owned("net"), assignee: None, at: 1000 },
        StepFact::Opened { activity: 4, element: "l1".to_owned(), team: None, assignee: owned("u1"), at: 1000 },
        StepFact::Assigned { activity: 3, team: owned("net"), assignee: owned("u1"), accepted_at: Some(2000) },
        StepFact::Assigned { activity: 3, team: None, assignee: None, accepted_at: None },
        StepFact::Closed { activity: 3 },
    ];
    let written = json!({"steps": [
        {"s": "opened", "activity": 3, "element": "l1", "team": "net", "at": 1000},
        {"s": "opened", "activity": 4, "element": "l1", "assignee": "u1", "at": 1000},
        {"s": "assigned", "activity": 3, "team": "net", "assignee": "u1", "accepted_at": 2000},
        {"s": "assigned", "activity": 3},
        {"s": "closed", "activity": 3},
    ]});
    holds(&Facts { steps, ..Facts::default() }, written);
}

#[test]
fn flow_events_stand_as_the_flow_writes_them() {
    let flow = vec![
        flow::Event::Taken { edge: "e1".to_owned() },
        flow::Event::Opened { activity: 3, element: "l1".to_owned(), at: 1000 },
        flow::Event::Closed {
            activity: 3,
            element: "l1".to_owned(),
            outcome: Some("resolve".to_owned()),
            how: flow::How::Completed,
            at: 2000,
        },
        flow::Event::Ended { status: flow::Status::Completed, at: 2000, reason: None },
    ];
    let written = json!({"flow": [
        {"e": "taken", "edge": "e1"},
        {"e": "opened", "activity": 3, "element": "l1", "at": 1000},
        {"e": "closed", "activity": 3, "element": "l1", "outcome": "resolve", "how": "completed", "at": 2000},
        {"e": "ended", "status": "completed", "at": 2000},
    ]});
    holds(&Facts { flow, ..Facts::default() }, written);
}

fn check(step: &str, state: CheckState, note: Option<&str>) -> Check {
    let text = [("zh".to_owned(), "核对".to_owned())].into();
    Check {
        checklist: "c".to_owned(),
        step: step.to_owned(),
        state,
        text,
        note: note.map(str::to_owned),
        by: Some("u1".to_owned()),
        at: 1000,
    }
}

#[test]
fn checks() {
    let checks = vec![
        check("a", CheckState::Done, None),
        check("b", CheckState::NotApplicable, Some("no such device")),
        Check { text: Default::default(), by: None, ..check("a", CheckState::Open, None) },
    ];
    let written = json!({"checks": [
        {"checklist": "c", "step": "a", "state": "done", "text": {"zh": "核对"}, "by": "u1", "at": 1000},
        {"checklist": "c", "step": "b", "state": "not_applicable", "text": {"zh": "核对"}, "note": "no such device", "by": "u1", "at": 1000},
        {"checklist": "c", "step": "a", "state": "open", "at": 1000},
    ]});
    let facts = Facts { checks, ..Facts::default() };
    holds(&facts, written);
    let mut record = Record::default();
    record.apply(&facts);
    assert_eq!(record.checks, [check("b", CheckState::NotApplicable, Some("no such device"))], "what was opened again is not kept");
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    let later = json!({"edits": [{"field": "a", "new": 1, "why": "later"}], "later": {}});
    let facts: Facts = serde_json::from_value(later).unwrap();
    assert_eq!(facts.edits, [edit("a", Value::Null, json!(1))]);
}
