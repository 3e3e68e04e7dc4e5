//! Every action as every role, at the stage where it is done.

use serde_json::{Value, json};

use super::{caller, statuses};
use crate::harness::{House, Stage, act, desktop, solved, unique, with};

on_both!(every_role_may_do_what_the_table_says);

/// Action, stage of the record, status for each role.
#[rustfmt::skip]
const TABLE: &[(&str, Stage, &str)] = &[
    //                               anon stra owner outs cont idle agent desk mana obse admin
    ("accept",   Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("assign",   Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("hold",     Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("resume",   Stage::Held,       "401  404  403  404  200  403  200  200  200  403  200"),
    ("comment",  Stage::L1,         "401  404  200  404  200  200  200  200  200  403  200"),
    ("link",     Stage::L1,         "401  404  403  404  403  200  200  200  200  403  200"),
    ("cancel",   Stage::New,        "401  404  200  404  404  403  403  200  200  403  200"),
    ("cancel",   Stage::L1,         "401  404  200  404  403  403  403  200  200  403  200"),
    ("rate",     Stage::Resolved,   "401  404  200  404  403  403  403  403  200  403  200"),
    ("urge",     Stage::L1,         "401  404  200  404  403  403  403  200  200  403  200"),
    ("watch",    Stage::L1,         "401  404  403  404  200  200  200  200  200  200  200"),
    ("unwatch",  Stage::L1,         "401  404  403  404  200  200  200  200  200  200  200"),
    ("remind",   Stage::L1,         "401  404  403  404  200  200  200  200  200  403  200"),
    ("promise_call", Stage::L1,     "401  404  403  404  200  200  200  200  200  403  200"),
    ("ask_expert", Stage::L1,       "401  404  403  404  200  200  200  200  200  403  200"),
    ("check",    Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("dispatch", Stage::New,        "401  404  403  404  404  200  200  200  200  403  200"),
    ("resolve",  Stage::New,        "401  404  403  404  404  200  200  200  200  403  200"),
    ("resolve",  Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("escalate", Stage::L1,         "401  404  403  404  200  403  200  200  200  403  200"),
    ("escalate", Stage::L2,         "401  404  403  404  404  403  403  200  200  403  200"),
    ("return",   Stage::L2,         "401  404  403  404  404  403  403  200  200  403  200"),
    ("return",   Stage::L3,         "401  404  403  404  404  403  403  200  200  403  200"),
    ("confirm",  Stage::Resolved,   "401  404  200  404  403  403  403  200  200  403  200"),
    ("reopen",   Stage::Resolved,   "401  404  200  404  403  403  403  200  200  403  200"),
    ("close",    Stage::Review,     "401  404  403  404  403  403  403  200  200  403  200"),
];

fn fields(house: &House, action: &str, stage: Stage) -> Value {
    match action {
        "assign" => json!({ "team": "network-l1", "reason": "workload" }),
        "hold" => json!({ "reason": "vendor" }),
        "comment" => json!({ "body": "x" }),
        "link" => json!({ "to": house.stand(Stage::New), "kind": "related" }),
        "cancel" => json!({ "reason": "other" }),
        "rate" => json!({ "score": 4 }),
        "dispatch" => desktop(),
        "resolve" if stage == Stage::New => with(desktop(), solved()),
        "resolve" => solved(),
        "escalate" | "return" => json!({ "handover_note": "x" }),
        "remind" => json!({ "due_at": "2027-01-01T00:00:00Z", "note": "x" }),
        "promise_call" => json!({ "due_at": "2027-01-01T00:00:00Z", "phone": "8123" }),
        "check" => json!({ "checklist": checklist(house), "step": "a" }),
        "ask_expert" => json!({ "team": "network-l1", "person": "l2", "question": "x" }),
        "reopen" => json!({ "reopen_reason": "x" }),
        _ => json!({}),
    }
}

/// A checklist of the first line that asks for nothing.
fn checklist(house: &House) -> Value {
    let list = json!({
        "key": unique("access"), "label": { "en": "Access" }, "type": "incident", "activities": ["l1"],
        "steps": [{ "key": "a", "text": { "en": "Do it" } }],
    });
    house.cast.admin.post("/checklists", &list).ok(201)["key"].clone()
}

fn every_role_may_do_what_the_table_says(house: &House) {
    let mut wrong = Vec::new();
    for (action, stage, row) in TABLE {
        for (role, wanted) in statuses(row) {
            let number = house.stand(*stage);
            let answer = act(&caller(house, role), &number, action, &fields(house, action, *stage));
            if answer.status != wanted {
                wrong.push(format!("{action} at {stage:?} as {role}: {} instead of {wanted}: {}", answer.status, answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every action that the pack offers has rows.
#[test]
fn no_action_is_forgotten() {
    for action in [
        "accept",
        "assign",
        "hold",
        "resume",
        "comment",
        "link",
        "cancel",
        "rate",
        "urge",
        "watch",
        "unwatch",
        "remind",
        "promise_call",
        "ask_expert",
        "check",
    ] {
        assert!(TABLE.iter().any(|(known, ..)| *known == action), "{action}");
    }
    for outcome in ["dispatch", "resolve", "escalate", "return", "confirm", "reopen", "close"] {
        assert!(TABLE.iter().any(|(known, ..)| *known == outcome), "{outcome}");
    }
}
