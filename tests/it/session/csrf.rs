//! Writes with a cookie prove that they come from our own pages; bearer tokens need not.

use serde_json::json;

use crate::harness::{Answer, Call, Database, House, PASSWORD, Proof};

on_both!(a_cookie_write_needs_the_token_of_its_session, a_page_of_another_site_cannot_write, a_page_of_another_site_cannot_sign_in, reads_and_bearer_tokens_need_none; alone: with_a_public_address_only_its_pages_are_ours,);

fn report() -> Call {
    Call::post("/records/incident", &json!({ "title": "csrf" }))
}

fn a_cookie_write_needs_the_token_of_its_session(house: &House) {
    let (person, other) = (house.person("writer", &["requester"]), house.person("writer", &["requester"]));
    let Proof::Cookie { csrf: foreign, .. } = &other.proof else { panic!("no cookie") };
    person.send(&report().header("x-csrf-token", "")).problem(403, "csrf");
    person.send(&report().header("x-csrf-token", "wrong")).problem(403, "csrf");
    person.send(&report().header("x-csrf-token", foreign.as_str())).problem(403, "csrf");
    assert_eq!(person.read("/records/incident")["items"], json!([]), "nothing was written");
    person.send(&report()).ok(201);
}

fn a_page_of_another_site_cannot_write(house: &House) {
    let person = house.person("writer", &["requester"]);
    let own = house.server.url();
    let from = |origin: &str| -> Answer { person.send(&report().header("origin", origin)) };
    from("https://evil.example").problem(403, "csrf");
    from("null").problem(403, "csrf");
    from(&format!("{own}.evil.example")).problem(403, "csrf");
    from(&own).ok(201);
}

fn sign_in_from(house: &House, name: &str, origin: &str) -> Answer {
    let call = Call::post("/session", &json!({ "username": name, "password": PASSWORD }));
    house.nobody().send(&call.header("origin", origin))
}

fn a_page_of_another_site_cannot_sign_in(house: &House) {
    let user = house.user("visitor", &["requester"]);
    let (name, own) = (user["username"].as_str().unwrap(), house.server.url());
    for origin in ["https://evil.example", "null", &format!("{own}.evil.example")] {
        let refused = sign_in_from(house, name, origin);
        refused.problem(403, "csrf");
        assert!(refused.header("set-cookie").is_none(), "{origin}");
    }
    sign_in_from(house, name, &own).ok(200);
    // Programs name no origin.
    sign_in_from(house, name, "").ok(200);
}

fn with_a_public_address_only_its_pages_are_ours(database: Database) {
    let house = House::own_with(database, |start| start.args = vec!["--public-url".to_owned(), "https://desk.example.org/it/".to_owned()]);
    sign_in_from(&house, "owner", "https://desk.example.org").ok(200);
    // A name that somebody else lets point here is no name of ours.
    sign_in_from(&house, "owner", &house.server.url()).problem(403, "csrf");
    sign_in_from(&house, "owner", "http://desk.example.org").problem(403, "csrf");
    let person = house.sign_in("owner", PASSWORD);
    person.send(&report().header("origin", "https://desk.example.org")).ok(201);
    person.send(&report().header("origin", house.server.url())).problem(403, "csrf");
}

fn reads_and_bearer_tokens_need_none(house: &House) {
    let person = house.person("writer", &["requester"]);
    person.send(&Call::get("/me").header("x-csrf-token", "").header("origin", "https://other.example")).ok(200);
    let made = person.post("/tokens", &json!({ "name": "t", "scopes": ["read", "write"] })).ok(201);
    let bearer = house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()));
    bearer.send(&report().header("origin", "https://other.example")).ok(201);
}
