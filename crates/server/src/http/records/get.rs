//! `GET /records/{type}/{number}`

use axum::extract::State;
use desk::record::find;

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, versioned};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Signed};
use crate::http::problem::Problem;

/// Reads a record
#[utoipa::path(get, path = "/records/{type}/{number}", tag = "records", params(RecordPath),
    responses((status = 200, body = RecordBody), (status = 404, body = Problem)))]
pub async fn get_record(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let body = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        RecordBody::whole(env, sql, &loaded, &actor, lang.of(&actor))
    });
    let body = body.await?;
    let version = body.version;
    Ok(versioned(body, version))
}
