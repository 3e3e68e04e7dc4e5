//! The whole life of a record, through every outcome and command, by the people whose turn it is.

use serde_json::{Value, json};

use crate::harness::{House, Person, Stage, act, desktop, number, record, solved, timeline, unique};

on_both!(
    from_report_to_closure_through_all_three_lines,
    an_escalation_belongs_to_the_next_tier_and_to_nobody_yet,
    solved_at_the_desk_and_confirmed,
    a_major_one_is_reviewed_before_it_is_closed,
    reopened_it_goes_back_to_who_solved_it,
    on_hold_nothing_is_completed,
    cancelled_it_ends_and_stays_ended,
    assigned_and_reassigned_with_a_reason,
    rated_when_there_is_a_result,
    what_classification_knows_decides_where_it_goes,
);

#[track_caller]
fn go(by: &Person, number: &str, action: &str, fields: Value) -> Value {
    act(by, number, action, &fields).ok(200)
}

#[track_caller]
fn stands(record: &Value, state: &str, phase: &str, team: &str) {
    let now = (record["state"].as_str(), record["phase"].as_str(), record["team"]["key"].as_str());
    assert_eq!(now, (Some(state), Some(phase), Some(team)));
}

fn report(house: &House) -> String {
    number(&house.cast.owner.post("/records/incident", &json!({ "title": unique("printer") })).ok(201))
}

fn from_report_to_closure_through_all_three_lines(house: &House) {
    let cast = &house.cast;
    let n = report(house);
    stands(&go(&cast.desk, &n, "accept", json!({})), "new", "new", "service-desk");
    stands(&go(&cast.desk, &n, "dispatch", desktop()), "l1", "active", "desktop-l1");
    let accepted = go(&cast.agent, &n, "accept", json!({}));
    assert_eq!(accepted["assignee"]["key"], "agent");
    assert!(accepted["responded_at"].is_string());
    let l2 = go(&cast.agent, &n, "escalate", json!({ "handover_note": "the fuser is broken", "workaround": "use the other one" }));
    stands(&l2, "l2", "active", "system-l2");
    assert_eq!(l2["assignee"], Value::Null, "the next one has not accepted yet");
    assert_eq!(l2["fields"]["workaround"], "use the other one");
    go(&cast.l2, &n, "accept", json!({}));
    stands(&go(&cast.l2, &n, "escalate", json!({ "handover_note": "the vendor must come" })), "l3", "active", "vendor-l3");
    go(&cast.l3, &n, "accept", json!({}));
    stands(&go(&cast.l3, &n, "return", json!({ "handover_note": "part delivered" })), "l2", "active", "system-l2");
    stands(&go(&cast.l2, &n, "return", json!({ "handover_note": "please fit it" })), "l1", "active", "desktop-l1");
    let resolved = go(&cast.agent, &n, "resolve", solved());
    stands(&resolved, "resolved", "resolved", "desktop-l1");
    assert!(resolved["resolved_at"].is_string() && resolved["closed_at"].is_null());
    let closed = go(&cast.owner, &n, "confirm", json!({}));
    assert_eq!((&closed["state"], &closed["phase"]), (&json!("closed"), &json!("closed")));
    assert!(closed["closed_at"].is_string());
    let notes: Vec<Value> = timeline(&cast.agent, &n).iter().filter(|e| e["body"].is_string()).map(|e| e["body"].clone()).collect();
    assert_eq!(
        notes,
        ["the fuser is broken", "the vendor must come", "part delivered", "please fit it"],
        "hand-over notes stand in the journal"
    );
}

fn an_escalation_belongs_to_the_next_tier_and_to_nobody_yet(house: &House) {
    let n = house.stand(Stage::L1);
    go(&house.cast.agent, &n, "accept", json!({}));
    let escalate = |more: Value| {
        let fields = crate::harness::with(json!({ "handover_note": "beyond me" }), more);
        act(&house.cast.agent, &n, "escalate", &fields)
    };
    escalate(json!({ "team": "desktop-l1" })).invalid("/fields/team", "enum");
    escalate(json!({ "team": "desktop-l1", "assignee": "agent" })).invalid("/fields/team", "enum");
    escalate(json!({ "team": "vendor-l3" })).invalid("/fields/team", "enum");
    escalate(json!({ "assignee": "agent" })).invalid("/fields/assignee", "not_a_member");
    escalate(json!({ "team": "network-l2", "assignee": "agent" })).invalid("/fields/assignee", "not_a_member");
    stands(&record(&house.cast.agent, &n), "l1", "active", "desktop-l1");
    let l2 = escalate(json!({ "team": "network-l2" })).ok(200);
    stands(&l2, "l2", "active", "network-l2");
    assert_eq!(l2["assignee"], Value::Null, "who had it before has it no more");
    let task = house.cast.l2.read("/tasks?team=network-l2&limit=200");
    let task = task["items"].as_array().unwrap().iter().find(|task| task["record"]["number"] == n.as_str()).cloned().unwrap();
    assert_eq!((&task["assignee"], &task["accepted_at"]), (&Value::Null, &Value::Null));
    let l1 = go(&house.cast.l2, &n, "return", json!({ "handover_note": "yours", "assignee": "second" }));
    assert_eq!((&l1["team"]["key"], &l1["assignee"]["key"]), (&json!("desktop-l1"), &json!("second")), "a member may be named");
}

fn solved_at_the_desk_and_confirmed(house: &House) {
    let n = report(house);
    let fields = json!({ "category": "access/password", "service": "directory", "resolution": "reset", "closure_code": "user_guided" });
    let resolved = go(&house.cast.desk, &n, "resolve", fields);
    stands(&resolved, "resolved", "resolved", "service-desk");
    assert_eq!(resolved["fields"]["first_contact"], true);
    assert_eq!(go(&house.cast.owner, &n, "confirm", json!({}))["state"], "closed");
}

fn a_major_one_is_reviewed_before_it_is_closed(house: &House) {
    let n = house.stand(Stage::Review);
    let review = record(&house.cast.desk, &n);
    assert_eq!((&review["state"], &review["phase"], &review["closed_at"]), (&json!("review"), &json!("resolved"), &Value::Null));
    assert_eq!(review["fields"]["reviewed_priority"], "p1", "the review begins with the present priority");
    act(&house.cast.owner, &n, "close", &json!({})).problem(403, "forbidden");
    act(&house.cast.desk, &n, "close", &json!({ "reviewed_priority": "p9" })).problem(422, "invalid");
    let closed = go(&house.cast.desk, &n, "close", json!({ "reviewed_priority": "p2", "review_note": "one department" }));
    assert_eq!((&closed["state"], &closed["fields"]["reviewed_priority"]), (&json!("closed"), &json!("p2")));
    assert!(closed["closed_at"].is_string());
}

fn reopened_it_goes_back_to_who_solved_it(house: &House) {
    let n = house.stand(Stage::Resolved);
    act(&house.cast.owner, &n, "reopen", &json!({ "reopen_reason": " " })).invalid("/fields/reopen_reason", "required");
    let again = go(&house.cast.owner, &n, "reopen", json!({ "reopen_reason": "jams again" }));
    stands(&again, "l1", "active", "desktop-l1");
    assert_eq!((&again["reopen_count"], &again["resolved_at"]), (&json!(1), &Value::Null));
    go(&house.cast.agent, &n, "resolve", json!({ "resolution": "new roller", "closure_code": "replaced" }));
    act(&house.cast.owner, &n, "reopen", &json!({})).invalid("/fields/reopen_reason", "required");
    go(&house.cast.owner, &n, "reopen", json!({ "reopen_reason": "and again" }));
    go(&house.cast.agent, &n, "resolve", json!({ "resolution": "new printer", "closure_code": "replaced" }));
    let closed = go(&house.cast.owner, &n, "confirm", json!({}));
    assert_eq!((&closed["reopen_count"], &closed["fields"]["resolution"]), (&json!(2), &json!("new printer")));
    act(&house.cast.owner, &n, "reopen", &json!({})).problem(409, "not_available");
}

fn on_hold_nothing_is_completed(house: &House) {
    let cast = &house.cast;
    let n = house.stand(Stage::L1);
    act(&cast.agent, &n, "hold", &json!({ "reason": "user_info", "note": " " })).invalid("/fields/note", "required");
    let held = go(&cast.agent, &n, "hold", json!({ "reason": "user_info", "note": "which printer?" }));
    stands(&held, "pending", "waiting", "desktop-l1");
    act(&cast.agent, &n, "hold", &json!({ "reason": "vendor" })).problem(409, "not_available");
    act(&cast.agent, &n, "resolve", &solved()).problem(409, "not_available");
    go(&cast.owner, &n, "comment", json!({ "body": "the one in the hall" }));
    stands(&go(&cast.agent, &n, "resume", json!({})), "l1", "active", "desktop-l1");
    act(&cast.agent, &n, "resume", &json!({})).problem(409, "not_available");
    go(&cast.agent, &n, "resolve", solved());
}

fn cancelled_it_ends_and_stays_ended(house: &House) {
    let cast = &house.cast;
    for stage in [Stage::New, Stage::L1, Stage::Held] {
        let n = house.stand(stage);
        let by = if stage == Stage::L1 { &cast.desk } else { &cast.owner };
        let cancelled = go(by, &n, "cancel", json!({ "reason": "withdrawn" }));
        assert_eq!((&cancelled["state"], &cancelled["phase"]), (&json!("cancelled"), &json!("cancelled")));
        assert!(cancelled["closed_at"].is_string() && cancelled["resolved_at"].is_null());
        for (by, action, fields) in [
            (&cast.desk, "accept", json!({})),
            (&cast.desk, "assign", json!({ "team": "network-l1", "reason": "other" })),
            (&cast.desk, "hold", json!({ "reason": "vendor" })),
            (&cast.desk, "cancel", json!({ "reason": "other" })),
            (&cast.desk, "resolve", solved()),
            (&cast.owner, "rate", json!({ "score": 1 })),
        ] {
            let answer = act(by, &n, action, &fields);
            assert!(matches!(answer.status, 403 | 409), "{action} after cancelling: {}", answer.text());
        }
    }
    let resolved = house.stand(Stage::Resolved);
    act(&cast.owner, &resolved, "cancel", &json!({ "reason": "withdrawn" })).problem(403, "forbidden");
}

fn assigned_and_reassigned_with_a_reason(house: &House) {
    let cast = &house.cast;
    let n = house.stand(Stage::L1);
    let mine = go(&cast.agent, &n, "assign", json!({ "assignee": "second" }));
    assert_eq!((&mine["assignee"]["key"], &mine["reassign_count"]), (&json!("second"), &json!(0)), "within a team it is no reassignment");
    act(&cast.agent, &n, "assign", &json!({ "team": "network-l1" })).invalid("/fields/reason", "required");
    let over = go(&cast.agent, &n, "assign", json!({ "team": "network-l1", "reason": "wrong_team", "note": "the cable" }));
    stands(&over, "l1", "active", "network-l1");
    assert_eq!((&over["assignee"], &over["reassign_count"], &over["on_duty"]["key"]), (&Value::Null, &json!(1), &json!("agent")));
    act(&cast.contractor, &n, "accept", &json!({})).problem(404, "not_found");
    let back = go(&cast.desk, &n, "assign", json!({ "team": "desktop-l1", "assignee": "contractor", "reason": "skill" }));
    assert_eq!((&back["assignee"]["key"], &back["reassign_count"]), (&json!("contractor"), &json!(2)));
    go(&cast.contractor, &n, "resolve", solved());
}

fn rated_when_there_is_a_result(house: &House) {
    let cast = &house.cast;
    let n = house.stand(Stage::L1);
    act(&cast.owner, &n, "rate", &json!({ "score": 5 })).problem(409, "not_available");
    act(&cast.agent, &n, "rate", &json!({ "score": 5 })).problem(403, "forbidden");
    go(&cast.agent, &n, "resolve", solved());
    let rated = go(&cast.owner, &n, "rate", json!({ "score": 5, "comment": "quick" }));
    assert_eq!((&rated["fields"]["rating"], &rated["fields"]["rating_comment"]), (&json!(5), &json!("quick")));
    go(&cast.owner, &n, "confirm", json!({}));
    assert_eq!(go(&cast.owner, &n, "rate", json!({ "score": 2 }))["fields"]["rating"], 2, "one may think again");
}

fn what_classification_knows_decides_where_it_goes(house: &House) {
    let cases = [
        ("network/wifi", "wan", "plant", "l1", "desktop-l1"),
        ("network/wifi", "wan", "tower", "l1", "network-l1"),
        ("software/office", "oa", "tower", "l1", "application-l1"),
        ("security/phishing", "oa", "tower", "l2", "security-l2"),
        ("other/unknown", "oa", "tower", "l1", "desktop-l1"),
    ];
    for (category, service, site, state, team) in cases {
        let n = report(house);
        let fields = json!({ "category": category, "service": service, "site": site });
        stands(&go(&house.cast.desk, &n, "dispatch", fields), state, "active", team);
    }
    let n = report(house);
    let by_hand = json!({ "category": "network/wifi", "service": "wan", "team": "application-l1" });
    stands(&go(&house.cast.desk, &n, "dispatch", by_hand), "l1", "active", "application-l1");
}
