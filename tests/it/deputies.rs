//! Who stands in for somebody who is away: sees their work, may do it, is told of it, and the journal says for whom (ORG-04).

use serde_json::{Value, json};

use crate::harness::{Call, House, Person, Stage, act, at, pages, record, solved, timeline, unique};

on_both!(
    a_deputy_is_somebody_else_for_a_time,
    the_deputy_does_what_the_absent_person_could,
    the_deputy_of_who_is_on_duty_is_responsible,
    what_is_not_theirs_to_do_is_not_the_deputys,
    a_deputation_that_is_over_or_to_come_means_nothing,
);

const BEFORE: &str = "2020-01-01T00:00:00Z";
const AFTER: &str = "2099-01-01T00:00:00Z";

fn away(house: &House, person: &Person, deputy: &Person, from: &str, until: &str) {
    let path = format!("/users/{}", person.id);
    let version = house.cast.admin.read(&path)["version"].as_i64().unwrap();
    let change = json!({ "deputy": deputy.name, "deputy_from": from, "deputy_until": until });
    house.cast.admin.patch(path, version, &change).ok(200);
}

fn mine(by: &Person) -> Vec<Value> {
    pages(by, "/tasks?mine=true&limit=200")
}

/// A record that a person works on, in a team of their own.
fn held(house: &House, person: &Person) -> String {
    let number = house.stand(Stage::L1);
    let team = house.team("crew", &[person]);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "assignee": person.name, "reason": "skill" })).ok(200);
    number
}

fn a_deputy_is_somebody_else_for_a_time(house: &House) {
    let (person, deputy) = (house.person("away", &["agent"]), house.person("deputy", &["agent"]));
    let patch = |body: Value| person.send(&Call::patch("/me", &body));
    let set = |deputy: &str, from: &str, until: &str| patch(json!({ "deputy": deputy, "deputy_from": from, "deputy_until": until }));
    set("nobody-of-this-name", BEFORE, AFTER).invalid("/deputy", "unknown_reference");
    set(&person.name, BEFORE, AFTER).invalid("/deputy", "self");
    set(&deputy.name, AFTER, BEFORE).invalid("/deputy_until", "order");
    set(&deputy.name, "tomorrow", AFTER).invalid("/deputy_from", "format");
    patch(json!({ "deputy": deputy.name })).invalid("/deputy_from", "required");
    let requester = &house.cast.owner;
    requester.send(&Call::patch("/me", &json!({ "deputy": "nobody-of-this-name" }))).problem(403, "forbidden");
    set(&requester.name, BEFORE, AFTER).invalid("/deputy", "no_work");
    let me = set(&deputy.name, BEFORE, AFTER).ok(200);
    assert_eq!((&me["deputy"]["key"], &me["deputy_until"]), (&json!(deputy.name), &json!("2099-01-01T00:00:00.000Z")));
    let other = deputy.read("/me");
    assert_eq!((&other["stands_in_for"][0]["person"]["key"], &other["deputy"]), (&json!(person.name), &Value::Null));
    let back = patch(json!({ "deputy": null })).ok(200);
    assert_eq!((&back["deputy"], &back["deputy_from"], &back["deputy_until"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(deputy.read("/me")["stands_in_for"], json!([]));
}

fn the_deputy_does_what_the_absent_person_could(house: &House) {
    let (person, deputy) = (house.person("away", &["agent"]), house.person("deputy", &["contractor"]));
    let number = held(house, &person);
    deputy.get(at(&number, "")).problem(404, "not_found");
    away(house, &person, &deputy, BEFORE, AFTER);
    let now = record(&deputy, &number);
    assert_eq!((&now["assignee"]["key"], &now["deputy"]["key"]), (&json!(person.name), &json!(deputy.name)));
    let task = mine(&deputy).into_iter().find(|task| task["record"]["number"] == number.as_str()).expect("it is the deputy's to do");
    assert_eq!(task["stands_in_for"]["key"], person.name.as_str());
    let own = mine(&person).into_iter().find(|task| task["record"]["number"] == number.as_str()).expect("it stays theirs");
    assert_eq!(own["stands_in_for"], Value::Null);
    let listed = pages(&deputy, "/records/incident?state=open&limit=200");
    assert!(listed.iter().any(|item| item["number"] == number.as_str()), "lists and records agree");
    act(&deputy, &number, "resolve", &solved()).ok(200);
    let entry = timeline(&house.cast.desk, &number).into_iter().rfind(|item| item["actor"]["key"] == deputy.name.as_str()).unwrap();
    assert_eq!(entry["on_behalf_of"]["key"], person.name.as_str());
}

fn the_deputy_of_who_is_on_duty_is_responsible(house: &House) {
    let (person, deputy) = (house.person("duty", &["agent"]), house.person("deputy", &["agent"]));
    let team = house.team("crew", &[&person]);
    away(house, &person, &deputy, BEFORE, AFTER);
    let number = house.stand(Stage::L1);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "skill" })).ok(200);
    let now = record(&house.cast.desk, &number);
    assert_eq!((&now["on_duty"]["key"], &now["on_duty_for"]["key"]), (&json!(deputy.name), &json!(person.name)));
    let task = mine(&deputy).into_iter().find(|task| task["record"]["number"] == number.as_str()).unwrap();
    assert_eq!((&task["on_duty"]["key"], &task["stands_in_for"]["key"]), (&json!(deputy.name), &json!(person.name)));
    // Both are told of work that comes.
    let told = |person: &Person| {
        let rows = pages(&house.cast.admin, "/outbox?limit=200");
        rows.iter().any(|row| row["recipient"] == person.email() && row["template"] == "reassigned")
    };
    assert!(told(&person) && told(&deputy));
    act(&deputy, &number, "accept", &json!({})).ok(200);
    let accepted = timeline(&house.cast.desk, &number).into_iter().rfind(|item| item["kind"] == "accepted").unwrap();
    assert_eq!((&accepted["actor"]["key"], &accepted["on_behalf_of"]["key"]), (&json!(deputy.name), &json!(person.name)));
}

fn what_is_not_theirs_to_do_is_not_the_deputys(house: &House) {
    let (person, deputy) = (house.person("away", &["agent", "requester"]), house.person("deputy", &["contractor"]));
    let own = person.post("/records/incident", &json!({ "title": unique("my own") })).ok(201)["number"].as_str().unwrap().to_owned();
    let number = held(house, &person);
    away(house, &person, &deputy, BEFORE, AFTER);
    deputy.get(at(&own, "")).problem(404, "not_found");
    deputy.get(at(&number, "")).ok(200);
    // Given on to somebody else, it is no longer the deputy's.
    act(&house.cast.desk, &number, "assign", &json!({ "assignee": "agent", "team": "desktop-l1", "reason": "skill" })).ok(200);
    deputy.get(at(&number, "")).problem(404, "not_found");
}

fn a_deputation_that_is_over_or_to_come_means_nothing(house: &House) {
    for (from, until) in [(BEFORE, "2021-01-01T00:00:00Z"), ("2098-01-01T00:00:00Z", AFTER)] {
        let (person, deputy) = (house.person("away", &["agent"]), house.person("deputy", &["contractor"]));
        let number = held(house, &person);
        away(house, &person, &deputy, from, until);
        deputy.get(at(&number, "")).problem(404, "not_found");
        assert_eq!(record(&house.cast.desk, &number)["deputy"], Value::Null);
        assert_eq!(deputy.read("/me")["stands_in_for"], json!([]));
    }
}
