//! Names of fields and values, as people read them in one language.

use desk::Env;
use desk::record::{Loaded, references};
use pack::{Target, standard_field};
use serde_json::Value;

use crate::http::refs::People;

/// What names are found by.
pub struct Names<'a> {
    /// Directory and packs.
    pub env: &'a Env,
    /// The record.
    pub loaded: &'a Loaded,
    /// The people that the answer mentions.
    pub people: &'a People,
    /// The language.
    pub lang: &'a str,
}

/// Whether a field holds a person.
pub fn is_person(field: &str) -> bool {
    standard_field(field).is_some_and(|field| field.target == Some(Target::User))
}

impl Names<'_> {
    /// A text of the pack.
    pub fn text(&self, key: &str) -> String {
        self.loaded.pinned.pack.label(self.lang, key)
    }

    /// A text of the pack, if it has it in this language.
    pub fn said(&self, key: &str) -> Option<&str> {
        self.loaded.pinned.pack.text(self.lang, key)
    }

    /// The name of a field.
    pub fn field(&self, field: &str) -> String {
        let (zh, en) = match (self.said(&format!("field.{field}")), field) {
            (Some(text), _) => return text.to_owned(),
            (None, "state") => ("状态", "State"),
            (None, "phase") => ("阶段", "Phase"),
            (None, "outcome") => ("处理结果", "Outcome"),
            (None, other) => (other, other),
        };
        if self.lang == "en" { en } else { zh }.to_owned()
    }

    /// The name of a value; empty where there is none.
    pub fn value(&self, field: &str, value: &Value) -> String {
        let Some(text) = value.as_str() else { return if value.is_null() { String::new() } else { value.to_string() } };
        let pack = &self.loaded.pinned.pack;
        match standard_field(field).and_then(|field| field.target) {
            Some(Target::Category) => return pack.category_label(self.lang, text),
            Some(Target::User) => return text.parse().map_or_else(|_| text.to_owned(), |id| self.people.get(id).label),
            Some(target) => {
                let item = references::entry_kind(target).and_then(|kind| self.env.directory.by_key(kind, text));
                return item.map_or_else(|| text.to_owned(), |item| item.label(self.lang));
            }
            None => {}
        }
        match field {
            "state" | "outcome" if !text.is_empty() => self.text(&format!("{field}.{text}")),
            "hold_reason" => self.text(&format!("reason.hold.{text}")),
            "cancel_reason" => self.text(&format!("reason.cancel.{text}")),
            coded if pack.choices(coded).contains(&text) => self.text(&format!("value.{coded}.{text}")),
            _ => text.to_owned(),
        }
    }
}
