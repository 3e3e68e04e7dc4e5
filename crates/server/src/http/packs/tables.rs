//! `/packs/{type}/tables`: decision tables, seen, tried and changed.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::packs::tables;
use desk::{Actor, DeskError, Pinned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::publish::{self, PublishedBody};
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, versioned};
use crate::http::document::{Once, Seen};
use crate::http::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::records::cause;

/// A column of a table.
#[derive(Serialize, ToSchema)]
struct ColumnBody {
    /// By this name rows hold its cells.
    id: String,
    /// The field that is read or written; empty where each cell is a whole condition.
    field: String,
    label: String,
}

/// A decision table.
#[derive(Serialize, ToSchema)]
struct TableBody {
    key: String,
    name: String,
    description: String,
    /// `first`: the first row that fits decides. `collect`: all that fit give something.
    hit_policy: String,
    inputs: Vec<ColumnBody>,
    outputs: Vec<ColumnBody>,
    /// Rows in their order: `_id`, `_description` and a text for each column; an empty one fits anything.
    #[schema(value_type = Vec<Object>)]
    rules: Vec<Value>,
}

/// The decision tables of a pack.
#[derive(Serialize, ToSchema)]
pub(super) struct TableList {
    items: Vec<TableBody>,
    next: Option<String>,
    /// The version of the pack that they belong to.
    version: i64,
}

/// Rows for a table.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesInput {
    /// All rows in their order.
    #[schema(value_type = Vec<Object>)]
    rules: Vec<Value>,
    /// Names of cases of the pack that may turn out otherwise from now on: they are left out of the new version, with the reason.
    #[serde(default)]
    accept: Vec<String>,
}

/// What a table says of a record.
#[derive(Serialize, ToSchema)]
struct SaidBody {
    /// Ids of the rows that hit.
    rows: Vec<String>,
    /// What comes out, by field; none where no row hits.
    #[schema(value_type = Option<Object>)]
    output: Option<Map<String, Value>>,
}

impl From<tables::Said> for SaidBody {
    fn from(said: tables::Said) -> Self {
        Self { rows: said.rows, output: said.output }
    }
}

/// A record of which the rows say something else.
#[derive(Serialize, ToSchema)]
struct DifferingBody {
    number: String,
    title: String,
    before: SaidBody,
    after: SaidBody,
}

/// What rows would say of past records.
#[derive(Serialize, ToSchema)]
pub(super) struct TableRehearsal {
    /// How many records were looked at: the newest 200 of the type that the caller may see from inside.
    looked_at: usize,
    items: Vec<DifferingBody>,
}

fn require_write(actor: &Actor) -> Result<(), DeskError> {
    if actor.may("pack.write") { Ok(()) } else { Err(DeskError::Forbidden("publishing packs is for administrators".to_owned())) }
}

/// Lists the decision tables of a record type with their rows
#[utoipa::path(get, path = "/packs/{type}/tables", tag = "packs",
    params(("type" = String, Path, description = "The record type: the key of its pack")),
    responses((status = 200, body = TableList), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn list_tables(State(app): State<App>, Signed(actor): Signed, Path(type_key): Path<String>, lang: Lang) -> Answered {
    if !actor.may("pack.write") {
        actor.require("dispatch.read")?;
    }
    let list = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let pinned = env.packs.newest(&type_key)?;
        let row = tables::newest(sql, &type_key)?;
        let items = tables::written(&row)?.iter().map(|written| body(pinned, lang, written)).collect();
        Ok(TableList { items, next: None, version: row.version })
    });
    let list = list.await?;
    Ok(versioned(&list, list.version))
}

fn body(pinned: &Pinned, lang: &str, written: &tables::Written) -> TableBody {
    let text = |key: &str| written.table.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let column = |column: &Value| {
        let of = |key: &str| column.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        ColumnBody { id: of("id"), field: of("field"), label: tables::label(pinned, lang, column) }
    };
    let columns = |key: &str| written.table.get(key).and_then(Value::as_array).into_iter().flatten().map(column).collect();
    // As the pack calls it in this language, else as its author wrote it.
    let named = pinned.pack.text(lang, &format!("decision.{}", written.key)).map_or_else(|| text("name"), str::to_owned);
    TableBody {
        name: if named.is_empty() { written.key.clone() } else { named },
        key: written.key.clone(),
        description: text("description"),
        hit_policy: if text("hitPolicy") == "collect" { "collect" } else { "first" }.to_owned(),
        inputs: columns("inputs"),
        outputs: columns("outputs"),
        rules: written.table.get("rules").and_then(Value::as_array).cloned().unwrap_or_default(),
    }
}

fn draft((pack, table): (String, String), input: RulesInput) -> tables::Draft {
    tables::Draft { pack, table, rules: input.rules, accept: input.accept }
}

/// Tries rows on the newest records of the type: which of them would be decided otherwise; nothing is written
#[utoipa::path(post, path = "/packs/{type}/tables/{table}/rehearse", tag = "packs",
    params(("type" = String, Path, description = "The record type: the key of its pack"), ("table" = String, Path, description = "Key of the table")),
    request_body(content = RulesInput, example = json!({ "rules": [{ "_id": "r1", "in_site": "'plant'", "out_team": "'desktop-l1'" }] })),
    responses((status = 200, body = TableRehearsal), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn rehearse_table(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(place): Path<(String, String)>,
    input: Body<RulesInput>,
) -> Answered {
    require_write(&actor)?;
    let draft = draft(place, input.value);
    let told = app.desk.query(move |env, sql| tables::rehearse(env, sql, &actor, &draft)).await?;
    let item =
        |it: tables::Differing| DifferingBody { number: it.number, title: it.title, before: it.before.into(), after: it.after.into() };
    Ok(ok(TableRehearsal { looked_at: told.looked_at, items: told.differing.into_iter().map(item).collect() }))
}

/// Gives a decision table other rows: a new version of the pack is published
///
/// `If-Match` carries the version of the pack that was seen. The rows are checked, each fault at its cell, and the pack's cases are run:
/// those that turn out otherwise come back at `/accept/…` with their names, unless `accept` names them. New records use the new version,
/// those opened before keep theirs.
#[utoipa::path(put, path = "/packs/{type}/tables/{table}", tag = "packs",
    params(("type" = String, Path, description = "The record type: the key of its pack"), ("table" = String, Path, description = "Key of the table"), Seen, Once),
    request_body(content = RulesInput, example = json!({ "rules": [{ "_id": "r1", "in_site": "'plant'", "out_team": "'desktop-l1'" }] })),
    responses((status = 200, body = PublishedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub(super) async fn put_table(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(place): Path<(String, String)>,
    expected: IfMatch,
    key: IdempotencyKey,
    body: Body<RulesInput>,
) -> Answered {
    require_write(&actor)?;
    let seen = expected.required()?;
    let path = format!("/api/v1/packs/{}/tables/{}", place.0, place.1);
    let once = key.once(&actor, &Method::PUT, &path, body.digest);
    let draft = draft(place, body.value);
    let cause = cause(&app, &actor);
    publish::carry_out(&app, once, move |env, sql| {
        let (set, row) = tables::change(env, sql, &cause, &draft, seen)?;
        let version = row.version;
        Ok((set, answer(StatusCode::OK, &PublishedBody::of(row), Some(version), None)?))
    })
    .await
}
