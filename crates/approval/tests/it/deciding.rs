//! From the request to the decision: what is asked of whom, and when it is over.

use approval::{ApprovalError, Cause, Dropped, Effect, Event, Order, Rule, Status, StepStatus, Verdict, Vote, Why};

use crate::support::{Case, definition, resolved, step};

fn ask(step: &str, seats: &[u32]) -> Effect {
    Effect::Ask { step: step.to_owned(), seats: seats.to_vec() }
}

fn excuse(step: &str, seats: &[u32]) -> Effect {
    Effect::Excuse { step: step.to_owned(), seats: seats.to_vec() }
}

#[test]
fn steps_come_one_after_another() {
    let def = definition(vec![step("line", Rule::First), step("owner", Rule::All)]);
    let mut case = Case::requested(def, &[resolved("line", &["a", "b"]), resolved("owner", &["c", "d"])]);
    assert_eq!(case.effects, [ask("line", &[1, 2])]);
    assert_eq!(case.vote(3, "c", Vote::Yes), Err(ApprovalError::StepNotOpen { step: "owner".to_owned() }));
    case.yes(2, "b");
    assert_eq!(case.effects, [excuse("line", &[1]), ask("owner", &[3, 4])]);
    assert_eq!(case.vote(1, "a", Vote::No), Err(ApprovalError::StepNotOpen { step: "line".to_owned() }));
    case.yes(3, "c");
    assert_eq!(case.effects, []);
    assert_eq!(case.status(), Status::Open);
    case.yes(4, "d");
    assert_eq!(case.effects, [Effect::Decided { verdict: Verdict::Approved }]);
    assert!(case.state.is_approved());
    assert_eq!(case.vote(4, "d", Vote::No), Err(ApprovalError::Decided));
}

#[test]
fn a_rejection_ends_everything_at_once() {
    let mut def = definition(vec![step("line", Rule::All), step("owner", Rule::All)]);
    def.order = Order::Parallel;
    let mut case = Case::requested(def, &[resolved("line", &["a", "b"]), resolved("owner", &["c", "d"])]);
    assert_eq!(case.effects, [ask("line", &[1, 2]), ask("owner", &[3, 4])]);
    case.yes(3, "c");
    case.no(1, "a");
    assert_eq!(case.effects, [excuse("line", &[2]), excuse("owner", &[4]), Effect::Decided { verdict: Verdict::Rejected }]);
    assert_eq!(case.status(), Status::Rejected);
    assert_eq!(case.state.step("owner").unwrap().status, StepStatus::Stopped);
    assert_eq!(case.vote(4, "d", Vote::Yes), Err(ApprovalError::Ended));
    assert_eq!(case.verdicts(), [Verdict::Rejected]);
    let (_, seat) = case.state.seat(1).unwrap();
    assert_eq!(seat.cast.as_ref().unwrap().reason.as_deref(), Some("because"));
}

#[test]
fn whoever_requests_it_does_not_decide() {
    let mut def = definition(vec![step("line", Rule::All)]);
    let people = [resolved("line", &["a", "requester"])];
    let case = Case::requested(def.clone(), &people);
    let Some(Event::Requested { steps, .. }) = case.log.first() else { panic!() };
    assert_eq!(steps[0].dropped, [Dropped { person: "requester".to_owned(), why: Why::Requester }]);
    assert_eq!(case.state.step("line").unwrap().seats.len(), 1);
    // Alone, nobody would be left to decide: that is refused, not passed.
    let mut alone = Case::new(def.clone());
    let refused = alone.request(&[resolved("line", &["requester"])], &[]);
    assert_eq!(refused, Err(ApprovalError::NoSeat { step: "line".to_owned() }));
    assert_eq!(alone.status(), Status::New);
    def.requester_may_approve = true;
    let mut allowed = Case::requested(def, &[resolved("line", &["requester"])]);
    allowed.yes(1, "requester");
    assert!(allowed.state.is_approved());
}

#[test]
fn one_person_counts_in_one_step_unless_the_definition_says_otherwise() {
    let mut def = definition(vec![step("line", Rule::Any), step("owner", Rule::Any)]);
    let people = [resolved("line", &["a"]), resolved("owner", &["a", "b"])];
    let mut once = Case::requested(def.clone(), &people);
    let Some(Event::Requested { steps, .. }) = once.log.first() else { panic!() };
    assert_eq!(steps[1].dropped, [Dropped { person: "a".to_owned(), why: Why::OtherStep }]);
    once.yes(1, "a");
    assert_eq!(once.state.step("owner").unwrap().open_seats(), [2]);
    let refused = Case::new(def.clone()).request(&[resolved("line", &["a"]), resolved("owner", &["a"])], &[]);
    assert_eq!(refused, Err(ApprovalError::NoSeat { step: "owner".to_owned() }));
    def.counts_in_several_steps = true;
    let mut both = Case::requested(def, &people);
    both.yes(1, "a");
    both.yes(2, "a");
    assert!(both.state.is_approved());
}

#[test]
fn a_step_that_is_not_needed_is_left_out() {
    let mut def = definition(vec![step("line", Rule::Any), step("money", Rule::Any)]);
    def.steps[1].when = Some("amount > 1000".to_owned());
    let mut people = [resolved("line", &["a"]), resolved("money", &[])];
    people[1].skipped = true;
    let mut case = Case::requested(def.clone(), &people);
    case.yes(1, "a");
    assert!(case.state.is_approved());
    assert_eq!(case.state.step("money").unwrap().status, StepStatus::Skipped);
    // Only what says when it is needed may be left out, and never everything.
    people[0].skipped = true;
    let refused = Case::new(def.clone()).request(&people, &[]);
    assert_eq!(refused, Err(ApprovalError::Unresolved { step: "line".to_owned() }));
    def.steps[0].when = Some("amount > 0".to_owned());
    assert_eq!(Case::new(def).request(&people, &[]), Err(ApprovalError::NobodyDecides));
}

#[test]
fn who_leaves_counts_no_more_and_their_vote_stands() {
    let def = definition(vec![step("line", Rule::All)]);
    let people = [resolved("line", &["a", "b", "c"])];
    let mut case = Case::requested(def.clone(), &people);
    case.yes(1, "a");
    case.yes(2, "b");
    case.depart("a");
    assert_eq!(case.status(), Status::Open);
    assert_eq!(case.log.len(), 4, "who has voted leaves no trace");
    case.depart("c");
    assert!(case.state.is_approved());
    // When nobody is left to say yes, it is rejected, never passed.
    let mut empty = Case::requested(def, &people);
    for person in ["a", "b", "c"] {
        empty.depart(person);
    }
    assert_eq!(empty.status(), Status::Rejected);
    assert_eq!(empty.state.step("line").unwrap().cause, Some(Cause::Votes));
}

#[test]
fn a_later_step_whose_people_have_left_rejects_when_its_turn_comes() {
    let def = definition(vec![step("line", Rule::Any), step("owner", Rule::Any)]);
    let mut case = Case::requested(def, &[resolved("line", &["a"]), resolved("owner", &["b"])]);
    case.depart("b");
    assert_eq!(case.status(), Status::Open);
    case.yes(1, "a");
    assert_eq!(case.status(), Status::Rejected);
}

#[test]
fn it_can_be_taken_back_while_it_is_open() {
    let mut case = Case::requested(definition(vec![step("line", Rule::Any)]), &[resolved("line", &["a", "b"])]);
    let withdraw = approval::Stimulus::Withdraw { by: "requester".to_owned(), reason: Some(" not needed ".to_owned()) };
    case.act(&withdraw).unwrap();
    assert_eq!(case.effects, [excuse("line", &[1, 2])]);
    assert_eq!(case.status(), Status::Withdrawn);
    assert!(matches!(case.log.last(), Some(Event::Withdrawn { reason, .. }) if reason.as_deref() == Some("not needed")));
    assert_eq!(case.act(&withdraw), Err(ApprovalError::Ended));
    assert_eq!(case.request(&[resolved("line", &["a"])], &[]), Err(ApprovalError::Ended));
}
