//! Takes an open step.

use super::work::Work;
use super::{Refusal, StepFact};

pub(super) fn accept(work: &mut Work<'_>, by: &str) -> Result<(), Refusal> {
    let Some(step) = work.main_step() else {
        return Err(Refusal::not_available("no step is open"));
    };
    if step.assignee.is_some() && step.accepted_at.is_some() {
        return Err(Refusal::not_available("it has been accepted already"));
    }
    let (activity, team) = (step.activity, step.team.clone());
    let (assignee, accepted_at) = (Some(by.to_owned()), Some(work.now));
    work.assigned(StepFact::Assigned { activity, team, assignee, accepted_at });
    work.respond();
    Ok(())
}

impl Work<'_> {
    /// Gives a step its new team, person and acceptance.
    pub fn assigned(&mut self, fact: StepFact) {
        if let StepFact::Assigned { activity, team, assignee, accepted_at } = &fact
            && let Some(step) = self.steps.iter_mut().find(|step| step.activity == *activity)
        {
            step.team.clone_from(team);
            step.assignee.clone_from(assignee);
            step.accepted_at = *accepted_at;
        }
        self.step_facts.push(fact);
    }
}
