//! `POST /records/{type}/{number}/comments`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::comment::{Comment, comment};
use desk::record::{Loaded, Written};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Path, Signed};
use crate::http::problem::Problem;

/// A comment.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    body: String,
    /// `public` or `internal`; public when left out.
    #[serde(default)]
    visibility: Visibility,
    /// Whom the words speak to, by id or username: they are told.
    #[serde(default)]
    mentions: Vec<String>,
}

/// Who may read it.
#[derive(Clone, Copy, Default, Deserialize, Serialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// The requester too.
    #[default]
    Public,
    /// Only those who work on the record.
    Internal,
}

/// A written comment.
#[derive(Serialize, ToSchema)]
pub struct CommentBody {
    seq: i64,
    kind: String,
    visibility: Visibility,
    body: String,
    /// Version of the record now.
    version: i64,
}

/// Comments on a record
#[utoipa::path(post, path = "/records/{type}/{number}/comments", tag = "records", params(RecordPath, Once),
    request_body(content = NewComment, example = json!({ "body": "Restarted the service; watching it.", "visibility": "public" })), responses((status = 201, body = CommentBody), (status = 422, body = Problem)))]
pub async fn create_comment(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    key: IdempotencyKey,
    body: Body<NewComment>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &address.path("/comments"), body.digest);
    let cause = super::cause(&app, &actor);
    let target = address.target();
    let location = address.path("/timeline");
    let new = body.value;
    let done = app.desk.execute_once(once, move |env, sql| {
        let words = Comment { body: new.body.clone(), internal: new.visibility == Visibility::Internal, mentions: new.mentions.clone() };
        let Written { set, row, pinned, .. } = comment(env, sql, &cause, &actor, &target, &words)?;
        // A comment is the newest entry.
        let version = Loaded { row, pinned }.version_for(env, &actor);
        let body = CommentBody { seq: version, kind: "commented".to_owned(), visibility: new.visibility, body: words.body, version };
        Ok((set, answer(StatusCode::CREATED, &body, Some(version), Some(location.clone()))?))
    });
    Ok(respond(done.await?))
}
