//! The fold: facts become an instance. Nothing is decided here and the engine is never run.

use crate::{Activity, Awaited, Call, Event, Instance, Repetition, Status, Timer, Token};

impl Instance {
    /// Takes one fact in. Facts that do not fit (a token that is not there) change nothing, so a fold never fails.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Started { semantics, .. } => {
                self.status = Status::Running;
                self.semantics = *semantics;
            }
            Event::Entered { element, token, scope, edge, turn, item } => {
                self.used(*token);
                if let (Some(turn), Some(whole)) = (turn, scope) {
                    let found = self.repetitions.iter_mut().find(|kept| kept.token == *whole);
                    found.into_iter().for_each(|kept| kept.started = kept.started.max(*turn));
                }
                let (element, edge, item) = (element.clone(), edge.clone(), item.clone());
                self.tokens.push(Token { id: *token, element, scope: *scope, edge, turn: *turn, item });
            }
            Event::Left { token, .. } => {
                self.tokens.retain(|kept| kept.id != *token);
                self.repetitions.retain(|kept| kept.token != *token);
            }
            Event::Repeats { token, total, items, .. } => {
                self.repetitions.push(Repetition { token: *token, total: *total, started: 0, items: items.clone() });
            }
            Event::Taken { .. } | Event::Thrown { .. } => {}
            Event::Opened { activity, element, at } => {
                self.used(*activity);
                self.activities.push(Activity { id: *activity, element: element.clone(), opened_at: *at });
            }
            Event::Closed { activity, .. } => self.activities.retain(|kept| kept.id != *activity),
            Event::TimerSet { .. }
            | Event::TimerFired { .. }
            | Event::TimerCleared { .. }
            | Event::TimerHeld { .. }
            | Event::TimerResumed { .. } => self.apply_timer(event),
            Event::Called { activity, element, called, at } => {
                self.used(*activity);
                self.calls.push(Call { id: *activity, element: element.clone(), called: called.clone(), opened_at: *at });
            }
            Event::Returned { activity, .. } => self.calls.retain(|kept| kept.id != *activity),
            Event::Awaits { .. }
            | Event::Received { .. }
            | Event::AwaitCleared { .. }
            | Event::AwaitsSignal { .. }
            | Event::SignalReceived { .. }
            | Event::SignalCleared { .. } => self.apply_wait(event),
            Event::Suspended { at } => {
                self.status = Status::Suspended;
                self.suspended_at = Some(*at);
            }
            Event::Resumed { .. } => {
                self.status = Status::Running;
                self.suspended_at = None;
            }
            Event::Ended { status, .. } => {
                self.status = *status;
                self.suspended_at = None;
            }
        }
    }

    fn apply_wait(&mut self, event: &Event) {
        match event {
            Event::Awaits { message, element, token, name, key } => {
                self.used(*message);
                let (element, name, key) = (element.clone(), name.clone(), key.clone());
                self.messages.push(Awaited { id: *message, element, token: *token, name, key });
            }
            Event::Received { message, .. } | Event::AwaitCleared { message, .. } => {
                self.messages.retain(|kept| kept.id != *message);
            }
            Event::AwaitsSignal { signal, element, token, name } => {
                self.used(*signal);
                let (element, name) = (element.clone(), name.clone());
                self.signals.push(Awaited { id: *signal, element, token: *token, name, key: None });
            }
            Event::SignalReceived { signal, .. } | Event::SignalCleared { signal, .. } => {
                self.signals.retain(|kept| kept.id != *signal);
            }
            _ => {}
        }
    }

    fn apply_timer(&mut self, event: &Event) {
        match event {
            Event::TimerSet { timer, element, token, due, keeps_running_on_hold } => {
                self.used(*timer);
                self.timers.push(Timer {
                    id: *timer,
                    element: element.clone(),
                    token: *token,
                    due: *due,
                    keeps_running_on_hold: *keeps_running_on_hold,
                    remaining: None,
                });
            }
            Event::TimerFired { timer, .. } | Event::TimerCleared { timer, .. } => {
                self.timers.retain(|kept| kept.id != *timer);
            }
            Event::TimerHeld { timer, remaining } => {
                if let Some(held) = self.timers.iter_mut().find(|kept| kept.id == *timer) {
                    held.remaining = Some(*remaining);
                }
            }
            Event::TimerResumed { timer, due } => {
                if let Some(held) = self.timers.iter_mut().find(|kept| kept.id == *timer) {
                    held.remaining = None;
                    held.due = *due;
                }
            }
            _ => {}
        }
    }

    /// Ids below `next_id` are spent, also those of things that are gone.
    fn used(&mut self, id: u32) {
        self.next_id = self.next_id.max(id.saturating_add(1));
    }
}
