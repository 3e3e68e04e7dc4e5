//! Ended accounts: no sign-in, sessions and tokens dead, work handed over.

use serde_json::{Value, json};

use crate::harness::{Caller, Database, House, PASSWORD, Person, Proof, Stage, act, instant_in, record, s, timeline, until};

on_both!(
    a_deactivated_account_is_dead_at_once,
    an_expired_account_is_dead_on_its_date,
    open_work_of_an_ended_account_goes_back_to_its_team,
    somebody_who_is_there_is_on_duty_instead_of_an_ended_account,
    a_new_password_ends_the_sessions_that_used_the_old_one,
    rights_taken_away_are_gone_at_once,
    people_change_their_own_password,
    guesses_at_the_old_password_are_slowed_down;
    alone: ended_ways_in_are_in_the_journal,
);

/// A person with a token beside the session.
fn with_token(house: &House, roles: &[&str]) -> (Person, Caller) {
    let person = house.person("ending", roles);
    let made = person.post("/tokens", &json!({ "name": "t", "scopes": ["read", "write"] })).ok(201);
    let token = house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()));
    token.get("/me").ok(200);
    (person, token)
}

fn change(house: &House, person: &Person, values: &Value) -> Value {
    let path = format!("/users/{}", person.id);
    let version = house.cast.admin.read(&path)["version"].as_i64().unwrap();
    house.cast.admin.patch(&path, version, values).ok(200)
}

fn assert_dead(house: &House, person: &Person, token: &Caller) {
    person.get("/me").problem(401, "unauthenticated");
    token.get("/me").problem(401, "unauthenticated");
    person.post("/records/incident", &json!({ "title": "from the other side" })).problem(401, "unauthenticated");
    let credentials = json!({ "username": person.name, "password": PASSWORD });
    house.nobody().post("/session", &credentials).problem(401, "unauthenticated");
}

fn a_deactivated_account_is_dead_at_once(house: &House) {
    let (person, token) = with_token(house, &["requester"]);
    assert_eq!(change(house, &person, &json!({ "active": false }))["active"], false);
    assert_dead(house, &person, &token);
    let (code, _, errors) = house.command(&["token", "create", "--user", &person.name]);
    assert_ne!(code, Some(0), "no new token either: {errors}");
    // Activated again, nothing old comes back to life.
    change(house, &person, &json!({ "active": true }));
    person.get("/me").problem(401, "unauthenticated");
    token.get("/me").problem(401, "unauthenticated");
    house.sign_in(&person.name, PASSWORD).get("/me").ok(200);
}

fn an_expired_account_is_dead_on_its_date(house: &House) {
    let (person, token) = with_token(house, &["requester"]);
    change(house, &person, &json!({ "expires_at": instant_in(8) }));
    person.get("/me").ok(200);
    until(s(30), "the account expires", || (person.get("/me").status == 401).then_some(()));
    assert_dead(house, &person, &token);
    let user = house.cast.admin.read(format!("/users/{}", person.id));
    assert_eq!(user["active"], true, "nobody deactivated it: its date has come");
    change(house, &person, &json!({ "expires_at": null }));
    house.sign_in(&person.name, PASSWORD).get("/me").ok(200);
}

fn open_work_of_an_ended_account_goes_back_to_its_team(house: &House) {
    let (leaver, stayer) = (house.person("leaver", &["contractor"]), house.person("stayer", &["agent"]));
    let team = house.team("shift", &[&stayer, &leaver]);
    let number = house.stand(Stage::L1);
    let move_over = json!({ "team": team, "assignee": leaver.name, "reason": "shift" });
    act(&house.cast.desk, &number, "assign", &move_over).ok(200);
    act(&leaver, &number, "comment", &json!({ "body": "I am at it" })).ok(200);
    change(house, &leaver, &json!({ "active": false }));
    until(s(150), "the open step goes back to the team", || record(&stayer, &number)["assignee"].is_null().then_some(()));
    let now = record(&stayer, &number);
    assert_eq!(now["team"]["key"], team.as_str());
    assert_eq!(now["on_duty"]["key"], stayer.name.as_str(), "until somebody accepts, the person on duty is responsible");
    let last = timeline(&stayer, &number).pop().unwrap();
    assert_eq!(last["kind"], "assigned", "{last}");
    assert_eq!(last["reason"], "account_ended", "{last}");
    act(&stayer, &number, "accept", &json!({})).ok(200);
}

fn somebody_who_is_there_is_on_duty_instead_of_an_ended_account(house: &House) {
    let (leaver, ended, stayer) =
        (house.person("leaver", &["agent"]), house.person("ended", &["agent"]), house.person("stayer", &["agent"]));
    let (team, alone) = (house.team("shift", &[&leaver, &ended, &stayer]), house.team("alone", &[&leaver]));
    change(house, &ended, &json!({ "active": false }));
    change(house, &leaver, &json!({ "active": false }));
    let duty = |key: &str| house.cast.admin.read(format!("/teams/{key}"))["duty"]["key"].clone();
    until(s(150), "another is on duty", || (duty(&team) == stayer.name.as_str()).then_some(()));
    let last = until(s(150), "a team of one is not left alone", || Some(duty(&alone)).filter(|key| *key != leaver.name.as_str()));
    let roles = house.cast.admin.read(format!("/users/{}", last.as_str().unwrap()))["roles"].clone();
    assert!(roles.as_array().unwrap().contains(&json!("admin")), "an administrator is always left: {roles}");
    let version = house.cast.admin.read(format!("/teams/{team}"))["version"].as_i64().unwrap();
    house.cast.admin.patch(format!("/teams/{team}"), version, &json!({ "duty": leaver.name })).invalid("/duty", "inactive");
}

fn a_new_password_ends_the_sessions_that_used_the_old_one(house: &House) {
    let person = house.person("changed", &["requester"]);
    change(house, &person, &json!({ "password": "another password" }));
    person.get("/me").problem(401, "unauthenticated");
    house.nobody().post("/session", &json!({ "username": person.name, "password": PASSWORD })).problem(401, "unauthenticated");
    house.sign_in(&person.name, "another password").get("/me").ok(200);
}

fn rights_taken_away_are_gone_at_once(house: &House) {
    let person = house.person("promoted", &["admin"]);
    person.get("/settings").ok(200);
    change(house, &person, &json!({ "roles": ["requester"] }));
    person.get("/settings").problem(403, "forbidden");
    person.get("/users").problem(403, "forbidden");
    change(house, &person, &json!({ "roles": ["admin"] }));
    person.get("/settings").ok(200);
}

fn people_change_their_own_password(house: &House) {
    let person = house.person("own", &["requester"]);
    let other = house.sign_in(&person.name, PASSWORD);
    let put = |old: &str, new: &str| person.post("/me/password", &json!({ "old": old, "new": new }));
    put("not my password", "a new password").invalid("/old", "wrong_password");
    put(PASSWORD, "short").invalid("/new", "length");
    put(PASSWORD, PASSWORD).invalid("/new", "same");
    other.get("/me").ok(200);
    put(PASSWORD, "a new password").ok(204);
    person.get("/me").ok(200);
    other.get("/me").problem(401, "unauthenticated");
    let credentials = json!({ "username": person.name, "password": PASSWORD });
    house.nobody().post("/session", &credentials).problem(401, "unauthenticated");
    house.sign_in(&person.name, "a new password").get("/me").ok(200);
}

fn guesses_at_the_old_password_are_slowed_down(house: &House) {
    let person = house.person("guessed", &["requester"]);
    let put = |old: &str| person.post("/me/password", &json!({ "old": old, "new": "a new password" }));
    for _ in 0..5 {
        put("not my password").invalid("/old", "wrong_password");
    }
    put(PASSWORD).problem(429, "throttled");
    let credentials = json!({ "username": person.name, "password": PASSWORD });
    house.nobody().post("/session", &credentials).problem(429, "throttled");
}

/// What an administrator does to somebody's ways in is in the journal, and what is in the journal is what the rows say.
fn ended_ways_in_are_in_the_journal(database: Database) {
    let house = House::own(database);
    let (person, _) = with_token(&house, &["requester"]);
    let (other, token) = with_token(&house, &["requester"]);
    let own = other.read("/tokens")["items"][0]["id"].as_str().unwrap().to_owned();
    other.delete(format!("/tokens/{own}")).ok(204);
    other.delete(format!("/tokens/{own}")).ok(204);
    token.get("/me").problem(401, "unauthenticated");
    change(&house, &person, &json!({ "password": "another password" }));
    change(&house, &person, &json!({ "active": false }));
    let own = json!({ "old": PASSWORD, "new": "a password of my own" });
    other.post("/me/password", &own).ok(204);
    let (code, output, errors) = house.command(&["check"]);
    assert_eq!(code, Some(0), "{output}\n{errors}");
    // A new password alone is a change as well: it has a version of its own.
    let path = format!("/users/{}", other.id);
    let version = house.cast.admin.read(&path)["version"].as_i64().unwrap();
    assert_eq!(change(&house, &other, &json!({ "password": "another password" }))["version"], version + 1);
    house.cast.admin.patch(&path, version, &json!({ "password": "a third password" })).problem(412, "stale");
}
