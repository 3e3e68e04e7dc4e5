//! Completes an activity with an outcome.

use flow::{Status, Stimulus};
use serde_json::{Map, Value};

use super::Refusal;
use super::work::Work;

pub(super) fn complete(work: &mut Work<'_>, activity: u32, outcome: &str, values: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(step) = work.before.step(activity) else {
        return Err(Refusal::not_available(format!("step {activity} is not open")));
    };
    if work.status == Status::Suspended {
        return Err(Refusal::not_available("the record is on hold"));
    }
    let element = step.element.as_str();
    let known = work.pack.flow.element(element).map(flow::Element::outcomes).unwrap_or_default();
    if !known.contains(&outcome) {
        return Err(Refusal::UnknownOutcome {
            element: element.to_owned(),
            outcome: outcome.to_owned(),
            known: known.into_iter().map(str::to_owned).collect(),
        });
    }
    let pack = work.pack;
    work.take_given(values, Some(&pack.manifest.offered_for(element, outcome)));
    work.check_given();
    let required = pack.manifest.required_for(element, outcome);
    work.require(&required);
    for field in required.into_iter().filter(|field| pack.manifest.fresh.iter().any(|fresh| fresh == field)) {
        if !work.given.contains(field) {
            work.refuse(field, "required", format!("'{field}' is needed anew"));
        }
    }
    work.check()?;
    if work.main_step().is_some_and(|main| main.activity == activity) {
        work.respond();
    }
    work.scope.insert("outcome".to_owned(), outcome.into());
    work.notify(&format!("outcome:{outcome}"));
    work.advance(&Stimulus::Complete { activity, outcome: Some(outcome.to_owned()) })
}
