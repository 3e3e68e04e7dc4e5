//! Following a record, speaking to people, urging, reminding, promising a call, asking experts; and the notices of all that.

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, House, Live, Stage, act, at, number, record, s, timeline, until};

on_both!(
    who_follows_a_record_is_told_what_happens,
    words_speak_to_people_who_may_read_them,
    who_waits_may_urge_but_not_every_minute,
    a_promised_call_is_kept_or_overdue,
    a_reminder_is_told_when_its_time_has_come,
    experts_are_asked_and_follow_from_then_on,
    notices_tell_nothing_that_their_reader_may_not_read,
    what_was_seen_is_seen,
    a_live_view_hears_of_a_notice,
    nonsense_is_refused,
);

/// What a person is told of a record, newest first, as (about, kind).
fn told(by: &Caller, record: &str) -> Vec<(String, String)> {
    let list = by.read("/notices?limit=200");
    let of_it = |item: &&Value| item["record"]["number"] == record;
    let pair = |item: &Value| (item["about"].as_str().unwrap().to_owned(), item["kind"].as_str().unwrap().to_owned());
    list["items"].as_array().unwrap().iter().filter(of_it).map(pair).collect()
}

fn pair(about: &str, kind: &str) -> (String, String) {
    (about.to_owned(), kind.to_owned())
}

fn say(by: &Caller, number: &str, body: &Value) -> Answer {
    by.post(at(number, "/comments"), body)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|user| user["key"].as_str().unwrap()).collect()
}

fn who_follows_a_record_is_told_what_happens(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let watching = act(&cast.l2, &number, "watch", &json!({})).ok(200);
    assert_eq!(names(&watching["watchers"]), ["l2"]);
    assert_eq!(record(&cast.owner, &number)["watchers"], Value::Null, "who follows is not for requesters");
    let keys = |by: &Caller| -> Vec<String> {
        let list = by.read(at(&number, "/actions"));
        list["items"].as_array().unwrap().iter().map(|action| action["key"].as_str().unwrap().to_owned()).collect()
    };
    assert!(keys(&cast.l2).contains(&"unwatch".to_owned()) && !keys(&cast.l2).contains(&"watch".to_owned()));
    act(&cast.agent, &number, "accept", &json!({})).ok(200);
    say(&cast.agent, &number, &json!({ "body": "looking" })).ok(201);
    assert_eq!(told(&cast.l2, &number), [pair("watched", "commented"), pair("watched", "accepted")]);
    assert_eq!(told(&cast.owner, &number)[0], pair("own", "commented"), "the requester is told of their own");
    assert!(told(&cast.agent, &number).iter().all(|(_, kind)| kind != "commented"), "nobody is told what they did themselves");

    act(&cast.desk, &number, "watch", &json!({ "user": "manager" })).ok(200);
    act(&cast.l2, &number, "unwatch", &json!({})).ok(200);
    act(&cast.l2, &number, "unwatch", &json!({})).ok(200);
    say(&cast.agent, &number, &json!({ "body": "still looking", "visibility": "internal" })).ok(201);
    assert_eq!(told(&cast.l2, &number).len(), 2);
    assert_eq!(told(&cast.manager, &number), [pair("watched", "commented"), pair("watched", "watched")]);
    let kinds: Vec<String> = timeline(&cast.agent, &number).iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.iter().filter(|kind| kind.ends_with("watched")).count(), 3, "{kinds:?}");
    let entries = timeline(&cast.agent, &number);
    let invited = entries.iter().rfind(|entry| entry["kind"] == "watched").unwrap();
    assert_eq!(names(&invited["to"]), ["manager"]);
    assert!(timeline(&cast.owner, &number).iter().all(|entry| entry["to"].is_null()), "who is spoken to is not for requesters");
}

fn words_speak_to_people_who_may_read_them(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    say(&cast.agent, &number, &json!({ "body": "@l2 look", "visibility": "internal", "mentions": ["l2", "l2"] })).ok(201);
    assert_eq!(told(&cast.l2, &number), [pair("mentioned", "commented")]);
    say(&cast.agent, &number, &json!({ "body": "x", "mentions": ["stranger"] })).invalid("/mentions/0", "may_not_read");
    let hidden = json!({ "body": "x", "visibility": "internal", "mentions": ["l2", "owner"] });
    say(&cast.agent, &number, &hidden).invalid("/mentions/1", "may_not_read");
    say(&cast.agent, &number, &json!({ "body": "x", "mentions": ["nobody-at-all"] })).invalid("/mentions/0", "unknown_reference");
    let many: Vec<&str> = (0..21).map(|_| "l2").collect();
    say(&cast.agent, &number, &json!({ "body": "x", "mentions": many })).invalid("/mentions", "length");
}

fn who_waits_may_urge_but_not_every_minute(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    act(&cast.agent, &number, "accept", &json!({})).ok(200);
    let urged = act(&cast.owner, &number, "urge", &json!({ "note": "the exam begins at two" })).ok(200);
    assert_eq!(urged["fields"]["urge_count"], 1, "{urged}");
    assert!(urged["fields"]["urged_at"].is_number());
    assert_eq!(told(&cast.agent, &number)[0], pair("urged", "urged"));
    let entry = timeline(&cast.owner, &number).pop().unwrap();
    assert_eq!((&entry["kind"], &entry["body"]), (&json!("urged"), &json!("the exam begins at two")));
    act(&cast.desk, &number, "urge", &json!({})).problem(409, "not_available");
    let offered = cast.owner.read(at(&number, "/actions"));
    let action = offered["items"].as_array().unwrap().iter().find(|action| action["key"] == "urge").unwrap();
    assert_eq!(action["enabled"], false);
    assert!(action["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    act(&cast.owner, &house.stand(Stage::Closed), "urge", &json!({})).problem(409, "not_available");
}

fn soon(milliseconds: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::milliseconds(milliseconds)).to_rfc3339()
}

fn a_promised_call_is_kept_or_overdue(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let promise = json!({ "due_at": soon(6000), "phone": "8123-4567", "note": "whether it prints", "user": "agent" });
    let promised = act(&cast.desk, &number, "promise_call", &promise).ok(200);
    let reminder = &promised["reminders"][0];
    assert_eq!((&reminder["kind"], &reminder["user"]["key"]), (&json!("call_back"), &json!("agent")));
    assert_eq!((&reminder["phone"], &reminder["overdue"]), (&json!("8123-4567"), &json!(false)));
    assert_eq!(
        timeline(&cast.owner, &number).last().unwrap()["kind"],
        "call_promised",
        "who waits for the call may read that it was promised"
    );
    let told_of = |by: &Caller| timeline(by, &number).pop().unwrap()["reminder"].clone();
    assert_eq!((&told_of(&cast.agent)["user"]["key"], &told_of(&cast.agent)["note"]), (&json!("agent"), &json!("whether it prints")));
    assert_eq!((&told_of(&cast.owner)["due_at"], &told_of(&cast.owner)["note"]), (&reminder["due_at"], &json!("")));
    let overdue = |by: &Caller| {
        let list = by.read("/reminders?overdue=true&limit=200");
        list["items"].as_array().unwrap().iter().any(|item| item["record"]["number"] == number.as_str())
    };
    until(s(30), "the supervisor sees that a call is overdue", || overdue(&cast.manager).then_some(()));
    until(s(30), "who promised is told", || (told(&cast.agent, &number)[0] == pair("call_back", "reminder_due")).then_some(()));
    assert!(!overdue(&cast.owner) && !overdue(&cast.outsider));
    let id = reminder["id"].as_str().unwrap();
    cast.agent.post(at(&number, &format!("/reminders/{id}/done")), &json!({ "note": "it prints" })).ok(204);
    let entry = timeline(&cast.owner, &number).pop().unwrap();
    assert_eq!((&entry["kind"], &entry["body"]), (&json!("called_back"), &json!("it prints")));
    assert!(!overdue(&cast.manager));
    cast.agent.post(at(&number, &format!("/reminders/{id}/done")), &json!({})).problem(404, "not_found");
}

fn a_reminder_is_told_when_its_time_has_come(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    act(&cast.agent, &number, "remind", &json!({ "due_at": soon(5000), "note": "ask the vendor" })).ok(200);
    assert!(timeline(&cast.owner, &number).iter().all(|entry| entry["kind"] != "reminder_set"), "it is not for requesters");
    let mine = cast.agent.read("/reminders");
    assert!(mine["items"].as_array().unwrap().iter().any(|item| item["record"]["number"] == number.as_str()));
    let due = || told(&cast.agent, &number).iter().filter(|told| **told == pair("reminder", "reminder_due")).count();
    until(s(30), "the reminder is told", || (due() > 0).then_some(()));
    crate::harness::never(s(7), "it is told once", || due() > 1);
}

fn experts_are_asked_and_follow_from_then_on(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let asked = act(&cast.contractor, &number, "ask_expert", &json!({ "person": "l3", "question": "which firmware?" })).ok(200);
    assert_eq!(names(&asked["watchers"]), ["l3"]);
    assert_eq!(told(&cast.l3, &number)[0], pair("expert", "expert_called"));
    assert!(timeline(&cast.owner, &number).iter().all(|entry| entry["kind"] != "expert_called"), "it is not for requesters");
    say(&cast.agent, &number, &json!({ "body": "2.1", "visibility": "internal" })).ok(201);
    assert_eq!(told(&cast.l3, &number)[0], pair("watched", "commented"));
    act(&cast.agent, &number, "ask_expert", &json!({ "question": "anybody?" })).invalid("/fields/person", "required");
    act(&cast.agent, &number, "ask_expert", &json!({ "person": "stranger", "question": "x" })).invalid("/fields/person", "may_not_read");
}

fn notices_tell_nothing_that_their_reader_may_not_read(house: &House) {
    let cast = &house.cast;
    let work = house.stand(Stage::L1);
    act(&cast.desk, &work, "watch", &json!({ "user": "contractor" })).ok(200);
    say(&cast.agent, &work, &json!({ "body": "inside", "visibility": "internal" })).ok(201);
    assert_eq!(told(&cast.contractor, &work), [pair("watched", "commented"), pair("watched", "watched")]);
    act(&cast.desk, &work, "assign", &json!({ "team": "network-l1", "reason": "wrong_team" })).ok(200);
    say(&cast.agent, &work, &json!({ "body": "inside again", "visibility": "internal" })).ok(201);
    assert_eq!(told(&cast.contractor, &work), [], "the record is no longer for this team");
    assert!(told(&cast.owner, &work).iter().all(|(_, kind)| kind != "commented"), "internal words are no news for requesters");
}

fn what_was_seen_is_seen(house: &House) {
    let cast = &house.cast;
    let reader = house.person("reader", &["requester"]);
    let opened = |title: &str| {
        let new = json!({ "title": title, "requester": reader.name, "channel": "phone" });
        number(&cast.desk.post("/records/incident", &new).ok(201))
    };
    let (one, other) = (opened("one"), opened("other"));
    say(&cast.desk, &one, &json!({ "body": "hello" })).ok(201);
    assert_eq!(reader.read("/notices")["unseen"], 3);
    let seen = |body: &Value| reader.send(&Call::post("/notices/seen", body)).ok(204);
    seen(&json!({ "record": { "type": "incident", "number": one } }));
    let left = reader.read("/notices?unseen=true");
    assert_eq!((&left["unseen"], left["items"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(left["items"][0]["record"]["number"], other.as_str());
    assert_eq!(reader.read("/notices")["items"].as_array().unwrap().len(), 3, "what was seen stays in the list");
    seen(&json!({}));
    assert_eq!(reader.read("/notices")["unseen"], 0);
    let page = reader.read("/notices?limit=2");
    let next = page["next"].as_str().expect("there is another page");
    let rest = reader.read(format!("/notices?limit=2&cursor={next}"));
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let elsewhere = json!({ "record": { "type": "incident", "number": house.stand(Stage::New) } });
    reader.post("/notices/seen", &elsewhere).problem(404, "not_found");
}

fn a_live_view_hears_of_a_notice(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let id = record(&cast.admin, &number)["requester"]["id"].as_str().unwrap().to_owned();
    let mut live = Live::follow(&cast.owner);
    say(&cast.agent, &number, &json!({ "body": "hello" })).ok(201);
    let heard = live.until(s(15), &id).pop().unwrap();
    assert_eq!(heard["topic"], "notice", "{heard}");
}

fn nonsense_is_refused(house: &House) {
    let (cast, number) = (&house.cast, house.stand(Stage::L1));
    let remind = |fields: Value| act(&cast.agent, &number, "remind", &fields);
    remind(json!({ "note": "x" })).invalid("/fields/due_at", "required");
    remind(json!({ "due_at": "tomorrow", "note": "x" })).invalid("/fields/due_at", "format");
    remind(json!({ "due_at": "2001-01-01T00:00:00Z", "note": "x" })).invalid("/fields/due_at", "range");
    remind(json!({ "due_at": soon(9_000_000), "note": "x", "user": "stranger" })).invalid("/fields/user", "may_not_read");
    act(&cast.agent, &number, "promise_call", &json!({ "due_at": soon(9_000_000) })).invalid("/fields/phone", "required");
    act(&cast.agent, &number, "watch", &json!({ "user": "stranger" })).invalid("/fields/user", "may_not_read");
    act(&cast.agent, &number, "urge", &json!({ "why": "x" })).problem(422, "invalid");
    cast.agent.post("/notices/seen", &json!({ "all": true })).problem(422, "invalid");
    let unknown = at(&number, "/reminders/01890000-0000-7000-8000-000000000000/done");
    cast.agent.post(unknown, &json!({})).problem(404, "not_found");
}
