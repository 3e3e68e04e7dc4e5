//! `GET /records/{type}/{number}/templates`

use axum::extract::State;
use desk::DeskError;
use desk::kit::{banned, template};
use desk::record::find;
use serde::Serialize;
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::cursor::Cursor;
use crate::http::document::{Page, RecordPath};
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;

/// A reply template or phrase, filled for one record.
#[derive(Serialize, ToSchema)]
pub struct FilledTemplate {
    key: String,
    label: String,
    /// Under which it stands in lists.
    group: Option<String>,
    /// Whether it is a phrase: part of a reply, no whole one.
    phrase: bool,
    /// The words; what had no value stands as `〔…〕`.
    body: String,
    /// What had no value.
    gaps: Vec<String>,
}

/// Templates that fit a record.
#[derive(Serialize, ToSchema)]
pub struct FilledTemplates {
    items: Vec<FilledTemplate>,
    /// The language of the words: the requester's, unless another was asked for.
    language: String,
    /// Words that no reply should carry (setting `banned_phrases`).
    banned_phrases: Vec<String>,
    next: Option<String>,
}

/// Lists the reply templates and phrases that fit a record, filled for it
///
/// In the requester's language, unless `language` asks for another. For those who work on the record.
#[utoipa::path(get, path = "/records/{type}/{number}/templates", tag = "records", params(RecordPath, Page,
    ("language" = Option<String>, Query, description = "`zh` or `en`; the requester's when left out")),
    responses((status = 200, body = FilledTemplates), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_fitting_templates(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    query: Query,
) -> Answered {
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let cursor = Cursor::of(&address.path("/templates"), &query);
    let after: Option<String> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        loaded.require(env, &actor, "read_internal")?;
        let language = match query.get("language") {
            None => template::language_of(sql, &loaded)?,
            Some(word @ ("zh" | "en")) => word.to_owned(),
            Some(other) => return Err(DeskError::not_among("language", other, &["zh", "en"])),
        };
        let page = (after.as_deref(), limit);
        let mut found = template::templates(env, sql, &loaded, &actor, page, (&language, lang.of(&actor)))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| cursor.after(&last.key));
        let item = |it: template::Filled| FilledTemplate {
            key: it.key,
            label: it.label,
            group: it.group,
            phrase: it.phrase,
            body: it.body,
            gaps: it.gaps,
        };
        Ok(FilledTemplates { items: found.into_iter().map(item).collect(), language, banned_phrases: banned(env), next })
    });
    Ok(ok(list.await?))
}
