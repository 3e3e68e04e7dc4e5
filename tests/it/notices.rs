//! Who hears of what by mail: a comment goes to the other side, in its language, with a link to its own page.

use serde_json::{Value, json};

use crate::harness::{Database, House, MailServer, PASSWORD, Person, act, email, number, pages, s, unique, until};

on_both!(
    a_public_comment_reaches_the_requester,
    an_internal_comment_reaches_nobody,
    the_requesters_words_reach_who_works_on_it,
    without_an_assignee_the_one_on_duty_hears_it;
    alone: a_comment_is_mailed_in_the_readers_language,
);

/// Templates of the messages to a person, oldest first.
fn told(house: &House, person: &Person) -> Vec<String> {
    let mut rows: Vec<Value> = pages(&house.cast.admin, "/outbox?limit=200");
    rows.retain(|row| row["recipient"] == person.email());
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    rows.iter().map(|row| row["template"].as_str().unwrap().to_owned()).collect()
}

fn comment(by: &Person, number: &str, visibility: &str) {
    act(by, number, "comment", &json!({ "body": "a word", "visibility": visibility })).ok(200);
}

/// A record of somebody's at the desktop team; gives its number.
fn at_work(house: &House, requester: &Person, assignee: Option<&Person>) -> String {
    let number = number(&requester.post("/records/incident", &json!({ "title": unique("paper jam") })).ok(201));
    act(&house.cast.desk, &number, "dispatch", &crate::harness::desktop()).ok(200);
    if let Some(assignee) = assignee {
        let team = house.team("crew", &[assignee]);
        let wish = json!({ "team": team, "assignee": assignee.name, "reason": "skill" });
        act(&house.cast.desk, &number, "assign", &wish).ok(200);
    }
    number
}

fn a_public_comment_reaches_the_requester(house: &House) {
    let requester = house.person("asks", &["requester"]);
    let number = at_work(house, &requester, None);
    let before = told(house, &requester).len();
    comment(&house.cast.agent, &number, "public");
    assert_eq!(told(house, &requester)[before..], ["commented"]);
    comment(&requester, &number, "public");
    assert_eq!(told(house, &requester).len(), before + 1, "nobody is told of what they said themselves");
}

fn an_internal_comment_reaches_nobody(house: &House) {
    let requester = house.person("asks", &["requester"]);
    let agent = house.person("works", &["agent"]);
    let number = at_work(house, &requester, Some(&agent));
    let before = (told(house, &requester), told(house, &agent));
    comment(&house.cast.desk, &number, "internal");
    assert_eq!((told(house, &requester), told(house, &agent)), before);
}

fn the_requesters_words_reach_who_works_on_it(house: &House) {
    let requester = house.person("asks", &["requester"]);
    let agent = house.person("works", &["agent"]);
    let number = at_work(house, &requester, Some(&agent));
    let before = told(house, &agent).len();
    comment(&requester, &number, "public");
    assert_eq!(told(house, &agent)[before..], ["answered"]);
    comment(&house.cast.desk, &number, "public");
    assert_eq!(told(house, &agent).len(), before + 1, "a colleague's words are in the timeline");
}

fn without_an_assignee_the_one_on_duty_hears_it(house: &House) {
    let on_duty = house.person("duty", &["agent"]);
    let requester = house.person("asks", &["requester"]);
    let team = house.team("night", &[&on_duty]);
    let number = at_work(house, &requester, None);
    act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "wrong_team" })).ok(200);
    let before = told(house, &on_duty).len();
    comment(&requester, &number, "public");
    assert_eq!(told(house, &on_duty)[before..], ["answered"]);
}

fn a_comment_is_mailed_in_the_readers_language(database: Database) {
    let house = House::own(database);
    let mail = MailServer::start();
    let setting = json!({ "value": { "host": "127.0.0.1", "port": mail.port, "from": "desk@example.org" } });
    house.cast.admin.send(&crate::harness::Call::new("PUT", "/settings/mail").json(&setting)).ok(200);
    let user = json!({ "username": "lihua", "name": "李华", "roles": ["requester"], "password": PASSWORD, "email": email("lihua"), "locale": "zh" });
    house.cast.admin.post("/users", &user).ok(201);
    let requester = house.sign_in("lihua", PASSWORD);
    let number = at_work(&house, &requester, Some(&house.cast.agent));
    act(&house.cast.agent, &number, "comment", &json!({ "body": "请重启打印机" })).ok(200);
    act(&requester, &number, "comment", &json!({ "body": "已经重启" })).ok(200);

    let find = |person: &Person, words: &str| {
        until(s(20), "the mail comes", || mail.to(&person.email()).into_iter().map(|mail| mail.body()).find(|body| body.contains(words)))
    };
    let to_requester = find(&requester, "请重启打印机");
    assert!(to_requester.contains("您好 李华"), "{to_requester}");
    assert!(to_requester.contains(&format!("/requests/incident/{number}")), "{to_requester}");
    let to_agent = find(&house.cast.agent, "已经重启");
    assert!(to_agent.contains("Hello Test agent") && to_agent.contains("李华"), "{to_agent}");
    assert!(to_agent.contains(&format!("/w/records/incident/{number}")), "{to_agent}");
}
