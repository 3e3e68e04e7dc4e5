//! A rule can be met, and fits who decides.

use crate::{Defect, Definition, Rule};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    for (index, step) in def.steps.iter().enumerate() {
        let (at, key) = (format!("/steps/{index}/rule"), &step.key);
        match step.rule {
            Rule::AtLeast(0) => {
                let message = format!("step '{key}' needs no yes at all");
                defects.push(Defect::new(format!("{at}/at_least"), "unreachable_rule", message, "write 1 or more"));
            }
            Rule::AtLeast(number) => {
                if let Some(seats) = super::most_seats(def, step).filter(|seats| *seats < number) {
                    let message = format!("step '{key}' needs {number} yes, and names at most {seats} people");
                    defects.push(Defect::new(format!("{at}/at_least"), "unreachable_rule", message, "ask for fewer, or name more people"));
                }
            }
            Rule::Percent(share) if !(1..=100).contains(&share) => {
                let message = format!("{share} is no share in percent");
                defects.push(Defect::new(format!("{at}/percent"), "wrong_share", message, "write 1 to 100"));
            }
            Rule::First if step.body.is_some() => {
                let message = format!("in step '{key}' the first answer would decide for the whole body");
                defects.push(Defect::new(at, "rule_of_body", message, "take majority, all, at_least or percent"));
            }
            _ => {}
        }
    }
}
