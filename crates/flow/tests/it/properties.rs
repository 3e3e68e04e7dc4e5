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

    fn key(&mut self, _: &str, _: &str) -> Result<String, String> {
        Ok(["a", "b"][self.below(2)].to_owned())
    }

    fn times(&mut self, _: &str, _: &str) -> Result<u32, String> {
        Ok(u32::try_from(self.below(4)).unwrap())
    }

    fn items(&mut self, _: &str, _: &str) -> Result<Vec<String>, String> {
        Ok((0..self.below(4)).map(|item| item.to_string()).collect())
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
        let deep = if depth == 0 { 0 } else { 13 };
        match self.tape.below(13 + deep) {
            0 => self.same("user"),
            1 => self.same("send"),
            2 => self.same("wait"),
            3 => self.same("catch"),
            4 => self.host("user"),
            5 => self.same("receive"),
            6 => self.same("listen"),
            7 => self.same("keyed"),
            8 => self.call(),
            9 => {
                let kind = ["mark", "post", "signal"][self.tape.below(3)];
                self.same(kind)
            }
            10 => {
                let (kind, how) = (["user", "call"][self.tape.below(2)], self.how());
                let id = self.id('n');
                self.line(&format!("many {kind} {id} {how}"));
                (id.clone(), id)
            }
            11 => self.first(),
            12 => self.host("receive"),
            13 => {
                let (first, middle) = self.block(depth - 1);
                let (next, last) = self.block(depth - 1);
                self.edge(&middle, &next);
                (first, last)
            }
            14 | 15 => self.exclusive(depth - 1),
            16 => self.parallel(depth - 1),
            17 => self.looped(depth - 1),
            18 => self.sub(depth - 1),
            19 => self.host("sub"),
            20 | 21 => self.inclusive(depth - 1),
            22 => self.failing(depth - 1),
            23 => self.shouting(depth - 1),
            24 => self.handled(depth - 1),
            _ => {
                let (id, how) = (self.id('b'), self.how());
                self.line(&format!("many sub {id} {how}"));
                self.scope(depth - 1);
                self.line("bus");
                (id.clone(), id)
            }
        }
    }

    fn how(&mut self) -> &'static str {
        ["par", "seq", "each", "until"][self.tape.below(4)]
    }

    fn same(&mut self, kind: &str) -> (String, String) {
        let id = self.one(kind, 'a');
        (id.clone(), id)
    }

    /// A call, whose errors are heeded or not.
    fn call(&mut self) -> (String, String) {
        let id = self.one("call", 'c');
        if self.tape.below(2) == 0 {
            return (id.clone(), id);
        }
        let (failed, out) = (self.id('l'), self.one("xor", 'm'));
        self.line(&format!("mend {failed} {id} any"));
        self.edge(&id, &out);
        self.edge(&failed, &out);
        (id, out)
    }

    /// Several events of which one decides.
    fn first(&mut self) -> (String, String) {
        let (gateway, out) = (self.one("first", 'g'), self.one("xor", 'm'));
        let word = ["catch", "receive"][self.tape.below(2)];
        for kind in [["wait", "keyed"][self.tape.below(2)], word, "listen"].into_iter().take(2 + self.tape.below(2)) {
            let event = self.one(kind, 'a');
            self.edge(&gateway, &event);
            self.edge(&event, &out);
        }
        (gateway, out)
    }

    /// Any of several branches; the join may be drawn for another split as well.
    fn inclusive(&mut self, depth: usize) -> (String, String) {
        let (split, join) = (self.id('o'), self.one("or", 'j'));
        let kind = ["or", "or", "xor", "and"][self.tape.below(4)];
        let (first, last) = self.block(depth);
        let default = if kind == "and" { String::new() } else { format!("{split}-{first}") };
        self.line(format!("{kind} {split} {default}").trim());
        self.edge(&split, &first);
        self.edge(&last, &join);
        for _ in 0..=self.tape.below(2) {
            let (first, last) = self.block(depth);
            let line = if kind == "and" { "edge" } else { "cond" };
            self.line(&format!("{line} {split} {first}"));
            self.edge(&last, &join);
        }
        (split, join)
    }

    /// A sub-process that an error may end: by its own, or from further inside.
    fn failing(&mut self, depth: usize) -> (String, String) {
        let (id, out) = (self.id('b'), self.one("xor", 'm'));
        let many = self.tape.below(4) == 0;
        self.line(&if many { format!("many sub {id} par") } else { format!("sub {id}") });
        let (start, end, wrong) = (self.one("start", 's'), self.one("end", 'e'), self.id('w'));
        let (first, last) = if self.tape.below(2) == 0 { self.parallel(depth) } else { self.block(depth) };
        let choice = self.id('x');
        self.line(&format!("xor {choice} {choice}-{end}"));
        self.line(&format!("wrong {wrong} err"));
        self.edge(&start, &first);
        self.edge(&last, &choice);
        self.edge(&choice, &end);
        self.line(&format!("cond {choice} {wrong}"));
        if self.tape.below(3) == 0 {
            let handler = self.id('h');
            self.line(&format!("on {handler} error"));
            self.inside(&format!("{handler}s"), 0);
            self.line("bus");
            self.line("bus");
            self.edge(&id, &out);
        } else {
            self.line("bus");
            let (mend, code) = (self.id('l'), ["err", "any"][self.tape.below(2)]);
            self.line(&format!("mend {mend} {id} {code}"));
            self.edge(&id, &out);
            self.edge(&mend, &out);
        }
        (id, out)
    }

    /// A sub-process that tells outwards, heard beside it, instead of it, or inside.
    fn shouting(&mut self, depth: usize) -> (String, String) {
        let (out, id) = (self.one("xor", 'm'), self.one("sub", 'b'));
        let (start, shout) = (self.one("start", 's'), self.id('w'));
        let (first, last) = self.block(depth);
        let (choice, quiet) = (self.id('x'), self.one("end", 'e'));
        self.line(&format!("xor {choice} {choice}-{quiet}"));
        self.edge(&start, &first);
        self.edge(&last, &choice);
        self.edge(&choice, &quiet);
        self.line(&format!("cond {choice} {shout}"));
        // Nothing follows what takes its own scope away.
        let (how, aside) = (self.tape.below(3), ["", " aside"][self.tape.below(2)]);
        if how == 1 || (how == 0 && aside.is_empty()) || self.tape.below(2) == 0 {
            self.line(&format!("shoutend {shout} esc"));
        } else {
            self.line(&format!("shout {shout} esc"));
            let (end, (first, last)) = (self.one("end", 'e'), self.block(depth));
            self.edge(&shout, &first);
            self.edge(&last, &end);
        }
        if how == 0 {
            let handler = self.id('h');
            self.line(&format!("on {handler} escalation{aside}"));
            self.inside(&format!("{handler}s"), 0);
            self.line("bus");
        }
        self.line("bus");
        self.edge(&id, &out);
        let event = self.id('l');
        if how == 1 {
            self.line(&format!("heed {event} {id} esc"));
            self.edge(&event, &out);
        } else if how == 2 {
            let end = self.one("end", 'e');
            self.line(&format!("note {event} {id} any"));
            self.edge(&event, &end);
        }
        (id, out)
    }

    /// A sub-process with something that may happen to it.
    fn handled(&mut self, depth: usize) -> (String, String) {
        let id = self.one("sub", 'b');
        self.scope(depth);
        for _ in 0..=self.tape.below(2) {
            let handler = self.id('h');
            let trigger = ["message", "timer", "signal"][self.tape.below(3)];
            let aside = ["", " aside"][self.tape.below(2)];
            self.line(&format!("on {handler} {trigger}{aside}"));
            // What can be begun again and again had better not begin itself again.
            let quiet = trigger == "signal" && !aside.is_empty();
            if quiet {
                let end = self.one("end", 'e');
                self.edge(&format!("{handler}s"), &end);
            } else {
                self.inside(&format!("{handler}s"), depth.min(1));
            }
            self.line("bus");
        }
        self.line("bus");
        (id.clone(), id)
    }

    /// What follows a start event that is there already.
    fn inside(&mut self, start: &str, depth: usize) {
        let end = self.one("end", 'e');
        let (first, last) = self.block(depth);
        self.edge(start, &first);
        self.edge(&last, &end);
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
        let host = if kind == "sub" { self.sub(1).0 } else { self.one(kind, 'h') };
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
    /// Kinds of facts that were seen.
    seen: BTreeSet<String>,
}

impl Watch {
    fn act(&mut self, stimulus: &Stimulus) -> Result<(), FlowError> {
        let mut again = self.tape.clone();
        let out = advance(&self.def, &self.instance, stimulus, self.now, &mut self.tape)?;
        assert_eq!(Ok(&out), advance(&self.def, &self.instance, stimulus, self.now, &mut again).as_ref(), "not repeatable");
        let before = self.used.last().copied().unwrap_or(0);
        for (number, event) in out.events.iter().enumerate() {
            let stored = serde_json::to_string(event).unwrap();
            self.seen.insert(stored.split('"').nth(3).unwrap().to_owned());
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
            Event::TimerSet { timer: id, .. } | Event::Awaits { message: id, .. } | Event::AwaitsSignal { signal: id, .. } => {
                assert!(self.used.insert(*id) && *id > before, "{event:?}");
            }
            Event::Left { token, .. } => assert!(self.standing.remove(token), "left twice: {event:?}"),
            Event::Taken { edge } => {
                let to = &self.def.edge(edge).unwrap().to;
                assert!(matches!(next, Some(Event::Entered { element, .. }) if element == to), "lost on {edge}: {next:?}");
            }
            Event::Opened { activity, .. } | Event::Called { activity, .. } => assert!(self.standing.contains(activity), "{event:?}"),
            _ => {}
        }
    }

    /// What holds whenever the engine has come to rest.
    fn rest(&self) {
        let at = &self.instance;
        let tokens: BTreeSet<u32> = at.tokens.iter().map(|token| token.id).collect();
        assert_eq!(tokens, self.standing);
        assert_eq!(at.status.is_ended(), at.tokens.is_empty());
        let open = at.activities.len() + at.timers.len() + at.messages.len() + at.signals.len() + at.calls.len();
        assert_eq!(open == 0, at.status.is_ended(), "stuck: {at:?}");
        let activities = at.activities.iter().map(|open| (open.id, &open.element));
        for (id, element) in activities.chain(at.calls.iter().map(|call| (call.id, &call.element))) {
            assert_eq!(at.token(id).map(|token| &token.element), Some(element));
        }
        let waits = at.messages.iter().chain(&at.signals).map(|awaited| awaited.token);
        assert!(at.timers.iter().map(|timer| timer.token).chain(waits).all(|id| id == 0 || tokens.contains(&id)));
        for kept in &at.repetitions {
            let turns = at.tokens.iter().filter(|token| token.scope == Some(kept.token));
            assert!(tokens.contains(&kept.token) && kept.started <= kept.total, "{at:?}");
            assert!(turns.clone().count() > 0 && turns.clone().all(|turn| turn.turn.is_some()), "{at:?}");
        }
        assert!(
            at.timers.iter().all(|timer| timer.remaining.is_some() == (at.status == Status::Suspended && !timer.keeps_running_on_hold))
        );
        // An event sub-process may be begun again beside itself.
        let handler = |element: &str| self.def.element(element).is_some_and(|element| element.kind == flow::Kind::EventSubProcess);
        let drawn: Vec<_> = at.tokens.iter().filter(|token| !handler(&token.element)).collect();
        let places: BTreeSet<_> = drawn.iter().map(|token| (&token.element, token.scope, &token.edge, token.turn)).collect();
        assert_eq!(places.len(), drawn.len(), "two tokens in one place: {at:?}");
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
                .map(|awaited| Stimulus::Message { name: awaited.name.clone(), key: awaited.key.clone() }),
        );
        let heard = at.signals.iter().filter(|awaited| !draining || self.moves(&awaited.element));
        choices.extend(heard.map(|awaited| Stimulus::Signal { name: awaited.name.clone() }));
        choices.extend(at.calls.iter().map(|call| Stimulus::CallEnded { activity: call.id, outcome: None }));
        choices.extend(at.calls.iter().map(|call| Stimulus::CallFailed { activity: call.id, error: "err".to_owned() }));
        if !draining {
            choices.push(if at.status == Status::Suspended { Stimulus::Resume } else { Stimulus::Suspend });
            choices.extend(at.activities.iter().map(|open| Stimulus::Move { activity: open.id, to: open.element.clone() }));
            choices.push(Stimulus::Message { name: "nobody's".to_owned(), key: None });
            choices.push(Stimulus::Signal { name: "nobody's".to_owned() });
            choices.push(Stimulus::CallEnded { activity: at.next_id + 7, outcome: None });
            choices.push(Stimulus::Complete { activity: at.next_id + 7, outcome: None });
            choices.push(Stimulus::FireTimer { timer: at.next_id + 7 });
        }
        choices
    }

    /// Whether an event moves the token that waits for it.
    fn moves(&self, element: &str) -> bool {
        !self.def.element(element).unwrap().kind.runs_beside()
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
            Err(FlowError::NotOpen { activity: id } | FlowError::NoTimer { timer: id } | FlowError::NotCalled { activity: id }) => {
                assert!(id > before.next_id);
            }
            Err(FlowError::NotAwaited { name } | FlowError::NotHeard { name }) => assert_eq!(name, "nobody's"),
            Err(FlowError::CannotMove { .. }) => assert!(matches!(stimulus, Stimulus::Move { .. })),
            Err(FlowError::Uncaught { .. }) => assert!(matches!(stimulus, Stimulus::CallFailed { .. })),
            Err(error) => panic!("{stimulus:?}: {error}"),
        }
        if self.instance == before {
            self.rest();
        }
    }
}

fn drive(lines: &str, tape: Tape) -> BTreeSet<String> {
    let def = Definition::parse(&draw(lines)).unwrap_or_else(|defects| panic!("{defects:#?}\n{lines}"));
    assert_eq!(def.check(), [], "{lines}");
    let (instance, replay) = (Instance::default(), Instance::default());
    let mut watch = Watch { def, instance, replay, now: 0, tape, used: BTreeSet::new(), standing: BTreeSet::new(), seen: BTreeSet::new() };
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
    watch.seen.extend(watch.def.elements().map(|element| format!("{:?}", element.kind)));
    watch.seen
}

/// Cancelling, at whatever moment, leaves nothing open.
fn cancel(watch: &Watch) {
    let (mut instance, mut tape) = (watch.instance.clone(), watch.tape.clone());
    let (open, calls) = (instance.activities.len(), instance.calls.len());
    let out = advance(&watch.def, &instance, &Stimulus::Cancel { reason: "enough".to_owned() }, watch.now, &mut tape).unwrap();
    out.events.iter().for_each(|event| instance.apply(event));
    let closed = out.events.iter().filter(|event| matches!(event, Event::Closed { how: flow::How::Cancelled, .. })).count();
    assert_eq!((closed, out.effects.len()), (open, calls));
    assert!(out.effects.iter().all(|effect| matches!(effect, flow::Effect::Recall { .. })));
    let next_id = watch.instance.next_id;
    let semantics = flow::SEMANTICS;
    assert_eq!(instance, Instance { status: Status::Cancelled, next_id, semantics, ..Instance::default() });
}

#[test]
fn the_random_flows_hold_everything() {
    let mut seen = BTreeSet::new();
    for seed in 0u32..1500 {
        let numbers =
            (0..23u32).map(|n| seed.wrapping_mul(2_654_435_761).wrapping_add(n.wrapping_mul(40_503_973)).rotate_left(n)).collect();
        let mut tape = Tape { numbers, at: 0 };
        let lines = Drawer::flow(&mut tape, 3);
        seen.extend(drive(&lines, tape));
    }
    let missing: Vec<&str> = EVERYTHING.split_whitespace().filter(|word| !seen.iter().any(|seen| seen.starts_with(word))).collect();
    assert!(missing.is_empty(), "{missing:?} of {seen:?}");
}

/// Facts and kinds of elements, by how they begin.
const EVERYTHING: &str = "started entered left taken opened closed timer_set timer_fired timer_cleared timer_held timer_resumed awaits \
    received await_cleared awaits_signal signal_received signal_cleared thrown repeats called returned suspended resumed ended \
    Start EventStart End TerminateEnd ThrowEnd UserTask SendTask ReceiveTask CallActivity Exclusive Parallel Inclusive EventBased Catch Throw \
    Milestone Boundary SubProcess EventSubProcess";

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
        let mut lines: Vec<String> = Drawer::flow(&mut tape, 2).lines().map(str::to_owned).collect();
        for _ in 0..swaps {
            let at = tape.below(lines.len());
            let line = lines[at].clone();
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["edge", from, _] if !line.contains('x') => {
                    let other = lines[tape.below(lines.len())].split(' ').next_back().unwrap_or_default().to_owned();
                    lines[at] = format!("edge {from} {other}");
                }
                ["and", id] => lines[at] = format!("{} {id}", ["xor", "or"][tape.below(2)]),
                ["xor", id] => lines[at] = format!("{} {id}", ["and", "or"][tape.below(2)]),
                ["or", id] => lines[at] = format!("{} {id}", ["and", "xor"][tape.below(2)]),
                ["or", id, default] => lines[at] = format!("xor {id} {default}"),
                ["xor", id, default] => lines[at] = format!("or {id} {default}"),
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
