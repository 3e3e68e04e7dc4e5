//! Departments, sites within sites, roles and skills (ORG-03–ORG-05, ORG-08, PLAT-05).

use serde_json::{Value, json};

use crate::harness::{House, unique};

on_both!(
    what_lies_within_what_is_no_circle,
    entries_refer_to_what_is_there,
    a_role_allows_what_the_list_of_actions_has,
    a_role_that_changes_is_felt_at_once,
    a_skill_that_hangs_on_one_person_is_told,
);

fn create(house: &House, path: &str, more: Value) -> String {
    let key = unique("entry");
    let body = crate::harness::with(json!({ "key": key, "label": { "zh": key, "en": key } }), more);
    house.cast.admin.post(path, &body).ok(201);
    key
}

fn what_lies_within_what_is_no_circle(house: &House) {
    for path in ["/departments", "/sites"] {
        let top = create(house, path, json!({}));
        let middle = create(house, path, json!({ "parent": top }));
        let bottom = create(house, path, json!({ "parent": middle }));
        let read = house.cast.admin.read(format!("{path}/{bottom}"));
        assert_eq!(read["parent"]["key"], middle.as_str(), "{path}");
        let set = |key: &str, parent: Value| house.cast.admin.patch(format!("{path}/{key}"), 1, &json!({ "parent": parent }));
        set(&top, json!(top)).invalid("/parent", "circle");
        set(&top, json!(bottom)).invalid("/parent", "circle");
        set(&top, json!("nothing-of-this-key")).invalid("/parent", "unknown_reference");
        set(&bottom, json!(top)).ok(200);
    }
}

fn entries_refer_to_what_is_there(house: &House) {
    let team = create(house, "/teams", json!({ "site": "plant" }));
    assert_eq!(house.cast.admin.read(format!("/teams/{team}"))["site"]["key"], "plant");
    let service = create(house, "/services", json!({ "team": team, "owner": "agent" }));
    let read = house.cast.desk.read(format!("/services/{service}"));
    assert_eq!((&read["team"]["key"], &read["owner"]["key"]), (&json!(team), &json!("agent")));
    let change = |body: Value| house.cast.admin.patch(format!("/services/{service}"), 1, &body);
    change(json!({ "team": "nobodys" })).invalid("/team", "unknown_reference");
    change(json!({ "owner": "nobody-of-this-name" })).invalid("/owner", "unknown_reference");
}

fn a_role_allows_what_the_list_of_actions_has(house: &House) {
    let grants = house.cast.desk.read("/grants")["items"].as_array().unwrap().clone();
    assert!(grants.iter().all(|it| !it["label"].as_str().unwrap().is_empty() && !it["help"].as_str().unwrap().is_empty()));
    let all: Vec<&str> = grants.iter().map(|it| it["key"].as_str().unwrap()).collect();
    let key = create(house, "/roles", json!({ "actions": all }));
    let read = house.cast.desk.read(format!("/roles/{key}"));
    assert_eq!(read["data"]["actions"], json!(all));
    let change = |actions: Value| house.cast.admin.patch(format!("/roles/{key}"), 1, &json!({ "actions": actions }));
    change(json!(["workspace", "user.levitate"])).invalid("/actions/1", "enum");
    // What every role preset allows stands in the list.
    for role in house.cast.desk.read("/roles?limit=200")["items"].as_array().unwrap() {
        let one = house.cast.desk.read(format!("/roles/{}", role["key"].as_str().unwrap()));
        for action in one["data"]["actions"].as_array().into_iter().flatten() {
            assert!(all.contains(&action.as_str().unwrap()), "{action}");
        }
    }
}

fn a_role_that_changes_is_felt_at_once(house: &House) {
    let key = create(house, "/roles", json!({ "actions": ["workspace", "user.read"] }));
    let person = house.person("clerk", &[&key]);
    let department = json!({ "key": unique("dept"), "label": { "en": "D" } });
    person.post("/departments", &department).problem(403, "forbidden");
    house.cast.admin.patch(format!("/roles/{key}"), 1, &json!({ "actions": ["workspace", "department.write"] })).ok(200);
    person.post("/departments", &department).ok(201);
    person.get("/users").problem(403, "forbidden");
}

fn a_skill_that_hangs_on_one_person_is_told(house: &House) {
    let (one, two) = (house.user("knows", &["agent"]), house.user("learns", &["agent"]));
    let (first, second) = (one["username"].as_str().unwrap(), two["username"].as_str().unwrap());
    let key = create(house, "/skills", json!({ "holders": [first] }));
    let warning = || house.cast.desk.read(format!("/skills/{key}"))["warning"].clone();
    let set = |version: i64, body: Value| house.cast.admin.patch(format!("/skills/{key}"), version, &body).ok(200);
    assert_eq!(warning(), "alone");
    let read = set(1, json!({ "backup": [second] }));
    assert_eq!((&read["holders"][0]["key"], &read["backup"][0]["key"], &read["warning"]), (&json!(first), &json!(second), &Value::Null));
    assert_eq!(warning(), Value::Null);
    // A backup whose account has ended is none.
    house.cast.admin.patch(format!("/users/{}", two["id"].as_str().unwrap()), 1, &json!({ "active": false })).ok(200);
    assert_eq!(warning(), "alone");
    house.cast.admin.patch(format!("/users/{}", one["id"].as_str().unwrap()), 1, &json!({ "active": false })).ok(200);
    assert_eq!(warning(), "nobody");
    let listed = house.cast.desk.read(format!("/skills?q={key}"))["items"][0]["warning"].clone();
    assert_eq!(listed, "nobody");
    set(2, json!({ "active": false }));
    assert_eq!(warning(), Value::Null, "nobody needs it any more");
    house
        .cast
        .admin
        .patch(format!("/skills/{key}"), 3, &json!({ "holders": ["nobody-of-this-name"] }))
        .invalid("/holders/0", "unknown_reference");
}
