//! `then` of `POST /records/{type}`: a call that is answered while it lasts, opened and solved as one.

use serde_json::{Value, json};

use crate::harness::{Call, House, desktop, pages, solved, timeline, unique, with};

on_both!(
    a_call_that_is_solved_at_once_has_both_entries,
    the_requester_is_told_once_what_came_of_it,
    what_is_refused_leaves_nothing,
    a_repeat_opens_no_second_one,
    it_gives_nobody_more_rights,
);

fn call(title: &str, requester: &str, then: Value) -> Value {
    with(json!({ "title": title, "requester": requester, "channel": "phone", "then": then }), desktop())
}

fn resolve() -> Value {
    json!({ "action": "resolve", "fields": solved() })
}

fn titled(house: &House, title: &str) -> usize {
    pages(&house.cast.desk, &format!("/records/incident?q={title}")).len()
}

fn a_call_that_is_solved_at_once_has_both_entries(house: &House) {
    for by in [&house.cast.desk, &house.cast.agent] {
        let answer = by.post("/records/incident", &call(&unique("call"), "owner", resolve()));
        let made = answer.ok(201);
        assert_eq!((&made["state"], &made["phase"], &made["version"]), (&json!("resolved"), &json!("resolved"), &json!(2)));
        assert_eq!(made["fields"]["first_contact"], true, "{made}");
        assert_eq!(answer.version(), 2);
        let number = made["number"].as_str().unwrap();
        assert_eq!(answer.header("location"), Some(format!("/api/v1/records/incident/{number}").as_str()));
        let kinds: Vec<Value> = timeline(by, number).iter().map(|entry| entry["kind"].clone()).collect();
        assert_eq!(kinds, ["opened", "completed"]);
        assert_eq!(by.read(format!("/records/incident/{number}")), made, "the answer is the whole record");
    }
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn the_requester_is_told_once_what_came_of_it(house: &House) {
    let caller = house.person("caller", &["requester"]);
    house.cast.desk.post("/records/incident", &call(&unique("call"), &caller.name, resolve())).ok(201);
    let told = |house: &House| -> Vec<Value> {
        let all = pages(&house.cast.admin, "/outbox?limit=200");
        all.into_iter().filter(|mail| mail["recipient"] == caller.email()).map(|mail| mail["template"].clone()).collect()
    };
    assert_eq!(told(house), ["resolved"], "not that somebody will soon look at it as well");
    // What tells the requester nothing takes nothing from them.
    let note = json!({ "action": "comment", "fields": { "body": "calls back", "visibility": "internal" } });
    house.cast.desk.post("/records/incident", &call(&unique("call"), &caller.name, note)).ok(201);
    let mut now: Vec<String> = told(house).iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    now.sort();
    assert_eq!(now, ["opened", "resolved"]);
}

fn what_is_refused_leaves_nothing(house: &House) {
    let title = unique("nothing-of-it");
    let send = |then: Value| house.cast.desk.post("/records/incident", &call(&title, "owner", then));
    send(json!({ "action": "resolve", "fields": { "resolution": "told how" } })).invalid("/then/fields/closure_code", "required");
    send(json!({ "action": "resolve", "fields": with(solved(), json!({ "colour": "red" })) })).problem(422, "invalid");
    send(json!({ "action": "confirm" })).problem(409, "not_available");
    send(json!({ "action": "fly" })).problem(409, "not_available");
    send(json!({ "fields": {} })).invalid("/then/action", "required");
    send(json!({ "action": "resolve", "when": "now" })).invalid("/then/when", "unknown_field");
    send(json!("resolve")).invalid("/then", "type");
    send(json!({ "action": "resolve", "fields": [] })).invalid("/then/fields", "type");
    let without = json!({ "title": title, "requester": "owner", "then": resolve() });
    house.cast.desk.post("/records/incident", &without).problem(422, "invalid");
    assert_eq!(titled(house, &title), 0, "both or nothing");
}

fn a_repeat_opens_no_second_one(house: &House) {
    let (title, key) = (unique("once-only"), unique("at-once"));
    let order = Call::post("/records/incident", &call(&title, "owner", resolve())).once(&key);
    let first = house.cast.desk.send(&order).ok(201);
    let again = house.cast.desk.send(&order);
    assert_eq!(again.ok(201)["number"], first["number"]);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(titled(house, &title), 1);
}

fn it_gives_nobody_more_rights(house: &House) {
    let title = unique("no-right");
    let own = json!({ "title": title, "then": resolve() });
    house.cast.owner.post("/records/incident", &with(own, desktop())).problem(403, "forbidden");
    house.cast.observer.post("/records/incident", &call(&title, "owner", resolve())).problem(403, "forbidden");
    assert_eq!(titled(house, &title), 0);
}
