//! One run from a stimulus to rest.
//!
//! The run works on a copy of the state and changes it only by applying the events it emits, so the fold of the events
//! cannot differ from what the engine saw.

use crate::approve::Approve;
use crate::{
    Approval, ApprovalError, Cause, Definition, Effect, Event, Order, Placed, Status, Step, StepState, StepStatus, Verdict, certain,
};

pub(crate) struct Run<'a> {
    pub(crate) def: &'a Definition,
    pub(crate) now: i64,
    pub(crate) state: Approval,
    pub(crate) out: Approve,
}

impl<'a> Run<'a> {
    pub(crate) fn new(def: &'a Definition, before: &Approval, now: i64) -> Self {
        Self { def, now, state: before.clone(), out: Approve::default() }
    }

    /// Notes a fact and lets it take effect.
    pub(crate) fn emit(&mut self, event: Event) {
        self.state.apply(&event);
        self.out.events.push(event);
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.out.effects.push(effect);
    }

    /// A step of the round with what the definition says about it.
    pub(crate) fn step(&self, key: &str) -> Result<(&'a Step, &StepState), ApprovalError> {
        let unknown = || ApprovalError::UnknownStep { step: key.to_owned() };
        Ok((self.def.step(key).ok_or_else(unknown)?, self.state.step(key).ok_or_else(unknown)?))
    }

    /// The same, if votes are waited for.
    pub(crate) fn open_step(&self, key: &str) -> Result<(&'a Step, &StepState), ApprovalError> {
        let found = self.step(key)?;
        if found.1.status == StepStatus::Open { Ok(found) } else { Err(ApprovalError::StepNotOpen { step: key.to_owned() }) }
    }

    /// Gives out a seat number that nothing in this approval has had.
    pub(crate) fn place(&self, taken: &mut u32, person: &str, chair: bool) -> Result<Placed, ApprovalError> {
        let seat = self.state.next_seat.max(1).checked_add(*taken).filter(|seat| *seat < u32::MAX).ok_or(ApprovalError::NoSeatNumbers)?;
        *taken += 1;
        Ok(Placed { seat, person: person.to_owned(), chair })
    }

    /// When a time-out of a step comes.
    pub(crate) fn due(step: &Step, index: usize, opened_at: i64) -> Option<i64> {
        step.time_outs.get(index).map(|time_out| opened_at.saturating_add(time_out.after.max(0)))
    }

    /// Draws every conclusion that votes, people who left and opened steps allow. Each turn closes or opens a step, or ends.
    pub(crate) fn settle(&mut self) -> Result<(), ApprovalError> {
        while self.state.status == Status::Open {
            if let Some((step, verdict, cause)) = self.certain_step()? {
                self.close(&step, verdict, cause, None);
            } else if !self.open_next()? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn certain_step(&self) -> Result<Option<(String, Verdict, Cause)>, ApprovalError> {
        for state in self.state.steps.iter().filter(|state| state.status == StepStatus::Open) {
            let (step, _) = self.step(&state.key)?;
            if let Some((verdict, cause)) = self.verdict(step, state) {
                return Ok(Some((state.key.clone(), verdict, cause)));
            }
        }
        Ok(None)
    }

    /// The end of a step, if it is certain.
    fn verdict(&self, step: &Step, state: &StepState) -> Option<(Verdict, Cause)> {
        if let Some(verdict) = state.escalated_verdict() {
            return Some((verdict, Cause::Escalation));
        }
        let tally = state.tally(self.def.body_of(step));
        match certain(step.rule, &tally)? {
            Verdict::Approved => Some((Verdict::Approved, Cause::Votes)),
            // Nobody has said no: whoever it was escalated to may still say yes.
            Verdict::Rejected if tally.no == 0 && state.seats.iter().any(|seat| seat.escalated && seat.is_open()) => None,
            Verdict::Rejected if tally.lacks_quorum() => Some((Verdict::Rejected, Cause::Quorum)),
            Verdict::Rejected => Some((Verdict::Rejected, Cause::Votes)),
        }
    }

    /// Closes a step, and the round with it when that decides it.
    pub(crate) fn close(&mut self, step: &str, verdict: Verdict, cause: Cause, by: Option<&str>) {
        self.excuse(step);
        let at = self.now;
        self.emit(Event::StepClosed { step: step.to_owned(), verdict, cause, by: by.map(str::to_owned), at });
        let through = |state: &StepState| matches!(state.status, StepStatus::Approved | StepStatus::Skipped);
        if verdict == Verdict::Rejected || self.state.steps.iter().all(through) {
            self.excuse_all();
            self.emit(Event::Decided { verdict, at });
            self.effect(Effect::Decided { verdict });
        }
    }

    /// Opens what comes next; false if there is nothing to open.
    fn open_next(&mut self) -> Result<bool, ApprovalError> {
        let with = |status: StepStatus| move |state: &&StepState| state.status == status;
        let busy = self.def.order == Order::Sequential && self.state.steps.iter().any(|state| with(StepStatus::Open)(&state));
        let Some(key) = self.state.steps.iter().find(with(StepStatus::Waiting)).filter(|_| !busy).map(|state| state.key.clone()) else {
            return Ok(false);
        };
        let (step, state) = self.step(&key)?;
        let (due, seats) = (Self::due(step, 0, self.now), state.open_seats());
        self.emit(Event::StepOpened { step: key.clone(), at: self.now, due });
        if !seats.is_empty() {
            self.effect(Effect::Ask { step: key, seats });
        }
        Ok(true)
    }

    /// Those who have been asked by an open step and have not voted need not any more.
    fn excuse(&mut self, key: &str) {
        let open = self.state.step(key).filter(|state| state.status == StepStatus::Open);
        let seats = open.map(StepState::open_seats).unwrap_or_default();
        if !seats.is_empty() {
            self.effect(Effect::Excuse { step: key.to_owned(), seats });
        }
    }

    /// The same for every step that is open.
    pub(crate) fn excuse_all(&mut self) {
        let keys: Vec<String> = self.state.steps.iter().map(|state| state.key.clone()).collect();
        for key in keys {
            self.excuse(&key);
        }
    }

    /// Whether somebody has a seat in another step of the round, or a vote, where one person counts once.
    pub(crate) fn sits_elsewhere(def: &Definition, state: &Approval, person: &str, step: &str) -> bool {
        let others = || state.steps.iter().filter(|other| other.key != step).flat_map(|other| &other.seats);
        let has_voted = others().any(|seat| seat.cast.as_ref().is_some_and(|cast| cast.by == person));
        !def.counts_in_several_steps && (has_voted || others().any(|seat| seat.person == person))
    }

    /// Whether it is somebody's own request, and that matters.
    pub(crate) fn is_own(def: &Definition, requesters: &[String], person: &str) -> bool {
        !def.requester_may_approve && requesters.iter().any(|requester| requester == person)
    }

    /// Whether a body's chair, or a delegate of theirs, is speaking.
    pub(crate) fn presides(&self, state: &StepState, by: &str) -> bool {
        let chair = state.seats.iter().find(|seat| seat.chair && !seat.left);
        chair.is_some_and(|seat| seat.person == by || self.state.stands_in(by, &seat.person, self.now))
    }
}
