//! Who can read a record, and through which right: the policy's own answer for everybody, folded.

use std::collections::BTreeMap;
use std::sync::Arc;

use decide::{Condition, Explanation};
use store::Sql;
use store::user::UserRow;
use uuid::Uuid;

use super::Loaded;
use crate::policy::{By, Ground, PolicyRow, Rights};
use crate::{Actor, DeskError, Env};

/// Most people that one right names.
const NAMED: usize = 20;
/// Most accounts that are gone through; beyond that the answer says that there are more.
const MOST: usize = 20_000;
/// Accounts read at once.
const PAGE: i64 = 1_000;

/// People who can read a record through the same right.
pub struct Group {
    /// Where the right comes from.
    pub by: By,
    /// On which records it holds.
    pub condition: Condition,
    /// How many.
    pub count: usize,
    /// The first of them by identity.
    pub people: Vec<Uuid>,
}

/// Everybody who can read a record.
pub struct Readers {
    /// Each person once, under the first right that lets them.
    pub groups: Vec<Group>,
    /// How many people that is.
    pub total: usize,
    /// How many accounts that are open were gone through.
    pub considered: usize,
    /// Whether there are more accounts than are gone through.
    pub more: bool,
}

/// One right of a person, and what it says of the record.
pub struct Tried {
    /// The right.
    pub ground: Ground,
    /// Part by part, in the shape of its condition.
    pub explanation: Explanation,
}

/// Whether one person can read a record.
pub struct Answer {
    /// Who.
    pub user: UserRow,
    /// Whether the account may act.
    pub alive: bool,
    /// All rights to read that the person has on records of this type.
    pub tried: Vec<Tried>,
}

impl Answer {
    /// Whether the person can read it.
    pub fn allowed(&self) -> bool {
        self.alive && self.tried.iter().any(|tried| tried.explanation.holds)
    }
}

/// The rights of now, which are not pinned.
fn rights<'a>(env: &'a Env, loaded: &'a Loaded) -> &'a Rights {
    env.packs.newest(&loaded.row.type_key).map_or(&loaded.pinned.rights, |newest| &newest.rights)
}

/// Goes through all open accounts.
pub fn readers(env: &Env, sql: &mut dyn Sql, loaded: &Loaded) -> Result<Readers, DeskError> {
    let (rights, row, now) = (rights(env, loaded), PolicyRow(&loaded.row), env.world.now());
    let mut found: BTreeMap<(By, String), Group> = BTreeMap::new();
    let mut readers = Readers { groups: Vec::new(), total: 0, considered: 0, more: false };
    let mut last = Uuid::nil();
    loop {
        let page = store::user::after(sql, last, PAGE)?;
        let Some(end) = page.last().map(|user| user.id) else { break };
        last = end;
        if readers.considered >= MOST {
            readers.more = true;
            break;
        }
        for user in page.into_iter().filter(|user| user.is_alive(now)) {
            readers.considered += 1;
            let actor = Actor::of_user(user, &env.directory, now);
            let Some(ground) = first(rights, &actor, &row, now) else { continue };
            readers.total += 1;
            let key = (ground.by.clone(), ground.condition.to_json().to_string());
            let new = || Group { by: ground.by, condition: ground.condition, count: 0, people: Vec::new() };
            let group = found.entry(key).or_insert_with(new);
            group.count += 1;
            if group.people.len() < NAMED {
                group.people.push(actor.user.id);
            }
        }
    }
    readers.groups = found.into_values().collect();
    Ok(readers)
}

/// The first right that lets somebody read it.
fn first(rights: &Rights, actor: &Arc<Actor>, row: &PolicyRow<'_>, now: i64) -> Option<Ground> {
    let who = actor.binding(now);
    rights.grounds(actor, "read").into_iter().find(|ground| ground.condition.bind(&who).holds(row))
}

/// Why one person can read it, or cannot.
pub fn why(env: &Env, loaded: &Loaded, user: UserRow) -> Answer {
    let (row, now) = (PolicyRow(&loaded.row), env.world.now());
    let alive = user.is_alive(now);
    let actor = Actor::of_user(user, &env.directory, now);
    let who = actor.binding(now);
    let tried = |ground: Ground| Tried { explanation: ground.condition.bind(&who).explain(&row), ground };
    let tried = rights(env, loaded).grounds(&actor, "read").into_iter().map(tried).collect();
    Answer { user: actor.user.clone(), alive, tried }
}
