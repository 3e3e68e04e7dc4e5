//! `/outbox`: what leaves the process, and its ledger.

use serde_json::{Value, json};

use crate::data::tamper;
use crate::harness::{Call, Caller, Database, House, MailServer, Person, Stage, act, number, pages, s, set_call, unique, until};

on_both!(
    it_is_for_those_who_run_the_system,
    nonsense_is_refused,
    it_pages_to_the_end;
    alone: a_message_waits_visibly_until_there_is_a_mail_server, what_cannot_be_sent_is_released_or_dropped, a_message_without_an_answer_is_not_sent_twice, a_loop_is_held_back,
        the_password_of_the_mail_server_is_sealed_and_used, a_mail_speaks_to_its_reader,
);

fn messages(by: &Caller, query: &str) -> Vec<Value> {
    pages(by, &format!("/outbox?limit=200{query}"))
}

fn messages_to(house: &House, person: &Person) -> Vec<Value> {
    messages(&house.cast.admin, "").into_iter().filter(|m| m["recipient"] == person.email()).collect()
}

fn connect(house: &House, mail: &MailServer) {
    let setting = json!({ "value": { "host": "127.0.0.1", "port": mail.port, "from": "Desk <desk@example.org>" } });
    house.cast.admin.send(&Call::new("PUT", "/settings/mail").json(&setting)).ok(200);
}

/// Reports something for a person, who is told of it.
fn report_for(house: &House, person: &str) -> String {
    let report = json!({ "title": unique("told"), "requester": person, "channel": "phone" });
    number(&house.cast.desk.post("/records/incident", &report).ok(201))
}

fn it_is_for_those_who_run_the_system(house: &House) {
    for by in [&house.cast.owner, &house.cast.agent, &house.cast.contractor, &house.cast.desk, &house.cast.observer] {
        by.get("/outbox").problem(403, "forbidden");
    }
    house.cast.manager.get("/outbox").ok(200);
    let any = messages(&house.cast.manager, "");
    let id = any.first().map_or("01890000-0000-7000-8000-000000000000", |m| m["id"].as_str().unwrap()).to_owned();
    house.cast.manager.send(&Call::new("POST", format!("/outbox/{id}/drop"))).problem(403, "forbidden");
}

fn nonsense_is_refused(house: &House) {
    for query in ["limit=0", "limit=201", "cursor=x", "colour=red", "state=unheard-of"] {
        house.cast.admin.get(format!("/outbox?{query}")).problem(400, "malformed");
    }
    let decide = |path: &str| house.cast.admin.send(&Call::new("POST", path));
    decide("/outbox/01890000-0000-7000-8000-000000000000/release").problem(404, "not_found");
    decide("/outbox/01890000-0000-7000-8000-000000000000/burn").problem(404, "not_found");
    decide("/outbox/no-identity/release").problem(404, "not_found");
}

fn it_pages_to_the_end(house: &House) {
    let person = house.person("told", &["requester"]);
    let numbers: Vec<String> = (0..5).map(|_| report_for(house, &person.name)).collect();
    let mine = |limit: usize| {
        let all = pages(&house.cast.admin, &format!("/outbox?limit={limit}"));
        let mut ids: Vec<String> = all.iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "a message came twice");
        all.into_iter().filter(|m| m["recipient"] == person.email()).count()
    };
    assert_eq!(mine(200), numbers.len());
    assert_eq!(mine(7), numbers.len());
    let page = house.cast.admin.read("/outbox?limit=2");
    let cursor = page["next"].as_str().unwrap();
    house.cast.admin.get(format!("/outbox?limit=2&state=sent&cursor={cursor}")).problem(400, "malformed");
}

fn a_message_waits_visibly_until_there_is_a_mail_server(database: Database) {
    let mut house = House::own(database);
    report_for(&house, "owner");
    let waiting = messages_to(&house, &house.cast.owner);
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(
        (&waiting[0]["state"], &waiting[0]["channel"], &waiting[0]["template"]),
        (&json!("waiting"), &json!("mail"), &json!("opened"))
    );
    // It is in the database, not in the process.
    house.restart();
    let mail = MailServer::start();
    connect(&house, &mail);
    let sent = until(s(20), "the message is sent", || messages_to(&house, &house.cast.owner).pop().filter(|m| m["state"] == "sent"));
    assert!(sent["sent_at"].is_string());
    assert_eq!(sent["id"], waiting[0]["id"]);
    let taken = mail.to(&house.cast.owner.email());
    assert_eq!(taken.len(), 1);
    assert!(taken[0].header("message-id").unwrap().contains(sent["id"].as_str().unwrap()), "the id of the mail is that of the row");
    house.cast.admin.send(&Call::new("POST", format!("/outbox/{}/release", sent["id"].as_str().unwrap()))).problem(409, "not_available");
    assert_eq!(mail.to(&house.cast.owner.email()).len(), 1, "what was sent is not sent again");
}

fn what_cannot_be_sent_is_released_or_dropped(database: Database) {
    let mut house = House::own(database);
    let mail = MailServer::start();
    connect(&house, &mail);
    let name = unique("unreachable");
    house.cast.admin.post("/users", &json!({ "username": name })).ok(201);
    // An older program took any text.
    tamper(&mut house, &format!("UPDATE app_user SET email = 'no address at all' WHERE username = '{name}'"));
    house.restart();
    report_for(&house, &name);
    let find =
        |state: &str| messages(&house.cast.admin, &format!("&state={state}")).into_iter().find(|m| m["recipient"] == "no address at all");
    let failed = until(s(20), "the message fails", || find("failed"));
    assert!(failed["error"].as_str().is_some_and(|why| !why.is_empty()), "{failed}");
    let decide = |word: &str| house.cast.admin.send(&Call::new("POST", format!("/outbox/{}/{word}", failed["id"].as_str().unwrap())));
    decide("release").ok(204);
    until(s(20), "a released message is tried again and fails again", || find("failed"));
    decide("drop").ok(204);
    assert!(find("dropped").is_some());
    decide("release").problem(409, "not_available");
    decide("drop").problem(409, "not_available");
}

fn the_password_of_the_mail_server_is_sealed_and_used(database: Database) {
    let mut house = House::own(database);
    let mail = MailServer::start_guarded("desk", " a very long word");
    let setting = json!({ "host": "127.0.0.1", "port": mail.port, "from": "desk@example.org", "username": "desk", "starttls": null });
    let set = |house: &House, key: &str, value: Value| house.cast.admin.send(&set_call(&house.cast.admin, key, &value));
    set(&house, "mail", setting).ok(200);
    let password = |value: Value| set(&house, "mail_password", value);
    password(json!(7)).invalid("/value", "type");
    password(json!("")).invalid("/value", "required");
    password(json!("x".repeat(1001))).invalid("/value", "too_long");
    password(json!({ "sealed": "00" })).invalid("/value", "type");
    let now = password(json!(" a very long word")).ok(200);
    assert_eq!((&now["value"], &now["is_set"]), (&Value::Null, &json!(true)), "it is never shown again");
    let shown = house.cast.admin.read("/settings?q=mail").to_string();
    assert!(!shown.contains("a very long word") && !shown.contains("sealed"), "{shown}");
    let told = house.cast.admin.read("/audit?limit=50").to_string();
    assert!(told.contains("mail_password") && !told.contains("sealed"), "that it was set, and nothing of it: {told}");
    report_for(&house, "owner");
    until(s(20), "the server lets the desk in", || mail.to(&house.cast.owner.email()).pop());
    let check = |house: &House| house.command(&["check"]);
    let (status, said, _) = check(&house);
    assert_eq!(status, Some(0), "{said}");
    // Another in its place is found.
    tamper(&mut house, "UPDATE secret SET nonce = sealed WHERE name = 'mail_password'");
    let (status, said, _) = check(&house);
    assert!(status == Some(1) && said.contains("mail_password"), "{said}");
    house.restart();
    // The same again seals it again.
    set(&house, "mail_password", json!(" a very long word")).ok(200);
    let (status, said, _) = check(&house);
    assert_eq!(status, Some(0), "what was damaged is whole: {said}");
    set(&house, "mail_password", Value::Null).ok(200);
    let (status, said, _) = check(&house);
    assert_eq!(status, Some(0), "forgotten is sound: {said}");
}

fn a_message_without_an_answer_is_not_sent_twice(database: Database) {
    let house = House::own(database);
    let mail = MailServer::start_without_answers();
    connect(&house, &mail);
    report_for(&house, "owner");
    let find = || messages_to(&house, &house.cast.owner).pop().filter(|m| m["state"] != "waiting" && m["state"] != "sending");
    let message = until(s(20), "it is known that nothing is known", find);
    assert_eq!(message["state"], "uncertain", "{message}");
    assert!(message["error"].as_str().is_some_and(|why| !why.is_empty()), "{message}");
    assert_eq!(mail.to(&house.cast.owner.email()).len(), 1);
    let release = Call::new("POST", format!("/outbox/{}/release", message["id"].as_str().unwrap()));
    house.cast.admin.send(&release).ok(204);
    until(s(20), "it is sent again when somebody says so", || (mail.to(&house.cast.owner.email()).len() == 2).then_some(()));
}

fn a_loop_is_held_back(database: Database) {
    let house = House::own(database);
    let mail = MailServer::start();
    connect(&house, &mail);
    let number = house.stand(Stage::L1);
    // Two teams that send a record back and forth; the same person is on duty in both.
    for n in 0..24 {
        let team = if n % 2 == 0 { "network-l1" } else { "desktop-l1" };
        act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "wrong_team" })).ok(200);
    }
    let settled = || {
        let mine = messages_to(&house, &house.cast.agent);
        mine.iter().all(|m| m["state"] == "sent" || m["state"] == "failed" || m["state"] == "held").then_some(mine)
    };
    let mine = until(s(60), "all messages are dealt with", settled);
    assert!(mine.len() >= 24, "{} messages", mine.len());
    let back: Vec<&Value> = mine.iter().filter(|m| m["state"] != "sent").collect();
    assert!(!back.is_empty(), "{} mails about one record to one person went out at once", mine.len());
    assert!(back.iter().all(|m| m["error"].is_string() || m["reason"].is_string()), "{back:?}");
    let taken = mail.to(&house.cast.agent.email()).len();
    assert!((10..=20).contains(&taken), "{taken} went out: the first ones are no loop, the last ones are");
}

fn a_mail_speaks_to_its_reader(database: Database) {
    let house = House::own(database);
    let mail = MailServer::start();
    connect(&house, &mail);
    let evil = "<b>bold</b> Bcc: all@example.org";
    let report = json!({ "title": evil, "requester": "owner", "channel": "phone" });
    let number = number(&house.cast.desk.post("/records/incident", &report).ok(201));
    act(&house.cast.desk, &number, "comment", &json!({ "body": "only among us", "visibility": "internal" })).ok(200);
    act(&house.cast.desk, &number, "comment", &json!({ "body": "we are at it" })).ok(200);
    let taken = until(s(20), "two mails come", || Some(mail.to(&house.cast.owner.email())).filter(|m| m.len() >= 2));
    assert_eq!(taken.len(), 2, "an internal comment is nobody's mail");
    for mail in &taken {
        assert!(mail.header("bcc").is_none() && mail.header("content-type").unwrap().starts_with("text/plain"), "{}", mail.text);
        assert_eq!(mail.header("mime-version"), Some("1.0"), "or strict readers show the encoding instead of the text");
        assert!(!mail.text.contains("only among us"));
        assert!(mail.header("references").is_some(), "mails about one record hang together");
    }
}
