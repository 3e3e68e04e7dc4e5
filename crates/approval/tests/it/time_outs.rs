//! What happens when it takes too long.

use approval::{ApprovalError, Cause, Effect, MOST_SEATS, Rule, Status, Stimulus, Then, Vote};

use crate::support::{Case, board_step, boss, definition, resolved, step, time_out, with_board};

fn waiting(rule: Rule, list: Vec<approval::TimeOut>, people: &[&str]) -> Case {
    let mut one = step("line", rule);
    one.time_outs = list;
    Case::requested(definition(vec![one]), &[resolved("line", people)])
}

#[test]
fn a_reminder_goes_to_those_who_have_not_voted() {
    let mut case = waiting(Rule::All, vec![time_out(10, Then::Remind), time_out(20, Then::Reject)], &["a", "b"]);
    assert_eq!(case.state.next_due().map(|(step, due)| (step, due.index, due.at)), Some(("line", 0, 10)));
    case.yes(1, "a");
    assert_eq!(case.time_out("line", 0, &[]), Err(ApprovalError::NotDue { step: "line".to_owned(), due: 10 }));
    case.now = 15;
    case.time_out("line", 0, &[]).unwrap();
    assert_eq!(case.effects, [Effect::Remind { step: "line".to_owned(), seats: vec![2] }]);
    // The next one counts from the opening, however late this one was.
    assert_eq!(case.state.next_due().map(|(_, due)| (due.index, due.at)), Some((1, 20)));
    assert!(matches!(case.time_out("line", 0, &[]), Err(ApprovalError::NoTimeOut { .. })), "each comes once");
    case.now = 20;
    case.time_out("line", 1, &[]).unwrap();
    assert_eq!((case.status(), case.state.step("line").unwrap().cause), (Status::Rejected, Some(Cause::TimeOut)));
    assert_eq!(case.state.next_due(), None);
}

#[test]
fn silence_is_consent_only_where_the_definition_says_so() {
    let mut case = waiting(Rule::AtLeast(2), vec![time_out(10, Then::Approve)], &["a", "b", "c"]);
    case.no(1, "a");
    case.now = 10;
    case.time_out("line", 0, &[]).unwrap();
    assert!(case.state.is_approved());
    assert_eq!(case.state.step("line").unwrap().cause, Some(Cause::TimeOut));
}

#[test]
fn whom_it_is_escalated_to_decides_and_the_others_may_still() {
    let list = || vec![time_out(10, boss()), time_out(20, Then::Reject)];
    let escalated = || {
        let mut case = waiting(Rule::All, list(), &["a", "b"]);
        case.now = 10;
        case.time_out("line", 0, &["a", "boss", "requester"]).unwrap();
        assert_eq!(case.effects, [Effect::Ask { step: "line".to_owned(), seats: vec![3] }], "a sits there, a requester never does");
        case
    };
    let mut by_boss = escalated();
    by_boss.yes(3, "boss");
    assert_eq!(by_boss.state.step("line").unwrap().cause, Some(Cause::Escalation));
    assert!(by_boss.state.is_approved());
    let mut refused = escalated();
    refused.yes(1, "a");
    refused.no(3, "boss");
    assert_eq!(refused.status(), Status::Rejected);
    let mut by_others = escalated();
    by_others.yes(1, "a");
    by_others.yes(2, "b");
    assert_eq!(by_others.state.step("line").unwrap().cause, Some(Cause::Votes));
    let mut left = escalated();
    left.depart("a");
    left.depart("b");
    assert_eq!(left.status(), Status::Open, "the boss is still there");
    left.vote(3, "boss", Vote::Abstain).unwrap();
    assert_eq!(left.status(), Status::Rejected);
}

#[test]
fn with_nobody_to_escalate_to_it_stays_open_and_says_so() {
    let mut case = waiting(Rule::All, vec![time_out(10, boss()), time_out(20, Then::Reject)], &["a"]);
    case.now = 10;
    case.time_out("line", 0, &[]).unwrap();
    assert_eq!(case.effects, [Effect::NobodyToEscalateTo { step: "line".to_owned() }]);
    assert_eq!(case.status(), Status::Open);
    assert_eq!(case.state.next_due().map(|(_, due)| due.at), Some(20));
}

#[test]
fn an_escalation_to_a_crowd_gives_out_as_many_seats_as_there_are() {
    let mut case = waiting(Rule::All, vec![time_out(10, boss())], &["a"]);
    case.now = 10;
    let crowd: Vec<String> = (0..500).map(|number| format!("p{number}")).collect();
    case.act(&Stimulus::TimeOut { step: "line".to_owned(), index: 0, people: crowd }).unwrap();
    assert_eq!(case.state.step("line").unwrap().seats.len(), MOST_SEATS);
    case.yes(2, "p0");
    assert!(case.state.is_approved());
}

#[test]
fn a_body_can_be_counted_when_its_time_is_over() {
    let mut one = board_step("board", Rule::Percent(60));
    one.time_outs = vec![time_out(10, Then::Count)];
    let people = approval::Resolved { chair: Some("a".to_owned()), ..resolved("board", &["a", "b", "c", "d", "e", "f"]) };
    let mut case = Case::requested(with_board(definition(vec![one]), 3, false), &[people]);
    case.yes(1, "a");
    case.no(2, "b");
    case.yes(3, "c");
    case.now = 10;
    case.time_out("board", 0, &[]).unwrap();
    assert!(case.state.is_approved(), "two of three is more than sixty percent");
    assert_eq!(case.state.step("board").unwrap().cause, Some(Cause::Counted));
}
