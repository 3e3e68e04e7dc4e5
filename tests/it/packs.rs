//! `/packs`, and `yuheng pack test`

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, Database, House, Stage, act, at, record, s, solved, timeline, until};

on_both!(
    record_types_are_listed,
    a_record_type_says_what_a_page_needs,
    requesters_are_not_told_names_of_internal_fields,
    it_speaks_both_languages,
    an_unknown_type_is_not_found,
    the_built_in_packs_pass_their_own_cases,
    who_may_publish,
    a_broken_pack_is_refused_with_its_places,
    what_is_too_large_is_refused;
    alone: a_new_version_is_for_new_records,
);

/// The files of the practice that comes with the program.
pub fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/incident");
    let (mut found, mut waiting) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// The same files with one text in the place of another.
pub fn with_text(file: &str, from: &str, to: &str) -> BTreeMap<String, String> {
    let mut files = files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no '{from}'");
    *text = text.replacen(from, to, 1);
    files
}

/// The version raised.
pub fn raised(mut files: BTreeMap<String, String>, version: u32) -> BTreeMap<String, String> {
    let manifest = files.get_mut("pack.yaml").unwrap();
    *manifest = manifest.replacen(&format!("\nversion: {SHIPPED}\n"), &format!("\nversion: {version}\n"), 1);
    files
}

pub fn publish(by: &Caller, files: &BTreeMap<String, String>) -> Answer {
    by.post("/packs", &json!({ "files": files }))
}

/// The version of the pack that the program brings along.
const SHIPPED: i64 = 2;

fn version_of(house: &House) -> i64 {
    house.cast.owner.read("/packs/incident")["version"].as_i64().unwrap()
}

fn who_may_publish(house: &House) {
    // They are turned away before anything is looked at.
    let files = BTreeMap::from([("pack.yaml".to_owned(), "key: incident".to_owned())]);
    house.nobody().post("/packs", &json!({ "files": files })).problem(401, "unauthenticated");
    for by in [&house.cast.owner, &house.cast.agent, &house.cast.desk, &house.cast.manager, &house.cast.observer] {
        publish(by, &files).problem(403, "forbidden");
    }
    assert_eq!(version_of(house), SHIPPED);
}

fn a_broken_pack_is_refused_with_its_places(house: &House) {
    let admin = &house.cast.admin;
    let fault = |files: &BTreeMap<String, String>, pointer: &str, code: &str| {
        let problem = publish(admin, files).invalid(pointer, code);
        let found = problem["errors"].as_array().unwrap().iter().find(|error| error["code"] == code).cloned().unwrap();
        assert!(found["mend"].as_str().is_some_and(|mend| !mend.is_empty()), "{found}");
        found
    };
    let found = fault(&raised(with_text("pack.yaml", "l3: active", "l3: sleepy"), 91), "/files/pack.yaml", "wrong_value");
    assert_eq!(found["file"], "pack.yaml");
    assert!(found["line"].as_u64().is_some_and(|line| line > 1), "{found}");
    let found = fault(&raised(with_text("i18n/en.yaml", "  cancelled: Cancelled\n", ""), 91), "/files/i18n~1en.yaml", "missing_text");
    assert_eq!(found["file"], "i18n/en.yaml");
    // A pack that does something else than its cases say is no less broken.
    let other = with_text("cases/people.yaml", "reassign_count: 2", "reassign_count: 3");
    let found = fault(&raised(other, 91), "/files/cases~1people.yaml", "case_failed");
    assert!(found["line"].is_u64() && found["message"].as_str().unwrap().contains("reassign"), "{found}");
    let mut strange = files();
    strange.insert("../outside.txt".to_owned(), "x".to_owned());
    fault(&strange, "/files/..~1outside.txt", "unknown_file");
    fault(&BTreeMap::new(), "/files/pack.yaml", "missing_file");
    // Other content under a published version.
    publish(admin, &with_text("i18n/en.yaml", "  cancelled: Cancelled\n", "  cancelled: Called off\n")).problem(409, "conflict");
    admin.post("/packs", &json!({ "files": { "pack.yaml": 7 } })).problem(422, "invalid");
    assert_eq!(version_of(house), SHIPPED);
}

fn what_is_too_large_is_refused(house: &House) {
    let mut many = files();
    many.extend((0..200).map(|n| (format!("cases/more_{n}.yaml"), String::new())));
    publish(&house.cast.admin, &many).problem(413, "too_large");
    let mut large = files();
    large.insert("README.md".to_owned(), "x".repeat(2 * 1024 * 1024 + 1));
    publish(&house.cast.admin, &large).invalid("/files/README.md", "too_large");
    large.insert("README.md".to_owned(), "x".repeat(9 * 1024 * 1024));
    publish(&house.cast.admin, &large).problem(413, "too_large");
}

fn label(by: &Caller, number: &str, action: &str) -> String {
    let actions = by.read(at(number, "/actions"));
    let found = actions["items"].as_array().unwrap().iter().find(|item| item["key"] == action).cloned();
    found.expect("the action is offered")["label"].as_str().unwrap().to_owned()
}

fn a_new_version_is_for_new_records(database: Database) {
    let house = House::own(database);
    let agent = &house.cast.agent;
    let old = house.stand(Stage::L1);
    let before = label(agent, &old, "resolve");
    let lines = "outcome:\n";
    let english = files()["i18n/en.yaml"].clone();
    let (_, outcomes) = english.split_once(lines).expect("outcomes have texts");
    let line = outcomes.lines().find(|line| line.trim_start().starts_with("resolve:")).unwrap().to_owned();
    let next = raised(with_text("i18n/en.yaml", &line, "  resolve: Done and dusted"), 3);

    let upload = Call::post("/packs", &json!({ "files": next })).once("publish-2");
    let answer = house.cast.admin.send(&upload);
    let made = answer.ok(201);
    assert_eq!((&made["key"], &made["version"]), (&json!("incident"), &json!(SHIPPED + 1)));
    assert_eq!((answer.version(), answer.header("location")), (SHIPPED + 1, Some("/api/v1/packs/incident")));
    assert_eq!(house.cast.admin.send(&upload).header("idempotency-replayed"), Some("true"));
    assert_eq!(publish(&house.cast.admin, &next).ok(201)["hash"], made["hash"], "publishing the same again changes nothing");
    assert_eq!(version_of(&house), SHIPPED + 1);

    let new = house.stand(Stage::L1);
    assert_eq!(
        (record(agent, &old)["pack_version"].clone(), record(agent, &new)["pack_version"].clone()),
        (json!(SHIPPED), json!(SHIPPED + 1))
    );
    assert_eq!((label(agent, &old, "resolve"), label(agent, &new, "resolve")), (before.clone(), "Done and dusted".to_owned()));
    act(agent, &old, "resolve", &solved()).ok(200);
    act(&house.cast.owner, &old, "confirm", &json!({})).ok(200);
    assert_eq!(record(agent, &old)["pack_version"], SHIPPED);
    assert!(timeline(agent, &old).len() >= 4);

    // Nothing was kept in memory alone, and the older version cannot come back.
    let (new_before, mut house) = (new, house);
    house.restart();
    until(s(20), "the server answers", || (version_of(&house) == SHIPPED + 1).then_some(()));
    assert_eq!(record(&house.cast.agent, &new_before)["pack_version"], SHIPPED + 1);
    publish(&house.cast.admin, &files()).problem(409, "conflict");
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

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
    // What an action alone gives is no box of a form; what people write is one.
    let fixed = |field: &str| pack["form"]["properties"][field]["readOnly"] == json!(true);
    for field in ["rating", "rating_comment", "reopen_reason", "handover_note", "reviewed_priority", "review_note"] {
        assert!(fixed(field), "{field}");
    }
    assert!(!fixed("resolution") && !fixed("workaround"));
    let instants: Vec<&str> = pack["instants"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(["urged_at", "occurred_at", "opened_at"].iter().all(|field| instants.contains(field)), "{instants:?}");
    assert!(!instants.contains(&"title"));
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

fn requesters_are_not_told_names_of_internal_fields(house: &House) {
    let form = house.cast.agent.read("/packs/incident")["form"]["properties"].clone();
    let internal = |schema: &Value| schema["x-internal"] == json!(true);
    let internal: Vec<&String> = form.as_object().unwrap().iter().filter(|(_, schema)| internal(schema)).map(|(name, _)| name).collect();
    assert!(!internal.is_empty());
    let seen = house.cast.owner.read("/packs/incident");
    for part in ["form", "form_ui", "fields", "values"] {
        let text = seen[part].to_string();
        let named: Vec<_> = internal.iter().filter(|name| text.contains(&format!("\"{name}\""))).collect();
        assert!(named.is_empty(), "{part} names {named:?}");
    }
    let told = |by: &crate::harness::Person| by.read("/packs/incident")["fields"].as_array().unwrap().len();
    assert_eq!(told(&house.cast.owner), told(&house.cast.agent) - internal.len());
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
