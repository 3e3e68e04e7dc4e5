//! `/tokens` and `yuheng token create`

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, Person, Proof, instant_in, s, unique, until};

on_both!(
    a_token_is_shown_once_and_works,
    a_token_does_only_what_its_scopes_say,
    a_token_dies_on_its_date,
    a_revoked_token_is_dead_at_once,
    values_are_checked,
    a_token_makes_no_tokens,
    nobody_sees_or_revokes_the_token_of_another,
    a_token_comes_in_the_header_only,
    the_command_line_makes_a_token_beside_the_server;
    alone: the_command_line_makes_a_token_without_a_server,
);

fn make(person: &Person, body: &Value) -> Value {
    person.post("/tokens", body).ok(201)
}

fn bearer(house: &House, made: &Value) -> Caller {
    house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()))
}

fn scoped(house: &House, person: &Person, scopes: &[&str]) -> Caller {
    bearer(house, &make(person, &json!({ "name": unique("scoped"), "scopes": scopes })))
}

fn a_token_is_shown_once_and_works(house: &House) {
    let person = house.person("holder", &["requester"]);
    let answer = person.post("/tokens", &json!({ "name": "my script", "scopes": ["read", "write"] }));
    let made = answer.ok(201);
    let token = bearer(house, &made);
    assert_eq!(token.read("/me")["key"], person.name.as_str());
    assert_eq!(token.read("/me")["csrf"], Value::Null, "a token needs none");
    let list = person.read("/tokens");
    let listed = &list["items"][0];
    assert_eq!((&listed["id"], &listed["name"], &listed["scopes"]), (&made["id"], &json!("my script"), &json!(["read", "write"])));
    assert!(listed["last_used_at"].is_string(), "{listed}");
    assert!(!list.to_string().contains(made["token"].as_str().unwrap()), "{list}");
    assert!(answer.header("location").is_some());
}

fn a_token_does_only_what_its_scopes_say(house: &House) {
    let boss = house.person("boss", &["admin", "requester"]);
    let (read, write, all) =
        (scoped(house, &boss, &["read"]), scoped(house, &boss, &["read", "write"]), scoped(house, &boss, &["read", "write", "admin"]));
    let report = json!({ "title": "by token" });
    read.get("/records/incident").ok(200);
    read.post("/records/incident", &report).problem(403, "forbidden");
    write.post("/records/incident", &report).ok(201);
    let user = || json!({ "username": unique("by-token") });
    read.post("/users", &user()).problem(403, "forbidden");
    write.post("/users", &user()).problem(403, "forbidden");
    all.post("/users", &user()).ok(201);
    write.send(&Call::new("PUT", "/settings/x").json(&json!({ "value": 1 }))).problem(403, "forbidden");
    // A scope gives nothing that its person may not do.
    let clerk = house.person("clerk", &["requester"]);
    scoped(house, &clerk, &["read", "write", "admin"]).post("/users", &user()).problem(403, "forbidden");
}

fn a_token_dies_on_its_date(house: &House) {
    let person = house.person("holder", &["requester"]);
    let made = make(&person, &json!({ "name": "short", "scopes": ["read"], "expires_at": instant_in(8) }));
    let token = bearer(house, &made);
    token.get("/me").ok(200);
    until(s(30), "the token expires", || (token.get("/me").status == 401).then_some(()));
    token.get("/me").problem(401, "unauthenticated");
    person.get("/me").ok(200);
}

fn a_revoked_token_is_dead_at_once(house: &House) {
    let person = house.person("holder", &["requester"]);
    let made = make(&person, &json!({ "name": "lost", "scopes": ["read"] }));
    let (lost, other) = (bearer(house, &made), scoped(house, &person, &["read"]));
    person.delete(format!("/tokens/{}", made["id"].as_str().unwrap())).ok(204);
    lost.get("/me").problem(401, "unauthenticated");
    other.get("/me").ok(200);
    let list = person.read("/tokens");
    let listed = list["items"].as_array().unwrap().iter().find(|token| token["id"] == made["id"]).unwrap();
    assert!(listed["revoked_at"].is_string(), "{listed}");
}

fn values_are_checked(house: &House) {
    let person = house.person("holder", &["requester"]);
    let make = |change: Value| person.post("/tokens", &crate::harness::with(json!({ "name": "t", "scopes": ["read"] }), change));
    make(json!({ "scopes": ["everything"] })).invalid("/scopes", "unknown");
    for none in [json!({ "name": "t" }), json!({ "name": "t", "scopes": [] })] {
        let problem = person.post("/tokens", &none).invalid("/scopes", "required");
        assert!(problem["detail"].as_str().unwrap().contains("read, write, admin"), "{problem}");
    }
    make(json!({ "scopes": [] })).invalid("/scopes", "required");
    make(json!({ "scopes": "read" })).invalid("/scopes", "type");
    make(json!({ "name": " " })).invalid("/name", "length");
    make(json!({ "name": "x".repeat(201) })).invalid("/name", "length");
    make(json!({ "expires_at": instant_in(-60) })).invalid("/expires_at", "past");
    make(json!({ "expires_at": "2099-01-01" })).invalid("/expires_at", "format");
    make(json!({ "expires_at": "2099-01-01T00:00:00" })).invalid("/expires_at", "format");
    make(json!({ "user": "admin" })).invalid("/user", "unknown_field");
    assert_eq!(person.read("/tokens")["items"], json!([]));
}

fn a_token_makes_no_tokens(house: &House) {
    let token = scoped(house, &house.person("holder", &["admin"]), &["read", "write", "admin"]);
    token.post("/tokens", &json!({ "name": "child", "scopes": ["read"] })).problem(403, "forbidden");
}

fn nobody_sees_or_revokes_the_token_of_another(house: &House) {
    let (person, other) = (house.person("holder", &["requester"]), house.person("thief", &["requester"]));
    let made = make(&person, &json!({ "name": "mine", "scopes": ["read"] }));
    let path = format!("/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(other.read("/tokens")["items"], json!([]));
    other.delete(&path).problem(404, "not_found");
    house.cast.admin.delete(&path).problem(404, "not_found");
    bearer(house, &made).get("/me").ok(200);
    other.delete("/tokens/no-identity").problem(404, "not_found");
}

fn a_token_comes_in_the_header_only(house: &House) {
    let person = house.person("holder", &["requester"]);
    let made = make(&person, &json!({ "name": "mine", "scopes": ["read"] }));
    let token = made["token"].as_str().unwrap();
    house.nobody().get(format!("/me?token={token}")).problem(401, "unauthenticated");
    house.nobody().get(format!("/me?access_token={token}")).problem(401, "unauthenticated");
    house.nobody().with(Proof::Cookie { cookie: token.to_owned(), csrf: String::new() }).get("/me").problem(401, "unauthenticated");
    house.nobody().send(&Call::get("/me").header("authorization", format!("bearer {token}"))).ok(200);
    house.nobody().send(&Call::get("/me").header("authorization", format!("Basic {token}"))).problem(401, "unauthenticated");
}

fn the_command_line_makes_a_token_beside_the_server(house: &House) {
    let user = house.user("cli", &["requester"]);
    let name = user["username"].as_str().unwrap();
    let (code, token, errors) = house.command(&["token", "create", "--user", name]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(!token.contains(char::is_whitespace) && token.len() > 20, "the token stands alone: {token}");
    let caller = house.nobody().with(Proof::Bearer(token));
    assert_eq!(caller.read("/me")["key"], name);
    let (code, output, errors) = house.command(&["token", "create", "--user", "nobody-of-this-name"]);
    assert_ne!(code, Some(0));
    assert!(output.is_empty() && errors.contains("nobody-of-this-name"), "{output} / {errors}");
}

fn the_command_line_makes_a_token_without_a_server(database: Database) {
    let mut house = House::own(database);
    house.server.kill();
    let (code, token, errors) = house.command(&["token", "create", "--user", "manager", "--scopes", "read"]);
    assert_eq!(code, Some(0), "{errors}");
    house.restart();
    let caller = house.nobody().with(Proof::Bearer(token));
    assert_eq!(caller.read("/me")["key"], "manager");
    caller.post("/records/incident", &json!({ "title": "x" })).problem(403, "forbidden");
}
