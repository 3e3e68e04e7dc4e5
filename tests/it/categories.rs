//! `/categories`: the organisation's own tree of what records are about.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, act, number, pages, record};
use crate::packs;

on_both!(
    the_tree_begins_as_the_packs_have_it,
    a_place_in_the_tree_is_part_of_the_key;
    alone: what_is_retired_stays_readable_and_is_not_offered, a_new_category_is_offered_at_once,
        a_new_type_brings_its_categories_and_takes_none_away,
);

fn create(by: &Caller, key: &str, more: Value) -> crate::harness::Answer {
    let entry = json!({ "key": key, "label": { "zh": format!("分类 {key}"), "en": format!("Category {key}") }, "types": ["incident"] });
    by.post("/categories", &crate::harness::with(entry, more))
}

/// The paths that a type offers.
fn offered(by: &Caller) -> Vec<String> {
    fn paths(nodes: &Value) -> Vec<String> {
        let nodes = nodes.as_array().unwrap().iter();
        nodes.flat_map(|it| [vec![it["key"].as_str().unwrap().to_owned()], paths(&it["children"])].concat()).collect()
    }
    paths(&by.read("/packs/incident")["categories"])
}

fn change(house: &House, key: &str, change: &Value) -> Value {
    let path = format!("/categories/{}", key.replace('/', "%2F"));
    let version = house.cast.admin.get(&path).version();
    house.cast.admin.patch(&path, version, change).ok(200)
}

fn the_tree_begins_as_the_packs_have_it(house: &House) {
    let items = pages(&house.cast.desk, "/categories?limit=200");
    let wifi = items.iter().find(|it| it["key"] == "network/wifi").expect("the pack has it");
    assert_eq!((&wifi["parent"]["key"], &wifi["labels"]["zh"]), (&json!("network"), &json!("无线接入")));
    let shown = offered(&house.cast.owner);
    assert!(shown.contains(&"software/application/slow".to_owned()), "{shown:?}");
    // In the order in which the pack has them.
    assert_eq!(shown.first().map(String::as_str), Some("hardware"));
}

fn a_place_in_the_tree_is_part_of_the_key(house: &House) {
    let admin = &house.cast.admin;
    let made = create(admin, "network/place", json!({}));
    assert_eq!(made.ok(201)["parent"]["key"], "network");
    let at = format!("/{}", made.header("location").unwrap());
    assert_eq!(admin.get(at).ok(200)["key"], "network/place");
    create(admin, "network/place", json!({})).problem(409, "conflict");
    create(admin, "nowhere/below", json!({})).invalid("/key", "unknown_reference");
    create(admin, "network/elsewhere", json!({ "parent": "hardware" })).invalid("/parent", "fixed");
    create(admin, "network/what", json!({ "types": ["unheard-of"] })).invalid("/types/0", "unknown_reference");
    for key in ["Network", "network//x", "/network", "a/b/c/d/e/f", "网络", ""] {
        create(admin, key, json!({})).invalid("/key", "format");
    }
}

fn what_is_retired_stays_readable_and_is_not_offered(database: Database) {
    let house = House::own(database);
    let (owner, desk) = (&house.cast.owner, &house.cast.desk);
    let report = |category: &str| owner.post("/records/incident", &json!({ "title": "t", "category": category }));
    let old = number(&report("network/wifi").ok(201));
    change(&house, "network", &json!({ "active": false }));
    assert!(!offered(owner).iter().any(|path| path.starts_with("network")));
    report("network/wifi").invalid("/category", "unknown_reference");
    assert_eq!(record(desk, &old)["category"]["label"], "Network / Wi-Fi");
    let found = desk.read("/records/incident?category=network");
    assert!(found["items"].as_array().unwrap().iter().any(|it| it["number"] == old.as_str()), "{found}");
    // Rules go by the key, which is as it was.
    change(&house, "network", &json!({ "active": true, "label": { "zh": "网", "en": "The net" } }));
    let fields = json!({ "category": "network/wifi", "service": "wan" });
    let sent = act(desk, &old, "dispatch", &fields).ok(200);
    assert_eq!((&sent["team"]["key"], &sent["category"]["label"]), (&json!("network-l1"), &json!("The net / Wi-Fi")));
    crate::import::check(&house);
}

fn a_new_category_is_offered_at_once(database: Database) {
    let house = House::own(database);
    create(&house.cast.admin, "robots", json!({ "position": 1 })).ok(201);
    create(&house.cast.admin, "robots/arm", json!({})).ok(201);
    // One that is for other types alone is not.
    create(&house.cast.admin, "robots/all", json!({ "types": [] })).ok(201);
    assert_eq!(offered(&house.cast.owner)[..3], ["robots", "robots/all", "robots/arm"]);
    let report = json!({ "title": "t", "category": "robots/arm" });
    let made = house.cast.owner.post("/records/incident", &report).ok(201);
    assert_eq!(made["category"]["label"], "Category robots / Category robots/arm");
    let zh = house.cast.owner.send(&Call::get(crate::harness::at(&number(&made), "")).header("accept-language", "zh")).ok(200);
    assert_eq!(zh["category"]["label"], "分类 robots / 分类 robots/arm");
}

fn a_new_type_brings_its_categories_and_takes_none_away(database: Database) {
    let mut house = House::own(database);
    // This branch is for all types, also those that come.
    change(&house, "network", &json!({ "types": [] }));
    let before = offered(&house.cast.owner);
    let mut files = packs::files();
    let manifest = files.get_mut("pack.yaml").unwrap();
    *manifest = manifest.replacen("key: incident", "key: fault", 1).replacen("prefix: INC", "prefix: FLT", 1);
    packs::publish(&house.cast.admin, &files).ok(201);
    let types = |house: &House, key: &str| house.cast.admin.read(format!("/categories/{key}"))["data"]["types"].clone();
    let expect = |house: &House| {
        assert_eq!((types(house, "network"), types(house, "hardware")), (json!([]), json!(["incident", "fault"])));
        assert_eq!(offered(&house.cast.owner), before);
    };
    expect(&house);
    house.restart();
    expect(&house);
}
