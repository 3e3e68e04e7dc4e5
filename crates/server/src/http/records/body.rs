//! A record as answers show it.

use desk::record::Loaded;
use desk::record::read::Target;
use desk::{Actor, DeskError, Env, Pinned};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Sql;
use store::record_list::ListedRecord;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::refs::{self, People, Ref};
use crate::http::time;

/// The parent of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Parent {
    number: String,
    title: String,
}

/// Why a record stays, whatever the rules of retention say.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LegalHoldBody {
    reason: String,
    by: Option<Ref>,
    at: String,
}

/// A record: common columns flat, the type's own fields under `fields`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordBody {
    pub id: String,
    pub number: String,
    #[serde(rename = "type")]
    pub type_key: String,
    pub title: String,
    /// Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub state: String,
    pub state_label: String,
    /// `new`, `active`, `waiting`, `resolved`, `closed` or `cancelled`.
    pub phase: String,
    pub impact: Option<String>,
    pub urgency: Option<String>,
    pub priority: Option<String>,
    pub priority_label: Option<String>,
    pub category: Option<Ref>,
    pub customer: Option<Ref>,
    pub requester: Ref,
    pub reporter: Ref,
    pub channel: String,
    pub team: Option<Ref>,
    pub assignee: Option<Ref>,
    /// Who is responsible until somebody accepts: the team's named person on duty.
    pub on_duty: Option<Ref>,
    pub service: Option<Ref>,
    pub site: Option<Ref>,
    pub parent: Option<Parent>,
    pub opened_at: String,
    pub responded_at: Option<String>,
    pub resolved_at: Option<String>,
    pub closed_at: Option<String>,
    pub updated_at: String,
    pub reassign_count: i64,
    pub reopen_count: i64,
    /// The type's own fields; in lists those that were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub fields: Option<Map<String, Value>>,
    /// The legal hold on it, for those who work on it; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<LegalHoldBody>,
    pub version: i64,
    pub pack_version: u32,
    /// The instant at which this is what had happened, when the past was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The instant at which this is what was known, when the past was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
}

/// The label of a priority.
pub fn priority_label(env: &Env, type_key: &str, lang: &str, priority: Option<&str>) -> Option<String> {
    let pinned = env.packs.newest(type_key).ok()?;
    Some(pinned.pack.label(lang, &format!("value.priority.{}", priority?)))
}

/// The people that listed records mention, read in one query.
pub fn listed_people(env: &Env, sql: &mut dyn Sql, rows: &[ListedRecord]) -> Result<People, DeskError> {
    let duty = |row: &ListedRecord| row.team.and_then(|team| env.directory.duty_of(team));
    People::read(sql, rows.iter().flat_map(|row| [Some(row.requester), Some(row.reporter), row.assignee, duty(row)]))
}

impl RecordBody {
    /// A row of a list.
    pub fn listed(env: &Env, people: &People, row: &ListedRecord, lang: &str) -> Self {
        let pack = env.packs.newest(&row.type_key).ok();
        Self {
            id: row.id.to_string(),
            number: row.number.clone(),
            type_key: row.type_key.clone(),
            title: row.title.clone(),
            description: None,
            state: row.state.clone(),
            state_label: pack.map_or_else(|| row.state.clone(), |p| p.pack.label(lang, &format!("state.{}", row.state))),
            phase: row.phase.clone(),
            impact: row.impact.clone(),
            urgency: row.urgency.clone(),
            priority: row.priority.clone(),
            priority_label: priority_label(env, &row.type_key, lang, row.priority.as_deref()),
            category: refs::category(env, &row.type_key, row.category.as_deref(), lang),
            customer: refs::entry(&env.directory, Some(row.customer), lang),
            requester: people.get(row.requester),
            reporter: people.get(row.reporter),
            channel: row.channel.clone(),
            team: refs::entry(&env.directory, row.team, lang),
            assignee: people.opt(row.assignee),
            on_duty: on_duty(env, people, row.team, row.assignee),
            service: refs::entry(&env.directory, row.service, lang),
            site: refs::entry(&env.directory, row.site, lang),
            parent: None,
            opened_at: time::text(row.opened_at),
            responded_at: time::opt(row.responded_at),
            resolved_at: time::opt(row.resolved_at),
            closed_at: time::opt(row.closed_at),
            updated_at: time::text(row.updated_at),
            reassign_count: row.reassign_count,
            reopen_count: row.reopen_count,
            fields: None,
            legal_hold: None,
            version: row.version,
            pack_version: pack.map_or(0, |p| p.pack.version()),
            as_of: None,
            known_at: None,
        }
    }

    /// A whole record, as this actor may see it.
    pub fn whole(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, lang: &str) -> Result<Self, DeskError> {
        Self::shown(env, sql, loaded, actor, loaded.allows(env, actor, "read_internal"), lang)
    }

    /// A whole record, with what only those who work on it may see when `internal`.
    pub fn shown(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, internal: bool, lang: &str) -> Result<Self, DeskError> {
        let row = &loaded.row;
        let listed = ListedRecord {
            id: row.id,
            type_key: row.type_key.clone(),
            number: row.number.clone(),
            customer: row.customer,
            state: row.state.clone(),
            phase: row.phase.clone(),
            title: row.title.clone(),
            impact: row.impact.clone(),
            urgency: row.urgency.clone(),
            priority: row.priority.clone(),
            category: row.category.clone(),
            requester: row.requester,
            reporter: row.reporter,
            channel: row.channel.clone(),
            team: row.team,
            assignee: row.assignee,
            service: row.service,
            site: row.site,
            parent: row.parent,
            opened_at: row.opened_at,
            responded_at: row.responded_at,
            resolved_at: row.resolved_at,
            closed_at: row.closed_at,
            updated_at: row.updated_at,
            reassign_count: row.reassign_count,
            reopen_count: row.reopen_count,
            pack: row.pack,
            version: row.version,
        };
        let people = listed_people(env, sql, std::slice::from_ref(&listed))?;
        let mut body = Self::listed(env, &people, &listed, lang);
        if internal && let Some(hold) = store::legal_hold::find(sql, row.id)? {
            let by = People::read(sql, [hold.by])?.opt(hold.by);
            body.legal_hold = Some(LegalHoldBody { reason: hold.reason, by, at: time::text(hold.at) });
        }
        body.state_label = loaded.pinned.pack.label(lang, &format!("state.{}", row.state));
        body.description = Some(row.description.clone());
        body.pack_version = loaded.pinned.pack.version();
        body.fields = Some(visible_fields(&loaded.pinned, &row.fields, internal)?);
        body.parent = match row.parent {
            Some(id) => visible_parent(env, sql, actor, id)?,
            None => None,
        };
        Ok(body)
    }
}

/// The parent, if this actor may read it.
fn visible_parent(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<Option<Parent>, DeskError> {
    match desk::record::find(env, sql, actor, &Target::Id(id)) {
        Ok(parent) => Ok(Some(Parent { number: parent.row.number, title: parent.row.title })),
        Err(DeskError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Own fields without those that the form marks `x-internal`, unless the reader may see them, and without secrets.
fn visible_fields(pinned: &Pinned, text: &str, internal: bool) -> Result<Map<String, Value>, DeskError> {
    let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| DeskError::outside("read a record", error))?;
    fields.retain(|name, _| pinned.shows(name, internal));
    Ok(fields)
}

fn on_duty(env: &Env, people: &People, team: Option<Uuid>, assignee: Option<Uuid>) -> Option<Ref> {
    if assignee.is_some() {
        return None;
    }
    Some(people.get(env.directory.duty_of(team?)?))
}
