//! Landing: the flow of an imported record begins now, with its token where the record stands.

use flow::{Context, Definition, Instance, Status, Stimulus};

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

/// The facts that give an imported record its flow: ended, or waiting on an activity for its team and person.
pub fn facts(env: &Env, pinned: &Pinned, process: &pack::Record, standing: &Standing) -> Result<pack::Facts, DeskError> {
    let now = env.world.now();
    let mut facts = pack::Facts::default();
    let Some(step) = &standing.step else {
        let status =
            if pinned.pack.phase_of(&process.state) == Some(pack::Phase::Cancelled) { Status::Cancelled } else { Status::Completed };
        let started = flow::Event::Started { at: now, semantics: flow::SEMANTICS };
        facts.flow = vec![started, flow::Event::Ended { status, at: now, reason: None }];
        return Ok(facts);
    };
    let definition = pinned.pack.flow();
    let mut instance = Instance::default();
    advance(definition, &mut instance, &Stimulus::Start, now, &mut facts)?;
    let open = instance.activities.first().map(|activity| (activity.id, activity.element.clone()));
    let (activity, element) = open.ok_or_else(|| DeskError::outside("land a record", "its flow opens no step by itself"))?;
    if element != *step {
        advance(definition, &mut instance, &Stimulus::Move { activity, to: step.clone() }, now, &mut facts)?;
    }
    for open in &instance.activities {
        // A record whose team the log does not name waits where new records wait: at the team of the flow's first step.
        let drawn = drawn_team(definition, &open.element).or_else(|| drawn_team(definition, &element));
        let team = process.text("team").map(str::to_owned).or(drawn);
        let assignee = drawn_person(definition, &open.element, process).or_else(|| process.text("assignee").map(str::to_owned));
        let (activity, step) = (open.id, open.element.clone());
        facts.steps.push(pack::StepFact::Opened { activity, element: step, team: team.clone(), assignee: assignee.clone(), at: now });
        for (field, new) in [("assignee", &assignee), ("team", &team)] {
            if new.as_deref() != process.text(field) {
                let new = new.clone().map_or(serde_json::Value::Null, serde_json::Value::from);
                facts.edits.push(pack::Edit { field: field.to_owned(), old: process.value(field).clone(), new });
            }
        }
        if assignee.is_some() && standing.hold.is_some() {
            facts.steps.push(pack::StepFact::Assigned { activity, team, assignee, accepted_at: Some(now) });
        }
    }
    if standing.hold.is_some() {
        advance(definition, &mut instance, &Stimulus::Suspend, now, &mut facts)?;
    }
    Ok(facts)
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

fn advance(
    definition: &Definition,
    instance: &mut Instance,
    stimulus: &Stimulus,
    now: i64,
    facts: &mut pack::Facts,
) -> Result<(), DeskError> {
    let advanced =
        flow::advance(definition, instance, stimulus, now, &mut Quiet).map_err(|error| DeskError::outside("land a record", error))?;
    for event in advanced.events {
        instance.apply(&event);
        facts.flow.push(event);
    }
    Ok(())
}
