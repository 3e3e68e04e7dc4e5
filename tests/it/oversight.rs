//! What those who look after the system see: who is signed in, what was changed by whom, and how it is.

use serde_json::{Value, json};

use crate::harness::{Call, Cluster, Database, House, PASSWORD, Start, pages, run_folder, s, unique, until};

on_both!(
    sessions_and_tokens_of_all_are_listed_and_ended, changes_are_told_with_who_and_what, changes_name_what_they_mean, oversight_is_for_those_with_the_right;
    alone: health_says_what_somebody_should_look_at, a_worker_that_fails_is_seen_until_it_goes_well, the_last_backup_is_told,
    nodes_are_seen_until_they_stop,
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

fn changes_name_what_they_mean(house: &House) {
    let admin = &house.cast.admin;
    let (site, role, person) = (unique("site"), unique("role"), house.person("named", &["requester"]));
    admin.post("/sites", &json!({ "key": site, "label": { "zh": "北楼", "en": "North building" } })).ok(201);
    let values = json!({ "key": role, "label": { "zh": "查看者", "en": "Viewer" }, "actions": ["workspace"] });
    admin.post("/roles", &values).ok(201);
    let team = house.team("named", &[&house.cast.agent]);
    let version = admin.read(format!("/teams/{team}"))["version"].as_i64().unwrap();
    admin.patch(format!("/teams/{team}"), version, &json!({ "site": site, "label": { "zh": "新名", "en": "New" } })).ok(200);
    let version = admin.read(format!("/users/{}", person.id))["version"].as_i64().unwrap();
    admin.patch(format!("/users/{}", person.id), version, &json!({ "roles": ["requester", role] })).ok(200);
    // The language of the administrator is anybody's here; that of a new person is English.
    let auditor = unique("reader");
    admin.post("/roles", &json!({ "key": auditor, "label": { "en": auditor }, "actions": ["audit.read"] })).ok(201);
    let reader = house.person("reader", &[&auditor]);
    let change = |kind: &str, key: &str, field: &str| {
        let told = pages(&reader, &format!("/audit?kind={kind}&actor=admin&limit=20"));
        let of: Vec<Value> = told.into_iter().filter(|it| it["subject"]["key"] == key).collect();
        let found = of.iter().flat_map(|it| it["changes"].as_array().unwrap()).find(|it| it["field"] == field).cloned();
        found.unwrap_or_else(|| panic!("{field} of {of:?}"))["new"].clone()
    };
    assert_eq!(change("team", &team, "site"), json!("North building"));
    assert_eq!(change("team", &team, "label"), json!("新名 / New"));
    assert_eq!(change("role", &role, "actions"), json!("Work in the workspace"));
    assert!(change("user", &person.name, "roles").as_str().unwrap().ends_with(", Viewer"));
    // A record is named to who may read it; of others not even the identity is told.
    let number = house.stand(crate::harness::Stage::New);
    let made = admin.post("/announcements", &json!({ "title": { "en": unique("of a record") }, "record": number })).ok(201);
    let named = |by: &crate::harness::Caller| {
        let told = pages(by, "/audit?kind=announcement&actor=admin&limit=20");
        let of = told.into_iter().find(|it| it["subject"]["id"] == made["id"]).unwrap();
        of["changes"].as_array().unwrap().iter().find(|it| it["field"] == "record").unwrap()["new"].clone()
    };
    assert_eq!((named(admin), named(&reader)), (json!(number), json!("•••")));
}

fn item(told: &Value, key: &str) -> Value {
    told["items"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap_or_else(|| panic!("{key} of {told}")).clone()
}

/// A worker of the node that is asked.
fn worker(house: &House, name: &str) -> Value {
    let told = item(&house.cast.admin.read("/health"), "workers");
    let workers = told["value"]["workers"].as_array().unwrap();
    workers.iter().find(|it| it["worker"] == name && it["here"] == true).unwrap_or_else(|| panic!("{name} of {told}")).clone()
}

/// Changes the database beside the server.
/// Does something to the database behind the back of the program.
pub fn beside(house: &House, statement: &str) {
    match house.url_of_database() {
        Some(url) => drop(Cluster::shared().psql(url.rsplit('/').next().unwrap(), statement)),
        None => drop(rusqlite::Connection::open(house.folder().join("yuheng.db")).unwrap().execute(statement, []).unwrap()),
    }
}

fn a_worker_that_fails_is_seen_until_it_goes_well(database: Database) {
    let house = &House::own(database);
    let well = until(s(30), "it has had a round", || Some(worker(house, "reminders")).filter(|it| !it["took_ms"].is_null()));
    assert_eq!((&well["level"], &well["failures"], &well["failure"]), (&json!("fine"), &json!(0), &Value::Null), "{well}");
    beside(house, "ALTER TABLE reminder RENAME TO reminder_away");
    let failing = until(s(30), "it fails", || Some(worker(house, "reminders")).filter(|it| it["level"] != "fine"));
    assert!(failing["failure"].as_str().unwrap().contains("reminder"), "it says what is wrong: {failing}");
    assert_eq!(item(&house.cast.admin.read("/health"), "workers")["level"], failing["level"]);
    assert_eq!(worker(house, "timers")["level"], json!("fine"), "the others go on");
    beside(house, "ALTER TABLE reminder_away RENAME TO reminder");
    until(s(30), "it goes well again", || (worker(house, "reminders")["level"] == "fine").then_some(()));
    // A journal that was never sealed is no better than one that was not sealed for long.
    beside(house, "UPDATE journal SET recorded_at = recorded_at - 7200000");
    until(s(30), "it is seen that nothing seals it", || {
        beside(house, "DELETE FROM seal");
        (item(&house.cast.admin.read("/health"), "seal")["level"] == "bad").then_some(())
    });
}

fn the_last_backup_is_told(database: Database) {
    let house = &House::own(database);
    let backup = || item(&house.cast.admin.read("/health"), "backup");
    assert_eq!((&backup()["level"], &backup()["value"]["last"]), (&json!("attention"), &Value::Null));
    let file = house.folder().join("b.yuheng");
    let (status, _, errors) = house.command(&["backup", file.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{errors}");
    let told = backup();
    assert_eq!((&told["level"], &told["value"]["made"]), (&json!("fine"), &told["value"]["last"]), "{told}");
    assert_eq!(told["value"]["made"]["bytes"], json!(std::fs::metadata(&file).unwrap().len()));
    // Where something else lies already nothing is written, and that is told too.
    std::fs::write(house.folder().join("other"), "not a backup").unwrap();
    let (status, ..) = house.command(&["backup", house.folder().join("other").to_str().unwrap()]);
    assert_eq!(status, Some(1));
    let told = backup();
    assert_eq!((&told["level"], &told["value"]["made"]["failure"]), (&json!("bad"), &Value::Null), "{told}");
    assert!(told["value"]["last"]["failure"].as_str().unwrap().contains("other"), "{told}");
}

/// SQLite has one process alone; on PostgreSQL each node says that it works, until it stops or dies.
fn nodes_are_seen_until_they_stop(database: Database) {
    let house = &House::own(database);
    let nodes = || item(&house.cast.admin.read("/health"), "nodes");
    let here = house.cast.admin.read("/health")["node"].clone();
    assert_eq!(nodes()["value"]["nodes"], json!([here]));
    if database == Database::Sqlite {
        return;
    }
    let second = || {
        let folder = run_folder().join(unique("second"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(house.folder().join("key"), folder.join("key")).unwrap();
        Start { folder, ..house.start().clone() }.run()
    };
    let seen = |count: usize| {
        until(s(30), "the nodes are seen", || Some(nodes()).filter(|it| it["value"]["nodes"].as_array().unwrap().len() == count))
    };
    let other = second();
    assert_eq!(seen(2)["level"], json!("fine"));
    let told = item(&house.cast.admin.read("/health"), "workers");
    let of_other = told["value"]["workers"].as_array().unwrap().iter().filter(|it| it["here"] == false && it["worker"] == "seal").count();
    assert_eq!(of_other, 1, "what the other's workers do is seen here: {told}");
    assert!(other.stop().success());
    seen(1);
    // One that dies takes no leave.
    let mut other = second();
    seen(2);
    other.kill();
    beside(
        house,
        &format!("UPDATE node SET seen_at = seen_at - 120000 WHERE id <> decode('{}', 'hex')", here.as_str().unwrap().replace('-', "")),
    );
    let told = nodes();
    assert_eq!(
        (&told["level"], &told["value"]["silent"], &told["value"]["nodes"]),
        (&json!("attention"), &json!(1), &json!([here])),
        "{told}"
    );
}

fn health_says_what_somebody_should_look_at(database: Database) {
    let house = &House::own(database);
    let told = house.cast.admin.read("/health");
    let disks = item(&told, "disk")["value"]["disks"].as_array().unwrap().clone();
    assert!(!disks.is_empty() && disks.iter().all(|it| it["free_bytes"].as_u64() <= it["total_bytes"].as_u64()), "{disks:?}");
    assert!(item(&told, "database")["value"]["bytes"].as_i64().unwrap() > 100_000, "{told}");
    for key in ["mode", "database", "schema", "nodes", "workers", "packs", "timers", "jobs", "messages"] {
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
