//! One action on many records, each by the command that does it on one, as the person who ordered it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::job::{JobResult, JobRow};
use store::{Sql, Tx};
use uuid::Uuid;

use super::order::{ENDED, Who};
use super::{Kind, Step};
use crate::record::read::Target;
use crate::record::{Written, bulk};
use crate::{DeskError, Env};

/// The door through which these commands come: what they would send waits until somebody releases it.
pub const CHANNEL: &str = "bulk";
/// Records of one step: few, so that a wish to stop is heard soon and writing waits for nobody.
const TOGETHER: usize = 10;

/// What is done to which records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The record type.
    #[serde(rename = "type")]
    pub type_key: String,
    /// The key of the action, or `edit`.
    pub action: String,
    /// What comes with it.
    pub fields: Map<String, Value>,
    /// The records.
    pub numbers: Vec<String>,
    /// Who ordered it.
    pub who: Who,
}

/// How far a job has come, and what it came to so far.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// The next record.
    pub next: usize,
    pub done: i64,
    pub unchanged: i64,
    pub refused: i64,
}

impl Place {
    /// Reads it back.
    pub fn of(job: &JobRow) -> Result<Self, DeskError> {
        let Some(text) = &job.place else { return Ok(Self::default()) };
        serde_json::from_str(text).map_err(|error| DeskError::outside("read where a job goes on", error))
    }

    pub fn count(&mut self, outcome: &str) {
        match outcome {
            "done" => self.done += 1,
            "unchanged" => self.unchanged += 1,
            _ => self.refused += 1,
        }
    }

    /// The step that ends here, with the whole result when nothing comes after it.
    pub fn ends(self, mut step: Step, last: bool) -> Result<Step, DeskError> {
        let text = serde_json::to_string(&self).map_err(|error| DeskError::outside("write where a job goes on", error))?;
        step.done = self.done + self.unchanged + self.refused;
        step.place = Some(text);
        step.result = last.then(|| json!({ "done": self.done, "unchanged": self.unchanged, "refused": self.refused }));
        Ok(step)
    }
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let order: Order = super::params(job)?;
    let (mut place, mut step) = (Place::of(job)?, Step::default());
    let actor = order.who.actor(env, tx)?;
    let mut written: Vec<Uuid> = Vec::new();
    for number in order.numbers.iter().skip(place.next).take(TOGETHER) {
        let cause = order.who.cause(env, job.id);
        let target = Target::Number { type_key: order.type_key.clone(), number: number.clone() };
        let prepared = match &actor {
            Some(actor) => bulk::prepare(env, tx, &cause, actor, &target, &order.action, &order.fields),
            None => Err(DeskError::Forbidden(ENDED.to_owned())),
        };
        if prepared.as_ref().is_ok_and(|done| written.contains(&done.row.id)) {
            // Two numbers of one record: the second time it is read as the first has left it.
            break;
        }
        let (outcome, message) = settle(&mut step, prepared, &mut written)?;
        place.count(outcome);
        place.next += 1;
        step.results.push(JobResult { no: place.next as i64, subject: number.clone(), outcome: outcome.to_owned(), message });
    }
    place.ends(step, place.next >= order.numbers.len())
}

/// Adds what a command writes to the step; a refusal is a result. Only what the database itself refuses stops a job.
pub(super) fn settle(
    step: &mut Step,
    prepared: Result<Written, DeskError>,
    written: &mut Vec<Uuid>,
) -> Result<(&'static str, Option<String>), DeskError> {
    match prepared {
        Ok(done) if done.set.statements.is_empty() => Ok(("unchanged", None)),
        Ok(done) => {
            written.push(done.row.id);
            step.set.statements.extend(done.set.statements);
            Ok(("done", None))
        }
        Err(DeskError::Store(error)) if error.is_retryable() => Err(error.into()),
        Err(error) => Ok(("refused", Some(error.to_string()))),
    }
}

/// Queues an order.
pub fn queue(env: &Env, sql: &dyn Sql, order: &Order) -> (Uuid, store::Statement) {
    let total = i64::try_from(order.numbers.len()).unwrap_or(i64::MAX);
    super::queue(env, sql, Kind::Bulk, &json!(order), Some(total), Some(order.who.user()), 0)
}
