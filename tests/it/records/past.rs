//! `GET /records/{type}/{number}?as_of=&known_at=`

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, Stage, act, at, record, timeline};

on_both!(
    every_state_is_read_as_it_was,
    before_its_opening_a_record_is_not_found,
    the_past_is_for_who_may_read_the_record,
    nonsense_is_refused
);

fn past(by: &Caller, number: &str, query: &str) -> Value {
    by.read(at(number, &format!("?{query}")))
}

fn every_state_is_read_as_it_was(house: &House) {
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    let mut seen = vec![record(agent, &number)];
    for (action, fields) in [("accept", json!({})), ("hold", json!({ "reason": "vendor" })), ("resume", json!({}))] {
        act(agent, &number, action, &fields).ok(200);
        seen.push(record(agent, &number));
    }
    let version = seen.last().unwrap()["version"].as_i64().unwrap();
    agent.patch(at(&number, ""), version, &json!({ "title": "another title", "fields": { "contact": "8001" } })).ok(200);
    seen.push(record(agent, &number));
    let entries = timeline(agent, &number);
    for was in &seen {
        let entry = entries.iter().find(|entry| entry["seq"] == was["version"]).unwrap();
        for name in ["as_of", "known_at"] {
            let instant = entry[if name == "as_of" { "occurred_at" } else { "recorded_at" }].as_str().unwrap();
            let mut read = past(agent, &number, &format!("{name}={instant}"));
            assert_eq!(read[name], instant);
            read.as_object_mut().unwrap().remove(name);
            assert_eq!(read, without_today(was.clone()), "{name}={instant}");
        }
    }
    let opened = past(agent, &number, &format!("as_of={}", entries[0]["occurred_at"].as_str().unwrap()));
    assert_eq!((&opened["state"], &opened["version"], &opened["assignee"]), (&json!("new"), &json!(1), &Value::Null));
    let answer = agent.get(at(&number, "?as_of=2999-01-01T08:00:00%2B08:00"));
    assert_eq!(answer.ok(200)["state"], seen.last().unwrap()["state"]);
    assert_eq!(answer.header("etag"), None, "nobody changes the past");
    assert!(agent.get(at(&number, "")).header("etag").is_some());
}

/// A record without what stands beside it today and is not of its past.
fn without_today(mut body: Value) -> Value {
    let map = body.as_object_mut().unwrap();
    ["watchers", "reminders", "affected", "can_edit"].iter().for_each(|beside| drop(map.remove(*beside)));
    body
}

fn before_its_opening_a_record_is_not_found(house: &House) {
    let number = house.stand(Stage::New);
    for name in ["as_of", "known_at"] {
        let problem = house.cast.agent.get(at(&number, &format!("?{name}=2020-01-01T00:00:00Z"))).problem(404, "not_found");
        assert!(problem["detail"].as_str().unwrap().contains("at that time"), "{problem}");
    }
}

fn the_past_is_for_who_may_read_the_record(house: &House) {
    let number = house.stand(Stage::Held);
    let query = "?as_of=2999-01-01T00:00:00Z";
    for by in [&house.cast.stranger, &house.cast.outsider] {
        by.get(at(&number, query)).problem(404, "not_found");
    }
    house.nobody().get(at(&number, query)).problem(401, "unauthenticated");
    let strip = |mut body: Value| {
        body.as_object_mut().unwrap().remove("as_of");
        body
    };
    for by in [&house.cast.owner, &house.cast.agent] {
        assert_eq!(strip(by.read(at(&number, query))), without_today(record(by, &number)), "the past shows no more than the present");
    }
}

fn nonsense_is_refused(house: &House) {
    let number = house.stand(Stage::New);
    for query in ["as_of=yesterday", "known_at=2026-03-01", "as_of=2026-03-01T08:00:00", "until=2026-03-01T08:00:00Z"] {
        house.cast.agent.send(&Call::get(at(&number, &format!("?{query}")))).problem(400, "malformed");
    }
}
