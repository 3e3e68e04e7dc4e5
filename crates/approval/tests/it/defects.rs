//! Every fault of a definition is told with its place.

use std::collections::BTreeMap;

use approval::{Approver, Body, Definition, Quorum, Rule, Then};

use crate::support::{board_step, boss, definition, step, time_out, with_board};

fn person(name: &str) -> Approver {
    Approver::Person(name.to_owned())
}

fn told(def: &Definition) -> Vec<(&'static str, String)> {
    let defects = def.check();
    assert!(defects.iter().all(|defect| !defect.message.is_empty() && !defect.mend.is_empty()));
    defects.into_iter().map(|defect| (defect.code, defect.pointer)).collect()
}

fn one(change: impl FnOnce(&mut Definition)) -> Vec<(&'static str, String)> {
    let mut def = definition(vec![step("line", Rule::Any)]);
    change(&mut def);
    told(&def)
}

fn board(change: impl FnOnce(&mut Definition)) -> Vec<(&'static str, String)> {
    let mut def = with_board(definition(vec![board_step("board", Rule::Majority)]), 2, true);
    change(&mut def);
    told(&def)
}

fn with_body(change: impl FnOnce(&mut Body)) -> Vec<(&'static str, String)> {
    board(|def| change(def.bodies.get_mut("board").unwrap()))
}

#[test]
fn every_fault_has_its_place() {
    let at = |code, pointer: &str| vec![(code, pointer.to_owned())];
    assert_eq!(one(|_| {}), []);
    assert_eq!(board(|_| {}), []);
    assert_eq!(one(|def| def.steps.clear()), at("no_steps", "/steps"));
    assert_eq!(one(|def| def.steps = (0..21).map(|n| step(&format!("s{n}"), Rule::Any)).collect()), at("too_many_steps", "/steps"));
    assert_eq!(one(|def| def.steps.push(step("line", Rule::Any))), at("twice", "/steps/1/key"));
    assert_eq!(one(|def| def.steps[0].approvers.clear()), at("no_approvers", "/steps/0"));
    assert_eq!(one(|def| def.steps[0].approvers.push(Approver::Role("approver".to_owned()))), at("twice", "/steps/0/approvers/1"));
    assert_eq!(one(|def| def.void_on = vec!["x".to_owned(), "x".to_owned()]), at("twice", "/void_on/1"));
    let body = Some("committee".to_owned());
    assert_eq!(one(|def| (def.steps[0].body, def.steps[0].approvers) = (body, Vec::new())), at("unknown_body", "/steps/0/body"));
    assert_eq!(board(|def| def.steps[0].approvers = vec![person("a")]), at("two_kinds_of_approvers", "/steps/0/approvers"));
}

#[test]
fn rules_that_cannot_be_met() {
    let at = |code, pointer: &str| vec![(code, pointer.to_owned())];
    let two = || vec![person("a"), Approver::RequesterManager];
    assert_eq!(one(|def| def.steps[0].rule = Rule::AtLeast(0)), at("unreachable_rule", "/steps/0/rule/at_least"));
    let three_of_two = |def: &mut Definition| (def.steps[0].rule, def.steps[0].approvers) = (Rule::AtLeast(3), two());
    assert_eq!(one(three_of_two), at("unreachable_rule", "/steps/0/rule/at_least"));
    let two_of_two = |def: &mut Definition| (def.steps[0].rule, def.steps[0].approvers) = (Rule::AtLeast(2), two());
    assert_eq!(one(two_of_two), []);
    assert_eq!(one(|def| def.steps[0].rule = Rule::AtLeast(3)), [], "how many have a role, nobody knows yet");
    for share in [0, 101] {
        assert_eq!(one(|def| def.steps[0].rule = Rule::Percent(share)), at("wrong_share", "/steps/0/rule/percent"));
    }
    assert_eq!(board(|def| def.steps[0].rule = Rule::First)[0], ("rule_of_body", "/steps/0/rule".to_owned()));
}

#[test]
fn time_outs_that_make_no_sense() {
    let at = |code, pointer: &str| vec![(code, pointer.to_owned())];
    let list = |list: Vec<approval::TimeOut>| one(|def| def.steps[0].time_outs = list);
    assert_eq!(list(vec![time_out(1, Then::Remind), time_out(2, boss()), time_out(3, Then::Reject)]), []);
    assert_eq!(list(vec![time_out(0, Then::Remind)]), at("time_out_order", "/steps/0/time_outs/0/after"));
    assert_eq!(list(vec![time_out(2, Then::Remind), time_out(2, boss())]), at("time_out_order", "/steps/0/time_outs/1/after"));
    assert_eq!(list(vec![time_out(1, Then::Approve), time_out(2, Then::Remind)]), at("time_out_after_end", "/steps/0/time_outs/1"));
    assert_eq!(list(vec![time_out(1, Then::Escalate(Vec::new()))]), at("nobody_to_escalate_to", "/steps/0/time_outs/0/then"));
    assert_eq!(list(vec![time_out(1, Then::Count)]), at("count_without_body", "/steps/0/time_outs/0/then"));
    let of_body = |then| board(|def| def.steps[0].time_outs = vec![time_out(1, then)]);
    assert_eq!(of_body(Then::Count), []);
    assert_eq!(of_body(Then::Approve), at("body_by_silence", "/steps/0/time_outs/0/then"));
    assert_eq!(of_body(boss()), at("body_escalates", "/steps/0/time_outs/0/then"));
}

#[test]
fn bodies_that_cannot_decide() {
    let at = |code, pointer: &str| vec![(code, pointer.to_owned())];
    assert_eq!(with_body(|body| body.quorum = None), at("no_quorum", "/bodies/board"));
    assert_eq!(with_body(|body| body.quorum = Some(Quorum::Members(0))), at("no_quorum", "/bodies/board/quorum"));
    assert_eq!(with_body(|body| body.quorum = Some(Quorum::Percent(0))), at("wrong_share", "/bodies/board/quorum"));
    assert_eq!(with_body(|body| body.quorum = Some(Quorum::Percent(101))), at("wrong_share", "/bodies/board/quorum"));
    let few = |body: &mut Body| (body.members, body.quorum) = (vec![person("a"), person("b")], Some(Quorum::Members(4)));
    assert_eq!(with_body(few), at("unreachable_quorum", "/bodies/board/quorum"));
    let just = |body: &mut Body| (body.members, body.quorum) = (vec![person("a"), person("b")], Some(Quorum::Members(3)));
    assert_eq!(with_body(just), [], "the chair may be a third");
    assert_eq!(with_body(|body| body.members.clear())[0], ("no_members", "/bodies/board".to_owned()));
    assert_eq!(with_body(|body| body.members.push(Approver::Role("member".to_owned()))), at("twice", "/bodies/board/members/1"));
    assert_eq!(with_body(|body| body.chair = None), at("no_chair", "/bodies/board/casting_vote"));
}

#[test]
fn a_definition_reads_as_it_is_written() {
    let text = serde_json::json!({
        "order": "parallel", "void_on": ["risk"],
        "bodies": { "board": { "members": [{ "team": "cab" }], "chair": { "role": "chair" }, "quorum": { "percent": 50 }, "casting_vote": true } },
        "steps": [
            { "key": "line", "approvers": ["requester_manager", { "expression": "owner" }], "rule": { "at_least": 2 }, "when": "amount > 5",
              "time_outs": [{ "after": 5, "then": "remind" }, { "after": 9, "then": { "escalate": [{ "person": "boss" }] } }] },
            { "key": "board", "body": "board", "rule": "majority", "time_outs": [{ "after": 7, "then": "count" }] },
        ],
    });
    let def: Definition = serde_json::from_value(text).unwrap();
    assert_eq!(told(&def), []);
    assert!(!def.requester_may_approve && !def.counts_in_several_steps, "what is not said is the stricter");
    let again: Definition = serde_json::from_value(serde_json::to_value(&def).unwrap()).unwrap();
    assert_eq!(again, def);
    assert_eq!(def.bodies, BTreeMap::from([("board".to_owned(), def.body_of(&def.steps[1]).unwrap().clone())]));
}
