//! The flow is sound.

use super::Check;
use crate::Defect;

pub(super) fn check(check: &mut Check<'_>) {
    let found = check.pack.flow().check();
    check.defects.extend(found.iter().map(of_flow));
}

/// A defect of the flow crate as one of the pack.
pub(crate) fn of_flow(defect: &flow::Defect) -> Defect {
    let message = match &defect.element {
        Some(element) => format!("{element}: {}", defect.message),
        None => defect.message.clone(),
    };
    Defect::new("flow.bpmn", defect.code, message, defect.mend.clone()).at(defect.line)
}
