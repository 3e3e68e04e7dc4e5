//! Every step has somebody to decide it: approvers, or a body that exists.

use crate::{Defect, Definition};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    for (index, step) in def.steps.iter().enumerate() {
        let (at, key) = (format!("/steps/{index}"), &step.key);
        match &step.body {
            None if step.approvers.is_empty() => {
                let message = format!("nobody can decide step '{key}'");
                defects.push(Defect::new(&at, "no_approvers", message, "name approvers, or a body"));
            }
            Some(_) if !step.approvers.is_empty() => {
                let message = format!("step '{key}' has a body and approvers beside it");
                let mend = "make them members of the body, or a step of their own";
                defects.push(Defect::new(format!("{at}/approvers"), "two_kinds_of_approvers", message, mend));
            }
            Some(body) if !def.bodies.contains_key(body) => {
                let message = format!("there is no body '{body}'");
                defects.push(Defect::new(format!("{at}/body"), "unknown_body", message, "name one of bodies"));
            }
            _ => {}
        }
        for source in super::repeated(&step.approvers) {
            let message = format!("step '{key}' names the same approvers twice");
            defects.push(Defect::new(format!("{at}/approvers/{source}"), "twice", message, "take one out"));
        }
    }
}
