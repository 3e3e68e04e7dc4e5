//! Every key exists in every language, and no text is there for nothing.

use std::collections::BTreeSet;

use super::Check;
use crate::standard_field::{STANDARD_FIELDS, Writer};
use crate::text::{DRAWN_IN, LANGUAGES};
use crate::{Defect, Pack};

pub(super) fn check(check: &mut Check<'_>) {
    let needed = needed(check.pack);
    let optional = optional(check.pack);
    let translated = translated(check.pack);
    for lang in LANGUAGES {
        let Some(source) = check.sources.texts.get(lang) else { continue };
        let Some(texts) = check.pack.texts(lang) else { continue };
        for key in needed.iter().filter(|key| !texts.contains_key(*key)) {
            let message = format!("the text '{key}' is missing in {lang}");
            check.defects.push(source.defect(&pointer(key), "missing_text", message, "write it"));
        }
        for key in texts.keys().filter(|key| ![&needed, &optional, &translated].iter().any(|known| known.contains(*key))) {
            let message = format!("nothing uses the text '{key}'");
            let mend = "take it out or mend its spelling";
            check.defects.push(source.defect(&pointer(key), "unused_text", message, mend));
        }
    }
    same_optional(check, &optional);
    drawn_twice(check);
}

/// `state.new` stands at `/state/new`.
fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

fn needed(pack: &Pack) -> BTreeSet<String> {
    let manifest = pack.manifest();
    let mut keys: BTreeSet<String> = ["type.one", "type.many"].map(str::to_owned).into();
    keys.extend(manifest.states.keys().map(|state| format!("state.{state}")));
    keys.extend(manifest.roles.iter().map(|role| format!("role.{role}")));
    keys.extend(pack.messages().map(|message| format!("message.{message}")));
    keys.extend(pack.tables().keys().map(|table| format!("decision.{table}")));
    for (kind, codes) in &manifest.reasons {
        keys.extend(codes.iter().map(|code| format!("reason.{kind}.{code}")));
    }
    for (name, field) in pack.own_fields() {
        keys.insert(format!("field.{name}"));
        keys.extend(field.values.iter().map(|value| format!("value.{name}.{value}")));
    }
    for (name, rule) in &manifest.fields {
        keys.extend(rule.values.iter().map(|value| format!("value.{name}.{value}")));
    }
    for element in pack.flow().elements() {
        keys.extend(element.outcomes().iter().map(|outcome| format!("outcome.{outcome}")));
        if !element.name.is_empty() {
            keys.insert(format!("activity.{}", element.id));
        }
    }
    keys.extend(pack.flow().edges().filter(|edge| !edge.name.is_empty()).map(|edge| format!("edge.{}", edge.id)));
    let sections = pack.form_ui().get("sections").and_then(|sections| sections.as_array()).into_iter().flatten();
    let sections = sections.filter_map(|section| section.get("key").and_then(|key| key.as_str()));
    keys.extend(sections.map(|section| format!("section.{section}")));
    for (key, definition) in pack.approvals() {
        keys.insert(format!("approval.{key}"));
        keys.extend(definition.steps.iter().map(|step| format!("approval_step.{key}.{}", step.key)));
    }
    keys.extend(pack.approvals.bodies.keys().map(|body| format!("body.{body}")));
    keys.extend(shown(pack).into_iter().map(|name| format!("field.{name}")));
    keys
}

/// Every field that a page of this type shows by name: on its forms, in its lists and in the dialogs of outcomes.
fn shown(pack: &Pack) -> BTreeSet<String> {
    let manifest = pack.manifest();
    let dialogs = manifest.required.values().chain(manifest.outcome_fields.values()).flatten().cloned();
    let places = ["/open/portal", "/open/workspace", "/list"].map(str::to_owned).into_iter();
    let sections = pack.form_ui().get("sections").and_then(|sections| sections.as_array()).map_or(0, Vec::len);
    let places = places.chain((0..sections).map(|index| format!("/sections/{index}/fields")));
    let placed = places.filter_map(|place| pack.form_ui().pointer(&place)?.as_array()).flatten();
    let placed = placed.filter_map(|field| field.as_str().map(str::to_owned));
    dialogs.chain(manifest.fields.keys().cloned()).chain(placed).collect()
}

/// Other names for standard fields, hints, and names for the teams that the flow and the tables send work to.
fn optional(pack: &Pack) -> BTreeSet<String> {
    let standard = STANDARD_FIELDS.iter().filter(|field| field.writer != Writer::Scope).map(|field| field.name);
    let own = pack.own_fields().keys().map(String::as_str);
    let texts = standard.chain(own).flat_map(|name| [format!("field.{name}"), format!("hint.{name}")]);
    texts.chain(pack.teams().iter().map(|team| format!("team.{team}"))).collect()
}

/// What the authors of tables wrote about rows, in another language: the table itself has it in theirs.
fn translated(pack: &Pack) -> BTreeSet<String> {
    pack.tables().values().flat_map(|table| table.rule_ids()).map(|id| format!("rule.{id}")).collect()
}

/// An optional text in one language is needed in the other.
fn same_optional(check: &mut Check<'_>, optional: &BTreeSet<String>) {
    for key in optional {
        let has = |lang: &&str| check.pack.text(lang, key).is_some();
        let (with, without): (Vec<&str>, Vec<&str>) = LANGUAGES.into_iter().partition(has);
        if with.is_empty() {
            continue;
        }
        for lang in without {
            let message = format!("the text '{key}' is there in {} but not in {lang}", with.join(", "));
            let place = pointer(key);
            let found = check.sources.texts.get(lang).map(|source| source.defect(&place, "missing_text", message, "write it"));
            check.defects.extend(found);
        }
    }
}

/// The names in the drawing are the texts of its language; a second copy would drift.
fn drawn_twice(check: &mut Check<'_>) {
    let Some(source) = check.sources.texts.get(DRAWN_IN) else { return };
    for kind in ["activity", "edge"] {
        if source.value.get(kind).is_some() {
            let message = format!("texts of '{kind}' in {DRAWN_IN} are the names in flow.bpmn");
            let defect: Defect = source.defect(&format!("/{kind}"), "drawn_text", message, "take them out here");
            check.defects.push(defect);
        }
    }
}
