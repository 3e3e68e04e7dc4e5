//! `GET /records/{type}/{number}/actions`, `POST …/actions/{action}`

use serde_json::{Value, json};

use crate::harness::{Call, House, Person, Stage, act, at, desktop, record, solved};

on_both!(
    what_is_offered_depends_on_who_asks_and_when,
    what_is_offered_and_enabled_works_and_nothing_else_does,
    a_form_says_what_is_needed,
    what_is_needed_is_demanded,
    fields_that_an_action_does_not_take_are_refused,
    an_unknown_action_is_not_available,
    a_reason_is_one_of_the_list,
    labels_come_in_both_languages,
    it_is_said_where_an_action_leads,
    an_action_can_be_bound_to_the_version_that_was_seen,
);

fn offered(by: &Person, number: &str) -> Vec<Value> {
    by.read(at(number, "/actions"))["items"].as_array().unwrap().clone()
}

/// Keys of the actions that are enabled, sorted; without ticks, which are offered where somebody else has made a checklist.
fn enabled(by: &Person, number: &str) -> Vec<String> {
    let offered = offered(by, number);
    let on = offered.iter().filter(|action| action["enabled"] == true && action["key"] != "check");
    let mut keys: Vec<String> = on.map(|action| action["key"].as_str().unwrap().to_owned()).collect();
    keys.sort();
    keys
}

/// What moves nothing and is open to whoever works on records, or waits for one.
fn beside(by: &Person, stage: Stage) -> Vec<&'static str> {
    let waits = matches!(stage, Stage::New | Stage::L1 | Stage::L2 | Stage::L3 | Stage::Held);
    match by.name.as_str() {
        "owner" if waits => vec!["urge"],
        "owner" => Vec::new(),
        "observer" => vec!["watch"],
        "desk" if waits => vec!["ask_expert", "promise_call", "remind", "urge", "watch"],
        _ => vec!["ask_expert", "promise_call", "remind", "watch"],
    }
}

fn what_is_offered_depends_on_who_asks_and_when(house: &House) {
    let cast = &house.cast;
    let table: &[(Stage, &Person, &[&str])] = &[
        (Stage::New, &cast.owner, &["cancel", "comment"]),
        (Stage::New, &cast.desk, &["accept", "assign", "cancel", "comment", "dispatch", "hold", "link", "resolve"]),
        (Stage::New, &cast.agent, &["accept", "assign", "comment", "dispatch", "hold", "link", "resolve"]),
        (Stage::New, &cast.observer, &[]),
        (Stage::L1, &cast.agent, &["accept", "assign", "comment", "escalate", "hold", "link", "resolve"]),
        (Stage::L1, &cast.contractor, &["accept", "assign", "comment", "escalate", "hold", "resolve"]),
        (Stage::L1, &cast.idle, &["comment", "link"]),
        (Stage::L2, &cast.l2, &["accept", "assign", "comment", "escalate", "hold", "link", "resolve", "return"]),
        (Stage::L2, &cast.agent, &["comment", "link"]),
        (Stage::L3, &cast.l3, &["accept", "assign", "comment", "hold", "link", "resolve", "return"]),
        (Stage::Held, &cast.agent, &["accept", "assign", "comment", "link", "resume"]),
        (Stage::Held, &cast.owner, &["cancel", "comment"]),
        (Stage::Resolved, &cast.owner, &["comment", "confirm", "rate", "reopen"]),
        (Stage::Closed, &cast.owner, &["comment", "rate"]),
        (Stage::Cancelled, &cast.owner, &["comment"]),
        (Stage::Cancelled, &cast.desk, &["comment", "link"]),
    ];
    for (stage, by, wanted) in table {
        let number = house.stand(*stage);
        let mut wanted: Vec<&str> = wanted.to_vec();
        wanted.extend(beside(by, *stage));
        wanted.sort_unstable();
        assert_eq!(enabled(by, &number), wanted, "{stage:?} for {}", by.name);
    }
    let number = house.stand(Stage::Review);
    assert!(enabled(&cast.desk, &number).contains(&"close".to_owned()));
    assert!(!enabled(&cast.owner, &number).contains(&"close".to_owned()));
}

fn it_is_said_where_an_action_leads(house: &House) {
    let leads = |by: &Person, number: &str, key: &str| {
        let offered = offered(by, number);
        let action = offered.iter().find(|action| action["key"] == key).unwrap_or_else(|| panic!("{key} of {offered:?}"));
        action["leads_to"].clone()
    };
    let cast = &house.cast;
    let new = house.stand(Stage::New);
    assert_eq!(leads(&cast.desk, &new, "dispatch"), json!(["l1", "l2", "l3"]), "a table decides which");
    assert_eq!(leads(&cast.desk, &new, "resolve"), json!(["resolved"]));
    assert_eq!(leads(&cast.desk, &new, "cancel"), json!(["cancelled"]));
    assert_eq!(leads(&cast.desk, &new, "comment"), json!(["new"]));
    let held = house.stand(Stage::Held);
    assert_eq!(leads(&cast.agent, &held, "resume"), json!(["l1"]));
    assert_eq!(leads(&cast.agent, &house.stand(Stage::L1), "hold"), json!([record(&cast.agent, &held)["state"]]));
    // Whatever is said is what comes of it.
    let solved = house.stand(Stage::L1);
    let told = leads(&cast.agent, &solved, "resolve");
    act(&cast.agent, &solved, "resolve", &crate::harness::solved()).ok(200);
    assert_eq!(told, json!([record(&cast.agent, &solved)["state"]]));
}

/// Values with which an action succeeds.
fn fitting(action: &str) -> Value {
    match action {
        "dispatch" => desktop(),
        "resolve" => crate::harness::with(desktop(), solved()),
        "escalate" | "return" => json!({ "handover_note": "please" }),
        "reopen" => json!({ "reopen_reason": "again" }),
        "assign" => json!({ "team": "network-l1", "reason": "workload" }),
        "hold" => json!({ "reason": "vendor" }),
        "cancel" => json!({ "reason": "other" }),
        "comment" => json!({ "body": "x" }),
        "rate" => json!({ "score": 5 }),
        "close" => json!({ "review_note": "learned" }),
        _ => json!({}),
    }
}

const ACTIONS: &[&str] = &[
    "accept", "assign", "cancel", "close", "comment", "confirm", "dispatch", "escalate", "hold", "rate", "reopen", "resolve", "resume",
    "return",
];

fn what_is_offered_and_enabled_works_and_nothing_else_does(house: &House) {
    let cast = &house.cast;
    let stages =
        [Stage::New, Stage::L1, Stage::L2, Stage::L3, Stage::Held, Stage::Resolved, Stage::Review, Stage::Closed, Stage::Cancelled];
    for stage in stages {
        for by in [&cast.owner, &cast.agent, &cast.desk] {
            let mut number = house.stand(stage);
            let promised = enabled(by, &number);
            for action in ACTIONS {
                let mut fields = fitting(action);
                if *action == "resolve" && stage != Stage::New {
                    fields = solved();
                }
                let answer = act(by, &number, action, &fields);
                let works = promised.iter().any(|key| key == action);
                assert_eq!(answer.status == 200, works, "{action} at {stage:?} by {}: promised {works}, {}", by.name, answer.text());
                if works {
                    number = house.stand(stage);
                } else {
                    assert!(matches!(answer.status, 403 | 409), "{action} at {stage:?} by {}: {}", by.name, answer.text());
                }
            }
        }
    }
}

fn form(by: &Person, number: &str, action: &str) -> Value {
    offered(by, number).into_iter().find(|a| a["key"] == action).unwrap_or_else(|| panic!("{action} is not offered"))["schema"].clone()
}

fn required(form: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = form["required"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

fn a_form_says_what_is_needed(house: &House) {
    let number = house.stand(Stage::New);
    let dispatch = form(&house.cast.desk, &number, "dispatch");
    assert_eq!(required(&dispatch), ["category", "impact", "service", "urgency"]);
    assert_eq!(dispatch["properties"]["impact"]["default"], "medium", "what is known is proposed");
    let categories = dispatch["properties"]["category"]["oneOf"].as_array().cloned().unwrap_or_default();
    assert!(categories.iter().any(|c| c["const"] == "hardware/printer" && c["title"].is_string()), "{dispatch}");
    assert_eq!(dispatch["properties"]["service"]["x-ref"], "service");
    assert!(dispatch["properties"]["impact"]["oneOf"].as_array().is_some_and(|list| list.len() == 3));
    let number = house.stand(Stage::L1);
    assert_eq!(required(&form(&house.cast.agent, &number, "resolve")), ["closure_code", "resolution"]);
    assert_eq!(required(&form(&house.cast.agent, &number, "escalate")), ["handover_note"]);
    assert_eq!(required(&form(&house.cast.agent, &number, "hold")), ["reason"]);
    let number_of_solved = house.stand(Stage::Resolved);
    assert_eq!(required(&form(&house.cast.owner, &number_of_solved, "reopen")), ["reopen_reason"]);
    let comment = form(&house.cast.agent, &number, "comment");
    assert!(comment["properties"]["visibility"].is_object());
    let comment = form(&house.cast.owner, &number, "comment");
    assert!(comment["properties"]["visibility"].is_null(), "a requester is not even told that there are internal comments");
}

fn what_is_needed_is_demanded(house: &House) {
    let number = house.stand(Stage::New);
    let desk = &house.cast.desk;
    let missing = act(desk, &number, "dispatch", &json!({}));
    missing.invalid("/fields/category", "required");
    missing.invalid("/fields/service", "required");
    act(desk, &number, "dispatch", &json!({ "category": "hardware/abacus", "service": "printing" }))
        .invalid("/fields/category", "unknown_reference");
    act(desk, &number, "dispatch", &crate::harness::with(desktop(), json!({ "team": "atlantis" })))
        .invalid("/fields/team", "unknown_reference");
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    act(agent, &number, "resolve", &json!({ "resolution": "done" })).invalid("/fields/closure_code", "required");
    act(agent, &number, "resolve", &json!({ "resolution": "done", "closure_code": "magic" })).problem(422, "invalid");
    act(agent, &number, "escalate", &json!({})).invalid("/fields/handover_note", "required");
    act(agent, &number, "escalate", &json!({ "handover_note": "  " })).problem(422, "invalid");
    act(agent, &number, "assign", &json!({})).invalid("/fields/team", "required");
    act(agent, &number, "assign", &json!({ "team": "network-l1" })).invalid("/fields/reason", "required");
    act(agent, &number, "assign", &json!({ "assignee": "owner" })).invalid("/fields/assignee", "not_a_member");
    act(agent, &number, "assign", &json!({ "assignee": "nobody-of-this-name" })).invalid("/fields/assignee", "unknown_reference");
    act(agent, &number, "hold", &json!({})).invalid("/fields/reason", "required");
    assert_eq!(record(agent, &number)["version"], 2, "nothing of it was done");
    let number = house.stand(Stage::Resolved);
    for score in [json!(0), json!(6), json!(3.5), json!("5"), Value::Null] {
        act(&house.cast.owner, &number, "rate", &json!({ "score": score })).problem(422, "invalid");
    }
}

fn fields_that_an_action_does_not_take_are_refused(house: &House) {
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    for action in ["accept", "hold", "assign", "comment", "resolve", "escalate"] {
        let fields = crate::harness::with(fitting(action), json!({ "colour": "red" }));
        act(agent, &number, action, &fields).invalid("/fields/colour", "unknown_field");
    }
    // A known field that this outcome does not offer is no way past the forms.
    for field in ["tier", "first_contact", "rating"] {
        act(agent, &number, "resolve", &crate::harness::with(solved(), json!({ field: 1 }))).problem(422, "invalid");
    }
    agent.post(at(&number, "/actions/accept"), &json!({ "fields": {}, "note": "x" })).invalid("/note", "unknown_field");
    agent.send(&Call::new("POST", at(&number, "/actions/accept")).raw("application/json", "{")).problem(400, "malformed");
    assert_eq!(record(agent, &number)["version"], 2);
    agent.post(at(&number, "/actions/accept"), &json!({})).ok(200);
}

fn an_unknown_action_is_not_available(house: &House) {
    let number = house.stand(Stage::L1);
    act(&house.cast.desk, &number, "explode", &json!({})).problem(409, "not_available");
    act(&house.cast.desk, &number, "close", &json!({})).problem(409, "not_available");
    act(&house.cast.stranger, &number, "explode", &json!({})).problem(404, "not_found");
    act(&house.cast.desk, "INC-2000-000001", "accept", &json!({})).problem(404, "not_found");
}

fn a_reason_is_one_of_the_list(house: &House) {
    let number = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    act(agent, &number, "hold", &json!({ "reason": "lunch" })).invalid("/fields/reason", "unknown_reason");
    act(agent, &number, "assign", &json!({ "team": "network-l1", "reason": "lunch" })).invalid("/fields/reason", "unknown_reason");
    act(&house.cast.owner, &number, "cancel", &json!({ "reason": "lunch" })).invalid("/fields/reason", "unknown_reason");
}

fn labels_come_in_both_languages(house: &House) {
    for stage in [Stage::New, Stage::L2, Stage::Review] {
        let number = house.stand(stage);
        let read = |lang: &str| {
            let call = Call::get(at(&number, "/actions")).header("accept-language", lang);
            house.cast.desk.send(&call).ok(200)["items"].as_array().unwrap().clone()
        };
        for (zh, en) in read("zh").iter().zip(read("en")) {
            assert!(!zh["label"].as_str().unwrap().is_ascii(), "{zh}");
            assert!(en["label"].as_str().unwrap().is_ascii() && en["label"] != format!("outcome.{}", en["key"].as_str().unwrap()), "{en}");
        }
    }
}

fn an_action_can_be_bound_to_the_version_that_was_seen(house: &House) {
    let (agent, number) = (&house.cast.agent, house.stand(Stage::L1));
    let seen = record(agent, &number)["version"].as_i64().unwrap();
    let hold = |seen: i64| {
        let body = json!({ "fields": { "reason": "vendor" } });
        agent.send(&Call::post(at(&number, "/actions/hold"), &body).seen(seen))
    };
    act(&house.cast.second, &number, "accept", &json!({})).ok(200);
    let told = hold(seen).problem(412, "stale");
    let meanwhile = told["meanwhile"].as_array().unwrap();
    let assigned = meanwhile.iter().find(|it| it["field"] == "assignee").expect("who has it now is told");
    assert_eq!((&assigned["actor"], &assigned["new_label"]), (&json!("Test second"), &json!("Test second")), "{told}");
    assert_eq!(record(agent, &number)["phase"], "active", "nothing was done");
    hold(told["version"].as_i64().unwrap()).ok(200);
    act(agent, &number, "resume", &json!({})).ok(200);
    // A requester sees versions of what they may see, and goes by these.
    let owner = &house.cast.owner;
    let seen = record(owner, &number)["version"].as_i64().unwrap();
    agent.post(at(&number, "/comments"), &json!({ "body": "among us", "visibility": "internal" })).ok(201);
    owner.send(&Call::post(at(&number, "/actions/urge"), &json!({ "fields": {} })).seen(seen)).ok(200);
}
