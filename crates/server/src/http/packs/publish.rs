//! `POST /packs`

use std::collections::BTreeMap;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, StatusCode};
use desk::packs::Files;
use desk::{Answer, DeskError, Env, Idempotency, packs, setup};
use serde::{Deserialize, Serialize};
use store::pack_version::PackVersionRow;
use store::{Sql, WriteSet};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::Once;
use crate::http::extract::{Body, IdempotencyKey, Signed};
use crate::http::problem::Problem;
use crate::http::records::cause;
use crate::http::time;

/// Largest upload in bytes: a whole pack of 5 MiB, with room for what JSON escapes.
const UPLOAD_LIMIT: usize = 8 * 1024 * 1024;

pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_LIMIT)
}

/// A pack's files.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PackUpload {
    /// Path inside the pack's folder, such as `i18n/en.yaml`, and the text of the file.
    files: BTreeMap<String, String>,
}

/// A published version.
#[derive(Serialize, ToSchema)]
pub(super) struct PublishedBody {
    key: String,
    version: i64,
    /// Content hash.
    hash: String,
    /// When it was published (RFC 3339).
    published_at: String,
}

impl PublishedBody {
    /// What is told of a version.
    pub(super) fn of(row: PackVersionRow) -> Self {
        Self { key: row.key, version: row.version, hash: row.hash, published_at: time::text(row.published_at) }
    }
}

/// Publishes a version of a pack
///
/// All its files are sent. They are checked and the pack's cases are run; what is wrong comes back with file, line and mend, and
/// nothing is published. New records use the new version, those opened before keep theirs. Publishing what is published
/// already changes nothing; other content needs a higher version.
#[utoipa::path(post, path = "/packs", tag = "packs", params(Once),
    request_body(content = PackUpload, example = json!({ "files": { "pack.yaml": "key: …", "flow.bpmn": "<?xml …" } })), responses(
    (status = 201, body = PublishedBody), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn publish_pack(State(app): State<App>, Signed(actor): Signed, key: IdempotencyKey, body: Body<PackUpload>) -> Answered {
    let once = key.once(&actor, &Method::POST, "/api/v1/packs", body.digest);
    let files: Files = body.value.files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let cause = cause(&app, &actor);
    let env = app.desk.env();
    let proved = tokio::task::spawn_blocking(move || packs::prove(&env, &actor, &files).map(|()| files)).await;
    let files = proved.map_err(|error| DeskError::outside("check a pack", error))??;
    carry_out(&app, once, move |env, sql| {
        let (set, row) = packs::publish(env, sql, &cause, &files, None)?;
        let (version, location) = (row.version, format!("/api/v1/packs/{}", row.key));
        Ok((set, answer(StatusCode::CREATED, &PublishedBody::of(row), Some(version), Some(location))?))
    })
    .await
}

/// Publishes, and makes the teams and the categories that the new version speaks of.
pub(super) async fn carry_out<F>(app: &App, once: Option<Idempotency>, prepare: F) -> Answered
where
    F: Fn(&Env, &mut dyn Sql) -> Result<(WriteSet, Answer), DeskError> + Clone + Send + 'static,
{
    let desk = app.desk.clone();
    // A caller that goes away must not leave a practice without its teams and its categories.
    let whole = tokio::spawn(async move {
        let done = desk.execute_once(once, prepare).await?;
        setup::teams(&desk).await?;
        setup::categories(&desk).await?;
        Ok::<_, DeskError>(done)
    });
    Ok(respond(whole.await.map_err(|error| DeskError::outside("publish a pack", error))??))
}
