//! `POST /records/{type}/bulk`

use std::collections::{BTreeMap, HashSet};

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::job::bulk::queue;
use desk::policy::PolicyRow;
use desk::record::bulk::{Foreseen, Wish, changes, order, preview};
use desk::record::names;
use desk::{Actor, DeskError, Env, Pinned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Sql, WriteSet};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::Once;
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::{FieldProblem, Problem};
use crate::http::refs::People;

/// An action on many records.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// The records by number, at most 5,000. Instead of them, `query` and `filter` find records.
    #[serde(default)]
    numbers: Option<Vec<String>>,
    /// Parameters of a list, as its address has them: `state`, `team`, `q` …
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    query: Option<BTreeMap<String, String>>,
    /// A condition as `filter` of the list has it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// The key of a command or outcome, or `edit`.
    action: String,
    /// As the action's schema says; for `edit` the fields to change, own ones under `fields`.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// Only says what would happen.
    #[serde(default)]
    preview: bool,
}

/// A field that would change.
#[derive(Serialize, ToSchema)]
struct BulkChange {
    field: String,
    label: String,
    old: Value,
    new: Value,
    old_label: String,
    new_label: String,
}

/// What would happen to a record.
#[derive(Serialize, ToSchema)]
struct BulkItem {
    number: String,
    title: Option<String>,
    /// Whether the action is open to the caller.
    open: bool,
    /// Why it is not.
    reason: Option<String>,
    /// The same as a stable code, such as `invalid` or `not_available`.
    code: Option<String>,
    /// With `invalid`: what is wrong with which field of the order.
    errors: Vec<FieldProblem>,
    changes: Vec<BulkChange>,
}

/// What would happen.
#[derive(Serialize, ToSchema)]
pub struct BulkPreview {
    /// All records of the order.
    total: usize,
    /// The first of them, as far as they were looked at.
    items: Vec<BulkItem>,
    /// Of those, how many the action is open for.
    open: usize,
    /// Messages that they would cause. They wait in the outbox until somebody releases them.
    messages: usize,
    /// How many people these go to.
    recipients: usize,
}

/// A job that has begun.
#[derive(Serialize, ToSchema)]
pub struct JobBegun {
    /// Its identity, for `GET /api/v1/jobs/{id}`.
    pub job: String,
    /// How many records it is about, where that is known.
    pub total: Option<i64>,
}

impl JobBegun {
    /// The answer to an order.
    pub fn answer(job: Uuid, total: Option<i64>) -> Result<desk::Answer, DeskError> {
        let place = format!("/api/v1/jobs/{job}");
        answer(StatusCode::ACCEPTED, &Self { job: job.to_string(), total }, None, Some(place))
    }
}

/// Does one action on many records
///
/// With `preview` it says what would happen to the first 200, and nothing is written. Without, it answers 202 with a job that does it
/// record by record as the caller, with a result for each; jobs that edit or assign can be taken back.
#[utoipa::path(post, path = "/records/{type}/bulk", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"), Once),
    request_body(content = BulkInput, example = json!({
        "query": { "state": "new", "team": "mine" }, "action": "assign", "fields": { "assignee": "zhangwei" }, "preview": true
    })), responses((status = 200, body = BulkPreview), (status = 202, body = JobBegun), (status = 422, body = Problem)))]
pub async fn run_bulk(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(type_key): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<BulkInput>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &format!("/api/v1/records/{type_key}/bulk"), input.digest);
    let BulkInput { numbers, query, filter, action, fields, preview: only_looks } = input.value;
    let wish = Wish { numbers, query: query.unwrap_or_default(), condition: filter.filter(|f| !f.is_null()), action, fields };
    if only_looks {
        let looked = app.desk.query(move |env, sql| {
            let lang = lang.of(&actor);
            let order = order(env, sql, &actor, &type_key, &wish, lang)?;
            let foreseen = preview(env, sql, &actor, &order)?;
            told(env, sql, &actor, env.packs.newest(&type_key)?, lang, order.numbers.len(), foreseen)
        });
        return Ok(ok(looked.await?));
    }
    let done = app.desk.execute_once(once, move |env, sql| {
        let order = order(env, sql, &actor, &type_key, &wish, lang.of(&actor))?;
        let (job, statement) = queue(env, sql, &order);
        Ok((WriteSet { statements: vec![statement] }, JobBegun::answer(job, i64::try_from(order.numbers.len()).ok())?))
    });
    Ok(respond(done.await?))
}

/// What an order would come to, as its caller may see it.
pub(super) fn told(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    pinned: &Pinned,
    lang: &str,
    total: usize,
    foreseen: Vec<Foreseen>,
) -> Result<BulkPreview, DeskError> {
    let now = env.world.now();
    let mut all = Vec::new();
    for one in &foreseen {
        let changed = one.outcome.as_ref().map_or_else(
            |_| Vec::new(),
            |(before, after)| {
                let internal = pinned.rights.fields(actor, &PolicyRow(before), now).internal;
                changes(env, pinned, before, &after.row, internal)
            },
        );
        all.push(changed);
    }
    let ids = all.iter().flatten().filter(|(field, ..)| names::is_person(field)).flat_map(|(_, old, new)| [old, new]);
    let people = People::read(sql, ids.map(|id| id.as_str()?.parse().ok()))?;
    let sent = || foreseen.iter().filter_map(|one| one.outcome.as_ref().ok()).flat_map(|(_, written)| &written.recipients);
    let (messages, recipients) = (sent().count(), sent().collect::<HashSet<_>>().len());
    let label = |field: &str, value: &Value| names::value(env, &pinned.pack, lang, field, value, |id| people.get(id).label);
    let item = |(one, changed): (Foreseen, Vec<(String, Value, Value)>)| {
        let (number, title, refusal) = match one.outcome {
            Ok((before, _)) => (before.number, Some(before.title), None),
            Err(error) => (one.number, None, Some((error.to_string(), Problem::from(error)))),
        };
        let (reason, refusal) = refusal.unzip();
        BulkItem {
            number,
            title,
            open: reason.is_none(),
            reason,
            code: refusal.as_ref().map(|refusal| refusal.code.clone()),
            errors: refusal.map(|refusal| refusal.errors).unwrap_or_default(),
            changes: changed
                .into_iter()
                .map(|(field, old, new)| BulkChange {
                    label: names::field(&pinned.pack, lang, &field),
                    old_label: label(&field, &old),
                    new_label: label(&field, &new),
                    field,
                    old,
                    new,
                })
                .collect(),
        }
    };
    let items: Vec<BulkItem> = foreseen.into_iter().zip(all).map(item).collect();
    let open = items.iter().filter(|item| item.open).count();
    Ok(BulkPreview { total, items, open, messages, recipients })
}
