//! Every field that `pack.yaml` names exists, and its defaults are allowed.

use super::Check;
use crate::source::join;
use crate::standard_field::{Writer, standard_field};

pub(super) fn check(check: &mut Check<'_>) {
    standard_rules(check);
    let manifest = check.pack.manifest();
    let lists =
        [("/indexed", &manifest.indexed), ("/secret", &manifest.secret), ("/personal", &manifest.personal), ("/fresh", &manifest.fresh)];
    for (base, names) in lists {
        for (index, name) in names.iter().enumerate() {
            known(check, &format!("{base}/{index}"), name);
        }
    }
    for (base, map) in [("/required", &manifest.required), ("/outcome_fields", &manifest.outcome_fields)] {
        for (key, names) in map {
            for (index, name) in names.iter().enumerate() {
                let pointer = format!("{}/{index}", join(base, key));
                if known(check, &pointer, name) {
                    not_the_engines(check, &pointer, name);
                }
            }
        }
    }
    for (field, reason) in &manifest.overrides {
        overridden(check, field, reason);
    }
    for (field, bound) in &manifest.bounds {
        bounded(check, field, &bound.same);
    }
    if let Some(rating) = &manifest.rating {
        for (pointer, name) in [("/rating/score", &rating.score), ("/rating/comment", &rating.comment)] {
            if !check.pack.own_fields().contains_key(name) {
                unknown(check, pointer, name);
            }
        }
    }
    if !manifest.indexed.iter().all(|name| check.pack.own_fields().contains_key(name)) {
        let mend = "take it out; every standard field can be filtered on";
        check.manifest("/indexed", "not_own", "a standard field needs no index of its own", mend);
    }
}

fn standard_rules(check: &mut Check<'_>) {
    for (name, rule) in &check.pack.manifest().fields {
        let pointer = join("/fields", name);
        match standard_field(name) {
            None => {
                let mend = "own fields have their defaults and values in form.json";
                check.manifest(&pointer, "unknown_field", format!("there is no standard field '{name}'"), mend);
            }
            Some(field) if !matches!(field.writer, Writer::People | Writer::Command) => {
                let mend = "take it out";
                check.manifest(&pointer, "engine_field", format!("'{name}' is written by the engine alone"), mend);
            }
            Some(_) => {}
        }
        let text = rule.default.as_ref().and_then(|default| default.as_str());
        if text.is_some_and(|text| !rule.values.is_empty() && !rule.values.iter().any(|value| value == text)) {
            let message = format!("the default of '{name}' is none of its values");
            check.manifest(&join(&pointer, "default"), "wrong_default", message, "take one of the values");
        }
    }
}

fn overridden(check: &mut Check<'_>, field: &str, reason: &str) {
    let pointer = join("/overrides", field);
    if known(check, &pointer, field) && !check.pack.is_derived(field) {
        let message = format!("no table decides '{field}', so there is nothing to override");
        check.manifest(&pointer, "not_derived", message, "take it out, or let a table decide the field");
    }
    known(check, &pointer, reason);
}

/// A bound is found in the rules of one table: it gives the field and reads the one that has to be the same.
fn bounded(check: &mut Check<'_>, field: &str, same: &str) {
    let tables = check.pack.tables().values();
    let gives_and_reads = |table: &decide::Table| table.outputs().contains(&field) && table.inputs().contains(&same);
    if !tables.into_iter().any(gives_and_reads) {
        let message = format!("no table decides '{field}' by '{same}'");
        check.manifest(&join("/bounds", field), "not_derived", message, "name a field that a table gives and one that it reads");
    }
}

fn not_the_engines(check: &mut Check<'_>, pointer: &str, name: &str) {
    if standard_field(name).is_some_and(|field| matches!(field.writer, Writer::Engine | Writer::Scope)) {
        let message = format!("'{name}' is written by the engine alone");
        check.manifest(pointer, "engine_field", message, "take it out");
    }
}

fn known(check: &mut Check<'_>, pointer: &str, name: &str) -> bool {
    let known = check.pack.field_type(name).is_some();
    if !known {
        unknown(check, pointer, name);
    }
    known
}

fn unknown(check: &mut Check<'_>, pointer: &str, name: &str) {
    let mend = "mend its spelling, or add it to form.json";
    check.manifest(pointer, "unknown_field", format!("there is no field '{name}'"), mend);
}
