//! `/views`: saved lists.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, pages, unique};

on_both!(
    a_list_is_saved_changed_and_taken_away,
    a_list_is_its_owners_until_it_is_shared,
    sharing_needs_a_right,
    nonsense_is_refused,
    they_page_and_are_bounded,
);

fn view(label: &str) -> Value {
    json!({
        "label": label, "type": "incident", "query": { "state": "open", "team": "mine" },
        "filter": {"field": "opened_at", "op": "lt", "value": {"ago": "P7D"}},
        "columns": ["number", "title", "fields.tier"], "sort": "queue", "layout": "list",
    })
}

fn save(by: &Caller, label: &str) -> Value {
    by.post("/views", &view(label)).ok(201)
}

fn path(view: &Value) -> String {
    format!("/views/{}", view["id"].as_str().unwrap())
}

fn sees(by: &Caller, view: &Value) -> bool {
    let listed = pages(by, "/views?limit=200").iter().any(|item| item["id"] == view["id"]);
    assert_eq!(by.get(path(view)).status == 200, listed, "the list and the address say the same");
    listed
}

fn a_list_is_saved_changed_and_taken_away(house: &House) {
    let person = house.person("saves", &["agent"]);
    let answer = person.post("/views", &view("Old ones"));
    let made = answer.ok(201);
    assert_eq!(answer.header("location"), Some(format!("/api/v1{}", path(&made)).as_str()));
    for (field, value) in view("Old ones").as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!((&made["owner"]["id"], &made["can_change"], &made["shared"]), (&json!(person.id), &json!(true), &Value::Null));
    let change = json!({ "label": "Older ones", "columns": ["title"], "layout": "kanban", "group": "team", "filter": null });
    person.send(&Call::patch(path(&made), &change)).problem(428, "if_match_required");
    let changed = person.patch(path(&made), 1, &change).ok(200);
    assert_eq!((&changed["label"], &changed["group"], &changed["filter"]), (&json!("Older ones"), &json!("team"), &Value::Null));
    assert_eq!(changed["query"], made["query"], "what is left out stays");
    let stale = person.patch(path(&made), 1, &json!({ "label": "x" })).problem(412, "stale");
    assert!(stale["meanwhile"].as_array().is_some_and(|changes| !changes.is_empty()), "{stale}");
    assert_eq!(person.delete(path(&made)).status, 204);
    assert!(!sees(&person, &made));
    person.delete(path(&made)).problem(404, "not_found");
}

fn a_list_is_its_owners_until_it_is_shared(house: &House) {
    let (owner, mate, other) = (house.person("shares", &["manager"]), house.person("mate", &["agent"]), house.person("other", &["agent"]));
    let team = house.team("shared", &[&mate]);
    let made = save(&owner, &unique("shared"));
    assert_eq!((sees(&owner, &made), sees(&mate, &made), sees(&house.cast.admin, &made)), (true, false, false));
    let shared = owner.patch(path(&made), 1, &json!({ "shared": { "teams": [team] } })).ok(200);
    assert_eq!(shared["shared"]["teams"][0]["key"], team.as_str());
    assert_eq!((sees(&mate, &made), sees(&other, &made)), (true, false));
    owner.patch(path(&made), 2, &json!({ "shared": { "everybody": true } })).ok(200);
    assert!(sees(&other, &made));
    // Who sees it does not change it; who administers everything does.
    other.patch(path(&made), 3, &json!({ "label": "mine" })).problem(403, "forbidden");
    other.delete(path(&made)).problem(403, "forbidden");
    house.cast.admin.patch(path(&made), 3, &json!({ "label": "tidied" })).ok(200);
    owner.patch(path(&made), 4, &json!({ "shared": null })).ok(200);
    assert!(!sees(&other, &made) && sees(&owner, &made));
    house.cast.owner.get("/views").problem(403, "forbidden");
}

fn sharing_needs_a_right(house: &House) {
    let agent = house.person("keeps", &["agent"]);
    let made = save(&agent, &unique("kept"));
    agent.patch(path(&made), 1, &json!({ "shared": { "everybody": true } })).problem(403, "forbidden");
    let mut body = view("theirs");
    body["shared"] = json!({ "teams": ["desktop-l1"] });
    agent.post("/views", &body).problem(403, "forbidden");
    house.cast.owner.post("/views", &view("no work")).problem(403, "forbidden");
}

fn nonsense_is_refused(house: &House) {
    let agent = &house.cast.agent;
    let with = |more: Value| crate::harness::with(view("wrong"), more);
    for (more, pointer, code) in [
        (json!({ "label": "" }), "/label", "required"),
        (json!({ "label": "x".repeat(81) }), "/label", "required"),
        (json!({ "type": "nothing" }), "/type", "unknown_reference"),
        (json!({ "colour": "red" }), "/colour", "unknown_field"),
        (json!({ "layout": "cloud" }), "/layout", "enum"),
        (json!({ "group": "title" }), "/group", "enum"),
        (json!({ "columns": ["title", "colour"] }), "/columns/1", "enum"),
        (json!({ "sort": "title" }), "/sort", "enum"),
        (json!({ "query": { "colour": "red" } }), "/query/colour", "unknown_field"),
        (json!({ "query": { "priority": "p9" } }), "/query/priority", "enum"),
        (json!({ "filter": {"all": [{"field": "colour", "op": "eq", "value": 1}]} }), "/filter/all/0/field", "unknown_field"),
        (json!({ "filter": "x" }), "/filter", "malformed"),
        (json!({ "shared": { "planets": 1 } }), "/shared", "format"),
    ] {
        agent.post("/views", &with(more)).invalid(pointer, code);
    }
    agent.get("/views/01890000-0000-7000-8000-000000000000").problem(404, "not_found");
    agent.get("/views?limit=0").problem(400, "malformed");
}

fn they_page_and_are_bounded(house: &House) {
    let person = house.person("many", &["agent"]);
    let made: Vec<Value> = (0..5).map(|n| save(&person, &format!("{n}"))["id"].clone()).collect();
    let listed: Vec<Value> =
        pages(&person, "/views?limit=2").iter().filter(|item| made.contains(&item["id"])).map(|item| item["id"].clone()).collect();
    assert_eq!(listed, made);
    for n in 5..100 {
        save(&person, &format!("{n}"));
    }
    person.post("/views", &view("one too many")).problem(409, "conflict");
}
