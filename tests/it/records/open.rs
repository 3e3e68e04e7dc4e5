//! `POST /records/{type}`

use serde_json::{Value, json};

use crate::harness::{Answer, Call, House, Stage, record, unique};

on_both!(
    a_title_is_enough,
    everything_may_be_given_and_comes_back,
    references_take_ids_and_keys,
    values_are_checked,
    instants_are_written_as_everywhere_in_the_api,
    several_errors_are_told_at_once,
    the_body_must_be_json_of_a_sane_size,
    priority_follows_from_what_is_affected,
    numbers_are_unique_under_load,
    odd_text_comes_back_as_it_was_sent,
    one_opens_for_others_only_with_the_right,
    an_ended_account_cannot_be_the_requester,
    every_stage_can_be_reached,
);

fn open(house: &House, body: &Value) -> Answer {
    house.cast.desk.post("/records/incident", body)
}

fn a_title_is_enough(house: &House) {
    let answer = house.cast.owner.post("/records/incident", &json!({ "title": "打印机卡纸" }));
    let opened = answer.ok(201);
    let number = opened["number"].as_str().unwrap();
    assert!(number.starts_with("INC-20") && number.len() == "INC-2026-000123".len(), "{number}");
    assert_eq!(answer.header("location"), Some(format!("/api/v1/records/incident/{number}").as_str()));
    assert_eq!(answer.version(), 1);
    assert_eq!(opened["version"], 1);
    assert_eq!((&opened["state"], &opened["phase"]), (&json!("new"), &json!("new")));
    assert_eq!((&opened["impact"], &opened["urgency"], &opened["priority"]), (&json!("medium"), &json!("medium"), &json!("p3")));
    assert_eq!((&opened["requester"]["key"], &opened["reporter"]["key"]), (&json!("owner"), &json!("owner")));
    assert_eq!(opened["team"]["key"], "service-desk");
    assert_eq!(opened["on_duty"]["key"], "desk", "an open step has a team and its person on duty");
    assert_eq!((&opened["type"], &opened["description"], &opened["category"]), (&json!("incident"), &json!(""), &Value::Null));
    let found = house.cast.owner.get(format!("/records/incident/{number}"));
    assert_eq!(found.ok(200), opened, "the answer of a creation is the whole record");
    assert_eq!(found.version(), 1);
}

fn everything_may_be_given_and_comes_back(house: &House) {
    let body = json!({
        "title": "ERP stopped", "description": "nobody can book", "impact": "high", "urgency": "high", "category": "software/application/unavailable",
        "requester": "owner", "service": "erp", "site": "plant", "channel": "phone", "cis": [],
        "fields": { "contact": "room 7", "preliminary_phenomenon": "a blank page" },
    });
    let opened = open(house, &body).ok(201);
    for field in ["title", "description", "impact", "urgency", "channel"] {
        assert_eq!(opened[field], body[field], "{field}");
    }
    for field in ["category", "requester", "service", "site"] {
        assert_eq!(opened[field]["key"], body[field], "{field}");
        assert!(opened[field]["label"].as_str().is_some_and(|label| !label.is_empty()), "{field}");
        assert!(opened[field]["id"].is_string(), "{field}");
    }
    assert_eq!(opened["reporter"]["key"], "desk");
    assert_eq!(opened["priority"], "p1");
    assert_eq!(opened["fields"]["contact"], "room 7");
}

fn references_take_ids_and_keys(house: &House) {
    let by_key = open(house, &json!({ "title": "t", "requester": "owner", "service": "erp", "site": "plant" })).ok(201);
    let by_id = json!({
        "title": "t", "requester": by_key["requester"]["id"], "service": by_key["service"]["id"], "site": by_key["site"]["id"],
    });
    let by_id = open(house, &by_id).ok(201);
    for field in ["requester", "service", "site"] {
        assert_eq!(by_id[field], by_key[field], "{field}");
    }
}

fn values_are_checked(house: &House) {
    let with = |change: Value| open(house, &crate::harness::with(json!({ "title": "t" }), change));
    with(json!({ "title": "" })).invalid("/title", "required");
    with(json!({ "title": "   " })).invalid("/title", "required");
    with(json!({ "title": null })).invalid("/title", "required");
    with(json!({ "title": "\u{200b}" })).invalid("/title", "required");
    with(json!({ "title": 7 })).invalid("/title", "type");
    with(json!({ "title": "字".repeat(201) })).invalid("/title", "length");
    with(json!({ "title": "字".repeat(200) })).ok(201);
    with(json!({ "description": "x".repeat(50_001) })).invalid("/description", "length");
    with(json!({ "impact": "enormous" })).invalid("/impact", "enum");
    with(json!({ "urgency": "HIGH" })).invalid("/urgency", "enum");
    with(json!({ "channel": "pigeon" })).invalid("/channel", "enum");
    with(json!({ "category": "hardware/abacus" })).invalid("/category", "unknown_reference");
    with(json!({ "service": "atlantis" })).invalid("/service", "unknown_reference");
    with(json!({ "site": "atlantis" })).invalid("/site", "unknown_reference");
    with(json!({ "requester": "nobody-of-this-name" })).invalid("/requester", "unknown_reference");
    with(json!({ "cis": ["CI-1"] })).problem(422, "invalid");
    with(json!({ "colour": "red" })).invalid("/colour", "unknown_field");
    with(json!({ "fields": { "colour": "red" } })).invalid("/fields/colour", "unknown_field");
    with(json!({ "fields": [] })).invalid("/fields", "type");
    with(json!({ "fields": { "users_affected": -1 } })).invalid("/fields/users_affected", "minimum");
    with(json!({ "fields": { "users_affected": "many" } })).invalid("/fields/users_affected", "type");
    with(json!({ "fields": { "scope": "galaxy" } })).invalid("/fields/scope", "enum");
    for never in [json!(1_000_000_000_000_000_000_i64), json!(-1_000_000_000_000_000_000_i64), json!(1e19), json!(1.5)] {
        with(json!({ "fields": { "occurred_at": never } })).problem(422, "invalid");
    }
    with(json!({ "fields": { "occurred_at": 7_258_118_400_000_i64 } })).invalid("/fields/occurred_at", "range");
    with(json!({ "fields": { "occurred_at": "yesterday" } })).invalid("/fields/occurred_at", "type");
    with(json!({ "fields": { "rating": 5, "rating_comment": "great" } })).invalid("/fields/rating", "read_only");
    for engine in ["state", "phase", "number", "version", "opened_at", "closed_at", "reporter", "customer", "parent"] {
        with(json!({ engine: "x" })).problem(422, "invalid");
    }
    with(json!({ "team": "system-l2" })).invalid("/team", "read_only");
    with(json!({ "fields": { "tier": 3 } })).invalid("/fields/tier", "read_only");
}

fn instants_are_written_as_everywhere_in_the_api(house: &House) {
    let at =
        |value: Value| open(house, &json!({ "title": "t", "fields": { "occurred_at": value } })).ok(201)["fields"]["occurred_at"].clone();
    assert_eq!(at(json!("2026-03-01T08:00:00+08:00")), 1_772_323_200_000_i64);
    assert_eq!(at(json!(1_772_323_200_000_i64)), 1_772_323_200_000_i64);
    for filter in ["2026-03-01T08:00:00%2B08:00", "1772323200000"] {
        let list = house.cast.desk.read(format!("/records/incident?fields.occurred_at={filter}"));
        assert!(!list["items"].as_array().unwrap().is_empty(), "{filter}");
    }
}

fn several_errors_are_told_at_once(house: &House) {
    let answer = open(house, &json!({ "title": "t", "impact": "enormous", "service": "atlantis", "colour": "red" }));
    for (pointer, code) in [("/impact", "enum"), ("/service", "unknown_reference"), ("/colour", "unknown_field")] {
        answer.invalid(pointer, code);
    }
}

fn the_body_must_be_json_of_a_sane_size(house: &House) {
    let raw = |kind: &str, body: &str| house.cast.desk.send(&Call::new("POST", "/records/incident").raw(kind, body));
    raw("application/json", "{\"title\": ").problem(400, "malformed");
    raw("application/json", "").problem(400, "malformed");
    raw("application/json", "{\"title\": \"\\ud800\"}").problem(400, "malformed");
    raw("application/json", "[]").problem(422, "invalid");
    raw("application/json", "\"title\"").problem(422, "invalid");
    raw("text/plain", "{\"title\": \"t\"}").problem(415, "unsupported");
    raw("application/x-www-form-urlencoded", "title=t").problem(415, "unsupported");
    // What only speaks of JSON is none: a form of another site may send it unasked.
    for kind in ["text/plain; json", "text/plain; charset=application/json", "text/json", "application/jsonish"] {
        raw(kind, "{\"title\": \"t\"}").problem(415, "unsupported");
    }
    raw("Application/Merge-Patch+JSON", "{\"title\": \"t\"}").ok(201);
    house.cast.desk.send(&Call::new("POST", "/records/incident")).problem(415, "unsupported");
    raw("application/json", &format!("{{\"title\": \"{}\"}}", "x".repeat(1024 * 1024))).problem(413, "too_large");
    raw("application/json; charset=utf-8", "{\"title\": \"t\"}").ok(201);
}

fn priority_follows_from_what_is_affected(house: &House) {
    let assess = |fields: Value| {
        let opened = open(house, &json!({ "title": "t", "fields": fields })).ok(201);
        (opened["impact"].as_str().unwrap().to_owned(), opened["priority"].as_str().unwrap().to_owned())
    };
    let of = |impact: &str, priority: &str| (impact.to_owned(), priority.to_owned());
    assert_eq!(assess(json!({ "users_affected": 100, "business_process": "stopped" })), of("high", "p1"));
    assert_eq!(assess(json!({ "users_affected": 10 })), of("medium", "p3"));
    assert_eq!(assess(json!({ "scope": "single_user", "service_criticality": "normal", "business_process": "none" })), of("low", "p4"));
    assert_eq!(assess(json!({})), of("medium", "p3"));
}

fn numbers_are_unique_under_load(house: &House) {
    let open = || -> Vec<String> {
        (0..12)
            .map(|_| house.cast.owner.post("/records/incident", &json!({ "title": "load" })).ok(201)["number"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut numbers = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 96);
}

fn odd_text_comes_back_as_it_was_sent(house: &House) {
    let odd = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{ constructor.constructor('alert(1)')() }}",
        "'; DROP TABLE record; --",
        "𠮷野家 👩‍👩‍👧 e\u{301} \u{202e}txt.exe",
        "line\nbreak\ttab",
        "=cmd|' /C calc'!A0",
    ];
    for text in odd {
        let body = json!({ "title": text, "description": text, "fields": { "contact": text } });
        let answer = house.cast.owner.post("/records/incident", &body);
        let opened = answer.ok(201);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        for (given, came) in [(&opened["title"], text), (&opened["description"], text), (&opened["fields"]["contact"], text)] {
            assert_eq!(given, came);
        }
        assert_eq!(record(&house.cast.desk, opened["number"].as_str().unwrap())["title"], text);
    }
    // PostgreSQL cannot store this sign at all; both databases refuse it alike, as the caller's error.
    let zero = house.cast.owner.post("/records/incident", &json!({ "title": "zero \u{0} byte" }));
    zero.problem(422, "invalid");
    house.cast.owner.post("/records/incident", &json!({ "title": "t", "description": "zero \u{0} byte" })).problem(422, "invalid");
}

fn one_opens_for_others_only_with_the_right(house: &House) {
    let report = json!({ "title": unique("for another"), "requester": "stranger" });
    house.cast.owner.post("/records/incident", &report).problem(403, "forbidden");
    house.cast.contractor.post("/records/incident", &report).problem(403, "forbidden");
    house.cast.observer.post("/records/incident", &json!({ "title": "t" })).problem(403, "forbidden");
    let opened = open(house, &report).ok(201);
    let number = opened["number"].as_str().unwrap();
    record(&house.cast.stranger, number);
    house.cast.owner.get(format!("/records/incident/{number}")).problem(404, "not_found");
}

fn an_ended_account_cannot_be_the_requester(house: &House) {
    let user = house.user("ended", &["requester"]);
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    house.cast.admin.patch(path, 1, &json!({ "active": false })).ok(200);
    open(house, &json!({ "title": "t", "requester": user["username"] })).invalid("/requester", "inactive");
}

fn every_stage_can_be_reached(house: &House) {
    let stages = [
        (Stage::New, "new"),
        (Stage::L1, "l1"),
        (Stage::L2, "l2"),
        (Stage::L3, "l3"),
        (Stage::Held, "pending"),
        (Stage::Resolved, "resolved"),
        (Stage::Review, "review"),
        (Stage::Closed, "closed"),
        (Stage::Cancelled, "cancelled"),
    ];
    for (stage, state) in stages {
        let number = house.stand(stage);
        assert_eq!(record(&house.cast.owner, &number)["state"], state, "{stage:?} {number}");
    }
}
