//! People: how they are found, and who may decide about their accounts (ORG-01, ORG-04).

use serde_json::{Value, json};

use crate::data::tamper;
use crate::harness::{Database, House, PASSWORD, unique};

on_both!(
    people_are_found_by_what_others_know_of_them,
    surnames_are_read_as_their_bearers_do,
    a_key_written_by_hand_stays_and_one_that_was_made_follows,
    outsourced_people_have_employer_area_and_an_end,
    sessions_and_tokens_of_a_person_are_ended_by_who_maintains_accounts,
    nobody_gives_more_than_they_may,
    a_change_tells_how_much_work_waits,
    names_are_one_whatever_their_case_and_mean_nothing_else;
    alone: people_of_an_older_program_are_found_after_the_next_start,
);

fn make(house: &House, name: &str, more: Value) -> Value {
    let body = crate::harness::with(json!({ "username": unique("found"), "name": name, "roles": ["requester"] }), more);
    house.cast.admin.post("/users", &body).ok(201)
}

fn finds(house: &House, q: &str, user: &Value) -> bool {
    let encoded: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
    let items = house.cast.desk.read(format!("/users?limit=200&q={encoded}"))["items"].clone();
    items.as_array().unwrap().iter().any(|item| item["id"] == user["id"])
}

fn people_are_found_by_what_others_know_of_them(house: &House) {
    let number = unique("E");
    let user = make(house, "张伟", json!({ "number": number, "phone": "+86 138-0001-2345", "email": "Wei.Zhang@example.org" }));
    assert_eq!(user["sort_name"], "zhang wei");
    assert_eq!(user["number"], number.as_str());
    for q in
        ["张伟", "伟", "zhangwei", "zhang wei", "ZhangWei", "zhangw", "zw", &number, &number.to_lowercase(), "13800012345", "wei.zhang@"]
    {
        assert!(finds(house, q, &user), "{q}");
    }
    for q in ["lisi", "wz", "张小伟", "zhangwei1"] {
        assert!(!finds(house, q, &user), "{q}");
    }
}

fn surnames_are_read_as_their_bearers_do(house: &House) {
    for (name, key, letters) in [
        ("单晓光", "shan xiao guang", "sxg"),
        ("曾国强", "zeng guo qiang", "zgq"),
        ("解小明", "xie xiao ming", "xxm"),
        ("吕布", "lv bu", "lb"),
    ] {
        let user = make(house, name, json!({}));
        assert_eq!(user["sort_name"], key, "{name}");
        assert!(finds(house, letters, &user) && finds(house, &key.replace(' ', ""), &user), "{name}");
    }
    // Sorted as they are read, wherever the characters stand in Unicode.
    let mark = unique("sorted");
    for (n, name) in ["周一", "安二", "曾三"].iter().enumerate() {
        make(house, name, json!({ "number": format!("{mark}{n}") }));
    }
    let items = house.cast.desk.read(format!("/users?q={mark}"))["items"].clone();
    let names: Vec<&str> = items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["安二", "曾三", "周一"]);
}

fn a_key_written_by_hand_stays_and_one_that_was_made_follows(house: &House) {
    let user = make(house, "乐嘉", json!({}));
    assert_eq!(user["sort_name"], "yue jia");
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    let change = |version: i64, body: Value| house.cast.admin.patch(&path, version, &body).ok(200);
    assert_eq!(change(1, json!({ "name": "乐嘉宁" }))["sort_name"], "yue jia ning");
    assert_eq!(change(2, json!({ "sort_name": "le jia ning" }))["sort_name"], "le jia ning");
    let renamed = change(3, json!({ "name": "乐嘉佳" }));
    assert_eq!(renamed["sort_name"], "le jia ning", "what somebody wrote by hand is theirs to change");
    assert!(finds(house, "ljn", &renamed) && !finds(house, "yuejia", &renamed));
}

fn outsourced_people_have_employer_area_and_an_end(house: &House) {
    let until = "2099-06-30T10:00:00.000Z";
    let user = make(house, "外包一", json!({ "employer": "外包公司", "area": "桌面运维", "expires_at": until, "roles": ["contractor"] }));
    assert_eq!((&user["employer"], &user["area"], &user["expires_at"]), (&json!("外包公司"), &json!("桌面运维"), &json!(until)));
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    assert_eq!(house.cast.admin.patch(path, 1, &json!({ "area": null })).ok(200)["area"], Value::Null);
}

fn sessions_and_tokens_of_a_person_are_ended_by_who_maintains_accounts(house: &House) {
    let person = house.person("watched", &["agent"]);
    person.post("/tokens", &json!({ "name": "walk", "scopes": ["read"] })).ok(201);
    let admin = &house.cast.admin;
    for what in ["sessions", "tokens"] {
        let path = format!("/users/{}/{what}", person.id);
        let items = admin.read(&path)["items"].as_array().unwrap().clone();
        assert_eq!(items.len(), 1, "{what}");
        assert!(items[0]["token"].is_null(), "a token is shown once, to its maker");
        house.cast.manager.get(&path).problem(403, "forbidden");
        if what == "tokens" {
            admin.delete(format!("{path}/{}", items[0]["id"].as_str().unwrap())).ok(204);
            assert!(admin.read(&path)["items"][0]["revoked_at"].is_string());
        }
    }
    let sessions = format!("/users/{}/sessions", person.id);
    let id = admin.read(&sessions)["items"][0]["id"].as_str().unwrap().to_owned();
    // What belongs to somebody else is not there.
    admin.delete(format!("/users/{}/sessions/{id}", house.cast.owner.id)).problem(404, "not_found");
    person.get("/me").ok(200);
    admin.delete(format!("{sessions}/{id}")).ok(204);
    person.get("/me").problem(401, "unauthenticated");
}

/// A role that maintains accounts and roles, and somebody who has it.
fn registrar(house: &House) -> crate::harness::Person {
    let key = unique("registrar");
    let actions = json!(["workspace", "user.read", "user.write", "role.write"]);
    house.cast.admin.post("/roles", &json!({ "key": key, "label": { "en": "Registrar" }, "actions": actions })).ok(201);
    house.person("registrar", &[&key])
}

fn nobody_gives_more_than_they_may(house: &House) {
    let registrar = registrar(house);
    let create = |roles: Value| registrar.post("/users", &json!({ "username": unique("made"), "roles": roles, "password": PASSWORD }));
    create(json!(["requester", "agent"])).ok(201);
    create(json!(["admin"])).invalid("/roles", "beyond");
    create(json!(["manager"])).invalid("/roles", "beyond");
    let admin = house.user("above", &["admin"]);
    let path = format!("/users/{}", admin["id"].as_str().unwrap());
    registrar.patch(&path, 1, &json!({ "password": PASSWORD })).problem(403, "forbidden");
    registrar.patch(&path, 1, &json!({ "active": false })).problem(403, "forbidden");
    registrar.get(format!("{path}/sessions")).problem(403, "forbidden");
    let me = registrar.read(format!("/users/{}", registrar.id));
    registrar
        .patch(format!("/users/{}", registrar.id), me["version"].as_i64().unwrap(), &json!({ "roles": ["admin"] }))
        .invalid("/roles", "beyond");
    let role = |actions: Value| registrar.post("/roles", &json!({ "key": unique("role"), "label": { "en": "R" }, "actions": actions }));
    role(json!(["workspace"])).ok(201);
    role(json!(["*"])).invalid("/actions", "beyond");
    let strong = unique("strong");
    house.cast.admin.post("/roles", &json!({ "key": strong, "label": { "en": "S" }, "actions": ["pack.write"] })).ok(201);
    registrar.patch(format!("/roles/{strong}"), 1, &json!({ "actions": ["workspace"] })).problem(403, "forbidden");
}

fn a_change_tells_how_much_work_waits(house: &House) {
    let person = house.person("busy", &["agent"]);
    let team = house.team("crew", &[&person]);
    let path = format!("/users/{}", person.id);
    assert_eq!(house.cast.admin.read(&path)["open_steps"], 0);
    let number = house.stand(crate::harness::Stage::L1);
    let wish = json!({ "team": team, "assignee": person.name, "reason": "skill" });
    crate::harness::act(&house.cast.desk, &number, "assign", &wish).ok(200);
    assert_eq!(house.cast.admin.read(&path)["open_steps"], 1);
}

fn names_are_one_whatever_their_case_and_mean_nothing_else(house: &House) {
    let name = format!("Wang-{}", unique("case"));
    let body = |name: &str| json!({ "username": name, "roles": ["requester"], "password": PASSWORD });
    let users = |body: &Value| house.cast.admin.post("/users", body);
    users(&body(&name)).ok(201);
    users(&body(&name.to_lowercase())).invalid("/username", "taken");
    let typed = json!({ "username": name.to_uppercase(), "password": PASSWORD });
    assert_eq!(house.nobody().post("/session", &typed).ok(200)["user"]["key"], json!(name), "people type names as they come");
    users(&body("Me")).invalid("/username", "reserved");
    let mut wrong = body(&unique("mail"));
    wrong["email"] = json!("nobody at nowhere");
    users(&wrong).invalid("/email", "format");
    wrong["email"] = json!("somebody@host");
    users(&wrong).ok(201);
    house.cast.admin.post("/teams", &json!({ "key": "mine", "label": { "en": "Mine" } })).invalid("/key", "reserved");
}

fn people_of_an_older_program_are_found_after_the_next_start(database: Database) {
    let mut house = House::own(database);
    // An older program took the name itself as the key by which it sorted, and did not know what people are found by.
    let old = make(&house, "单晓光", json!({ "sort_name": "单晓光" }));
    let given = make(&house, "乐嘉", json!({ "sort_name": "le jia" }));
    tamper(&mut house, "UPDATE app_user SET find_text = ''");
    let sound = |house: &House| {
        let (status, said, errors) = house.command(&["check"]);
        assert_eq!(status, Some(0), "{said}{errors}");
    };
    sound(&house);
    house.restart();
    assert!(finds(&house, "sxg", &old) && finds(&house, "lejia", &given) && finds(&house, "lj", &given));
    let read = |user: &Value| house.cast.admin.read(format!("/users/{}", user["id"].as_str().unwrap()));
    assert_eq!((&read(&old)["sort_name"], &read(&old)["version"]), (&json!("shan xiao guang"), &json!(2)), "told in the journal");
    assert_eq!((&read(&given)["sort_name"], &read(&given)["version"]), (&json!("le jia"), &json!(1)));
    sound(&house);
    // What is derived is checked like anything else.
    tamper(&mut house, "UPDATE app_user SET find_text = '|somebody else|' WHERE username = 'agent'");
    let (status, said, _) = house.command(&["check"]);
    assert!(status == Some(1) && said.contains("find_text"), "{said}");
}
