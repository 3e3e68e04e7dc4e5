//! Work on records, as people do it.

use serde_json::{Value, json};

use super::client::{Answer, Call, Caller};
use super::house::{House, unique};

/// Path of a record, or of what belongs to it.
pub fn at(number: &str, rest: &str) -> String {
    format!("/records/incident/{number}{rest}")
}

/// The number of a record.
#[track_caller]
pub fn number(record: &Value) -> String {
    record["number"].as_str().expect("a record has a number").to_owned()
}

/// Does an action.
#[track_caller]
pub fn act(by: &Caller, number: &str, action: &str, fields: &Value) -> Answer {
    by.send(&action_call(number, action, fields))
}

/// The request that does an action.
pub fn action_call(number: &str, action: &str, fields: &Value) -> Call {
    Call::post(at(number, &format!("/actions/{action}")), &json!({ "fields": fields }))
}

/// Reads a record, by its number or by the one it had elsewhere.
#[track_caller]
pub fn record(by: &Caller, number: &str) -> Value {
    let answer = by.get(at(number, ""));
    match answer.status {
        308 => by.read(format!("/{}", answer.header("location").expect("it says where"))),
        _ => answer.ok(200),
    }
}

/// Reads the whole timeline.
#[track_caller]
pub fn timeline(by: &Caller, number: &str) -> Vec<Value> {
    pages(by, &at(number, "/timeline?limit=200"))
}

/// Reads a list to its end.
#[track_caller]
pub fn pages(by: &Caller, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = by.read(format!("{path}{cursor}"));
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return items };
        let sign = if path.contains('?') { '&' } else { '?' };
        cursor = format!("{sign}cursor={next}");
    }
}

/// The request that sets a setting, whatever it is now.
#[track_caller]
pub fn set_call(admin: &Caller, key: &str, value: &Value) -> Call {
    let known = admin.read("/settings?limit=200")["items"].as_array().unwrap().clone();
    let version = known.iter().find(|it| it["key"] == key).expect("there is such a setting")["version"].as_i64().unwrap();
    let call = Call::new("PUT", format!("/settings/{key}")).json(&json!({ "value": value }));
    if version > 0 { call.seen(version) } else { call }
}

/// Values with which a record is dispatched to the desktop team.
pub fn desktop() -> Value {
    json!({ "category": "hardware/printer", "service": "printing" })
}

/// Values with which a record is resolved.
pub fn solved() -> Value {
    json!({ "resolution": "cleaned the paper path", "closure_code": "fixed" })
}

/// Where a record can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Opened by its requester, not yet classified.
    New,
    /// With the desktop team.
    L1,
    /// Escalated to the second line.
    L2,
    /// Escalated to the third line.
    L3,
    /// With the desktop team, on hold.
    Held,
    /// Resolved by the desktop team, waiting for the requester.
    Resolved,
    /// A major one that its requester has confirmed.
    Review,
    /// Confirmed and closed.
    Closed,
    /// Cancelled by its requester.
    Cancelled,
}

impl House {
    /// A record of the owner's at this stage; gives its number.
    #[track_caller]
    pub fn stand(&self, stage: Stage) -> String {
        let cast = &self.cast;
        let title = unique("paper jam");
        let opened = match stage {
            Stage::Review => cast.desk.post(
                "/records/incident",
                &json!({ "title": title, "requester": "owner", "impact": "high", "urgency": "high", "channel": "phone" }),
            ),
            _ => cast.owner.post("/records/incident", &json!({ "title": title, "description": "the one in the hall" })),
        };
        let number = number(&opened.ok(201));
        let go = |by: &Caller, action: &str, fields: Value| act(by, &number, action, &fields).ok(200);
        if stage == Stage::New {
            return number;
        }
        if stage == Stage::Cancelled {
            go(&cast.owner, "cancel", json!({ "reason": "withdrawn" }));
            return number;
        }
        go(&cast.desk, "dispatch", desktop());
        match stage {
            Stage::L2 | Stage::L3 => {
                go(&cast.agent, "escalate", json!({ "handover_note": "beyond me" }));
                if stage == Stage::L3 {
                    go(&cast.l2, "escalate", json!({ "handover_note": "beyond us" }));
                }
            }
            Stage::Held => drop(go(&cast.agent, "hold", json!({ "reason": "vendor" }))),
            Stage::Resolved | Stage::Review | Stage::Closed => {
                go(&cast.agent, "resolve", solved());
                if stage != Stage::Resolved {
                    go(&cast.owner, "confirm", json!({}));
                }
            }
            _ => {}
        }
        number
    }
}
