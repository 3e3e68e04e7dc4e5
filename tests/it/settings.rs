//! `/settings`: a closed list, each with its shape.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, pages, set_call, unique};

on_both!(
    a_setting_that_there_is_not_is_refused_with_those_that_there_are,
    what_does_not_fit_is_told_with_its_place_and_its_mend,
    settings_are_for_administrators,
    the_list_tells_what_holds_and_what_else_would;
    alone: null_goes_back_to_the_default, parts_that_are_null_are_left_out, new_accounts_speak_the_language_of_the_organisation,
);

fn put(by: &Caller, key: &str, body: &Value) -> crate::harness::Answer {
    by.send(&Call::new("PUT", format!("/settings/{key}")).json(body))
}

fn one(admin: &Caller, key: &str) -> Value {
    pages(admin, "/settings?limit=3").into_iter().find(|it| it["key"] == key).unwrap()
}

fn a_setting_that_there_is_not_is_refused_with_those_that_there_are(house: &House) {
    let key = unique("setting");
    let problem = put(&house.cast.admin, &key, &json!({ "value": 1 })).problem(404, "not_found");
    assert!(problem["detail"].as_str().unwrap().contains("mail, mail_password, retention"), "{problem}");
    put(&house.cast.manager, &key, &json!({ "value": 1 })).problem(403, "forbidden");
}

fn what_does_not_fit_is_told_with_its_place_and_its_mend(house: &House) {
    let admin = &house.cast.admin;
    let wrong = |key: &str, value: Value| admin.send(&set_call(admin, key, &value));
    wrong("queue_order", json!("newest")).invalid("/value", "enum");
    wrong("mail", json!("mail.example.org")).invalid("/value", "type");
    wrong("mail", json!({ "host": "mail.example.org", "port": 25 })).invalid("/value/from", "required");
    let mail = |part: &str, value: Value| {
        let mut whole = json!({ "host": "mail.example.org", "port": 25, "from": "desk@example.org" });
        whole[part] = value;
        wrong("mail", whole)
    };
    mail("from", json!("the desk")).invalid("/value/from", "format");
    mail("port", json!(70_000)).invalid("/value/port", "range");
    mail("port", json!("25")).invalid("/value/port", "type");
    mail("host", json!("smtp://mail.example.org")).invalid("/value/host", "format");
    mail("starttls", json!(true)).invalid("/value/starttls", "unsupported");
    mail("password", json!("secret")).invalid("/value/password", "unknown_field");
    wrong("working_hours", json!({ "timezone": "Beijing" })).invalid("/value/timezone", "unknown");
    let day = |spans: Value| wrong("working_hours", json!({ "timezone": "Asia/Shanghai", "tue": spans }));
    day(json!([["9:00", "12:00"]])).invalid("/value/tue/0", "format");
    day(json!([["09:00", "12:00"], ["11:00", "18:00"]])).invalid("/value/tue/1", "order");
    wrong("terminology", json!({ "preset": "nobodys" })).invalid("/value/preset", "enum");
    wrong("terminology", json!({ "words": { "incident": { "zh": "工单{{" } } })).invalid("/value/words/incident/zh", "format");
    wrong("terminology", json!({ "words": { "nothing": { "zh": "无" } } })).invalid("/value/words/nothing", "unknown_field");
    wrong("priority_scheme", json!({ "shown": 1 })).invalid("/value/shown", "range");
    wrong("priority_scheme", json!({ "p1": { "tone": "loud" } })).invalid("/value/p1/tone", "enum");
    let organisation = |value: Value| wrong("organisation", value);
    organisation(json!({ "zh": "x".repeat(61) })).invalid("/value/zh", "too_long");
    organisation(json!({ "zh": "two\nlines" })).invalid("/value/zh", "format");
}

fn settings_are_for_administrators(house: &House) {
    let admin = &house.cast.admin;
    let step = |step: &str| json!({ "value": { "state": "open", "done": [step] } });
    let seen = |version: i64, body: &Value| admin.send(&Call::new("PUT", "/settings/setup").json(body).seen(version));
    let version = one(admin, "setup")["version"].as_i64().unwrap();
    assert_eq!(seen(version, &step("sites")).version(), version + 1);
    seen(version + 1, &json!({ "volume": 11 })).invalid("/volume", "unknown_field");
    // Nobody's change is overwritten unseen.
    put(admin, "setup", &step("teams")).problem(428, "if_match_required");
    let stale = seen(version, &step("teams")).problem(412, "stale");
    assert_eq!((&stale["version"], &stale["meanwhile"][0]["field"]), (&json!(version + 1), &json!("value")));
    assert_eq!(stale["meanwhile"][0]["new"]["done"], json!(["sites"]));
    for by in [&house.cast.owner, &house.cast.agent, &house.cast.manager] {
        put(by, "setup", &step("teams")).problem(403, "forbidden");
        by.get("/settings").problem(403, "forbidden");
    }
}

fn the_list_tells_what_holds_and_what_else_would(house: &House) {
    let admin = &house.cast.admin;
    let items = pages(admin, "/settings?limit=2");
    for item in &items {
        assert!(item["shape"]["type"].is_string() && item["group"].is_string(), "{item}");
        assert_eq!(item["value"], item["data"]["value"]);
    }
    assert_eq!(items.iter().find(|it| it["key"] == "queue_order").unwrap()["default"], "priority");
    let found = admin.read("/settings?q=queue");
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

fn null_goes_back_to_the_default(database: Database) {
    let house = House::own(database);
    let admin = &house.cast.admin;
    let before = one(admin, "queue_order");
    assert_eq!((&before["version"], &before["is_set"], &before["since"]), (&json!(0), &json!(false), &Value::Null));
    let set = put(admin, "queue_order", &json!({ "value": "external_first" })).ok(200);
    assert_eq!((&set["value"], &set["is_set"], &set["by"]["key"]), (&json!("external_first"), &json!(true), &json!("admin")));
    let now = one(admin, "queue_order");
    assert!(now["since"].is_string() && now["by"]["key"] == "admin", "{now}");
    admin.send(&set_call(admin, "queue_order", &Value::Null)).ok(200);
    let back = one(admin, "queue_order");
    assert_eq!((&back["value"], &back["is_set"], &back["version"]), (&json!("priority"), &json!(false), &json!(2)));
}

fn parts_that_are_null_are_left_out(database: Database) {
    let house = House::own(database);
    let admin = &house.cast.admin;
    let set = |key: &str, value: Value| admin.send(&set_call(admin, key, &value)).ok(200)["value"].clone();
    let words = json!({ "preset": null, "words": { "incident": null, "problem": { "zh": "问题单", "en": null } } });
    assert_eq!(set("terminology", words), json!({ "words": { "problem": { "zh": "问题单" } } }));
    assert_eq!(set("retention", json!({ "rules": null })), json!({}));
    let mail = json!({ "host": "127.0.0.1", "port": 25, "from": "desk@example.org", "username": null, "starttls": null });
    assert_eq!(set("mail", mail), json!({ "host": "127.0.0.1", "port": 25, "from": "desk@example.org" }));
}

fn new_accounts_speak_the_language_of_the_organisation(database: Database) {
    let house = House::own(database);
    let admin = &house.cast.admin;
    let made = |name: String| admin.post("/users", &json!({ "username": name })).ok(201)["locale"].clone();
    assert_eq!(made(unique("speaks")), "zh");
    admin.send(&set_call(admin, "organisation", &json!({ "zh": "某单位", "en": "Some organisation", "language": "en" }))).ok(200);
    assert_eq!(made(unique("speaks")), "en");
    let info = |lang: &str| house.nobody().send(&Call::get("/info").header("accept-language", lang)).ok(200)["organisation"].clone();
    assert_eq!((info("zh"), info("en")), (json!("某单位"), json!("Some organisation")));
}
