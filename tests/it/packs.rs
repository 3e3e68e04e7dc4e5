//! `/packs`, and `yuheng pack test`

use serde_json::{Value, json};

use crate::harness::{Call, House};

on_both!(
    record_types_are_listed,
    a_record_type_says_what_a_page_needs,
    it_speaks_both_languages,
    an_unknown_type_is_not_found,
    the_built_in_packs_pass_their_own_cases,
);

fn record_types_are_listed(house: &House) {
    let list = house.cast.owner.read("/packs");
    let incident =
        list["items"].as_array().unwrap().iter().find(|pack| pack["key"] == "incident").expect("the built-in practice is published");
    assert!(incident["version"].as_i64().unwrap() >= 1);
    assert!(incident["hash"].as_str().unwrap().len() >= 32);
    assert_eq!(list["next"], Value::Null);
}

fn a_record_type_says_what_a_page_needs(house: &House) {
    let pack = house.cast.desk.read("/packs/incident");
    let keys = |field: &str| -> Vec<String> {
        let list = pack[field].as_array().unwrap();
        list.iter().map(|choice| choice["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys("states"), ["new", "l1", "l2", "l3", "pending", "resolved", "review", "closed", "cancelled"]);
    assert_eq!(keys("priorities"), ["p1", "p2", "p3", "p4"]);
    for outcome in ["dispatch", "escalate", "return", "resolve", "confirm", "reopen", "close"] {
        assert!(keys("outcomes").iter().any(|key| key == outcome), "{outcome}");
    }
    for phase in ["new", "active", "waiting", "resolved", "closed", "cancelled"] {
        assert!(pack["states"].as_array().unwrap().iter().any(|state| state["phase"] == phase), "{phase}");
    }
    assert!(pack["form"]["properties"]["resolution"].is_object());
    assert!(pack["categories"].as_array().unwrap().iter().any(|c| c["children"].as_array().is_some_and(|list| !list.is_empty())));
    for kind in ["reassign", "hold", "cancel"] {
        assert!(!pack["reasons"][kind].as_array().unwrap().is_empty(), "{kind}");
    }
    assert!(!pack["help"].as_str().unwrap().is_empty());
}

fn it_speaks_both_languages(house: &House) {
    let read = |lang: &str| house.cast.desk.send(&Call::get("/packs/incident").header("accept-language", lang)).ok(200);
    let (zh, en) = (read("zh"), read("en"));
    for field in ["states", "priorities", "outcomes", "activities", "fields", "categories"] {
        for (a, b) in zh[field].as_array().unwrap().iter().zip(en[field].as_array().unwrap()) {
            let (label, key) = (b["label"].as_str().unwrap(), b["key"].as_str().unwrap());
            assert_eq!(a["key"], b["key"]);
            assert!(label.is_ascii() && !label.contains("state.") && label != format!("{field}.{key}"), "{field}: {b} is no English label");
            assert_ne!(a["label"], b["label"], "{field}: {a}");
        }
    }
}

fn an_unknown_type_is_not_found(house: &House) {
    house.cast.owner.get("/packs/unheard-of").problem(404, "not_found");
    house.cast.owner.get("/records/unheard-of").problem(404, "not_found");
    house.cast.owner.post("/records/unheard-of", &json!({ "title": "x" })).problem(404, "not_found");
}

fn the_built_in_packs_pass_their_own_cases(_: &House) {
    let output = crate::harness::yuheng(&["pack", "test"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.contains(" passed, 0 failed") && !last.starts_with("0 "), "{last}");
}
