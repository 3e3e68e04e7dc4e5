//! Every path of small approvals, breadth first: all stimuli in all states, and everything that must hold in each.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use approval::{Approval, Definition, Delegation, Event, Order, Resolved, Rule, Status, Stimulus, Then, Vote, approve};

use crate::oracle;
use crate::support::{board_step, boss, definition, delegation, names, resolved, said, step, time_out, with_board};

/// What is enumerated: a definition, its people, and what can happen.
struct World {
    name: String,
    def: Definition,
    people: Vec<Resolved>,
    delegations: Vec<Delegation>,
    /// Everybody who tries to vote on every seat.
    voters: Vec<String>,
    /// Everybody who may leave.
    leavers: Vec<String>,
    /// A delegation that may be made and taken back, once.
    late: Option<Delegation>,
    /// The last instant.
    end: i64,
    /// How often it may be requested.
    rounds: u32,
    /// Other things are tried too: minutes, closing by everybody, voiding by hand.
    minutes: bool,
}

/// A state with what is left to happen.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    state: Approval,
    now: i64,
    delegated: bool,
    undelegated: bool,
}

/// Events, the last first.
struct Log {
    before: Option<Rc<Log>>,
    events: Vec<Event>,
}

fn events(log: &Rc<Log>) -> Vec<Event> {
    let mut parts = Vec::new();
    let mut at = Some(log);
    while let Some(part) = at {
        parts.push(&part.events);
        at = part.before.as_ref();
    }
    parts.into_iter().rev().flatten().cloned().collect()
}

/// The state without the instants that nothing depends on.
fn shape(state: &Approval) -> Approval {
    let mut shape = state.clone();
    shape.requested_at = None;
    shape.ended_at = None;
    for step in &mut shape.steps {
        if step.due.is_none() {
            step.opened_at = step.opened_at.map(|_| 0);
        }
        for cast in step.seats.iter_mut().filter_map(|seat| seat.cast.as_mut()) {
            cast.at = 0;
        }
    }
    for minute in &mut shape.minutes {
        minute.at = 0;
    }
    shape
}

#[derive(Default)]
struct Found {
    states: usize,
    moves: usize,
    paths: u128,
    approved: usize,
    rejected: usize,
}

impl World {
    fn stimuli(&self, place: &Place) -> Vec<Stimulus> {
        let (def, state) = (&self.def, &place.state);
        let mut all = Vec::new();
        if state.round < self.rounds {
            let (steps, delegations) = (self.people.clone(), self.delegations.clone());
            all.push(Stimulus::Request { requesters: names(&["requester"]), steps, delegations, digests: said(def, "first") });
        }
        for seat in 1..state.next_seat {
            for by in &self.voters {
                for vote in [Vote::Yes, Vote::No, Vote::Abstain] {
                    let reason = (vote == Vote::No).then(|| "because".to_owned());
                    all.push(Stimulus::Vote { seat, by: by.clone(), vote, reason });
                }
            }
        }
        for drawn in &def.steps {
            let step = drawn.key.clone();
            for index in 0..u32::try_from(drawn.time_outs.len()).unwrap() {
                all.push(Stimulus::TimeOut { step: step.clone(), index, people: names(&["boss", "a", "requester"]) });
            }
            if drawn.body.is_some() {
                all.extend(self.voters.iter().map(|by| Stimulus::Close { step: step.clone(), by: by.clone() }));
            }
            if self.minutes && state.minutes.is_empty() {
                all.push(Stimulus::Minute { step, by: "clerk".to_owned(), text: "noted".to_owned() });
            }
        }
        all.extend(self.leavers.iter().map(|person| Stimulus::Depart { person: person.clone() }));
        if let Some(late) = &self.late {
            let (person, delegate) = (late.person.clone(), late.delegate.clone());
            if !place.delegated {
                all.push(Stimulus::Delegate { delegation: late.clone() });
            }
            if !place.undelegated {
                all.push(Stimulus::Undelegate { person, delegate });
            }
        }
        if !def.void_on.is_empty() {
            all.push(Stimulus::Changed { digests: said(def, "first") });
            all.push(Stimulus::Changed { digests: said(def, "second") });
        }
        all.push(Stimulus::Void { by: "operator".to_owned(), reason: "mistake".to_owned() });
        all.push(Stimulus::Withdraw { by: "requester".to_owned(), reason: None });
        all
    }

    /// Walks every state, checks each, and counts.
    fn walk(&self) -> Found {
        let mut index: HashMap<Place, usize> = HashMap::new();
        let mut status: Vec<Status> = Vec::new();
        let mut edges: Vec<Vec<usize>> = Vec::new();
        let mut queue = VecDeque::new();
        let start = Place { state: Approval::default(), now: 0, delegated: false, undelegated: false };
        let mut add =
            |place: Place, queue: &mut VecDeque<_>, log: &dyn Fn() -> Rc<Log>, status: &mut Vec<Status>, edges: &mut Vec<Vec<usize>>| {
                let key = Place { state: shape(&place.state), ..place.clone() };
                *index.entry(key).or_insert_with(|| {
                    let number = status.len();
                    status.push(place.state.status);
                    edges.push(Vec::new());
                    queue.push_back((number, place, log()));
                    number
                })
            };
        add(start, &mut queue, &|| Rc::new(Log { before: None, events: Vec::new() }), &mut status, &mut edges);
        let mut moves = 0;
        while let Some((number, place, log)) = queue.pop_front() {
            let so_far = events(&log);
            oracle::inspect(&self.def, &place.state, &so_far);
            if place.now < self.end && place.state.status == Status::Open {
                let next = Place { now: place.now + 1, ..place.clone() };
                let to = add(next, &mut queue, &|| Rc::clone(&log), &mut status, &mut edges);
                edges[number].push(to);
            }
            for stimulus in self.stimuli(&place) {
                let Ok(done) = approve(&self.def, &place.state, &stimulus, place.now) else { continue };
                moves += 1;
                oracle::stored(&done.events);
                let mut state = place.state.clone();
                for event in &done.events {
                    state.apply(event);
                }
                after_the_end(&self.name, &place.state, &state, &stimulus);
                if done.events.is_empty() {
                    assert!(done.effects.is_empty(), "{}: effects of nothing: {stimulus:?}", self.name);
                    continue;
                }
                let delegated = place.delegated || matches!(stimulus, Stimulus::Delegate { .. });
                let undelegated = place.undelegated || matches!(stimulus, Stimulus::Undelegate { .. });
                let next = Place { state, now: place.now, delegated, undelegated };
                let events = || Rc::new(Log { before: Some(Rc::clone(&log)), events: done.events.clone() });
                let to = add(next, &mut queue, &events, &mut status, &mut edges);
                edges[number].push(to);
            }
        }
        ways_to_end(&self.name, &status, &edges);
        let count = |wanted: Status| status.iter().filter(|found| **found == wanted).count();
        let paths = paths(&status, &edges);
        Found { states: status.len(), moves, paths, approved: count(Status::Approved), rejected: count(Status::Rejected) }
    }
}

/// After the end nothing changes but the minutes; what is approved can only become void.
fn after_the_end(name: &str, before: &Approval, after: &Approval, stimulus: &Stimulus) {
    let same = || Approval { minutes: before.minutes.clone(), ..after.clone() } == *before;
    match before.status {
        Status::Rejected | Status::Withdrawn => assert!(same(), "{name}: {stimulus:?} changed what had ended"),
        Status::Approved => assert!(same() || after.status == Status::Void, "{name}: {stimulus:?} changed what was approved"),
        Status::Void => {
            let next = matches!(after.status, Status::Open | Status::Withdrawn);
            assert!(same() || next, "{name}: {stimulus:?} changed what was void");
        }
        Status::New | Status::Open => {}
    }
}

/// From every state that is not ended an end can be reached, and from every open one a decision.
fn ways_to_end(name: &str, status: &[Status], edges: &[Vec<usize>]) {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); status.len()];
    for (from, list) in edges.iter().enumerate() {
        for to in list {
            back[*to].push(from);
        }
    }
    let reaching = |goal: &dyn Fn(Status) -> bool| {
        let mut seen: Vec<bool> = status.iter().map(|status| goal(*status)).collect();
        let mut queue: Vec<usize> = (0..status.len()).filter(|at| seen[*at]).collect();
        while let Some(at) = queue.pop() {
            for before in &back[at] {
                if !std::mem::replace(&mut seen[*before], true) {
                    queue.push(*before);
                }
            }
        }
        seen
    };
    let (ends, decides) = (reaching(&Status::is_ended), reaching(&|status| matches!(status, Status::Approved | Status::Rejected)));
    for (at, status) in status.iter().enumerate() {
        assert!(ends[at], "{name}: a state that is {status:?} cannot end");
        assert!(*status != Status::Open || decides[at], "{name}: an open state cannot be decided");
    }
}

/// How many different ways lead from the beginning to a decision or an end. That they can be counted shows that there is no circle.
fn paths(status: &[Status], edges: &[Vec<usize>]) -> u128 {
    let mut incoming = vec![0_usize; status.len()];
    for to in edges.iter().flatten() {
        incoming[*to] += 1;
    }
    let mut ways = vec![0_u128; status.len()];
    ways[0] = 1;
    let mut ready: Vec<usize> = (0..status.len()).filter(|at| incoming[*at] == 0).collect();
    assert_eq!(ready, [0]);
    let (mut seen, mut total) = (0, 0_u128);
    while let Some(at) = ready.pop() {
        seen += 1;
        if matches!(status[at], Status::Approved | Status::Rejected | Status::Withdrawn) {
            total = total.saturating_add(ways[at]);
        }
        for to in &edges[at] {
            ways[*to] = ways[*to].saturating_add(ways[at]);
            incoming[*to] -= 1;
            if incoming[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    assert_eq!(seen, status.len(), "there is a circle");
    total
}

const PEOPLE: [&str; 3] = ["a", "b", "c"];

fn rules(seats: u32) -> Vec<Rule> {
    let mut all = vec![Rule::Any, Rule::First, Rule::All, Rule::Majority];
    all.extend((1..=seats).map(Rule::AtLeast));
    all.extend([1, 34, 50, 51, 67, 100].map(Rule::Percent));
    all
}

fn world(name: String, def: Definition, people: Vec<Resolved>) -> World {
    let defects = def.check();
    assert!(defects.is_empty(), "{name}: {defects:?}");
    let voters: Vec<String> = people.iter().flat_map(|found| found.people.clone()).chain(names(&["stranger"])).collect();
    let mut leavers = voters.clone();
    leavers.retain(|person| person != "stranger");
    let once = |mut list: Vec<String>| {
        list.sort();
        list.dedup();
        list
    };
    let (voters, leavers) = (once(voters), once(leavers));
    World { name, def, people, delegations: Vec::new(), voters, leavers, late: None, end: 0, rounds: 1, minutes: false }
}

/// Walks worlds and prints what was walked.
fn walk_all(title: &str, worlds: &[World]) {
    let mut sum = Found::default();
    for world in worlds {
        let found = world.walk();
        assert!(found.approved > 0, "{}: it cannot be approved", world.name);
        assert!(found.rejected > 0, "{}: it cannot be rejected", world.name);
        sum.states += found.states;
        sum.moves += found.moves;
        sum.paths = sum.paths.saturating_add(found.paths);
    }
    println!("{title}: {} definitions, {} states, {} moves, {} paths to an end", worlds.len(), sum.states, sum.moves, sum.paths);
}

/// Every rule with one to three seats, voiding and asking again.
#[test]
fn every_path_of_one_step() {
    let mut worlds = Vec::new();
    for seats in 1..=3 {
        for rule in rules(seats) {
            let mut def = definition(vec![step("one", rule)]);
            def.void_on = names(&["risk", "window"]);
            let world = world(format!("{seats} seats, {rule:?}"), def, vec![resolved("one", &PEOPLE[..seats as usize])]);
            worlds.push(World { rounds: 2, ..world });
        }
    }
    walk_all("one step", &worlds);
}

/// Delegates with dates, delegates who are approvers, one who is the requester, and one who comes later and goes again.
#[test]
fn every_path_with_delegates() {
    let mut worlds = Vec::new();
    for rule in [Rule::First, Rule::All, Rule::Majority, Rule::AtLeast(2)] {
        for late in [None, Some(delegation("b", "d", 0, 2)), Some(delegation("c", "a", 0, 9))] {
            let def = definition(vec![step("one", rule)]);
            let mut world = world(format!("delegates, {rule:?}, {late:?}"), def, vec![resolved("one", &PEOPLE)]);
            world.delegations = vec![delegation("a", "d", 1, 2), delegation("a", "b", 0, 9), delegation("a", "requester", 0, 9)];
            world.voters.extend(names(&["d", "requester"]));
            world.leavers = names(&["a", "d"]);
            worlds.push(World { late, end: 2, ..world });
        }
    }
    walk_all("delegates", &worlds);
}

/// Time-outs of each kind, one after another, fired in time and late.
#[test]
fn every_path_with_time_outs() {
    let mut worlds = Vec::new();
    for seats in 1..=3 {
        for rule in rules(seats).into_iter().filter(|rule| !matches!(rule, Rule::Percent(1 | 34 | 100))) {
            for last in [None, Some(Then::Approve), Some(Then::Reject)].into_iter().skip(usize::from(seats == 3)) {
                let mut one = step("one", rule);
                one.time_outs = vec![time_out(1, Then::Remind), time_out(2, boss())];
                one.time_outs.extend(last.clone().map(|then| time_out(3, then)));
                let name = format!("time-outs, {seats} seats, {rule:?}, {last:?}");
                let mut world = world(name, definition(vec![one]), vec![resolved("one", &PEOPLE[..seats as usize])]);
                world.voters = names(&["a", "b", "c", "boss"]);
                world.leavers = names(&["a", "boss"]);
                worlds.push(World { end: 3, ..world });
            }
        }
    }
    walk_all("time-outs", &worlds);
}

/// A body with quorum, casting vote, closing by the chair and counting by time-out, its chair away or not.
#[test]
fn every_path_of_a_body() {
    let mut worlds = Vec::new();
    for rule in [Rule::Any, Rule::All, Rule::Majority, Rule::AtLeast(2), Rule::Percent(50), Rule::Percent(67)] {
        for (quorum, casting) in [(1, false), (2, false), (3, false), (1, true), (2, true)] {
            for last in [Then::Count, Then::Reject] {
                if casting && rule != Rule::Majority {
                    continue;
                }
                let mut one = board_step("board", rule);
                one.time_outs = vec![time_out(1, last.clone())];
                let name = format!("body, {rule:?}, quorum {quorum}, casting {casting}, {last:?}");
                let mut people = resolved("board", &PEOPLE);
                people.chair = Some("a".to_owned());
                let mut world = world(name, with_board(definition(vec![one]), quorum, casting), vec![people]);
                world.delegations = vec![delegation("a", "d", 0, 1)];
                world.voters.push("d".to_owned());
                worlds.push(World { end: 1, minutes: casting, ..world });
            }
        }
    }
    walk_all("bodies", &worlds);
}

/// Two steps, one after another and at once, with people who sit in both, one who requested it, and one that may be skipped.
#[test]
fn every_path_of_two_steps() {
    let mut worlds = Vec::new();
    for order in [Order::Sequential, Order::Parallel] {
        for (first, second) in [(Rule::Any, Rule::All), (Rule::All, Rule::First), (Rule::Majority, Rule::AtLeast(1))] {
            for several in [false, true] {
                for skipped in [false, true] {
                    let mut def = definition(vec![step("one", first), step("two", second)]);
                    (def.order, def.counts_in_several_steps) = (order, several);
                    def.steps[0].when = Some("amount > 100".to_owned());
                    def.steps[1].time_outs = vec![time_out(1, boss())];
                    def.void_on = names(&["risk"]);
                    let name = format!("two steps, {order:?}, {first:?}, {second:?}, several {several}, skipped {skipped}");
                    let mut people = vec![resolved("one", &["a", "b", "requester"]), resolved("two", &["b", "c"])];
                    people[0].skipped = skipped;
                    let mut world = world(name, def, people);
                    world.delegations = vec![delegation("c", "a", 0, 9)];
                    world.voters = names(&["a", "b", "c", "boss"]);
                    world.leavers = names(&["b"]);
                    worlds.push(World { end: 1, ..world });
                }
            }
        }
    }
    walk_all("two steps", &worlds);
    let orders: BTreeMap<&str, usize> = worlds.iter().fold(BTreeMap::new(), |mut sum, world| {
        *sum.entry(if world.def.order == Order::Parallel { "parallel" } else { "sequential" }).or_default() += 1;
        sum
    });
    assert_eq!(orders.len(), 2);
}
