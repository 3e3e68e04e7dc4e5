//! `/records/{type}/{number}/presence`: two who look at one record see each other.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, Stage, act, at};

on_both!(two_see_each_other_and_who_writes, who_goes_is_gone, presence_leaves_no_trace,);

fn look(by: &Caller, number: &str, typing: bool) -> Vec<Value> {
    let put = Call::new("PUT", at(number, "/presence")).json(&json!({ "typing": typing }));
    by.send(&put).ok(200)["others"].as_array().unwrap().clone()
}

fn two_see_each_other_and_who_writes(house: &House) {
    let (number, agent, second) = (house.stand(Stage::L1), &house.cast.agent, &house.cast.second);
    assert!(look(agent, &number, false).is_empty(), "nobody else looks at it");
    let seen = look(second, &number, true);
    assert_eq!((seen.len(), &seen[0]["user"]["key"], &seen[0]["typing"]), (1, &json!("agent"), &json!(false)));
    let seen = look(agent, &number, false);
    assert_eq!((seen.len(), &seen[0]["user"]["key"], &seen[0]["typing"]), (1, &json!("second"), &json!(true)));
    look(second, &number, false);
    assert_eq!(look(agent, &number, false)[0]["typing"], false, "who stops writing is told at once");
    let other = house.stand(Stage::L1);
    assert!(look(agent, &other, false).is_empty(), "of another record nothing is told");
}

fn who_goes_is_gone(house: &House) {
    let (number, agent, second) = (house.stand(Stage::L1), &house.cast.agent, &house.cast.second);
    look(second, &number, false);
    assert_eq!(look(agent, &number, false).len(), 1);
    second.send(&Call::new("DELETE", at(&number, "/presence"))).ok(204);
    assert!(look(agent, &number, false).is_empty());
}

/// Looking is no change: neither version nor journal moves, and the requester is neither shown nor told.
fn presence_leaves_no_trace(house: &House) {
    let (number, agent) = (house.stand(Stage::L1), &house.cast.agent);
    let before = agent.get(at(&number, "")).text();
    look(agent, &number, true);
    assert_eq!(agent.get(at(&number, "")).text(), before);
    house.cast.owner.send(&Call::new("PUT", at(&number, "/presence")).json(&json!({}))).problem(403, "forbidden");
    let wrong = Call::new("PUT", at(&number, "/presence")).json(&json!({ "typing": "yes" }));
    assert_eq!(agent.send(&wrong).status, 422);
    act(agent, &number, "accept", &json!({})).ok(200);
}
