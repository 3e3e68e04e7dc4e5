//! `POST /records/{type}/{number}/actions/{action}/preview`: what would come of an action, and whom it would reach.

use serde_json::{Value, json};

use crate::harness::{Answer, Caller, House, Stage, act, at, record, timeline};

on_both!(
    a_preview_tells_who_hears_of_it_and_writes_nothing,
    a_preview_is_refused_as_the_action_would_be,
    internal_words_reach_no_requester,
    a_handover_shows_where_it_goes,
);

fn foresee(by: &Caller, number: &str, action: &str, fields: &Value) -> Answer {
    by.post(at(number, &format!("/actions/{action}/preview")), &json!({ "fields": fields }))
}

fn keys(of: &Value) -> Vec<&str> {
    of.as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect()
}

fn a_preview_tells_who_hears_of_it_and_writes_nothing(house: &House) {
    let (number, cast) = (house.stand(Stage::L1), &house.cast);
    act(&cast.l2, &number, "watch", &json!({})).ok(200);
    let before = record(&cast.agent, &number);
    let foreseen = foresee(&cast.second, &number, "comment", &json!({ "body": "It works again.", "visibility": "public" })).ok(200);
    assert_eq!(keys(&foreseen["mails"]), ["owner"]);
    let mut told = keys(&foreseen["notices"]);
    told.sort_unstable();
    assert_eq!(told, ["agent", "l2", "owner"], "who is on duty, who follows it, whose request it is");
    assert_eq!(record(&cast.agent, &number), before);
    let said = timeline(&cast.agent, &number).iter().filter(|entry| entry["kind"] == "commented").count();
    assert_eq!(said, 0);
}

fn a_preview_is_refused_as_the_action_would_be(house: &House) {
    let (number, cast) = (house.stand(Stage::L1), &house.cast);
    foresee(&cast.agent, &number, "comment", &json!({ "body": " " })).invalid("/fields/body", "required");
    foresee(&cast.agent, &number, "assign", &json!({ "team": "nowhere", "reason": "shift" })).invalid("/fields/team", "unknown_reference");
    foresee(&cast.agent, &number, "resume", &json!({})).problem(409, "not_available");
    foresee(&cast.observer, &number, "accept", &json!({})).problem(403, "forbidden");
    foresee(&cast.owner, &number, "comment", &json!({ "body": "x" })).problem(403, "forbidden");
}

fn internal_words_reach_no_requester(house: &House) {
    let (number, cast) = (house.stand(Stage::L1), &house.cast);
    act(&cast.agent, &number, "watch", &json!({ "user": "l2" })).ok(200);
    let foreseen = foresee(&cast.second, &number, "comment", &json!({ "body": "between us", "visibility": "internal" })).ok(200);
    assert!(keys(&foreseen["notices"]).contains(&"l2"), "who follows it and may read it: {foreseen}");
    assert!(!keys(&foreseen["notices"]).contains(&"owner"), "{foreseen}");
    assert!(keys(&foreseen["mails"]).is_empty(), "{foreseen}");
}

fn a_handover_shows_where_it_goes(house: &House) {
    let (number, cast) = (house.stand(Stage::L1), &house.cast);
    let next = house.person("next", &["agent"]);
    let team = house.team("crew", &[&next]);
    let foreseen = foresee(&cast.desk, &number, "assign", &json!({ "team": team, "reason": "shift" })).ok(200);
    assert_eq!(foreseen["record"]["team"]["key"], team.as_str());
    assert_eq!(foreseen["record"]["on_duty"]["key"], next.name.as_str());
    assert!(keys(&foreseen["notices"]).contains(&next.name.as_str()), "{foreseen}");
    assert_ne!(record(&cast.desk, &number)["team"]["key"], team.as_str(), "nothing was done");
}
