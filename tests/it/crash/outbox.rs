//! A crash between sending a mail and noting it: only the one in flight is uncertain.

use serde_json::{Value, json};

use super::connect;
use crate::harness::{Call, Database, House, MailServer, pages, s, signal, unique, until};

on_both!(; alone: only_the_message_in_flight_is_uncertain, stopping_in_good_order_leaves_nothing_uncertain);

/// Makes mails that wait, for there is no mail server yet.
fn wait_with_mails(house: &House, count: usize) {
    for _ in 0..count {
        let person = house.user("told", &["requester"]);
        let report = json!({ "title": unique("told"), "requester": person["username"], "channel": "phone" });
        house.cast.desk.post("/records/incident", &report).ok(201);
    }
}

/// The outbox when nothing waits and nothing is being sent any more.
fn settled(house: &House) -> Vec<Value> {
    until(s(150), "every message is dealt with", || {
        let rows = pages(&house.cast.admin, "/outbox?limit=200");
        rows.iter().all(|row| !matches!(row["state"].as_str(), Some("waiting" | "sending"))).then_some(rows)
    })
}

fn stopping_in_good_order_leaves_nothing_uncertain(database: Database) {
    let mut house = House::own(database);
    let mail = MailServer::start();
    wait_with_mails(&house, 25);
    connect(&house, &mail);
    until(s(30), "the first mail leaves", || (!mail.mails().is_empty()).then_some(()));
    signal(house.server.pid(), "TERM");
    assert!(house.server.wait(s(30)).success());
    let left = mail.mails().len();
    house.restart();
    let rows = settled(&house);
    assert!(rows.iter().all(|row| row["state"] == "sent"), "{left} mails had left before the stop: {rows:#?}");
    assert_eq!((rows.len(), mail.mails().len()), (25, 25), "each left once");
}

fn only_the_message_in_flight_is_uncertain(database: Database) {
    let mut house = House::own(database);
    let mail = MailServer::start();
    wait_with_mails(&house, 5);
    let start = house.start().clone().env("YUHENG_CRASH_POINT", "after_send:1");
    house.restart_as(&start);
    connect(&house, &mail);
    let status = house.server.wait(s(30));
    assert!(!status.success());
    assert_eq!(mail.mails().len(), 1, "one mail had left when the process died");
    house.restart();
    let rows = settled(&house);
    let in_state = |state: &str| rows.iter().filter(|row| row["state"] == state).collect::<Vec<&Value>>();
    let uncertain = in_state("uncertain");
    assert_eq!((uncertain.len(), in_state("sent").len()), (1, 4), "one was in flight, four were not: {rows:#?}");
    let first = mail.mails()[0].header("message-id").unwrap().to_owned();
    assert!(first.contains(uncertain[0]["id"].as_str().unwrap()));
    assert_eq!(mail.mails().len(), 5, "what is uncertain is not sent again unasked");
    // An operator who lets it go again sends the same mail: whoever has it already can tell.
    house.cast.admin.send(&Call::new("POST", format!("/outbox/{}/release", uncertain[0]["id"].as_str().unwrap()))).ok(204);
    let mails = until(s(30), "it is sent again", || Some(mail.mails()).filter(|mails| mails.len() == 6));
    assert_eq!(mails[5].header("message-id"), Some(first.as_str()));
}
