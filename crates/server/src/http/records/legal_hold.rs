//! `PUT/DELETE /records/{type}/{number}/legal-hold`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::legal_hold;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Path, Signed};
use crate::http::problem::Problem;

/// Why a record must stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalHoldInput {
    reason: String,
}

/// Puts a record under legal hold
///
/// It stays then, whatever the rules of retention say, until the hold is lifted. Needs the action `legal_hold.write`.
#[utoipa::path(put, path = "/records/{type}/{number}/legal-hold", tag = "records", params(RecordPath, Once),
    request_body = LegalHoldInput, responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set_legal_hold(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    key: IdempotencyKey,
    body: Body<LegalHoldInput>,
) -> Answered {
    let once = key.once(&actor, &Method::PUT, &address.path("/legal-hold"), body.digest);
    let (cause, target, reason) = (super::cause(&app, &actor), address.target(), body.value.reason);
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = legal_hold::set(env, sql, &cause, &actor, &target, &reason)?;
        Ok((written.set, answer(StatusCode::NO_CONTENT, &(), None, None)?))
    });
    Ok(respond(done.await?))
}

/// Lifts the legal hold on a record
#[utoipa::path(delete, path = "/records/{type}/{number}/legal-hold", tag = "records", params(RecordPath, Once),
    responses((status = 204), (status = 403, body = Problem)))]
pub async fn lift_legal_hold(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, key: IdempotencyKey) -> Answered {
    let once = key.once_without_body(&actor, &Method::DELETE, &address.path("/legal-hold"));
    let (cause, target) = (super::cause(&app, &actor), address.target());
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = legal_hold::lift(env, sql, &cause, &actor, &target)?;
        Ok((written.set, answer(StatusCode::NO_CONTENT, &(), None, None)?))
    });
    Ok(respond(done.await?))
}
