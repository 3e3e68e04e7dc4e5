//! `/jobs`

use crate::harness::{Call, House};

on_both!(the_list_is_for_those_who_run_the_system, an_unknown_job_is_not_found, nonsense_is_refused,);

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
    }
}

fn nonsense_is_refused(house: &House) {
    for query in ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=1.2", "colour=red"] {
        house.cast.admin.get(format!("/jobs?{query}")).problem(400, "malformed");
    }
}
