//! `GET /records/{type}/{number}/actions` and `POST …/actions/{action}`

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::job::children::{Order, queue};
use desk::record::act::act;
use desk::record::actions::actions;
use desk::record::edit::require_seen;
use desk::record::preview::preview;
use desk::record::{children, find};
use desk::{Actor, DeskError, Env};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::{Once, RecordPath, SeenOrNot};
use crate::http::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};

/// An action that is offered.
#[derive(Serialize, ToSchema)]
pub struct ActionBody {
    key: String,
    /// `outcome` or `command`.
    kind: String,
    label: String,
    /// JSON Schema of `fields`.
    #[schema(value_type = Object)]
    schema: Value,
    enabled: bool,
    /// Why it does not work now.
    reason: Option<String>,
    /// The states that the record may be in afterwards; null where that is not known before.
    leads_to: Option<Vec<String>>,
}

/// The actions of a record.
#[derive(Serialize, ToSchema)]
pub struct ActionList {
    items: Vec<ActionBody>,
}

/// Lists what can be done with a record now
#[utoipa::path(get, path = "/records/{type}/{number}/actions", tag = "records", params(RecordPath),
    responses((status = 200, body = ActionList), (status = 404, body = Problem)))]
pub async fn list_actions(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let items = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        actions(env, sql, &loaded, &actor, lang.of(&actor))
    });
    let body = |action: desk::record::actions::Action| ActionBody {
        key: action.key,
        kind: action.kind.to_owned(),
        label: action.label,
        schema: action.schema,
        enabled: action.enabled,
        reason: action.reason,
        leads_to: action.leads_to,
    };
    Ok(ok(ActionList { items: items.await?.into_iter().map(body).collect() }))
}

/// What comes with an action.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionInput {
    /// As the action's schema says.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// Does the same to the open records below it, as a job that `children_job` of the answer names.
    #[serde(default)]
    with_children: bool,
}

/// Address of an action.
#[derive(Deserialize)]
pub struct ActionAddress {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    action: String,
}

/// Does an action: a command, or an outcome of an open step
///
/// With `If-Match` it is done only on the version that was seen.
#[utoipa::path(post, path = "/records/{type}/{number}/actions/{action}", tag = "records",
    params(RecordPath, ("action" = String, Path, description = "Key of an action, as `GET …/actions` lists them"), SeenOrNot, Once),
    request_body(content = ActionInput, example = json!({ "fields": { "reason": "vendor", "note": "Waiting for the spare part." } })),
    responses((status = 200, body = RecordBody), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn run_action(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<ActionAddress>,
    lang: Lang,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Body<ActionInput>,
) -> Answered {
    let record = Address { type_key: address.type_key, number: address.number };
    let once = key.once(&actor, &Method::POST, &record.path(&format!("/actions/{}", address.action)), body.digest);
    let cause = super::cause(&app, &actor);
    let (target, action, ActionInput { fields, with_children }) = (record.target(), address.action, body.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        if let Some(seen) = seen.0 {
            let loaded = find(env, sql, &actor, &target)?;
            require_seen(env, sql, &actor, &loaded, seen)?;
        }
        let written = act(env, sql, &cause, &actor, &target, &action, &fields)?;
        let order = match with_children {
            true => {
                let parent = find(env, sql, &actor, &target)?;
                Some(children::order(env, sql, &actor, &parent, &action, &fields, lang.of(&actor))?)
            }
            false => None,
        };
        let (mut set, mut body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        if let Some(order) = order.filter(|order| !order.children.is_empty()) {
            let (job, statement) = queue(env, sql, &order);
            set.push(statement);
            body.children_job = Some(job.to_string());
        }
        Ok((set, answer(StatusCode::OK, &body, Some(body.version), None)?))
    });
    Ok(respond(done.await?))
}

/// What would come of an action.
#[derive(Serialize, ToSchema)]
pub struct ActionPreview {
    /// The record as it would stand.
    record: RecordBody,
    /// Who would be sent a mail.
    mails: Vec<Ref>,
    /// Who would find it among their notices.
    notices: Vec<Ref>,
    /// How many who only said that it affects them would be sent a mail too.
    affected: i64,
    /// What would come of it below the record, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<ChildrenReach>,
}

/// Whom an action would reach below a record.
#[derive(Serialize, ToSchema)]
pub struct ChildrenReach {
    /// How many records would be taken.
    total: usize,
    /// How many of them were looked at: the first.
    looked_at: usize,
    /// How many of those would be refused, because somebody else works on them, say.
    refused: usize,
    /// Who would be sent a mail about those, the first 20.
    mails: Vec<Ref>,
    /// How many people that is in all.
    people: usize,
}

/// Records below it that a preview looks at.
const CHILDREN_LOOKED_AT: usize = 50;
/// People of those that are named.
const NAMED: usize = 20;

/// Tells what an action would do and whom it would reach, and does nothing
///
/// Refused as the action itself would be. For those who may read what is internal. `with_children` tells of the records below it too.
#[utoipa::path(post, path = "/records/{type}/{number}/actions/{action}/preview", tag = "records",
    params(RecordPath, ("action" = String, Path, description = "Key of an action, as `GET …/actions` lists them")),
    request_body(content = ActionInput, example = json!({ "fields": { "body": "It works again.", "visibility": "public" } })),
    responses((status = 200, body = ActionPreview), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn preview_action(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<ActionAddress>,
    lang: Lang,
    body: Body<ActionInput>,
) -> Answered {
    let record = Address { type_key: address.type_key, number: address.number };
    let cause = super::cause(&app, &actor);
    let (target, action, ActionInput { fields, with_children }) = (record.target(), address.action, body.value);
    let foreseen = app.desk.query(move |env, sql| {
        let foreseen = preview(env, sql, &cause, &actor, &target, &action, &fields)?;
        let children = match with_children {
            true => {
                let parent = find(env, sql, &actor, &target)?;
                let order = children::order(env, sql, &actor, &parent, &action, &fields, lang.of(&actor))?;
                Some(children_reach(env, sql, &actor, &order)?)
            }
            false => None,
        };
        let reached = foreseen.written.recipients.iter().chain(&foreseen.told).copied().map(Some);
        let people = People::read(sql, reached)?;
        let mut mails = foreseen.written.recipients.clone();
        mails.sort_unstable();
        mails.dedup();
        let refs = |ids: &[Uuid]| ids.iter().map(|id| people.get(*id)).collect();
        let (mails, notices) = (refs(&mails), refs(&foreseen.told));
        let affected = foreseen.written.affected;
        Ok(ActionPreview {
            mails,
            notices,
            affected,
            children,
            record: RecordBody::written(env, sql, foreseen.written, &actor, lang.of(&actor))?.1,
        })
    });
    Ok(ok(foreseen.await?))
}

fn children_reach(env: &Env, sql: &mut dyn Sql, actor: &Actor, order: &Order) -> Result<ChildrenReach, DeskError> {
    let foreseen = children::preview(env, sql, actor, order, CHILDREN_LOOKED_AT)?;
    let reached = foreseen.iter().filter_map(|one| one.outcome.as_ref().ok()).flat_map(|(_, written)| written.recipients.iter().copied());
    let reached: BTreeSet<Uuid> = reached.collect();
    let named = || reached.iter().take(NAMED).copied();
    let people = People::read(sql, named().map(Some))?;
    Ok(ChildrenReach {
        total: order.children.len(),
        looked_at: foreseen.len(),
        refused: foreseen.iter().filter(|one| one.outcome.is_err()).count(),
        mails: named().map(|id| people.get(id)).collect(),
        people: reached.len(),
    })
}
