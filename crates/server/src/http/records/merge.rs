//! `GET /records/{type}/{number}/merge` and `POST …/merge`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::merge::{Merge, Merged, merge};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};

/// What a record is merged into.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// Number of the record that stays.
    into: String,
    /// Words to whoever reported the one that ends.
    #[serde(default)]
    note: Option<String>,
}

/// What a record would be merged into.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
pub struct Into {
    /// Number of the record that stays.
    #[param(example = "INC-2026-000007")]
    into: Option<String>,
}

/// What a merge would come to.
#[derive(Serialize, ToSchema)]
pub struct MergePreview {
    /// Number of the record that stays.
    into: String,
    title: String,
    /// How many texts come along.
    words: usize,
    /// How many do not, the oldest, because they are too long together.
    words_left: usize,
    /// How many files come along.
    files: usize,
    /// How many do not, the oldest: at most 20 do.
    files_left: usize,
    /// Whether whoever reported this one may read what comes along there: only when they reported both.
    same_requester: bool,
    /// Whether the requester will follow the record that stays: only who may read it.
    follows: bool,
    /// Who is sent a message.
    told: Vec<Ref>,
}

/// Says what merging a record into another would come to, and who would be told; nothing is written
#[utoipa::path(get, path = "/records/{type}/{number}/merge", tag = "records", params(RecordPath, Into),
    responses((status = 200, body = MergePreview), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn preview_merge(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, query: Query) -> Answered {
    let cause = super::cause(&app, &actor);
    let command = Merge { into: query.get("into").unwrap_or_default().to_owned(), note: None };
    let looked = app.desk.query(move |env, sql| {
        let Merged { written, survivor, words, words_left, files, files_left, follows } =
            merge(env, sql, &cause, &actor, &address.target(), &command)?;
        let people = People::read(sql, written.recipients.iter().map(|id| Some(*id)))?;
        Ok(MergePreview {
            same_requester: written.row.requester == survivor.row.requester,
            into: survivor.row.number,
            title: survivor.row.title,
            words,
            words_left,
            files,
            files_left,
            follows,
            told: written.recipients.iter().map(|id| people.get(*id)).collect(),
        })
    });
    Ok(ok(looked.await?))
}

/// Merges a record into another that it repeats
///
/// This one is cancelled for the reason that its pack names. What was said publicly on it, what its requester was asked, what was merged
/// into it before, and its public files come along to the other: for those who work on it, and for its requester only what is of the same
/// person. The newest come along when all would be too much. Whoever may read the other follows it from now on.
#[utoipa::path(post, path = "/records/{type}/{number}/merge", tag = "records", params(RecordPath, Once),
    request_body(content = MergeInput, example = json!({ "into": "INC-2026-000007", "note": "We work on this together with other reports." })),
    responses((status = 200, body = RecordBody), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn merge_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<MergeInput>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &address.path("/merge"), input.digest);
    let cause = super::cause(&app, &actor);
    let MergeInput { into, note } = input.value;
    let (target, command) = (address.target(), Merge { into, note });
    let done = app.desk.execute_once(once, move |env, sql| {
        let merged = merge(env, sql, &cause, &actor, &target, &command)?;
        let (set, body) = RecordBody::written(env, sql, merged.written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::OK, &body, Some(body.version), None)?))
    });
    Ok(respond(done.await?))
}
