//! Committees: quorum, casting vote, closing, minutes.

use approval::{ApprovalError, Cause, Event, Quorum, Resolved, Rule, Status, Stimulus, Verdict, Vote};

use crate::support::{Case, board_step, definition, delegation, resolved, step, with_board};

fn seated(people: &[&str]) -> Resolved {
    Resolved { chair: Some("chair".to_owned()), ..resolved("board", people) }
}

fn board(rule: Rule, quorum: u32, casting: bool, people: &[&str]) -> Case {
    Case::requested(with_board(definition(vec![board_step("board", rule)]), quorum, casting), &[seated(people)])
}

fn close(by: &str) -> Stimulus {
    Stimulus::Close { step: "board".to_owned(), by: by.to_owned() }
}

#[test]
fn the_chair_has_a_seat_whether_named_among_the_members_or_not() {
    let apart = board(Rule::Majority, 2, false, &["a", "b"]);
    let among = board(Rule::Majority, 2, false, &["a", "chair", "b"]);
    for case in [apart, among] {
        let seats = &case.state.step("board").unwrap().seats;
        assert_eq!(seats.len(), 3);
        assert_eq!(seats.iter().filter(|seat| seat.chair).count(), 1);
    }
}

#[test]
fn the_quorum_is_a_number_from_the_request_on() {
    let mut def = with_board(definition(vec![board_step("board", Rule::Any)]), 1, false);
    def.bodies.get_mut("board").unwrap().quorum = Some(Quorum::Percent(50));
    let mut case = Case::requested(def, &[seated(&["a", "b", "c", "d"])]);
    assert_eq!(case.state.step("board").unwrap().quorum, 3, "half of five, rounded up");
    case.yes(1, "a");
    assert_eq!(case.status(), Status::Open, "one of three who must vote");
    case.depart("c");
    case.depart("d");
    case.vote(2, "b", Vote::Abstain).unwrap();
    assert_eq!(case.status(), Status::Open);
    case.depart("chair");
    assert_eq!(case.status(), Status::Rejected);
    assert_eq!(case.state.step("board").unwrap().cause, Some(Cause::Quorum));
}

#[test]
fn the_chair_decides_a_tie_by_their_own_vote() {
    for (chair, verdict) in [(Vote::Yes, Verdict::Approved), (Vote::No, Verdict::Rejected)] {
        let mut case = board(Rule::Majority, 2, true, &["a"]);
        case.vote(1, "a", if chair == Vote::Yes { Vote::No } else { Vote::Yes }).unwrap();
        case.vote(2, "chair", chair).unwrap();
        assert_eq!(case.verdicts(), [verdict]);
    }
    let mut without = board(Rule::Majority, 2, false, &["a"]);
    without.no(1, "a");
    assert_eq!(without.status(), Status::Rejected, "at best it would be a tie, and a tie is no majority");
}

#[test]
fn the_chair_closes_the_vote_and_it_is_counted_as_it_stands() {
    let mut case = board(Rule::Majority, 2, false, &["a", "b", "c", "d"]);
    case.yes(1, "a");
    case.vote(2, "b", Vote::Abstain).unwrap();
    assert_eq!(case.act(&close("a")), Err(ApprovalError::NotTheChair { step: "board".to_owned() }));
    case.act(&close("chair")).unwrap();
    assert!(case.state.is_approved());
    let closed =
        case.log.iter().find_map(|event| if let Event::StepClosed { by, cause, .. } = event { Some((by.clone(), *cause)) } else { None });
    assert_eq!(closed, Some((Some("chair".to_owned()), Cause::Counted)));
    let mut few = board(Rule::Majority, 2, false, &["a", "b", "c", "d"]);
    few.yes(1, "a");
    few.act(&close("chair")).unwrap();
    assert_eq!(few.status(), Status::Rejected, "there was no quorum");
}

#[test]
fn who_stands_in_for_the_chair_presides() {
    let def = with_board(definition(vec![board_step("board", Rule::Majority)]), 1, true);
    let mut case = Case::new(def);
    case.request(&[seated(&["a", "b"])], &[delegation("chair", "d", 0, 9)]).unwrap();
    case.no(1, "a");
    case.yes(3, "d");
    case.act(&close("d")).unwrap();
    assert!(case.state.is_approved(), "the casting vote goes with the seat");
}

#[test]
fn who_requests_it_does_not_close_the_vote_as_somebodys_delegate() {
    let def = with_board(definition(vec![board_step("board", Rule::Majority)]), 2, true);
    let mut case = Case::new(def);
    let seats = Resolved { chair: Some("chair".to_owned()), ..resolved("board", &["a", "b", "c"]) };
    case.request(&[seats], &[delegation("chair", "requester", 0, i64::MAX)]).unwrap();
    assert_eq!(case.act(&close("requester")), Err(ApprovalError::OwnRequest));
    assert_eq!(case.status(), Status::Open);
}

#[test]
fn a_body_whose_chair_is_not_found_is_not_asked() {
    let def = with_board(definition(vec![board_step("board", Rule::Majority)]), 1, true);
    let refused = Case::new(def.clone()).request(&[resolved("board", &["a"])], &[]);
    assert_eq!(refused, Err(ApprovalError::NoChair { step: "board".to_owned() }));
    // A chair who requests it has no seat, so there is nobody to close the vote or break a tie.
    let mut own = Case::requested(def, &[Resolved { chair: Some("requester".to_owned()), ..resolved("board", &["a", "b"]) }]);
    assert!(matches!(own.act(&close("requester")), Err(ApprovalError::NotTheChair { .. })));
    own.yes(1, "a");
    own.no(2, "b");
    assert_eq!(own.status(), Status::Rejected);
}

#[test]
fn minutes_are_kept_also_after_the_vote() {
    let mut case = board(Rule::Majority, 1, false, &["a", "b"]);
    let note = |text: &str| Stimulus::Minute { step: "board".to_owned(), by: "clerk".to_owned(), text: text.to_owned() };
    case.act(&note("a asks for a test")).unwrap();
    case.yes(1, "a");
    case.yes(2, "b");
    case.act(&note(" the test is done first ")).unwrap();
    assert!(case.state.is_approved());
    let texts: Vec<&str> = case.state.minutes.iter().map(|minute| minute.text.as_str()).collect();
    assert_eq!(texts, ["a asks for a test", "the test is done first"]);
    assert!(matches!(case.act(&note("  ")), Err(ApprovalError::Text { .. })));
    let mut people = Case::requested(definition(vec![step("line", Rule::Any)]), &[resolved("line", &["a"])]);
    let note = Stimulus::Minute { step: "line".to_owned(), by: "a".to_owned(), text: "no".to_owned() };
    assert_eq!(people.act(&note), Err(ApprovalError::NoBody { step: "line".to_owned() }));
}
