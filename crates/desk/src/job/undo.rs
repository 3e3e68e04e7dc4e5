//! Takes back what a job has done on many records, where nobody has changed it since.

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::job::{JobResult, JobRow};
use store::{Sql, Statement, Tx};
use uuid::Uuid;

use super::bulk::{Order, Place, settle};
use super::order::{ENDED, Who};
use super::{Kind, Step};
use crate::record::read::Target;
use crate::record::undo;
use crate::{Actor, DeskError, Env};

/// Records of one step.
const TOGETHER: i64 = 10;

#[derive(Serialize, Deserialize)]
struct Params {
    /// The job that is taken back.
    job: Uuid,
    who: Who,
}

/// Whether what a job did can be taken back: it did something that has an opposite, and has ended.
pub fn can_undo(job: &JobRow) -> bool {
    let action = || super::params::<Order>(job).is_ok_and(|order| undo::ACTIONS.contains(&order.action.as_str()));
    job.kind == Kind::Bulk.as_str() && matches!(job.state.as_str(), "done" | "cancelled") && job.done > 0 && action()
}

/// Prepares taking a job back.
pub fn queue(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid, lang: &str) -> Result<(Uuid, Statement), DeskError> {
    let job = super::seen(sql, actor, id, "job.write")?;
    if !can_undo(&job) {
        let message = "this job cannot be taken back: only ended ones that edit or assign can".to_owned();
        return Err(DeskError::NotAvailable(message));
    }
    let params = json!(Params { job: id, who: Who::of(actor, lang) });
    Ok(super::queue(env, sql, Kind::BulkUndo, &params, Some(job.done), Some(actor.user.id), 0))
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { job: id, who } = super::params(job)?;
    let before = store::job::find(tx, id)?.ok_or_else(|| DeskError::NotFound("job".to_owned()))?;
    let order: Order = super::params(&before)?;
    let (mut place, mut step) = (Place::of(job)?, Step::default());
    let actor = who.actor(env, tx)?;
    let rows = store::job::results(tx, id, place.next as i64, TOGETHER)?;
    let mut written = Vec::new();
    for row in &rows {
        place.next = usize::try_from(row.no).unwrap_or(usize::MAX);
        let target = Target::Number { type_key: order.type_key.clone(), number: row.subject.clone() };
        let cause = who.cause(env, job.id);
        let (outcome, message) = match &actor {
            // Nothing was done to it, so there is nothing to take back.
            _ if row.outcome != "done" => ("unchanged", None),
            Some(actor) => settle(&mut step, undo::prepare(env, tx, &cause, actor, &target, id, &order), &mut written)?,
            None => ("refused", Some(ENDED.to_owned())),
        };
        place.count(outcome);
        step.results.push(JobResult { no: row.no, subject: row.subject.clone(), outcome: outcome.to_owned(), message });
    }
    place.ends(step, (rows.len() as i64) < TOGETHER)
}
