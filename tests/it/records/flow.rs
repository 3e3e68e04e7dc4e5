//! `GET /records/{type}/{number}/flow`

use serde_json::{Value, json};

use crate::harness::{Call, House, Stage, act, at, solved};

on_both!(
    the_token_stands_where_the_work_is,
    the_path_taken_is_told,
    everything_named_has_its_name_in_the_reader_s_language,
    a_running_record_has_a_token_and_an_ended_one_has_none,
);

fn flow(house: &House, number: &str) -> Value {
    house.cast.agent.read(at(number, "/flow"))
}

fn tokens(flow: &Value) -> Vec<&str> {
    flow["tokens"].as_array().unwrap().iter().map(|token| token["element"].as_str().unwrap()).collect()
}

fn the_token_stands_where_the_work_is(house: &House) {
    let number = house.stand(Stage::L1);
    let now = flow(house, &number);
    assert_eq!(tokens(&now), ["l1"]);
    assert_eq!(now["tokens"][0]["team"]["key"], "desktop-l1");
    assert_eq!(now["tokens"][0]["assignee"], Value::Null);
    assert_eq!(now["status"], "running");
    let xml = now["xml"].as_str().unwrap();
    assert!(xml.contains("<bpmn:definitions") && xml.contains("id=\"l1\"") && xml.contains("bpmndi:BPMNDiagram"));
    act(&house.cast.agent, &number, "accept", &json!({})).ok(200);
    assert_eq!(flow(house, &number)["tokens"][0]["assignee"]["key"], "agent");
    act(&house.cast.agent, &number, "hold", &json!({ "reason": "vendor" })).ok(200);
    let held = flow(house, &number);
    assert_eq!((&held["status"], tokens(&held)), (&json!("suspended"), vec!["l1"]));
}

fn the_path_taken_is_told(house: &House) {
    let number = house.stand(Stage::L2);
    act(&house.cast.l2, &number, "return", &json!({ "handover_note": "yours" })).ok(200);
    act(&house.cast.agent, &number, "resolve", &solved()).ok(200);
    let now = flow(house, &number);
    let path: Vec<(&str, &str, &str)> = now["path"]["elements"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|element| element["outcome"].is_string())
        .map(|e| (e["id"].as_str().unwrap(), e["outcome"].as_str().unwrap(), e["by"]["key"].as_str().unwrap_or("nobody")))
        .collect();
    let wanted = [("classify", "dispatch", "desk"), ("l1", "escalate", "agent"), ("l2", "return", "l2"), ("l1", "resolve", "agent")];
    assert_eq!(path, wanted);
    assert_eq!(tokens(&now), ["confirm"]);
    let edges = now["path"]["edges"].as_array().unwrap();
    let xml = now["xml"].as_str().unwrap();
    assert!(edges.len() > 10);
    assert!(edges.iter().all(|edge| xml.contains(&format!("id=\"{}\"", edge.as_str().unwrap()))), "each edge is one of the drawing");
}

fn everything_named_has_its_name_in_the_reader_s_language(house: &House) {
    let number = house.stand(Stage::L1);
    let call = Call::get(at(&number, "/flow")).header("accept-language", "en");
    let english = house.cast.agent.send(&call).ok(200);
    let xml = english["xml"].as_str().unwrap();
    let labels = english["labels"].as_object().unwrap();
    for tag in xml.split('<').filter(|tag| tag.contains(" name=\"") && tag.contains(" id=\"") && !tag.starts_with("bpmn:process")) {
        let id = tag.split(" id=\"").nth(1).unwrap().split('"').next().unwrap();
        let label = labels.get(id).unwrap_or_else(|| panic!("{id} is not named")).as_str().unwrap();
        assert!(!label.is_empty() && label.is_ascii(), "{id}: {label}");
    }
    assert_eq!(labels["l1"], "L1 support");
}

fn a_running_record_has_a_token_and_an_ended_one_has_none(house: &House) {
    for (stage, element) in [
        (Stage::New, "classify"),
        (Stage::L1, "l1"),
        (Stage::L2, "l2"),
        (Stage::L3, "l3"),
        (Stage::Held, "l1"),
        (Stage::Resolved, "confirm"),
        (Stage::Review, "review"),
    ] {
        assert_eq!(tokens(&flow(house, &house.stand(stage))), [element], "{stage:?}");
    }
    for (stage, status) in [(Stage::Closed, "completed"), (Stage::Cancelled, "cancelled")] {
        let ended = flow(house, &house.stand(stage));
        assert_eq!((tokens(&ended), &ended["status"]), (vec![], &json!(status)));
    }
}
