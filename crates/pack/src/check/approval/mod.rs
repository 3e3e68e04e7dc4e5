//! What must hold of `approvals.yaml` and between it and the rest of the pack. One rule a file.

mod bodies;
mod definitions;
mod names;
mod tasks;
mod watched;

pub(super) use bodies::check as bodies;
pub(super) use definitions::check as definitions;
pub(super) use names::check as names;
pub(super) use tasks::check as tasks;
pub(super) use watched::check as watched;

use flow::Element;

/// The outcomes of a step that an approval decides.
pub(super) const DECIDED: [&str; 2] = ["approved", "rejected"];

/// The property of a user task that names its approval.
pub(super) const PROPERTY: &str = "approval";

/// The outcomes of a step that somebody chooses.
pub(super) fn chosen(element: &Element) -> Vec<&str> {
    let mut outcomes = element.outcomes();
    outcomes.retain(|outcome| !element.properties.contains_key(PROPERTY) || !DECIDED.contains(outcome));
    outcomes
}
