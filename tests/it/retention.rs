//! Retention: what has ended goes when its time is over, and leaves a tombstone; what is under legal hold stays.

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, Database, House, Stage, at, pages, record, s, unique, until, upload};
use crate::import::{check, import_ended};

on_both!(rules_that_are_none_are_refused; alone: what_has_ended_goes_and_what_is_held_stays);

fn rules(by: &Caller, rules: &Value) -> Answer {
    by.send(&Call::new("PUT", "/settings/retention").json(&json!({ "value": { "rules": rules } })))
}

fn rules_that_are_none_are_refused(house: &House) {
    let admin = &house.cast.admin;
    let good = json!({ "type": "incident", "phase": "closed", "days": 30, "action": "remove" });
    let bad = |field: &str, value: Value| {
        let mut rule = good.clone();
        rule[field] = value;
        rules(admin, &json!([good, rule]))
    };
    bad("type", json!("unheard-of")).invalid("/value/rules/1/type", "unknown");
    bad("phase", json!("active")).invalid("/value/rules/1/phase", "enum");
    bad("days", json!(0)).invalid("/value/rules/1/days", "range");
    bad("action", json!("hide")).invalid("/value/rules/1/action", "enum");
    bad("colour", json!("red")).invalid("/value/rules/1/colour", "unknown_field");
    bad("days", json!(null)).invalid("/value/rules/1/days", "required");
    rules(&house.cast.manager, &json!([good])).problem(403, "forbidden");
}

fn what_has_ended_goes_and_what_is_held_stays(database: Database) {
    let mut house = House::own(database);
    import_ended(&house, &["B1", "B2", "B3"]);
    let recent = house.stand(Stage::Closed);
    let number = |key: &str| record(&house.cast.admin, key)["number"].as_str().unwrap().to_owned();
    let (gone, held, other) = (number("B1"), number("B2"), number("B3"));
    house.cast.admin.send(&upload(&at(&gone, "/attachments"), "a.txt", unique("content").as_bytes(), None)).ok(201);
    let hold = Call::new("PUT", at(&held, "/legal-hold")).json(&json!({ "reason": "court" }));
    assert_eq!(house.cast.admin.send(&hold).status, 204);
    // A record that stays speaks of one that goes.
    let link = json!({ "fields": { "to": gone, "kind": "related" } });
    house.cast.admin.post(at(&held, "/actions/link"), &link).ok(200);
    check(&house);

    rules(&house.cast.admin, &json!([{ "type": "incident", "phase": "closed", "days": 30, "action": "remove" }])).ok(200);
    house.restart();
    let admin = &house.cast.admin;
    let job = until(s(60), "the job ends", || {
        let job = admin.read("/jobs?limit=1")["items"][0].clone();
        (job["kind"] == "retention" && job["state"] == "done").then_some(job)
    });
    let told: Vec<Value> = pages(admin, &format!("/jobs/{}/rows?limit=1", job["id"].as_str().unwrap()))
        .iter()
        .map(|row| json!([row["subject"], row["outcome"], row["message"]]))
        .collect();
    let wanted = [json!([gone, "removed", null]), json!([held, "kept", "under legal hold"]), json!([other, "removed", null])];
    assert!(wanted.iter().all(|row| told.contains(row)) && told.len() == 3, "{told:?}");
    for number in [&gone, &other, "B1"] {
        admin.get(at(number, "")).problem(404, "not_found");
        admin.get(at(number, "/timeline")).problem(404, "not_found");
    }
    assert_eq!(record(admin, &held)["legal_hold"]["reason"], "court");
    assert!(admin.read(at(&held, "/links"))["items"].is_array());
    assert_eq!(record(admin, &recent)["phase"], "closed");
    check(&house);
}
