//! Names of fields and values, as the reader of an answer has them.

use desk::Env;
use desk::record::{Loaded, names};
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
        names::field(&self.loaded.pinned.pack, self.lang, field)
    }

    /// The name of a value; empty where there is none.
    pub fn value(&self, field: &str, value: &Value) -> String {
        names::value(self.env, &self.loaded.pinned.pack, self.lang, field, value, |id| self.people.get(id).label)
    }

    /// The name of the coded reason of an event.
    pub fn reason(&self, event: &str, reason: &str) -> String {
        names::reason(&self.loaded.pinned.pack, self.lang, event, reason)
    }
}
