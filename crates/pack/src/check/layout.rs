//! `form.ui.json` places every own field once and no field that does not exist.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Check;

pub(super) fn check(check: &mut Check<'_>) {
    let source = &check.sources.form_ui;
    let mut lists = vec!["/open/portal".to_owned(), "/open/workspace".to_owned(), "/list".to_owned()];
    let sections = source.value.get("sections").and_then(Value::as_array).map_or(0, Vec::len);
    let first_section = lists.len();
    lists.extend((0..sections).map(|index| format!("/sections/{index}/fields")));
    let mut placed = BTreeSet::new();
    for (number, list) in lists.iter().enumerate() {
        let fields = source.value.pointer(list).and_then(Value::as_array).into_iter().flatten();
        for (index, field) in fields.filter_map(Value::as_str).enumerate() {
            let pointer = format!("{list}/{index}");
            if check.pack.field_type(field).is_none() {
                tell(check, &pointer, "unknown_field", format!("there is no field '{field}'"));
            } else if number >= first_section && !placed.insert(field.to_owned()) {
                tell(check, &pointer, "placed_twice", format!("'{field}' stands in two sections"));
            } else if number < 2 && !check.pack.is_editable(field) {
                tell(check, &pointer, "read_only", format!("'{field}' cannot be given when a record is opened"));
            }
        }
    }
    at_once(check);
    for field in check.pack.own_fields().keys().filter(|field| !placed.contains(*field)) {
        tell(check, "/sections", "not_placed", format!("'{field}' stands in no section"));
    }
}

/// What may be done at once is an outcome of the flow, and its fields exist.
fn at_once(check: &mut Check<'_>) {
    let Some(given) = check.sources.form_ui.value.pointer("/open/at_once") else { return };
    let outcome = given.get("outcome").and_then(Value::as_str).unwrap_or_default().to_owned();
    let fields: Vec<String> =
        given.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect();
    if !check.pack.flow().elements().any(|element| element.outcomes().contains(&outcome.as_str())) {
        tell(check, "/open/at_once/outcome", "unknown_outcome", format!("no step has the outcome '{outcome}'"));
    }
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| check.pack.field_type(field).is_none()).collect::<Vec<_>>() {
        tell(check, &format!("/open/at_once/fields/{index}"), "unknown_field", format!("there is no field '{field}'"));
    }
}

fn tell(check: &mut Check<'_>, pointer: &str, code: &'static str, message: String) {
    let mend = match code {
        "not_placed" => "add it to a section",
        "placed_twice" => "leave it in one",
        "read_only" => "take it out",
        "unknown_outcome" => "name an outcome as drawn",
        _ => "mend its spelling, or add it to form.json",
    };
    check.defects.push(check.sources.form_ui.defect(pointer, code, message, mend));
}
