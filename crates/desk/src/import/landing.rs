//! Landing: the flow of an imported record begins now, with its token where the record stands.

use flow::{Context, Definition, Event, Instance, Status, Stimulus};

use super::map::Standing;
use crate::env::Pinned;
use crate::{DeskError, Env};

/// Lets the flow start without deciding anything: history has decided already.
struct Quiet;

impl Context for Quiet {
    fn condition(&mut self, _: &str, _: &str) -> Result<bool, String> {
        Ok(false)
    }

    fn decide(&mut self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn duration(&mut self, element: &str, source: &str) -> Result<i64, String> {
        Err(format!("the timer of {element} depends on the record ({source})"))
    }
}

/// The facts that put an imported record's flow where the log left it: ended, or waiting on an activity for its team and
/// person. A flow that an earlier import has begun goes on from where it stands.
pub fn facts(env: &Env, pinned: &Pinned, process: &pack::Record, standing: &Standing) -> Result<pack::Facts, DeskError> {
    let mut flight =
        Flight { definition: pinned.pack.flow(), now: env.world.now(), instance: process.instance.clone(), facts: pack::Facts::default() };
    if flight.instance.status == Status::Suspended {
        flight.advance(&Stimulus::Resume)?;
    }
    let Some(step) = &standing.step else {
        let cancelled = pinned.pack.phase_of(&process.state) == Some(pack::Phase::Cancelled);
        flight.end(if cancelled { Status::Cancelled } else { Status::Completed })?;
        flight.close_steps(process);
        return Ok(flight.facts);
    };
    let drawn_first = flight.go_to(step)?;
    flight.close_steps(process);
    flight.open_steps(process, standing, drawn_first);
    if standing.hold.is_some() {
        flight.advance(&Stimulus::Suspend)?;
    }
    Ok(flight.facts)
}

/// A flow on its way to where the log left its record.
struct Flight<'a> {
    definition: &'a Definition,
    now: i64,
    instance: Instance,
    facts: pack::Facts,
}

impl Flight<'_> {
    fn advance(&mut self, stimulus: &Stimulus) -> Result<(), DeskError> {
        let advanced = flow::advance(self.definition, &self.instance, stimulus, self.now, &mut Quiet)
            .map_err(|error| DeskError::outside("land a record", error))?;
        self.take(advanced.events);
        Ok(())
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            self.instance.apply(&event);
            self.facts.flow.push(event);
        }
    }

    /// Ends the flow, whatever is open in it.
    fn end(&mut self, status: Status) -> Result<(), DeskError> {
        let now = self.now;
        let ended = Event::Ended { status, at: now, reason: None };
        match self.instance.status {
            Status::New => self.take(vec![Event::Started { at: now, semantics: flow::SEMANTICS }, ended]),
            present if present.is_ended() => {
                if present != status {
                    self.take(vec![ended]);
                }
            }
            _ => {
                let withdrawn =
                    flow::advance(self.definition, &self.instance, &Stimulus::Cancel { reason: String::new() }, now, &mut Quiet)
                        .map_err(|error| DeskError::outside("land a record", error))?;
                // The engine knows no end by decree but a cancellation; the log says what it was.
                let mut events = withdrawn.events;
                events.retain(|event| !matches!(event, Event::Ended { .. }));
                for event in &mut events {
                    if let Event::Closed { how, .. } = event {
                        *how = if status == Status::Completed { flow::How::Completed } else { flow::How::Cancelled };
                    }
                }
                events.push(ended);
                self.take(events);
            }
        }
        Ok(())
    }

    /// Puts the token on an activity, starting the flow where it is new or has ended. Gives the team of the first step.
    fn go_to(&mut self, step: &str) -> Result<Option<String>, DeskError> {
        if self.instance.status == Status::New || self.instance.status.is_ended() {
            // What began again after its end goes on counting, so that no number is used twice.
            self.instance = Instance { next_id: self.instance.next_id, ..Instance::default() };
            self.advance(&Stimulus::Start)?;
        }
        let open = self.instance.activities.iter().find(|open| open.element == step).or_else(|| self.instance.activities.first());
        let open = open.map(|activity| (activity.id, activity.element.clone()));
        let (activity, element) = open.ok_or_else(|| DeskError::outside("land a record", "its flow opens no step by itself"))?;
        if element != step {
            self.advance(&Stimulus::Move { activity, to: step.to_owned() })?;
        }
        Ok(drawn_team(self.definition, &element))
    }

    /// Closes the steps whose activities are gone.
    fn close_steps(&mut self, process: &pack::Record) {
        let gone = process.steps.iter().filter(|step| self.instance.activity(step.activity).is_none());
        let gone: Vec<_> = gone.map(|step| pack::StepFact::Closed { activity: step.activity }).collect();
        self.facts.steps.extend(gone);
    }

    /// Gives the open activities their team and person.
    fn open_steps(&mut self, process: &pack::Record, standing: &Standing, drawn_first: Option<String>) {
        for open in self.instance.activities.clone() {
            // A record whose team the log does not name waits where new records wait: at the team of the flow's first step.
            let drawn = drawn_team(self.definition, &open.element).or_else(|| drawn_first.clone());
            let team = process.text("team").map(str::to_owned).or(drawn);
            let assignee = drawn_person(self.definition, &open.element, process).or_else(|| process.text("assignee").map(str::to_owned));
            let (activity, element, now) = (open.id, open.element, self.now);
            let present = process.step(activity);
            if present.is_none() {
                let opened = pack::StepFact::Opened { activity, element, team: team.clone(), assignee: assignee.clone(), at: now };
                self.facts.steps.push(opened);
            }
            for (field, new) in [("assignee", &assignee), ("team", &team)] {
                if new.as_deref() != process.text(field) {
                    let new = new.clone().map_or(serde_json::Value::Null, serde_json::Value::from);
                    self.facts.edits.push(pack::Edit { field: field.to_owned(), old: process.value(field).clone(), new });
                }
            }
            let accepted_at = (assignee.is_some() && standing.hold.is_some()).then_some(now);
            let stays = present.is_some_and(|step| step.team == team && step.assignee == assignee && step.accepted_at == accepted_at);
            if accepted_at.is_some() || (present.is_some() && !stays) {
                self.facts.steps.push(pack::StepFact::Assigned { activity, team, assignee, accepted_at });
            }
        }
    }
}

/// The person that the flow draws at a step: `${requester}` and the like.
fn drawn_person(definition: &Definition, element: &str, process: &pack::Record) -> Option<String> {
    let drawn = definition.element(element)?.assignee.as_deref()?;
    let field = drawn.strip_prefix("${")?.strip_suffix('}')?;
    process.text(field).map(str::to_owned)
}

/// The team that the flow draws at a step, unless it depends on the record.
fn drawn_team(definition: &Definition, element: &str) -> Option<String> {
    definition.element(element)?.candidate_groups.clone().filter(|group| !group.starts_with("${"))
}
