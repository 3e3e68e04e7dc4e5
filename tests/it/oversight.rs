//! What those who look after the system see: who is signed in, what was changed by whom, and how it is.

use serde_json::{Value, json};

use crate::harness::{Call, Database, House, PASSWORD, pages, unique};

on_both!(
    sessions_and_tokens_of_all_are_listed_and_ended, changes_are_told_with_who_and_what, oversight_is_for_those_with_the_right;
    alone: health_says_what_somebody_should_look_at,
);

fn of<'a>(items: &'a [Value], name: &str) -> Vec<&'a Value> {
    items.iter().filter(|it| it["user"]["key"] == name).collect()
}

fn sessions_and_tokens_of_all_are_listed_and_ended(house: &House) {
    let admin = &house.cast.admin;
    let person = house.person("guest", &["requester"]);
    let other = house.sign_in(&person.name, PASSWORD);
    person.post("/tokens", &json!({ "name": "script", "scopes": ["read"] })).ok(201);
    let list = |what: &str| pages(admin, &format!("/access/{what}?limit=2&user={}", person.name));
    let sessions = list("sessions");
    assert_eq!((sessions.len(), of(&pages(admin, "/access/sessions?limit=200"), &person.name).len()), (2, 2));
    assert!(sessions.iter().all(|it| it["address"].is_string() && it["expires_at"].is_string()));
    assert_eq!((list("tokens")[0]["name"].clone(), list("tokens")[0]["scopes"].clone()), (json!("script"), json!(["read"])));
    admin.get("/access/sessions?user=nobody-of-this-name").problem(400, "malformed");
    // One is ended: the other goes on.
    let newest = sessions[0]["id"].as_str().unwrap();
    admin.delete(format!("/users/{}/sessions/{newest}", person.id)).ok(204);
    other.get("/me").problem(401, "unauthenticated");
    person.get("/me").ok(200);
    // All are ended, tokens too.
    admin.send(&Call::new("POST", format!("/users/{}/sign-out", person.name))).ok(204);
    person.get("/me").problem(401, "unauthenticated");
    assert_eq!((list("sessions"), list("tokens")), (Vec::new(), Vec::new()));
    let told = pages(admin, "/audit?kind=user&limit=200");
    let events: Vec<&Value> = told.iter().filter(|it| it["subject"]["key"] == person.name.as_str()).map(|it| &it["event"]).collect();
    assert_eq!(events, ["signed_out", "session_ended", "created"]);
    house.sign_in(&person.name, PASSWORD).get("/me").ok(200);
}

fn changes_are_told_with_who_and_what(house: &House) {
    let admin = &house.cast.admin;
    let team = house.team("told", &[&house.cast.agent]);
    let version = admin.read(format!("/teams/{team}"))["version"].as_i64().unwrap();
    admin.patch(format!("/teams/{team}"), version, &json!({ "tier": 2 })).ok(200);
    let found = pages(admin, "/audit?kind=team&actor=admin&limit=3");
    let of_team: Vec<&Value> = found.iter().filter(|it| it["subject"]["key"] == team.as_str()).collect();
    assert_eq!(of_team.iter().map(|it| it["event"].as_str().unwrap()).collect::<Vec<_>>(), ["changed", "created"]);
    assert_eq!(of_team[0]["changes"], json!([{ "field": "tier", "old": "", "new": "2" }]));
    assert_eq!(of_team[0]["actor"]["key"], json!("admin"));
    assert!(found.iter().all(|it| it["kind"] == "team"));
    let later = pages(admin, "/audit?from=2099-01-01T00:00:00Z");
    assert_eq!(later, Vec::<Value>::new());
    assert!(pages(admin, "/audit?until=2099-01-01T00:00:00Z&limit=200").iter().all(|it| it["kind"] != "record" && it["kind"] != "view"));
    admin.get("/audit?kind=record").problem(400, "malformed");
    admin.get("/audit?from=yesterday").problem(400, "malformed");
}

fn oversight_is_for_those_with_the_right(house: &House) {
    let role = unique("auditor");
    let actions = json!(["audit.read", "access.read", "health.read"]);
    house.cast.admin.post("/roles", &json!({ "key": role, "label": { "en": role }, "actions": actions })).ok(201);
    let auditor = house.person("auditor", &[&role]);
    for path in ["/audit", "/access/sessions", "/access/tokens", "/health"] {
        auditor.get(path).ok(200);
        house.cast.manager.get(path).problem(403, "forbidden");
    }
    auditor.send(&Call::new("POST", format!("/users/{}/sign-out", house.cast.owner.id))).problem(403, "forbidden");
}

fn health_says_what_somebody_should_look_at(database: Database) {
    let house = &House::own(database);
    let told = house.cast.admin.read("/health");
    let item = |told: &Value, key: &str| told["items"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap().clone();
    for key in ["mode", "database", "schema", "nodes", "packs", "timers", "jobs", "messages"] {
        assert_eq!(item(&told, key)["level"], json!("fine"), "{told}");
    }
    assert_eq!(item(&told, "mode")["value"], json!({ "mode": "normal" }));
    // A message that nothing can send.
    house.cast.desk.post("/records/incident", &json!({ "title": "t", "requester": "owner", "channel": "phone" })).ok(201);
    let outbox = item(&house.cast.admin.read("/health"), "outbox");
    assert_eq!((&outbox["level"], &outbox["value"]["relay"]), (&json!("attention"), &json!(false)));
    let (status, _, errors) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{errors}");
}
