//! Gives an open step to another team or person.

use super::performed::FieldError;
use super::work::Work;
use super::{Refusal, Step, StepFact};
use crate::manifest::Phase;

/// What is wished for.
pub(super) struct Wish<'a> {
    pub team: Option<&'a str>,
    pub assignee: Option<&'a str>,
    pub reason: Option<&'a str>,
}

pub(super) fn assign(work: &mut Work<'_>, activity: Option<u32>, wish: &Wish<'_>) -> Result<(), Refusal> {
    let step = match activity {
        Some(activity) => work.before.step(activity),
        None => work.main_step(),
    };
    let Some(step) = step.cloned() else {
        return Err(Refusal::not_available("the step is not open"));
    };
    if wish.team.is_none() && wish.assignee.is_none() {
        return Err(Refusal::invalid(fault("team", "required", "a team or a person is needed")));
    }
    work.known_reason("reassign", wish.reason)?;
    let moves = wish.team.is_some_and(|team| step.team.as_deref() != Some(team));
    if moves {
        work.notify("assign:team");
        change_team(work, &step, wish.reason)?;
    }
    if wish.assignee.is_some() {
        work.notify("assign:assignee");
    }
    let team = wish.team.map(str::to_owned).or_else(|| step.team.clone());
    let assignee = match wish.assignee {
        Some(person) => Some(person.to_owned()),
        // The old person is not of the new team.
        None => step.assignee.clone().filter(|_| !moves),
    };
    let same_person = assignee == step.assignee && !moves;
    let accepted_at = step.accepted_at.filter(|_| same_person);
    work.assigned(StepFact::Assigned { activity: step.activity, team, assignee, accepted_at });
    Ok(())
}

/// Takes the person off a step. A step without a team keeps them: it would be nobody's.
pub(super) fn hand_back(work: &mut Work<'_>, activity: u32) -> Result<(), Refusal> {
    let Some(step) = work.before.step(activity) else {
        return Err(Refusal::not_available("the step is not open"));
    };
    if step.assignee.is_none() || step.team.is_none() {
        return Err(Refusal::not_available("nobody of a team has this step"));
    }
    work.assigned(StepFact::Assigned { activity, team: step.team.clone(), assignee: None, accepted_at: None });
    Ok(())
}

fn change_team(work: &mut Work<'_>, step: &Step, reason: Option<&str>) -> Result<(), Refusal> {
    // The first team is no correction of another.
    if step.team.is_none() {
        return Ok(());
    }
    let pack = work.pack;
    if reason.is_none() && !pack.manifest.reasons("reassign").is_empty() {
        return Err(Refusal::invalid(fault("reason", "required", "another team needs a reason")));
    }
    let element = pack.flow.element(&step.element);
    let phase = element.and_then(|element| pack.phase_of(element.state()?));
    if phase.is_some_and(Phase::is_working) {
        work.count("reassign_count");
    }
    Ok(())
}

impl Work<'_> {
    /// Refuses a reason code the pack does not know.
    pub fn known_reason(&self, kind: &str, reason: Option<&str>) -> Result<(), Refusal> {
        let known = self.pack.manifest.reasons(kind);
        match reason {
            Some(reason) if !known.is_empty() && !known.iter().any(|code| code == reason) => {
                let message = format!("'{reason}' is none of {}", known.join(", "));
                Err(Refusal::invalid(fault("reason", "unknown_reason", &message)))
            }
            _ => Ok(()),
        }
    }
}

/// A fault in an argument of the command itself.
fn fault(argument: &str, code: &str, message: &str) -> FieldError {
    FieldError { pointer: format!("/{argument}"), code: code.to_owned(), message: message.to_owned() }
}
