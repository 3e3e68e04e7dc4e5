//! `GET /records/{type}/{number}/timeline`

use serde_json::{Value, json};

use crate::harness::{Call, House, Stage, act, at, pages, record, solved, timeline};

on_both!(
    everything_that_happened_is_told_in_order,
    what_the_requester_is_asked_is_theirs_to_read,
    decisions_are_explained,
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

fn what_the_requester_is_asked_is_theirs_to_read(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let held = |reason: &str, note: &str| {
        act(&cast.agent, &number, "hold", &json!({ "reason": reason, "note": note })).ok(200);
        let entry = timeline(&cast.owner, &number).pop().unwrap();
        act(&cast.agent, &number, "resume", &json!({})).ok(200);
        (entry["kind"].clone(), entry["body"].clone())
    };
    assert_eq!(held("user_info", "which printer?"), (json!("held"), json!("which printer?")));
    assert_eq!(held("vendor", "they are slow"), (json!("held"), Value::Null));
    assert_eq!(cast.owner.read("/packs/incident")["asks_requester"], json!(["user_info"]));
}

/// The decision of a table in an entry.
#[track_caller]
fn decision(entry: &Value, table: &str) -> Value {
    let found = entry["decisions"].as_array().unwrap().iter().find(|decision| decision["decision"] == table);
    found.unwrap_or_else(|| panic!("no {table} in {entry}")).clone()
}

// INC-04
fn decisions_are_explained(house: &House) {
    let fields = json!({ "users_affected": 150, "business_process": "stopped" });
    let body = json!({ "title": "paper jam", "requester": "owner", "channel": "phone", "fields": fields });
    let number = crate::harness::number(&house.cast.desk.post("/records/incident", &body).ok(201));
    act(&house.cast.desk, &number, "dispatch", &crate::harness::desktop()).ok(200);
    let call = Call::get(at(&number, "/timeline")).header("accept-language", "en");
    let entries = |by: &crate::harness::Person| by.send(&call).ok(200)["items"].as_array().unwrap().clone();

    let inside = entries(&house.cast.agent);
    let impact = decision(&inside[0], "impact");
    assert_eq!((&impact["outputs"][0]["value"], &impact["rules"][0]["row"]), (&json!("high"), &json!(3)), "{impact}");
    assert_eq!(impact["rules"][0]["description"], "A hundred users or more: high");
    let read: Vec<(&Value, &Value)> = impact["inputs"].as_array().unwrap().iter().map(|input| (&input["field"], &input["value"])).collect();
    assert_eq!(read, [(&json!("users_affected"), &json!(150)), (&json!("business_process"), &json!("stopped"))]);
    let priority = decision(&inside[0], "priority");
    let output = &priority["outputs"][0];
    assert_eq!(
        (&output["label"], &output["value_label"], &output["kept_by_hand"]),
        (&json!("Priority"), &json!("P1 critical"), &json!(false))
    );
    assert_eq!((&priority["label"], &priority["rules"][0]["row"]), (&json!("Priority matrix"), &json!(1)));
    assert_eq!(decision(&inside[1], "dispatch")["outputs"][0]["value"], "desktop-l1");
    assert_eq!(decision(&inside[1], "tier")["outputs"][0]["value"], 1);

    // The requester learns of it what is public, and not which row read what is not.
    let outside = entries(&house.cast.owner);
    assert_eq!(decision(&outside[0], "priority"), priority);
    assert_eq!(decision(&outside[0], "impact")["rules"], json!([]), "the table reads how critical the service is");
    let text = json!(outside).to_string();
    for hidden in ["tier", "service_criticality", "first_priority", "impact_03"] {
        assert!(!text.contains(hidden), "the requester is told of {hidden}: {text}");
    }

    let version = record(&house.cast.desk, &number)["version"].as_i64().unwrap();
    let by_hand = json!({ "impact": "low", "fields": { "impact_reason": "a test run" } });
    house.cast.desk.patch(at(&number, ""), version, &by_hand).ok(200);
    let last = timeline(&house.cast.agent, &number).pop().unwrap();
    assert_eq!(
        (&decision(&last, "impact")["outputs"][0]["value"], &decision(&last, "impact")["outputs"][0]["kept_by_hand"]),
        (&json!("high"), &json!(true))
    );
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
