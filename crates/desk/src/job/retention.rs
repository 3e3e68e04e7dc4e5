//! Removes the records whose time is over, rule by rule, as long as the rule stands. What stays under legal hold is told,
//! record by record.

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

/// Where a job stands: the rule, the last record of it, and what it came to so far.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    rule: usize,
    after: Option<Uuid>,
    #[serde(default)]
    removed: i64,
    #[serde(default)]
    kept: i64,
}

/// Queues the job for the rules in force; none without rules.
pub fn queue(env: &Env, sql: &mut dyn Sql) -> Result<Option<Statement>, DeskError> {
    let rules = retention::rules(sql)?;
    if rules.is_empty() {
        return Ok(None);
    }
    let (_, statement) = super::queue(env, sql, Kind::Retention, &json!(Params { rules }), None, None, 0);
    Ok(Some(statement))
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { rules } = super::params(job)?;
    let place = job.place.as_deref().map_or_else(|| Ok(Place::default()), serde_json::from_str);
    let mut place: Place = place.map_err(|error| DeskError::outside("read where a job goes on", error))?;
    // What was changed or withdrawn since the job was queued is for the job of the next day.
    let standing = retention::standing(tx)?;
    while rules.get(place.rule).is_some_and(|rule| !standing.contains(rule)) {
        place = Place { rule: place.rule + 1, after: None, ..place };
    }
    let Some(rule) = rules.get(place.rule) else {
        let result = json!({ "removed": place.removed, "kept": place.kept });
        return Ok(Step { done: job.done, result: Some(result), ..Step::default() });
    };
    let due = record::lock_ended(tx, &rule.type_key, &rule.phase, rule.before(env.world.now()), place.after, TOGETHER)?;
    let (mut set, mut results) = (WriteSet::default(), Vec::new());
    for row in &due {
        let no = job.done + 1 + results.len() as i64;
        let kept = retention::kept(tx, row)?;
        if kept.is_none() {
            let cause = Cause::system(&env.world, "retention");
            set.statements.extend(retention::remove(env, tx, &cause, row, rule)?.statements);
            place.removed += 1;
        } else {
            place.kept += 1;
        }
        let outcome = if kept.is_some() { "kept" } else { "removed" };
        results.push(JobResult { no, subject: row.number.clone(), outcome: outcome.to_owned(), message: kept.map(str::to_owned) });
    }
    if (due.len() as i64) < TOGETHER {
        place = Place { rule: place.rule + 1, after: None, ..place };
    } else {
        place.after = due.last().map(|row| row.id);
    }
    let place = serde_json::to_string(&place).map_err(|error| DeskError::outside("write where a job goes on", error))?;
    Ok(Step { set, done: job.done + due.len() as i64, place: Some(place), results, result: None })
}
