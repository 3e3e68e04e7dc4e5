//! Fields that make an approval void exist, are written by people, and are no secrets: their digests are kept. Those that say
//! whether a step is needed are among them: else it could be approved without the step and be made to need it afterwards.

use approval::Definition;

use crate::check::Check;
use crate::source::join;
use crate::standard_field::{Writer, standard_field};

pub(crate) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for (key, definition) in pack.approvals() {
        for (index, field) in definition.void_on.iter().enumerate() {
            let pointer = format!("{}/void_on/{index}", join("/approvals", key));
            if pack.field_type(field).is_none() {
                let mend = "mend its spelling, or add it to form.json";
                check.approvals(&pointer, "unknown_field", format!("there is no field '{field}'"), mend);
            } else if standard_field(field).is_some_and(|found| matches!(found.writer, Writer::Engine | Writer::Scope)) {
                let message = format!("'{field}' is written by the engine, so the approval would void itself");
                check.approvals(&pointer, "engine_field", message, "take it out");
            } else if pack.manifest().secret.contains(field) {
                let message = format!("'{field}' is secret, and its digest would be kept");
                check.approvals(&pointer, "secret_field", message, "take it out, here or under secret");
            }
        }
        unwatched(check, key, definition);
    }
}

fn unwatched(check: &mut Check<'_>, key: &str, definition: &Definition) {
    let pack = check.pack;
    for (index, step) in definition.steps.iter().enumerate() {
        let Some(expression) = step.when.as_deref().and_then(|when| pack.approval_expression(when)) else { continue };
        let fields = expression.identifiers().iter().filter_map(|path| path.split('.').next());
        let can_change = |field: &&str| standard_field(field).is_none_or(|found| !matches!(found.writer, Writer::Engine | Writer::Scope));
        for field in fields.filter(can_change).filter(|field| !definition.void_on.iter().any(|watched| watched == field)) {
            let message = format!("step '{}' is needed or not by '{field}', whose change leaves the approval as it is", step.key);
            let pointer = format!("{}/steps/{index}/when", join("/approvals", key));
            check.approvals(&pointer, "unwatched_field", message, format!("add {field} to void_on"));
        }
    }
}
