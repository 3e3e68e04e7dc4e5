//! A portal user never learns of another's record, of an internal comment, or of a count or list that reveals either.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, Stage, act, at, number, pages, timeline, unique, upload};

on_both!(
    no_route_shows_the_record_of_another,
    no_filter_tells_that_it_exists,
    internal_words_stay_inside,
    words_from_one_worker_to_the_next_stay_inside,
    internal_words_leave_no_gap_that_counts_them,
    what_happens_inside_leaves_no_trace_outside,
    no_condition_or_order_tells_when_something_happened_inside,
    a_change_of_what_is_internal_is_internal,
    a_contractor_sees_the_own_teams_records_and_no_others,
    what_one_opens_one_may_read,
    what_workers_write_requesters_do_not,
    nobody_rates_for_the_requester,
);

/// A record of a person whom nobody else knows, with a title that is found nowhere else.
struct Secret {
    number: String,
    title: String,
    id: String,
}

fn secret(house: &House) -> Secret {
    let person = house.person("whistle", &["requester"]);
    let title = unique("strictly confidential");
    let opened =
        person.post("/records/incident", &json!({ "title": title, "description": title, "impact": "high", "urgency": "high" })).ok(201);
    Secret { number: number(&opened), title, id: opened["id"].as_str().unwrap().to_owned() }
}

#[track_caller]
fn assert_silent(text: &str, secret: &Secret, about: &str) {
    for word in [&secret.number, &secret.title, &secret.id] {
        assert!(!text.contains(word.as_str()), "{about} tells of {word}: {text}");
    }
}

fn no_route_shows_the_record_of_another(house: &House) {
    let secret = secret(house);
    let spy = house.person("spy", &["requester"]);
    for rest in ["", "/timeline", "/actions", "/attachments", "/links", "/flow", "/attachments/01890000-0000-7000-8000-000000000000"] {
        spy.get(at(&secret.number, rest)).problem(404, "not_found");
    }
    spy.post(at(&secret.number, "/comments"), &json!({ "body": "x" })).problem(404, "not_found");
    spy.patch(at(&secret.number, ""), 1, &json!({ "title": "x" })).problem(404, "not_found");
    spy.send(&upload(&at(&secret.number, "/attachments"), "a.txt", b"x", None)).problem(404, "not_found");
    for (action, fields) in [
        ("accept", json!({})),
        ("assign", json!({ "team": "network-l1", "reason": "other" })),
        ("hold", json!({ "reason": "other" })),
        ("resume", json!({})),
        ("comment", json!({ "body": "x" })),
        ("link", json!({ "to": secret.number, "kind": "related" })),
        ("cancel", json!({ "reason": "other" })),
        ("rate", json!({ "score": 5 })),
        ("dispatch", crate::harness::desktop()),
        ("confirm", json!({})),
        ("unheard-of", json!({})),
    ] {
        act(&spy, &secret.number, action, &fields).problem(404, "not_found");
    }
    for path in [
        "/records/incident?limit=200",
        "/records/incident?state=open",
        "/records/incident?priority=p1",
        "/records/incident?team=service-desk",
        "/records/incident?sort=priority",
        "/tasks?limit=200",
        "/tasks?team=service-desk&limit=200",
        "/tasks?mine=true",
    ] {
        let answer = spy.get(path);
        assert_silent(&answer.text(), &secret, path);
        assert_eq!(answer.json()["next"], Value::Null, "{path} has another page for somebody who sees nothing");
    }
    for path in ["/jobs", "/outbox", "/users", "/teams", "/settings", "/roles"] {
        spy.get(path).problem(403, "forbidden");
    }
    // Numbers count: who opens a record next must not learn more from its number than that numbers grow.
    act(&house.cast.desk, &secret.number, "dispatch", &crate::harness::desktop()).ok(200);
    assert_silent(&spy.get("/tasks?team=desktop-l1").text(), &secret, "the team's tasks");
}

/// What an answer says, without what differs by request.
fn look(by: &Caller, path: &str, hide: &[&str]) -> (u16, String) {
    let answer = by.get(path);
    let mut body = answer.json();
    if body.get("request_id").is_some() {
        body["request_id"].take();
    }
    let text = hide.iter().fold(body.to_string(), |text, word| text.replace(word, "·"));
    (answer.status, text)
}

fn no_filter_tells_that_it_exists(house: &House) {
    let secret = secret(house);
    let spy = house.person("spy", &["requester"]);
    let missing = "INC-2000-000001";
    for filter in ["parent", "q"] {
        let there = look(&spy, &format!("/records/incident?{filter}={}", secret.number), &[&secret.number]);
        let nowhere = look(&spy, &format!("/records/incident?{filter}={missing}"), &[missing]);
        assert_eq!(there, nowhere, "{filter}= tells an existing number from a missing one");
    }
    let whistle = house.cast.admin.read(at(&secret.number, ""))["requester"]["key"].as_str().unwrap().to_owned();
    for filter in ["requester", "assignee"] {
        let there = look(&spy, &format!("/records/incident?{filter}={whistle}"), &[&whistle]);
        let nowhere = look(&spy, &format!("/records/incident?{filter}=nobody-x"), &["nobody-x"]);
        assert_eq!(there, nowhere, "{filter}= tells an existing account from a missing one to somebody who may not read users");
    }
    for list in ["/records/incident?limit=5", "/tasks?limit=5"] {
        for team in ["service-desk", "elsewhere", "vendor-l3"] {
            let there = look(&spy, &format!("{list}&team={team}"), &[team]);
            let nowhere = look(&spy, &format!("{list}&team=atlantis"), &["atlantis"]);
            assert_eq!(there, nowhere, "{list}: team= tells somebody who may not read teams which there are");
        }
    }
    // The same through writing: linking, opening for another.
    let open_for = |name: &str| {
        let answer = spy.post("/records/incident", &json!({ "title": "x", "requester": name }));
        (answer.status, answer.json()["code"].clone())
    };
    assert_eq!(open_for(&whistle), open_for("nobody-x"), "requester= in a report tells who has an account");
}

fn internal_words_stay_inside(house: &House) {
    let word = unique("internal-word");
    let n = house.stand(Stage::L1);
    let agent = &house.cast.agent;
    act(agent, &n, "comment", &json!({ "body": word, "visibility": "internal" })).ok(200);
    agent.send(&upload(&at(&n, "/attachments"), &format!("{word}.txt"), word.as_bytes(), Some("internal"))).ok(201);
    for rest in ["", "/timeline?limit=200", "/actions", "/attachments", "/links", "/flow"] {
        let text = house.cast.owner.get(at(&n, rest)).text();
        assert!(!text.contains(&word), "{rest} shows the requester an internal word: {text}");
        assert!(!text.contains("\"internal\""), "{rest} tells the requester that something internal is there: {text}");
    }
    assert!(pages(&house.cast.owner, &format!("/records/incident?q={word}")).is_empty());
    // Every writer's answer is theirs alone: the requester's own answer shows no internal field either.
    let answer = act(&house.cast.owner, &n, "comment", &json!({ "body": "hello" }));
    assert!(!answer.text().contains(&word));
    let stale = house.cast.owner.patch(at(&n, ""), 1, &json!({ "title": "x" }));
    assert!(!stale.text().contains(&word), "{}", stale.text());
    assert_eq!(timeline(agent, &n).iter().filter(|entry| entry["visibility"] == "internal").count(), 2);
}

fn words_from_one_worker_to_the_next_stay_inside(house: &House) {
    let n = house.stand(Stage::L1);
    let note = unique("between us");
    act(&house.cast.agent, &n, "escalate", &json!({ "handover_note": note })).ok(200);
    act(&house.cast.l2, &n, "return", &json!({ "handover_note": note })).ok(200);
    act(&house.cast.agent, &n, "assign", &json!({ "team": "network-l1", "reason": "workload", "note": note })).ok(200);
    for rest in ["", "/timeline?limit=200", "/actions", "/flow"] {
        let text = house.cast.owner.get(at(&n, rest)).text();
        assert!(!text.contains(&note), "{rest} shows the requester what one worker wrote to the next: {text}");
    }
    let kinds: Vec<Value> = timeline(&house.cast.owner, &n).iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["opened", "completed", "completed", "completed", "assigned"], "that it moved on, the requester may know");
}

fn internal_words_leave_no_gap_that_counts_them(house: &House) {
    let look = |with: bool| {
        let n = house.stand(Stage::L1);
        if with {
            act(&house.cast.agent, &n, "comment", &json!({ "body": "x", "visibility": "internal" })).ok(200);
        }
        act(&house.cast.agent, &n, "comment", &json!({ "body": "public" })).ok(200);
        let page = house.cast.owner.read(at(&n, "/timeline?limit=3"));
        (page["items"].as_array().unwrap().len(), page["next"].clone())
    };
    assert_eq!(look(true), look(false), "the pages of a timeline tell that something internal lies between");
}

/// Version, tag, times, the numbers of entries and live updates: nothing moves for the requester when something internal happens.
fn what_happens_inside_leaves_no_trace_outside(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    act(&cast.agent, &number, "accept", &json!({})).ok(200);
    let seen = || {
        let answer = cast.owner.get(at(&number, ""));
        let list = cast.owner.read(format!("/records/incident?sort=-updated_at&limit=200&q={number}"));
        let listed = list["items"].as_array().unwrap().first().cloned();
        let seqs: Vec<Value> = timeline(&cast.owner, &number).iter().map(|entry| entry["seq"].clone()).collect();
        let notices = cast.owner.read("/notices?limit=200")["items"].as_array().unwrap().clone();
        let notices = notices.iter().filter(|notice| notice["record"]["number"] == number.as_str()).count();
        (answer.version(), answer.ok(200), listed, seqs, notices)
    };
    let before = seen();
    assert_eq!(before.3, (1..=before.3.len()).map(|n| json!(n)).collect::<Vec<_>>(), "public entries are counted alone");
    assert_eq!(before.0, before.3.len() as i64);
    let id = before.1["id"].as_str().unwrap().to_owned();
    let mut live = crate::harness::Live::follow(&cast.owner);
    // News comes up to a second after the answer, with the version of then: what happened before is heard before.
    while live.next(crate::harness::s(3)).is_some() {}
    act(&cast.agent, &number, "comment", &json!({ "body": "inside", "visibility": "internal" })).ok(200);
    cast.agent.send(&upload(&at(&number, "/attachments"), "a.txt", b"x", Some("internal"))).ok(201);
    act(&cast.l2, &number, "watch", &json!({})).ok(200);
    act(&cast.agent, &number, "remind", &json!({ "due_at": "2027-01-01T00:00:00Z", "note": "inside" })).ok(200);
    assert_eq!(seen(), before);
    let said = cast.agent.post(at(&number, "/comments"), &json!({ "body": "outside" })).ok(201);
    let heard = live.until(crate::harness::s(15), &id);
    let of_it: Vec<&Value> = heard.iter().filter(|event| event["id"] == id.as_str()).collect();
    assert_eq!(of_it.len(), 1, "{heard:?}");
    assert_eq!(of_it[0]["version"], before.0 + 1, "{of_it:?}");
    let after = cast.owner.post(at(&number, "/comments"), &json!({ "body": "thanks" })).ok(201);
    assert_eq!((&after["seq"], &after["version"]), (&json!(before.0 + 2), &json!(before.0 + 2)));
    assert!(said["version"].as_i64().unwrap() > before.0 + 4, "those who work on it count everything");
    let pages: Vec<Value> = pages(&cast.owner, &at(&number, "/timeline?limit=2")).iter().map(|entry| entry["seq"].clone()).collect();
    assert_eq!(pages, (1..=before.0 + 2).map(|n| json!(n)).collect::<Vec<_>>());
}

fn a_contractor_sees_the_own_teams_records_and_no_others(house: &House) {
    let (mine, theirs) = (house.stand(Stage::L1), house.stand(Stage::L2));
    let contractor = &house.cast.contractor;
    contractor.get(at(&mine, "")).ok(200);
    contractor.get(at(&theirs, "")).problem(404, "not_found");
    let all = pages(contractor, "/records/incident?limit=200");
    let own = |record: &Value| record["team"]["key"] == "desktop-l1" || record["requester"]["key"] == "contractor";
    assert!(all.iter().all(own), "a list shows records of other teams");
    let tasks = pages(contractor, "/tasks?team=system-l2&limit=200");
    assert_eq!(tasks, Vec::<Value>::new());
    act(&house.cast.agent, &mine, "escalate", &json!({ "handover_note": "x" })).ok(200);
    contractor.get(at(&mine, "")).problem(404, "not_found");
}

fn what_one_opens_one_may_read(house: &House) {
    for by in [&house.cast.owner, &house.cast.contractor, &house.cast.agent, &house.cast.desk, &house.cast.manager] {
        let opened = by.send(&Call::post("/records/incident", &json!({ "title": "for myself" }))).ok(201);
        let answer = by.get(at(&number(&opened), ""));
        assert_eq!(answer.status, 200, "{} opened a record and may not read it: {}", by.name, answer.text());
    }
}

fn what_workers_write_requesters_do_not(house: &House) {
    let open = |more: Value| house.cast.owner.post("/records/incident", &crate::harness::with(json!({ "title": "x" }), more));
    open(json!({ "fields": { "handover_note": "approved by the head" } })).invalid("/fields/handover_note", "read_only");
    open(json!({ "fields": { "impact_reason": "because" } })).invalid("/fields/impact_reason", "read_only");
    // Whether a person or a team exists is not told either.
    for name in ["agent", "nobody-of-this-name"] {
        open(json!({ "assignee": name })).invalid("/assignee", "read_only");
    }
    for team in ["desktop-l1", "no-such-team"] {
        open(json!({ "team": team })).invalid("/team", "read_only");
    }
}

fn nobody_rates_for_the_requester(house: &House) {
    let n = house.stand(Stage::L1);
    for by in [&house.cast.agent, &house.cast.manager] {
        let version = house.cast.admin.read(at(&n, ""))["version"].as_i64().unwrap();
        by.patch(at(&n, ""), version, &json!({ "fields": { "rating": 5 } })).invalid("/fields/rating", "read_only");
    }
}

fn no_condition_or_order_tells_when_something_happened_inside(house: &House) {
    let cast = &house.cast;
    let ask = |by: &Caller, field: &str, value: Value| {
        let filter = json!({ "field": field, "op": "gt", "value": value });
        by.get(format!("/records/incident?filter={}", super::filter::encoded(&filter.to_string())))
    };
    ask(&cast.owner, "updated_at", json!("2026-01-01T00:00:00Z")).problem(400, "malformed");
    ask(&cast.owner, "parent", json!("x")).problem(400, "malformed");
    ask(&cast.agent, "updated_at", json!("2026-01-01T00:00:00Z")).ok(200);
    // Who reads some records whole and their own ones from outside learns nothing of the latter from the order.
    let contractor = house.person("outside", &["contractor", "requester"]);
    let open = |title: &str| number(&contractor.post("/records/incident", &json!({ "title": title })).ok(201));
    let (first, second) = (open("first"), open("second"));
    act(&cast.desk, &first, "comment", &json!({ "body": "only among us", "visibility": "internal" })).ok(200);
    let found = pages(&contractor, "/records/incident?sort=-updated_at&state=open");
    let place = |number: &str| found.iter().position(|it| it["number"] == number).expect("it is their own");
    assert!(place(&second) < place(&first));
    let filter = json!({ "field": "updated_at", "op": "gt", "value": "2026-01-01T00:00:00Z" });
    let known = pages(&contractor, &format!("/records/incident?filter={}", super::filter::encoded(&filter.to_string())));
    assert!(known.iter().all(|it| it["number"] != first.as_str()), "of these the condition says nothing");
}

fn a_change_of_what_is_internal_is_internal(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let before = cast.owner.read(at(&number, ""));
    let version = cast.desk.read(at(&number, ""))["version"].as_i64().unwrap();
    cast.desk.patch(at(&number, ""), version, &json!({ "fields": { "review_note": "between us" } })).ok(200);
    let after = cast.owner.read(at(&number, ""));
    assert_eq!((&after["version"], &after["updated_at"]), (&before["version"], &before["updated_at"]));
    assert!(timeline(&cast.owner, &number).iter().all(|entry| entry["kind"] != "edited"));
    let seen = timeline(&cast.desk, &number);
    assert!(seen.iter().any(|entry| entry["kind"] == "edited" && entry["visibility"] == "internal"), "{seen:?}");
}
