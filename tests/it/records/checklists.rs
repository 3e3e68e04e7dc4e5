//! `…/checklists` and the action `check`: what is to be gone through before a step is done.

use serde_json::{Value, json};

use crate::harness::{Caller, House, Stage, act, at, record, solved, timeline, unique, with};

on_both!(
    an_outcome_waits_for_mandatory_steps,
    a_tick_says_who_when_and_what_it_was,
    a_step_that_does_not_apply_needs_a_reason,
    a_changed_checklist_leaves_what_was_ticked,
    it_belongs_to_its_steps_and_its_condition,
    nonsense_is_refused,
);

/// A checklist for records with this title alone, since others work here too.
fn make(house: &House, title: &str, more: Value) -> String {
    let key = unique("list");
    let step = |key: &str, mandatory: bool| json!({ "key": key, "text": { "zh": format!("做 {key}"), "en": format!("Do {key}") }, "mandatory": mandatory });
    let values = json!({
        "key": key, "label": { "zh": "清单", "en": "List" }, "type": "incident", "activities": ["l1"],
        "filter": { "field": "title", "op": "eq", "value": title }, "steps": [step("a", true), step("b", true), step("c", false)],
    });
    house.cast.manager.post("/checklists", &with(values, more)).ok(201);
    key
}

/// A record with the desktop team, with a title of its own.
fn stand(house: &House) -> (String, String) {
    let (number, title) = (house.stand(Stage::L1), unique("checked"));
    let version = record(&house.cast.agent, &number)["version"].as_i64().unwrap();
    house.cast.agent.patch(at(&number, ""), version, &json!({ "title": title })).ok(200);
    (number, title)
}

fn sheet(by: &Caller, number: &str, key: &str) -> Option<Value> {
    let list = by.read(at(number, "/checklists"));
    list["items"].as_array().unwrap().iter().find(|item| item["key"] == key).cloned()
}

fn tick(by: &Caller, number: &str, key: &str, step: &str, more: Value) -> crate::harness::Answer {
    act(by, number, "check", &with(json!({ "checklist": key, "step": step }), more))
}

fn outcome(by: &Caller, number: &str, key: &str) -> Value {
    let actions = by.read(at(number, "/actions"));
    actions["items"].as_array().unwrap().iter().find(|action| action["key"] == key).cloned().unwrap()
}

fn an_outcome_waits_for_mandatory_steps(house: &House) {
    let (number, title) = stand(house);
    let key = make(house, &title, json!({ "outcomes": ["resolve"] }));
    let by: &Caller = &house.cast.agent;
    let resolve = outcome(by, &number, "resolve");
    assert_eq!(resolve["enabled"], false);
    assert!(resolve["reason"].as_str().unwrap().contains("Do a; Do b"), "{resolve}");
    assert_eq!(outcome(by, &number, "escalate")["enabled"], true, "other outcomes do not wait");
    let problem = act(by, &number, "resolve", &solved()).problem(409, "checklist_open");
    let open: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
    assert_eq!(open, ["Do a", "Do b"]);
    let id = record(by, &number)["id"].as_str().unwrap().to_owned();
    let activity = by.read(at(&number, "/flow"))["tokens"][0]["activity"].as_i64().unwrap();
    let whole = json!({ "outcome": "resolve", "fields": solved() });
    by.post(format!("/tasks/{id}-{activity}/complete"), &whole).problem(409, "checklist_open");
    tick(by, &number, &key, "a", json!({})).ok(200);
    act(by, &number, "resolve", &solved()).problem(409, "checklist_open");
    tick(by, &number, &key, "b", json!({ "state": "not_applicable", "note": "no such thing" })).ok(200);
    // Taken back, it waits again.
    tick(by, &number, &key, "a", json!({ "state": "open" })).ok(200);
    act(by, &number, "resolve", &solved()).problem(409, "checklist_open");
    tick(by, &number, &key, "a", json!({})).ok(200);
    assert_eq!(outcome(by, &number, "resolve")["enabled"], true);
    act(by, &number, "resolve", &solved()).ok(200);
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn a_tick_says_who_when_and_what_it_was(house: &House) {
    let (number, title) = stand(house);
    let key = make(house, &title, json!({}));
    let before = record(&house.cast.agent, &number)["version"].as_i64().unwrap();
    let ticked = tick(&house.cast.second, &number, &key, "a", json!({ "note": "twice" })).ok(200);
    assert_eq!(ticked["version"], before + 1);
    assert_eq!(tick(&house.cast.agent, &number, &key, "a", json!({ "note": "twice" })).ok(200)["version"], before + 1, "it is so already");
    let list = sheet(&house.cast.agent, &number, &key).unwrap();
    assert_eq!((&list["current"], &list["done"], &list["awaited"]), (&json!(true), &json!(1), &json!(1)));
    let step = &list["steps"][0];
    assert_eq!((&step["state"], &step["by"]["key"], &step["note"]), (&json!("done"), &json!("second"), &json!("twice")));
    assert!(step["at"].is_string());
    let entry = timeline(&house.cast.agent, &number).pop().unwrap();
    assert_eq!((&entry["kind"], &entry["visibility"]), (&json!("checked"), &json!("internal")));
    assert_eq!((&entry["check"]["text"], &entry["check"]["state"]), (&json!("Do a"), &json!("done")));
    assert!(timeline(&house.cast.owner, &number).iter().all(|entry| entry["kind"] != "checked"), "requesters are not told");
    house.cast.owner.get(at(&number, "/checklists")).problem(403, "forbidden");
    tick(&house.cast.idle, &number, &key, "b", json!({})).problem(403, "forbidden");
    let past = house.cast.agent.read(at(&number, &format!("?as_of={}", step["at"].as_str().unwrap().replace('+', "%2B"))));
    assert_eq!(past["number"], number.as_str());
}

fn a_step_that_does_not_apply_needs_a_reason(house: &House) {
    let (number, title) = stand(house);
    let key = make(house, &title, json!({}));
    tick(&house.cast.agent, &number, &key, "a", json!({ "state": "not_applicable" })).invalid("/fields/note", "required");
    tick(&house.cast.agent, &number, &key, "a", json!({ "state": "perhaps" })).invalid("/fields/state", "enum");
    tick(&house.cast.agent, &number, &key, "z", json!({})).invalid("/fields/step", "unknown_reference");
    tick(&house.cast.agent, &number, "unheard-of", "a", json!({})).invalid("/fields/checklist", "unknown_reference");
}

fn a_changed_checklist_leaves_what_was_ticked(house: &House) {
    let (number, title) = stand(house);
    let key = make(house, &title, json!({}));
    for step in ["a", "b"] {
        tick(&house.cast.agent, &number, &key, step, json!({})).ok(200);
    }
    let steps = json!([
        { "key": "a", "text": { "en": "Something else" }, "mandatory": true },
        { "key": "d", "text": { "en": "New" }, "mandatory": true },
    ]);
    house.cast.manager.patch(format!("/checklists/{key}"), 1, &json!({ "steps": steps })).ok(200);
    let list = sheet(&house.cast.agent, &number, &key).unwrap();
    let said: Vec<(&str, &str)> =
        list["steps"].as_array().unwrap().iter().map(|step| (step["text"].as_str().unwrap(), step["state"].as_str().unwrap())).collect();
    assert_eq!(said, [("Do a", "done"), ("New", "open"), ("Do b", "done")]);
    act(&house.cast.agent, &number, "resolve", &solved()).problem(409, "checklist_open");
    tick(&house.cast.agent, &number, &key, "d", json!({})).ok(200);
    act(&house.cast.agent, &number, "resolve", &solved()).ok(200);
    let list = sheet(&house.cast.agent, &number, &key).unwrap();
    assert_eq!((&list["current"], &list["done"]), (&json!(false), &json!(3)), "what was done is seen afterwards");
}

fn it_belongs_to_its_steps_and_its_condition(house: &House) {
    let (number, title) = stand(house);
    let (elsewhere, other) = (make(house, &title, json!({ "activities": ["l2"] })), make(house, "no such title", json!({})));
    assert!(sheet(&house.cast.agent, &number, &elsewhere).is_none() && sheet(&house.cast.agent, &number, &other).is_none());
    tick(&house.cast.agent, &number, &elsewhere, "a", json!({})).problem(409, "not_available");
    act(&house.cast.agent, &number, "escalate", &json!({ "handover_note": "beyond me" })).ok(200);
    assert!(sheet(&house.cast.l2, &number, &elsewhere).is_some());
    act(&house.cast.l2, &number, "resolve", &solved()).problem(409, "checklist_open");
}

fn nonsense_is_refused(house: &House) {
    let step = json!({ "key": "a", "text": { "en": "Do it" } });
    let post = |more: Value| {
        let values =
            json!({ "key": unique("list"), "label": { "en": "List" }, "type": "incident", "activities": ["l1"], "steps": [step.clone()] });
        house.cast.manager.post("/checklists", &with(values, more))
    };
    post(json!({ "activities": [] })).invalid("/activities", "required");
    post(json!({ "activities": ["nowhere"] })).invalid("/activities/0", "enum");
    post(json!({ "outcomes": ["explode"] })).invalid("/outcomes/0", "enum");
    post(json!({ "type": null })).invalid("/type", "required");
    post(json!({ "steps": [] })).invalid("/steps", "length");
    post(json!({ "steps": [step.clone(), step.clone()] })).invalid("/steps/1/key", "duplicate");
    let with_step = |more: Value| post(json!({ "steps": [with(step.clone(), more)] }));
    with_step(json!({ "key": "two words" })).invalid("/steps/0/key", "format");
    with_step(json!({ "text": {} })).invalid("/steps/0/text", "required");
    with_step(json!({ "link": "javascript:alert(1)" })).invalid("/steps/0/link", "format");
    with_step(json!({ "link": "ftp://example.org" })).invalid("/steps/0/link", "format");
    with_step(json!({ "mandatory": "yes" })).invalid("/steps/0/mandatory", "type");
    with_step(json!({ "colour": "red" })).invalid("/steps/0/colour", "unknown_field");
    with_step(json!({ "link": "https://example.org/help" })).ok(201);
}
