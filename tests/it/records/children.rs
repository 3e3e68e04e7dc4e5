//! `…/children`: several reports of one failure, told and resolved together.

use serde_json::{Value, json};

use super::bulk::ended;
use crate::harness::{
    Call, Caller, Cluster, Database, House, Person, Stage, act, at, desktop, number, pages, record, s, solved, timeline, unique, until,
    with,
};
use crate::packs::{files, publish, raised, with_text};

on_both!(
    many_become_children_of_one_and_are_resolved_with_it,
    what_others_do_is_left_to_them,
    all_open_children_are_told_in_one_order,
    a_preview_writes_nothing,
    children_are_shown_as_far_as_the_reader_may_see,
    nonsense_is_refused,
    those_in_the_same_step_are_closed_with_it,
    a_preview_tells_whom_it_reaches_below;
    alone: an_order_outlives_its_server_and_does_nothing_twice, the_ended_hide_no_open_one, others_are_counted_apart,
        what_is_personal_stays_with_its_record,
);

/// A report of somebody else each, below a parent with the desktop team.
fn storm(house: &House, count: usize) -> (String, Vec<(Person, String)>) {
    let parent = house.stand(Stage::L1);
    let report = |_| {
        let person = house.person("victim", &["requester"]);
        let opened = person.post("/records/incident", &json!({ "title": unique("nothing prints") })).ok(201);
        (person, number(&opened))
    };
    let reports: Vec<(Person, String)> = (0..count).map(report).collect();
    let numbers: Vec<&String> = reports.iter().map(|(_, number)| number).collect();
    let order = json!({ "numbers": numbers, "action": "link", "fields": { "to": parent, "kind": "parent" } });
    let begun = house.cast.desk.post("/records/incident/bulk", &order).ok(202);
    let (job, _) = ended(&house.cast.desk, &begun);
    assert_eq!(job["result"], json!({ "done": count, "unchanged": 0, "refused": 0 }), "{job}");
    (parent, reports)
}

fn order(by: &Caller, parent: &str, body: &Value) -> crate::harness::Answer {
    by.post(at(parent, "/children"), body)
}

fn resolve(by: &Caller, number: &str) -> Value {
    let body = json!({ "fields": solved(), "with_children": true });
    by.post(at(number, "/actions/resolve"), &body).ok(200)
}

fn many_become_children_of_one_and_are_resolved_with_it(house: &House) {
    let (parent, reports) = storm(house, 6);
    let family = house.cast.desk.read(at(&parent, "/children?limit=4"));
    let counts = |family: &Value| ["children", "open", "unresolved", "duplicates", "requesters"].map(|name| family[name].as_i64().unwrap());
    assert_eq!(counts(&family), [6, 6, 6, 0, 6], "{family}");
    assert!(family["next"].is_string());
    assert_eq!(pages(&house.cast.desk, &at(&parent, "/children?limit=4")).len(), 6);
    let told = order(&house.cast.desk, &parent, &json!({ "action": "resolve", "fields": solved(), "preview": true })).ok(200);
    assert_eq!((&told["total"], &told["open"]), (&json!(6), &json!(6)), "what a report lacks is known from its parent: {told}");
    let done = resolve(&house.cast.desk, &parent);
    let (job, rows) = ended(&house.cast.desk, &json!({ "job": done["children_job"] }));
    assert_eq!(job["result"], json!({ "done": 6, "unchanged": 0, "refused": 0 }), "{rows:?}");
    for (person, number) in &reports {
        let own = record(person, number);
        assert_eq!(own["phase"], "resolved", "{own}");
        assert_eq!(own["fields"]["resolution"], solved()["resolution"], "the same words: {own}");
        let seen = timeline(person, number).into_iter().find(|entry| entry["kind"] == "completed").unwrap();
        assert_eq!(seen["channel"], "parent", "{seen}");
    }
    // They are told at once: nobody has to release it.
    let mails = pages(&house.cast.admin, "/outbox?limit=200");
    assert!(!mails.iter().any(|mail| mail["state"] == "held" && mail["reason"] == "parent"), "{mails:?}");
    let family = house.cast.desk.read(at(&parent, "/children"));
    assert_eq!(counts(&family), [6, 6, 0, 0, 6], "{family}");
}

fn what_others_do_is_left_to_them(house: &House) {
    let (parent, reports) = storm(house, 3);
    let (taken, gone) = (&reports[0].1, &reports[1].1);
    act(&house.cast.desk, taken, "dispatch", &desktop()).ok(200);
    act(&house.cast.second, taken, "accept", &json!({})).ok(200);
    act(&reports[1].0, gone, "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    act(&house.cast.agent, &parent, "accept", &json!({})).ok(200);
    let done = resolve(&house.cast.agent, &parent);
    let (_, rows) = ended(&house.cast.agent, &json!({ "job": done["children_job"] }));
    let outcome = |number: &str| rows.iter().find(|(subject, _)| subject == number).map(|(_, outcome)| outcome.as_str());
    assert_eq!((outcome(taken), outcome(gone), outcome(&reports[2].1)), (Some("refused"), None, Some("done")), "{rows:?}");
    assert_eq!(record(&house.cast.admin, taken)["phase"], "active");
    assert_eq!(record(&house.cast.admin, gone)["phase"], "cancelled");
}

fn all_open_children_are_told_in_one_order(house: &House) {
    let (parent, reports) = storm(house, 3);
    let words = unique("the spare part is on its way");
    let begun = order(&house.cast.agent, &parent, &json!({ "action": "comment", "fields": { "body": words } })).ok(202);
    assert_eq!(begun["total"], 3);
    ended(&house.cast.agent, &begun);
    for (person, number) in &reports {
        assert!(timeline(person, number).iter().any(|entry| entry["body"] == words.as_str()));
    }
    assert!(!timeline(&house.cast.owner, &parent).iter().any(|entry| entry["body"] == words.as_str()), "not the parent itself");
}

fn a_preview_writes_nothing(house: &House) {
    let (parent, reports) = storm(house, 2);
    let before = record(&house.cast.admin, &reports[0].1)["version"].clone();
    let told = order(&house.cast.desk, &parent, &json!({ "action": "comment", "fields": { "body": "x" }, "preview": true })).ok(200);
    assert_eq!((&told["total"], &told["recipients"]), (&json!(2), &json!(2)), "{told}");
    assert_eq!(record(&house.cast.admin, &reports[0].1)["version"], before);
}

fn children_are_shown_as_far_as_the_reader_may_see(house: &House) {
    let (parent, reports) = storm(house, 2);
    let seen = house.cast.owner.read(at(&parent, "/children"));
    assert_eq!((&seen["items"], &seen["children"], &seen["requesters"]), (&json!([]), &json!(0), &json!(0)), "{seen}");
    let text = reports[0].0.get(at(&reports[0].1, "")).text() + &reports[0].0.get(at(&reports[0].1, "/timeline")).text();
    assert!(!text.contains(&parent), "a child's requester learns nothing of the parent: {text}");
    order(&house.cast.owner, &parent, &json!({ "action": "comment", "fields": { "body": "x" } })).problem(403, "forbidden");
    order(&house.cast.stranger, &parent, &json!({ "action": "comment" })).problem(404, "not_found");
}

fn nonsense_is_refused(house: &House) {
    let lonely = house.stand(Stage::L1);
    let desk = &house.cast.desk;
    order(desk, &lonely, &json!({ "action": "explode" })).invalid("/action", "enum");
    order(desk, &lonely, &json!({ "action": "comment", "fields": { "body": "x" } })).problem(409, "not_available");
    let body = json!({ "fields": {}, "with_children": true });
    desk.post(at(&lonely, "/actions/accept"), &body).invalid("/action", "enum");
    assert_eq!(record(desk, &lonely)["assignee"], Value::Null, "neither is done");
    let alone = act(desk, &lonely, "resolve", &with(solved(), json!({}))).ok(200);
    assert!(alone.get("children_job").is_none());
    until(s(5), "it is resolved", || (record(desk, &lonely)["phase"] == "resolved").then_some(()));
}

fn an_order_outlives_its_server_and_does_nothing_twice(database: Database) {
    let mut house = House::own(database);
    let (parent, reports) = storm(&house, 12);
    let said_once = json!({ "action": "comment", "fields": { "body": "said once" } });
    house.dying_at("job_step:1", |cast| drop(cast.agent.attempt(&Call::post(at(&parent, "/children"), &said_once))));
    house.restart();
    let begun = json!({ "job": house.cast.admin.read("/jobs?limit=1")["items"][0]["id"] });
    let (job, rows) = ended(&house.cast.agent, &begun);
    assert_eq!((&job["state"], rows.len()), (&json!("done"), 12), "{job}");
    for (_, number) in &reports {
        let said = timeline(&house.cast.agent, number).iter().filter(|entry| entry["body"] == "said once").count();
        assert_eq!(said, 1, "{number}");
    }
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn hang(house: &House, child: &str, parent: &str) {
    act(&house.cast.desk, child, "link", &json!({ "to": parent, "kind": "parent" })).ok(200);
}

fn takes(house: &House, parent: &str) -> Value {
    house.cast.desk.read(at(parent, "/children"))["takes"].clone()
}

fn those_in_the_same_step_are_closed_with_it(house: &House) {
    let (parent, twin, early) = (house.stand(Stage::Review), house.stand(Stage::Review), house.stand(Stage::L1));
    hang(house, &twin, &parent);
    hang(house, &early, &parent);
    assert_eq!(takes(house, &parent), json!({ "close": 1, "comment": 2, "resolve": 1 }));
    let body = json!({ "fields": { "reviewed_priority": "p1" }, "with_children": true });
    let done = house.cast.desk.post(at(&parent, "/actions/close"), &body).ok(200);
    let (job, rows) = ended(&house.cast.desk, &json!({ "job": done["children_job"] }));
    assert_eq!(job["result"], json!({ "done": 1, "unchanged": 0, "refused": 0 }), "{rows:?}");
    assert_eq!(record(&house.cast.desk, &twin)["phase"], "closed");
    assert_eq!(record(&house.cast.desk, &early)["phase"], "active");
    assert_eq!(takes(house, &parent), json!({ "close": 0, "comment": 1, "resolve": 1 }));
    assert_eq!(house.cast.desk.read("/packs/incident")["with_children"], json!(["resolve", "close"]));
}

fn a_preview_tells_whom_it_reaches_below(house: &House) {
    let (parent, reports) = storm(house, 3);
    act(&house.cast.desk, &reports[0].1, "dispatch", &desktop()).ok(200);
    act(&house.cast.second, &reports[0].1, "accept", &json!({})).ok(200);
    let preview =
        |more: Value| house.cast.desk.post(at(&parent, "/actions/resolve/preview"), &with(json!({ "fields": solved() }), more)).ok(200);
    assert!(preview(json!({})).get("children").is_none());
    let below = preview(json!({ "with_children": true }))["children"].clone();
    assert_eq!((&below["total"], &below["looked_at"], &below["refused"]), (&json!(3), &json!(3), &json!(1)), "{below}");
    let mut named: Vec<&str> = below["mails"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    let mut expected: Vec<&str> = reports[1..].iter().map(|(person, _)| person.name.as_str()).collect();
    named.sort_unstable();
    expected.sort_unstable();
    assert_eq!((named, &below["people"]), (expected, &json!(2)), "{below}");
}

/// Hangs many copies of an ended record below another, behind the system's back: a thousand are not ended in the time of a test.
fn crowd(house: &mut House, ended: &str, parent: &str, count: usize) {
    let (series, id) = match house.url_of_database() {
        Some(_) => (format!("generate_series(1, {count})"), "uuid_send(gen_random_uuid())"),
        None => (
            format!("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"),
            "randomblob(16)",
        ),
    };
    let statements = format!(
        "CREATE TEMP TABLE crowd AS SELECT r.* FROM record r, {series} AS n WHERE r.number = '{ended}'; \
         UPDATE crowd SET id = {id}, opened_at = 1, parent = (SELECT id FROM record WHERE number = '{parent}'); \
         UPDATE crowd SET number = 'OLD-' || {}; INSERT INTO record SELECT * FROM crowd;",
        if house.url_of_database().is_some() { "encode(id, 'hex')" } else { "hex(id)" }
    );
    house.server.kill();
    match house.url_of_database() {
        Some(url) => drop(Cluster::shared().psql(url.rsplit('/').next().unwrap(), &statements)),
        None => rusqlite::Connection::open(house.folder().join("yuheng.db")).unwrap().execute_batch(&statements).unwrap(),
    }
    house.restart();
}

fn the_ended_hide_no_open_one(database: Database) {
    let mut house = House::own(database);
    let (parent, reports) = storm(&house, 2);
    let old = house.stand(Stage::Closed);
    crowd(&mut house, &old, &parent, 1_001);
    let family = house.cast.desk.read(at(&parent, "/children?limit=2"));
    assert_eq!((&family["open"], &family["cut"], &family["takes"]["comment"]), (&json!(2), &json!(true), &json!(2)), "{family}");
    assert!(family["items"].as_array().unwrap().iter().all(|item| item["phase"] != "closed"), "the open ones come first: {family}");
    let other = house.stand(Stage::L1);
    let merged = house.cast.desk.post(at(&parent, "/merge"), &json!({ "into": other }));
    merged.problem(409, "not_available");
    let done = resolve(&house.cast.desk, &parent);
    let (job, rows) = ended(&house.cast.desk, &json!({ "job": done["children_job"] }));
    assert_eq!(job["result"], json!({ "done": 2, "unchanged": 0, "refused": 0 }), "{rows:?}");
    assert_eq!(record(&house.cast.desk, &reports[0].1)["phase"], "resolved");
}

fn others_are_counted_apart(database: Database) {
    let house = House::own(database);
    let mut other = files();
    let manifest = other.get_mut("pack.yaml").unwrap();
    *manifest = manifest.replacen("key: incident", "key: fault", 1).replacen("prefix: INC", "prefix: FLT", 1);
    publish(&house.cast.admin, &other).ok(201);
    let (parent, _) = storm(&house, 1);
    let strange = house.cast.desk.post("/records/fault", &json!({ "title": "of another kind", "requester": "owner" })).ok(201);
    let link = json!({ "fields": { "to": parent, "kind": "parent" } });
    house.cast.desk.post(format!("/records/fault/{}/actions/link", number(&strange)), &link).ok(200);
    let counted = || {
        let family = house.cast.desk.read(at(&parent, "/children"));
        ["children", "open"].map(|name| family[name].as_i64().unwrap())
    };
    until(s(15), "both hang below it", || (counted() == [2, 2]).then_some(()));
    assert_eq!(takes(&house, &parent), json!({ "close": 0, "comment": 1, "resolve": 1 }), "as many as an order takes");
    let begun = order(&house.cast.desk, &parent, &json!({ "action": "comment", "fields": { "body": "x" } })).ok(202);
    assert_eq!(begun["total"], 1);
}

fn what_is_personal_stays_with_its_record(database: Database) {
    let house = House::own(database);
    let guards =
        with_text("pack.yaml", "personal: [requester, reporter, contact]", "personal: [requester, reporter, contact, closure_code]");
    publish(&house.cast.admin, &raised(guards, 3)).ok(201);
    let (parent, reports) = storm(&house, 2);
    let version = record(&house.cast.desk, &reports[0].1)["version"].as_i64().unwrap();
    let own = json!({ "fields": { "closure_code": "workaround" } });
    house.cast.desk.patch(at(&reports[0].1, ""), version, &own).ok(200);
    let done = resolve(&house.cast.desk, &parent);
    let (_, rows) = ended(&house.cast.desk, &json!({ "job": done["children_job"] }));
    let outcome = |number: &str| rows.iter().find(|(subject, _)| subject == number).map(|(_, outcome)| outcome.as_str());
    assert_eq!((outcome(&reports[0].1), outcome(&reports[1].1)), (Some("done"), Some("refused")), "{rows:?}");
    let code = |number: &str| record(&house.cast.desk, number)["fields"]["closure_code"].clone();
    assert_eq!((code(&reports[0].1), code(&parent)), (json!("workaround"), json!("fixed")));
    assert_eq!(code(&reports[1].1), Value::Null, "what is personal there is not another's");
}
