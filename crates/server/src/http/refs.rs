//! References in answers: `{id, key, label}`.

use std::collections::HashMap;

use desk::directory::Directory;
use desk::{DeskError, Env};
use serde::Serialize;
use store::Sql;
use utoipa::ToSchema;
use uuid::Uuid;

/// A reference to something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ref {
    /// Identity.
    pub id: String,
    /// Natural key.
    pub key: String,
    /// Name as people read it.
    pub label: String,
}

/// Names of the users that an answer mentions.
#[derive(Default)]
pub struct People(HashMap<Uuid, Ref>);

impl People {
    /// Reads the names of these users in one query.
    pub fn read(sql: &mut dyn Sql, ids: impl IntoIterator<Item = Option<Uuid>>) -> Result<Self, DeskError> {
        let mut wanted: Vec<Uuid> = ids.into_iter().flatten().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut people = HashMap::with_capacity(wanted.len());
        for part in wanted.chunks(1000) {
            for label in store::user::labels(sql, part)? {
                people.insert(label.id, Ref { id: label.id.to_string(), key: label.username, label: label.name });
            }
        }
        Ok(Self(people))
    }

    /// The reference to a user.
    pub fn get(&self, id: Uuid) -> Ref {
        self.0.get(&id).cloned().unwrap_or_else(|| Ref { id: id.to_string(), key: String::new(), label: "?".to_owned() })
    }

    /// The reference to a user, if it is one.
    pub fn find(&self, id: Uuid) -> Option<Ref> {
        self.0.get(&id).cloned()
    }

    /// The reference to a user that may be missing.
    pub fn opt(&self, id: Option<Uuid>) -> Option<Ref> {
        id.map(|id| self.get(id))
    }
}

/// The reference to an entry of the directory.
pub fn entry(directory: &Directory, id: Option<Uuid>, lang: &str) -> Option<Ref> {
    let item = directory.get(id?)?;
    Some(Ref { id: item.id.to_string(), key: item.key.clone(), label: item.label(lang) })
}

/// The reference to a category of a pack.
pub fn category(env: &Env, type_key: &str, key: Option<&str>, lang: &str) -> Option<Ref> {
    let key = key?;
    let label = env.packs.newest(type_key).map_or_else(|_| key.to_owned(), |pinned| pinned.pack.category_label(lang, key));
    Some(Ref { id: key.to_owned(), key: key.to_owned(), label })
}
