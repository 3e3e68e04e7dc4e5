//! Removes the records whose time is over, rule by rule. What stays under legal hold is told, record by record.

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::job::{JobResult, JobRow};
use store::{Sql, Statement, Tx, WriteSet, record};
use uuid::Uuid;

use super::{Kind, Step};
use crate::journal::Cause;
use crate::retention::{self, Rule};
use crate::{DeskError, Env};

/// Records of one step.
const TOGETHER: i64 = 50;

#[derive(Serialize, Deserialize)]
struct Params {
    rules: Vec<Rule>,
}

/// Where a job stands: the rule, and the last record of it.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    rule: usize,
    after: Option<Uuid>,
}

/// Queues the job for the rules in force; none without rules.
pub fn queue(env: &Env, sql: &dyn Sql) -> Result<Option<Statement>, DeskError> {
    let rules = retention::rules(env)?;
    if rules.is_empty() {
        return Ok(None);
    }
    let (_, statement) = super::queue(env, sql, Kind::Retention, &json!(Params { rules }), None, None, 0);
    Ok(Some(statement))
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { rules } = super::params(job)?;
    let place = job.place.as_deref().map_or_else(|| Ok(Place::default()), serde_json::from_str);
    let Place { rule: n, after } = place.map_err(|error| DeskError::outside("read where a job goes on", error))?;
    let Some(rule) = rules.get(n) else {
        return Ok(Step { done: job.done, result: Some(json!({ "records": job.done })), ..Step::default() });
    };
    let due = record::lock_ended(tx, &rule.type_key, &rule.phase, rule.before(env.world.now()), after, TOGETHER)?;
    let (mut set, mut results) = (WriteSet::default(), Vec::new());
    for row in &due {
        let no = job.done + 1 + results.len() as i64;
        let kept = retention::kept(tx, row)?;
        if kept.is_none() {
            let cause = Cause::system(&env.world, "retention");
            set.statements.extend(retention::remove(env, tx, &cause, row, rule)?.statements);
        }
        let outcome = if kept.is_some() { "kept" } else { "removed" };
        results.push(JobResult { no, subject: row.number.clone(), outcome: outcome.to_owned(), message: kept });
    }
    let whole = (due.len() as i64) < TOGETHER;
    let place = if whole { Place { rule: n + 1, after: None } } else { Place { rule: n, after: due.last().map(|row| row.id) } };
    let place = serde_json::to_string(&place).map_err(|error| DeskError::outside("write where a job goes on", error))?;
    Ok(Step { set, done: job.done + due.len() as i64, place: Some(place), results, result: None })
}
