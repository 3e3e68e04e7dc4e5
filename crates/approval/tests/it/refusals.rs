//! What is refused, and that a refusal says why.

use std::collections::BTreeMap;

use approval::{Approval, ApprovalError, MOST_REASON, MOST_SEATS, Resolved, Rule, SEMANTICS, Status, Stimulus, Vote, approve};

use crate::support::{Case, board_step, definition, delegation, resolved, step, with_board};

#[test]
fn a_no_needs_a_reason() {
    let mut case = Case::requested(definition(vec![step("line", Rule::All)]), &[resolved("line", &["a"])]);
    let vote = |vote, reason: Option<&str>| Stimulus::Vote { seat: 1, by: "a".to_owned(), vote, reason: reason.map(str::to_owned) };
    for reason in [None, Some(""), Some(" \n\t"), Some("\u{3000}")] {
        assert_eq!(case.act(&vote(Vote::No, reason)), Err(ApprovalError::ReasonNeeded));
    }
    let long = "长".repeat(MOST_REASON + 1);
    assert_eq!(case.act(&vote(Vote::No, Some(&long))), Err(ApprovalError::Text { most: MOST_REASON }));
    case.act(&vote(Vote::No, Some("too risky"))).unwrap();
    assert_eq!(case.status(), Status::Rejected);
}

#[test]
fn people_must_be_those_of_the_steps() {
    let def = definition(vec![step("line", Rule::Any), step("owner", Rule::Any)]);
    let request = |people: &[Resolved]| Case::new(def.clone()).request(people, &[]);
    let (line, owner) = (resolved("line", &["a"]), resolved("owner", &["b"]));
    let unresolved = |step: &str| Err(ApprovalError::Unresolved { step: step.to_owned() });
    assert_eq!(request(&[]), unresolved("line"));
    assert_eq!(request(std::slice::from_ref(&line)), unresolved("owner"));
    assert_eq!(request(&[owner.clone(), line.clone()]), unresolved("line"));
    let more = [line.clone(), owner.clone(), resolved("third", &["c"])];
    assert_eq!(request(&more), Err(ApprovalError::UnknownStep { step: "third".to_owned() }));
    assert_eq!(request(&[resolved("line", &[]), owner]), Err(ApprovalError::NoSeat { step: "line".to_owned() }));
    // The machine does not rely on somebody having checked the definition.
    let none = approve(&definition(Vec::new()), &Approval::default(), &ask_nobody(), 0);
    assert_eq!(none, Err(ApprovalError::NobodyDecides));
}

fn ask_nobody() -> Stimulus {
    Stimulus::Request { requesters: Vec::new(), steps: Vec::new(), delegations: Vec::new(), digests: BTreeMap::new() }
}

#[test]
fn what_nobody_could_approve_is_not_requested() {
    let mut case = Case::new(definition(vec![step("line", Rule::AtLeast(3))]));
    let twice = resolved("line", &["a", "b", "a", "requester"]);
    assert_eq!(case.request(&[twice], &[]), Err(ApprovalError::Unreachable { step: "line".to_owned(), seats: 2 }));
    let mut body = Case::new(with_board(definition(vec![board_step("board", Rule::Any)]), 5, false));
    let few = Resolved { chair: Some("a".to_owned()), ..resolved("board", &["a", "b"]) };
    assert_eq!(body.request(&[few], &[]), Err(ApprovalError::Unreachable { step: "board".to_owned(), seats: 2 }));
}

#[test]
fn lists_are_bounded() {
    let many: Vec<String> = (0..=MOST_SEATS).map(|number| format!("p{number}")).collect();
    let people = Resolved { people: many, ..resolved("line", &[]) };
    let refused = Case::new(definition(vec![step("line", Rule::Any)])).request(&[people], &[]);
    assert!(matches!(refused, Err(ApprovalError::TooMany { what: "seats", .. })));
    let steps = (0..30).map(|number| step(&format!("s{number}"), Rule::Any)).collect();
    let refused = approve(&definition(steps), &Approval::default(), &ask_nobody(), 0);
    assert!(matches!(refused, Err(ApprovalError::TooMany { what: "steps", .. })));
}

#[test]
fn each_life_takes_what_fits_it() {
    let def = definition(vec![step("line", Rule::Any)]);
    let mut case = Case::new(def);
    let withdraw = Stimulus::Withdraw { by: "requester".to_owned(), reason: None };
    assert_eq!(case.act(&withdraw), Err(ApprovalError::NotRequested));
    assert_eq!(case.state.may_vote(&case.def, 1, "a", 0), Err(ApprovalError::NotRequested));
    assert_eq!(case.request(&[resolved("line", &["a"])], &[delegation("a", "a", 0, 1)]), Err(ApprovalError::EmptyDelegation));
    case.request(&[resolved("line", &["a"])], &[]).unwrap();
    assert_eq!(case.request(&[resolved("line", &["a"])], &[]), Err(ApprovalError::AlreadyRequested));
    assert_eq!(case.state.may_vote(&case.def, 1, "a", 0), Ok(()));
    case.yes(1, "a");
    assert_eq!(case.act(&withdraw), Err(ApprovalError::Decided));
    assert_eq!(case.state.may_vote(&case.def, 1, "a", 0), Err(ApprovalError::Decided));
}

#[test]
fn another_version_is_not_guessed_at() {
    let mut case = Case::requested(definition(vec![step("line", Rule::Any)]), &[resolved("line", &["a"])]);
    case.def.steps[0].key = "other".to_owned();
    assert!(matches!(case.vote(1, "a", Vote::Yes), Err(ApprovalError::UnknownStep { .. })));
    case.state.semantics = SEMANTICS + 1;
    assert!(matches!(case.vote(1, "a", Vote::Yes), Err(ApprovalError::Semantics { .. })));
}

#[test]
fn damaged_events_do_not_stop_the_fold() {
    let mut state = Approval::default();
    let text = r#"[{"e":"voted","seat":7,"by":"a","vote":"yes","at":1},{"e":"step_closed","step":"x","verdict":"approved","cause":"votes","at":1},
        {"e":"timed_out","step":"x","index":4294967295,"at":1,"due":2},{"e":"step_opened","step":"x","at":1}]"#;
    for event in serde_json::from_str::<Vec<approval::Event>>(text).unwrap() {
        state.apply(&event);
    }
    assert_eq!(state, Approval::default());
}
