//! Voting for somebody else.

use approval::{ApprovalError, Rule, Stimulus, Vote};

use crate::support::{Case, definition, delegation, resolved, step};

fn case(rule: Rule, people: &[&str], delegations: &[approval::Delegation]) -> Case {
    let mut case = Case::new(definition(vec![step("line", rule)]));
    case.request(&[resolved("line", people)], delegations).unwrap();
    case
}

#[test]
fn a_delegate_votes_within_the_dates() {
    let mut case = case(Rule::All, &["a", "b"], &[delegation("a", "d", 10, 20)]);
    let not_yours = Err(ApprovalError::NotYourSeat { seat: 1 });
    case.now = 9;
    assert_eq!(case.vote(1, "d", Vote::Yes), not_yours);
    assert_eq!(case.state.seats_for(&case.def, "d", 9), [0_u32; 0]);
    case.now = 20;
    assert_eq!(case.vote(1, "d", Vote::Yes), not_yours);
    case.now = 10;
    assert_eq!(case.state.seats_for(&case.def, "d", 10), [1]);
    case.yes(1, "d");
    assert_eq!(case.vote(1, "a", Vote::No), Err(ApprovalError::AlreadyVoted { seat: 1 }), "the seat has its vote");
    assert_eq!(case.vote(2, "d", Vote::Yes), Err(ApprovalError::NotYourSeat { seat: 2 }));
}

#[test]
fn a_delegate_with_a_seat_of_their_own_votes_on_that_alone() {
    let mut case = case(Rule::AtLeast(2), &["a", "b", "c"], &[delegation("a", "b", 0, 9)]);
    assert_eq!(case.vote(1, "b", Vote::Yes), Err(ApprovalError::OneVote));
    case.yes(2, "b");
    assert_eq!(case.vote(1, "b", Vote::Yes), Err(ApprovalError::OneVote));
    assert!(!case.state.is_approved(), "two of three are two people");
}

#[test]
fn a_delegate_of_two_votes_for_one() {
    let mut case = case(Rule::All, &["a", "b"], &[delegation("a", "d", 0, 9), delegation("b", "d", 0, 9)]);
    assert_eq!(case.state.seats_for(&case.def, "d", 0), [1, 2]);
    case.yes(2, "d");
    assert_eq!(case.vote(1, "d", Vote::Yes), Err(ApprovalError::OneVote));
    assert_eq!(case.state.seats_for(&case.def, "d", 0), [0_u32; 0]);
}

#[test]
fn whoever_requests_it_decides_for_nobody_else_neither() {
    let mut case = case(Rule::Any, &["a"], &[delegation("a", "requester", 0, 9)]);
    assert_eq!(case.vote(1, "requester", Vote::Yes), Err(ApprovalError::OwnRequest));
}

#[test]
fn delegates_do_not_chain() {
    let mut case = case(Rule::Any, &["a"], &[delegation("a", "d", 0, 9), delegation("d", "e", 0, 9)]);
    assert_eq!(case.vote(1, "e", Vote::Yes), Err(ApprovalError::NotYourSeat { seat: 1 }));
}

#[test]
fn in_another_step_a_delegate_counts_as_anybody_does() {
    let mut def = definition(vec![step("line", Rule::Any), step("owner", Rule::Any)]);
    let people = [resolved("line", &["a"]), resolved("owner", &["b"])];
    let mandate = [delegation("a", "d", 0, 9), delegation("b", "d", 0, 9), delegation("a", "b", 0, 9)];
    let mut once = Case::new(def.clone());
    once.request(&people, &mandate).unwrap();
    assert_eq!(once.vote(1, "b", Vote::Yes), Err(ApprovalError::CountedElsewhere), "a seat of their own waits for them");
    once.yes(1, "d");
    assert_eq!(once.vote(2, "d", Vote::Yes), Err(ApprovalError::CountedElsewhere));
    def.counts_in_several_steps = true;
    let mut both = Case::new(def);
    both.request(&people, &mandate).unwrap();
    both.yes(1, "d");
    both.yes(2, "d");
    assert!(both.state.is_approved());
}

#[test]
fn a_delegate_can_be_named_later_changed_and_taken_back() {
    let mut case = case(Rule::All, &["a", "b"], &[]);
    let name = |from, until| Stimulus::Delegate { delegation: delegation("a", "d", from, until) };
    case.act(&name(5, 6)).unwrap();
    case.act(&name(0, 9)).unwrap();
    assert_eq!(case.state.delegations, [delegation("a", "d", 0, 9)]);
    let back = Stimulus::Undelegate { person: "a".to_owned(), delegate: "d".to_owned() };
    case.act(&back).unwrap();
    assert_eq!(case.vote(1, "d", Vote::Yes), Err(ApprovalError::NotYourSeat { seat: 1 }));
    assert!(matches!(case.act(&back), Err(ApprovalError::NotDelegated { .. })));
    assert_eq!(case.act(&name(9, 9)), Err(ApprovalError::EmptyDelegation));
    case.now = 9;
    assert_eq!(case.act(&name(0, 9)), Err(ApprovalError::EmptyDelegation), "it is over");
    let own = Stimulus::Delegate { delegation: delegation("a", "a", 0, 99) };
    assert_eq!(case.act(&own), Err(ApprovalError::EmptyDelegation));
    case.yes(1, "a");
    assert!(matches!(case.act(&name(0, 99)), Err(ApprovalError::NothingToDelegate { .. })));
    let stranger = Stimulus::Delegate { delegation: delegation("x", "d", 0, 99) };
    assert!(matches!(case.act(&stranger), Err(ApprovalError::NothingToDelegate { .. })));
}

#[test]
fn when_somebody_leaves_so_do_their_delegations() {
    let mut case = case(Rule::All, &["a", "b"], &[delegation("a", "d", 0, 9), delegation("b", "e", 0, 9)]);
    case.depart("a");
    assert_eq!(case.vote(1, "d", Vote::Yes), Err(ApprovalError::SeatLeft { seat: 1 }));
    case.depart("e");
    assert_eq!(case.vote(2, "e", Vote::Yes), Err(ApprovalError::NotYourSeat { seat: 2 }));
    assert_eq!(case.state.delegations, []);
}
