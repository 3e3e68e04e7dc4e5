//! `POST /records/{type}/{number}/comments`, and the action `comment`

use serde_json::{Value, json};

use crate::harness::{Answer, Caller, House, Stage, act, at, timeline};

on_both!(
    a_comment_is_written_and_read,
    a_comment_is_public_unless_said_otherwise,
    values_are_checked,
    who_may_comment,
    an_ended_record_still_takes_comments,
    html_is_only_text,
    eight_who_comment_at_once_are_all_heard,
);

fn comment(by: &Caller, number: &str, body: &Value) -> Answer {
    by.post(at(number, "/comments"), body)
}

fn a_comment_is_written_and_read(house: &House) {
    let number = house.stand(Stage::L1);
    let answer = comment(&house.cast.agent, &number, &json!({ "body": "on my way", "visibility": "public" }));
    let made = answer.ok(201);
    assert_eq!((&made["kind"], &made["visibility"], &made["body"]), (&json!("commented"), &json!("public"), &json!("on my way")));
    assert_eq!(answer.version(), made["version"].as_i64().unwrap());
    assert!(answer.header("location").is_some_and(|at| at.ends_with("/timeline")));
    let entry = timeline(&house.cast.owner, &number).pop().unwrap();
    assert_eq!((&entry["seq"], &entry["body"], &entry["actor"]["key"]), (&made["seq"], &json!("on my way"), &json!("agent")));
}

fn a_comment_is_public_unless_said_otherwise(house: &House) {
    let number = house.stand(Stage::L1);
    assert_eq!(comment(&house.cast.agent, &number, &json!({ "body": "x" })).ok(201)["visibility"], "public");
    comment(&house.cast.agent, &number, &json!({ "body": "y", "visibility": "internal" })).ok(201);
    act(&house.cast.agent, &number, "comment", &json!({ "body": "z", "visibility": "internal" })).ok(200);
    let visibilities: Vec<Value> = timeline(&house.cast.agent, &number).iter().skip(2).map(|e| e["visibility"].clone()).collect();
    assert_eq!(visibilities, ["public", "internal", "internal"]);
    assert_eq!(timeline(&house.cast.owner, &number).len(), 3);
}

fn values_are_checked(house: &House) {
    let number = house.stand(Stage::L1);
    let send = |body: Value| comment(&house.cast.agent, &number, &body);
    send(json!({ "body": "" })).invalid("/body", "required");
    send(json!({ "body": " \n " })).invalid("/body", "required");
    send(json!({})).invalid("/body", "required");
    send(json!({ "body": 7 })).invalid("/body", "type");
    send(json!({ "body": "x".repeat(50_001) })).invalid("/body", "length");
    send(json!({ "body": "字".repeat(50_000) })).ok(201);
    send(json!({ "body": "x", "visibility": "secret" })).invalid("/visibility", "enum");
    send(json!({ "body": "x", "colour": "red" })).invalid("/colour", "unknown_field");
    send(json!({ "body": "zero \u{0} byte" })).problem(422, "invalid");
    act(&house.cast.agent, &number, "comment", &json!({ "body": "x", "visibility": "secret" })).invalid("/fields/visibility", "enum");
    act(&house.cast.agent, &number, "comment", &json!({ "body": "x", "colour": "red" })).invalid("/fields/colour", "unknown_field");
    act(&house.cast.agent, &number, "comment", &json!({})).invalid("/fields/body", "required");
    assert_eq!(timeline(&house.cast.agent, &number).len(), 3);
}

fn who_may_comment(house: &House) {
    let number = house.stand(Stage::L1);
    let (public, internal) = (json!({ "body": "x" }), json!({ "body": "x", "visibility": "internal" }));
    comment(&house.cast.owner, &number, &public).ok(201);
    comment(&house.cast.owner, &number, &internal).problem(403, "forbidden");
    comment(&house.cast.stranger, &number, &public).problem(404, "not_found");
    comment(&house.cast.observer, &number, &public).problem(403, "forbidden");
    comment(&house.cast.outsider, &number, &internal).problem(404, "not_found");
    comment(&house.cast.contractor, &number, &internal).ok(201);
}

fn an_ended_record_still_takes_comments(house: &House) {
    for stage in [Stage::Closed, Stage::Cancelled] {
        let number = house.stand(stage);
        comment(&house.cast.owner, &number, &json!({ "body": "thank you" })).ok(201);
    }
}

fn html_is_only_text(house: &House) {
    let number = house.stand(Stage::L1);
    let evil = "<script>alert(document.cookie)</script><iframe src=javascript:alert(1)>";
    comment(&house.cast.owner, &number, &json!({ "body": evil })).ok(201);
    let answer = house.cast.agent.get(at(&number, "/timeline"));
    assert_eq!(answer.ok(200)["items"].as_array().unwrap().last().unwrap()["body"], evil);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

fn eight_who_comment_at_once_are_all_heard(house: &House) {
    let number = house.stand(Stage::L1);
    let write = |n: usize| -> Vec<i64> {
        let one = |m: usize| {
            let body = json!({ "body": format!("{n}/{m}") });
            // A very busy record may ask to try again, and says so; nothing is half done then.
            let answer = (0..50).map(|_| comment(&house.cast.agent, &number, &body)).find(|answer| answer.status != 409);
            answer.expect("fifty tries were all refused").ok(201)["seq"].as_i64().unwrap()
        };
        (0..6).map(one).collect()
    };
    let write = &write;
    let mut seqs = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|n| scope.spawn(move || write(n))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect::<Vec<i64>>()
    });
    seqs.sort_unstable();
    assert_eq!(seqs, (3..51).collect::<Vec<i64>>());
    let entries = timeline(&house.cast.agent, &number);
    assert_eq!(entries.len(), 50);
    let mut bodies: Vec<&str> = entries.iter().filter_map(|entry| entry["body"].as_str()).collect();
    bodies.sort_unstable();
    bodies.dedup();
    assert_eq!(bodies.len(), 48, "each comment stands there once");
}
