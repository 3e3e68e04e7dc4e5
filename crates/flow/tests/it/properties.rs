//! Random sound flows under random stimuli keep every promise at every step.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flow::{Context, Definition, Event, FlowError, Instance, Status, Stimulus, advance};
use proptest::prelude::*;

use crate::support::draw;

/// Numbers from a list, for ever.
#[derive(Clone)]
struct Tape {
    numbers: Vec<u32>,
    at: usize,
}

impl Tape {
    fn below(&mut self, bound: usize) -> usize {
        let (round, at) = (self.at / self.numbers.len(), self.at % self.numbers.len());
        self.at += 1;
        let mixed = u64::from(self.numbers[at]).wrapping_add(round as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 33) as usize % bound
    }
}

impl Context for Tape {
    fn condition(&mut self, _: &str, _: &str) -> Result<bool, String> {
        Ok(self.below(2) == 0)
    }

    fn decide(&mut self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn duration(&mut self, _: &str, _: &str) -> Result<i64, String> {
        Ok(i64::try_from(self.below(1000)).unwrap())
    }
}

/// Draws nested blocks.
struct Drawer<'a> {
    tape: &'a mut Tape,
    lines: String,
    count: usize,
}

impl Drawer<'_> {
    fn flow(tape: &mut Tape, depth: usize) -> String {
        let mut drawer = Drawer { tape, lines: String::new(), count: 0 };
        drawer.scope(depth);
        drawer.lines
    }

    fn line(&mut self, line: &str) {
        writeln!(self.lines, "{line}").unwrap();
    }

    fn id(&mut self, letter: char) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    /// An element of its own.
    fn one(&mut self, kind: &str, letter: char) -> String {
        let id = self.id(letter);
        self.line(&format!("{kind} {id}"));
        id
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.line(&format!("edge {from} {to}"));
    }

    fn scope(&mut self, depth: usize) {
        let (start, end) = (self.one("start", 's'), self.one("end", 'e'));
        let (first, last) = self.block(depth);
        self.edge(&start, &first);
        self.edge(&last, &end);
    }

    /// A block with one way in and one way out.
    fn block(&mut self, depth: usize) -> (String, String) {
        let deep = if depth == 0 { 0 } else { 7 };
        match self.tape.below(5 + deep) {
            0 => self.same("user"),
            1 => self.same("send"),
            2 => self.same("wait"),
            3 => self.same("catch"),
            4 => self.host("user"),
            5 => {
                let (first, middle) = self.block(depth - 1);
                let (next, last) = self.block(depth - 1);
                self.edge(&middle, &next);
                (first, last)
            }
            6 | 7 => self.exclusive(depth - 1),
            8 => self.parallel(depth - 1),
            9 => self.looped(depth - 1),
            10 => self.sub(depth - 1),
            _ => self.host("sub"),
        }
    }

    fn same(&mut self, kind: &str) -> (String, String) {
        let id = self.one(kind, 'a');
        (id.clone(), id)
    }

    fn exclusive(&mut self, depth: usize) -> (String, String) {
        let (split, join) = (self.id('x'), self.one("xor", 'm'));
        let (first, last) = self.block(depth);
        self.line(&format!("xor {split} {split}-{first}"));
        self.edge(&split, &first);
        self.edge(&last, &join);
        for _ in 0..=self.tape.below(2) {
            let (first, last) = self.block(depth);
            self.line(&format!("cond {split} {first}"));
            self.edge(&last, &join);
        }
        if self.tape.below(4) == 0 {
            let kill = self.one("kill", 'k');
            self.line(&format!("cond {split} {kill}"));
        }
        (split, join)
    }

    fn parallel(&mut self, depth: usize) -> (String, String) {
        let (split, join) = (self.one("and", 'f'), self.one("and", 'j'));
        for _ in 0..2 + self.tape.below(2) {
            let (first, last) = self.block(depth);
            self.edge(&split, &first);
            self.edge(&last, &join);
        }
        (split, join)
    }

    fn looped(&mut self, depth: usize) -> (String, String) {
        let (head, tail) = (self.one("xor", 'm'), self.id('x'));
        let out = self.one("xor", 'm');
        self.line(&format!("xor {tail} {tail}-{out}"));
        // A circle must wait somewhere.
        let (first, pause) = (self.block(depth), self.one("user", 'a'));
        self.edge(&head, &first.0);
        self.edge(&first.1, &pause);
        self.edge(&pause, &tail);
        self.edge(&tail, &out);
        self.line(&format!("cond {tail} {head}"));
        (head, out)
    }

    fn sub(&mut self, depth: usize) -> (String, String) {
        let id = self.one("sub", 'b');
        self.scope(depth);
        self.line("bus");
        (id.clone(), id)
    }

    /// A step with events on its edge: one way around it, one beside it.
    fn host(&mut self, kind: &str) -> (String, String) {
        let host = if kind == "sub" { self.sub(1).0 } else { self.one("user", 'h') };
        let (limit, out) = (self.id('l'), self.one("xor", 'm'));
        self.line(&format!("limit {limit} {host}"));
        self.edge(&host, &out);
        self.edge(&limit, &out);
        if self.tape.below(2) == 0 {
            let (beside, told) = (self.id('r'), self.id('t'));
            let event = ["aside", "hear"][self.tape.below(2)];
            self.line(&format!("{event} {beside} {host}"));
            self.line(&format!("send {told}"));
            let end = self.one("end", 'e');
            self.edge(&beside, &told);
            self.edge(&told, &end);
        }
        (host, out)
    }
}

/// Drives one instance and watches.
struct Watch {
    def: Definition,
    instance: Instance,
    replay: Instance,
    now: i64,
    tape: Tape,
    /// Every number that was given out.
    used: BTreeSet<u32>,
    standing: BTreeSet<u32>,
}

impl Watch {
    fn act(&mut self, stimulus: &Stimulus) -> Result<(), FlowError> {
        let mut again = self.tape.clone();
        let out = advance(&self.def, &self.instance, stimulus, self.now, &mut self.tape)?;
        assert_eq!(Ok(&out), advance(&self.def, &self.instance, stimulus, self.now, &mut again).as_ref(), "not repeatable");
        let before = self.used.last().copied().unwrap_or(0);
        for (number, event) in out.events.iter().enumerate() {
            let stored = serde_json::to_string(event).unwrap();
            self.replay.apply(&serde_json::from_str(&stored).unwrap());
            self.instance.apply(event);
            self.watch(event, out.events.get(number + 1), before);
        }
        assert_eq!(self.replay, self.instance, "the fold differs");
        self.rest();
        Ok(())
    }

    fn watch(&mut self, event: &Event, next: Option<&Event>, before: u32) {
        match event {
            Event::Entered { token, .. } => {
                assert!(self.used.insert(*token) && *token > before, "{event:?}");
                self.standing.insert(*token);
            }
            Event::TimerSet { timer: id, .. } | Event::Awaits { message: id, .. } => {
                assert!(self.used.insert(*id) && *id > before, "{event:?}");
            }
            Event::Left { token, .. } => assert!(self.standing.remove(token), "left twice: {event:?}"),
            Event::Taken { edge } => {
                let to = &self.def.edge(edge).unwrap().to;
                assert!(matches!(next, Some(Event::Entered { element, .. }) if element == to), "lost on {edge}: {next:?}");
            }
            Event::Opened { activity, .. } => assert!(self.standing.contains(activity), "{event:?}"),
            _ => {}
        }
    }

    /// What holds whenever the engine has come to rest.
    fn rest(&self) {
        let at = &self.instance;
        let tokens: BTreeSet<u32> = at.tokens.iter().map(|token| token.id).collect();
        assert_eq!(tokens, self.standing);
        assert_eq!(at.status.is_ended(), at.tokens.is_empty());
        let open = at.activities.len() + at.timers.len() + at.messages.len();
        assert_eq!(open == 0, at.status.is_ended(), "stuck: {at:?}");
        for activity in &at.activities {
            assert_eq!(at.token(activity.id).map(|token| &token.element), Some(&activity.element));
        }
        assert!(
            at.timers.iter().map(|timer| timer.token).chain(at.messages.iter().map(|awaited| awaited.token)).all(|id| tokens.contains(&id))
        );
        assert!(
            at.timers.iter().all(|timer| timer.remaining.is_some() == (at.status == Status::Suspended && !timer.keeps_running_on_hold))
        );
        let places: BTreeSet<_> = at.tokens.iter().map(|token| (&token.element, token.scope, &token.edge)).collect();
        assert_eq!(places.len(), at.tokens.len(), "two tokens in one place: {at:?}");
        assert!(at.tokens.iter().all(|token| token.scope.is_none_or(|scope| tokens.contains(&scope))));
    }

    fn choices(&self, draining: bool) -> Vec<Stimulus> {
        let at = &self.instance;
        let mut choices: Vec<Stimulus> = Vec::new();
        choices.extend(at.activities.iter().map(|open| Stimulus::Complete { activity: open.id, outcome: None }));
        choices.extend(
            at.timers.iter().filter(|timer| !draining || self.moves(&timer.element)).map(|timer| Stimulus::FireTimer { timer: timer.id }),
        );
        choices.extend(
            at.messages
                .iter()
                .filter(|awaited| !draining || self.moves(&awaited.element))
                .map(|awaited| Stimulus::Message { name: awaited.name.clone(), key: None }),
        );
        if !draining {
            choices.push(if at.status == Status::Suspended { Stimulus::Resume } else { Stimulus::Suspend });
            choices.extend(at.activities.iter().map(|open| Stimulus::Move { activity: open.id, to: open.element.clone() }));
            choices.push(Stimulus::Complete { activity: at.next_id + 7, outcome: None });
            choices.push(Stimulus::FireTimer { timer: at.next_id + 7 });
        }
        choices
    }

    /// Whether an event moves the token that waits for it.
    fn moves(&self, element: &str) -> bool {
        let kind = self.def.element(element).unwrap().kind;
        !matches!(kind, flow::Kind::Boundary { interrupting: false, .. })
    }

    fn choose(&mut self, draining: bool) {
        if draining && self.instance.status == Status::Suspended {
            self.act(&Stimulus::Resume).unwrap();
        }
        let choices = self.choices(draining);
        let stimulus = choices[self.tape.below(choices.len())].clone();
        let due = |id: &u32| self.instance.timers.iter().find(|timer| timer.id == *id).map(|timer| timer.due);
        if let Stimulus::FireTimer { timer } = &stimulus {
            self.now = self.now.max(due(timer).unwrap_or(0));
        }
        self.now += 1;
        let before = self.instance.clone();
        match self.act(&stimulus) {
            Ok(()) => {}
            Err(FlowError::Suspended) => assert!(before.status == Status::Suspended && !draining),
            Err(FlowError::NotOpen { activity: id } | FlowError::NoTimer { timer: id }) => assert!(id > before.next_id),
            Err(error) => panic!("{stimulus:?}: {error}"),
        }
        if self.instance == before {
            self.rest();
        }
    }
}

fn drive(lines: &str, tape: Tape) {
    let def = Definition::parse(&draw(lines)).unwrap_or_else(|defects| panic!("{defects:#?}\n{lines}"));
    assert_eq!(def.check(), [], "{lines}");
    let (instance, replay) = (Instance::default(), Instance::default());
    let mut watch = Watch { def, instance, replay, now: 0, tape, used: BTreeSet::new(), standing: BTreeSet::new() };
    watch.act(&Stimulus::Start).unwrap();
    for round in 0..3_000 {
        if watch.instance.status.is_ended() {
            break;
        }
        if round == 15 {
            cancel(&watch);
        }
        watch.choose(round > 60);
    }
    assert_eq!(watch.instance.status, Status::Completed, "{lines}\n{:?}", watch.instance);
    assert_eq!(watch.act(&Stimulus::Suspend), Err(FlowError::Ended));
}

/// Cancelling, at whatever moment, leaves nothing open.
fn cancel(watch: &Watch) {
    let (mut instance, mut tape) = (watch.instance.clone(), watch.tape.clone());
    let open = instance.activities.len();
    let out = advance(&watch.def, &instance, &Stimulus::Cancel { reason: "enough".to_owned() }, watch.now, &mut tape).unwrap();
    out.events.iter().for_each(|event| instance.apply(event));
    let closed = out.events.iter().filter(|event| matches!(event, Event::Closed { how: flow::How::Cancelled, .. })).count();
    assert_eq!(closed, open);
    let next_id = watch.instance.next_id;
    let semantics = flow::SEMANTICS;
    assert_eq!(instance, Instance { status: Status::Cancelled, next_id, semantics, ..Instance::default() });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn sound_flows_keep_their_promises(numbers in proptest::collection::vec(any::<u32>(), 6..40), depth in 1usize..4) {
        let mut tape = Tape { numbers, at: 0 };
        let lines = Drawer::flow(&mut tape, depth);
        drive(&lines, tape);
    }

    /// Drawings that are not nested blocks: whatever the check calls sound, the engine brings to an end.
    #[test]
    fn what_is_called_sound_does_not_get_stuck(numbers in proptest::collection::vec(any::<u32>(), 6..40), swaps in 1usize..4) {
        let mut tape = Tape { numbers, at: 0 };
        let mut lines: Vec<String> = Drawer::flow(&mut tape, 3).lines().map(str::to_owned).collect();
        for _ in 0..swaps {
            let at = tape.below(lines.len());
            let line = lines[at].clone();
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["edge", from, _] if !line.contains('x') => {
                    let other = lines[tape.below(lines.len())].split(' ').next_back().unwrap_or_default().to_owned();
                    lines[at] = format!("edge {from} {other}");
                }
                ["and", id] => lines[at] = format!("xor {id}"),
                ["xor", id] => lines[at] = format!("and {id}"),
                _ => {}
            }
        }
        let lines = lines.join("\n");
        let Ok(def) = Definition::parse(&draw(&lines)) else { return Ok(()) };
        if def.check().is_empty() {
            drive(&lines, tape);
        }
    }
}
