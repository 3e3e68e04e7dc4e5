//! Asks the flow, and lets its events settle on the record: states, steps, ends.

use std::collections::BTreeMap;

use flow::{Event, Status, Stimulus};
use serde_json::Value;

use super::work::Work;
use super::{Effect, Refusal, Step, StepFact};

/// Topic of tasks that send one of the pack's messages, named by their properties `message` and `to`.
pub(crate) const NOTIFY: &str = "notify";

impl Work<'_> {
    /// Lets a stimulus act on the flow and takes over what it led to.
    pub fn advance(&mut self, stimulus: &Stimulus) -> Result<(), Refusal> {
        let (pack, before, now) = (self.pack, self.before, self.now);
        let advance = flow::advance(&pack.flow, &before.instance, stimulus, now, self)?;
        // A table may have found values that cannot be taken; they are worth more to the caller than what follows.
        self.check()?;
        for event in &advance.events {
            self.settle(event);
        }
        self.flow.extend(advance.events);
        for effect in advance.effects {
            // Drawings that would lead to any other are refused by `check::carried`.
            if let flow::Effect::Send { element, topic } = effect {
                self.send(element, topic);
            }
        }
        Ok(())
    }

    fn settle(&mut self, event: &Event) {
        match event {
            Event::Started { .. } => self.status = Status::Running,
            Event::Entered { element, .. } => self.arrive(element),
            Event::Opened { activity, element, at } => self.open_step(*activity, element, *at),
            Event::Closed { activity, .. } => {
                self.steps.retain(|step| step.activity != *activity);
                self.step_facts.push(StepFact::Closed { activity: *activity });
            }
            Event::Suspended { .. } => {
                self.status = Status::Suspended;
                if let Some(state) = &self.pack.manifest.hold_state {
                    self.enter_state(state);
                }
            }
            Event::Resumed { .. } => {
                self.status = Status::Running;
                self.return_to_step_state();
            }
            Event::Ended { status, .. } => self.end(*status),
            _ => {}
        }
    }

    fn arrive(&mut self, element: &str) {
        // A timer that runs on during a hold may move the flow; the state stays "on hold" until somebody resumes.
        if self.status == Status::Suspended {
            return;
        }
        let pack = self.pack;
        if let Some(state) = pack.flow.element(element).and_then(|element| element.state()) {
            self.enter_state(state);
        }
    }

    fn return_to_step_state(&mut self) {
        let pack = self.pack;
        let element = self.main_step().and_then(|step| pack.flow.element(&step.element));
        if let Some(state) = element.and_then(|element| element.state()) {
            self.enter_state(state);
        }
    }

    fn end(&mut self, status: Status) {
        self.status = status;
        let pack = self.pack;
        if status == Status::Completed {
            self.enter_state(&pack.manifest.ended.completed);
            self.notify("completed");
        } else {
            self.enter_state(&pack.manifest.ended.cancelled);
        }
    }

    fn open_step(&mut self, activity: u32, element: &str, at: i64) {
        let drawn = self.pack.flow.element(element);
        let team = drawn.and_then(|drawn| self.resolve(drawn.candidate_groups.as_deref()));
        let assignee = drawn.and_then(|drawn| self.resolve(drawn.assignee.as_deref()));
        let assignee = assignee.or_else(|| self.chosen_person(element));
        self.step_facts.push(StepFact::Opened {
            activity,
            element: element.to_owned(),
            team: team.clone(),
            assignee: assignee.clone(),
            at,
        });
        let element = element.to_owned();
        self.steps.push(Step { activity, element, team, assignee, accepted_at: None, opened_at: at });
    }

    /// The person chosen together with the outcome that led here, for the step that stands for the record.
    fn chosen_person(&self, element: &str) -> Option<String> {
        let chosen = self.given.contains("assignee") && self.sets_state(element);
        chosen.then(|| self.text("assignee").map(str::to_owned)).flatten()
    }

    /// A literal key, or the value of a field written `${field}`.
    fn resolve(&self, source: Option<&str>) -> Option<String> {
        let source = source?.trim();
        let found = match field_reference(source) {
            Some(field) => self.text(field)?,
            None => source,
        };
        (!found.is_empty()).then(|| found.to_owned())
    }

    fn send(&mut self, element: String, topic: String) {
        let drawn = self.pack.flow.element(&element);
        let properties: BTreeMap<String, String> = drawn.map(|drawn| drawn.properties.clone()).unwrap_or_default();
        let named = properties.get("message").zip(properties.get("to"));
        self.effects.push(match named {
            Some((message, to)) if topic == NOTIFY => Effect::Notify { message: message.clone(), to: to.clone() },
            _ => Effect::Topic { topic, element, properties },
        });
    }
}

/// The field of `${field}`.
pub(crate) fn field_reference(source: &str) -> Option<&str> {
    source.trim().strip_prefix("${")?.strip_suffix('}').map(str::trim)
}

impl flow::Context for Work<'_> {
    fn condition(&mut self, _element: &str, source: &str) -> Result<bool, String> {
        let expression = self.pack.expressions.get(source).ok_or("the condition was not compiled")?;
        expression.is_true(&self.scope).map_err(|error| error.to_string())
    }

    fn decide(&mut self, _element: &str, decision: &str) -> Result<(), String> {
        self.derive(decision)
    }

    fn duration(&mut self, _element: &str, source: &str) -> Result<i64, String> {
        let expression = self.pack.expressions.get(source).ok_or("the duration was not compiled")?;
        let length = match expression.evaluate(&self.scope).map_err(|error| error.to_string())? {
            Value::String(text) => flow::duration_ms(&text),
            Value::Number(milliseconds) => milliseconds.as_i64(),
            _ => None,
        };
        length.ok_or_else(|| format!("'{source}' is no duration"))
    }
}
