//! Writes with a cookie prove that they come from our own pages; bearer tokens need not.

use serde_json::json;

use crate::harness::{Answer, Call, House, Proof};

on_both!(a_cookie_write_needs_the_token_of_its_session, a_page_of_another_site_cannot_write, reads_and_bearer_tokens_need_none,);

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

fn reads_and_bearer_tokens_need_none(house: &House) {
    let person = house.person("writer", &["requester"]);
    person.send(&Call::get("/me").header("x-csrf-token", "").header("origin", "https://other.example")).ok(200);
    let made = person.post("/tokens", &json!({ "name": "t", "scopes": ["read", "write"] })).ok(201);
    let bearer = house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()));
    bearer.send(&report().header("origin", "https://other.example")).ok(201);
}
