//! `PATCH /records/{type}/{number}`

use serde_json::{Value, json};

use crate::harness::{Answer, Call, House, Stage, act, at, record, timeline};

on_both!(
    an_edit_needs_the_version_that_was_seen,
    an_edit_changes_what_it_names_and_journals_it,
    a_stale_edit_is_told_what_happened_meanwhile,
    what_changes_through_actions_is_not_patched,
    values_are_checked,
    who_knows_better_says_why,
    once_classified_another_assessment_needs_a_reason,
    an_edit_that_changes_nothing_is_no_change,
    an_ended_record_is_not_edited,
    who_may_edit,
    a_record_says_whether_it_can_be_edited,
);

fn patch(house: &House, number: &str, version: i64, body: &Value) -> Answer {
    house.cast.agent.patch(at(number, ""), version, body)
}

fn an_edit_needs_the_version_that_was_seen(house: &House) {
    let number = house.stand(Stage::L1);
    let call = Call::patch(at(&number, ""), &json!({ "title": "new" }));
    house.cast.agent.send(&call).problem(428, "if_match_required");
    house.cast.agent.send(&call.clone().header("if-match", "latest")).problem(400, "malformed");
    let version = house.cast.agent.get(at(&number, "")).version();
    let edited = patch(house, &number, version, &json!({ "title": "new" }));
    assert_eq!(edited.ok(200)["title"], "new");
    assert_eq!(edited.version(), version + 1);
}

fn an_edit_changes_what_it_names_and_journals_it(house: &House) {
    let number = house.stand(Stage::L1);
    let before = record(&house.cast.agent, &number);
    let version = before["version"].as_i64().unwrap();
    let body = json!({ "description": "the one in the cellar", "site": "tower", "fields": { "contact": "room 8" } });
    let after = patch(house, &number, version, &body).ok(200);
    assert_eq!(after["description"], "the one in the cellar");
    assert_eq!(after["site"]["key"], "tower");
    assert_eq!(after["fields"]["contact"], "room 8");
    for field in ["title", "state", "team", "category", "service", "requester", "opened_at"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(record(&house.cast.agent, &number), after);
    let entry = timeline(&house.cast.agent, &number).pop().unwrap();
    assert_eq!(entry["kind"], "edited");
    assert_eq!(entry["actor"]["key"], "agent");
    let change = |field: &str| entry["changes"].as_array().unwrap().iter().find(|c| c["field"] == field).cloned().unwrap_or(Value::Null);
    assert_eq!(
        (&change("description")["old"], &change("description")["new"]),
        (&json!("the one in the hall"), &json!("the one in the cellar"))
    );
    assert_eq!(change("site")["new"], "tower");
    assert_eq!(change("contact")["new"], "room 8");
    assert_eq!(entry["changes"].as_array().unwrap().len(), 3);
    // Null clears.
    let cleared = patch(house, &number, version + 1, &json!({ "site": null, "fields": { "contact": null } })).ok(200);
    assert_eq!((&cleared["site"], &cleared["fields"]["contact"]), (&Value::Null, &Value::Null));
}

fn a_stale_edit_is_told_what_happened_meanwhile(house: &House) {
    let number = house.stand(Stage::L1);
    let version = record(&house.cast.agent, &number)["version"].as_i64().unwrap();
    house.cast.second.patch(at(&number, ""), version, &json!({ "title": "mine" })).ok(200);
    let problem = patch(house, &number, version, &json!({ "title": "yours" })).problem(412, "stale");
    assert_eq!(problem["version"], version + 1);
    let meanwhile = &problem["meanwhile"][0];
    assert_eq!((&meanwhile["field"], &meanwhile["new"]), (&json!("title"), &json!("mine")));
    assert_eq!(meanwhile["actor"], "Test second");
    assert!(meanwhile["old"].as_str().unwrap().starts_with("paper jam"));
    assert!(meanwhile["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(record(&house.cast.agent, &number)["title"], "mine", "nothing was overwritten");
    patch(house, &number, version + 99, &json!({ "title": "from the future" })).problem(412, "stale");
}

fn what_changes_through_actions_is_not_patched(house: &House) {
    let number = house.stand(Stage::L1);
    let before = record(&house.cast.agent, &number);
    let version = before["version"].as_i64().unwrap();
    for field in ["state", "phase", "number", "team", "assignee"] {
        patch(house, &number, version, &json!({ field: "x" })).invalid(&format!("/{field}"), "read_only");
    }
    for field in ["id", "version", "opened_at", "resolved_at", "closed_at", "reporter", "reopen_count", "parent", "customer", "type"] {
        patch(house, &number, version, &json!({ field: before[field] })).problem(422, "invalid");
    }
    patch(house, &number, version, &json!({ "fields": { "tier": 3 } })).invalid("/fields/tier", "read_only");
    assert_eq!(record(&house.cast.agent, &number), before);
}

fn values_are_checked(house: &House) {
    let number = house.stand(Stage::L1);
    let version = record(&house.cast.agent, &number)["version"].as_i64().unwrap();
    let patch = |body: Value| patch(house, &number, version, &body);
    patch(json!({ "title": "" })).invalid("/title", "required");
    patch(json!({ "title": null })).invalid("/title", "required");
    patch(json!({ "requester": null })).invalid("/requester", "required");
    patch(json!({ "channel": null })).invalid("/channel", "required");
    patch(json!({ "title": "x".repeat(201) })).invalid("/title", "length");
    patch(json!({ "service": "atlantis" })).invalid("/service", "unknown_reference");
    patch(json!({ "colour": "red" })).invalid("/colour", "unknown_field");
    patch(json!({ "fields": { "colour": "red" } })).invalid("/fields/colour", "unknown_field");
    patch(json!({ "fields": { "closure_code": "magic" } })).problem(422, "invalid");
    patch(json!([])).problem(422, "invalid");
    assert_eq!(record(&house.cast.agent, &number)["version"], version);
}

fn who_knows_better_says_why(house: &House) {
    let body = json!({ "title": "t", "requester": "owner", "fields": { "users_affected": 100 }, "channel": "phone" });
    let opened = house.cast.desk.post("/records/incident", &body).ok(201);
    assert_eq!(opened["impact"], "high", "it follows from the number of users");
    let number = opened["number"].as_str().unwrap();
    let patch = |version: i64, body: Value| house.cast.desk.patch(at(number, ""), version, &body);
    patch(1, json!({ "impact": "low" })).problem(422, "invalid");
    let lower = patch(1, json!({ "impact": "low", "fields": { "impact_reason": "all on holiday" } })).ok(200);
    assert_eq!((&lower["impact"], &lower["priority"]), (&json!("low"), &json!("p4")));
}

fn once_classified_another_assessment_needs_a_reason(house: &House) {
    let number = house.stand(Stage::New);
    let change = |body: Value| {
        let version = record(&house.cast.desk, &number)["version"].as_i64().unwrap();
        house.cast.desk.patch(at(&number, ""), version, &body)
    };
    assert_eq!(change(json!({ "impact": "high" })).ok(200)["impact"], "high", "no rule speaks, and nobody has classified it yet");
    act(&house.cast.desk, &number, "dispatch", &crate::harness::desktop()).ok(200);
    change(json!({ "impact": "low" })).invalid("/fields/impact_reason", "reason_required");
    change(json!({ "urgency": "low" })).invalid("/fields/urgency_reason", "reason_required");
    let lower = change(json!({ "impact": "low", "fields": { "impact_reason": "a spare one stands beside it" } })).ok(200);
    assert_eq!((&lower["impact"], &lower["priority"]), (&json!("low"), &json!("p4")));
}

fn an_edit_that_changes_nothing_is_no_change(house: &House) {
    let number = house.stand(Stage::L1);
    let before = record(&house.cast.agent, &number);
    let version = before["version"].as_i64().unwrap();
    let same = patch(house, &number, version, &json!({ "title": before["title"] }));
    same.ok(200);
    let entries = timeline(&house.cast.agent, &number);
    let empty = entries.iter().filter(|e| e["kind"] == "edited" && e["changes"] == json!([])).count();
    assert_eq!(empty, 0, "the journal holds an edit of nothing");
}

fn an_ended_record_is_not_edited(house: &House) {
    for stage in [Stage::Closed, Stage::Cancelled] {
        let number = house.stand(stage);
        let version = record(&house.cast.desk, &number)["version"].as_i64().unwrap();
        house.cast.desk.patch(at(&number, ""), version, &json!({ "title": "history" })).problem(409, "not_available");
    }
}

fn who_may_edit(house: &House) {
    let number = house.stand(Stage::L1);
    let edit = |by: &crate::harness::Person| {
        let version = record(&house.cast.admin, &number)["version"].as_i64().unwrap();
        by.patch(at(&number, ""), version, &json!({ "title": format!("by {}", by.name) }))
    };
    edit(&house.cast.owner).problem(403, "forbidden");
    edit(&house.cast.stranger).problem(404, "not_found");
    edit(&house.cast.idle).problem(403, "forbidden");
    edit(&house.cast.l2).problem(403, "forbidden");
    edit(&house.cast.observer).problem(403, "forbidden");
    edit(&house.cast.outsider).problem(404, "not_found");
    edit(&house.cast.contractor).ok(200);
    edit(&house.cast.manager).ok(200);
    // A stale edit by somebody who may not edit tells them nothing.
    house.cast.owner.patch(at(&number, ""), 1, &json!({ "title": "x" })).problem(403, "forbidden");
    act(&house.cast.agent, &number, "resolve", &crate::harness::solved()).ok(200);
}

fn a_record_says_whether_it_can_be_edited(house: &House) {
    let (open, closed) = (house.stand(Stage::L1), house.stand(Stage::Closed));
    let can = |by: &crate::harness::Caller, number: &str| record(by, number)["can_edit"].clone();
    assert_eq!((can(&house.cast.agent, &open), can(&house.cast.owner, &open)), (json!(true), json!(false)));
    assert_eq!(can(&house.cast.admin, &closed), json!(false), "it has ended");
    assert!(crate::harness::pages(&house.cast.agent, "/records/incident?limit=20").iter().all(|row| row.get("can_edit").is_none()));
}
