//! The outbox: what left, what waits, what is held; releasing and dropping held messages.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::DeskError;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{Once, Page};
use super::extract::{IdempotencyKey, Path, Query, Signed};
use super::problem::Problem;
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_outbox)).routes(routes!(decide_outbox))
}

/// A message of the outbox.
#[derive(Serialize, ToSchema)]
struct OutboxBody {
    id: String,
    channel: String,
    recipient: String,
    template: String,
    subject: String,
    /// `waiting`, `held`, `sending`, `sent`, `uncertain`, `failed` or `dropped`.
    state: String,
    reason: Option<String>,
    attempts: i64,
    created_at: String,
    sent_at: Option<String>,
    error: Option<String>,
}

/// A page of the outbox.
#[derive(Serialize, ToSchema)]
struct OutboxList {
    items: Vec<OutboxBody>,
    next: Option<String>,
}

/// States of a message.
const STATES: &[&str] = &["waiting", "held", "sending", "sent", "uncertain", "failed", "dropped"];

/// A state of a message.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes STATES")]
enum OutboxState {
    Waiting,
    Held,
    Sending,
    Sent,
    Uncertain,
    Failed,
    Dropped,
}

/// What becomes of a message.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the words of the address")]
enum OutboxDecision {
    Release,
    Drop,
}

/// Lists messages, newest first
#[utoipa::path(get, path = "/outbox", tag = "system", params(("state" = inline(Option<OutboxState>), Query, description = "Messages in this state only"), Page),
    responses((status = 200, body = OutboxList), (status = 403, body = Problem)))]
async fn list_outbox(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    actor.require("outbox.read")?;
    let limit = query.limit()?;
    let state = query.get("state").map(str::to_owned);
    if let Some(state) = state.as_deref().filter(|state| !STATES.contains(state)) {
        return Err(DeskError::not_among("state", state, STATES).into());
    }
    let cursor = Cursor::of("outbox", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |_, sql| {
        let mut rows = store::outbox::list(sql, state.as_deref(), after, limit + 1)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&(row.created_at, row.id)));
        let items = rows.into_iter().map(|row| {
            let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
            OutboxBody {
                id: row.id.to_string(),
                channel: row.channel,
                recipient: row.recipient,
                template: row.template,
                subject: body.get("subject").and_then(Value::as_str).unwrap_or_default().to_owned(),
                state: row.state,
                reason: row.reason,
                attempts: row.attempts,
                created_at: time::text(row.created_at),
                sent_at: time::opt(row.sent_at),
                error: row.error,
            }
        });
        Ok(OutboxList { items: items.collect(), next })
    });
    Ok(ok(list.await?))
}

/// Releases or drops a held, uncertain or failed message
#[utoipa::path(post, path = "/outbox/{id}/{decision}", tag = "system",
    params(("id" = String, Path, description = "Identity of the message"),
        ("decision" = inline(OutboxDecision), Path, description = "To send it, or never to"), Once), responses((status = 204), (status = 409, body = Problem)))]
async fn decide_outbox(
    State(app): State<App>,
    Signed(actor): Signed,
    key: IdempotencyKey,
    Path((id, decision)): Path<(Uuid, String)>,
) -> Answered {
    actor.require("outbox.write")?;
    let to = match decision.as_str() {
        "release" => "waiting",
        "drop" => "dropped",
        _ => return Err(DeskError::NotFound(format!("decision '{decision}'")).into()),
    };
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/outbox/{id}/{decision}"));
    let done = app.desk.execute_once(once, move |_, sql| {
        let message = store::outbox::find(sql, id)?.ok_or_else(|| DeskError::NotFound("message".to_owned()))?;
        if !["held", "uncertain", "failed"].contains(&message.state.as_str()) {
            let why = "only held, uncertain and failed messages can be released or dropped";
            return Err(DeskError::NotAvailable(why.to_owned()));
        }
        let set = store::WriteSet { statements: vec![store::outbox::change_state(id, &message.state, to)] };
        Ok((set, answer(StatusCode::NO_CONTENT, &Value::Null, None, None)?))
    });
    Ok(respond(done.await?))
}
