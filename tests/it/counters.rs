//! `GET /counters`

use serde_json::{Value, json};

use crate::harness::{Caller, House, act, desktop, number, s, unique, until};

on_both!(
    two_people_count_what_is_theirs_and_follow_a_change,
    nobody_counts_beyond_what_they_may_read,
    saved_lists_are_counted_where_it_is_cheap
);

fn stand(house: &House, team: &str, degree: &str) -> String {
    let body = json!({ "title": unique("counted"), "requester": "owner", "channel": "phone", "impact": degree, "urgency": degree });
    let number = number(&house.cast.desk.post("/records/incident", &body).ok(201));
    act(&house.cast.desk, &number, "dispatch", &desktop()).ok(200);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
    number
}

fn counted(by: &Caller) -> (i64, i64, i64) {
    let told = by.read("/counters");
    let n = |name: &str| told[name].as_i64().unwrap();
    (n("open"), n("unclaimed"), n("mine"))
}

#[track_caller]
fn comes_to(by: &Caller, wanted: (i64, i64, i64)) -> Value {
    until(s(5), &format!("counters come to {wanted:?}"), || (counted(by) == wanted).then(|| by.read("/counters")))
}

fn two_people_count_what_is_theirs_and_follow_a_change(house: &House) {
    let (one, two) = (house.person("counts", &["agent"]), house.person("counts", &["agent"]));
    let (first, second) = (house.team("first", &[&one]), house.team("second", &[&two]));
    assert_eq!((counted(&one), counted(&two)), ((0, 0, 0), (0, 0, 0)));
    let urgent = stand(house, &first, "high");
    stand(house, &first, "low");
    stand(house, &second, "low");
    let told = comes_to(&one, (2, 2, 0));
    assert_eq!(told["by_priority"]["p1"], 1, "{told}");
    assert_eq!((&told["teams"][0]["team"]["key"], &told["teams"][0]["open"]), (&json!(first), &json!(2)), "{told}");
    comes_to(&two, (1, 1, 0));
    act(&one, &urgent, "accept", &json!({})).ok(200);
    comes_to(&one, (2, 1, 1));
    act(&one, &urgent, "assign", &json!({ "team": second, "reason": "workload" })).ok(200);
    comes_to(&one, (1, 1, 0));
    comes_to(&two, (2, 2, 0));
    house.cast.owner.get("/counters").problem(403, "forbidden");
}

fn nobody_counts_beyond_what_they_may_read(house: &House) {
    // Contractors see what they reported and what lies with their teams: groups alone do not know the first.
    let outside = house.person("contracts", &["contractor"]);
    let team = house.team("contracts", &[&outside]);
    let made = stand(house, &team, "low");
    stand(house, "desktop-l1", "low");
    comes_to(&outside, (1, 1, 0));
    act(&outside, &made, "accept", &json!({})).ok(200);
    comes_to(&outside, (1, 0, 1));
    let nobody = house.person("nothing", &["contractor"]);
    assert_eq!(counted(&nobody), (0, 0, 0));
}

fn saved_lists_are_counted_where_it_is_cheap(house: &House) {
    let person = house.person("lists", &["agent"]);
    let team = house.team("lists", &[&person]);
    stand(house, &team, "high");
    stand(house, &team, "low");
    let save = |filter: Value| {
        let body = json!({ "label": unique("list"), "type": "incident", "query": { "team": "mine", "state": "open" }, "filter": filter });
        person.post("/views", &body).ok(201)["id"].as_str().unwrap().to_owned()
    };
    let (cheap, dear) =
        (save(json!({"field": "priority", "op": "eq", "value": "p1"})), save(json!({"field": "title", "op": "contains", "value": "x"})));
    let told = comes_to(&person, (2, 2, 0));
    let of = |id: &str| told["views"].as_array().unwrap().iter().find(|view| view["id"] == id).unwrap()["open"].clone();
    assert_eq!((of(&cheap), of(&dear)), (json!(1), Value::Null), "{told}");
}
