//! `POST /records/{type}`

use serde_json::json;

use crate::harness::{Database, House, Stage, record};

on_both!(every_stage_can_be_reached);

fn every_stage_can_be_reached(house: &House) {
    let stages = [
        (Stage::New, "new"),
        (Stage::L1, "l1"),
        (Stage::L2, "l2"),
        (Stage::L3, "l3"),
        (Stage::Held, "pending"),
        (Stage::Resolved, "resolved"),
        (Stage::Review, "review"),
        (Stage::Closed, "closed"),
        (Stage::Cancelled, "cancelled"),
    ];
    for (stage, state) in stages {
        let number = house.stand(stage);
        assert_eq!(record(&house.cast.owner, &number)["state"], state, "{stage:?} {number}");
    }
    let _ = (json!(0), Database::Sqlite);
}
