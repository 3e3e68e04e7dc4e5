//! Every table named exists, every table is used, and tables write only what a table may write.

use std::collections::BTreeSet;

use flow::Kind;
use serde_json::Value;

use super::Check;
use crate::standard_field::{Writer, standard_field};

pub(super) fn check(check: &mut Check<'_>) {
    let known: BTreeSet<&str> = check.sources.decisions.keys().map(String::as_str).collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for element in check.pack.flow().elements().filter(|element| element.kind == Kind::BusinessRuleTask) {
        let decision = element.decision.as_deref().unwrap_or_default();
        used.insert(decision);
        if !known.contains(decision) {
            let message = format!("{}: there is no table '{decision}'", element.id);
            check.drawing(element.line, "unknown_table", message, "name a file of decisions/ without .json");
        }
    }
    for (index, decision) in check.pack.manifest().derive_on_edit.iter().enumerate() {
        used.insert(decision);
        if !known.contains(decision.as_str()) {
            let message = format!("there is no table '{decision}'");
            let mend = "name a file of decisions/ without .json";
            check.manifest(&format!("/derive_on_edit/{index}"), "unknown_table", message, mend);
        }
    }
    for (key, source) in &check.sources.decisions {
        if !used.contains(key.as_str()) {
            let mend = "take it out, or let a business rule task name it";
            check.defects.push(source.defect("", "unused_table", format!("nothing runs the table '{key}'"), mend));
        }
        let outputs = source.value.get("outputs").and_then(Value::as_array).into_iter().flatten();
        for (index, output) in outputs.enumerate() {
            let field = output.get("field").and_then(Value::as_str).unwrap_or_default();
            let writable = match standard_field(field) {
                Some(found) => matches!(found.writer, Writer::People | Writer::Command | Writer::Assignment),
                None => check.pack.own_fields().contains_key(field),
            };
            if !writable {
                let message = format!("a table cannot write '{field}'");
                let mend = "name an own field, or a standard one that people or dispatch write";
                let pointer = format!("/outputs/{index}/field");
                check.defects.push(source.defect(&pointer, "unwritable_field", message, mend));
            }
        }
    }
}
