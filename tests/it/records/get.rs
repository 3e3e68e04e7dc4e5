//! `GET /records/{type}/{number}`

use serde_json::{Value, json};

use crate::harness::{Call, House, Stage, act, at, record};

on_both!(
    a_record_is_flat_with_its_own_fields_apart,
    what_does_not_exist_or_may_not_be_seen_looks_the_same,
    labels_come_in_the_language_asked_for,
    the_version_is_the_etag_and_counts_every_change,
);

fn a_record_is_flat_with_its_own_fields_apart(house: &House) {
    let number = house.stand(Stage::Closed);
    let found = record(&house.cast.agent, &number);
    for field in ["opened_at", "responded_at", "resolved_at", "closed_at", "updated_at"] {
        assert!(found[field].as_str().unwrap().ends_with('Z'), "{field}: {}", found[field]);
    }
    assert_eq!(found["fields"]["resolution"], "cleaned the paper path");
    assert_eq!((&found["phase"], &found["reopen_count"], &found["reassign_count"]), (&json!("closed"), &json!(0), &json!(0)));
    assert!(found["pack_version"].as_i64().unwrap() >= 1);
}

fn what_does_not_exist_or_may_not_be_seen_looks_the_same(house: &House) {
    let number = house.stand(Stage::L1);
    let look = |number: &str| {
        let mut problem = house.cast.stranger.get(at(number, "")).problem(404, "not_found");
        problem["request_id"].take();
        problem.to_string().replace(number, "N")
    };
    assert_eq!(look(&number), look("INC-2000-000001"), "the answers tell an existing record from a missing one");
    for odd in ["INC-2000-000001", "nonsense", "%00", "..%2f..%2fetc", "'%20OR%201=1"] {
        house.cast.admin.get(at(odd, "")).problem(404, "not_found");
    }
    house.cast.admin.get(at("%ff", "")).problem(400, "malformed");
}

fn labels_come_in_the_language_asked_for(house: &House) {
    let number = house.stand(Stage::Resolved);
    let label = |lang: &str, field: &str| {
        let call = Call::get(at(&number, "")).header("accept-language", lang);
        house.cast.agent.send(&call).ok(200)[field].as_str().unwrap().to_owned()
    };
    for field in ["state_label", "priority_label"] {
        assert!(label("en", field).is_ascii(), "{field}: {}", label("en", field));
        assert!(!label("zh", field).is_ascii() || field == "priority_label", "{field}: {}", label("zh", field));
    }
}

fn the_version_is_the_etag_and_counts_every_change(house: &House) {
    let number = house.stand(Stage::L1);
    let version = || house.cast.agent.get(at(&number, "")).version();
    let before = version();
    act(&house.cast.agent, &number, "accept", &json!({})).ok(200);
    act(&house.cast.agent, &number, "comment", &json!({ "body": "x" })).ok(200);
    assert_eq!(version(), before + 2);
    house.cast.agent.get(at(&number, "")).ok(200);
    assert_eq!(version(), before + 2, "reading changes nothing");
    assert_eq!(record(&house.cast.agent, &number)["version"], Value::from(before + 2));
}
