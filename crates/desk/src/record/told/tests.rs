use serde_json::json;

use super::*;
use crate::{World, packs};

fn pinned() -> Pinned {
    let files = packs::built_in().remove("incident").expect("the pack comes with the program");
    Pinned::new(World::real().id(), packs::load("incident", &files).expect("it loads")).expect("it runs")
}

fn content(decisions: serde_json::Value) -> Content {
    serde_json::from_value(json!({ "decisions": decisions })).expect("content")
}

#[test]
fn a_reader_is_told_the_row_and_what_it_read() {
    let pinned = pinned();
    let content = content(json!([{
        "decision": "priority", "hits": ["priority_04"], "output": {"priority": "p2"}, "inputs": {"impact": "medium", "urgency": "high"}
    }]));
    for internal in [true, false] {
        let told = decisions(&pinned, &content, internal);
        assert_eq!((told[0].rules[0].id, told[0].rules[0].row), ("priority_04", Some(4)));
        assert_eq!(told[0].inputs, [("impact", &json!("medium")), ("urgency", &json!("high"))]);
        assert_eq!(told[0].outputs, [ToldOutput { field: "priority", value: &json!("p2"), kept_by_hand: false }]);
    }
}

#[test]
fn who_sees_no_internal_fields_is_told_neither_them_nor_the_rows_that_read_them() {
    let pinned = pinned();
    let content = content(json!([
        { "decision": "dispatch", "hits": ["dispatch_06"], "output": {"team": "desktop-l1"}, "inputs": {"tier": 1, "service": "printing"} },
        { "decision": "tier", "hits": ["tier_02"], "output": {"tier": 1, "first_priority": "p3"}, "inputs": {"outcome": "dispatch"} }
    ]));
    let told = decisions(&pinned, &content, false);
    assert_eq!(told.len(), 1, "the tier is internal, and so is that a table chose it");
    assert_eq!((told[0].decision, told[0].rules.len()), ("dispatch", 0));
    assert_eq!(told[0].inputs, [("service", &json!("printing"))]);
    assert_eq!(decisions(&pinned, &content, true).len(), 2);
}

#[test]
fn nobody_is_told_the_row_of_a_table_that_reads_a_secret() {
    let mut files = packs::built_in().remove("incident").expect("the pack comes with the program");
    let manifest = String::from_utf8(files["pack.yaml"].clone()).expect("the manifest");
    files.insert("pack.yaml".to_owned(), manifest.replace("secret: []", "secret: [business_process]").into_bytes());
    let pinned = Pinned::new(World::real().id(), packs::load("incident", &files).expect("it loads")).expect("it runs");
    let content = content(json!([
        { "decision": "impact", "hits": ["impact_08"], "output": {"impact": "medium"}, "inputs": {"scope": "department"} },
        { "decision": "priority", "hits": ["priority_04"], "output": {"priority": "p2"}, "inputs": {"impact": "medium", "urgency": "high"} }
    ]));
    for internal in [true, false] {
        let told = decisions(&pinned, &content, internal);
        assert_eq!((told[0].decision, told[0].rules.len()), ("impact", 0), "the row says that business has stopped");
        assert_eq!(told[0].outputs[0].value, &json!("medium"));
        assert_eq!((told[1].decision, told[1].rules.len()), ("priority", 1), "it reads no secret");
    }
}

#[test]
fn entries_of_the_first_versions_and_tables_that_said_nothing_are_read_too() {
    let pinned = pinned();
    let old = content(json!([{ "decision": "priority", "hits": ["priority_05"], "output": {"priority": "p3"} }]));
    assert_eq!(decisions(&pinned, &old, true)[0].inputs, []);
    let silent = content(
        json!([{ "decision": "impact", "hits": [], "output": null }, { "decision": "gone", "hits": ["x"], "output": {"priority": "p1"} }]),
    );
    let told = decisions(&pinned, &silent, true);
    assert_eq!((told.len(), told[0].decision, told[0].rules[0].row), (1, "gone", None));
}

#[test]
fn a_time_limit_tells_what_followed() {
    let pinned = pinned();
    let fired = |entered: &[&str]| -> Content {
        let mut flow = vec![json!({ "e": "timer_fired", "timer": 1, "element": "l1_not_accepted", "at": 0 })];
        flow.extend(entered.iter().map(|id| json!({ "e": "entered", "element": id, "token": 1 })));
        serde_json::from_value(json!({ "flow": flow })).expect("content")
    };
    let reminded = fired(&["gw_limits", "gw_accepted", "remind_team", "team_reminded"]);
    assert_eq!(timer(&pinned, &reminded), Some(ToldTimer { element: "l1_not_accepted", followed: vec!["remind_team"], idle: false }));
    let accepted = fired(&["gw_limits", "gw_accepted", "accepted_in_time"]);
    assert_eq!(timer(&pinned, &accepted).map(|timer| (timer.followed, timer.idle)), Some((vec!["accepted_in_time"], true)));
    assert_eq!(timer(&pinned, &Content::default()), None);
}
