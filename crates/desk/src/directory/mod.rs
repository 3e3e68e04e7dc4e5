//! The directory in memory: teams, roles, sites, services, departments, customers, settings, categories.
//!
//! A node reads it whole and keeps it until the epoch, which every query of a session brings along, has moved on.

pub mod category;
mod deputy;
mod put;
mod reading;
pub mod references;
mod skill;
mod team;
mod user;

pub use deputy::Deputation;
pub(crate) use put::row as entry_row;
pub use put::{EntryKind, put, put_by, put_seen};
pub use reading::{find_text, sort_key};
pub use user::{
    FIELDS as USER_FIELDS, NewUser, UserChange, change_password, change_user, create_user, hash_password, hash_password_at, prepare_user,
    user_map,
};
pub(crate) use user::{administrator, does_work, is_password_of, user_row, works};

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use store::Sql;
use store::directory::DirectoryRow;
use uuid::Uuid;

use crate::DeskError;

/// An entry of the directory.
#[derive(Clone, Debug)]
pub struct Item {
    /// Identity.
    pub id: Uuid,
    /// Kind.
    pub kind: EntryKind,
    /// Natural key; never changes.
    pub key: String,
    /// Whether it can still be chosen.
    pub active: bool,
    /// All its values.
    pub data: Map<String, Value>,
    /// Version, for concurrent changes.
    pub version: i64,
    /// Head of its journal's chain.
    pub chain: Vec<u8>,
}

impl Item {
    /// Reads it from its row.
    pub fn read(row: DirectoryRow) -> Result<Self, DeskError> {
        item(row)
    }

    /// The label in a language, else in any, else the key.
    pub fn label(&self, lang: &str) -> String {
        let label = self.data.get("label");
        let text = label.and_then(|l| l.get(lang).or_else(|| l.get("zh")).or_else(|| l.get("en"))).and_then(Value::as_str);
        text.unwrap_or(&self.key).to_owned()
    }

    /// A value that is the identity of something.
    pub fn id_of(&self, field: &str) -> Option<Uuid> {
        self.data.get(field)?.as_str()?.parse().ok()
    }

    /// Who answers for a team's unaccepted work: the named person on duty, else the first member.
    pub fn on_duty(&self) -> Option<Uuid> {
        self.id_of("duty").or_else(|| self.ids_of("members").first().copied())
    }

    /// A value that is a list of identities.
    pub fn ids_of(&self, field: &str) -> Vec<Uuid> {
        let list = self.data.get(field).and_then(Value::as_array);
        list.map_or_else(Vec::new, |items| items.iter().filter_map(|v| v.as_str()?.parse().ok()).collect())
    }
}

/// What a role may do apart from records, whose rights are in their packs.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// Actions such as `user.write`; `*` is all.
    pub actions: Vec<String>,
}

/// The whole directory as of an epoch.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The epoch it was read at.
    pub epoch: i64,
    items: HashMap<Uuid, Item>,
    keys: HashMap<(EntryKind, String), Uuid>,
    teams_of: HashMap<Uuid, Vec<Uuid>>,
    duties_of: HashMap<Uuid, Vec<Uuid>>,
    deputations: Vec<Deputation>,
}

impl Directory {
    /// A directory that was not read yet: older than any epoch.
    pub fn unread() -> Self {
        Self { epoch: -1, ..Self::default() }
    }

    /// Builds it from the rows.
    pub fn build(epoch: i64, rows: Vec<DirectoryRow>, deputations: Vec<Deputation>) -> Result<Self, DeskError> {
        let mut directory = Self { epoch, deputations, ..Self::default() };
        for row in rows {
            let item = item(row)?;
            if item.kind == EntryKind::Team && item.active {
                for member in item.ids_of("members") {
                    directory.teams_of.entry(member).or_default().push(item.id);
                }
                if let Some(person) = item.on_duty() {
                    directory.duties_of.entry(person).or_default().push(item.id);
                }
            }
            directory.insert(item);
        }
        Ok(directory)
    }

    /// Reads it as the database has it.
    pub fn read(sql: &mut dyn Sql) -> Result<Self, DeskError> {
        let (epoch, rows) = (store::directory::epoch(sql)?, store::directory::all(sql)?);
        Self::build(epoch, rows, store::deputy::all(sql)?.into_iter().map(Deputation::from).collect())
    }

    /// Puts an entry in whose row is about to be written, so that what comes after it in one transaction may refer to it.
    pub(crate) fn insert(&mut self, item: Item) {
        self.keys.insert((item.kind, item.key.clone()), item.id);
        self.items.insert(item.id, item);
    }

    /// The entry with this identity.
    pub fn get(&self, id: Uuid) -> Option<&Item> {
        self.items.get(&id)
    }

    /// The entry of a kind with this key.
    pub fn by_key(&self, kind: EntryKind, key: &str) -> Option<&Item> {
        self.items.get(self.keys.get(&(kind, key.to_owned()))?)
    }

    /// The entry that a reference means: an identity or a natural key.
    pub fn resolve(&self, kind: EntryKind, reference: &str) -> Option<&Item> {
        let by_id = Uuid::parse_str(reference).ok().and_then(|id| self.get(id)).filter(|item| item.kind == kind);
        by_id.or_else(|| self.by_key(kind, reference))
    }

    /// The key of an entry, for engines, which know keys only.
    pub fn key_of(&self, id: Option<Uuid>) -> Option<&str> {
        self.get(id?).map(|item| item.key.as_str())
    }

    /// All entries of a kind, by key.
    pub fn of_kind(&self, kind: EntryKind) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.items.values().filter(|item| item.kind == kind).collect();
        items.sort_by(|a, b| a.key.cmp(&b.key));
        items
    }

    /// The teams that a person is a member of.
    pub fn teams_of(&self, user: Uuid) -> &[Uuid] {
        self.teams_of.get(&user).map_or(&[], Vec::as_slice)
    }

    /// The teams whose named person on duty this is.
    pub fn duties_of(&self, user: Uuid) -> &[Uuid] {
        self.duties_of.get(&user).map_or(&[], Vec::as_slice)
    }

    /// All who have named somebody to stand in for them, whenever that is.
    pub fn deputations(&self) -> &[Deputation] {
        &self.deputations
    }

    /// Who stands in for a person at `now`.
    pub fn deputy_of(&self, person: Uuid, now: i64) -> Option<&Deputation> {
        self.deputations.iter().find(|it| it.person == person && it.holds(now))
    }

    /// For whom a person stands in at `now`.
    pub fn stands_in_for(&self, deputy: Uuid, now: i64) -> impl Iterator<Item = &Deputation> {
        self.deputations.iter().filter(move |it| it.deputy == deputy && it.holds(now))
    }

    /// Who answers for a team's unaccepted work at `now`: its person on duty, or who stands in for them.
    pub fn responsible_of(&self, team: Uuid, now: i64) -> Option<Uuid> {
        let duty = self.duty_of(team)?;
        Some(self.deputy_of(duty, now).map_or(duty, |it| it.deputy))
    }

    /// The person on duty of a team.
    pub fn duty_of(&self, team: Uuid) -> Option<Uuid> {
        self.get(team)?.on_duty()
    }

    /// Everybody who is on duty for a team.
    pub fn people_on_duty(&self) -> Vec<Uuid> {
        self.duties_of.keys().copied().collect()
    }

    /// What a role may do apart from records.
    pub fn role(&self, key: &str) -> Option<Role> {
        let item = self.by_key(EntryKind::Role, key).filter(|item| item.active)?;
        let actions = item.data.get("actions").and_then(Value::as_array);
        let actions = actions.map_or_else(Vec::new, |list| list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect());
        Some(Role { actions })
    }

    /// A setting's value, if one is set.
    pub fn setting(&self, key: &str) -> Option<&Value> {
        self.by_key(EntryKind::Setting, key)?.data.get("value").filter(|value| !value.is_null())
    }

    /// The provider's own customer, to whom everything belongs until customers are used.
    pub fn home_customer(&self) -> Option<Uuid> {
        self.by_key(EntryKind::Customer, "home").map(|item| item.id)
    }
}

pub(crate) fn item(row: DirectoryRow) -> Result<Item, DeskError> {
    let damaged = |why: String| store::StoreError::Damaged { what: format!("directory entry {} {}", row.kind, row.key), why };
    let kind = EntryKind::parse(&row.kind).ok_or_else(|| damaged("unknown kind".to_owned()))?;
    let data = serde_json::from_str(&row.data).map_err(|error| damaged(error.to_string()))?;
    Ok(Item { id: row.id, kind, key: row.key, active: row.active, data, version: row.version, chain: row.chain })
}

/// A snapshot that can be handed to blocking threads.
pub type Snapshot = Arc<Directory>;
