//! Larger approvals at random: whatever is said and done, in whatever order, everything still holds.

use approval::{Approver, Body, Definition, Order, Quorum, Resolved, Rule, Status, Stimulus, Then, Vote, approve};
use proptest::prelude::*;

use crate::oracle;
use crate::support::{definition, delegation, names, said, step, time_out};

const CROWD: u32 = 14;

fn name(number: u32) -> String {
    format!("p{}", number % CROWD)
}

fn rule(kind: u32, number: u32) -> Rule {
    match kind % 6 {
        0 => Rule::Any,
        1 => Rule::First,
        2 => Rule::All,
        3 => Rule::Majority,
        4 => Rule::AtLeast(1 + number % 5),
        _ => Rule::Percent(1 + number % 100),
    }
}

/// A definition with its people, out of numbers.
fn drawn(numbers: &[u32]) -> (Definition, Vec<Resolved>) {
    let mut tape = numbers.iter().copied().cycle();
    let mut next = || tape.next().unwrap();
    let mut steps = Vec::new();
    let mut people = Vec::new();
    let mut bodies = std::collections::BTreeMap::new();
    for index in 0..1 + next() % 5 {
        let key = format!("s{index}");
        let mut one = step(&key, rule(next(), next()));
        let mut found = Resolved { step: key.clone(), ..Resolved::default() };
        found.people = (0..1 + next() % 10).map(|_| name(next())).collect();
        let has_body = next() % 3 == 0;
        let share = 1 + next() % 100;
        if has_body {
            (one.body, one.approvers) = (Some(key.clone()), Vec::new());
            one.rule = if one.rule == Rule::First { Rule::Majority } else { one.rule };
            let role = |key: &str| Approver::Role(key.to_owned());
            let casting_vote = one.rule == Rule::Majority && next() % 2 == 0;
            let body =
                Body { members: vec![role("member")], chair: Some(role("chair")), quorum: Some(Quorum::Percent(share)), casting_vote };
            bodies.insert(key, body);
            found.chair = Some(name(next()));
        }
        let boss = Then::Escalate(vec![Approver::Role("boss".to_owned())]);
        let middle = if has_body { Then::Remind } else { boss };
        let last = match (has_body, next() % 3) {
            (true, 0) => Then::Count,
            (false, 0) => Then::Approve,
            _ => Then::Reject,
        };
        one.time_outs = vec![time_out(5, Then::Remind), time_out(10, middle), time_out(20, last)];
        one.time_outs.truncate((next() % 4) as usize);
        if next() % 4 == 0 {
            one.when = Some("amount > 5".to_owned());
            found.skipped = next() % 2 == 0;
        }
        steps.push(one);
        people.push(found);
    }
    let mut def = definition(steps);
    def.order = if next() % 2 == 0 { Order::Parallel } else { Order::Sequential };
    (def.requester_may_approve, def.counts_in_several_steps) = (next() % 2 == 0, next() % 2 == 0);
    def.void_on = names(&["risk"]);
    def.bodies = bodies;
    (def, people)
}

/// What happens next, out of four numbers.
fn stimulus(def: &Definition, people: &[Resolved], next_seat: u32, [kind, one, two, three]: [u32; 4], now: i64) -> Stimulus {
    let key = def.steps[one as usize % def.steps.len()].key.clone();
    let mandate = || delegation(&name(one), &name(two), now - i64::from(three % 3), now + 1 + i64::from(three % 9));
    match kind % 24 {
        0 => Stimulus::Depart { person: name(one) },
        1 => Stimulus::Delegate { delegation: mandate() },
        2 => Stimulus::Undelegate { person: name(one), delegate: name(two) },
        3 | 4 => Stimulus::TimeOut { step: key, index: two % 3, people: vec![name(three), name(two)] },
        5 => Stimulus::Close { step: key, by: name(two) },
        6 => Stimulus::Minute { step: key, by: name(two), text: "noted".to_owned() },
        7 if three % 5 == 0 => Stimulus::Changed { digests: said(def, "second") },
        8 if three % 9 == 0 => Stimulus::Withdraw { by: "requester".to_owned(), reason: None },
        9 => {
            let (steps, delegations) = (people.to_vec(), if one == two { Vec::new() } else { vec![mandate()] });
            let delegations = delegations.into_iter().filter(|found| found.person != found.delegate).collect();
            Stimulus::Request { requesters: vec![name(0), name(1)], steps, delegations, digests: said(def, "first") }
        }
        _ => {
            let vote = [Vote::Yes, Vote::Yes, Vote::Yes, Vote::No, Vote::Abstain][three as usize % 5];
            // Mostly somebody who may: a stranger's vote is refused, and says little.
            let seat = 1 + one % next_seat.max(2);
            Stimulus::Vote { seat, by: name(two), vote, reason: Some("because".to_owned()) }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everything_holds(
        numbers in prop::collection::vec(0_u32..1000, 60..120),
        happenings in prop::collection::vec(prop::array::uniform4(0_u32..10_000), 1..120),
    ) {
        let (def, people) = drawn(&numbers);
        prop_assert_eq!(def.check(), []);
        let mut state = approval::Approval::default();
        let mut log = Vec::new();
        let mut now = 0_i64;
        let first = Stimulus::Request { requesters: vec![name(0), name(1)], steps: people.clone(), delegations: Vec::new(), digests: said(&def, "first") };
        let drawn = happenings.iter().map(Some);
        for happening in std::iter::once(None).chain(drawn) {
            now += 1;
            let mut stimulus = happening.map_or(first.clone(), |numbers| stimulus(&def, &people, state.next_seat, *numbers, now));
            if let Stimulus::Vote { seat, by, .. } = &mut stimulus
                && happening.is_some_and(|numbers| numbers[3] % 3 > 0)
                && let Some((_, found)) = state.seat(*seat)
            {
                by.clone_from(&found.person);
            }
            let Ok(done) = approve(&def, &state, &stimulus, now) else { continue };
            let again = approve(&def, &state, &stimulus, now);
            prop_assert_eq!(again.as_ref(), Ok(&done), "equal arguments, another answer");
            let before = state.clone();
            for event in &done.events {
                state.apply(event);
            }
            oracle::stored(&done.events);
            log.extend(done.events);
            oracle::inspect(&def, &state, &log);
            if before.status.is_ended() {
                prop_assert_eq!(&approval::Approval { minutes: before.minutes.clone(), ..state.clone() }, &before);
            }
            // Whatever is open can be taken back.
            if state.status == Status::Open {
                let back = approve(&def, &state, &Stimulus::Withdraw { by: name(3), reason: None }, now);
                prop_assert!(back.is_ok());
            }
        }
    }
}
