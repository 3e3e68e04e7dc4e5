//! `/tasks`

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, Stage, act, at, number, pages, record, solved, unique};

on_both!(
    my_work_is_what_i_accepted_and_what_i_am_on_duty_for,
    a_team_has_its_own_list,
    the_requester_is_asked_to_confirm,
    a_step_is_completed_by_its_id,
    a_step_that_is_gone_is_not_available,
    the_list_pages_oldest_first_without_gap_or_double,
    by_urgency_the_most_urgent_comes_first_whatever_its_age,
    nonsense_is_refused,
    a_portal_user_learns_nothing_of_the_work_of_others,
    a_repeated_completion_gives_the_first_answer,
);

/// The open step of a record, as somebody's list shows it.
fn step(by: &Caller, query: &str, number: &str) -> Option<Value> {
    pages(by, &format!("/tasks?limit=200{query}")).into_iter().find(|task| task["record"]["number"] == number)
}

fn my_work_is_what_i_accepted_and_what_i_am_on_duty_for(house: &House) {
    let (duty, other) = (house.person("duty", &["agent"]), house.person("other", &["agent"]));
    let team = house.team("crew", &[&duty, &other]);
    let number = house.stand(Stage::L1);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
    let waiting = step(&duty, "&mine=true", &number).expect("who is on duty finds it");
    assert_eq!(waiting["on_duty"]["key"], duty.name.as_str());
    assert_eq!((&waiting["accepted_at"], &waiting["assignee"]), (&Value::Null, &Value::Null));
    assert_eq!(step(&other, "&mine=true", &number), None);
    act(&other, &number, "accept", &json!({})).ok(200);
    let mine = step(&other, "&mine=true", &number).expect("who accepted it finds it");
    assert_eq!(mine["assignee"]["key"], other.name.as_str());
    assert!(mine["accepted_at"].is_string());
    assert_eq!(mine["on_duty"], Value::Null);
    assert_eq!(step(&duty, "&mine=true", &number), None, "who is on duty is free of it");
}

fn a_team_has_its_own_list(house: &House) {
    let number = house.stand(Stage::L1);
    let task = step(&house.cast.second, "&team=desktop-l1", &number).expect("it waits for the team");
    assert_eq!((&task["team"]["key"], &task["activity"]), (&json!("desktop-l1"), &json!("l1")));
    assert_eq!(task["record"]["requester"]["key"], "owner");
    assert_eq!(task["suspended"], false);
    assert_eq!(step(&house.cast.second, "&team=network-l1", &number), None);
    act(&house.cast.agent, &number, "hold", &json!({ "reason": "vendor" })).ok(200);
    assert_eq!(step(&house.cast.second, "&team=desktop-l1", &number).unwrap()["suspended"], true);
}

fn the_requester_is_asked_to_confirm(house: &House) {
    let number = house.stand(Stage::Resolved);
    let task = step(&house.cast.owner, "&mine=true", &number).expect("it is the requester's turn");
    assert_eq!(task["activity"], "confirm");
    assert_eq!(task["assignee"]["key"], "owner");
    act(&house.cast.owner, &number, "confirm", &json!({})).ok(200);
    assert_eq!(step(&house.cast.owner, "&mine=true", &number), None);
}

fn complete(by: &Caller, task: &Value, body: &Value) -> crate::harness::Answer {
    by.post(format!("/tasks/{}/complete", task["id"].as_str().unwrap()), body)
}

fn a_step_is_completed_by_its_id(house: &House) {
    let number = house.stand(Stage::L1);
    let task = step(&house.cast.agent, "&team=desktop-l1", &number).unwrap();
    complete(&house.cast.agent, &task, &json!({ "outcome": "resolve" })).invalid("/fields/resolution", "required");
    complete(&house.cast.agent, &task, &json!({ "fields": {} })).invalid("/outcome", "required");
    complete(&house.cast.agent, &task, &json!({ "outcome": "resolve", "colour": 1 })).invalid("/colour", "unknown_field");
    let done = complete(&house.cast.agent, &task, &json!({ "outcome": "resolve", "fields": solved() }));
    assert_eq!(done.ok(200)["state"], "resolved");
    assert_eq!(done.version(), done.json()["version"].as_i64().unwrap());
}

fn a_step_that_is_gone_is_not_available(house: &House) {
    let number = house.stand(Stage::L1);
    let task = step(&house.cast.agent, "&team=desktop-l1", &number).unwrap();
    complete(&house.cast.desk, &task, &json!({ "outcome": "confirm" })).problem(409, "not_available");
    complete(&house.cast.agent, &task, &json!({ "outcome": "resolve", "fields": solved() })).ok(200);
    complete(&house.cast.agent, &task, &json!({ "outcome": "resolve", "fields": solved() })).problem(409, "not_available");
    for id in ["no-identity", "01890000-0000-7000-8000-000000000000-1", "1", ""] {
        let path = format!("/tasks/{id}/complete");
        house.cast.agent.post(&path, &json!({ "outcome": "resolve" })).problem(404, "not_found");
    }
}

fn the_list_pages_oldest_first_without_gap_or_double(house: &House) {
    let agent = house.person("busy", &["agent"]);
    let team = house.team("crew", &[&agent]);
    let wanted: Vec<String> = (0..7)
        .map(|_| {
            let number = house.stand(Stage::L1);
            act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
            number
        })
        .collect();
    for limit in [1, 3, 7] {
        let items = pages(&agent, &format!("/tasks?team={team}&limit={limit}"));
        let numbers: Vec<&str> = items.iter().map(|task| task["record"]["number"].as_str().unwrap()).collect();
        assert_eq!(numbers, wanted, "limit {limit}");
        assert!(items.is_sorted_by_key(|task| task["opened_at"].as_str().unwrap().to_owned()));
    }
    let cursor = agent.read(format!("/tasks?team={team}&limit=3"))["next"].as_str().unwrap().to_owned();
    agent.get(format!("/tasks?mine=true&limit=3&cursor={cursor}")).problem(400, "malformed");
    agent.get(format!("/tasks?team=desktop-l1&limit=3&cursor={cursor}")).problem(400, "malformed");
}

fn by_urgency_the_most_urgent_comes_first_whatever_its_age(house: &House) {
    let agent = house.person("busy", &["agent"]);
    let team = house.team("crew", &[&agent]);
    let opened: Vec<(String, String)> = ["low", "medium", "high", "medium", "high", "low"]
        .into_iter()
        .map(|level| {
            let new = json!({ "title": unique(level), "impact": level, "urgency": level });
            let number = number(&house.cast.desk.post("/records/incident", &new).ok(201));
            let mut fields = crate::harness::desktop();
            fields["impact"] = json!(level);
            fields["urgency"] = json!(level);
            act(&house.cast.desk, &number, "dispatch", &fields).ok(200);
            act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
            (record(&agent, &number)["priority"].as_str().unwrap().to_owned(), number)
        })
        .collect();
    let mut wanted = opened.clone();
    // A stable order: within a priority the oldest first.
    wanted.sort_by(|a, b| a.0.cmp(&b.0));
    assert_ne!(wanted, opened);
    for (list, limit) in [("mine=true", 1), ("mine=true", 4), (format!("team={team}").as_str(), 2), ("mine=true", 6)] {
        let items = pages(&agent, &format!("/tasks?{list}&sort=urgency&limit={limit}"));
        let found: Vec<(String, String)> = items
            .iter()
            .map(|task| (task["record"]["priority"].as_str().unwrap().to_owned(), task["record"]["number"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(found, wanted, "{list} limit {limit}");
    }
    let cursor = agent.read("/tasks?mine=true&sort=urgency&limit=2")["next"].as_str().unwrap().to_owned();
    agent.get(format!("/tasks?mine=true&limit=2&cursor={cursor}")).problem(400, "malformed");
}

fn nonsense_is_refused(house: &House) {
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=ten",
        "mine=perhaps",
        "team=atlantis",
        "cursor=x",
        "sort=age",
        "colour=red",
        "limit=1&limit=2",
    ] {
        house.cast.agent.get(format!("/tasks?{query}")).problem(400, "malformed");
    }
}

fn a_portal_user_learns_nothing_of_the_work_of_others(house: &House) {
    let spy = house.person("spy", &["requester"]);
    let agent = house.person("busy", &["agent"]);
    let (busy, free) = (house.team("crew", &[&agent]), house.team("crew", &[&agent]));
    for _ in 0..2 {
        let number = house.stand(Stage::L1);
        act(&house.cast.desk, &number, "assign", &json!({ "team": busy, "reason": "workload" })).ok(200);
    }
    let look = |team: &str| {
        let answer = spy.get(format!("/tasks?team={team}&limit=1"));
        (answer.status, answer.json()["items"].clone(), answer.json()["next"].clone(), answer.json()["code"].clone())
    };
    assert_eq!(look(&busy), look(&free), "a busy team looks different from a free one");
    assert_eq!(pages(&spy, "/tasks?mine=true"), Vec::<Value>::new());
    // Completing by guessing says no more than for a record that does not exist.
    let number = house.stand(Stage::L1);
    let id = record(&house.cast.admin, &number)["id"].as_str().unwrap().to_owned();
    for activity in 0..4 {
        let path = format!("/tasks/{id}-{activity}/complete");
        spy.post(path, &json!({ "outcome": "resolve", "fields": solved() })).problem(404, "not_found");
    }
}

fn a_repeated_completion_gives_the_first_answer(house: &House) {
    let opened = number(&house.cast.owner.post("/records/incident", &json!({ "title": unique("twice") })).ok(201));
    let task = step(&house.cast.desk, "&team=service-desk", &opened).unwrap();
    let call = Call::post(
        format!("/tasks/{}/complete", task["id"].as_str().unwrap()),
        &json!({ "outcome": "dispatch", "fields": crate::harness::desktop() }),
    );
    let call = call.once(&unique("key"));
    let first = house.cast.desk.send(&call);
    first.ok(200);
    let again = house.cast.desk.send(&call);
    assert_eq!(again.ok(200), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(house.cast.desk.get(at(&opened, "")).version(), first.version(), "it was done once");
}
