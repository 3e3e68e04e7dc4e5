//! There are steps, not too many, and each has a key of its own.

use crate::{Defect, Definition, MOST_STEPS};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    if def.steps.is_empty() {
        defects.push(Defect::new("/steps", "no_steps", "the approval has no step", "add one"));
    }
    if def.steps.len() > MOST_STEPS {
        let message = format!("the approval has {} steps", def.steps.len());
        defects.push(Defect::new("/steps", "too_many_steps", message, format!("an approval has at most {MOST_STEPS}")));
    }
    let keys: Vec<&str> = def.steps.iter().map(|step| step.key.as_str()).collect();
    for index in super::repeated(&keys) {
        let message = format!("two steps are called '{}'", keys[index]);
        defects.push(Defect::new(format!("/steps/{index}/key"), "twice", message, "give each a key of its own"));
    }
}
