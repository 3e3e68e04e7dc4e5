//! `POST /records/{type}/bulk` and what follows: preview, job, result per record, the way back.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, Stage, act, at, number, pages, record, s, timeline, unique, until};

on_both!(
    a_preview_says_what_would_happen_and_writes_nothing,
    each_record_is_done_as_the_one_who_asks,
    what_a_filter_finds_is_done,
    nonsense_is_refused,
    an_assignment_is_taken_back,
    an_edit_is_taken_back_where_nobody_touched_it_since;
    alone: a_job_outlives_its_server_and_does_nothing_twice,
);

fn bulk(by: &Caller, body: &Value) -> crate::harness::Answer {
    by.post("/records/incident/bulk", body)
}

/// Waits for a job; gives it with its rows as (subject, outcome).
pub fn ended(by: &Caller, begun: &Value) -> (Value, Vec<(String, String)>) {
    let id = begun["job"].as_str().unwrap();
    let job = until(s(60), "the job ends", || Some(by.read(format!("/jobs/{id}"))).filter(|job| !job["ended_at"].is_null()));
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = pages(by, &format!("/jobs/{id}/rows?limit=3"));
    (job, rows.iter().map(|row| (text(row, "subject"), text(row, "outcome"))).collect())
}

fn at_l1(house: &House, count: usize) -> Vec<String> {
    (0..count).map(|_| house.stand(Stage::L1)).collect()
}

fn a_preview_says_what_would_happen_and_writes_nothing(house: &House) {
    let (open, closed) = (house.stand(Stage::L1), house.stand(Stage::Closed));
    let before = record(&house.cast.admin, &open)["version"].clone();
    let numbers = json!([open, closed, "INC-0000-000000"]);
    let fields = json!({ "resolution": "restarted", "closure_code": "fixed" });
    let order = json!({ "numbers": numbers, "action": "resolve", "fields": fields, "preview": true });
    let told = bulk(&house.cast.agent, &order).ok(200);
    assert_eq!((&told["total"], &told["open"]), (&json!(3), &json!(1)), "{told}");
    let items = told["items"].as_array().unwrap();
    assert_eq!(items[0]["open"], true, "{told}");
    let state = items[0]["changes"].as_array().unwrap().iter().find(|c| c["field"] == "state").unwrap();
    assert_eq!((&state["old"], &state["new"]), (&json!("l1"), &json!("resolved")), "{told}");
    assert!(state["new_label"].as_str().is_some_and(|label| !label.is_empty() && label != "resolved"), "{state}");
    assert_eq!((&items[1]["open"], &items[2]["open"]), (&json!(false), &json!(false)), "{told}");
    assert!(items[1]["reason"].as_str().unwrap().contains("not available"), "{told}");
    assert!(items[2]["reason"].as_str().unwrap().contains("not found"), "{told}");
    assert_eq!((&items[0]["code"], &items[1]["code"], &items[2]["code"]), (&Value::Null, &json!("not_available"), &json!("not_found")));
    assert_eq!((&told["messages"], &told["recipients"]), (&json!(1), &json!(1)), "its requester is told: {told}");
    assert_eq!(record(&house.cast.admin, &open)["version"], before);
    // What is wrong with the order itself is said of its fields, for whoever entered them.
    let order = json!({ "numbers": [open], "action": "resolve", "fields": {}, "preview": true });
    let items = bulk(&house.cast.agent, &order).ok(200)["items"].clone();
    assert_eq!(items[0]["code"], "invalid", "{items}");
    let errors = items[0]["errors"].as_array().unwrap();
    assert!(errors.iter().any(|it| it["pointer"] == "/fields/resolution" && it["code"] == "required"), "{items}");
}

fn each_record_is_done_as_the_one_who_asks(house: &House) {
    let mut numbers = at_l1(house, 12);
    let beyond = house.stand(Stage::L2);
    numbers.push(beyond.clone());
    let order = json!({ "numbers": numbers, "action": "comment", "fields": { "body": "the printer is being replaced" } });
    let key = unique("bulk");
    let call = Call::post("/records/incident/bulk", &order).once(&key);
    let begun = house.cast.contractor.send(&call).ok(202);
    assert_eq!(begun["total"], 13);
    assert_eq!(house.cast.contractor.send(&call).ok(202)["job"], begun["job"], "asked again, it is the same job");
    let (job, rows) = ended(&house.cast.contractor, &begun);
    assert_eq!((&job["state"], &job["done"], &job["total"]), (&json!("done"), &json!(13), &json!(13)), "{job}");
    assert_eq!(job["result"], json!({ "done": 12, "unchanged": 0, "refused": 1 }));
    assert_eq!(rows.iter().map(|(subject, _)| subject.clone()).collect::<Vec<_>>(), numbers);
    assert_eq!(rows[12].1, "refused", "what the contractor may not see");
    let entry =
        timeline(&house.cast.admin, &numbers[0]).into_iter().find(|entry| entry["body"] == "the printer is being replaced").unwrap();
    assert_eq!((&entry["actor"]["key"], &entry["channel"]), (&json!("contractor"), &json!("bulk")), "{entry}");
    // What would be sent waits until somebody has looked at it.
    let held = pages(&house.cast.admin, "/outbox?limit=200&state=held");
    assert!(held.iter().any(|message| message["reason"] == "bulk"), "{held:?}");
    // Nobody else sees the job; who runs the system does.
    let path = format!("/jobs/{}", begun["job"].as_str().unwrap());
    house.cast.agent.get(&path).problem(404, "not_found");
    house.cast.manager.get(&path).ok(200);
    assert_eq!(job["can_undo"], false, "a comment has no opposite");
    house.cast.contractor.send(&Call::new("POST", format!("{path}/undo"))).problem(409, "not_available");
}

fn what_a_filter_finds_is_done(house: &House) {
    let mark = unique("found");
    let made: Vec<String> = (0..3)
        .map(|n| {
            let body =
                json!({ "title": format!("{mark} {n}"), "requester": "owner", "channel": "phone", "impact": "low", "urgency": "low" });
            number(&house.cast.desk.post("/records/incident", &body).ok(201))
        })
        .collect();
    let order = json!({
        "query": { "q": mark, "state": "new" }, "filter": {"field": "priority", "op": "in", "value": ["p3", "p4"]},
        "action": "edit", "fields": { "site": "tower" },
    });
    let begun = bulk(&house.cast.desk, &order).ok(202);
    let (_, mut rows) = ended(&house.cast.desk, &begun);
    rows.sort();
    assert_eq!(rows, made.iter().map(|number| (number.clone(), "done".to_owned())).collect::<Vec<_>>());
    assert!(made.iter().all(|number| record(&house.cast.desk, number)["site"]["key"] == "tower"));
    // Once more nothing changes.
    let (job, _) = ended(&house.cast.desk, &bulk(&house.cast.desk, &order).ok(202));
    assert_eq!(job["result"], json!({ "done": 0, "unchanged": 3, "refused": 0 }));
}

fn nonsense_is_refused(house: &House) {
    let desk = &house.cast.desk;
    let with = |more: Value| crate::harness::with(json!({ "numbers": ["INC-1"], "action": "accept" }), more);
    bulk(desk, &with(json!({ "action": "explode" }))).invalid("/action", "enum");
    bulk(desk, &with(json!({ "action": "rate" }))).invalid("/action", "enum");
    bulk(desk, &with(json!({ "numbers": [] }))).invalid("/numbers", "required");
    bulk(desk, &with(json!({ "numbers": null }))).invalid("/numbers", "required");
    bulk(desk, &with(json!({ "numbers": vec!["x"; 5001] }))).invalid("/numbers", "too_many");
    bulk(desk, &with(json!({ "filter": {"all": []} }))).invalid("/numbers", "contradiction");
    let wrong = json!({ "numbers": null, "filter": {"all": [{"field": "colour", "op": "eq", "value": 1}]} });
    bulk(desk, &with(wrong)).invalid("/filter/all/0/field", "unknown_field");
    bulk(&house.cast.owner, &with(json!({}))).problem(403, "forbidden");
    house.cast.desk.post("/records/nothing/bulk", &with(json!({}))).problem(404, "not_found");
}

fn an_assignment_is_taken_back(house: &House) {
    let numbers = at_l1(house, 3);
    act(&house.cast.second, &numbers[1], "accept", &json!({})).ok(200);
    let order = json!({ "numbers": numbers, "action": "assign", "fields": { "team": "network-l1", "reason": "workload" } });
    let begun = bulk(&house.cast.agent, &order).ok(202);
    let (job, _) = ended(&house.cast.agent, &begun);
    assert_eq!((&job["result"]["done"], &job["can_undo"]), (&json!(3), &json!(true)), "{job}");
    assert!(numbers.iter().all(|number| record(&house.cast.agent, number)["team"]["key"] == "network-l1"));
    // One goes on meanwhile.
    act(&house.cast.agent, &numbers[2], "accept", &json!({})).ok(200);
    let undo = Call::new("POST", format!("/jobs/{}/undo", begun["job"].as_str().unwrap()));
    house.cast.second.send(&undo).problem(404, "not_found");
    let begun = house.cast.agent.send(&undo).ok(202);
    let (job, rows) = ended(&house.cast.agent, &begun);
    assert_eq!(job["result"], json!({ "done": 2, "unchanged": 0, "refused": 1 }), "{rows:?}");
    assert_eq!(rows[2], (numbers[2].clone(), "refused".to_owned()));
    let stands = |number: &str| {
        let record = record(&house.cast.agent, number);
        (record["team"]["key"].clone(), record["assignee"]["key"].clone())
    };
    assert_eq!(stands(&numbers[0]), (json!("desktop-l1"), Value::Null));
    assert_eq!(stands(&numbers[1]), (json!("desktop-l1"), json!("second")));
    assert_eq!(stands(&numbers[2]).0, json!("network-l1"));
    // To a person, and back to nobody.
    let order = json!({ "numbers": [numbers[0]], "action": "assign", "fields": { "assignee": "second" } });
    let begun = bulk(&house.cast.agent, &order).ok(202);
    ended(&house.cast.agent, &begun);
    assert_eq!(stands(&numbers[0]).1, json!("second"));
    let undo = Call::new("POST", format!("/jobs/{}/undo", begun["job"].as_str().unwrap()));
    let (job, rows) = ended(&house.cast.agent, &house.cast.agent.send(&undo).ok(202));
    assert_eq!(job["result"]["done"], 1, "{rows:?}");
    assert_eq!(stands(&numbers[0]), (json!("desktop-l1"), Value::Null));
}

fn an_edit_is_taken_back_where_nobody_touched_it_since(house: &House) {
    let numbers = at_l1(house, 3);
    let fields = json!({ "site": "plant", "fields": { "users_affected": 40 } });
    let begun = bulk(&house.cast.desk, &json!({ "numbers": numbers, "action": "edit", "fields": fields })).ok(202);
    let (job, rows) = ended(&house.cast.desk, &begun);
    assert_eq!(job["result"]["done"], 3, "{rows:?}");
    let now = record(&house.cast.desk, &numbers[0]);
    assert_eq!((&now["site"]["key"], &now["fields"]["users_affected"]), (&json!("plant"), &json!(40)), "{now}");
    // Words change nothing; another value does.
    act(&house.cast.desk, &numbers[1], "comment", &json!({ "body": "seen" })).ok(200);
    let version = record(&house.cast.desk, &numbers[2])["version"].as_i64().unwrap();
    house.cast.desk.patch(at(&numbers[2], ""), version, &json!({ "site": "tower" })).ok(200);
    let undo = Call::new("POST", format!("/jobs/{}/undo", begun["job"].as_str().unwrap()));
    let (job, rows) = ended(&house.cast.desk, &house.cast.desk.send(&undo).ok(202));
    assert_eq!(job["result"], json!({ "done": 2, "unchanged": 0, "refused": 1 }), "{rows:?}");
    for number in &numbers[..2] {
        let now = record(&house.cast.desk, number);
        assert!(now["site"].is_null() && now["fields"]["users_affected"].is_null(), "{now}");
    }
    assert_eq!(record(&house.cast.desk, &numbers[2])["site"]["key"], "tower");
}

fn a_job_outlives_its_server_and_does_nothing_twice(database: Database) {
    let mut house = House::own(database);
    let numbers = at_l1(&house, 25);
    let order = json!({ "numbers": numbers, "action": "comment", "fields": { "body": "said once", "visibility": "internal" } });
    house.dying_at("job_step:1", |cast| drop(cast.agent.attempt(&Call::post("/records/incident/bulk", &order))));
    house.restart();
    let begun = json!({ "job": house.cast.admin.read("/jobs?limit=1")["items"][0]["id"] });
    let (job, rows) = ended(&house.cast.agent, &begun);
    assert_eq!((&job["state"], rows.len()), (&json!("done"), 25), "{job}");
    for number in &numbers {
        let said = timeline(&house.cast.agent, number).iter().filter(|entry| entry["body"] == "said once").count();
        assert_eq!(said, 1, "{number}");
    }
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}
