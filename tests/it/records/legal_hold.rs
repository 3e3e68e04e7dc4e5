//! `PUT/DELETE /records/{type}/{number}/legal-hold`

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, House, Stage, at, record, timeline};

on_both!(a_hold_is_set_shown_journaled_and_lifted, nonsense_is_refused);

fn set(by: &Caller, number: &str, reason: &str) -> Answer {
    by.send(&Call::new("PUT", at(number, "/legal-hold")).json(&json!({ "reason": reason })))
}

fn a_hold_is_set_shown_journaled_and_lifted(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::Closed));
    let before = record(&cast.agent, &number)["version"].as_i64().unwrap();
    assert_eq!(set(&cast.admin, &number, " court order 7 ").status, 204);
    let held = record(&cast.agent, &number);
    assert_eq!(held["version"], before + 1);
    assert_eq!((&held["legal_hold"]["reason"], &held["legal_hold"]["by"]["key"]), (&json!("court order 7"), &json!("admin")), "{held}");
    assert!(held["legal_hold"]["at"].is_string());
    assert_eq!(record(&cast.owner, &number)["legal_hold"], Value::Null, "it is not for requesters");

    assert_eq!(set(&cast.admin, &number, "court order 7").status, 204, "the same again changes nothing");
    set(&cast.admin, &number, "another").problem(409, "not_available");
    assert_eq!(cast.admin.delete(at(&number, "/legal-hold")).status, 204);
    assert_eq!(cast.admin.delete(at(&number, "/legal-hold")).status, 204);
    let lifted = record(&cast.agent, &number);
    assert_eq!((&lifted["legal_hold"], &lifted["version"]), (&Value::Null, &json!(before + 2)));

    let entries = timeline(&cast.agent, &number);
    let told: Vec<(&str, &str)> =
        entries.iter().rev().take(2).map(|e| (e["kind"].as_str().unwrap(), e["body"].as_str().unwrap_or_default())).collect();
    assert_eq!(told, [("legal_hold_lifted", ""), ("legal_hold_set", "court order 7")]);
    assert!(timeline(&cast.owner, &number).iter().all(|entry| !entry["kind"].as_str().unwrap().starts_with("legal")));
}

fn nonsense_is_refused(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::New));
    set(&cast.admin, &number, "  ").invalid("/reason", "length");
    set(&cast.admin, &number, &"x".repeat(2001)).invalid("/reason", "length");
    cast.admin.send(&Call::new("PUT", at(&number, "/legal-hold")).json(&json!({ "why": "x" }))).problem(422, "invalid");
    set(&cast.admin, "INC-1999-000001", "x").problem(404, "not_found");
}
