//! Retention: how long records stay after they have ended, and what goes when that is over.
//!
//! The rules stand in the setting `retention`: `{"rules": [{"type": "…", "phase": "closed", "days": 1095, "action": "archive"}]}`.
//! What is removed leaves its journal's chain and, as its last entry, a tombstone; see `docs/decisions/0012-retention.md`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::directory::{self, DirectoryRow};
use store::record::RecordRow;
use store::{Sql, Tx, WriteSet};

use crate::archive::{self, Ready};
use crate::directory::EntryKind;
use crate::journal::{self, Cause, Fact};
use crate::record::Content;
use crate::record::content::{Opened, Removed, TOMBSTONE};
use crate::{DeskError, Env, FieldError};

/// Key of the setting.
pub const SETTING: &str = "retention";

/// Phases in which a record has ended.
pub(crate) const ENDED: [&str; 2] = ["closed", "cancelled"];
/// Longest time to keep, in days.
pub(crate) const LONGEST: i64 = 36_500;
const DAY: i64 = 24 * 3_600_000;

/// How long records of a type stay in a phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Record type.
    #[serde(rename = "type")]
    pub type_key: String,
    /// `closed` or `cancelled`.
    pub phase: String,
    /// Days since it ended.
    pub days: i64,
    /// What happens then.
    pub action: Action,
}

/// What happens to a record whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is removed for good.
    Remove,
    /// The same, after everything of it was written into a file that stays.
    Archive,
}

impl Rule {
    /// The instant before which a record must have ended.
    pub fn before(&self, now: i64) -> i64 {
        now - self.days * DAY
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    #[serde(default)]
    rules: Vec<Rule>,
}

/// The rules in force, as the database has them: what they remove does not come back, so no node goes by its memory.
pub fn rules(sql: &mut dyn Sql) -> Result<Vec<Rule>, DeskError> {
    read(directory::find_key(sql, EntryKind::Setting.as_str(), SETTING)?)
}

/// The same, in force until the transaction ends: whoever withdraws one waits for it.
pub(crate) fn standing(tx: &mut dyn Tx) -> Result<Vec<Rule>, DeskError> {
    read(directory::lock_key(tx, EntryKind::Setting.as_str(), SETTING)?)
}

fn read(row: Option<DirectoryRow>) -> Result<Vec<Rule>, DeskError> {
    let Some(row) = row else { return Ok(Vec::new()) };
    let wrong = |error| DeskError::outside("read the setting 'retention'", error);
    let mut data: Map<String, Value> = serde_json::from_str(&row.data).map_err(wrong)?;
    let Some(value) = data.remove("value").filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let setting: Setting = serde_json::from_value(value).map_err(wrong)?;
    Ok(setting.rules)
}

/// What the shape of the setting does not say: that there are such types.
pub(crate) fn check(env: &Env, value: &Value) -> Vec<FieldError> {
    let rules = value.get("rules").and_then(Value::as_array).into_iter().flatten().enumerate();
    let types = rules.filter_map(|(n, rule)| Some((n, rule.get("type")?.as_str()?)));
    types
        .filter(|(_, type_key)| env.packs.newest(type_key).is_err())
        .map(|(n, key)| FieldError::new(format!("/value/rules/{n}/type"), "unknown", format!("there is no record type '{key}'")))
        .collect()
}

/// Why a record stays although its time is over; none when it goes. What a hold is for is told to readers of the record
/// alone, and this is told to those of jobs.
pub fn kept(sql: &mut dyn Sql, row: &RecordRow) -> Result<Option<&'static str>, DeskError> {
    Ok(store::legal_hold::find(sql, row.id)?.map(|_| "under legal hold"))
}

/// Everything that removing a record writes: its row and all beside it, the content of its journal and of its messages; the
/// tombstone stays, and names the archive that was made of this version. Content of its files goes when nothing else refers to it.
pub(crate) fn remove(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    row: &RecordRow,
    rule: &Rule,
    archive: Option<&Ready>,
) -> Result<WriteSet, DeskError> {
    if let Some(why) = kept(sql, row)? {
        return Err(DeskError::NotAvailable(format!("{} stays: {why}", row.number)));
    }
    let ended_at = row.closed_at.unwrap_or(row.updated_at);
    if row.type_key != rule.type_key || row.phase != rule.phase || ended_at >= rule.before(env.world.now()) {
        return Err(DeskError::NotAvailable(format!("{} stays: the rule does not fit it", row.number)));
    }
    if (rule.action == Action::Archive) != archive.is_some_and(|ready| ready.version == row.version) {
        return Err(DeskError::NotAvailable(format!("{} stays: it is not archived as it is now", row.number)));
    }
    let fact = Fact {
        kind: "record",
        aggregate: row.id,
        version: row.version,
        chain: &row.chain,
        event: TOMBSTONE,
        definition: Some(row.pack),
        visibility: "internal",
    };
    let content = Content {
        record: Some(Opened { type_key: row.type_key.clone(), number: row.number.clone(), alias: None }),
        removed: Some(Removed { phase: row.phase.clone(), ended_at, days: rule.days, archive: archive.map(|ready| ready.file.clone()) }),
        ..Content::default()
    };
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::record::remove(row.id, row.version));
    set.statements.extend(store::record::remove_beside(row.id, env.world.now()));
    set.push(store::journal::erase(row.id, row.version));
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    if let Some(row) = archive::row(&entry, &content)? {
        set.statements.extend(store::archive::insert(&row));
    }
    Ok(set)
}
