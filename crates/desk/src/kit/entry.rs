//! What may stand in a template, a macro and a checklist.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use store::Sql;

use super::{in_language, macros, placeholder};
use crate::directory::{EntryKind, Item};
use crate::env::Pinned;
use crate::record::filter;
use crate::{Actor, DeskError, Env, FieldError};

/// Most entries of one kind: all of them are looked through for each record.
const MOST: usize = 500;
/// Most steps of a checklist.
const MOST_CHECKS: usize = 50;
/// Longest words of a step, in characters.
const LONGEST: usize = 500;
/// Largest condition in bytes.
const LARGEST: usize = 16_384;

/// The kinds that this is about.
fn is_ours(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Template | EntryKind::Macro | EntryKind::Checklist)
}

/// Whether an entry is only taken out of use. What it names its pack may have no more: it could else never be.
fn retires(values: &Map<String, Value>) -> bool {
    values.len() == 1 && values.get("active") == Some(&Value::Bool(false))
}

/// Refuses one more entry where there are too many.
pub fn check_room(env: &Env, kind: EntryKind) -> Result<(), DeskError> {
    if is_ours(kind) && env.directory.of_kind(kind).len() >= MOST {
        return Err(DeskError::Conflict(format!("there are {MOST} of these, which is most: use one again that is out of use")));
    }
    Ok(())
}

/// Refuses values that would make no sense of the whole entry.
pub(crate) fn check(env: &Env, kind: EntryKind, key: &str, values: &Map<String, Value>) -> Result<(), DeskError> {
    if !is_ours(kind) || retires(values) {
        return Ok(());
    }
    let mut whole = env.directory.by_key(kind, key).map(|item| item.data.clone()).unwrap_or_default();
    whole.extend(values.clone());
    let mut entry = Entry { env, whole, errors: Vec::new() };
    entry.references();
    match kind {
        EntryKind::Template => entry.template(),
        EntryKind::Macro => entry.steps_of_macro(),
        _ => entry.checklist(),
    }
    if entry.errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(entry.errors)) }
}

/// Refuses a condition that could not be read. Its words are those of whoever writes it.
pub fn check_condition(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    kind: EntryKind,
    present: Option<&Item>,
    values: &Map<String, Value>,
) -> Result<(), DeskError> {
    if retires(values) {
        return Ok(());
    }
    let of = |field: &str| values.get(field).or_else(|| present?.data.get(field)).filter(|value| !value.is_null());
    let Some(json) = of("filter").filter(|_| is_ours(kind)) else { return Ok(()) };
    if json.to_string().len() > LARGEST {
        return Err(DeskError::field("/filter", "too_large", format!("a condition has at most {LARGEST} bytes")));
    }
    let type_key = of("type").and_then(Value::as_str);
    let pinned = type_key.and_then(|key| env.packs.newest(key).ok());
    let pinned = pinned.ok_or_else(|| DeskError::field("/type", "required", "a condition is about records of one type: name it"))?;
    filter::meaning(env, sql, actor, pinned, json).map(drop).map_err(|error| filter::in_body(error, "/filter"))
}

/// Names banned phrases that are blank: they would be found in every reply.
pub(crate) fn check_banned(value: &Value) -> Vec<FieldError> {
    let words = value.as_array().into_iter().flatten().enumerate();
    let blank = words.filter(|(_, word)| word.as_str().is_none_or(|word| word.trim().is_empty()));
    blank.map(|(n, _)| FieldError::new(format!("/value/{n}"), "format", "write a word or a phrase")).collect()
}

/// The whole entry as it would be.
struct Entry<'a> {
    env: &'a Env,
    whole: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Entry<'_> {
    fn wrong(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(pointer, code, message));
    }

    fn pinned(&self) -> Option<&Pinned> {
        self.env.packs.newest(self.whole.get("type")?.as_str()?).ok().map(|pinned| &**pinned)
    }

    fn list(&self, field: &str) -> Vec<String> {
        let list = self.whole.get(field).and_then(Value::as_array);
        list.map_or_else(Vec::new, |list| list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
    }

    /// Keys of what is there: the record type, teams, roles.
    fn references(&mut self) {
        if self.whole.get("type").is_some_and(|key| !key.is_null()) && self.pinned().is_none() {
            self.wrong("/type", "unknown_reference", "there is no such record type: name the key of a published pack");
        }
        for (field, kind) in [("teams", EntryKind::Team), ("roles", EntryKind::Role)] {
            for (n, key) in self.list(field).into_iter().enumerate() {
                if self.env.directory.by_key(kind, &key).is_none() {
                    let message = format!("there is no {} with the key '{key}'", kind.as_str());
                    self.wrong(format!("/{field}/{n}"), "unknown_reference", message);
                }
            }
        }
    }

    fn needs_type(&mut self) {
        if self.whole.get("type").is_none_or(Value::is_null) {
            self.wrong("/type", "required", "name the record type that this is for");
        }
    }

    /// Whether texts may name an own field: one that the requester may see, of the type or, without one, of any.
    fn has_field(&self, field: &str) -> bool {
        let has = |pinned: &Pinned| pinned.pack.own_fields().contains_key(field) && pinned.shows(field, false);
        match self.pinned() {
            Some(pinned) => has(pinned),
            None => self.env.packs.all().iter().any(|pinned| has(pinned)),
        }
    }

    /// Refuses placeholders that mean nothing, and says which there are.
    fn places(&mut self, pointer: &str, text: &str) {
        for name in placeholder::unknown(text, |field| self.has_field(field)) {
            let known: Vec<&str> = placeholder::KNOWN.iter().map(|(known, ..)| *known).collect();
            let message = format!(
                "'{{{{{name}' is no placeholder; write one of {} or {}<own field that the requester may see>, each between {{{{ and }}}}",
                known.join(", "),
                placeholder::FIELD
            );
            self.wrong(pointer, "unknown_placeholder", message);
        }
    }

    fn places_within(&mut self, pointer: &str, value: &Value) {
        match value {
            Value::String(text) => self.places(pointer, text),
            Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| self.places_within(&format!("{pointer}/{n}"), item)),
            Value::Object(fields) => fields.iter().for_each(|(name, item)| self.places_within(&format!("{pointer}/{name}"), item)),
            _ => {}
        }
    }

    fn template(&mut self) {
        let body = self.whole.get("body").cloned();
        if in_language(body.as_ref(), "zh").is_none() {
            self.wrong("/body", "required", "write the text in Chinese or English, or both");
        }
        for (lang, text) in body.as_ref().and_then(Value::as_object).into_iter().flatten() {
            if !matches!(lang.as_str(), "zh" | "en") {
                self.wrong(format!("/body/{lang}"), "enum", "texts are in zh and en");
            }
            self.places(&format!("/body/{lang}"), text.as_str().unwrap_or_default());
        }
    }

    fn steps_of_macro(&mut self) {
        self.needs_type();
        let steps = self.whole.get("steps").and_then(Value::as_array).cloned().unwrap_or_default();
        if steps.is_empty() || steps.len() > macros::MOST {
            self.wrong("/steps", "length", format!("a macro has 1 to {} steps", macros::MOST));
            return;
        }
        for (n, step) in steps.iter().enumerate() {
            let here = format!("/steps/{n}");
            let Ok(step) = serde_json::from_value::<macros::Step>(step.clone()) else {
                self.wrong(here, "type", r#"write {"action": "…", "fields": {…}}"#);
                continue;
            };
            let faults = self.pinned().map(|pinned| macros::faults(pinned, &step)).unwrap_or_default();
            for fault in faults {
                self.wrong(format!("{here}{}", fault.pointer), &fault.code, fault.message);
            }
            self.places_within(&format!("{here}/fields"), &Value::Object(step.fields));
        }
    }

    fn checklist(&mut self) {
        self.needs_type();
        self.bound();
        let steps = self.whole.get("steps").and_then(Value::as_array).cloned().unwrap_or_default();
        if steps.is_empty() || steps.len() > MOST_CHECKS {
            self.wrong("/steps", "length", format!("a checklist has 1 to {MOST_CHECKS} steps"));
        }
        let mut keys = BTreeSet::new();
        for (n, step) in steps.iter().enumerate() {
            self.check_step(&format!("/steps/{n}"), step, &mut keys);
        }
    }

    /// The steps of the flow that it belongs to, and the outcomes that wait for it.
    fn bound(&mut self) {
        let Some(pinned) = self.pinned() else { return };
        let tasks: Vec<&flow::Element> = pinned.pack.flow().elements().filter(|element| !element.outcomes().is_empty()).collect();
        let steps: BTreeSet<String> = tasks.iter().map(|element| element.id.clone()).collect();
        let outcomes: BTreeSet<String> = tasks.iter().flat_map(|element| element.outcomes()).map(str::to_owned).collect();
        if self.list("activities").is_empty() {
            self.wrong("/activities", "required", "name the steps of the flow in which it is gone through");
        }
        for (field, known) in [("activities", steps), ("outcomes", outcomes)] {
            for (n, key) in self.list(field).into_iter().enumerate().filter(|(_, key)| !known.contains(key)) {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.wrong(format!("/{field}/{n}"), "enum", format!("'{key}' is not in this flow; write of {}", known.join(", ")));
            }
        }
    }

    fn check_step(&mut self, here: &str, step: &Value, keys: &mut BTreeSet<String>) {
        let Some(step) = step.as_object() else {
            return self.wrong(here, "type", r#"write {"key": "…", "text": {"zh": "…", "en": "…"}, "mandatory": true}"#);
        };
        if let Some(name) = step.keys().find(|name| !matches!(name.as_str(), "key" | "text" | "link" | "mandatory")) {
            self.wrong(format!("{here}/{name}"), "unknown_field", "a step has key, text, link and mandatory");
        }
        let key = step.get("key").and_then(Value::as_str).unwrap_or_default();
        let plain = !key.is_empty() && key.len() <= 64 && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !plain {
            self.wrong(format!("{here}/key"), "format", "a key has 1 to 64 letters, digits, '-', '_' or '.'");
        } else if !keys.insert(key.to_owned()) {
            self.wrong(format!("{here}/key"), "duplicate", "another step has this key: keys tell steps apart for ever");
        }
        let texts = step.get("text").and_then(Value::as_object);
        let short = |(lang, text): (&String, &Value)| {
            matches!(lang.as_str(), "zh" | "en") && text.as_str().is_some_and(|text| text.chars().count() <= LONGEST)
        };
        if in_language(step.get("text"), "zh").is_none() || !texts.is_some_and(|texts| texts.iter().all(short)) {
            self.wrong(format!("{here}/text"), "required", format!("say in zh or en, in at most {LONGEST} characters, what is to be done"));
        }
        let link = step.get("link").filter(|link| !link.is_null());
        if link.is_some_and(|link| !link.as_str().is_some_and(is_web)) {
            self.wrong(format!("{here}/link"), "format", "a link begins with https:// or http://");
        }
        if step.get("mandatory").is_some_and(|flag| !flag.is_boolean() && !flag.is_null()) {
            self.wrong(format!("{here}/mandatory"), "type", "write true or false");
        }
    }
}

fn is_web(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    link.len() <= 2_000
        && rest.is_some_and(|rest| !rest.is_empty())
        && !link.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>\\".contains(c))
}
