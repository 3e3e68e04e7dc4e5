//! `GET /sessions`, `DELETE /sessions/{id}`

use serde_json::Value;

use crate::harness::{Call, Database, House, PASSWORD, Person, Proof};

on_both!(
    sessions_are_listed_and_ended,
    a_list_of_sessions_tells_no_secret,
    nobody_ends_or_sees_the_session_of_another,
    a_trusted_proxy_names_the_address;
    alone: an_untrusted_caller_cannot_choose_its_address,
);

fn sessions(person: &Person) -> Vec<Value> {
    person.read("/sessions")["items"].as_array().unwrap().clone()
}

fn current(person: &Person) -> Value {
    sessions(person).into_iter().find(|session| session["current"] == true).expect("one session is the current one")
}

fn sessions_are_listed_and_ended(house: &House) {
    let first = house.person("twice", &["requester"]);
    let second = house.sign_in(&first.name, PASSWORD);
    assert_eq!(sessions(&first).len(), 2);
    assert_eq!(sessions(&first).iter().filter(|s| s["current"] == true).count(), 1);
    assert_ne!(current(&first)["id"], current(&second)["id"]);
    assert_eq!(current(&first)["user_agent"], "blackbox");
    for field in ["created_at", "last_seen_at", "expires_at"] {
        assert!(current(&first)[field].as_str().unwrap().ends_with('Z'), "{field} is an instant in UTC");
    }
    let id = current(&second)["id"].as_str().unwrap().to_owned();
    first.delete(format!("/sessions/{id}")).ok(204);
    second.get("/me").problem(401, "unauthenticated");
    assert_eq!(sessions(&first).len(), 1);
}

fn a_list_of_sessions_tells_no_secret(house: &House) {
    let person = house.person("careful", &["requester"]);
    let Proof::Cookie { cookie, csrf } = &person.proof else { panic!("no cookie") };
    let text = person.get("/sessions").text();
    assert!(!text.contains(cookie) && !text.contains(csrf), "{text}");
}

fn nobody_ends_or_sees_the_session_of_another(house: &House) {
    let (person, other) = (house.person("victim", &["requester"]), house.person("attacker", &["requester"]));
    let id = current(&person)["id"].as_str().unwrap().to_owned();
    assert!(sessions(&other).iter().all(|session| session["id"] != id.as_str()));
    other.delete(format!("/sessions/{id}")).problem(404, "not_found");
    house.cast.admin.delete(format!("/sessions/{id}")).problem(404, "not_found");
    person.get("/me").ok(200);
    other.delete("/sessions/no-identity").problem(404, "not_found");
}

fn sign_in_from(house: &House, name: &str, address: &str) -> Person {
    let call = Call::post("/session", &serde_json::json!({ "username": name, "password": PASSWORD }));
    let answer = house.nobody().send(&call.header("x-forwarded-for", address));
    let begun = answer.ok(200);
    let cookie = answer.header("set-cookie").and_then(|c| c.strip_prefix("yuheng_session=")?.split(';').next()).unwrap();
    let proof = Proof::Cookie { cookie: cookie.to_owned(), csrf: begun["csrf"].as_str().unwrap().to_owned() };
    Person::new(name, begun["user"]["id"].as_str().unwrap(), house.nobody().with(proof))
}

fn a_trusted_proxy_names_the_address(house: &House) {
    let user = house.user("remote", &["requester"]);
    let person = sign_in_from(house, user["username"].as_str().unwrap(), "203.0.113.9");
    assert_eq!(current(&person)["address"], "203.0.113.9");
}

fn an_untrusted_caller_cannot_choose_its_address(database: Database) {
    let house = House::own(database);
    let person = sign_in_from(&house, "owner", "203.0.113.9");
    assert_eq!(current(&person)["address"], "127.0.0.1");
}
