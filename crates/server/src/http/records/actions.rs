//! `GET /records/{type}/{number}/actions` and `POST …/actions/{action}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::journal::Cause;
use desk::record::actions::actions;
use desk::record::assign::{Assign, assign};
use desk::record::comment::{Comment, comment};
use desk::record::complete::{Complete, complete};
use desk::record::expert::{Ask, ask};
use desk::record::link::{Link, link};
use desk::record::read::Target;
use desk::record::remind::{Remind, remind};
use desk::record::watch::{Watch, watch};
use desk::record::{Written, accept, cancel, find, hold, rate, urge};
use desk::{Actor, DeskError, Env};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use utoipa::ToSchema;

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::Problem;

/// An action that is offered.
#[derive(Serialize, ToSchema)]
pub struct ActionBody {
    key: String,
    /// `outcome` or `command`.
    kind: String,
    label: String,
    /// JSON Schema of `fields`.
    #[schema(value_type = Object)]
    schema: Value,
    enabled: bool,
    /// Why it does not work now.
    reason: Option<String>,
}

/// The actions of a record.
#[derive(Serialize, ToSchema)]
pub struct ActionList {
    items: Vec<ActionBody>,
}

/// Lists what can be done with a record now
#[utoipa::path(get, path = "/records/{type}/{number}/actions", tag = "records", params(RecordPath),
    responses((status = 200, body = ActionList), (status = 404, body = Problem)))]
pub async fn list_actions(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let items = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        actions(env, sql, &loaded, &actor, lang.of(&actor))
    });
    let body = |action: desk::record::actions::Action| ActionBody {
        key: action.key,
        kind: action.kind.to_owned(),
        label: action.label,
        schema: action.schema,
        enabled: action.enabled,
        reason: action.reason,
    };
    Ok(ok(ActionList { items: items.await?.into_iter().map(body).collect() }))
}

/// What comes with an action.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionInput {
    /// As the action's schema says.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// Address of an action.
#[derive(Deserialize)]
pub struct ActionAddress {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    action: String,
}

/// Does an action: a command, or an outcome of an open step
#[utoipa::path(post, path = "/records/{type}/{number}/actions/{action}", tag = "records",
    params(RecordPath, ("action" = String, Path, description = "Key of an action, as `GET …/actions` lists them"), Once),
    request_body(content = ActionInput, example = json!({ "fields": { "reason": "vendor", "note": "Waiting for the spare part." } })),
    responses((status = 200, body = RecordBody), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn run_action(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<ActionAddress>,
    lang: Lang,
    key: IdempotencyKey,
    body: Body<ActionInput>,
) -> Answered {
    let record = Address { type_key: address.type_key, number: address.number };
    let once = key.once(&actor, &Method::POST, &record.path(&format!("/actions/{}", address.action)), body.digest);
    let cause = super::cause(&app, &actor);
    let (target, action, fields) = (record.target(), address.action, body.value.fields);
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = run(env, sql, &cause, &actor, &target, &action, &fields).map_err(|error| error.under("/fields"))?;
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::OK, &body, Some(body.version), None)?))
    });
    Ok(respond(done.await?))
}

/// The command with this key, else the outcome. Errors point into `fields`.
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
    match action {
        "accept" => input.only(&[]).and_then(|()| accept::accept(env, sql, cause, actor, target)),
        "assign" => {
            input.only(&["team", "assignee", "reason", "note"])?;
            let command = Assign {
                team: input.text("team")?,
                assignee: input.text("assignee")?,
                reason: input.text("reason")?,
                note: input.text("note")?,
            };
            assign(env, sql, cause, actor, target, &command)
        }
        "hold" => {
            input.only(&["reason", "note"])?;
            hold::hold(env, sql, cause, actor, target, &input.needed("reason")?, input.text("note")?.as_deref())
        }
        "resume" => input.only(&[]).and_then(|()| hold::resume(env, sql, cause, actor, target)),
        "cancel" => {
            input.only(&["reason", "note"])?;
            cancel::cancel(env, sql, cause, actor, target, &input.needed("reason")?, input.text("note")?.as_deref())
        }
        "comment" => {
            input.only(&["body", "visibility"])?;
            let internal = match input.text("visibility")?.as_deref() {
                None | Some("public") => false,
                Some("internal") => true,
                Some(_) => return Err(DeskError::field("/visibility", "enum", "write public or internal")),
            };
            comment(env, sql, cause, actor, target, &Comment { body: input.needed("body")?, internal, mentions: Vec::new() })
        }
        "link" => {
            input.only(&["to", "kind"])?;
            link(env, sql, cause, actor, target, &Link { to: input.needed("to")?, kind: input.needed("kind")? })
        }
        "rate" => {
            input.only(&["score", "comment"])?;
            let score = fields.get("score").and_then(Value::as_i64);
            let score = score.ok_or_else(|| DeskError::field("/score", "required", "give 1 to 5"))?;
            rate::rate(env, sql, cause, actor, target, score, input.text("comment")?.as_deref())
        }
        "urge" => {
            input.only(&["note"])?;
            urge::urge(env, sql, cause, actor, target, input.text("note")?.as_deref())
        }
        "watch" | "unwatch" => {
            input.only(&["user"])?;
            watch(env, sql, cause, actor, target, &Watch { user: input.text("user")?, on: action == "watch" })
        }
        "remind" | "promise_call" => {
            input.only(&["due_at", "note", "user", "phone"])?;
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
            input.only(&["person", "team", "question"])?;
            let command = Ask { person: input.text("person")?, team: input.text("team")?, question: input.needed("question")? };
            ask(env, sql, cause, actor, target, &command)
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
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|at| at.timestamp_millis())
            .map_err(|_| DeskError::field(format!("/{name}"), "format", "write an instant with offset, such as 2026-03-01T08:00:00+08:00"))
    }

    fn needed(&self, name: &str) -> Result<String, DeskError> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| DeskError::field(format!("/{name}"), "required", "this is needed"))
    }
}
