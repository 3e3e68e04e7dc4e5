//! Terminology and priorities: what things are called changes at once and everywhere, and nothing that is stored does.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, MailServer, Stage, at, email, pages, record, s, set_call, unique, until};

on_both!(
    everybody_reads_what_things_are_called;
    alone: another_word_is_said_at_once_everywhere, priorities_are_called_as_the_organisation_does,
);

fn set(house: &House, key: &str, value: &Value) {
    house.cast.admin.send(&set_call(&house.cast.admin, key, value)).ok(200);
}

fn in_chinese(by: &Caller, path: &str) -> Value {
    by.send(&Call::get(path).header("accept-language", "zh")).ok(200)
}

fn everybody_reads_what_things_are_called(house: &House) {
    let words = house.cast.owner.read("/words");
    let presets: Vec<&str> = words["presets"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert!(presets.contains(&"plain") && presets.contains(&"itil3"), "{presets:?}");
    assert_eq!(words["levels"].as_array().unwrap().len(), 4);
}

fn another_word_is_said_at_once_everywhere(database: Database) {
    let house = House::own(database);
    let (owner, agent) = (&house.cast.owner, &house.cast.agent);
    let number = house.stand(Stage::L1);
    let types = |by: &Caller| in_chinese(by, "/packs")["items"][0]["label"].clone();
    let help = || in_chinese(agent, "/packs/incident")["help"].as_str().unwrap().lines().next().unwrap().to_owned();
    let held = || in_chinese(agent, &at(&number, "/actions")).to_string();
    assert_eq!((types(owner), help()), (json!("事件"), "# 事件管理".to_owned()));
    assert!(held().contains("等待问题处理"));

    set(&house, "terminology", &json!({ "preset": "itil3" }));
    assert_eq!((types(owner), types(agent), help()), (json!("故障"), json!("故障"), "# 故障管理".to_owned()));
    assert_eq!(agent.read("/packs")["items"][0]["label"], "Fault");

    // One's own words go before the preset's; records of the older version say them too.
    let own = json!({ "incident": { "zh": "报障", "en": "Ticket" }, "problem": { "zh": "根因" } });
    set(&house, "terminology", &json!({ "preset": "itil3", "words": own }));
    assert_eq!((types(owner), help()), (json!("报障"), "# 报障管理".to_owned()));
    assert!(held().contains("等待根因处理"));
    assert_eq!(agent.read("/packs")["items"][0]["label"], "Ticket");
    let hold = json!({ "fields": { "reason": "vendor", "note": "ordered" } });
    agent.post(at(&number, "/actions/accept"), &json!({ "fields": {} })).ok(200);
    agent.post(at(&number, "/actions/hold"), &hold).ok(200);

    // A mail that is written from now on, to somebody who reads Chinese.
    let server = MailServer::start();
    set(&house, "mail", &json!({ "host": "127.0.0.1", "port": server.port, "from": "Desk <desk@example.org>" }));
    let name = unique("told");
    let reader = json!({ "username": name, "email": email(&name), "locale": "zh" });
    house.cast.admin.post("/users", &reader).ok(201);
    house.cast.desk.post("/records/incident", &json!({ "title": "t", "requester": name, "channel": "phone" })).ok(201);
    let mail = until(s(20), "a mail comes", || server.to(&email(&name)).into_iter().next());
    assert!(mail.body().contains("您报告的报障已登记"), "{}", mail.body());

    // Words of the interface come with who is signed in, and the packs' forms say them too.
    assert_eq!(agent.read("/me")["words"].get("team"), None);
    let own = json!({ "team": { "zh": "班组", "en": "Crew" }, "requester": { "zh": "报告人" } });
    set(&house, "terminology", &json!({ "words": own }));
    assert_eq!(agent.read("/me")["words"], json!({ "team": "Crew", "team.many": "Crews" }));
    let here = json!({ "team": "班组", "team.many": "班组", "requester": "报告人", "requester.many": "报告人" });
    assert_eq!(in_chinese(owner, "/me")["words"], here);
    let pack = in_chinese(agent, "/packs/incident").to_string();
    assert!(pack.contains("班组") && pack.contains("报告人") && !pack.contains("申报人"), "{pack}");

    set(&house, "terminology", &Value::Null);
    assert_eq!((types(owner), help()), (json!("事件"), "# 事件管理".to_owned()));
    crate::import::check(&house);
}

fn priorities_are_called_as_the_organisation_does(database: Database) {
    let house = House::own(database);
    let desk = &house.cast.desk;
    let made = |urgency: &str| {
        let report = json!({ "title": "t", "impact": "low", "urgency": urgency, "requester": "owner", "channel": "phone" });
        desk.post("/records/incident", &report).ok(201)
    };
    let (medium, low) = (made("high"), made("low"));
    let stored: Vec<Value> = [&medium, &low].iter().map(|it| it["priority"].clone()).collect();
    let scheme = json!({
        "shown": 3,
        "p1": { "zh": "高", "en": "High", "tone": "critical" },
        "p2": { "zh": "中", "en": "Medium", "tone": "medium" },
        "p3": { "zh": "低", "en": "Low", "tone": "low" },
    });
    set(&house, "priority_scheme", &scheme);
    let of = |it: &Value| record(desk, it["number"].as_str().unwrap());
    assert_eq!([&medium, &low].map(|it| of(it)["priority"].clone()).to_vec(), stored, "what is stored stays");
    assert_eq!(of(&low)["priority_label"], "Low", "the last level has those below it with it");
    let pack = in_chinese(desk, "/packs/incident");
    let levels: Vec<&str> = pack["priorities"].as_array().unwrap().iter().map(|it| it["label"].as_str().unwrap()).collect();
    assert_eq!(levels, ["高", "中", "低"]);
    assert_eq!(pack["values"]["reviewed_priority"]["p1"], "高");
    let listed = pages(desk, "/records/incident?priority=p3&limit=200");
    assert!(listed.iter().any(|it| it["number"] == low["number"]), "the filter goes with the name");
    let words = house.cast.owner.read("/words");
    assert_eq!(words["levels"][1]["tone"], "medium");
    assert_eq!(words["levels"][3], json!({ "key": "p4", "label": "Low", "tone": "low", "shown": false }));
}
