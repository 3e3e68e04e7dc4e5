//! Saying what became of a step of a checklist.

use pack::{Check, CheckState};
use serde_json::{Map, Value};
use store::Sql;

use super::content::Content;
use super::read::{self, Target};
use super::write::{self, Event, Part, Written};
use crate::journal::Cause;
use crate::kit::checklist;
use crate::{Actor, DeskError, Env};

/// What became of a step.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Key of the checklist.
    pub checklist: String,
    /// Key of the step.
    pub step: String,
    /// `done`, `not_applicable` or `open`; done when left out.
    pub state: Option<String>,
    /// A word with it; for a step that does not apply it says why.
    pub note: Option<String>,
}

/// Longest note, in characters.
const LONGEST: usize = 1_000;

/// Prepares it. What is so already changes nothing.
pub fn check(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Checked) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "edit")?;
    let state = match command.state.as_deref() {
        None | Some("done") => CheckState::Done,
        Some("not_applicable") => CheckState::NotApplicable,
        Some("open") => CheckState::Open,
        Some(_) => return Err(DeskError::field("/state", "enum", "write done, not_applicable or open")),
    };
    let note = command.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST) {
        return Err(DeskError::field("/note", "length", format!("at most {LONGEST} characters fit here")));
    }
    if state == CheckState::NotApplicable && note.is_none() {
        return Err(DeskError::field("/note", "required", "say why this step does not apply here"));
    }
    let before = loaded.process(env)?;
    let item = checklist::open_now(env, sql, actor, &loaded, &before, &command.checklist)?;
    let known = checklist::steps(item).into_iter().find(|step| step.key == command.step);
    let present = before.checks.iter().find(|check| check.checklist == command.checklist && check.step == command.step);
    let text = match (&known, present) {
        (Some(step), _) => step.text.clone(),
        // What the checklist has lost can still be taken back.
        (None, Some(present)) if state == CheckState::Open => present.text.clone(),
        _ => return Err(DeskError::field("/step", "unknown_reference", format!("this checklist has no step '{}'", command.step))),
    };
    let same = match present {
        None => state == CheckState::Open,
        Some(present) => present.state == state && present.note.as_deref() == note,
    };
    if same {
        return Ok(write::nothing(&loaded));
    }
    let check = Check {
        checklist: command.checklist.clone(),
        step: command.step.clone(),
        state,
        text,
        note: note.map(str::to_owned),
        by: Some(actor.user.id.to_string()),
        at: write::now(env, cause),
    };
    let content = Content { facts: pack::Facts { checks: vec![check], ..pack::Facts::default() }, ..Content::default() };
    let mut after = before.clone();
    after.apply(&content.facts);
    let frame = write::frame(&loaded.row);
    let part = Part { frame: &frame, pinned: &loaded.pinned, before: Some((&loaded.row, &before)), after: &after };
    write::build(env, sql.dialect(), cause, &part, &Event::internal("checked"), &content)
}

/// The form of the command.
pub fn form(lang: &str) -> (Value, Value) {
    let say = |zh: &str, en: &str| Value::from(if lang == "en" { en } else { zh });
    let text = |title: Value| serde_json::json!({ "type": "string", "title": title });
    let mut properties = Map::new();
    properties.insert("checklist".to_owned(), text(say("检查清单", "Checklist")));
    properties.insert("step".to_owned(), text(say("步骤", "Step")));
    let states = [("done", say("已完成", "Done")), ("not_applicable", say("不适用", "Not applicable")), ("open", say("未完成", "Open"))];
    let one_of: Vec<Value> = states.into_iter().map(|(key, title)| serde_json::json!({ "const": key, "title": title })).collect();
    let state = serde_json::json!({ "type": "string", "title": say("结果", "State"), "oneOf": one_of, "default": "done" });
    properties.insert("state".to_owned(), state);
    properties.insert("note".to_owned(), text(say("说明", "Note")));
    (Value::Object(properties), serde_json::json!(["checklist", "step"]))
}
