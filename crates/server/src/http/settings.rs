//! Settings: what holds, what could, and how it is changed.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::directory::{EntryKind, Item, put_seen};
use desk::settings::{self, SETTINGS, Setting};
use desk::{Actor, DeskError, Env};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Sql;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{EntryFilter, Once, Page, SeenIfThere};
use super::extract::{Body, IdempotencyKey, IfMatch, Path, Query, Signed};
use super::problem::Problem;
use super::records::cause;
use super::refs::{People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_settings)).routes(routes!(put_setting))
}

/// A setting.
#[derive(Serialize, ToSchema)]
struct SettingBody {
    /// Absent while nothing was ever set.
    id: Option<String>,
    key: String,
    /// The part of the page that it belongs to.
    group: &'static str,
    /// What holds now.
    #[schema(value_type = Object)]
    value: Value,
    /// What holds while nothing is set.
    #[schema(value_type = Object)]
    default: Value,
    /// Whether something is set.
    is_set: bool,
    /// Since when the value holds, once one was set.
    since: Option<String>,
    /// Who set it.
    by: Option<Ref>,
    /// What the value may be, as a JSON Schema.
    #[schema(value_type = Object)]
    shape: Value,
    active: bool,
    /// `{value}`: what holds now.
    #[schema(value_type = Object)]
    data: Value,
    /// The version for `If-Match`; 0 while nothing was ever set, and then none is sent.
    version: i64,
}

/// Settings.
#[derive(Serialize, ToSchema)]
struct SettingList {
    items: Vec<SettingBody>,
    next: Option<String>,
}

/// The setting with its entry, if there is one.
fn body(sql: &mut dyn Sql, setting: &Setting, item: Option<&Item>, env: &Env) -> Result<SettingBody, DeskError> {
    let set = item.and_then(|item| item.data.get("value")).filter(|value| !value.is_null());
    let shown = set.filter(|_| !setting.is_secret());
    let value = shown.cloned().unwrap_or_else(setting.default);
    let last = item.map(|item| store::journal::last_of(sql, item.id)).transpose()?.flatten();
    // An entry that is about to be written is not in the journal yet.
    let at = match (&last, item) {
        (Some(last), Some(item)) if last.seq == item.version => Some(last.occurred_at),
        (_, Some(_)) => Some(env.world.now()),
        _ => None,
    };
    let actor = last.and_then(|last| last.actor);
    let people = People::read(sql, [actor])?;
    Ok(SettingBody {
        id: item.map(|item| item.id.to_string()),
        key: setting.key.to_owned(),
        group: setting.group,
        default: (setting.default)(),
        is_set: set.is_some(),
        since: time::opt(at),
        by: people.opt(actor),
        shape: setting.shape.schema(),
        active: true,
        data: json!({ "value": value }),
        value,
        version: item.map_or(0, |item| item.version),
    })
}

fn require(actor: &Actor, right: &str) -> Result<(), DeskError> {
    if actor.may(right) { Ok(()) } else { Err(DeskError::Forbidden("settings are for administrators".to_owned())) }
}

/// Lists settings with what holds and what could
#[utoipa::path(get, path = "/settings", tag = "system",
    params(EntryFilter, Page),
    responses((status = 200, body = SettingList), (status = 403, body = Problem)))]
async fn list_settings(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    if !SETTINGS.iter().any(|setting| actor.may(setting.right)) {
        require(&actor, "setting.write")?;
    }
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let active = query.flag("active")?;
    let cursor = Cursor::of("settings", &query);
    let after: usize = cursor.place(&query)?.unwrap_or(0);
    let list = app.desk.query(move |env, sql| {
        let wanted = query.get("q").map(str::to_lowercase);
        let fits = |setting: &&Setting| {
            actor.may(setting.right) && active != Some(false) && wanted.as_ref().is_none_or(|q| setting.key.contains(q.as_str()))
        };
        let found: Vec<&Setting> = SETTINGS.iter().filter(fits).collect();
        let page = found.iter().skip(after).take(limit);
        let items = page.map(|setting| body(sql, setting, env.directory.by_key(EntryKind::Setting, setting.key), env));
        let items = items.collect::<Result<Vec<_>, DeskError>>()?;
        let next = (after + items.len() < found.len()).then(|| cursor.after(&(after + items.len())));
        Ok(SettingList { items, next })
    });
    Ok(ok(list.await?))
}

/// Sets a setting: `{"value": …}`; `null` goes back to the default
///
/// There are those that the list shows, each with the shape of its value. A value that is `writeOnly` is sealed and never shown again.
/// One that was set before needs `If-Match`, as every change; a stale version is refused with what changed meanwhile.
#[utoipa::path(put, path = "/settings/{key}", tag = "system",
    params(("key" = String, Path, description = "Key of the setting"), SeenIfThere, Once),
    request_body(content = Object, example = json!({ "value": "external_first" })),
    responses((status = 200, body = SettingBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn put_setting(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(key): Path<String>,
    once: IdempotencyKey,
    if_match: IfMatch,
    request: Body<Map<String, Value>>,
) -> Answered {
    require(&actor, settings::find(&key).map_or("setting.write", |setting| setting.right))?;
    let setting = settings::find(&key)?;
    let once = once.once(&actor, &Method::PUT, &format!("/api/v1/settings/{key}"), request.digest);
    let (cause, values) = (cause(&app, &actor), request.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = match setting.is_secret() {
            true => settings::put_secret(env, sql, &cause, setting, values.clone(), if_match.0)?,
            false => put_seen(env, sql, &cause, EntryKind::Setting, setting.key, &values, if_match.0)?,
        };
        let item = Item::read(row)?;
        let mut body = body(sql, setting, Some(&item), env)?;
        if !set.statements.is_empty() {
            body.by = People::read(sql, [cause.actor])?.opt(cause.actor);
        }
        Ok((set, answer(StatusCode::OK, &body, Some(item.version), None)?))
    });
    Ok(respond(done.await?))
}
