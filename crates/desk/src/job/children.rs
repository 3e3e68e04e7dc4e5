//! One action on the records below another, each by the command that does it on one, as the person who ordered it.
//!
//! Unlike bulk actions its messages are not held: whoever orders it has just said what is to be told to all of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::job::{JobResult, JobRow};
use store::{Sql, Tx};
use uuid::Uuid;

use super::bulk::{Place, settle};
use super::order::{ENDED, Who};
use super::{Kind, Step};
use crate::record::children;
use crate::{DeskError, Env};

/// The door through which these commands come.
pub const CHANNEL: &str = "parent";
/// Records of one step.
const TOGETHER: usize = 10;

/// What is done to which records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The record above them.
    pub parent: Uuid,
    /// The key of the action.
    pub action: String,
    /// What comes with it.
    pub fields: Map<String, Value>,
    /// Identity and number of each record.
    pub children: Vec<(Uuid, String)>,
    /// Who ordered it.
    pub who: Who,
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let order: Order = super::params(job)?;
    let (mut place, mut step) = (Place::of(job)?, Step::default());
    let actor = order.who.actor(env, tx)?;
    let mut written: Vec<Uuid> = Vec::new();
    for (id, number) in order.children.iter().skip(place.next).take(TOGETHER) {
        let cause = order.who.cause_by(env, job.id, CHANNEL);
        let prepared = match &actor {
            Some(actor) => children::prepare(env, tx, &cause, actor, *id, &order),
            None => Err(DeskError::Forbidden(ENDED.to_owned())),
        };
        let (outcome, message) = settle(&mut step, prepared, &mut written)?;
        place.count(outcome);
        place.next += 1;
        step.results.push(JobResult { no: place.next as i64, subject: number.clone(), outcome: outcome.to_owned(), message });
    }
    place.ends(step, place.next >= order.children.len())
}

/// Queues an order.
pub fn queue(env: &Env, sql: &dyn Sql, order: &Order) -> (Uuid, store::Statement) {
    let total = i64::try_from(order.children.len()).unwrap_or(i64::MAX);
    super::queue(env, sql, Kind::Children, &json!(order), Some(total), Some(order.who.user()), 0)
}
