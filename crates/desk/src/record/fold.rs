//! Between a record's row and what the process works on. Keys there, identities here.

use serde_json::{Map, Value, json};
use store::journal::Entry;
use store::record::RecordRow;
use uuid::Uuid;

use crate::directory::{Directory, EntryKind};
use crate::{DeskError, Env};

/// Flow instance and steps as the row keeps them.
#[derive(serde::Serialize, serde::Deserialize)]
struct Process {
    instance: flow::Instance,
    steps: Vec<pack::Step>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    checks: Vec<pack::Check>,
}

/// The record as the process sees it.
pub fn to_process(directory: &Directory, row: &RecordRow) -> Result<pack::Record, DeskError> {
    let damaged = |error: serde_json::Error| store::StoreError::Damaged { what: format!("record {}", row.number), why: error.to_string() };
    let process: Process = serde_json::from_str(&row.process).map_err(damaged)?;
    let mut values: Map<String, Value> = serde_json::from_str(&row.fields).map_err(damaged)?;
    let key = |id: Option<Uuid>| directory.key_of(id).map_or(Value::Null, Value::from);
    for (field, value) in [
        ("title", json!(row.title)),
        ("description", json!(row.description)),
        ("impact", json!(row.impact)),
        ("urgency", json!(row.urgency)),
        ("priority", json!(row.priority)),
        ("category", json!(row.category)),
        ("requester", json!(row.requester)),
        ("reporter", json!(row.reporter)),
        ("channel", json!(row.channel)),
        ("team", key(row.team)),
        ("assignee", json!(row.assignee)),
        ("service", key(row.service)),
        ("site", key(row.site)),
        ("customer", key(Some(row.customer))),
        ("parent", json!(row.parent)),
        ("opened_at", json!(row.opened_at)),
        ("responded_at", json!(row.responded_at)),
        ("resolved_at", json!(row.resolved_at)),
        ("closed_at", json!(row.closed_at)),
        ("reassign_count", json!(row.reassign_count)),
        ("reopen_count", json!(row.reopen_count)),
    ] {
        if !value.is_null() {
            values.insert(field.to_owned(), value);
        }
    }
    Ok(pack::Record { values, state: row.state.clone(), instance: process.instance, steps: process.steps, checks: process.checks })
}

/// What stays the same about a record whatever happens to it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Identity.
    pub id: Uuid,
    /// Type.
    pub type_key: String,
    /// Number.
    pub number: String,
    /// Pinned pack version.
    pub pack: Uuid,
}

/// How far a record's journal has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Number of the newest entry.
    pub version: i64,
    /// When the latest of its entries happened.
    pub updated_at: i64,
    /// How many entries are public.
    pub public_version: i64,
    /// When the latest of those happened.
    pub public_at: i64,
    /// Head of the chain.
    pub chain: Vec<u8>,
}

impl Extent {
    /// The extent that a row has kept.
    pub fn of(row: &RecordRow) -> Self {
        Self {
            version: row.version,
            updated_at: row.updated_at,
            public_version: row.public_version,
            public_at: row.public_at,
            chain: row.chain.clone(),
        }
    }

    /// With one entry more.
    pub fn and(&self, entry: &Entry) -> Self {
        let (public, first) = (entry.visibility == "public", self.version == 0);
        let later = |before: i64| if first { entry.occurred_at } else { before.max(entry.occurred_at) };
        Self {
            version: entry.seq,
            updated_at: later(self.updated_at),
            public_version: self.public_version + i64::from(public),
            public_at: if public { later(self.public_at) } else { self.public_at },
            chain: entry.chain.clone(),
        }
    }
}

/// The row of a record that the process has worked on.
pub fn to_row(
    directory: &Directory,
    pack: &pack::Pack,
    frame: &Frame,
    record: &pack::Record,
    extent: Extent,
) -> Result<RecordRow, DeskError> {
    let wrong = |field: &str| DeskError::outside("fold a record", format!("{} has no usable {field}", frame.number));
    let values = &record.values;
    let text = |field: &str| values.get(field).and_then(Value::as_str).map(str::to_owned);
    let id = |field: &str| values.get(field).and_then(Value::as_str).and_then(|v| v.parse::<Uuid>().ok());
    let number = |field: &str| values.get(field).and_then(Value::as_i64);
    let keyed = |field: &str, kind: EntryKind| text(field).and_then(|key| directory.by_key(kind, &key).map(|item| item.id));
    let fields: Map<String, Value> =
        values.iter().filter(|(k, v)| !has_column(k) && !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
    let process = Process { instance: record.instance.clone(), steps: record.steps.clone(), checks: record.checks.clone() };
    let write = |value: Result<String, serde_json::Error>| value.map_err(|error| DeskError::outside("write a record", error));
    Ok(RecordRow {
        id: frame.id,
        type_key: frame.type_key.clone(),
        number: frame.number.clone(),
        customer: keyed("customer", EntryKind::Customer).ok_or_else(|| wrong("customer"))?,
        state: record.state.clone(),
        phase: pack.phase_of(&record.state).ok_or_else(|| wrong("state"))?.key().to_owned(),
        title: text("title").ok_or_else(|| wrong("title"))?,
        description: text("description").unwrap_or_default(),
        impact: text("impact"),
        urgency: text("urgency"),
        priority: text("priority"),
        category: text("category"),
        requester: id("requester").ok_or_else(|| wrong("requester"))?,
        reporter: id("reporter").ok_or_else(|| wrong("reporter"))?,
        channel: text("channel").ok_or_else(|| wrong("channel"))?,
        team: keyed("team", EntryKind::Team),
        assignee: id("assignee"),
        service: keyed("service", EntryKind::Service),
        site: keyed("site", EntryKind::Site),
        parent: id("parent"),
        opened_at: number("opened_at").ok_or_else(|| wrong("opened_at"))?,
        responded_at: number("responded_at"),
        resolved_at: number("resolved_at"),
        closed_at: number("closed_at"),
        updated_at: extent.updated_at,
        reassign_count: number("reassign_count").unwrap_or(0),
        reopen_count: number("reopen_count").unwrap_or(0),
        pack: frame.pack,
        fields: write(serde_json::to_string(&fields))?,
        process: write(serde_json::to_string(&process))?,
        version: extent.version,
        chain: extent.chain,
        public_version: extent.public_version,
        public_at: extent.public_at,
    })
}

/// Whether a value has a column of its own; all others are kept in `fields`.
fn has_column(field: &str) -> bool {
    pack::standard_field(field).is_some_and(pack::StandardField::has_column)
}

/// The team of a step, as identity.
pub fn team_id(env: &Env, key: Option<&str>) -> Option<Uuid> {
    env.directory.by_key(EntryKind::Team, key?).map(|item| item.id)
}
