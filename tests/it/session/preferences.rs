//! How a person likes to see things, kept with the account (`/me/preferences`).

use serde_json::{Value, json};

use crate::harness::{Call, House, PASSWORD, pages};

on_both!(what_one_chose_is_known_elsewhere, each_choice_stands_for_itself, nonsense_is_refused_with_its_place, it_is_nobody_elses_business);

fn like(by: &crate::harness::Caller, patch: &Value) -> crate::harness::Answer {
    by.send(&Call::patch("/me/preferences", patch))
}

fn what_one_chose_is_known_elsewhere(house: &House) {
    let person = house.person("likes", &["agent"]);
    assert_eq!(person.read("/me")["preferences"], json!({}));
    like(&person, &json!({ "theme": "dark", "letter_keys": false, "tours": { "agent": "done" } })).ok(200);
    let other = house.sign_in(&person.name, PASSWORD);
    let wanted = json!({ "theme": "dark", "letter_keys": false, "tours": { "agent": "done" } });
    assert_eq!((&other.read("/me")["preferences"], &other.read("/me/preferences")), (&wanted, &wanted));
    // It comes with signing in too, so that the first page waits for nothing more.
    let begun = house.nobody().post("/session", &json!({ "username": person.name, "password": PASSWORD })).ok(200);
    assert_eq!(begun["user"]["preferences"], wanted);
}

fn each_choice_stands_for_itself(house: &House) {
    let person = house.person("likes", &["agent"]);
    like(&person, &json!({ "theme": "dark", "tours": { "agent": "3" } })).ok(200);
    like(&person, &json!({ "density": "comfortable", "tours": { "requester": "done" } })).ok(200);
    let all = like(&person, &json!({ "theme": null })).ok(200);
    assert_eq!(all, json!({ "density": "comfortable", "tours": { "agent": "3", "requester": "done" } }));
    assert_eq!(like(&person, &json!({})).ok(200), all);
    assert_eq!(like(&person, &json!({ "tours": null })).ok(200), json!({ "density": "comfortable" }));
}

fn nonsense_is_refused_with_its_place(house: &House) {
    let person = house.person("likes", &["requester"]);
    for (patch, pointer, code) in [
        (json!({ "theme": "purple" }), "/theme", "enum"),
        (json!({ "letter_keys": "yes" }), "/letter_keys", "type"),
        (json!({ "tours": { "agent": 99 } }), "/tours/agent", "enum"),
        (json!({ "tours": { "pilot": "done" } }), "/tours/pilot", "unknown_field"),
        (json!({ "start": "x".repeat(65) }), "/start", "too_long"),
        (json!({ "anything": 1 }), "/anything", "unknown_field"),
    ] {
        like(&person, &patch).invalid(pointer, code);
    }
    like(&person, &json!([])).problem(422, "invalid");
    assert_eq!(person.read("/me/preferences"), json!({}));
}

fn it_is_nobody_elses_business(house: &House) {
    let person = house.person("likes", &["agent"]);
    let before = pages(&house.cast.admin, "/audit?kind=user&limit=200").len();
    like(&person, &json!({ "rail": "narrow" })).ok(200);
    assert_eq!(house.cast.agent.read("/me")["preferences"]["rail"], Value::Null);
    let told = pages(&house.cast.admin, "/audit?kind=user&limit=200");
    let of_person = told.iter().filter(|it| it["subject"]["key"] == person.name.as_str()).count();
    assert!(told.len() >= before && of_person == 1, "only that the account was made: {told:?}");
}
