//! `GET /live`: topic, identity and version; never content, never what the reader may not see.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Call, Cluster, Database, House, Live, Person, Proof, Stage, act, alone, at, instant_in, record, s, until};

on_both!(
    a_change_is_told_at_once,
    nobody_hears_of_what_they_may_not_see,
    events_carry_no_content,
    an_ended_session_ends_its_streams,
    a_revoked_token_ends_its_streams,
    an_expired_token_ends_its_streams_on_a_busy_day_too,
    a_deactivated_account_hears_nothing_more,
    who_leaves_a_team_hears_nothing_more_of_its_records,
    without_signing_in_there_is_no_stream,
);

fn id_of(house: &House, number: &str) -> String {
    record(&house.cast.admin, number)["id"].as_str().unwrap().to_owned()
}

fn comment(house: &House, number: &str, visibility: &str) {
    act(&house.cast.desk, number, "comment", &json!({ "body": "something new", "visibility": visibility })).ok(200);
}

/// Opens a record that the person may see, and waits for its event: everything before it has been told by then.
fn catch_up(live: &mut Live, house: &House, person: &Person) -> Vec<Value> {
    let report = json!({ "title": "marker", "requester": person.name, "channel": "phone" });
    let opened = house.cast.desk.post("/records/incident", &report).ok(201);
    live.until(s(15), opened["id"].as_str().unwrap())
}

fn a_change_is_told_at_once(house: &House) {
    let number = house.stand(Stage::L1);
    let id = id_of(house, &number);
    let mut live = Live::follow(&house.cast.agent);
    let version = act(&house.cast.agent, &number, "accept", &json!({})).version();
    let started = std::time::Instant::now();
    // What happened just before may still be on its way.
    let event = until(s(15), "the event comes", || live.until(s(15), &id).pop().filter(|event| event["version"] == version));
    assert_eq!(event["topic"], "record");
    assert!(started.elapsed() < Duration::from_secs(5), "it took {:?}", started.elapsed());
}

fn nobody_hears_of_what_they_may_not_see(house: &House) {
    let (mine, theirs) = (house.person("listener", &["requester"]), house.person("other", &["requester"]));
    let opened = theirs.post("/records/incident", &json!({ "title": "theirs" })).ok(201);
    let (id, number) = (opened["id"].as_str().unwrap(), opened["number"].as_str().unwrap());
    let mut live = Live::follow(&mine);
    comment(house, number, "public");
    comment(house, number, "internal");
    act(&theirs, number, "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    theirs.post("/records/incident", &json!({ "title": "one more of theirs" })).ok(201);
    house.user("somebody", &["requester"]);
    let seen = catch_up(&mut live, house, &mine);
    assert_eq!(seen.len(), 1, "only what happened to the own record: {seen:?}");
    assert!(seen.iter().all(|event| event["id"] != id));
}

fn events_carry_no_content(house: &House) {
    let mut live = Live::follow(&house.cast.manager);
    let number = house.stand(Stage::L1);
    comment(house, &number, "internal");
    for event in live.until(s(15), &id_of(house, &number)) {
        let mut keys: Vec<&String> = event.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["id", "topic", "version"], "{event}");
    }
}

fn an_ended_session_ends_its_streams(house: &House) {
    let person = house.person("listener", &["requester"]);
    let mut live = Live::follow(&person);
    person.delete("/session").ok(204);
    assert!(live.ends_within(s(10)), "the stream goes on after signing out");
}

fn token(house: &House, person: &Person, expires_at: Value) -> (String, Person) {
    let body = json!({ "name": "stream", "scopes": ["read"], "expires_at": expires_at });
    let made = person.post("/tokens", &body).ok(201);
    let caller = house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()));
    (made["id"].as_str().unwrap().to_owned(), Person::new(&person.name, &person.id, caller))
}

fn a_revoked_token_ends_its_streams(house: &House) {
    let person = house.person("listener", &["requester"]);
    let (id, bearer) = token(house, &person, Value::Null);
    let mut live = Live::follow(&bearer);
    person.delete(format!("/tokens/{id}")).ok(204);
    assert!(live.ends_within(s(10)), "the stream goes on after its token was revoked");
}

fn an_expired_token_ends_its_streams_on_a_busy_day_too(house: &House) {
    let person = house.person("listener", &["requester"]);
    let (_, bearer) = token(house, &person, json!(instant_in(3)));
    let mut live = Live::follow(&bearer);
    let number = house.stand(Stage::L1);
    let ended = std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            // Something happens all the time, of which this listener may see nothing.
            let started = std::time::Instant::now();
            while started.elapsed() < s(40) {
                comment(house, &number, "internal");
                if bearer.get("/me").status == 401 && started.elapsed() > s(38) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        let ended = live.ends_within(s(45));
        busy.join().unwrap();
        ended
    });
    assert!(ended, "the stream goes on 40 seconds after its token has expired");
}

fn a_deactivated_account_hears_nothing_more(house: &House) {
    let person = house.person("listener", &["agent"]);
    let mut live = Live::follow(&person);
    let path = format!("/users/{}", person.id);
    house.cast.admin.patch(path, 1, &json!({ "active": false })).ok(200);
    assert!(live.ends_within(s(10)), "the stream goes on after the account was ended");
}

fn who_leaves_a_team_hears_nothing_more_of_its_records(house: &House) {
    let (stays, leaves) = (house.person("stays", &["agent"]), house.person("leaves", &["contractor"]));
    let team = house.team("crew", &[&stays, &leaves]);
    let number = house.stand(Stage::L1);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
    let id = id_of(house, &number);
    let mut live = Live::follow(&leaves);
    comment(house, &number, "internal");
    live.until(s(15), &id);
    let before = record(&house.cast.desk, &number)["version"].as_i64().unwrap();
    house.cast.admin.patch(format!("/teams/{team}"), 1, &json!({ "members": [stays.name] })).ok(200);
    leaves.get(at(&number, "")).problem(404, "not_found");
    comment(house, &number, "internal");
    // A stream that was ended instead is fine too.
    let report = json!({ "title": "marker", "requester": leaves.name, "channel": "phone" });
    let marker = house.cast.desk.post("/records/incident", &report).ok(201)["id"].clone();
    while let Some((_, event)) = live.next(s(3)) {
        let late = event["id"] == id.as_str() && event["version"].as_i64().unwrap() > before;
        assert!(!late, "the stream still tells of a record that its listener may not see any more");
        if event["id"] == marker {
            break;
        }
    }
}

fn without_signing_in_there_is_no_stream(house: &House) {
    house.nobody().send(&Call::get("/live")).problem(401, "unauthenticated");
    assert_eq!(Live::open(&house.nobody()).status, 401);
}

/// A database that does not answer: what the reader may know of is unknown, and that something was missed is said.
#[test]
fn a_database_that_fails_loses_no_event_in_silence() {
    alone(Database::Postgres, "live::a_database_that_fails_loses_no_event_in_silence", |database| {
        let house = House::own(database);
        house.stand(Stage::L1);
        let name = house.url_of_database().unwrap().rsplit('/').next().unwrap().to_owned();
        let mut live = Live::follow(&house.cast.manager);
        while live.next(s(2)).is_some() {}
        Cluster::shared().psql(&name, "ALTER TABLE record RENAME TO record_away");
        let columns = "event, schema_version, occurred_at, recorded_at, channel, command, correlation, visibility, digest, chain";
        let event = format!(
            "INSERT INTO journal (kind, aggregate, seq, {columns}) \
             SELECT kind, aggregate, seq + 1000, {columns} FROM journal WHERE kind = 'record' LIMIT 1"
        );
        Cluster::shared().psql(&name, &event);
        let told = live.next(s(10)).map(|(name, _)| name);
        assert_eq!(told.as_deref(), Some("reset"));
    });
}
