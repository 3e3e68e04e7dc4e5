//! Reply templates and phrases: those that fit a record, filled in the language of whoever will read them.

use serde_json::{Map, Value};
use store::Sql;
use uuid::Uuid;

use super::fit::Fit;
use super::{in_language, placeholder};
use crate::directory::EntryKind;
use crate::record::{Loaded, names, text};
use crate::{Actor, DeskError, Env};

/// A template that fits a record.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Key of the entry.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Under which it stands in lists.
    pub group: Option<String>,
    /// Whether it is a phrase: part of a reply, no whole one.
    pub phrase: bool,
    /// The words.
    pub body: String,
    /// What had no value: in the words it stands as `〔…〕`.
    pub gaps: Vec<String>,
}

/// Those that fit, by key, after a key, at most `limit` and one.
pub fn templates(
    env: &Env,
    sql: &mut dyn Sql,
    loaded: &Loaded,
    actor: &Actor,
    page: (Option<&str>, usize),
    (language, lang): (&str, &str),
) -> Result<Vec<Filled>, DeskError> {
    let (after, limit) = page;
    let fit = Fit::new(env, loaded, actor);
    let values = Values::read(env, sql, loaded, actor, language)?;
    let mut found = Vec::new();
    for item in env.directory.of_kind(EntryKind::Template).into_iter().filter(|item| after.is_none_or(|key| item.key.as_str() > key)) {
        if found.len() > limit {
            break;
        }
        let Some(body) = in_language(item.data.get("body"), language) else { continue };
        if !fit.fits(sql, item)? {
            continue;
        }
        let (body, gaps) = placeholder::fill(body, &|name| values.of(name), &|name| values.name(name, language));
        found.push(Filled {
            key: item.key.clone(),
            label: item.label(lang),
            group: item.data.get("group").and_then(Value::as_str).filter(|group| !group.is_empty()).map(str::to_owned),
            phrase: item.data.get("phrase") == Some(&Value::Bool(true)),
            body,
            gaps,
        });
    }
    Ok(found)
}

/// The language in which the requester reads.
pub fn language_of(sql: &mut dyn Sql, loaded: &Loaded) -> Result<String, DeskError> {
    Ok(store::user::find(sql, loaded.row.requester)?.map_or_else(|| "zh".to_owned(), |user| user.locale))
}

/// What placeholders stand for on one record, in one language.
pub struct Values<'a> {
    env: &'a Env,
    loaded: &'a Loaded,
    lang: &'a str,
    requester: String,
    assignee: Option<String>,
    me: String,
    own: Map<String, Value>,
}

impl<'a> Values<'a> {
    /// Reads the names that they need.
    pub fn read(env: &'a Env, sql: &mut dyn Sql, loaded: &'a Loaded, actor: &Actor, lang: &'a str) -> Result<Self, DeskError> {
        let row = &loaded.row;
        let ids: Vec<Uuid> = [Some(row.requester), row.assignee].into_iter().flatten().collect();
        let labels = store::user::labels(sql, &ids)?;
        let person = |id: Uuid| labels.iter().find(|label| label.id == id).map(|label| label.name.clone());
        let own = serde_json::from_str(&row.fields).unwrap_or_default();
        let (requester, assignee) = (person(row.requester).unwrap_or_default(), row.assignee.and_then(person));
        Ok(Self { env, loaded, lang, requester, assignee, me: actor.user.name.clone(), own })
    }

    /// The value of a placeholder; none where the record has none, or where the requester may not see it.
    pub fn of(&self, name: &str) -> Option<String> {
        let row = &self.loaded.row;
        let entry = |id: Option<Uuid>| self.env.directory.get(id?).map(|item| item.label(self.lang));
        match name {
            "record.number" => Some(row.number.clone()),
            "record.title" => Some(text::one_line(&row.title)),
            "requester.name" => Some(self.requester.clone()),
            "service.name" => entry(row.service),
            "site.name" => entry(row.site),
            "team.name" => entry(row.team),
            "assignee.name" => self.assignee.clone(),
            "me.name" => Some(self.me.clone()),
            other => self.field(other.strip_prefix(placeholder::FIELD)?),
        }
    }

    fn field(&self, field: &str) -> Option<String> {
        let pinned = &self.loaded.pinned;
        let value = self.own.get(field).filter(|_| pinned.shows(field, false))?;
        Some(names::value(self.env, &pinned.pack, self.lang, field, value, |_| String::new()))
    }

    /// What a placeholder is called in a language, where its value is missing.
    pub fn name(&self, name: &str, lang: &str) -> String {
        if let Some(field) = name.strip_prefix(placeholder::FIELD) {
            return names::field(&self.loaded.pinned.pack, lang, field);
        }
        let known = placeholder::KNOWN.iter().find(|(known, ..)| *known == name);
        known.map_or(name, |(_, zh, en)| if lang == "en" { en } else { zh }).to_owned()
    }
}
