//! One run from a stimulus to rest: the moves all elements are made of.
//!
//! The run works on a copy of the instance and changes it only by applying the events it emits, so the fold of the
//! events cannot differ from what the engine saw.

use crate::element;
use crate::{Advance, Context, Definition, Event, FlowError, How, Instance, Kind, STEP_LIMIT, Status};

/// A token on its way to an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    /// The element it will arrive at.
    pub(crate) to: usize,
    /// The edge it goes along; none where there is none (start, boundary event, operator's move).
    pub(crate) edge: Option<usize>,
    /// The visit to the enclosing sub-process.
    pub(crate) scope: Option<u32>,
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
}

impl<'a> Run<'a> {
    pub(crate) fn new(def: &'a Definition, before: &Instance, now: i64, context: &'a mut dyn Context) -> Self {
        let out = Advance { events: Vec::with_capacity(16), effects: Vec::new() };
        Self { def, now, context, instance: before.clone(), out, flights: Vec::new(), steps: 0 }
    }

    /// Lets tokens fly until all rest.
    pub(crate) fn run_to_rest(&mut self) -> Result<(), FlowError> {
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
        Ok(())
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
        self.fly(Flight { to: self.def.net.target[edge], edge: Some(edge), scope });
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
        let joins = self.def.kind(flight.to) == Kind::Parallel && self.def.net.incoming[flight.to].len() > 1;
        let edge = flight.edge.filter(|_| joins).map(|edge| self.def.edge_at(edge).id.clone());
        self.emit(Event::Entered { element, token, scope: flight.scope, edge });
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
        let Some(resting) = self.instance.token(token) else { return Ok(()) };
        let (scope, at) = (resting.scope, self.def.index(&resting.element)?);
        self.leave(token, at);
        self.take_all(at, scope);
        self.settle(scope)
    }

    /// Ends a scope that holds no token any more, and whatever ends with it.
    fn settle(&mut self, scope: Option<u32>) -> Result<(), FlowError> {
        let mut scope = scope;
        loop {
            let flying = self.flights.iter().any(|flight| flight.scope == scope);
            if flying || self.instance.tokens.iter().any(|token| token.scope == scope) {
                return Ok(());
            }
            let Some(visit) = scope else {
                let (status, at) = (Status::Completed, self.now);
                self.emit(Event::Ended { status, at, reason: None });
                return Ok(());
            };
            // The sub-process itself was taken away with everything in it.
            let Some(token) = self.instance.token(visit) else { return Ok(()) };
            let (outer, at) = (token.scope, self.def.index(&token.element)?);
            self.detach(visit);
            self.leave(visit, at);
            self.take_all(at, outer);
            scope = outer;
        }
    }

    /// Closes the activity of a token, if it has one.
    pub(crate) fn close(&mut self, activity: u32, how: How, outcome: Option<&str>) {
        let Some(open) = self.instance.activity(activity) else { return };
        let element = open.element.clone();
        let outcome = outcome.map(str::to_owned);
        self.emit(Event::Closed { activity, element, outcome, how, at: self.now });
    }

    /// Clears the timers and messages of a token.
    pub(crate) fn detach(&mut self, token: u32) {
        while let Some(timer) = self.instance.timers.iter().find(|timer| timer.token == token) {
            let (timer, element) = (timer.id, timer.element.clone());
            self.emit(Event::TimerCleared { timer, element });
        }
        while let Some(awaited) = self.instance.messages.iter().find(|awaited| awaited.token == token) {
            let (message, element) = (awaited.id, awaited.element.clone());
            self.emit(Event::AwaitCleared { message, element });
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
        self.detach(token);
        if let Some(resting) = self.instance.token(token) {
            let element = resting.element.clone();
            self.emit(Event::Left { element, token });
        }
    }
}
