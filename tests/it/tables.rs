//! `/packs/{type}/tables`: decision tables seen, tried and changed by hand.

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Database, House, Stage, act, record, unique};

on_both!(
    tables_are_shown_to_who_may_change_or_rehearse_them,
    faults_stand_at_their_cells,
    rows_are_tried_on_past_records;
    alone: other_rows_are_a_new_version_for_new_records,
);

const TABLE: &str = "/packs/incident/tables/dispatch";

fn rows(house: &House) -> (i64, Vec<Value>) {
    let list = house.cast.admin.read("/packs/incident/tables");
    let items = list["items"].as_array().unwrap();
    let table = items.iter().find(|it| it["key"] == "dispatch").unwrap();
    (list["version"].as_i64().unwrap(), table["rules"].as_array().unwrap().clone())
}

fn put(house: &House, seen: i64, body: &Value) -> Answer {
    house.cast.admin.send(&Call::new("PUT", TABLE).json(body).seen(seen))
}

/// The row of first-line printers and all else goes to another team.
fn moved(rows: &[Value], team: &str) -> Vec<Value> {
    let mut rows = rows.to_vec();
    let row = rows.iter_mut().find(|row| row["_id"] == "dispatch_06").unwrap();
    row["out_team"] = json!(format!("'{team}'"));
    rows
}

fn tables_are_shown_to_who_may_change_or_rehearse_them(house: &House) {
    let answer = house.cast.admin.get("/packs/incident/tables");
    let list = answer.ok(200);
    assert_eq!(Some(answer.version()), list["version"].as_i64());
    let keys: Vec<&str> = list["items"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&"dispatch") && keys.contains(&"priority"), "{keys:?}");
    let table = list["items"].as_array().unwrap().iter().find(|it| it["key"] == "dispatch").unwrap();
    assert_eq!(table["hit_policy"], "first");
    let fields = |columns: &str| -> Vec<Value> { table[columns].as_array().unwrap().iter().map(|it| it["field"].clone()).collect() };
    assert_eq!(
        (fields("inputs"), fields("outputs")),
        (vec![json!("tier"), json!("category"), json!("service"), json!("site")], vec![json!("team")])
    );
    assert!(table["inputs"].as_array().unwrap().iter().all(|it| !it["label"].as_str().unwrap().is_empty()));
    for by in [&house.cast.owner, &house.cast.agent, &house.cast.desk, &house.cast.manager] {
        by.get("/packs/incident/tables").problem(403, "forbidden");
        by.send(&Call::new("PUT", TABLE).json(&json!({ "rules": [] })).seen(1)).problem(403, "forbidden");
        by.post(format!("{TABLE}/rehearse"), &json!({ "rules": [] })).problem(403, "forbidden");
    }
    let role = unique("reads-tables");
    house.cast.admin.post("/roles", &json!({ "key": role, "label": { "en": role }, "actions": ["dispatch.read"] })).ok(201);
    let reader = house.person("reads-tables", &[&role]);
    let shown = reader.get("/packs/incident/tables");
    assert_eq!(shown.ok(200)["items"], list["items"], "who rehearses dispatch sees the rows");
    reader.send(&Call::new("PUT", TABLE).json(&json!({ "rules": [] })).seen(shown.version())).problem(403, "forbidden");
    reader.post(format!("{TABLE}/rehearse"), &json!({ "rules": [] })).problem(403, "forbidden");
    house.cast.admin.get("/packs/unheard-of/tables").problem(404, "not_found");
    house
        .cast
        .admin
        .send(&Call::new("PUT", "/packs/incident/tables/none").json(&json!({ "rules": [] })).seen(list["version"].as_i64().unwrap()))
        .problem(404, "not_found");
}

fn faults_stand_at_their_cells(house: &House) {
    let (version, rows) = rows(house);
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut rows = rows.clone();
        change(&mut rows[1]);
        put(house, version, &json!({ "rules": rows }))
    };
    wrong(&|row| row["in_category"] = json!("startsWith($, ")).invalid("/rules/1/in_category", "malformed");
    wrong(&|row| row["in_service"] = json!("nobody.knows")).problem(422, "invalid");
    wrong(&|row| row["in_weather"] = json!("'rain'")).invalid("/rules/1/in_weather", "unknown_column");
    wrong(&|row| row["out_team"] = json!("'no-such-team'")).invalid("/rules/1/out_team", "unknown_reference");
    wrong(&|row| row["_id"] = json!("dispatch_01")).problem(422, "invalid");
    wrong(&|row| row["in_site"] = json!(7)).invalid("/rules/1/in_site", "malformed");
    wrong(&|row| row["_description"] = json!("x".repeat(2_001))).invalid("/rules/1/_description", "max_length");
    house.cast.admin.send(&Call::new("PUT", TABLE).json(&json!({ "rules": rows }))).problem(428, "if_match_required");
    put(house, version + 1, &json!({ "rules": rows })).problem(412, "stale");
    put(house, version, &json!({ "rules": rows, "more": 1 })).problem(422, "invalid");
    put(house, version, &json!({ "rules": vec![rows[0].clone(); 1_001] })).problem(422, "invalid");
    // What the pack itself says of the rows is heard before anything is published.
    put(house, version, &json!({ "rules": moved(&rows, "network-l1") }))
        .invalid("/accept/hardware goes to the desktop team", "case_failed");
    assert_eq!(self::rows(house), (version, rows), "nothing was published");
}

fn rows_are_tried_on_past_records(house: &House) {
    let number = house.stand(Stage::L1);
    let (version, rows) = rows(house);
    let tried = |rows: &[Value]| house.cast.admin.post(format!("{TABLE}/rehearse"), &json!({ "rules": rows })).ok(200);
    let same = tried(&rows);
    assert!(same["looked_at"].as_u64().unwrap() > 0 && same["items"].as_array().unwrap().is_empty(), "{same}");
    let told = tried(&moved(&rows, "network-l1"));
    let item = told["items"].as_array().unwrap().iter().find(|it| it["number"] == number.as_str()).expect("it would go elsewhere").clone();
    assert_eq!((&item["before"]["rows"], &item["after"]["rows"]), (&json!(["dispatch_06"]), &json!(["dispatch_06"])));
    assert_eq!((&item["before"]["output"]["team"], &item["after"]["output"]["team"]), (&json!("desktop-l1"), &json!("network-l1")));
    let nowhere = tried(&[]);
    let item = nowhere["items"].as_array().unwrap().iter().find(|it| it["number"] == number.as_str()).unwrap().clone();
    assert_eq!(item["after"], json!({ "rows": [], "output": null }));
    let broken = json!({ "rules": [{ "_id": "a", "in_tier": "((" }] });
    house.cast.admin.post(format!("{TABLE}/rehearse"), &broken).invalid("/rules/0/in_tier", "malformed");
    assert_eq!(self::rows(house), (version, rows));
}

fn other_rows_are_a_new_version_for_new_records(database: Database) {
    let house = House::own(database);
    let (version, rows) = rows(&house);
    let old = house.stand(Stage::L1);
    assert_eq!(record(&house.cast.agent, &old)["team"]["key"], "desktop-l1");
    let changed = moved(&rows, "network-l1");
    let refused = put(&house, version, &json!({ "rules": changed }));
    let errors = refused.problem(422, "invalid")["errors"].as_array().unwrap().clone();
    let names: Vec<String> = errors
        .iter()
        .map(|it| it["pointer"].as_str().unwrap().strip_prefix("/accept/").unwrap().replace("~1", "/").replace("~0", "~"))
        .collect();
    assert!(errors.iter().all(|it| it["code"] == "case_failed") && !names.is_empty(), "{errors:?}");

    let call = Call::new("PUT", TABLE).json(&json!({ "rules": changed, "accept": names })).seen(version).once("rows-1");
    let answer = house.cast.admin.send(&call);
    assert_eq!((&answer.ok(200)["version"], answer.version()), (&json!(version + 1), version + 1));
    assert_eq!(house.cast.admin.send(&call).header("idempotency-replayed"), Some("true"), "asked again it is the same");
    assert_eq!(self::rows(&house), (version + 1, changed.clone()));
    put(&house, version, &json!({ "rules": rows })).problem(412, "stale");

    // The audit tells the version, and which files are other: the table, and the cases that were left out.
    let told = house.cast.admin.read("/audit?kind=pack&limit=1")["items"][0].clone();
    let change = |field: &str| told["changes"].as_array().unwrap().iter().find(|it| it["field"] == field).cloned().unwrap_or_default();
    assert_eq!((&told["event"], &told["subject"]["key"]), (&json!("published"), &json!("incident")), "{told}");
    assert_eq!((&change("version")["old"], &change("version")["new"]), (&json!(version.to_string()), &json!((version + 1).to_string())));
    let files = change("files")["new"].as_str().unwrap().to_owned();
    assert!(files.starts_with("cases/") && files.ends_with(", decisions/dispatch.json"), "{files}");

    // New records go by the new rows; those opened before by the rows that they were opened with.
    let new = house.stand(Stage::New);
    act(&house.cast.desk, &new, "dispatch", &crate::harness::desktop()).ok(200);
    assert_eq!(record(&house.cast.admin, &new)["team"]["key"], "network-l1");
    assert_eq!(record(&house.cast.admin, &old)["pack_version"], version);

    // The next change does not hear of those cases again, and another node reads what this one published.
    let mut further = changed;
    further[0]["_description"] = json!("The plant, by hand");
    put(&house, version + 1, &json!({ "rules": further })).ok(200);
    let mut house = house;
    house.restart();
    assert_eq!(self::rows(&house), (version + 2, further));
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}
