//! What must hold of every approval, worked out anew and by other means than the crate does: rules by trying every way in
//! which open votes can still go, everything else from the log of events.

use std::collections::{BTreeMap, BTreeSet};

use approval::{Approval, Body, Cause, Definition, Event, Rule, Seat, Status, Step, StepState, StepStatus, Then, Verdict, Vote};

/// Most open seats whose every way is tried.
const MOST_TRIED: usize = 6;

/// A ballot: whether it is the chair's with a casting vote, and what was said.
type Ballot = (bool, Vote);

fn ballots(state: &StepState, body: Option<&Body>) -> (Vec<Ballot>, Vec<bool>) {
    let casting = body.is_some_and(|body| body.casting_vote);
    let counted: Vec<&Seat> = state.seats.iter().filter(|seat| !seat.escalated && !seat.left).collect();
    let cast = counted.iter().filter_map(|seat| Some((seat.chair && casting, seat.cast.as_ref()?.vote)));
    let open = counted.iter().filter(|seat| seat.cast.is_none()).map(|seat| seat.chair && casting);
    (cast.collect(), open.collect())
}

/// Whether these ballots, and no others, pass.
fn pass(rule: Rule, ballots: &[Ballot], quorum: u32) -> bool {
    let number = |wanted: Vote| u32::try_from(ballots.iter().filter(|(_, vote)| *vote == wanted).count()).unwrap();
    let (yes, no) = (number(Vote::Yes), number(Vote::No));
    if u32::try_from(ballots.len()).unwrap() < quorum || yes == 0 {
        return false;
    }
    match rule {
        Rule::Any => true,
        Rule::First | Rule::All => no == 0,
        Rule::Majority if yes == no => ballots.contains(&(true, Vote::Yes)),
        Rule::Majority => yes > no,
        Rule::AtLeast(wanted) => (0..yes).count() >= wanted as usize,
        Rule::Percent(share) => f64::from(yes) / f64::from(yes + no) >= f64::from(share) / 100.0 - 1e-9,
    }
}

/// Every way in which open seats can still go: yes, no, abstain, or nobody comes.
fn ways(cast: &[Ballot], open: &[bool], found: &mut Vec<Vec<Ballot>>) {
    let Some((chair, rest)) = open.split_first() else {
        found.push(cast.to_vec());
        return;
    };
    for vote in [Some(Vote::Yes), Some(Vote::No), Some(Vote::Abstain), None] {
        let mut next = cast.to_vec();
        next.extend(vote.map(|vote| (*chair, vote)));
        ways(&next, rest, found);
    }
}

/// The verdict that no further vote can turn; `Err` when there are too many ways to try.
pub fn certain(rule: Rule, state: &StepState, body: Option<&Body>) -> Result<Option<Verdict>, ()> {
    let (cast, open) = ballots(state, body);
    if open.len() > MOST_TRIED {
        return Err(());
    }
    // The first answer ends it: what the others would have said does not matter.
    if rule == Rule::First && cast.iter().any(|(_, vote)| *vote == Vote::Yes) {
        return Ok(Some(Verdict::Approved));
    }
    let mut all = Vec::new();
    ways(&cast, &open, &mut all);
    let passing = all.iter().filter(|way| pass(rule, way, state.quorum)).count();
    Ok(match passing {
        0 => Some(Verdict::Rejected),
        some if some == all.len() => Some(Verdict::Approved),
        _ => None,
    })
}

/// Panics unless everything holds of the state that these events have led to.
pub fn inspect(def: &Definition, state: &Approval, log: &[Event]) {
    replays(state, log);
    let round = &log[log.iter().rposition(|event| matches!(event, Event::Requested { .. })).unwrap_or(0)..];
    votes(def, round);
    in_time(round);
    for step in &state.steps {
        closed_rightly(def, state, step, round);
    }
    let ahead = state.steps.iter().any(|step| step.status.is_ahead());
    assert_eq!(ahead, state.status == Status::Open, "something waits after the end, or nothing before it");
    assert!(state.status == Status::Open || state.next_due().is_none(), "a time-out after the end");
    let rejected = state.steps.iter().any(|step| step.status == StepStatus::Rejected);
    assert!(!rejected || state.status == Status::Rejected, "a rejected step did not reject");
    passed(state, log);
}

/// It shows as passed when, and only when, the last thing that befell the whole was an approval to which every step agreed.
fn passed(state: &Approval, log: &[Event]) {
    let ends = log.iter().rev().find_map(|event| match event {
        Event::Decided { verdict, .. } => Some(*verdict == Verdict::Approved),
        Event::Voided { .. } | Event::Withdrawn { .. } | Event::Requested { .. } => Some(false),
        _ => None,
    });
    assert_eq!(state.is_approved(), ends == Some(true));
    if state.is_approved() {
        let agreed = state.steps.iter().filter(|step| step.status == StepStatus::Approved).count();
        let skipped = state.steps.iter().filter(|step| step.status == StepStatus::Skipped).count();
        assert!(agreed > 0 && agreed + skipped == state.steps.len(), "approved without every step");
    }
}

fn replays(state: &Approval, log: &[Event]) {
    let mut folded = Approval::default();
    for event in log {
        folded.apply(event);
    }
    assert_eq!(&folded, state, "the fold of the events is another state");
}

/// Panics unless events read as they are written.
pub fn stored(events: &[Event]) {
    for event in events {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
    }
}

/// Every vote of a round was somebody's to cast, and none counts twice.
fn votes(def: &Definition, round: &[Event]) {
    let Some(Event::Requested { requesters, delegations, steps, .. }) = round.first() else { return };
    let mut seats: BTreeMap<u32, (&str, &str)> = BTreeMap::new();
    for sitting in steps {
        seats.extend(sitting.seats.iter().map(|placed| (placed.seat, (sitting.step.as_str(), placed.person.as_str()))));
    }
    let mut mandates = delegations.clone();
    let (mut voted, mut spoken) = (BTreeSet::new(), BTreeSet::new());
    for event in round {
        match event {
            Event::Escalated { step, seats: more, .. } => {
                seats.extend(more.iter().map(|placed| (placed.seat, (step.as_str(), placed.person.as_str()))));
            }
            Event::Delegated { delegation, .. } => mandates.push(delegation.clone()),
            Event::Undelegated { person, delegate, .. } => {
                mandates.retain(|found| (&found.person, &found.delegate) != (person, delegate));
            }
            Event::Voted { seat, by, vote, reason, at } => {
                let (step, holder) = seats[seat];
                let stands_in =
                    mandates.iter().any(|found| found.person == holder && found.delegate == *by && (found.from..found.until).contains(at));
                assert!(holder == by || stands_in, "{by} voted on a seat of {holder}");
                assert!(voted.insert(*seat), "two votes on seat {seat}");
                assert!(*vote != Vote::No || reason.is_some(), "a no without a reason");
                assert!(def.requester_may_approve || !requesters.contains(by), "{by} decided about their own request");
                let place = if def.counts_in_several_steps { step } else { "" };
                assert!(spoken.insert((place, by.as_str())), "{by} counted twice");
            }
            _ => {}
        }
    }
}

/// No time-out came before it was due, and each came once.
fn in_time(round: &[Event]) {
    let mut waited: BTreeMap<&str, (u32, i64)> = BTreeMap::new();
    for event in round {
        match event {
            Event::StepOpened { step, due, .. } => {
                waited.extend(due.map(|due| (step.as_str(), (0, due))));
            }
            Event::TimedOut { step, index, at, due } => {
                let (number, when) = waited.remove(step.as_str()).unwrap();
                assert!(number == *index && when <= *at, "time-out {index} of {step} came at {at}");
                waited.extend(due.map(|due| (step.as_str(), (index + 1, due))));
            }
            _ => {}
        }
    }
}

/// A step is open as long as its votes can go either way, and no longer; and what closed it is what the votes say.
fn closed_rightly(def: &Definition, state: &Approval, step: &StepState, round: &[Event]) {
    let drawn = def.step(&step.key).unwrap();
    let body = def.body_of(drawn);
    let by_votes = certain(drawn.rule, step, body);
    let escalated = |wanted: Option<Vote>| {
        step.seats.iter().any(|seat| seat.escalated && !seat.left && seat.cast.as_ref().map(|cast| cast.vote) == wanted)
    };
    let has_no = ballots(step, body).0.iter().any(|(_, vote)| *vote == Vote::No);
    match (step.status, step.cause) {
        (StepStatus::Open, _) => {
            let waits = !has_no && escalated(None);
            let open = by_votes.map_or(true, |verdict| verdict.is_none() || (verdict == Some(Verdict::Rejected) && waits));
            assert!(open, "step {} is open though its votes are certain: {step:?}", step.key);
            assert!(!escalated(Some(Vote::Yes)) && !escalated(Some(Vote::No)));
        }
        (StepStatus::Approved, Some(Cause::Votes)) => assert!(matches!(by_votes, Err(()) | Ok(Some(Verdict::Approved))), "{step:?}"),
        (StepStatus::Rejected, Some(Cause::Votes | Cause::Quorum)) => {
            assert!(matches!(by_votes, Err(()) | Ok(Some(Verdict::Rejected))), "{step:?}");
        }
        (StepStatus::Approved, Some(Cause::Escalation)) => assert!(escalated(Some(Vote::Yes)) && !escalated(Some(Vote::No))),
        (StepStatus::Rejected, Some(Cause::Escalation)) => assert!(escalated(Some(Vote::No)) && !escalated(Some(Vote::Yes))),
        (status, Some(Cause::Counted)) => {
            let (cast, open) = ballots(step, body);
            let complete = drawn.rule != Rule::All || open.is_empty();
            assert!(body.is_some(), "no body, and yet counted");
            assert_eq!(status == StepStatus::Approved, complete && pass(drawn.rule, &cast, step.quorum), "{step:?}");
        }
        (status, Some(Cause::TimeOut)) => assert_eq!(Some(status), by_time_out(drawn, round), "{step:?}"),
        (StepStatus::Approved, Some(Cause::Quorum)) => panic!("approved without a quorum"),
        (StepStatus::Approved | StepStatus::Rejected, None) => panic!("closed for no cause"),
        (StepStatus::Waiting | StepStatus::Skipped | StepStatus::Stopped, cause) => assert_eq!(cause, None),
    }
    assert!(step.status == StepStatus::Skipped || !step.seats.is_empty(), "a step without a seat in {:?}", state.status);
}

/// What the last time-out that came to a step says of it.
fn by_time_out(step: &Step, round: &[Event]) -> Option<StepStatus> {
    let last = round.iter().rev().find_map(|event| match event {
        Event::TimedOut { step: key, index, .. } if *key == step.key => Some(*index),
        _ => None,
    })?;
    match step.time_outs[last as usize].then {
        Then::Approve => Some(StepStatus::Approved),
        Then::Reject => Some(StepStatus::Rejected),
        _ => None,
    }
}
