//! The fold: facts become a state. Nothing is decided here and the engine is never run.

use crate::{Approval, Cast, Due, Event, Minute, Placed, Seat, Sitting, Status, StepState, StepStatus, Verdict};

impl Approval {
    /// Takes one fact in. Facts that do not fit (a seat that is not there) change nothing, so a fold never fails.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Requested { .. } => self.apply_requested(event),
            Event::StepOpened { step, at, due } => {
                if let Some(step) = self.step_mut(step) {
                    step.status = StepStatus::Open;
                    step.opened_at = Some(*at);
                    step.due = due.map(|at| Due { index: 0, at });
                }
            }
            Event::Voted { seat, by, vote, reason, at } => {
                if let Some(seat) = self.steps.iter_mut().flat_map(|step| &mut step.seats).find(|kept| kept.id == *seat) {
                    seat.cast = Some(Cast { vote: *vote, by: by.clone(), reason: reason.clone(), at: *at });
                }
            }
            Event::TimedOut { step, index, due, .. } => {
                if let Some(step) = self.step_mut(step) {
                    step.due = due.map(|at| Due { index: index.saturating_add(1), at });
                }
            }
            Event::Escalated { step, seats, .. } => {
                self.used(seats);
                if let Some(step) = self.step_mut(step) {
                    step.seats.extend(seats.iter().map(|placed| Seat { escalated: true, ..seated(placed) }));
                }
            }
            Event::StepClosed { step, verdict, cause, .. } => {
                if let Some(step) = self.step_mut(step) {
                    step.status = match verdict {
                        Verdict::Approved => StepStatus::Approved,
                        Verdict::Rejected => StepStatus::Rejected,
                    };
                    step.cause = Some(*cause);
                    step.due = None;
                }
            }
            Event::Minuted { step, by, text, at } => {
                let (step, by, text) = (step.clone(), by.clone(), text.clone());
                self.minutes.push(Minute { round: self.round, step, by, text, at: *at });
            }
            Event::Delegated { delegation, .. } => {
                self.end_delegation(&delegation.person, &delegation.delegate);
                self.delegations.push(delegation.clone());
            }
            Event::Undelegated { person, delegate, .. } => self.end_delegation(person, delegate),
            Event::Departed { person, .. } => self.leave(person),
            Event::Decided { verdict, at } => {
                let status = match verdict {
                    Verdict::Approved => Status::Approved,
                    Verdict::Rejected => Status::Rejected,
                };
                self.end(status, *at);
            }
            Event::Voided { at, .. } => self.end(Status::Void, *at),
            Event::Withdrawn { at, .. } => self.end(Status::Withdrawn, *at),
        }
    }

    fn apply_requested(&mut self, event: &Event) {
        let Event::Requested { at, semantics, round, requesters, digests, delegations, steps } = event else { return };
        for sitting in steps {
            self.used(&sitting.seats);
        }
        self.status = Status::Open;
        self.round = *round;
        self.semantics = *semantics;
        self.requesters.clone_from(requesters);
        self.digests.clone_from(digests);
        self.delegations.clone_from(delegations);
        self.steps = steps.iter().map(sat).collect();
        self.requested_at = Some(*at);
        self.ended_at = None;
    }

    fn leave(&mut self, person: &str) {
        self.delegations.retain(|kept| kept.person != person && kept.delegate != person);
        let ahead = self.steps.iter_mut().filter(|step| step.status.is_ahead());
        for seat in ahead.flat_map(|step| &mut step.seats).filter(|seat| seat.person == person && seat.cast.is_none()) {
            seat.left = true;
        }
    }

    fn step_mut(&mut self, key: &str) -> Option<&mut StepState> {
        self.steps.iter_mut().find(|step| step.key == key)
    }

    fn end_delegation(&mut self, person: &str, delegate: &str) {
        self.delegations.retain(|kept| kept.person != person || kept.delegate != delegate);
    }

    /// The round is over: nothing of it is waited for any more.
    fn end(&mut self, status: Status, at: i64) {
        self.status = status;
        self.ended_at = Some(at);
        for step in &mut self.steps {
            step.due = None;
            if step.status.is_ahead() {
                step.status = StepStatus::Stopped;
            }
        }
    }

    /// Numbers below `next_seat` are spent, also those of earlier rounds.
    fn used(&mut self, seats: &[Placed]) {
        for placed in seats {
            self.next_seat = self.next_seat.max(placed.seat.saturating_add(1));
        }
    }
}

fn seated(placed: &Placed) -> Seat {
    Seat { id: placed.seat, person: placed.person.clone(), chair: placed.chair, escalated: false, left: false, cast: None }
}

fn sat(sitting: &Sitting) -> StepState {
    let status = if sitting.skipped { StepStatus::Skipped } else { StepStatus::Waiting };
    let seats = sitting.seats.iter().map(seated).collect();
    StepState { key: sitting.step.clone(), status, seats, quorum: sitting.quorum, ..StepState::default() }
}
