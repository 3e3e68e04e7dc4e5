//! Checklists: what is to be gone through while a step of the flow is open, and what became of it.

use std::collections::BTreeMap;

use pack::Check;
use serde::Deserialize;
use serde_json::Value;
use store::Sql;

use super::fit::Fit;
use super::in_language;
use crate::directory::{EntryKind, Item};
use crate::record::Loaded;
use crate::{Actor, DeskError, Env, FieldError};

/// A step as the entry has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Tells it apart for ever.
    pub key: String,
    /// What is to be done, by language.
    pub text: BTreeMap<String, String>,
    /// Where it is explained.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether the flow's step cannot be completed without it.
    #[serde(default, deserialize_with = "flag")]
    pub mandatory: bool,
}

fn flag<'de, D: serde::Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(Option::<bool>::deserialize(value)?.unwrap_or(false))
}

/// The steps of an entry in order.
pub fn steps(item: &Item) -> Vec<Step> {
    let steps = item.data.get("steps").and_then(Value::as_array);
    steps.map_or_else(Vec::new, |steps| steps.iter().filter_map(|step| Deserialize::deserialize(step).ok()).collect())
}

/// A text in a language, else in the other one.
pub fn words<'a>(texts: &'a BTreeMap<String, String>, lang: &str) -> &'a str {
    let of = |lang: &str| texts.get(lang).filter(|text| !text.trim().is_empty());
    of(lang).or_else(|| of("zh")).or_else(|| of("en")).map_or("", String::as_str)
}

/// A checklist on a record.
pub struct Sheet<'a> {
    /// Its key.
    pub key: String,
    /// The entry; none when it is there no more.
    pub item: Option<&'a Item>,
    /// Whether it belongs to a step that is open now.
    pub current: bool,
    /// Its steps with what became of them; those that the entry has lost come last.
    pub steps: Vec<(Step, Option<Check>)>,
}

/// The checklists that belong to the open steps, then those of which something is done already.
pub fn of_record<'a>(env: &'a Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded) -> Result<Vec<Sheet<'a>>, DeskError> {
    let process = loaded.process(env)?;
    let current = current(env, sql, actor, loaded, &process)?;
    let mut sheets: Vec<Sheet<'a>> = current.iter().map(|item| sheet(item.key.clone(), Some(*item), true, &process)).collect();
    for check in &process.checks {
        if !sheets.iter().any(|sheet| sheet.key == check.checklist) {
            let item = env.directory.by_key(EntryKind::Checklist, &check.checklist);
            sheets.push(sheet(check.checklist.clone(), item, false, &process));
        }
    }
    Ok(sheets)
}

fn sheet<'a>(key: String, item: Option<&'a Item>, current: bool, process: &pack::Record) -> Sheet<'a> {
    let checks: Vec<&Check> = process.checks.iter().filter(|check| check.checklist == key).collect();
    let check = |step: &str| checks.iter().find(|check| check.step == step).map(|check| (*check).clone());
    let mut steps: Vec<(Step, Option<Check>)> = item.map(steps).unwrap_or_default().into_iter().map(|step| (step, None)).collect();
    for (step, done) in &mut steps {
        *done = check(&step.key);
        if let Some(done) = done {
            // What was done was done as it read then.
            step.text.clone_from(&done.text);
        }
    }
    for lost in checks.iter().filter(|check| !steps.iter().any(|(step, _)| step.key == check.step)).collect::<Vec<_>>() {
        let step = Step { key: lost.step.clone(), text: lost.text.clone(), ..Step::default() };
        steps.push((step, Some((**lost).clone())));
    }
    Sheet { key, item, current, steps }
}

/// The checklists that belong to a step that is open now and that fit the record.
fn current<'a>(
    env: &'a Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    loaded: &Loaded,
    process: &pack::Record,
) -> Result<Vec<&'a Item>, DeskError> {
    let fit = Fit::new(env, loaded, actor);
    let mut found = Vec::new();
    for item in env.directory.of_kind(EntryKind::Checklist) {
        if process.steps.iter().any(|step| names(item, "activities", &step.element)) && fit.fits(sql, item)? {
            found.push(item);
        }
    }
    Ok(found)
}

/// Whether there is a checklist that can be gone through now.
pub fn any_open(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded, process: &pack::Record) -> Result<bool, DeskError> {
    Ok(!current(env, sql, actor, loaded, process)?.is_empty())
}

/// The checklist with this key, if it can be gone through now.
pub fn open_now<'a>(
    env: &'a Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    loaded: &Loaded,
    process: &pack::Record,
    key: &str,
) -> Result<&'a Item, DeskError> {
    if env.directory.by_key(EntryKind::Checklist, key).is_none() {
        return Err(DeskError::field("/checklist", "unknown_reference", format!("there is no checklist '{key}'")));
    }
    let found = current(env, sql, actor, loaded, process)?.into_iter().find(|item| item.key == key);
    found.ok_or_else(|| DeskError::NotAvailable(format!("the checklist '{key}' does not belong to what is open now")))
}

fn names(item: &Item, field: &str, key: &str) -> bool {
    item.data.get(field).and_then(Value::as_array).is_some_and(|list| list.iter().any(|one| one.as_str() == Some(key)))
}

/// The mandatory steps that an outcome of an open step waits for: with pointer, and in words.
///
/// Whoever does not work on the record has no checklist: what is asked of them is asked in the flow.
pub fn awaited(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    loaded: &Loaded,
    (element, outcome): (&str, &str),
    lang: &str,
) -> Result<Vec<FieldError>, DeskError> {
    let bound = |item: &&Item| {
        let all = item.data.get("outcomes").and_then(Value::as_array).is_none_or(Vec::is_empty);
        item.active && names(item, "activities", element) && (all || names(item, "outcomes", outcome))
    };
    let items: Vec<&Item> = env.directory.of_kind(EntryKind::Checklist).into_iter().filter(bound).collect();
    if items.is_empty() || !loaded.allows(env, actor, "read_internal") {
        return Ok(Vec::new());
    }
    let (process, fit) = (loaded.process(env)?, Fit::new(env, loaded, actor));
    let mut awaited = Vec::new();
    for item in items {
        if !fit.fits(sql, item)? {
            continue;
        }
        let is_open = |step: &Step| !process.checks.iter().any(|check| check.checklist == item.key && check.step == step.key);
        for step in steps(item).into_iter().filter(|step| step.mandatory && is_open(step)) {
            let pointer = format!("/checklists/{}/steps/{}", item.key, step.key);
            awaited.push(FieldError::new(pointer, "open", words(&step.text, lang)));
        }
    }
    Ok(awaited)
}

/// Refuses an outcome while mandatory steps are open.
pub fn require_done(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded, element: &str, outcome: &str) -> Result<(), DeskError> {
    let awaited = awaited(env, sql, actor, loaded, (element, outcome), actor.lang())?;
    if awaited.is_empty() { Ok(()) } else { Err(DeskError::ChecklistOpen(awaited)) }
}

/// The name of a checklist.
pub fn label(sheet: &Sheet<'_>, lang: &str) -> String {
    let label = sheet.item.and_then(|item| in_language(item.data.get("label"), lang));
    label.unwrap_or(&sheet.key).to_owned()
}
