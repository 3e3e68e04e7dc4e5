//! `/jobs`

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, Database, House, at, number, pages, record, s, until};
use crate::import::import_many;
use crate::packs::{publish, raised, with_text};

on_both!(the_list_is_for_those_who_run_the_system, an_unknown_job_is_not_found, nonsense_is_refused;
    alone: an_index_is_built_by_a_job_that_outlives_its_server, a_job_is_cancelled_and_run_again);

const UNKNOWN: &str = "01890000-0000-7000-8000-000000000000";

fn the_list_is_for_those_who_run_the_system(house: &House) {
    let list = house.cast.manager.read("/jobs?limit=1");
    assert!(list["items"].is_array());
    assert!(list["next"].is_null() || list["next"].is_string());
    house.cast.agent.get("/jobs").problem(403, "forbidden");
    house.cast.owner.get("/jobs").problem(403, "forbidden");
}

fn an_unknown_job_is_not_found(house: &House) {
    let admin = &house.cast.admin;
    for id in [UNKNOWN, "no-identity"] {
        admin.get(format!("/jobs/{id}")).problem(404, "not_found");
        admin.get(format!("/jobs/{id}/rows")).problem(404, "not_found");
        admin.send(&Call::new("POST", format!("/jobs/{id}/cancel"))).problem(404, "not_found");
        admin.send(&Call::new("POST", format!("/jobs/{id}/again"))).problem(404, "not_found");
    }
}

fn nonsense_is_refused(house: &House) {
    for query in ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=1.2", "colour=red"] {
        house.cast.admin.get(format!("/jobs?{query}")).problem(400, "malformed");
    }
}

/// Publishes a version that marks one more field as indexed, and another one no longer.
fn publish_index(house: &House) {
    let files = with_text("pack.yaml", "[occurred_at, users_affected,", "[preliminary_phenomenon, users_affected,");
    publish(&house.cast.admin, &raised(files, 3)).ok(201);
}

fn newest(by: &Caller) -> Value {
    by.read("/jobs?limit=1")["items"][0].clone()
}

fn told(by: &Caller, job: &Value, what: &str) -> Answer {
    by.send(&Call::new("POST", format!("/jobs/{}/{what}", job["id"].as_str().unwrap())))
}

const BY_SYMPTOM: &str = "/records/incident?limit=200&fields.preliminary_phenomenon=";

#[track_caller]
fn is_building(by: &Caller) {
    let answer = by.get(format!("{BY_SYMPTOM}x"));
    let problem = answer.problem(503, "index_building");
    assert!(problem["detail"].as_str().unwrap().contains("preliminary_phenomenon"), "{problem}");
    assert!(answer.header("retry-after").is_some());
}

#[track_caller]
fn is_sound(house: &House) {
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn an_index_is_built_by_a_job_that_outlives_its_server(database: Database) {
    const RECORDS: usize = 450;
    let mut house = House::own(database);
    import_many(&house, RECORDS);
    house.cast.agent.get(format!("{BY_SYMPTOM}x")).problem(400, "malformed");
    house.cast.agent.read("/records/incident?fields.users_affected=7,8&fields.occurred_at=2026-03-01T08:00:00Z");
    house.cast.agent.get("/records/incident?fields.users_affected=many").problem(400, "malformed");

    house.restart_as(&house.start().clone().env("YUHENG_CRASH_POINT", "job_step:1"));
    publish_index(&house);
    is_building(&house.cast.agent);
    house.server.wait(s(60));
    // What is half done is no fault.
    is_sound(&house);
    house.restart();
    let admin = &house.cast.admin;
    let job = newest(admin);
    assert_eq!((&job["kind"], &job["total"]), (&json!("reindex"), &json!(RECORDS)), "{job}");
    let job = until(s(90), "the job ends", || Some(newest(admin)).filter(|job| job["state"] == "done"));
    assert_eq!((&job["done"], &job["attempts"], &job["result"]["records"]), (&json!(RECORDS), &json!(1), &json!(RECORDS)), "{job}");
    assert_eq!(pages(&house.cast.agent, &format!("{BY_SYMPTOM}Symptom%203")).len(), RECORDS);
    house.cast.agent.get("/records/incident?fields.occurred_at=2026-03-01T08:00:00Z").problem(400, "malformed");
    is_sound(&house);

    // A record of the older version is found by what is written now.
    let old = number(&house.cast.agent.read("/records/incident?limit=1")["items"][0]);
    let version = record(admin, &old)["version"].as_i64().unwrap();
    admin.patch(at(&old, ""), version, &json!({ "fields": { "preliminary_phenomenon": "smoke" } })).ok(200);
    assert_eq!(number(&pages(&house.cast.agent, &format!("{BY_SYMPTOM}smoke,fire"))[0]), old);
    assert_eq!(pages(&house.cast.agent, &format!("{BY_SYMPTOM}Symptom%203")).len(), RECORDS - 1);
    is_sound(&house);
}

fn a_job_is_cancelled_and_run_again(database: Database) {
    let house = House::own(database);
    let (admin, manager) = (&house.cast.admin, &house.cast.manager);
    house.cast.owner.post("/records/incident", &json!({ "title": "smoke" })).ok(201);
    publish_index(&house);
    let job = newest(manager);
    assert_eq!((&job["state"], &job["created_by"]["key"]), (&json!("waiting"), &json!("admin")), "{job}");
    told(&house.cast.agent, &job, "cancel").problem(404, "not_found");
    told(manager, &job, "cancel").problem(404, "not_found");
    told(admin, &job, "again").problem(409, "not_available");
    told(admin, &job, "cancel").ok(202);
    let cancelled = newest(manager);
    assert_eq!((&cancelled["state"], &cancelled["can_run_again"]), (&json!("cancelled"), &json!(true)));
    is_building(&house.cast.agent);
    is_sound(&house);
    told(manager, &job, "again").problem(404, "not_found");
    told(admin, &job, "again").ok(202);
    let job = until(s(30), "the job ends", || Some(newest(manager)).filter(|job| job["state"] == "done"));
    assert_eq!((&job["done"], &job["attempts"]), (&json!(1), &json!(1)), "{job}");
    told(admin, &job, "again").problem(409, "not_available");
    assert!(pages(&house.cast.agent, &format!("{BY_SYMPTOM}smoke")).is_empty());
    is_sound(&house);
}
