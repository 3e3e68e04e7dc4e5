//! `PUT/DELETE /records/{type}/{number}/presence`

use axum::extract::State;
use axum::http::StatusCode;
use desk::record::presence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::RecordPath;
use crate::http::extract::{Body, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};

/// That somebody looks at a record.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceInput {
    /// Whether they are writing.
    #[serde(default)]
    typing: bool,
}

/// The others who look at it.
#[derive(Serialize, ToSchema)]
pub struct PresenceBody {
    others: Vec<PresentBody>,
}

/// Somebody who looks at a record.
#[derive(Serialize, ToSchema)]
pub struct PresentBody {
    user: Ref,
    typing: bool,
}

/// Says that one looks at a record, and reads who else does
///
/// Repeated every 15 seconds while the page is open; after 45 seconds without it one is thought gone.
/// For those who may read what is internal.
#[utoipa::path(put, path = "/records/{type}/{number}/presence", tag = "records", params(RecordPath),
    request_body(content = PresenceInput, example = json!({ "typing": true })),
    responses((status = 200, body = PresenceBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn look_at_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    body: Body<PresenceInput>,
) -> Answered {
    let (target, typing) = (address.target(), body.value.typing);
    let done = app.desk.execute(move |env, sql| {
        let (set, others) = presence::look(env, sql, &actor, &target, typing)?;
        let people = People::read(sql, others.iter().map(|it| Some(it.user)))?;
        let others = others.iter().map(|it| PresentBody { user: people.get(it.user), typing: it.typing }).collect();
        Ok((set, PresenceBody { others }))
    });
    Ok(ok(done.await?))
}

/// Says that one no longer looks at a record
#[utoipa::path(delete, path = "/records/{type}/{number}/presence", tag = "records", params(RecordPath),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn leave_record(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>) -> Answered {
    let target = address.target();
    app.desk.execute(move |env, sql| Ok((presence::leave(env, sql, &actor, &target)?, ()))).await?;
    Ok(respond(answer(StatusCode::NO_CONTENT, &(), None, None)?))
}
