//! `messages/<key>.<language>.md`: what is sent to people, as minijinja templates.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// Steps one rendering may take; a loop over a handful of values stays far below.
const FUEL: u64 = 50_000;

/// The names a template may use. `record` holds standard and own fields as people read them (names, not keys) and
/// `number`, `state`, `phase`; all are texts, empty where there is no value.
pub const TEMPLATE_NAMES: [&str; 5] = ["record", "link", "actor", "recipient", "note"];

/// A message ready to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Markdown.
    pub body: String,
}

/// A message that could not be rendered.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The pack has no such message in that language.
    #[error("no message '{key}' in {lang}")]
    Unknown {
        /// The message asked for.
        key: String,
        /// The language asked for.
        lang: String,
    },
    /// The template failed.
    #[error("message '{key}' in {lang}: {source}")]
    Template {
        /// The message.
        key: String,
        /// The language.
        lang: String,
        /// What minijinja said.
        source: minijinja::Error,
    },
}

/// All messages of a pack, compiled.
#[derive(Debug)]
pub(crate) struct Messages {
    environment: Environment<'static>,
    keys: BTreeMap<String, BTreeSet<String>>,
}

impl Messages {
    pub fn new() -> Messages {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        // Names are checked when the pack is loaded; a value the caller has not got must not stop a message.
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        Messages { environment, keys: BTreeMap::new() }
    }

    /// Adds one message; the error's line counts from the first line of `body`.
    pub fn add(&mut self, key: &str, lang: &str, subject: String, body: String) -> Result<(), minijinja::Error> {
        self.environment.add_template_owned(format!("{key}.{lang}.subject"), subject)?;
        self.environment.add_template_owned(format!("{key}.{lang}.body"), body)?;
        self.keys.entry(key.to_owned()).or_default().insert(lang.to_owned());
        Ok(())
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    pub fn has(&self, key: &str, lang: &str) -> bool {
        self.keys.get(key).is_some_and(|langs| langs.contains(lang))
    }

    /// The names a message uses, `record.title` style.
    pub fn names(&self, key: &str, lang: &str) -> BTreeSet<String> {
        let parts = ["subject", "body"].map(|part| self.environment.get_template(&format!("{key}.{lang}.{part}")));
        parts.iter().flatten().flat_map(|template| template.undeclared_variables(true)).collect()
    }

    pub fn render(&self, lang: &str, key: &str, context: &Map<String, Value>) -> Result<Rendered, RenderError> {
        if !self.has(key, lang) {
            return Err(RenderError::Unknown { key: key.to_owned(), lang: lang.to_owned() });
        }
        let context = minijinja::Value::from(minijinja::value::Serde(context));
        let part = |part: &str| {
            let template = self.environment.get_template(&format!("{key}.{lang}.{part}"));
            let text = template.and_then(|template| template.render(context.clone()));
            text.map_err(|source| RenderError::Template { key: key.to_owned(), lang: lang.to_owned(), source })
        };
        // A line break in a subject would end a mail's header.
        let subject = part("subject")?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Rendered { subject, body: part("body")?.trim().to_owned() })
    }
}
