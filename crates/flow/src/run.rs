//! One run from a stimulus to rest: the moves all elements are made of.
//!
//! The run works on a copy of the instance and changes it only by applying the events it emits, so the fold of the
//! events cannot differ from what the engine saw.

use crate::element::{self, inclusive, repeat};
use crate::{Advance, Context, Definition, Effect, Event, FlowError, How, Instance, Kind, STEP_LIMIT, Status, Token, Turn};

/// What waits belong to that belong to no token but to the whole flow; tokens are numbered from 1.
pub(crate) const WHOLE: u32 = 0;

/// A token on its way to an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    /// The element it will arrive at.
    pub(crate) to: usize,
    /// The edge it goes along; none where there is none (start, boundary event, operator's move).
    pub(crate) edge: Option<usize>,
    /// The visit to the enclosing sub-process, or to the repeated activity whose turn this is.
    pub(crate) scope: Option<u32>,
    /// The turn of a repeated activity.
    pub(crate) turn: Option<u32>,
}

impl Flight {
    /// Straight to an element, along no edge.
    pub(crate) fn to(to: usize, scope: Option<u32>) -> Self {
        Self { to, edge: None, scope, turn: None }
    }
}

pub(crate) struct Run<'a> {
    pub(crate) def: &'a Definition,
    pub(crate) now: i64,
    pub(crate) context: &'a mut dyn Context,
    pub(crate) instance: Instance,
    pub(crate) out: Advance,
    /// Tokens on their way, the next one last: one branch is followed to its rest before the next begins.
    flights: Vec<Flight>,
    steps: u32,
    /// Whether the caller was told of turns, so that it must be told when there are none.
    told: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(def: &'a Definition, before: &Instance, now: i64, context: &'a mut dyn Context) -> Self {
        let out = Advance { events: Vec::with_capacity(16), effects: Vec::new() };
        Self { def, now, context, instance: before.clone(), out, flights: Vec::new(), steps: 0, told: false }
    }

    /// Lets tokens fly until all rest. Inclusive joins look around when everything else has come to rest.
    pub(crate) fn run_to_rest(&mut self) -> Result<(), FlowError> {
        loop {
            while let Some(flight) = self.flights.pop() {
                self.steps += 1;
                if self.steps > STEP_LIMIT {
                    let element = self.def.at(flight.to).id.clone();
                    return Err(FlowError::Endless { element, limit: STEP_LIMIT });
                }
                if let Some(edge) = flight.edge {
                    self.emit(Event::Taken { edge: self.def.edge_at(edge).id.clone() });
                }
                let scope = flight.scope;
                element::arrive(self, flight)?;
                self.settle(scope)?;
            }
            if !self.def.net.has_inclusive_join || !inclusive::release(self)? {
                return Ok(());
            }
        }
    }

    /// Notes a fact and lets it take effect.
    pub(crate) fn emit(&mut self, event: Event) {
        self.instance.apply(&event);
        self.out.events.push(event);
    }

    /// A number nothing in this instance has had.
    pub(crate) fn fresh(&self) -> Result<u32, FlowError> {
        if self.instance.next_id == u32::MAX {
            return Err(FlowError::NoIds);
        }
        Ok(self.instance.next_id.max(1))
    }

    /// Sends a token on its way.
    pub(crate) fn fly(&mut self, flight: Flight) {
        self.flights.push(flight);
    }

    /// Sends a token along an edge.
    pub(crate) fn take(&mut self, edge: usize, scope: Option<u32>) {
        self.fly(Flight { to: self.def.net.target[edge], edge: Some(edge), scope, turn: None });
    }

    /// Sends a token along every edge that leaves an element, the first one first.
    pub(crate) fn take_all(&mut self, from: usize, scope: Option<u32>) {
        let def = self.def;
        for &edge in def.net.outgoing[from].iter().rev() {
            self.take(edge, scope);
        }
    }

    /// Takes tokens that are on their way inside a scope out of the air.
    pub(crate) fn ground(&mut self, scope: Option<u32>) {
        let instance = &self.instance;
        self.flights.retain(|flight| !instance.is_inside(flight.scope, scope));
    }

    /// A token arrives; gives the number of the visit.
    pub(crate) fn enter(&mut self, flight: &Flight) -> Result<u32, FlowError> {
        let token = self.fresh()?;
        let element = self.def.at(flight.to).id.clone();
        // Only a join asks later by which way a token came; elsewhere `taken` has said it.
        let joins = matches!(self.def.kind(flight.to), Kind::Parallel | Kind::Inclusive) && self.def.net.incoming[flight.to].len() > 1;
        let edge = flight.edge.filter(|_| joins).map(|edge| self.def.edge_at(edge).id.clone());
        let item = flight.turn.and_then(|turn| self.item(flight.scope, turn));
        self.emit(Event::Entered { element, token, scope: flight.scope, edge, turn: flight.turn, item });
        Ok(token)
    }

    /// A visit is over.
    pub(crate) fn leave(&mut self, token: u32, at: usize) {
        let element = self.def.at(at).id.clone();
        self.emit(Event::Left { element, token });
    }

    /// Arrives, leaves and goes on.
    pub(crate) fn pass(&mut self, flight: Flight) -> Result<(), FlowError> {
        let token = self.enter(&flight)?;
        self.leave(token, flight.to);
        self.take_all(flight.to, flight.scope);
        Ok(())
    }

    /// A resting token goes on: it leaves and takes every edge.
    pub(crate) fn go_on(&mut self, token: u32) -> Result<(), FlowError> {
        let Some(resting) = self.instance.token(token).cloned() else { return Ok(()) };
        let at = self.def.index(&resting.element)?;
        self.leave(token, at);
        self.proceed(at, &resting)?;
        self.settle(resting.scope)
    }

    /// What follows an activity whose token has left: its ways on, or the next turn.
    fn proceed(&mut self, at: usize, left: &Token) -> Result<(), FlowError> {
        match (left.turn, left.scope) {
            (Some(_), Some(whole)) => repeat::turn_over(self, at, whole, left),
            _ => {
                self.take_all(at, left.scope);
                Ok(())
            }
        }
    }

    /// Ends a scope that holds no token any more, and whatever ends with it.
    pub(crate) fn settle(&mut self, scope: Option<u32>) -> Result<(), FlowError> {
        let mut scope = scope;
        loop {
            if self.is_flying(scope) || self.instance.tokens.iter().any(|token| token.scope == scope) {
                return Ok(());
            }
            let Some(visit) = scope else {
                if self.instance.status.is_ended() {
                    return Ok(());
                }
                self.detach(WHOLE);
                let (status, at) = (Status::Completed, self.now);
                self.emit(Event::Ended { status, at, reason: None });
                return Ok(());
            };
            // The sub-process itself was taken away with everything in it.
            let Some(token) = self.instance.token(visit).cloned() else { return Ok(()) };
            let at = self.def.index(&token.element)?;
            // A repeated activity ends with its last turn, which looks after it.
            if self.def.at(at).repeat.is_some() && token.turn.is_none() {
                return Ok(());
            }
            self.detach(visit);
            self.leave(visit, at);
            self.proceed(at, &token)?;
            scope = token.scope;
        }
    }

    /// Whether a token is on its way directly in a scope.
    pub(crate) fn is_flying(&self, scope: Option<u32>) -> bool {
        self.flights.iter().any(|flight| flight.scope == scope)
    }

    /// The element that holds what happens in a visit; none for the whole flow.
    pub(crate) fn holder(&self, scope: Option<u32>) -> Result<Option<usize>, FlowError> {
        let token = scope.and_then(|visit| self.instance.token(visit));
        token.map(|token| self.def.index(&token.element)).transpose()
    }

    /// What a turn is for.
    fn item(&self, whole: Option<u32>, turn: u32) -> Option<String> {
        let repetition = self.instance.repetition(whole?)?;
        repetition.items.get(usize::try_from(turn).ok()?.checked_sub(1)?).cloned()
    }

    /// Lets the caller know within which turns the next question is asked.
    pub(crate) fn ask_within(&mut self, scope: Option<u32>) {
        let turns = self.turns(scope);
        self.tell(turns);
    }

    /// The same, when the turns are known.
    pub(crate) fn tell(&mut self, turns: Vec<Turn>) {
        if self.told || !turns.is_empty() {
            self.told = !turns.is_empty();
            self.context.within(turns);
        }
    }

    /// The turns around a scope, the outermost first.
    pub(crate) fn turns(&self, scope: Option<u32>) -> Vec<Turn> {
        let mut turns = Vec::new();
        if self.instance.repetitions.is_empty() {
            return turns;
        }
        let mut at = scope;
        for _ in 0..=self.instance.tokens.len() {
            let Some(token) = at.and_then(|visit| self.instance.token(visit)) else { break };
            turns.extend(self.turn(token));
            at = token.scope;
        }
        turns.reverse();
        turns
    }

    /// The turn that a token is.
    pub(crate) fn turn(&self, token: &Token) -> Option<Turn> {
        let (number, whole) = (token.turn?, token.scope?);
        let repetition = self.instance.repetition(whole)?;
        let under_way = self.instance.tokens.iter().filter(|other| other.scope == Some(whole)).count();
        let done = repetition.started.saturating_sub(u32::try_from(under_way).unwrap_or(u32::MAX));
        Some(Turn { element: token.element.clone(), number, item: token.item.clone(), total: repetition.total, done })
    }

    /// Closes the activity of a token, if it has one.
    pub(crate) fn close(&mut self, activity: u32, how: How, outcome: Option<&str>) {
        let Some(open) = self.instance.activity(activity) else { return };
        let element = open.element.clone();
        let outcome = outcome.map(str::to_owned);
        self.emit(Event::Closed { activity, element, outcome, how, at: self.now });
    }

    /// Clears the timers, messages and signals of a token.
    pub(crate) fn detach(&mut self, token: u32) {
        while let Some(timer) = self.instance.timers.iter().find(|timer| timer.token == token) {
            let (timer, element) = (timer.id, timer.element.clone());
            self.emit(Event::TimerCleared { timer, element });
        }
        while let Some(awaited) = self.instance.messages.iter().find(|awaited| awaited.token == token) {
            let (message, element) = (awaited.id, awaited.element.clone());
            self.emit(Event::AwaitCleared { message, element });
        }
        while let Some(awaited) = self.instance.signals.iter().find(|awaited| awaited.token == token) {
            let (signal, element) = (awaited.id, awaited.element.clone());
            self.emit(Event::SignalCleared { signal, element });
        }
    }

    /// Clears what may begin the event sub-processes of a scope.
    pub(crate) fn disarm(&mut self, scope: Option<u32>) {
        let (def, owner) = (self.def, scope.unwrap_or(WHOLE));
        let begins = |element: &str| def.element(element).is_some_and(|element| matches!(element.kind, Kind::EventStart { .. }));
        let mut cleared = Vec::new();
        for timer in self.instance.timers.iter().filter(|timer| timer.token == owner && begins(&timer.element)) {
            cleared.push(Event::TimerCleared { timer: timer.id, element: timer.element.clone() });
        }
        for awaited in self.instance.messages.iter().filter(|awaited| awaited.token == owner && begins(&awaited.element)) {
            cleared.push(Event::AwaitCleared { message: awaited.id, element: awaited.element.clone() });
        }
        for awaited in self.instance.signals.iter().filter(|awaited| awaited.token == owner && begins(&awaited.element)) {
            cleared.push(Event::SignalCleared { signal: awaited.id, element: awaited.element.clone() });
        }
        cleared.into_iter().for_each(|event| self.emit(event));
    }

    /// The call of a token is over, if it has one. What was called and is not over is told so.
    pub(crate) fn close_call(&mut self, activity: u32, how: How, outcome: Option<&str>) {
        let Some(call) = self.instance.call(activity).cloned() else { return };
        let outcome = outcome.map(str::to_owned);
        self.emit(Event::Returned { activity, element: call.element.clone(), outcome, how, at: self.now });
        if !matches!(how, How::Completed | How::Failed) {
            self.out.effects.push(Effect::Recall { activity, element: call.element, called: call.called });
        }
    }

    /// The tokens directly in a scope.
    pub(crate) fn tokens_in(&self, scope: Option<u32>) -> Vec<u32> {
        let tokens = self.instance.tokens.iter();
        tokens.filter(|token| token.scope == scope).map(|token| token.id).collect()
    }

    /// Takes a token away with everything that hangs on it, innermost first.
    pub(crate) fn withdraw(&mut self, token: u32, how: How) {
        for inner in self.tokens_in(Some(token)) {
            self.withdraw(inner, how);
        }
        self.close(token, how, None);
        self.close_call(token, how, None);
        self.detach(token);
        if let Some(resting) = self.instance.token(token) {
            let element = resting.element.clone();
            self.emit(Event::Left { element, token });
        }
    }
}
