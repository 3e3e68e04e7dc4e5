//! The working copy of a record under one command.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Edit, Effect, Explained, Facts, FieldError, Performed, Record, Refusal, StateMove, Step, StepFact};
use crate::Pack;
use crate::manifest::{Notice, Phase};
use crate::standard_field::{Writer, standard_field};

/// The record as the command leaves it, and what the command said on its way.
pub(super) struct Work<'a> {
    pub pack: &'a Pack,
    pub before: &'a Record,
    pub now: i64,
    /// All values, and beside them the names of [`Writer::Scope`], so that tables and conditions read one map.
    pub scope: Map<String, Value>,
    pub state: String,
    pub status: flow::Status,
    pub steps: Vec<Step>,
    /// Fields that came with the command.
    pub given: BTreeSet<String>,
    /// Derived fields whose value came with the command although it is not what they had.
    pub by_hand: BTreeSet<String>,
    pub flow: Vec<flow::Event>,
    pub step_facts: Vec<StepFact>,
    pub effects: Vec<Effect>,
    pub decisions: Vec<Explained>,
    pub errors: Vec<FieldError>,
}

impl<'a> Work<'a> {
    pub fn new(pack: &'a Pack, before: &'a Record, now: i64) -> Self {
        let mut work = Self {
            pack,
            before,
            now,
            scope: before.values.clone(),
            state: before.state.clone(),
            status: before.instance.status,
            steps: before.steps.clone(),
            given: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            flow: Vec::new(),
            step_facts: Vec::new(),
            effects: Vec::new(),
            decisions: Vec::new(),
            errors: Vec::new(),
        };
        work.scope.insert("now".to_owned(), now.into());
        let accepted = work.main_step().is_some_and(|step| step.accepted_at.is_some());
        work.scope.insert("accepted".to_owned(), accepted.into());
        work.show_state();
        work
    }

    fn show_state(&mut self) {
        self.scope.insert("state".to_owned(), self.state.as_str().into());
        let phase = self.phase().map_or(Value::Null, |phase| phase.key().into());
        self.scope.insert("phase".to_owned(), phase);
    }

    pub fn phase(&self) -> Option<Phase> {
        self.pack.phase_of(&self.state)
    }

    pub fn value(&self, field: &str) -> &Value {
        self.scope.get(field).unwrap_or(&Value::Null)
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field).as_str()
    }

    /// Sets a value; null takes it away.
    pub fn set(&mut self, field: &str, value: Value) {
        if value.is_null() {
            self.scope.swap_remove(field);
        } else {
            self.scope.insert(field.to_owned(), value);
        }
    }

    pub fn set_text(&mut self, field: &str, value: Option<&str>) {
        self.set(field, value.map_or(Value::Null, Into::into));
    }

    /// Adds one to a counter.
    pub fn count(&mut self, field: &str) {
        let counted = self.value(field).as_i64().unwrap_or(0);
        self.set(field, counted.saturating_add(1).into());
    }

    /// Refuses one value; the command goes on, so that all faults are told together.
    pub fn refuse(&mut self, field: &str, code: &str, message: impl Into<String>) {
        let error = FieldError { pointer: self.pack.pointer(field), code: code.to_owned(), message: message.into() };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Ends the command if something has been refused.
    pub fn check(&mut self) -> Result<(), Refusal> {
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(std::mem::take(&mut self.errors))) }
    }

    /// Asks for the messages the pack sends on this occasion.
    pub fn notify(&mut self, occasion: &str) {
        for Notice { message, to } in self.pack.manifest.notify.get(occasion).into_iter().flatten() {
            self.effects.push(Effect::Notify { message: message.clone(), to: to.clone() });
        }
    }

    /// Enters a state and stamps what the change of phase means.
    pub fn enter_state(&mut self, state: &str) {
        let old = self.phase();
        self.state.clear();
        self.state.push_str(state);
        let new = self.phase();
        if old != new {
            self.stamp(old, new);
        }
        self.show_state();
    }

    fn stamp(&mut self, old: Option<Phase>, new: Option<Phase>) {
        let now = Value::from(self.now);
        let was_solved = old == Some(Phase::Resolved);
        match new {
            Some(Phase::Resolved) => self.set("resolved_at", now),
            Some(Phase::Closed) => {
                if self.value("resolved_at").is_null() {
                    self.set("resolved_at", now.clone());
                }
                self.set("closed_at", now);
            }
            Some(Phase::Cancelled) => self.set("closed_at", now),
            Some(Phase::New | Phase::Active | Phase::Waiting) if was_solved => {
                self.count("reopen_count");
                self.set("resolved_at", Value::Null);
            }
            _ => {}
        }
    }

    /// Whether an element sets the state: its step is the one that stands for the record.
    pub fn sets_state(&self, element: &str) -> bool {
        self.pack.flow.element(element).is_some_and(|element| element.state().is_some())
    }

    /// The open step that stands for the record, else the only one there is.
    pub fn main_step(&self) -> Option<&Step> {
        let main = self.steps.iter().rev().find(|step| self.sets_state(&step.element));
        main.or_else(|| self.steps.first().filter(|_| self.steps.len() == 1))
    }

    /// The first answer of a person ends the time to respond.
    pub fn respond(&mut self) {
        if self.value("responded_at").is_null() {
            self.set("responded_at", self.now.into());
        }
    }

    /// Team and person of the record are those of the step that stands for it, while somebody still works on the answer.
    /// Later they stay: a solved record belongs to those who solved it, and goes back to them when it is opened again.
    fn mirror(&mut self) {
        let Some(step) = self.steps.iter().rev().find(|step| self.sets_state(&step.element)) else { return };
        let own_phase = self.pack.flow.element(&step.element).and_then(|element| self.pack.phase_of(element.state()?));
        if own_phase.is_some_and(Phase::is_working) {
            let (team, assignee) = (step.team.clone(), step.assignee.clone());
            self.set_text("team", team.as_deref());
            self.set_text("assignee", assignee.as_deref());
        }
    }

    /// The difference to the record before, if all its values can be taken.
    pub fn finish(mut self) -> Result<Performed, Refusal> {
        self.mirror();
        if self.status != flow::Status::Suspended {
            self.set("hold_reason", Value::Null);
        }
        let edits = self.edits();
        self.check_fields(edits.iter().map(|edit| edit.field.as_str()));
        self.check()?;
        let moved = self.state != self.before.state;
        let state = moved.then(|| StateMove { old: self.before.state.clone(), new: std::mem::take(&mut self.state) });
        let facts = Facts { edits, state, flow: self.flow, steps: self.step_facts, checks: Vec::new() };
        Ok(Performed { facts, effects: self.effects, decisions: self.decisions })
    }

    fn edits(&self) -> Vec<Edit> {
        let is_stored = |field: &str| standard_field(field).is_none_or(|field| field.writer != Writer::Scope);
        let gone = self.before.values.keys().filter(|field| !self.scope.contains_key(*field));
        let names: BTreeSet<&String> = self.scope.keys().chain(gone).filter(|field| is_stored(field)).collect();
        let changed = names.into_iter().filter(|field| self.before.value(field) != self.value(field));
        changed.map(|field| Edit { field: field.clone(), old: self.before.value(field).clone(), new: self.value(field).clone() }).collect()
    }
}
