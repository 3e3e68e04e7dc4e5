//! Teams, sites, services, departments, skills, categories, roles, and what agents have at hand: the directory's entries, each under
//! its own address.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::directory::{EntryKind, Item, put_by};
use desk::{Actor, DeskError, Env, Idempotency, grant};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Sql;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond, versioned};
use super::cursor::Cursor;
use super::document::{EntryFilter, Once, Page, Seen};
use super::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Query, Signed};
use super::problem::Problem;
use super::records::cause;
use super::refs::{self, People, Ref};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_teams, create_team))
        .routes(routes!(get_team, update_team))
        .routes(routes!(list_sites, create_site))
        .routes(routes!(get_site, update_site))
        .routes(routes!(list_services, create_service))
        .routes(routes!(get_service, update_service))
        .routes(routes!(list_departments, create_department))
        .routes(routes!(get_department, update_department))
        .routes(routes!(list_skills, create_skill))
        .routes(routes!(get_skill, update_skill))
        .routes(routes!(list_templates, create_template))
        .routes(routes!(get_template, update_template))
        .routes(routes!(list_macros, create_macro))
        .routes(routes!(get_macro, update_macro))
        .routes(routes!(list_checklists, create_checklist))
        .routes(routes!(get_checklist, update_checklist))
        .routes(routes!(list_roles, create_role))
        .routes(routes!(get_role, update_role))
        .routes(routes!(list_categories, create_category))
        .routes(routes!(get_category, update_category))
        .routes(routes!(list_grants))
}

/// An entry of the directory.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    id: String,
    key: String,
    /// Name in the answer's language.
    label: String,
    /// Names by language.
    #[schema(value_type = Object)]
    labels: Value,
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    members_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<Ref>>,
    /// A team's named person on duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    duty: Option<Ref>,
    /// A service's responsible team.
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<Ref>,
    /// A service's owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Ref>,
    /// The entry above, of a site or department.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Ref>,
    /// Where a team sits.
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<Ref>,
    /// Who has a skill.
    #[serde(skip_serializing_if = "Option::is_none")]
    holders: Option<Vec<Ref>>,
    /// Who else could do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Vec<Ref>>,
    /// `alone` when one person with an open account has a skill and nobody is backup, `nobody` when nobody has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
    /// Rights that the preset of a role has in this program and the role has not; only where nobody has shaped its rights by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    offered: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    data: Option<Map<String, Value>>,
    version: i64,
}

/// Entries.
#[derive(Serialize, ToSchema)]
struct EntryList {
    items: Vec<EntryBody>,
    next: Option<String>,
}

/// The people that entries name, which of them may act, and what roles are offered.
#[derive(Default)]
struct Named {
    people: People,
    alive: Vec<Uuid>,
    offered: HashMap<Uuid, Vec<&'static str>>,
}

impl Named {
    fn read(env: &Env, sql: &mut dyn Sql, items: &[&Item]) -> Result<Self, DeskError> {
        let of =
            |item: &&Item| item.kind.people().iter().flat_map(|field| item.ids_of(field).into_iter().chain(item.id_of(field))).collect();
        let ids: Vec<Uuid> = items.iter().flat_map(|item| -> Vec<Uuid> { of(item) }).collect();
        let mut alive = Vec::new();
        if items.iter().any(|item| item.kind == EntryKind::Skill) {
            for part in ids.chunks(1000) {
                alive.extend(store::user::alive(sql, part, env.world.now())?);
            }
        }
        let mut offered = HashMap::new();
        for item in items.iter().filter(|item| item.kind == EntryKind::Role) {
            offered.insert(item.id, grant::offered(sql, item)?);
        }
        Ok(Self { people: People::read(sql, ids.into_iter().map(Some))?, alive, offered })
    }

    /// Whether a skill hangs on one person, or on nobody.
    fn warning(&self, item: &Item) -> Option<&'static str> {
        if item.kind != EntryKind::Skill || !item.active {
            return None;
        }
        let alive = |field: &str| item.ids_of(field).iter().filter(|id| self.alive.contains(id)).count();
        match (alive("holders"), alive("backup")) {
            (0, _) => Some("nobody"),
            (1, 0) => Some("alone"),
            _ => None,
        }
    }
}

fn body(env: &Env, named: &Named, item: &Item, lang: &str, whole: bool) -> EntryBody {
    let members = item.ids_of("members");
    let (team, skill) = (item.kind == EntryKind::Team, item.kind == EntryKind::Skill);
    let label = item.data.get("label").cloned().unwrap_or(Value::Null);
    let refers = |field: &str| {
        let target = desk::directory::references::target(item.kind, field)?;
        let found = env.directory.resolve(target, item.data.get(field)?.as_str()?)?;
        refs::entry(&env.directory, Some(found.id), lang)
    };
    let people = &named.people;
    let listed = |field: &str| (skill && whole).then(|| item.ids_of(field).iter().map(|id| people.get(*id)).collect());
    let mut data = item.data.clone();
    data.retain(|field, _| !matches!(field.as_str(), "label" | "active") && !item.kind.people().contains(&field.as_str()));
    EntryBody {
        id: item.id.to_string(),
        key: item.key.clone(),
        label: item.label(lang),
        labels: label,
        active: item.active,
        members_count: team.then_some(members.len()),
        members: (team && whole).then(|| members.iter().map(|id| people.get(*id)).collect()),
        duty: if whole { people.opt(item.id_of("duty")) } else { None },
        team: if team { None } else { refers("team") },
        owner: if whole { people.opt(item.id_of("owner")) } else { None },
        parent: refers("parent"),
        site: refers("site"),
        holders: listed("holders"),
        backup: listed("backup"),
        warning: if whole { named.warning(item) } else { None },
        offered: named.offered.get(&item.id).filter(|offered| !offered.is_empty()).cloned(),
        data: whole.then_some(data),
        version: item.version,
    }
}

/// Gives whether the whole entry may be read, or refuses.
fn may_read(actor: &Actor, kind: EntryKind) -> Result<bool, DeskError> {
    if !desk::policy::may_read_entries(actor, kind) {
        return Err(DeskError::Forbidden("this is for those who work in the workspace".to_owned()));
    }
    Ok(actor.may("workspace"))
}

async fn get(app: App, actor: std::sync::Arc<Actor>, kind: EntryKind, key: String, lang: Lang) -> Answered {
    let whole = may_read(&actor, kind)?;
    let found = app.desk.query(move |env, sql| {
        let item = env.directory.resolve(kind, &key).ok_or_else(|| DeskError::NotFound(format!("{} '{key}'", kind.as_str())))?;
        let named = if whole { Named::read(env, sql, &[item])? } else { Named::default() };
        Ok(body(env, &named, item, lang.of(&actor), whole))
    });
    let found = found.await?;
    let version = found.version;
    Ok(versioned(found, version))
}

async fn list(app: App, actor: std::sync::Arc<Actor>, kind: EntryKind, lang: Lang, query: Query) -> Answered {
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let whole = may_read(&actor, kind)?;
    let active = query.flag("active")?;
    let cursor = Cursor::of(kind.as_str(), &query);
    let after: Option<String> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let wanted = query.get("q").map(str::to_lowercase);
        let fits = |item: &&Item| {
            wanted.as_ref().is_none_or(|q| item.key.to_lowercase().contains(q) || item.label(lang).to_lowercase().contains(q))
                && after.as_ref().is_none_or(|key| item.key > *key)
                && active.is_none_or(|active| item.active == active)
        };
        let items: Vec<&Item> = env.directory.of_kind(kind).into_iter().filter(fits).take(limit + 1).collect();
        let more = items.len() > limit;
        let items = &items[..items.len().min(limit)];
        let named = if whole { Named::read(env, sql, items)? } else { Named::default() };
        let next = items.last().filter(|_| more).map(|item| cursor.after(&item.key));
        Ok(EntryList { items: items.iter().map(|item| body(env, &named, item, lang, whole)).collect(), next })
    });
    Ok(ok(list.await?))
}

/// What is written about an entry.
struct Write {
    /// The present entry; none makes a new one.
    key: Option<String>,
    /// The version that was seen.
    expected: Option<i64>,
    /// What answers a repeat.
    once: Option<Idempotency>,
    values: Map<String, Value>,
}

/// Writes an entry. References to people may be usernames.
async fn write(app: App, actor: std::sync::Arc<Actor>, kind: EntryKind, lang: Lang, wanted: Write) -> Answered {
    let action = format!("{}.write", kind.as_str());
    actor.require(&action)?;
    let Write { key, expected, once, mut values } = wanted;
    let creating = key.is_none();
    let key = match (key, values.remove("key")) {
        (Some(key), _) => key,
        (None, Some(Value::String(key))) => key,
        _ => return Err(DeskError::field("/key", "required", "give a short key that never changes").into()),
    };
    let cause = cause(&app, &actor);
    let done = app.desk.execute_once(once, move |env, sql| {
        let present = env.directory.resolve(kind, &key);
        if creating && present.is_some() {
            return Err(DeskError::Conflict(format!("there is a {} '{key}' already", kind.as_str())));
        }
        if !creating && present.is_none() {
            return Err(DeskError::NotFound(format!("{} '{key}'", kind.as_str())));
        }
        if kind == EntryKind::Role {
            grant::require_role(&actor, present, &values)?;
        }
        let key = present.map_or_else(|| key.clone(), |item| item.key.clone());
        let mut resolved = values.clone();
        people(sql, kind, &mut resolved)?;
        let (set, row) = put_by(env, sql, &cause, &actor, kind, &key, &resolved, expected)?;
        let data: Map<String, Value> = serde_json::from_str(&row.data).unwrap_or_default();
        let item = Item { id: row.id, kind, key: row.key, active: row.active, data, version: row.version, chain: row.chain };
        // What is offered is told to who reads: the journal does not have this change yet.
        let named = Named { offered: HashMap::new(), ..Named::read(env, sql, &[&item])? };
        let status = if creating { StatusCode::CREATED } else { StatusCode::OK };
        let location = creating.then(|| match kind {
            // A path would be more than one part of an address.
            EntryKind::Category => format!("/api/v1/categories/{}", item.id),
            _ => format!("/api/v1/{}s/{}", kind.as_str(), item.key),
        });
        Ok((set, answer(status, &body(env, &named, &item, lang.of(&actor), true), Some(item.version), location)?))
    });
    Ok(respond(done.await?))
}

/// Turns usernames into identities.
fn people(sql: &mut dyn Sql, kind: EntryKind, values: &mut Map<String, Value>) -> Result<(), DeskError> {
    let mut resolve = |pointer: String, value: &mut Value| -> Result<(), DeskError> {
        let Some(text) = value.as_str() else { return Ok(()) };
        let id = desk::record::references::user(sql, text)?;
        let id = id.ok_or_else(|| DeskError::field(pointer, "unknown_reference", format!("there is no user '{text}'")))?;
        *value = Value::from(id.to_string());
        Ok(())
    };
    for field in kind.people() {
        match values.get_mut(*field) {
            Some(Value::Array(members)) => {
                for (n, member) in members.iter_mut().enumerate() {
                    resolve(format!("/{field}/{n}"), member)?;
                }
            }
            Some(value) => resolve(format!("/{field}"), value)?,
            None => {}
        }
    }
    Ok(())
}

macro_rules! entry_endpoints {
    ($kind:expr, $path:literal, $one:literal, $list:ident, $create:ident, $get:ident, $update:ident) => {
        /// Lists entries by key
        #[utoipa::path(get, path = $path, tag = "organisation",
            params(EntryFilter, Page),
            responses((status = 200, body = EntryList), (status = 403, body = Problem)))]
        async fn $list(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
            list(app, actor, $kind, lang, query).await
        }

        /// Creates an entry: `key` and its values
        #[utoipa::path(post, path = $path, tag = "organisation", params(Once),
            request_body(content = Object, example = json!({ "key": "north", "label": { "zh": "北区", "en": "North" } })),
            responses((status = 201, body = EntryBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
        async fn $create(State(app): State<App>, Signed(actor): Signed, lang: Lang, key: IdempotencyKey, body: Body<Map<String, Value>>) -> Answered {
            let once = key.once(&actor, &Method::POST, concat!("/api/v1", $path), body.digest);
            write(app, actor, $kind, lang, Write { key: None, expected: None, once, values: body.value }).await
        }

        /// Reads an entry
        #[utoipa::path(get, path = $one, tag = "organisation", params(("key" = String, Path, description = "Id or key")),
            responses((status = 200, body = EntryBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
        async fn $get(State(app): State<App>, Signed(actor): Signed, Path(key): Path<String>, lang: Lang) -> Answered {
            get(app, actor, $kind, key, lang).await
        }

        /// Changes an entry (merge patch)
        #[utoipa::path(patch, path = $one, tag = "organisation", params(("key" = String, Path, description = "Id or key"), Seen, Once),
            request_body(content = Object, example = json!({ "label": { "zh": "北区", "en": "North" }, "active": true })),
            responses((status = 200, body = EntryBody), (status = 403, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
        async fn $update(
            State(app): State<App>,
            Signed(actor): Signed,
            Path(entry): Path<String>,
            lang: Lang,
            key: IdempotencyKey,
            expected: IfMatch,
            body: Body<Map<String, Value>>,
        ) -> Answered {
            let expected = Some(expected.required()?);
            let once = key.once(&actor, &Method::PATCH, &format!(concat!("/api/v1", $path, "/{}"), entry), body.digest);
            write(app, actor, $kind, lang, Write { key: Some(entry), expected, once, values: body.value }).await
        }
    };
}

entry_endpoints!(EntryKind::Team, "/teams", "/teams/{key}", list_teams, create_team, get_team, update_team);
entry_endpoints!(EntryKind::Site, "/sites", "/sites/{key}", list_sites, create_site, get_site, update_site);
entry_endpoints!(EntryKind::Service, "/services", "/services/{key}", list_services, create_service, get_service, update_service);

entry_endpoints!(
    EntryKind::Department,
    "/departments",
    "/departments/{key}",
    list_departments,
    create_department,
    get_department,
    update_department
);
entry_endpoints!(EntryKind::Skill, "/skills", "/skills/{key}", list_skills, create_skill, get_skill, update_skill);
entry_endpoints!(EntryKind::Template, "/templates", "/templates/{key}", list_templates, create_template, get_template, update_template);
entry_endpoints!(EntryKind::Macro, "/macros", "/macros/{key}", list_macros, create_macro, get_macro, update_macro);
entry_endpoints!(
    EntryKind::Checklist,
    "/checklists",
    "/checklists/{key}",
    list_checklists,
    create_checklist,
    get_checklist,
    update_checklist
);
entry_endpoints!(EntryKind::Role, "/roles", "/roles/{key}", list_roles, create_role, get_role, update_role);

entry_endpoints!(EntryKind::Category, "/categories", "/categories/{key}", list_categories, create_category, get_category, update_category);

/// An action that roles may allow.
#[derive(Serialize, ToSchema)]
struct GrantBody {
    key: &'static str,
    label: &'static str,
    /// What it opens.
    help: &'static str,
}

/// Actions.
#[derive(Serialize, ToSchema)]
struct GrantList {
    items: Vec<GrantBody>,
    next: Option<String>,
}

/// Lists the actions that roles may allow apart from records
#[utoipa::path(get, path = "/grants", tag = "organisation", responses((status = 200, body = GrantList), (status = 403, body = Problem)))]
async fn list_grants(Signed(actor): Signed, lang: Lang) -> Answered {
    may_read(&actor, EntryKind::Role)?;
    let lang = lang.of(&actor);
    let items = grant::GRANTS.iter().map(|it| GrantBody { key: it.key, label: it.label(lang), help: it.help(lang) });
    Ok(ok(GrantList { items: items.collect(), next: None }))
}
