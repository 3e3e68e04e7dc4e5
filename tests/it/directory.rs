//! `/teams`, `/sites`, `/services`, `/roles`

use serde_json::{Value, json};

use crate::data::tamper;
use crate::harness::{Call, Database, House, Stage, act, pages, record, s, timeline, unique, until};

on_both!(
    entries_are_created_read_and_changed,
    a_creation_says_where_the_entry_can_be_read,
    values_are_checked,
    a_change_needs_the_version_that_was_seen,
    a_stale_change_is_told_what_happened_meanwhile,
    lists_page_by_key_without_gap_or_double,
    names_come_in_the_language_asked_for,
    a_team_has_members_and_one_person_on_duty,
    who_is_on_duty_is_responsible_until_somebody_accepts,
    work_goes_to_no_team_without_people,
    who_leaves_a_team_leaves_its_work_there,
    an_inactive_entry_cannot_be_chosen,
    requesters_read_what_they_need_to_report;
    alone: one_damaged_record_holds_up_no_others_that_go_back, new_rights_of_a_preset_are_offered_until_somebody_shapes_the_role,
);

const KINDS: &[&str] = &["/teams", "/sites", "/services", "/departments", "/skills", "/roles"];

fn entry(key: &str) -> Value {
    json!({ "key": key, "label": { "zh": "名称", "en": "Name" } })
}

fn entries_are_created_read_and_changed(house: &House) {
    for path in KINDS {
        let key = unique("entry");
        let answer = house.cast.admin.post(*path, &entry(&key));
        let made = answer.ok(201);
        assert_eq!((&made["key"], &made["version"], &made["active"]), (&json!(key), &json!(1), &json!(true)), "{path}");
        assert_eq!(answer.version(), 1);
        house.cast.admin.post(*path, &entry(&key)).problem(409, "conflict");
        let one = format!("{path}/{key}");
        let changed = house.cast.admin.patch(&one, 1, &json!({ "label": { "zh": "新", "en": "New" } }));
        assert_eq!(changed.ok(200)["labels"]["en"], "New", "{path}");
        assert_eq!(changed.version(), 2);
        let by_id = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(house.cast.admin.patch(&by_id, 2, &json!({ "active": false })).ok(200)["active"], false);
        house.cast.admin.patch(format!("{path}/no-such-key"), 1, &json!({ "active": false })).problem(404, "not_found");
    }
}

fn a_creation_says_where_the_entry_can_be_read(house: &House) {
    for path in KINDS {
        let answer = house.cast.admin.post(*path, &entry(&unique("entry")));
        let made = answer.ok(201);
        let at = answer.header("location").expect("a creation says where it is").to_owned();
        assert_eq!(house.cast.admin.get(format!("/{at}")).ok(200)["id"], made["id"], "{at}");
    }
}

fn values_are_checked(house: &House) {
    for path in KINDS {
        let create = |change: Value| house.cast.admin.post(*path, &crate::harness::with(entry(&unique("checked")), change));
        create(json!({ "key": "" })).invalid("/key", "format");
        create(json!({ "key": "two words" })).invalid("/key", "format");
        create(json!({ "key": "x".repeat(65) })).invalid("/key", "format");
        create(json!({ "key": null })).invalid("/key", "required");
        create(json!({ "label": "Name" })).invalid("/label", "type");
        create(json!({ "label": {} })).invalid("/label", "type");
        create(json!({ "colour": "red" })).invalid("/colour", "unknown_field");
        create(json!({ "active": 1 })).invalid("/active", "type");
    }
    let team = |change: Value| house.cast.admin.post("/teams", &crate::harness::with(entry(&unique("checked")), change));
    team(json!({ "members": ["nobody-of-this-name"] })).invalid("/members/0", "unknown_reference");
    team(json!({ "duty": "nobody-of-this-name" })).invalid("/duty", "unknown_reference");
    team(json!({ "members": "agent" })).invalid("/members", "type");
    team(json!({ "tier": 0 })).invalid("/tier", "type");
}

fn a_change_needs_the_version_that_was_seen(house: &House) {
    for path in KINDS {
        let key = unique("entry");
        house.cast.admin.post(*path, &entry(&key)).ok(201);
        let change = Call::patch(format!("{path}/{key}"), &json!({ "active": false }));
        house.cast.admin.send(&change).problem(428, "if_match_required");
    }
}

fn a_stale_change_is_told_what_happened_meanwhile(house: &House) {
    for path in KINDS {
        let key = unique("entry");
        house.cast.admin.post(*path, &entry(&key)).ok(201);
        let one = format!("{path}/{key}");
        house.cast.admin.patch(&one, 1, &json!({ "active": false })).ok(200);
        let problem = house.cast.admin.patch(&one, 1, &json!({ "active": true })).problem(412, "stale");
        assert_eq!(problem["version"], 2, "{path}");
        let meanwhile = problem["meanwhile"].as_array().cloned().unwrap_or_default();
        assert!(meanwhile.iter().any(|m| m["field"] == "active" && m["new"] == false), "{path}: {problem}");
    }
}

fn lists_page_by_key_without_gap_or_double(house: &House) {
    let mark = unique("page");
    let wanted: Vec<String> = (0..7).map(|n| format!("{mark}-{n}")).collect();
    for key in &wanted {
        house.cast.admin.post("/sites", &entry(key)).ok(201);
    }
    for limit in [1, 3, 7] {
        let items = pages(&house.cast.observer, &format!("/sites?q={mark}&limit={limit}"));
        let keys: Vec<&str> = items.iter().map(|item| item["key"].as_str().unwrap()).collect();
        assert_eq!(keys, wanted, "limit {limit}");
    }
    let first = house.cast.observer.read(format!("/sites?q={mark}&limit=3"));
    let cursor = first["next"].as_str().unwrap();
    house.cast.observer.get(format!("/sites?q=other&limit=3&cursor={cursor}")).problem(400, "malformed");
    house.cast.observer.get("/sites?active=maybe").problem(400, "malformed");
}

fn names_come_in_the_language_asked_for(house: &House) {
    let key = unique("entry");
    house.cast.admin.post("/services", &entry(&key)).ok(201);
    let label = |lang: &str| {
        let call = Call::get(format!("/services?q={key}")).header("accept-language", lang);
        house.cast.owner.send(&call).ok(200)["items"][0]["label"].as_str().unwrap().to_owned()
    };
    assert_eq!(label("zh-CN,zh;q=0.9,en;q=0.5"), "名称");
    assert_eq!(label("en-GB"), "Name");
    assert_eq!(label("fr, en;q=0.5"), "Name");
    assert_eq!(label(""), "Name", "without a wish: the language of the account");
}

fn a_team_has_members_and_one_person_on_duty(house: &House) {
    let (one, two) = (house.person("member", &["agent"]), house.person("member", &["agent"]));
    let key = house.team("crew", &[&one, &two]);
    let team = house.cast.desk.read(format!("/teams?q={key}"))["items"][0].clone();
    assert_eq!(team["members_count"], 2);
    assert_eq!(team["members"].as_array().unwrap().len(), 2);
    assert_eq!(team["duty"]["key"], one.name.as_str());
    assert_eq!(one.read("/me")["teams"][0]["key"], key.as_str());
    let change = json!({ "members": [two.name], "duty": two.id });
    house.cast.admin.patch(format!("/teams/{key}"), 1, &change).ok(200);
    assert_eq!(one.read("/me")["teams"], json!([]));
    assert_eq!(house.cast.desk.read(format!("/teams?q={key}"))["items"][0]["duty"]["key"], two.name.as_str());
}

fn who_is_on_duty_is_responsible_until_somebody_accepts(house: &House) {
    let number = house.stand(Stage::L1);
    let now = record(&house.cast.second, &number);
    assert_eq!(now["assignee"], Value::Null);
    assert_eq!(now["on_duty"]["key"], "agent");
    act(&house.cast.second, &number, "accept", &json!({})).ok(200);
    let now = record(&house.cast.second, &number);
    assert_eq!(now["assignee"]["key"], "second");
    assert_eq!(now["on_duty"], Value::Null);
}

fn work_goes_to_no_team_without_people(house: &House) {
    let admin = &house.cast.admin;
    let (one, number) = (house.person("member", &["agent"]), house.stand(Stage::L1));
    let (empty, crew) = (house.team("empty", &[]), house.team("crew", &[&one]));
    let assign = |team: &str| act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "shift" }));
    assign(&empty).invalid("/fields/team", "nobody_responsible");
    assign(&crew).ok(200);
    let nobody = json!({ "members": [], "duty": null });
    // Who answers for work may touch it.
    admin.patch(format!("/teams/{crew}"), 1, &json!({ "members": [] })).invalid("/members", "on_duty");
    admin.patch(format!("/teams/{crew}"), 1, &json!({ "duty": house.cast.agent.name })).invalid("/duty", "not_member");
    let asker = house.person("asker", &["requester"]);
    admin.patch(format!("/teams/{crew}"), 1, &json!({ "duty": asker.name, "members": [one.name, asker.name] })).invalid("/duty", "no_work");
    admin.patch(format!("/teams/{crew}"), 1, &nobody).invalid("/members", "in_use");
    admin.patch(format!("/teams/{crew}"), 1, &json!({ "active": false })).invalid("/active", "in_use");
    admin.patch(format!("/teams/{crew}"), 1, &json!({ "duty": null })).ok(200);
    assert_eq!(record(&one, &number)["on_duty"]["key"], one.name.as_str(), "nobody is named: the first member answers");
    assign("desktop-l1").ok(200);
    admin.patch(format!("/teams/{crew}"), 2, &nobody).ok(200);
    // What flows and tables name gets work tomorrow.
    let version = admin.read("/teams/service-desk")["version"].as_i64().unwrap();
    admin.patch("/teams/service-desk", version, &json!({ "active": false })).invalid("/active", "in_use");
}

fn who_leaves_a_team_leaves_its_work_there(house: &House) {
    let (stays, leaves) = (house.person("stays", &["agent"]), house.person("leaves", &["agent"]));
    let (team, other) = (house.team("crew", &[&stays, &leaves]), house.team("other", &[&leaves]));
    let given = |team: &str| {
        let number = house.stand(Stage::L1);
        let to = json!({ "team": team, "assignee": leaves.name, "reason": "shift" });
        act(&house.cast.desk, &number, "assign", &to).ok(200);
        number
    };
    let (here, there) = (given(&team), given(&other));
    house.cast.admin.patch(format!("/teams/{team}"), 1, &json!({ "members": [stays.name] })).ok(200);
    until(s(60), "the step goes back", || record(&stays, &here)["assignee"].is_null().then_some(()));
    assert_eq!(record(&stays, &here)["on_duty"]["key"], stays.name.as_str());
    let last = timeline(&stays, &here).pop().unwrap();
    assert_eq!((&last["kind"], &last["reason"]), (&json!("assigned"), &json!("left_team")));
    let told = timeline(&house.cast.owner, &here).pop().unwrap();
    assert_eq!((&told["kind"], &told["reason"], &told["reason_label"]), (&json!("assigned"), &Value::Null, &Value::Null), "{told}");
    assert!(!told.to_string().contains("left"), "why people come and go is not for the requester: {told}");
    assert_eq!(record(&leaves, &there)["assignee"]["key"], leaves.name.as_str(), "what they hold elsewhere they keep");
}

fn one_damaged_record_holds_up_no_others_that_go_back(database: Database) {
    let mut house = House::own(database);
    let (stays, leaves) = (house.person("stays", &["agent"]), house.person("leaves", &["agent"]));
    let team = house.team("crew", &[&stays, &leaves]);
    let given = |_| {
        let number = house.stand(Stage::L1);
        act(&house.cast.desk, &number, "assign", &json!({ "team": team, "assignee": leaves.name, "reason": "shift" })).ok(200);
        number
    };
    // More than go back in one transaction, with the damaged one first.
    let numbers: Vec<String> = (0..22).map(given).collect();
    tamper(&mut house, &format!("UPDATE record SET process = '{{' WHERE number = '{}'", numbers[0]));
    house.restart();
    let admin = &house.cast.admin;
    let version = admin.read(format!("/teams/{team}"))["version"].as_i64().unwrap();
    admin.patch(format!("/teams/{team}"), version, &json!({ "members": [stays.name] })).ok(200);
    let back = |number: &String| record(admin, number)["assignee"].is_null();
    until(s(60), "all others go back", || numbers[1..].iter().all(back).then_some(()));
    let ended = || admin.read("/jobs?limit=20")["items"].as_array().unwrap().iter().find(|job| job["kind"] == "hand_back").cloned();
    let job = until(s(30), "the job ends", || ended().filter(|job| !job["ended_at"].is_null()));
    assert_eq!(job["result"], json!({ "given_back": 21, "refused": 1 }), "{job}");
    let rows = pages(admin, &format!("/jobs/{}/rows?limit=50", job["id"].as_str().unwrap()));
    let refused: Vec<&Value> = rows.iter().filter(|row| row["outcome"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{rows:?}");
}

fn an_inactive_entry_cannot_be_chosen(house: &House) {
    let key = unique("gone");
    house.cast.admin.post("/services", &entry(&key)).ok(201);
    house.cast.admin.patch(format!("/services/{key}"), 1, &json!({ "active": false })).ok(200);
    let report = json!({ "title": "t", "service": key });
    house.cast.owner.post("/records/incident", &report).invalid("/service", "unknown_reference");
    assert_eq!(house.cast.owner.read(format!("/services?q={key}&active=true"))["items"], json!([]));
}

fn requesters_read_what_they_need_to_report(house: &House) {
    let owner = &house.cast.owner;
    for path in ["/sites", "/services"] {
        let items = owner.read(path)["items"].as_array().unwrap().clone();
        assert!(!items.is_empty(), "{path}");
        assert!(items.iter().all(|item| item["data"].is_null() && item["duty"].is_null() && item["members"].is_null()), "{path}");
    }
    for path in ["/teams", "/roles", "/departments", "/skills", "/grants", "/settings", "/users"] {
        owner.get(path).problem(403, "forbidden");
    }
}

/// A role as a program had it that did not know all rights yet.
fn new_rights_of_a_preset_are_offered_until_somebody_shapes_the_role(database: Database) {
    let mut house = House::own(database);
    let role = |house: &House, key: &str| house.cast.admin.read(format!("/roles/{key}"));
    assert!(role(&house, "desk")["offered"].is_null(), "{}", role(&house, "desk"));
    tamper(&mut house, "UPDATE directory SET data = replace(data, ',\"announcement.write\"', '') WHERE kind = 'role' AND key = 'desk'");
    house.restart();
    let before = role(&house, "desk");
    assert_eq!((&before["data"]["actions"], &before["offered"]), (&json!(["workspace", "user.read"]), &json!(["announcement.write"])));
    let listed = pages(&house.cast.admin, "/roles?limit=200");
    let offered: Vec<&Value> = listed.iter().filter(|it| !it["offered"].is_null()).map(|it| &it["key"]).collect();
    assert_eq!(offered, ["desk"], "{listed:?}");
    house.cast.desk.post("/announcements", &json!({})).problem(403, "forbidden");
    let set = |actions: Value| {
        let version = role(&house, "desk")["version"].as_i64().unwrap();
        house.cast.admin.patch("/roles/desk", version, &json!({ "actions": actions })).ok(200)
    };
    // Taking them is an edit like any other.
    set(json!(["workspace", "user.read", "announcement.write"]));
    assert!(role(&house, "desk")["offered"].is_null());
    let told = pages(&house.cast.admin, "/audit?kind=role&actor=admin&limit=1");
    assert_eq!((&told[0]["subject"]["key"], &told[0]["changes"][0]["field"]), (&json!("desk"), &json!("actions")));
    // Who takes one away by hand is not asked again.
    set(json!(["workspace", "user.read"]));
    assert!(role(&house, "desk")["offered"].is_null());
}
