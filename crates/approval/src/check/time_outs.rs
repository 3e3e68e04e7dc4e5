//! Time-outs come in order, do something that can be done, and nothing follows one that ends the step.

use crate::{Defect, Definition, Step, Then};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    for (index, step) in def.steps.iter().enumerate() {
        of_step(&format!("/steps/{index}/time_outs"), step, defects);
    }
}

fn of_step(base: &str, step: &Step, defects: &mut Vec<Defect>) {
    let mut before = 0;
    for (index, time_out) in step.time_outs.iter().enumerate() {
        let at = format!("{base}/{index}");
        if time_out.after <= before {
            let message = format!("a time-out of step '{}' does not come after the one before it", step.key);
            defects.push(Defect::new(format!("{at}/after"), "time_out_order", message, "write them in order, each later than the last"));
        }
        before = time_out.after;
        if index > 0 && step.time_outs.get(index - 1).is_some_and(|last| last.then.decides()) {
            let message = format!("the time-out before this one ends step '{}'", step.key);
            defects.push(Defect::new(&at, "time_out_after_end", message, "take it out, or put it before"));
        }
        action(&format!("{at}/then"), step, &time_out.then, defects);
    }
}

fn action(at: &str, step: &Step, then: &Then, defects: &mut Vec<Defect>) {
    let has_body = step.body.is_some();
    let (code, message, mend) = match then {
        Then::Escalate(to) if to.is_empty() => ("nobody_to_escalate_to", "there is nobody to escalate to", "name somebody"),
        Then::Escalate(_) if has_body => {
            let mend = "let it reject or count, and let the flow ask the other body";
            ("body_escalates", "one person would decide in place of the body", mend)
        }
        Then::Approve if has_body => ("body_by_silence", "silence would be the vote of the body", "take count or reject"),
        Then::Count if !has_body => ("count_without_body", "only the vote of a body is counted as it stands", "take approve or reject"),
        _ => return,
    };
    defects.push(Defect::new(at, code, format!("step '{}': {message}", step.key), mend));
}
