//! `Idempotency-Key`: a repeat gives the first answer, whatever happened on the way.

use serde_json::{Value, json};

use crate::harness::{Answer, Call, House, Stage, act, action_call, at, pages, record, timeline, unique};

on_both!(
    a_repeat_gives_the_first_answer,
    another_body_under_the_same_key_is_refused,
    a_key_belongs_to_its_user_and_route,
    eight_at_once_open_one_record,
    a_refusal_is_not_kept,
    comments_actions_and_edits_are_repeatable,
    every_other_write_is_repeatable_too,
    a_key_must_be_a_key,
);

fn open_call(title: &str, key: &str) -> Call {
    Call::post("/records/incident", &json!({ "title": title })).once(key)
}

fn with_title(house: &House, title: &str) -> Vec<Value> {
    pages(&house.cast.desk, &format!("/records/incident?q={title}"))
}

fn assert_replayed(first: &Answer, again: &Answer) {
    assert_eq!(again.status, first.status, "{}", again.text());
    assert_eq!(again.body.is_empty(), first.body.is_empty());
    assert!(first.body.is_empty() || again.json() == first.json(), "{}", again.text());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.header("idempotency-replayed"), None);
    for name in ["etag", "location", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
}

fn a_repeat_gives_the_first_answer(house: &House) {
    let title = unique("repeat");
    let call = open_call(&title, &unique("key"));
    let first = house.cast.owner.send(&call);
    let number = first.ok(201)["number"].as_str().unwrap().to_owned();
    act(&house.cast.owner, &number, "comment", &json!({ "body": "meanwhile" })).ok(200);
    assert_replayed(&first, &house.cast.owner.send(&call));
    assert_eq!(with_title(house, &title).len(), 1);
}

fn another_body_under_the_same_key_is_refused(house: &House) {
    let key = unique("key");
    house.cast.owner.send(&open_call("first", &key)).ok(201);
    house.cast.owner.send(&open_call("second", &key)).problem(422, "idempotency_key_reused");
}

fn a_key_belongs_to_its_user_and_route(house: &House) {
    let (key, title) = (unique("key"), unique("owned"));
    let mine = house.cast.owner.send(&open_call(&title, &key)).ok(201);
    let theirs = house.cast.stranger.send(&open_call(&title, &key));
    assert_ne!(theirs.ok(201)["number"], mine["number"]);
    assert_eq!(theirs.header("idempotency-replayed"), None, "another person's answer would have been shown");
    let other_route = action_call(mine["number"].as_str().unwrap(), "comment", &json!({ "body": title })).once(&key);
    assert_eq!(house.cast.owner.send(&other_route).ok(200)["number"], mine["number"]);
}

fn eight_at_once_open_one_record(house: &House) {
    for _ in 0..5 {
        let title = unique("at-once");
        let call = open_call(&title, &unique("key"));
        let send = || house.cast.owner.send(&call);
        let answers = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<Answer>>()
        });
        // Whoever comes while the first still runs may be told so; everybody else gets the first answer.
        let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 409).collect();
        assert!(!done.is_empty());
        assert!(done.iter().all(|answer| answer.ok(201)["number"] == done[0].json()["number"]));
        assert_eq!(done.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count(), 1, "one was the first");
        assert_eq!(with_title(house, &title).len(), 1);
    }
}

fn a_refusal_is_not_kept(house: &House) {
    let key = unique("key");
    let wrong = Call::post("/records/incident", &json!({ "title": "t", "service": "atlantis" })).once(&key);
    house.cast.owner.send(&wrong).problem(422, "invalid");
    house.cast.owner.send(&open_call("mended", &key)).ok(201);
}

fn comments_actions_and_edits_are_repeatable(house: &House) {
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    let comment = Call::post(at(&number, "/comments"), &json!({ "body": "once" })).once(&unique("key"));
    let accept = action_call(&number, "accept", &json!({})).once(&unique("key"));
    for call in [comment, accept] {
        let first = agent.send(&call);
        assert!(first.status < 300, "{}", first.text());
        assert_replayed(&first, &agent.send(&call));
    }
    let version = record(agent, &number)["version"].as_i64().unwrap();
    let edit = Call::patch(at(&number, ""), &json!({ "title": "edited once" })).seen(version).once(&unique("key"));
    let first = agent.send(&edit);
    first.ok(200);
    assert_replayed(&first, &agent.send(&edit));
    let kinds: Vec<Value> = timeline(agent, &number).iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["opened", "completed", "commented", "accepted", "edited"]);
}

fn every_other_write_is_repeatable_too(house: &House) {
    let number = house.stand(Stage::L1);
    let file = crate::harness::upload(&at(&number, "/attachments"), "a.txt", b"one", None);
    let site = unique("site");
    let entry = Call::post("/sites", &json!({ "key": site, "label": { "en": "A site" } }));
    let user = house.user("repeated", &["requester"])["id"].as_str().unwrap().to_owned();
    let named = |name: &str| crate::harness::set_call(&house.cast.admin, "organisation", &json!({ "en": name }));
    let hold = at(&number, "/legal-hold");
    let admin = &house.cast.admin;
    let calls = [
        (&house.cast.agent, file, 201),
        (admin, entry, 201),
        (admin, Call::patch(format!("/sites/{site}"), &json!({ "label": { "en": "Another" } })).seen(1), 200),
        (admin, Call::patch(format!("/users/{user}"), &json!({ "phone": "8001" })).seen(1), 200),
        (admin, named(&unique("name")), 200),
        (admin, Call::new("PUT", &hold).json(&json!({ "reason": "court order" })), 204),
        (admin, Call::new("DELETE", &hold), 204),
    ];
    for (by, call, status) in calls {
        let call = call.once(&unique("key"));
        let first = by.send(&call);
        assert_eq!(first.status, status, "{} {}: {}", call.method, call.path, first.text());
        assert_replayed(&first, &by.send(&call));
    }
    assert_eq!(house.cast.agent.read(at(&number, "/attachments"))["items"].as_array().unwrap().len(), 1);
}

fn a_key_must_be_a_key(house: &House) {
    house.cast.owner.send(&open_call("t", &"k".repeat(201))).problem(400, "malformed");
    house.cast.owner.send(&open_call("t", "   ")).problem(400, "malformed");
    house.cast.owner.send(&open_call("t", &"k".repeat(190))).ok(201);
}
