//! One door to all actions: a command or an outcome by its key, with its fields as callers write them.

use serde_json::{Map, Value};
use store::Sql;

use super::assign::{Assign, assign};
use super::check::{Checked, check};
use super::comment::{Comment, comment};
use super::complete::{Complete, complete};
use super::expert::{Ask, ask};
use super::link::{Link, link, unlink};
use super::read::Target;
use super::remind::{Remind, remind};
use super::watch::{Watch, watch};
use super::{Written, accept, cancel, hold, rate, urge};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// The commands and the fields that each takes; what is none of them is an outcome of the flow.
pub const COMMANDS: &[(&str, &[&str])] = &[
    ("accept", &[]),
    ("assign", &["team", "assignee", "reason", "note"]),
    ("hold", &["reason", "note"]),
    ("resume", &[]),
    ("cancel", &["reason", "note"]),
    ("comment", &["body", "visibility"]),
    ("link", &["to", "kind"]),
    ("unlink", &["to", "kind"]),
    ("rate", &["score", "comment"]),
    ("urge", &["note"]),
    ("watch", &["user"]),
    ("unwatch", &["user"]),
    ("remind", &["due_at", "note", "user", "phone"]),
    ("promise_call", &["due_at", "note", "user", "phone"]),
    ("ask_expert", &["person", "team", "question"]),
    ("check", &["checklist", "step", "state", "note"]),
];

/// The fields that a command takes.
pub fn fields_of(command: &str) -> Option<&'static [&'static str]> {
    COMMANDS.iter().find(|(key, _)| *key == command).map(|(_, fields)| *fields)
}

/// Prepares the command with this key, else the outcome. Errors point into `fields`.
pub fn act(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    action: &str,
    fields: &Map<String, Value>,
) -> Result<Written, DeskError> {
    run(env, sql, cause, actor, target, action, fields).map_err(|error| error.under("/fields"))
}

fn run(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    action: &str,
    fields: &Map<String, Value>,
) -> Result<Written, DeskError> {
    let input = Input(fields);
    if let Some(known) = fields_of(action) {
        input.only(known)?;
    }
    match action {
        "accept" => accept::accept(env, sql, cause, actor, target),
        "assign" => {
            let command = Assign {
                team: input.text("team")?,
                assignee: input.text("assignee")?,
                reason: input.text("reason")?,
                note: input.text("note")?,
            };
            assign(env, sql, cause, actor, target, &command)
        }
        "hold" => hold::hold(env, sql, cause, actor, target, &input.needed("reason")?, input.text("note")?.as_deref()),
        "resume" => hold::resume(env, sql, cause, actor, target),
        "cancel" => cancel::cancel(env, sql, cause, actor, target, &input.needed("reason")?, input.text("note")?.as_deref()),
        "comment" => {
            let internal = match input.text("visibility")?.as_deref() {
                None | Some("public") => false,
                Some("internal") => true,
                Some(_) => return Err(DeskError::field("/visibility", "enum", "write public or internal")),
            };
            comment(env, sql, cause, actor, target, &Comment { body: input.needed("body")?, internal, mentions: Vec::new() })
        }
        "link" | "unlink" => {
            let command = Link { to: input.needed("to")?, kind: input.needed("kind")? };
            let change = if action == "link" { link } else { unlink };
            change(env, sql, cause, actor, target, &command)
        }
        "rate" => {
            let score = fields.get("score").and_then(Value::as_i64);
            let score = score.ok_or_else(|| DeskError::field("/score", "required", "give 1 to 5"))?;
            rate::rate(env, sql, cause, actor, target, score, input.text("comment")?.as_deref())
        }
        "urge" => urge::urge(env, sql, cause, actor, target, input.text("note")?.as_deref()),
        "watch" | "unwatch" => watch(env, sql, cause, actor, target, &Watch { user: input.text("user")?, on: action == "watch" }),
        "remind" | "promise_call" => {
            let command = Remind {
                call_back: action == "promise_call",
                user: input.text("user")?,
                due_at: input.instant("due_at")?,
                note: input.text("note")?.unwrap_or_default(),
                phone: input.text("phone")?,
            };
            remind(env, sql, cause, actor, target, &command)
        }
        "ask_expert" => {
            let command = Ask { person: input.text("person")?, team: input.text("team")?, question: input.needed("question")? };
            ask(env, sql, cause, actor, target, &command)
        }
        "check" => {
            let (checklist, step) = (input.needed("checklist")?, input.needed("step")?);
            let command = Checked { checklist, step, state: input.text("state")?, note: input.text("note")? };
            check(env, sql, cause, actor, target, &command)
        }
        outcome => {
            let command = Complete { target: target.clone(), activity: None, outcome: outcome.to_owned(), fields: fields.clone() };
            complete(env, sql, cause, actor, &command)
        }
    }
}

/// The fields of a command.
struct Input<'a>(&'a Map<String, Value>);

impl Input<'_> {
    fn only(&self, known: &[&str]) -> Result<(), DeskError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let known = if known.is_empty() { "no fields".to_owned() } else { known.join(", ") };
                Err(DeskError::field(format!("/{name}"), "unknown_field", format!("this action takes {known}")))
            }
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, DeskError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= 60_000 => Ok(Some(text.clone())),
            Some(_) => Err(DeskError::field(format!("/{name}"), "type", "write a text")),
        }
    }

    fn instant(&self, name: &str) -> Result<i64, DeskError> {
        let text = self.needed(name)?;
        let at = chrono::DateTime::parse_from_rfc3339(&text);
        at.map(|at| at.timestamp_millis())
            .map_err(|_| DeskError::field(format!("/{name}"), "format", "write an instant with offset, such as 2026-03-01T08:00:00+08:00"))
    }

    fn needed(&self, name: &str) -> Result<String, DeskError> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| DeskError::field(format!("/{name}"), "required", "this is needed"))
    }
}
