//! `…/macros`: several actions on one record, done as one.

use serde_json::{Value, json};

use crate::data::tamper;
use crate::harness::{Call, Caller, Database, House, Stage, act, at, record, timeline, unique, with};

on_both!(
    a_preview_tells_each_step_and_writes_nothing,
    all_steps_are_done_in_one_go_with_one_correlation,
    a_step_that_is_refused_undoes_all_of_them,
    a_gap_is_never_sent,
    it_needs_the_version_that_was_seen,
    a_repeat_gives_the_first_answer,
    it_gives_nobody_more_rights,
    nonsense_is_refused_when_it_is_written;
    alone: what_its_pack_has_no_more_can_be_taken_out_of_use,
);

fn make(house: &House, steps: Value, more: Value) -> String {
    let key = unique("macro");
    let values = json!({ "key": key, "label": { "zh": "宏", "en": "Macro" }, "type": "incident", "steps": steps });
    house.cast.manager.post("/macros", &with(values, more)).ok(201);
    key
}

fn path(number: &str, key: &str) -> String {
    at(number, &format!("/macros/{key}"))
}

fn run(by: &Caller, number: &str, key: &str) -> Call {
    let version = record(by, number)["version"].as_i64().unwrap();
    Call::new("POST", path(number, key)).seen(version)
}

fn preview(by: &Caller, number: &str, key: &str) -> Value {
    by.send(&Call::new("POST", format!("{}/preview", path(number, key)))).ok(200)
}

/// Accept, answer the requester, hold.
fn usual() -> Value {
    json!([
        { "action": "accept" },
        { "action": "comment", "fields": { "visibility": "public", "body": "{{requester.name}}: {{record.number}} is mine. {{me.name}}" } },
        { "action": "hold", "fields": { "reason": "vendor" } },
    ])
}

fn a_preview_tells_each_step_and_writes_nothing(house: &House) {
    let (number, key) = (house.stand(Stage::L1), make(house, usual(), json!({})));
    let before = (record(&house.cast.agent, &number), timeline(&house.cast.agent, &number).len());
    let told = preview(&house.cast.agent, &number, &key);
    assert_eq!(told["open"], true, "{told}");
    let steps = told["steps"].as_array().unwrap();
    let actions: Vec<&str> = steps.iter().map(|step| step["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["accept", "comment", "hold"]);
    assert_eq!((&steps[0]["assignee"]["key"], &steps[0]["label"]), (&json!("agent"), &json!("Accept")));
    let said = steps[1]["fields"].as_array().unwrap().iter().find(|field| field["name"] == "body").unwrap();
    assert_eq!(said["value"], format!("Test owner: {number} is mine. Test agent"));
    assert_eq!(steps[1]["recipients"][0]["key"], "owner", "a public reply goes to the requester: {told}");
    assert_eq!(steps[2]["state"], "pending");
    assert_eq!((record(&house.cast.agent, &number), timeline(&house.cast.agent, &number).len()), before, "nothing is written");
    let listed = house.cast.agent.read(at(&number, "/macros"));
    let item = listed["items"].as_array().unwrap().iter().find(|item| item["key"] == key.as_str()).cloned();
    assert_eq!(item.expect("it fits")["steps"], 3);
    house.cast.owner.get(at(&number, "/macros")).problem(403, "forbidden");
}

fn all_steps_are_done_in_one_go_with_one_correlation(house: &House) {
    let (number, key) = (house.stand(Stage::L1), make(house, usual(), json!({})));
    let before = timeline(&house.cast.agent, &number).len();
    let answer = house.cast.agent.send(&run(&house.cast.agent, &number, &key));
    let done = answer.ok(200);
    assert_eq!((&done["state"], &done["assignee"]["key"]), (&json!("pending"), &json!("agent")));
    assert_eq!(answer.version(), done["version"].as_i64().unwrap());
    let entries = timeline(&house.cast.agent, &number);
    let kinds: Vec<&str> = entries[before..].iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["accepted", "commented", "held"], "an entry for each");
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn a_step_that_is_refused_undoes_all_of_them(house: &House) {
    let number = house.stand(Stage::L1);
    let steps = json!([{ "action": "accept" }, { "action": "resume" }, { "action": "hold", "fields": { "reason": "vendor" } }]);
    let key = make(house, steps, json!({}));
    let before = record(&house.cast.agent, &number);
    let told = preview(&house.cast.agent, &number, &key);
    let steps = told["steps"].as_array().unwrap();
    assert_eq!((&told["open"], steps.len()), (&json!(false), 2), "what follows is not tried: {told}");
    assert!(steps[0]["refused"].is_null() && steps[1]["refused"].is_string(), "{told}");
    assert_eq!(steps[1]["refusal"], json!({ "code": "not_available", "gaps": [], "errors": [] }), "{told}");
    let problem = house.cast.agent.send(&run(&house.cast.agent, &number, &key)).problem(409, "not_available");
    assert!(problem["detail"].as_str().unwrap().contains("step 2"), "{problem}");
    assert_eq!(record(&house.cast.agent, &number), before);
    // Wrong values are named where they stand.
    let key = make(house, json!([{ "action": "accept" }, { "action": "hold", "fields": { "reason": "nonsense" } }]), json!({}));
    let told = preview(&house.cast.agent, &number, &key);
    let fault = &told["steps"][1]["refusal"]["errors"][0];
    assert_eq!(
        (&fault["pointer"], fault["label"].as_str().is_some_and(|label| !label.is_empty())),
        (&json!("/fields/reason"), true),
        "{told}"
    );
    house.cast.agent.send(&run(&house.cast.agent, &number, &key)).problem(422, "invalid");
    assert_eq!(record(&house.cast.agent, &number), before);
}

fn a_gap_is_never_sent(house: &House) {
    let number = house.stand(Stage::L1);
    let key = make(house, json!([{ "action": "comment", "fields": { "body": "It is {{field.resolution}}" } }]), json!({}));
    let told = preview(&house.cast.agent, &number, &key);
    let refusal = &told["steps"][0]["refusal"];
    assert_eq!(
        (&told["open"], &refusal["code"], refusal["gaps"].as_array().map(Vec::len)),
        (&json!(false), &json!("gap"), Some(1)),
        "{told}"
    );
    house.cast.agent.send(&run(&house.cast.agent, &number, &key)).invalid("/steps/0/fields", "gap");
}

fn it_needs_the_version_that_was_seen(house: &House) {
    let (number, key) = (house.stand(Stage::L1), make(house, usual(), json!({})));
    house.cast.agent.send(&Call::new("POST", path(&number, &key))).problem(428, "if_match_required");
    let late = run(&house.cast.agent, &number, &key);
    house
        .cast
        .agent
        .patch(at(&number, ""), record(&house.cast.agent, &number)["version"].as_i64().unwrap(), &json!({ "title": "other" }))
        .ok(200);
    let stale = house.cast.agent.send(&late).problem(412, "stale");
    assert!(stale["meanwhile"].as_array().unwrap().iter().any(|change| change["field"] == "title"), "{stale}");
    house.cast.agent.send(&Call::new("POST", path(&number, "unheard-of")).seen(1)).problem(404, "not_found");
}

fn a_repeat_gives_the_first_answer(house: &House) {
    let (number, key) = (house.stand(Stage::L1), make(house, usual(), json!({})));
    let call = run(&house.cast.agent, &number, &key).once(&unique("macro"));
    let (first, again) = (house.cast.agent.send(&call), house.cast.agent.send(&call));
    assert_eq!(first.ok(200), again.ok(200));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let replies = timeline(&house.cast.agent, &number).iter().filter(|entry| entry["kind"] == "commented").count();
    assert_eq!(replies, 1);
}

fn it_gives_nobody_more_rights(house: &House) {
    let (number, key) = (house.stand(Stage::L1), make(house, usual(), json!({})));
    house.cast.idle.send(&run(&house.cast.idle, &number, &key)).problem(403, "forbidden");
    house.cast.agent.post("/macros", &json!({ "key": unique("macro"), "type": "incident" })).problem(403, "forbidden");
    let others = make(house, usual(), json!({ "roles": ["manager"] }));
    house.cast.agent.send(&run(&house.cast.agent, &number, &others)).problem(404, "not_found");
    act(&house.cast.agent, &number, "accept", &json!({})).ok(200);
}

fn nonsense_is_refused_when_it_is_written(house: &House) {
    let post = |steps: Value, more: Value| {
        let values = json!({ "key": unique("macro"), "label": { "en": "Macro" }, "type": "incident", "steps": steps });
        house.cast.manager.post("/macros", &with(values, more))
    };
    let one = |step: Value| post(json!([step]), json!({}));
    one(json!({ "action": "explode" })).invalid("/steps/0/action", "enum");
    one(json!({ "action": "hold", "fields": { "colour": "red" } })).invalid("/steps/0/fields/colour", "unknown_field");
    one(json!({ "action": "resolve", "fields": { "colour": "red" } })).invalid("/steps/0/fields/colour", "unknown_field");
    one(json!({ "action": "comment", "fields": { "body": "{{me.colour}}" } })).invalid("/steps/0/fields/body", "unknown_placeholder");
    one(json!("accept")).invalid("/steps/0", "type");
    post(json!([]), json!({})).invalid("/steps", "length");
    post(json!(vec![json!({ "action": "accept" }); 11]), json!({})).invalid("/steps", "length");
    post(usual(), json!({ "type": null })).invalid("/type", "required");
    post(usual(), json!({ "roles": ["nobody"] })).invalid("/roles/0", "unknown_reference");
}

fn what_its_pack_has_no_more_can_be_taken_out_of_use(database: Database) {
    let mut house = House::own(database);
    let key = make(&house, json!([{ "action": "resolve", "fields": {} }]), json!({}));
    let more = json!({ "filter": { "field": "fields.closure_code", "op": "eq", "value": "fixed" } });
    let list = json!({ "key": "list", "label": { "en": "List" }, "type": "incident", "activities": ["l1"],
        "steps": [{ "key": "one", "text": { "en": "One" } }] });
    house.cast.manager.post("/checklists", &with(list, more)).ok(201);
    tamper(&mut house, "UPDATE directory SET data = replace(data, '\"resolve\"', '\"vanish\"') WHERE kind = 'macro'");
    tamper(
        &mut house,
        "UPDATE directory SET data = replace(replace(data, '\"l1\"', '\"l9\"'), 'closure_code', 'lost') WHERE kind = 'checklist'",
    );
    house.restart();
    for path in [format!("/macros/{key}"), "/checklists/list".to_owned()] {
        let seen = house.cast.manager.get(path.clone()).version();
        let gone = json!({ "active": false, "label": { "en": "Other" } });
        house.cast.manager.patch(path.clone(), seen, &gone).problem(422, "invalid");
        let done = house.cast.manager.patch(path, seen, &json!({ "active": false })).ok(200);
        assert_eq!(done["active"], false);
    }
}
