//! `POST /records/{type}/{number}/reminders/{id}/done`, and a reminder as answers show it.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::remind;
use serde::{Deserialize, Serialize};
use store::reminder::ReminderRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// A reminder, or a call that was promised.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReminderBody {
    id: String,
    /// `reminder` or `call_back`.
    kind: String,
    /// Who sees to it.
    user: Ref,
    /// Who set it.
    by: Option<Ref>,
    due_at: String,
    overdue: bool,
    note: String,
    /// Whom to call.
    phone: Option<String>,
}

impl ReminderBody {
    /// The body of a row at `now`.
    pub fn of(people: &People, row: ReminderRow, now: i64) -> Self {
        Self {
            id: row.id.to_string(),
            kind: row.kind,
            user: people.get(row.user),
            by: people.opt(row.by),
            due_at: time::text(row.due_at),
            overdue: row.due_at <= now,
            note: row.note,
            phone: row.phone,
        }
    }
}

/// How it went.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderDone {
    /// What a call came to; who was called may read it.
    #[serde(default)]
    note: Option<String>,
}

/// Address of a reminder.
#[derive(Deserialize)]
pub struct ReminderAddress {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    id: Uuid,
}

/// Ends a reminder or a promised call: it was seen to
#[utoipa::path(post, path = "/records/{type}/{number}/reminders/{id}/done", tag = "records",
    params(RecordPath, ("id" = String, Path, description = "Identity of the reminder"), Once),
    request_body(content = ReminderDone, example = json!({ "note": "Called back: the printer works again." })),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn finish_reminder(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<ReminderAddress>,
    key: IdempotencyKey,
    body: Body<ReminderDone>,
) -> Answered {
    let record = Address { type_key: address.type_key, number: address.number };
    let once = key.once(&actor, &Method::POST, &record.path(&format!("/reminders/{}/done", address.id)), body.digest);
    let (cause, target, id, note) = (super::cause(&app, &actor), record.target(), address.id, body.value.note);
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = remind::done(env, sql, &cause, &actor, &target, id, note.as_deref())?;
        Ok((written.set, answer(StatusCode::NO_CONTENT, &(), None, None)?))
    });
    Ok(respond(done.await?))
}
