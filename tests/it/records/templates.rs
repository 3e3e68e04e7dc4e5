//! `GET /records/{type}/{number}/templates` and `/templates`: what agents reply with.

use serde_json::{Value, json};

use crate::harness::{Caller, House, Stage, at, pages, set_call, unique, with};

on_both!(
    a_template_is_filled_for_the_record_in_the_requesters_language,
    what_has_no_value_stays_to_be_seen,
    only_those_that_fit_are_offered,
    a_placeholder_that_means_nothing_is_refused_with_those_that_do,
    a_condition_is_checked_when_it_is_written,
    a_new_system_has_polite_phrases,
    banned_phrases_are_told_to_who_replies,
    they_page_by_key,
);

fn template(more: Value) -> Value {
    let key = unique("reply");
    with(json!({ "key": key, "label": { "zh": "答复", "en": "Reply" }, "body": { "zh": "您好", "en": "Hello" } }), more)
}

fn make(house: &House, more: Value) -> Value {
    house.cast.manager.post("/templates", &template(more)).ok(201)
}

fn offered(by: &Caller, number: &str, query: &str) -> Vec<Value> {
    let mark = if query.is_empty() { "" } else { "&" };
    pages(by, &at(number, &format!("/templates?limit=200{mark}{query}")))
}

fn find(by: &Caller, number: &str, made: &Value, query: &str) -> Option<Value> {
    offered(by, number, query).into_iter().find(|it| it["key"] == made["key"])
}

fn a_template_is_filled_for_the_record_in_the_requesters_language(house: &House) {
    let number = house.stand(Stage::L1);
    let body = json!({
        "zh": "{{requester.name}}：{{record.number}}，{{service.name}}，{{ me.name }}",
        "en": "{{requester.name}}: {{record.number}}, {{service.name}}, {{ me.name }}",
    });
    let made = make(house, json!({ "body": body, "group": "first" }));
    let found = find(&house.cast.agent, &number, &made, "").expect("it fits");
    // The owner reads English, the name of the template is for who replies.
    assert_eq!(found["body"], format!("Test owner: {number}, printing, Test agent"));
    assert_eq!(
        (&found["label"], &found["group"], &found["phrase"], &found["gaps"]),
        (&json!("Reply"), &json!("first"), &json!(false), &json!([]))
    );
    let chinese = find(&house.cast.agent, &number, &made, "language=zh").unwrap();
    assert_eq!(chinese["body"], format!("Test owner：{number}，printing，Test agent"));
    house.cast.agent.get(at(&number, "/templates?language=fr")).problem(400, "malformed");
    house.cast.owner.get(at(&number, "/templates")).problem(403, "forbidden");
    house.cast.stranger.get(at(&number, "/templates")).problem(404, "not_found");
}

fn what_has_no_value_stays_to_be_seen(house: &House) {
    let number = house.stand(Stage::New);
    let made = make(house, json!({ "body": { "en": "{{service.name}} {{field.resolution}}!" } }));
    let found = find(&house.cast.desk, &number, &made, "").unwrap();
    let (body, gaps) = (found["body"].as_str().unwrap(), found["gaps"].as_array().unwrap());
    assert!(body.starts_with("〔service〕 〔") && body.ends_with("〕!"), "{body}");
    assert_eq!(gaps.len(), 2, "{gaps:?}");
}

fn only_those_that_fit_are_offered(house: &House) {
    let (here, there) = (house.stand(Stage::L1), house.stand(Stage::New));
    let by: &Caller = &house.cast.agent;
    let conditional = make(house, json!({ "type": "incident", "filter": {"field": "service", "op": "eq", "value": "printing"} }));
    let fits = |number: &str, made: &Value| find(by, number, made, "").is_some();
    assert_eq!((fits(&here, &conditional), fits(&there, &conditional)), (true, false));
    let mine = make(house, json!({ "type": "incident", "filter": {"field": "team", "op": "in", "value": {"my_teams": true}} }));
    assert_eq!((fits(&here, &mine), find(&house.cast.idle, &here, &mine, "").is_some()), (true, false));
    let of_team = make(house, json!({ "teams": ["network-l2"] }));
    assert_eq!((fits(&here, &of_team), find(&house.cast.l2, &here, &of_team, "").is_some()), (false, true));
    let key = of_team["key"].as_str().unwrap();
    house.cast.manager.patch(format!("/templates/{key}"), 1, &json!({ "active": false })).ok(200);
    assert!(find(&house.cast.l2, &here, &of_team, "").is_none(), "what is out of use is offered no more");
}

fn a_placeholder_that_means_nothing_is_refused_with_those_that_do(house: &House) {
    let post = |more: Value| house.cast.manager.post("/templates", &template(more));
    let problem = post(json!({ "body": { "en": "{{record.colour}}" } })).invalid("/body/en", "unknown_placeholder");
    let said = problem["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("record.colour") && said.contains("record.number") && said.contains("field."), "{said}");
    post(json!({ "body": { "zh": "{{field.colour}}" } })).invalid("/body/zh", "unknown_placeholder");
    post(json!({ "body": { "zh": "{{me.name" } })).invalid("/body/zh", "unknown_placeholder");
    // What requesters may not see does not come into a reply by a template.
    post(json!({ "type": "incident", "body": { "zh": "{{field.preliminary_phenomenon}} {{field.handover_note}}" } }))
        .problem(422, "invalid");
    post(json!({ "body": {} })).invalid("/body", "required");
    post(json!({ "body": null })).invalid("/body", "type");
    post(json!({ "teams": ["nobody"] })).invalid("/teams/0", "unknown_reference");
    post(json!({ "type": "nothing" })).invalid("/type", "unknown_reference");
}

fn a_condition_is_checked_when_it_is_written(house: &House) {
    let post = |more: Value| house.cast.manager.post("/templates", &template(more));
    let filter = json!({"all": [{"field": "colour", "op": "eq", "value": 1}]});
    post(json!({ "filter": filter })).invalid("/type", "required");
    post(json!({ "type": "incident", "filter": filter })).invalid("/filter/all/0/field", "unknown_field");
    post(json!({ "type": "incident", "filter": {"field": "service", "op": "eq", "value": "nothing"} })).problem(422, "invalid");
    let made = make(house, json!({ "type": "incident" }));
    let path = format!("/templates/{}", made["key"].as_str().unwrap());
    house.cast.manager.patch(&path, 1, &json!({ "filter": filter })).invalid("/filter/all/0/field", "unknown_field");
    house.cast.agent.patch(&path, 1, &json!({ "active": false })).problem(403, "forbidden");
}

fn a_new_system_has_polite_phrases(house: &House) {
    let number = house.stand(Stage::L1);
    let items = offered(&house.cast.agent, &number, "language=zh");
    let phrases: Vec<&Value> = items.iter().filter(|it| it["key"].as_str().unwrap().starts_with("phrase-")).collect();
    assert_eq!(phrases.len(), 10);
    assert!(phrases.iter().all(|it| it["phrase"] == true && it["gaps"] == json!([])), "{phrases:?}");
}

fn banned_phrases_are_told_to_who_replies(house: &House) {
    let put = |value: Value| house.cast.admin.send(&set_call(&house.cast.admin, "banned_phrases", &value));
    put(json!("不可能")).invalid("/value", "type");
    put(json!([" "])).invalid("/value/0", "format");
    put(json!(["不可能", "that is not my job"])).ok(200);
    let number = house.stand(Stage::L1);
    let told = house.cast.agent.read(at(&number, "/templates?limit=1"));
    assert_eq!(told["banned_phrases"], json!(["不可能", "that is not my job"]));
    put(json!([])).ok(200);
}

fn they_page_by_key(house: &House) {
    let number = house.stand(Stage::L1);
    let all: Vec<Value> = offered(&house.cast.agent, &number, "").into_iter().map(|it| it["key"].clone()).collect();
    assert!(all.len() >= 10 && all.windows(2).all(|two| two[0].as_str() < two[1].as_str()));
    let few: Vec<Value> = pages(&house.cast.agent, &at(&number, "/templates?limit=4")).into_iter().map(|it| it["key"].clone()).collect();
    // Others make templates meanwhile: those of a new system are all there, each once.
    let phrases = |keys: &[Value]| keys.iter().filter(|key| key.as_str().unwrap().starts_with("phrase-")).count();
    assert_eq!((phrases(&few), phrases(&all)), (10, 10));
}
