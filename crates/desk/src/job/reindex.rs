//! Writes the values of indexed fields anew, for all records of a type: after a version of its pack marks other fields.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::index_building;
use store::job::JobRow;
use store::{Sql, Statement, Tx, WriteSet, record};
use uuid::Uuid;

use super::{Kind, Step};
use crate::env::Pinned;
use crate::journal::Cause;
use crate::record::{fold, write};
use crate::{DeskError, Env};

/// Records of one step.
const TOGETHER: i64 = 200;
/// What was prepared before a publication is written by then, and every node knows the new version, in milliseconds.
const SETTLE: i64 = 3_000;

#[derive(Serialize, Deserialize)]
struct Params {
    #[serde(rename = "type")]
    type_key: String,
}

/// What a publication writes when it marks other fields than the version before: which fields are not whole, and the job.
pub fn after_publishing(env: &Env, sql: &mut dyn Sql, cause: &Cause, before: &Pinned, after: &Pinned) -> Result<Vec<Statement>, DeskError> {
    let differs = |a: &Pinned, b: &Pinned| -> Vec<String> {
        a.indexed.iter().filter(|field| !b.indexed.contains(field)).map(|(field, _)| field.clone()).collect()
    };
    let fields: BTreeSet<String> = differs(before, after).into_iter().chain(differs(after, before)).collect();
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let type_key = after.pack.key();
    let params = json!(Params { type_key: type_key.to_owned() });
    let total = record::count(sql, type_key)?;
    let older: BTreeSet<Uuid> =
        index_building::all(sql)?.into_iter().filter(|building| building.type_key == type_key).map(|building| building.job).collect();
    let (job, queued) = super::queue(env, sql, Kind::Reindex, &params, Some(total), cause.actor, SETTLE);
    // The newest job does what an older one has not finished.
    let mut statements: Vec<Statement> = older.into_iter().map(|id| store::job::cancel(id, env.world.now())).collect();
    statements.push(queued);
    statements.push(index_building::hand_over(type_key, job));
    statements.extend(fields.iter().map(|field| index_building::mark(type_key, field, job)));
    Ok(statements)
}

/// Writes the values of the next records. They cannot change meanwhile, and whoever changes them later writes values too.
pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { type_key } = super::params(job)?;
    let newest = env.packs.newest(&type_key)?;
    let after = job.place.as_deref().map(Uuid::parse_str).transpose();
    let after = after.map_err(|error| DeskError::outside("read where a job goes on", error))?;
    let rows = record::lock_after(tx, &type_key, after, TOGETHER)?;
    let mut set = WriteSet::default();
    for row in &rows {
        let process = fold::to_process(&env.directory, row)?;
        set.push(record::clear_values(row.id));
        for (field, column) in &newest.indexed {
            if let Some(value) = write::indexed(process.values.get(field), column) {
                set.push(record::put_value(row.id, field, Some(&value)));
            }
        }
    }
    let done = job.done + rows.len() as i64;
    let ended = (rows.len() as i64) < TOGETHER;
    if ended {
        set.push(index_building::built(job.id));
    }
    let place = rows.last().map(|row| row.id.to_string());
    Ok(Step { set, done, place, results: Vec::new(), result: ended.then(|| json!({ "records": done })) })
}

/// Refuses a field whose values are not whole yet.
pub fn require_built(sql: &mut dyn Sql, type_key: &str, field: &str) -> Result<(), DeskError> {
    if index_building::all(sql)?.iter().any(|building| building.type_key == type_key && building.field == field) {
        return Err(DeskError::IndexBuilding { field: field.to_owned() });
    }
    Ok(())
}
