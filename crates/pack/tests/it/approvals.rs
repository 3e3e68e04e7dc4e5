//! `approvals.yaml`: read as written, and every fault told with its file and line.

use approval::{Approver, Order, Quorum, Rule, Then};
use pack::Pack;

use crate::support::{Files, fixture, line_of, list, load};

#[test]
fn approvals_are_read_as_written() {
    let pack = load(&fixture("permit"));
    let entry = pack.approval("entry").unwrap();
    assert_eq!(entry.order, Order::Sequential);
    assert_eq!(entry.void_on, ["area", "from_when", "amount"]);
    assert!(!entry.requester_may_approve && !entry.counts_in_several_steps);
    let [line, council] = entry.steps.as_slice() else { panic!() };
    assert_eq!(line.approvers, [Approver::RequesterManager, Approver::Team("front-desk".to_owned())]);
    assert_eq!((line.rule, council.rule), (Rule::First, Rule::Majority));
    assert_eq!(line.time_outs[0].after, 24 * 3_600_000);
    assert_eq!(line.time_outs[1].then, Then::Escalate(vec![Approver::Role("head".to_owned()), Approver::Expression("owner".to_owned())]));
    assert_eq!(council.when.as_deref(), Some("amount > 1000"));
    let body = entry.body_of(council).unwrap();
    assert_eq!((body.quorum, body.casting_vote), (Some(Quorum::Percent(50)), true));
    let values = serde_json::json!({ "amount": 5000, "owner": "han.mei" });
    let values = values.as_object().unwrap();
    assert_eq!(pack.approval_expression("amount > 1000").unwrap().is_true(values), Ok(true));
    assert_eq!(pack.approval_expression("owner").unwrap().evaluate(values).unwrap(), "han.mei");
    assert_eq!(pack.text("en", "approval_step.entry.council"), Some("Council"));
    assert!(pack::run_cases(&pack).iter().all(|result| result.failures.is_empty()));
}

#[test]
fn a_pack_without_approvals_has_none() {
    let mut files = fixture("permit");
    files.remove("approvals.yaml");
    let codes: Vec<&str> = Pack::load(&files).unwrap_err().iter().map(|defect| defect.code).collect();
    assert!(codes.contains(&"unknown_approval"), "{codes:?}");
    assert!(load(&crate::support::files("incident")).approvals().is_empty());
}

/// File, what is replaced by what, the code of the defect, its file where that is another, and what stands in its line.
type Bad = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const FILE: &str = "approvals.yaml";
const DRAWING: &str = "flow.bpmn";

const CASES: &[Bad] = &[
    // Shape.
    (FILE, "rule: first", "rule: firts", "wrong_shape", FILE, "rule: firts"),
    (FILE, "rule: first", "rule: { at_most: 1 }", "wrong_shape", FILE, "rule: { at_most"),
    (FILE, "        rule: first\n", "", "missing_key", FILE, "- key: line"),
    (FILE, "quorum: {", "quorom: {", "unknown_key", FILE, "quorom"),
    (FILE, "{ after: P1D, then: remind }", "{ after: P1D }", "missing_key", FILE, "{ after: P1D }"),
    (FILE, "after: P1D", "after: 1 day", "bad_duration", FILE, "after: 1 day"),
    (FILE, "[requester_manager, {", "[manager, {", "wrong_shape", FILE, "[manager, {"),
    // What the machine says of it.
    (FILE, "rule: first", "rule: { at_least: 0 }", "unreachable_rule", FILE, "rule: { at_least: 0 }"),
    (
        FILE,
        "[requester_manager, { team: front-desk }]\n        rule: first",
        "[requester_manager, { person: ann }]\n        rule: { at_least: 3 }",
        "unreachable_rule",
        FILE,
        "rule: { at_least: 3 }",
    ),
    (FILE, "rule: first", "rule: { percent: 101 }", "wrong_share", FILE, "rule: { percent"),
    (FILE, "    quorum: { percent: 50 }\n", "", "no_quorum", FILE, "council:"),
    (FILE, "quorum: { percent: 50 }", "quorum: { members: 0 }", "no_quorum", FILE, "quorum: { members: 0 }"),
    (FILE, "    chair: { role: head }\n", "", "no_chair", FILE, "casting_vote"),
    (FILE, "after: P2D", "after: PT1H", "time_out_order", FILE, "after: PT1H"),
    (FILE, "then: count", "then: approve", "body_by_silence", FILE, "then: approve"),
    (FILE, "then: reject", "then: count", "count_without_body", FILE, "{ after: P5D, then: count }"),
    (FILE, "      - key: council", "      - key: line", "twice", FILE, "      - key: line\n        when"),
    (FILE, "body: council", "body: senate", "unknown_body", FILE, "body: senate"),
    (
        FILE,
        "approvers: [requester_manager, { team: front-desk }]",
        "body: council\n        approvers: [requester_manager]",
        "two_kinds_of_approvers",
        FILE,
        "approvers: [requester_manager]",
    ),
    // Names.
    (FILE, "{ role: approver }", "{ role: approvers }", "unknown_role", FILE, "{ role: approvers }"),
    (FILE, "{ role: head }, { expression", "{ role: heads }, { expression", "unknown_role", FILE, "{ role: heads }"),
    (FILE, "team: front-desk", "team: front desk", "bad_key", FILE, "team: front desk"),
    (FILE, "person: li.lei", "person: li/lei", "bad_key", FILE, "person: li/lei"),
    // Fields and expressions.
    (FILE, "void_on: [area,", "void_on: [aera,", "unknown_field", FILE, "void_on: [aera,"),
    (FILE, "void_on: [area,", "void_on: [state,", "engine_field", FILE, "void_on: [state,"),
    (FILE, "void_on: [area,", "void_on: [door_code,", "secret_field", FILE, "void_on: [door_code,"),
    (FILE, "void_on: [area,", "void_on: [amount,", "twice", FILE, "void_on: [amount,"),
    (FILE, "from_when, amount]", "from_when]", "unwatched_field", FILE, "        when: "),
    (FILE, "amount > 1000", "ammount > 1000", "expression", FILE, "ammount > 1000"),
    (FILE, "expression: \"owner\"", "expression: \"owner +\"", "expression", FILE, "owner +"),
    // Bodies.
    (
        FILE,
        "        body: council\n        rule: majority\n",
        "        approvers: [requester_manager]\n        rule: majority\n",
        "unused_body",
        FILE,
        "  council:",
    ),
    (FILE, "rule: majority", "rule: all", "casting_vote_unused", FILE, "casting_vote"),
    // The flow.
    (DRAWING, "name=\"approval\" value=\"entry\"", "name=\"approval\" value=\"entrance\"", "unknown_approval", DRAWING, "id=\"decide\""),
    (DRAWING, "          <camunda:property name=\"approval\" value=\"entry\" />\n", "", "unused_approval", FILE, "  entry:"),
    (DRAWING, "value=\"approved,rejected\"", "value=\"approved,refused\"", "missing_outcome", DRAWING, "id=\"decide\""),
    (
        DRAWING,
        "<bpmn:startEvent id=\"start\" name=\"申请\" />",
        "<bpmn:startEvent id=\"start\" name=\"申请\"><bpmn:extensionElements><camunda:properties><camunda:property name=\"approval\" value=\"entry\" /></camunda:properties></bpmn:extensionElements></bpmn:startEvent>",
        "approval_elsewhere",
        DRAWING,
        "id=\"start\"",
    ),
    ("pack.yaml", "outcome:finish", "outcome:approved", "decided_by_approval", "pack.yaml", "outcome:approved"),
    ("pack.yaml", "outcome:finish", "outcome:approved", "impossible_outcome", "pack.yaml", "rights:"),
    // Texts.
    ("i18n/en.yaml", "approval: { entry: Permit to enter }\n", "", "missing_text", "i18n/en.yaml", ""),
    ("i18n/zh.yaml", "council: 委员会", "senate: 委员会", "unused_text", "i18n/zh.yaml", "senate"),
    ("i18n/en.yaml", "body: { council", "body: { counsel", "missing_text", "i18n/en.yaml", "body: { counsel"),
];

#[test]
fn every_fault_has_its_file_and_line() {
    let good = fixture("permit");
    let mut wrong = Vec::new();
    for (file, from, to, code, told_of, at) in CASES {
        let mut files: Files = good.clone();
        let before = String::from_utf8(files.remove(*file).unwrap()).unwrap();
        assert!(before.contains(from), "{file} does not have '{from}'");
        files.insert((*file).to_owned(), before.replacen(from, to, 1).into_bytes());
        let line = line_of(&files, told_of, at);
        let Err(defects) = Pack::load(&files) else {
            wrong.push(format!("{file} with '{to}' loads"));
            continue;
        };
        let found =
            defects.iter().any(|defect| (defect.file.as_str(), defect.code) == (*told_of, *code) && (at.is_empty() || defect.line == line));
        if !found {
            wrong.push(format!("{file} with '{to}': wanted {told_of}:{line:?} {code}, got\n{}", list(&defects)));
        }
        assert!(defects.iter().all(|defect| !defect.message.is_empty() && !defect.mend.is_empty()));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}
