//! The next record of one's teams: the first that nobody has, in the order of the queue.

use serde_json::json;
use store::Sql;

use super::accept::accept;
use super::list::{Filters, Wanted, list};
use super::read::{self, Target};
use super::write::Written;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Records looked at for one that can be accepted.
const LOOKED_AT: i64 = 50;

/// Prepares accepting it; none when nothing waits. Of two who ask at once the slower finds the record's version gone and takes the
/// next one.
pub fn claim(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, type_key: &str) -> Result<Option<Written>, DeskError> {
    env.packs.newest(type_key)?;
    if !actor.may("workspace") {
        return Err(DeskError::Forbidden("taking work from a queue is for those who work on it".to_owned()));
    }
    let filters = Filters::from([("team".to_owned(), "mine".to_owned()), ("assignee".to_owned(), "none".to_owned())]);
    let working = json!({ "field": "phase", "op": "in", "value": ["new", "active"] });
    let sort = Some(store::record_list::QUEUE.to_owned());
    let wanted = Wanted { filters, condition: Some(working), sort, limit: LOOKED_AT, ..Wanted::default() };
    for row in list(env, sql, actor, type_key, &wanted)?.items {
        let target = Target::Id(row.id);
        let loaded = read::find(env, sql, actor, &target)?;
        if !loaded.allows(env, actor, "accept") {
            continue;
        }
        match accept(env, sql, cause, actor, &target) {
            Err(DeskError::NotAvailable(_)) => {}
            other => return other.map(Some),
        }
    }
    Ok(None)
}
