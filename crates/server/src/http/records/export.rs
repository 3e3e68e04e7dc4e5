//! `POST /records/{type}/export`

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::Method;
use desk::job::export::{Order, queue};
use desk::job::order::Who;
use desk::record::export::{Kind, USUAL};
use serde::Deserialize;
use serde_json::Value;
use store::WriteSet;
use utoipa::ToSchema;

use super::bulk::JobBegun;
use crate::http::App;
use crate::http::answer::{Answered, respond};
use crate::http::document::Once;
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::Problem;

/// Which list becomes a file.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// Parameters of a list, as its address has them: `state`, `team`, `q` …
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    query: Option<BTreeMap<String, String>>,
    /// A condition as `filter` of the list has it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Columns in order: standard ones by name, own fields as `fields.<name>`.
    #[serde(default)]
    columns: Vec<String>,
    /// An order of the list.
    #[serde(default)]
    sort: Option<String>,
    /// `csv` or `xlsx`.
    #[schema(value_type = String)]
    format: Kind,
    /// Whether a CSV begins with a byte order mark, by which spreadsheets know UTF-8.
    #[serde(default = "yes")]
    bom: bool,
    /// The zone in which instants are told.
    #[serde(default = "utc")]
    timezone: String,
}

fn yes() -> bool {
    true
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Makes a file of a list
///
/// Answers 202 with a job; when it is done, `GET /api/v1/jobs/{id}/file` gives the file to the caller for a day. At most 100,000 rows.
#[utoipa::path(post, path = "/records/{type}/export", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"), Once),
    request_body(content = ExportInput, example = json!({
        "query": { "state": "open" }, "columns": ["number", "title", "fields.tier", "opened_at"], "format": "xlsx", "timezone": "Asia/Shanghai"
    })), responses((status = 202, body = JobBegun), (status = 422, body = Problem)))]
pub async fn export_records(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(type_key): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<ExportInput>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &format!("/api/v1/records/{type_key}/export"), input.digest);
    let ExportInput { query, filter, mut columns, sort, format, bom, timezone } = input.value;
    if columns.is_empty() {
        columns = USUAL.map(str::to_owned).to_vec();
    }
    let (query, condition) = (query.unwrap_or_default(), filter.filter(|f| !f.is_null()));
    let who = Who::of(&actor, lang.of(&actor));
    let order = Order { type_key, query, condition, columns, sort, format, bom, timezone, who };
    let done = app.desk.execute_once(once, move |env, sql| {
        let (job, statement) = queue(env, sql, &actor, &order)?;
        Ok((WriteSet { statements: vec![statement] }, JobBegun::answer(job, None)?))
    });
    Ok(respond(done.await?))
}
