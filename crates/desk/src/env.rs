//! What a command needs besides its input: clock, keys, directory and packs, as of one moment.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use store::Sql;
use store::pack_version::PackVersionRow;
use uuid::Uuid;

use crate::directory::Directory;
use crate::dispatch::Offers;
use crate::policy::Rights;
use crate::{DeskError, Keyring, World};

/// A published pack version, ready to run.
#[derive(Debug)]
pub struct Pinned {
    /// Identity of the version; records are pinned to it.
    pub id: Uuid,
    /// The content.
    pub pack: pack::Pack,
    /// Rights of roles, compiled.
    pub rights: Rights,
    /// Indexed own fields with the column of `record_value` that holds them.
    pub indexed: Vec<(String, &'static str)>,
}

impl Pinned {
    /// Reads a published version, saying things as they are said here.
    pub fn load(row: &PackVersionRow, wording: &pack::Wording) -> Result<Self, DeskError> {
        let wrong = |why: String| DeskError::Pack { key: format!("{} {}", row.key, row.version), why };
        let files: BTreeMap<String, String> = serde_json::from_str(&row.files).map_err(|error| wrong(error.to_string()))?;
        let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let pack = pack::Pack::load_worded(&files, wording).map_err(|defects| wrong(describe(&defects)))?;
        Self::new(row.id, pack)
    }

    /// Whether a field is shown: secrets never are, and what the form marks `x-internal` only to those who may read it.
    pub fn shows(&self, field: &str, internal: bool) -> bool {
        !self.pack.manifest().secret.iter().any(|secret| secret == field) && (internal || !self.is_internal(field))
    }

    /// Whether the form marks a field `x-internal`.
    pub fn is_internal(&self, field: &str) -> bool {
        self.pack.form().pointer(&format!("/properties/{field}/x-internal")).and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    /// Makes a loaded pack ready to run.
    pub fn new(id: Uuid, pack: pack::Pack) -> Result<Self, DeskError> {
        let rights = Rights::compile(&pack)?;
        let indexed = pack.manifest().indexed.iter().map(|field| (field.clone(), index_column(&pack, field))).collect();
        Ok(Self { id, pack, rights, indexed })
    }
}

fn index_column(pack: &pack::Pack, field: &str) -> &'static str {
    let of = |what: &str| pack.form().pointer(&format!("/properties/{field}/{what}")).and_then(|v| v.as_str());
    match (of("type"), of("format")) {
        (_, Some("instant")) => "instant",
        (Some("number" | "integer"), _) => "number",
        _ => "text",
    }
}

/// Defects of a pack in one line, the first five of them.
pub fn describe(defects: &[pack::Defect]) -> String {
    let shown: Vec<String> = defects.iter().take(5).map(ToString::to_string).collect();
    let more = defects.len().saturating_sub(5);
    if more == 0 { shown.join("; ") } else { format!("{} (and {more} more)", shown.join("; ")) }
}

/// All packs that this node has read: the newest version of each type, and older ones that records are pinned to.
#[derive(Debug, Default)]
pub struct Shelf {
    newest: HashMap<String, Arc<Pinned>>,
    wording: pack::Wording,
    pinned: RwLock<HashMap<Uuid, Arc<Pinned>>>,
}

impl Shelf {
    /// Puts the newest versions on the shelf. One that cannot be read is left out and named, and the rest serves. A version never
    /// changes, so what stood on the shelf before is not read again unless things are called otherwise now.
    pub fn build(rows: &[PackVersionRow], wording: pack::Wording, before: &Self) -> (Self, Vec<DeskError>) {
        let same = wording == before.wording;
        let mut shelf = Self { wording, ..Self::default() };
        let mut errors = Vec::new();
        for row in rows {
            let known = before.pinned.read().unwrap_or_else(PoisonError::into_inner).get(&row.id).filter(|_| same).map(Arc::clone);
            match known.map_or_else(|| Pinned::load(row, &shelf.wording).map(Arc::new), Ok) {
                Ok(pinned) => {
                    shelf.pinned.write().unwrap_or_else(PoisonError::into_inner).insert(row.id, Arc::clone(&pinned));
                    shelf.newest.insert(row.key.clone(), pinned);
                }
                Err(error) => errors.push(error),
            }
        }
        (shelf, errors)
    }

    /// The newest version of a type.
    pub fn newest(&self, type_key: &str) -> Result<&Arc<Pinned>, DeskError> {
        self.newest.get(type_key).ok_or_else(|| DeskError::NotFound(format!("record type '{type_key}'")))
    }

    /// The newest version of every type, by key.
    pub fn all(&self) -> Vec<&Arc<Pinned>> {
        let mut all: Vec<_> = self.newest.values().collect();
        all.sort_by(|a, b| a.pack.key().cmp(b.pack.key()));
        all
    }

    /// The version with this identity, read from the database the first time.
    pub fn pinned(&self, sql: &mut dyn Sql, id: Uuid) -> Result<Arc<Pinned>, DeskError> {
        if let Some(pinned) = self.pinned.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(pinned));
        }
        let row = store::pack_version::find(sql, id)?.ok_or_else(|| DeskError::NotFound(format!("pack version {id}")))?;
        let pinned = Arc::new(Pinned::load(&row, &self.wording)?);
        self.pinned.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&pinned));
        Ok(pinned)
    }
}

/// What a command needs besides its input. Cheap to clone, the same for the whole command.
#[derive(Clone)]
pub struct Env {
    /// Clock and dice.
    pub world: World,
    /// Keys.
    pub keyring: Arc<Keyring>,
    /// Directory as of its epoch.
    pub directory: Arc<Directory>,
    /// Packs as of the same epoch.
    pub packs: Arc<Shelf>,
    /// Address under which people reach the system, for links; without a slash at the end.
    pub public_url: Arc<str>,
    /// What this node has offered to whom a moment ago.
    pub offers: Arc<Offers>,
    /// Whether what is prepared with this is meant to be written; else it only looks what would be.
    pub binding: bool,
}
