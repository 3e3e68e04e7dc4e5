//! What was approved is not what it was.

use approval::{ApprovalError, Effect, Rule, Status, Stimulus, Vote, digests};
use serde_json::json;

use crate::support::{Case, definition, names, resolved, said, step};

fn watched() -> Case {
    let mut def = definition(vec![step("line", Rule::Any)]);
    def.void_on = names(&["risk", "window"]);
    Case::requested(def, &[resolved("line", &["a", "b"])])
}

fn changed(case: &Case, field: &str) -> Stimulus {
    let mut now = said(&case.def, "first");
    now.insert(field.to_owned(), "second".to_owned());
    Stimulus::Changed { digests: now }
}

#[test]
fn an_approval_is_void_when_what_it_was_for_changes() {
    let mut case = watched();
    case.yes(1, "a");
    assert!(case.state.is_approved());
    let events = case.log.len();
    case.act(&Stimulus::Changed { digests: said(&case.def, "first") }).unwrap();
    assert_eq!(case.log.len(), events, "the same is no change");
    case.act(&changed(&case, "other")).unwrap();
    assert!(case.state.is_approved(), "another field does not matter");
    case.act(&changed(&case, "window")).unwrap();
    assert_eq!(case.status(), Status::Void);
    assert_eq!(case.effects, [Effect::Voided { fields: names(&["window"]) }]);
    assert!(!case.state.is_approved());
    assert_eq!(case.vote(2, "b", Vote::Yes), Err(ApprovalError::Void));
}

#[test]
fn it_can_be_requested_anew_and_old_votes_and_seats_do_not_count() {
    let mut case = watched();
    case.act(&changed(&case, "risk")).unwrap();
    assert_eq!(case.effects[0], Effect::Excuse { step: "line".to_owned(), seats: vec![1, 2] });
    case.request(&[resolved("line", &["a", "b"])], &[]).unwrap();
    assert_eq!((case.status(), case.state.round), (Status::Open, 2));
    assert_eq!(case.vote(1, "a", Vote::Yes), Err(ApprovalError::UnknownSeat { seat: 1 }), "a link of the first round is worth nothing");
    case.yes(3, "a");
    assert!(case.state.is_approved());
}

#[test]
fn what_was_rejected_stays_rejected() {
    let mut case = watched();
    case.no(1, "a");
    case.no(2, "b");
    assert_eq!(case.status(), Status::Rejected);
    assert_eq!(case.act(&changed(&case, "risk")), Err(ApprovalError::Ended));
    assert_eq!(case.request(&[resolved("line", &["c"])], &[]), Err(ApprovalError::Ended));
}

#[test]
fn somebody_can_declare_it_void_with_a_reason() {
    let mut case = watched();
    case.yes(1, "a");
    let void = |reason: &str| Stimulus::Void { by: "operator".to_owned(), reason: reason.to_owned() };
    assert!(matches!(case.act(&void(" ")), Err(ApprovalError::Text { .. })));
    case.act(&void("it has become something else")).unwrap();
    assert_eq!(case.status(), Status::Void);
    case.act(&Stimulus::Withdraw { by: "requester".to_owned(), reason: None }).unwrap();
    assert_eq!(case.status(), Status::Withdrawn);
}

#[test]
fn digests_are_those_of_the_named_fields() {
    let mut case = watched();
    let only = |fields: &[&str]| fields.iter().map(|field| ((*field).to_owned(), "first".to_owned())).collect();
    assert_eq!(case.act(&Stimulus::Changed { digests: only(&["risk"]) }), Err(ApprovalError::Digests), "what is not told may have changed");
    let people = vec![resolved("line", &["a"])];
    for fields in [&["risk"][..], &["risk", "window", "title"]] {
        let request = Stimulus::Request { requesters: Vec::new(), steps: people.clone(), delegations: Vec::new(), digests: only(fields) };
        assert_eq!(Case::new(case.def.clone()).act(&request), Err(ApprovalError::Digests));
    }
}

#[test]
fn equal_values_have_equal_digests() {
    let fields = names(&["scope", "risk"]);
    let of = |value: serde_json::Value| digests(&fields, value.as_object().unwrap());
    let first = of(json!({ "scope": { "a": 1, "b": [{ "x": 1, "y": 2 }] }, "risk": "high", "title": "one" }));
    assert_eq!(first, of(json!({ "risk": "high", "title": "two", "scope": { "b": [{ "y": 2, "x": 1 }], "a": 1 } })));
    assert_ne!(first, of(json!({ "scope": { "a": 1, "b": [{ "x": 1, "y": 3 }] }, "risk": "high" })));
    assert_eq!(of(json!({ "risk": "low" })), of(json!({ "risk": "low", "scope": null })), "no value is no value");
    assert!(first.values().all(|digest| digest.len() == 64));
}
