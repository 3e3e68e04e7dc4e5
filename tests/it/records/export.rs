//! `POST /records/{type}/export` and `GET /jobs/{id}/file`

use serde_json::{Value, json};

use super::bulk::ended;
use crate::harness::{Caller, House, number, unique};

on_both!(a_list_becomes_a_csv, a_list_becomes_a_workbook, nonsense_is_refused);

fn make(house: &House, titles: &[&str]) -> (String, Vec<String>) {
    let mark = unique("filed");
    let open = |title: &&str| {
        let body = json!({ "title": format!("{title}{mark}"), "requester": "owner", "channel": "phone", "fields": { "scope": "site" } });
        number(&house.cast.desk.post("/records/incident", &body).ok(201))
    };
    let made = titles.iter().map(open).collect();
    (mark, made)
}

fn order(by: &Caller, body: &Value) -> String {
    let begun = by.post("/records/incident/export", body).ok(202);
    let (job, _) = ended(by, &begun);
    assert_eq!((&job["state"], &job["has_file"]), (&json!("done"), &json!(true)), "{job}");
    format!("/jobs/{}/file", begun["job"].as_str().unwrap())
}

fn a_list_becomes_a_csv(house: &House) {
    let (mark, made) = make(house, &["=1+1 ", "plain, with \"quotes\" ", "三楼 "]);
    let columns = json!(["number", "title", "priority", "requester", "fields.scope", "opened_at"]);
    let body = json!({ "query": { "q": mark }, "columns": columns, "sort": "number", "format": "csv", "timezone": "Asia/Shanghai" });
    let path = order(&house.cast.agent, &body);
    let file = house.cast.agent.get(&path);
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"), "{:?}", file.headers);
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    let text = file.text();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').expect("a mark").lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("Number,"), "{text}");
    assert!(lines[1].starts_with(&format!("{},'=1+1 {mark},", made[0])), "{text}");
    assert!(lines[2].contains(&format!("\"plain, with \"\"quotes\"\" {mark}\"")), "{text}");
    assert!(lines[3].contains("三楼") && lines[3].contains("Test owner"), "{text}");
    assert!(!lines[3].contains(",site,"), "values are told by their names: {text}");
    // Nobody else fetches it, not even who runs the system; without the mark where it is not wanted.
    house.cast.second.get(&path).problem(404, "not_found");
    house.cast.admin.get(&path).problem(404, "not_found");
    let bare = house.cast.agent.get(order(&house.cast.agent, &crate::harness::with(body, json!({ "bom": false }))));
    assert!(bare.text().starts_with("Number,"));
}

fn a_list_becomes_a_workbook(house: &House) {
    let (mark, _) = make(house, &["=cmd() ", "one "]);
    let body = json!({ "query": { "q": mark, "state": "open" }, "filter": {"field": "priority", "op": "not_empty"}, "format": "xlsx" });
    let file = house.cast.agent.get(order(&house.cast.agent, &body));
    assert_eq!(file.header("content-type"), Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
    let names = ["xl/workbook.xml", "xl/worksheets/sheet1.xml"];
    assert!(file.body.starts_with(b"PK\x03\x04") && names.iter().all(|name| holds(&file.body, name.as_bytes())), "no workbook");
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

fn nonsense_is_refused(house: &House) {
    let agent = &house.cast.agent;
    let with = |more: Value| crate::harness::with(json!({ "format": "csv" }), more);
    let post = |by: &Caller, body: &Value| by.post("/records/incident/export", body);
    post(agent, &with(json!({ "columns": ["number", "colour"] }))).invalid("/columns/1", "enum");
    post(agent, &with(json!({ "timezone": "Mars/Base" }))).invalid("/timezone", "format");
    post(agent, &with(json!({ "filter": {"field": "colour", "op": "eq", "value": 1} }))).invalid("/filter/field", "unknown_field");
    assert!(post(agent, &with(json!({ "format": "pdf" }))).status >= 400);
    post(&house.cast.owner, &with(json!({}))).problem(403, "forbidden");
    agent.get("/jobs/01890000-0000-7000-8000-000000000000/file").problem(404, "not_found");
}
