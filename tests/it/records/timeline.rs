//! `GET /records/{type}/{number}/timeline`

use serde_json::{Value, json};

use crate::harness::{Call, House, Stage, act, at, pages, record, solved, timeline};

on_both!(
    everything_that_happened_is_told_in_order,
    an_entry_says_who_when_and_through_which_channel,
    it_pages_without_gap_or_double,
    nonsense_is_refused,
    values_have_labels_in_the_language_asked_for,
);

fn everything_that_happened_is_told_in_order(house: &House) {
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    act(agent, &number, "accept", &json!({})).ok(200);
    act(agent, &number, "comment", &json!({ "body": "looking" })).ok(200);
    act(agent, &number, "hold", &json!({ "reason": "vendor", "note": "asked them" })).ok(200);
    act(agent, &number, "resume", &json!({})).ok(200);
    act(agent, &number, "assign", &json!({ "team": "network-l1", "reason": "wrong_team", "note": "it is the cable" })).ok(200);
    act(agent, &number, "resolve", &solved()).ok(200);
    act(&house.cast.owner, &number, "reopen", &json!({ "reopen_reason": "jams again" })).ok(200);
    act(agent, &number, "resolve", &solved()).ok(200);
    act(&house.cast.owner, &number, "confirm", &json!({})).ok(200);
    act(&house.cast.owner, &number, "rate", &json!({ "score": 4 })).ok(200);
    let entries = timeline(agent, &number);
    let kinds: Vec<&str> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    let wanted = [
        "opened",
        "completed",
        "accepted",
        "commented",
        "held",
        "resumed",
        "assigned",
        "completed",
        "completed",
        "completed",
        "completed",
        "rated",
    ];
    assert_eq!(kinds, wanted);
    let seqs: Vec<i64> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=12).collect::<Vec<i64>>());
    assert_eq!(record(agent, &number)["version"], 12);
    let reasons: Vec<&Value> = entries.iter().map(|entry| &entry["reason"]).collect();
    let outcomes = [1, 7, 8, 9, 10].map(|n| reasons[n].as_str().unwrap());
    assert_eq!(outcomes, ["dispatch", "resolve", "reopen", "resolve", "confirm"]);
    assert_eq!((reasons[4], reasons[6]), (&json!("vendor"), &json!("wrong_team")));
    assert_eq!((&entries[4]["body"], &entries[6]["body"]), (&json!("asked them"), &json!("it is the cable")));
    let states: Vec<String> = entries.iter().filter_map(state_change).collect();
    assert_eq!(states, ["new", "l1", "pending", "l1", "resolved", "l1", "resolved", "closed"]);
}

fn state_change(entry: &Value) -> Option<String> {
    let change = entry["changes"].as_array()?.iter().find(|change| change["field"] == "state")?;
    Some(change["new"].as_str()?.to_owned())
}

fn an_entry_says_who_when_and_through_which_channel(house: &House) {
    let browser = house.person("browser", &["requester"]);
    let opened = browser.post("/records/incident", &json!({ "title": "by browser" })).ok(201);
    let number = opened["number"].as_str().unwrap();
    act(&house.cast.agent, number, "comment", &json!({ "body": "by token" })).ok(200);
    let entries = timeline(&house.cast.agent, number);
    assert_eq!(entries[0]["actor"]["key"], browser.name.as_str());
    assert_eq!((&entries[0]["channel"], &entries[1]["channel"]), (&json!("web"), &json!("api")));
    assert_eq!(entries[1]["actor"], json!({ "id": house.cast.agent.id, "key": "agent", "label": "Test agent" }));
    for entry in &entries {
        for field in ["occurred_at", "recorded_at"] {
            assert!(entry[field].as_str().unwrap().ends_with('Z'), "{entry}");
        }
        assert_eq!(entry["visibility"], "public");
    }
}

fn it_pages_without_gap_or_double(house: &House) {
    let number = house.stand(Stage::L1);
    for n in 0..9 {
        let visibility = if n % 3 == 0 { "internal" } else { "public" };
        act(&house.cast.agent, &number, "comment", &json!({ "body": n.to_string(), "visibility": visibility })).ok(200);
    }
    for by in [&house.cast.agent, &house.cast.owner] {
        let whole = timeline(by, &number);
        for limit in [1, 2, 5, whole.len()] {
            assert_eq!(pages(by, &at(&number, &format!("/timeline?limit={limit}"))), whole, "limit {limit}");
        }
    }
    assert_eq!(timeline(&house.cast.agent, &number).len(), 11);
    assert_eq!(timeline(&house.cast.owner, &number).len(), 8);
}

fn nonsense_is_refused(house: &House) {
    let number = house.stand(Stage::New);
    for query in ["limit=0", "limit=201", "cursor=x", "cursor=-", "colour=red", "sort=-seq"] {
        house.cast.agent.get(at(&number, &format!("/timeline?{query}"))).problem(400, "malformed");
    }
}

fn values_have_labels_in_the_language_asked_for(house: &House) {
    let number = house.stand(Stage::L1);
    act(&house.cast.agent, &number, "hold", &json!({ "reason": "vendor" })).ok(200);
    let last = |lang: &str| {
        let call = Call::get(at(&number, "/timeline")).header("accept-language", lang);
        house.cast.agent.send(&call).ok(200)["items"].as_array().unwrap().last().unwrap().clone()
    };
    let (zh, en) = (last("zh"), last("en"));
    assert_eq!(zh["reason"], en["reason"], "the code is the same");
    assert!(en["reason_label"].as_str().unwrap().is_ascii() && !zh["reason_label"].as_str().unwrap().is_ascii());
    let label = |entry: &Value| entry["changes"].as_array().unwrap().iter().find(|c| c["field"] == "state").unwrap()["new_label"].clone();
    assert!(label(&en).as_str().unwrap().is_ascii() && !label(&zh).as_str().unwrap().is_ascii());
}
