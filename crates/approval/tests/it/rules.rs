//! What votes amount to, rule by rule.

use approval::{Chair, Quorum, Rule, Tally, Verdict, Vote, certain, counted};

const YES: Option<Verdict> = Some(Verdict::Approved);
const NO: Option<Verdict> = Some(Verdict::Rejected);

fn tally(yes: u32, no: u32, abstained: u32, open: u32) -> Tally {
    Tally { yes, no, abstained, open, quorum: 0, chair: Chair::None }
}

#[test]
fn a_rule_decides_as_soon_as_it_is_certain() {
    let cases = [
        // yes, no, abstained, open
        (Rule::Any, (0, 2, 0, 1), None),
        (Rule::Any, (1, 0, 0, 5), YES),
        (Rule::Any, (0, 2, 1, 0), NO),
        (Rule::First, (0, 1, 0, 5), NO),
        (Rule::First, (1, 0, 0, 5), YES),
        (Rule::First, (0, 0, 5, 1), None),
        (Rule::All, (2, 0, 0, 1), None),
        (Rule::All, (2, 0, 1, 0), YES),
        (Rule::All, (0, 1, 0, 9), NO),
        (Rule::All, (0, 0, 3, 0), NO),
        (Rule::Majority, (2, 0, 0, 1), YES),
        (Rule::Majority, (2, 0, 0, 2), None),
        (Rule::Majority, (1, 1, 0, 0), NO),
        (Rule::Majority, (0, 2, 0, 2), NO),
        (Rule::Majority, (1, 0, 2, 0), YES),
        (Rule::AtLeast(2), (2, 1, 0, 0), YES),
        (Rule::AtLeast(2), (1, 0, 1, 0), NO),
        (Rule::AtLeast(2), (0, 3, 0, 2), None),
        (Rule::AtLeast(2), (0, 3, 0, 1), NO),
        // Two thirds of four are 2.67 people: three.
        (Rule::Percent(66), (2, 1, 0, 1), None),
        (Rule::Percent(66), (2, 2, 0, 0), NO),
        (Rule::Percent(66), (3, 1, 0, 0), YES),
        // Half is enough at fifty, and not at fifty-one.
        (Rule::Percent(50), (1, 1, 0, 0), YES),
        (Rule::Percent(51), (1, 1, 0, 0), NO),
        (Rule::Percent(100), (1, 0, 2, 0), YES),
        (Rule::Percent(1), (0, 0, 3, 0), NO),
    ];
    for (rule, (yes, no, abstained, open), wanted) in cases {
        let votes = tally(yes, no, abstained, open);
        assert_eq!(certain(rule, &votes), wanted, "{rule:?} with {votes:?}");
    }
}

#[test]
fn without_a_quorum_nothing_passes() {
    let votes = Tally { quorum: 3, ..tally(2, 0, 0, 2) };
    assert_eq!(certain(Rule::Any, &votes), None);
    assert_eq!(counted(Rule::Any, &votes), Verdict::Rejected);
    assert_eq!(certain(Rule::Any, &Tally { abstained: 1, ..votes }), YES, "who abstains is there");
    assert_eq!(certain(Rule::Any, &Tally { open: 0, ..votes }), NO);
    assert!(Tally { open: 0, ..votes }.lacks_quorum());
}

#[test]
fn a_share_of_people_is_rounded_up() {
    let half = |seats| Quorum::Percent(50).of(seats);
    assert_eq!([1, 2, 3, 4, 5].map(half), [1, 1, 2, 2, 3]);
    assert_eq!(Quorum::Percent(67).of(3), 3);
    assert_eq!(Quorum::Members(4).of(9), 4);
}

#[test]
fn at_a_tie_the_chairs_own_vote_decides() {
    let with = |vote| Tally { chair: Chair::Cast(vote), ..tally(2, 2, 0, 0) };
    assert_eq!(certain(Rule::Majority, &with(Vote::Yes)), YES);
    assert_eq!(certain(Rule::Majority, &with(Vote::No)), NO);
    assert_eq!(certain(Rule::Majority, &with(Vote::Abstain)), NO);
    // One yes of the chair and one open seat: a no would make the tie that the chair has decided.
    assert_eq!(certain(Rule::Majority, &Tally { chair: Chair::Cast(Vote::Yes), ..tally(1, 0, 0, 1) }), YES);
    // The chair has not voted: a tie could still go either way.
    assert_eq!(certain(Rule::Majority, &Tally { chair: Chair::Open, ..tally(1, 2, 0, 1) }), None);
}

#[test]
fn a_vote_that_is_closed_is_counted_as_it_stands() {
    assert_eq!(counted(Rule::Majority, &tally(1, 0, 0, 8)), Verdict::Approved);
    assert_eq!(counted(Rule::Majority, &tally(0, 0, 0, 8)), Verdict::Rejected);
    assert_eq!(counted(Rule::Percent(60), &tally(2, 1, 3, 8)), Verdict::Approved);
    assert_eq!(counted(Rule::All, &tally(2, 0, 1, 0)), Verdict::Approved);
    assert_eq!(counted(Rule::All, &tally(2, 0, 0, 1)), Verdict::Rejected, "who is silent does not agree");
}
