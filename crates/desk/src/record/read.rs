//! Finding a record, with the definitions it is pinned to.

use std::sync::Arc;

use store::Sql;
use store::record::RecordRow;
use uuid::Uuid;

use super::fold;
use crate::env::Pinned;
use crate::policy::PolicyRow;
use crate::{Actor, DeskError, Env};

/// A record with its definitions.
#[derive(Clone)]
pub struct Loaded {
    /// The row.
    pub row: RecordRow,
    /// The pack version it is pinned to.
    pub pinned: Arc<Pinned>,
}

impl Loaded {
    /// The record as the process sees it.
    pub fn process(&self, env: &Env) -> Result<pack::Record, DeskError> {
        fold::to_process(&env.directory, &self.row)
    }

    /// Whether the actor may do an action on it.
    pub fn allows(&self, env: &Env, actor: &Actor, action: &str) -> bool {
        // Rights are not pinned: the newest version of the pack says who may.
        let rights = env.packs.newest(&self.row.type_key).map_or(&self.pinned.rights, |newest| &newest.rights);
        rights.allows(actor, action, &PolicyRow(&self.row), env.world.now())
    }

    /// The version that the actor knows: who sees no internal entries is told of the others alone.
    pub fn version_for(&self, env: &Env, actor: &Actor) -> i64 {
        if self.allows(env, actor, "read_internal") { self.row.version } else { self.row.public_version }
    }

    /// Whether the actor may complete an outcome.
    pub fn allows_outcome(&self, env: &Env, actor: &Actor, outcome: &str) -> bool {
        let rights = env.packs.newest(&self.row.type_key).map_or(&self.pinned.rights, |newest| &newest.rights);
        rights.allows_outcome(actor, outcome, &PolicyRow(&self.row), env.world.now())
    }

    /// Refuses what the actor may not do.
    pub fn require(&self, env: &Env, actor: &Actor, action: &str) -> Result<(), DeskError> {
        if self.allows(env, actor, action) {
            return Ok(());
        }
        Err(DeskError::Forbidden(format!("you may not {action} this record")))
    }
}

/// Which record is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By type and number (or a number it had elsewhere).
    Number {
        /// Type in the address.
        type_key: String,
        /// Number in the address.
        number: String,
    },
    /// By identity.
    Id(Uuid),
}

/// Loads a record for nobody in particular: workers and checks.
pub fn load(env: &Env, sql: &mut dyn Sql, target: &Target) -> Result<Loaded, DeskError> {
    first(env, sql, target, |_| true)
}

/// Loads a record that the actor may read; what may not be seen is not found.
pub fn find(env: &Env, sql: &mut dyn Sql, actor: &Actor, target: &Target) -> Result<Loaded, DeskError> {
    first(env, sql, target, |loaded| loaded.allows(env, actor, "read"))
}

/// The record with this number, of any type; none where there is none that the actor may read.
pub fn find_number(env: &Env, sql: &mut dyn Sql, actor: &Actor, number: &str) -> Result<Option<Loaded>, DeskError> {
    match store::record::find_number(sql, number)? {
        Some(row) => visible(env, sql, actor, row.id),
        None => Ok(None),
    }
}

/// The record with this identity; none where the actor may read none. Whatever else fails is no answer.
pub fn visible(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<Option<Loaded>, DeskError> {
    match find(env, sql, actor, &Target::Id(id)) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(DeskError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first record that is meant and wanted: several sources may have given the same number to records of theirs.
fn first(env: &Env, sql: &mut dyn Sql, target: &Target, wanted: impl Fn(&Loaded) -> bool) -> Result<Loaded, DeskError> {
    let rows = match target {
        Target::Id(id) => store::record::find(sql, *id)?.into_iter().collect(),
        Target::Number { type_key, number } => {
            env.packs.newest(type_key)?;
            match store::record::find_number(sql, number)? {
                Some(row) if &row.type_key == type_key => vec![row],
                Some(_) => Vec::new(),
                None => store::record::find_aliased(sql, type_key, number)?,
            }
        }
    };
    for row in rows {
        let pinned = env.packs.pinned(sql, row.pack)?;
        let loaded = Loaded { row, pinned };
        if wanted(&loaded) {
            return Ok(loaded);
        }
    }
    Err(not_found(target))
}

fn not_found(target: &Target) -> DeskError {
    match target {
        Target::Number { number, .. } => DeskError::NotFound(format!("record '{number}'")),
        Target::Id(id) => DeskError::NotFound(format!("record {id}")),
    }
}
