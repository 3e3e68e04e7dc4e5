//! Tells everybody who is affected by what a record was about that it is over.

use store::Tx;
use store::job::JobRow;
use uuid::Uuid;

use super::Step;
use crate::affected::{self, Order};
use crate::record::notify;
use crate::{DeskError, Env};

/// Mails of one step.
const TOGETHER: i64 = 100;

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let order: Order = super::params(job)?;
    let after = match &job.place {
        Some(text) => text.parse().map_err(|error| DeskError::outside("read where a job goes on", error))?,
        None => Uuid::nil(),
    };
    let people = store::watcher::affected(tx, order.record, after, TOGETHER)?;
    let mut step = Step { done: job.done, ..Step::default() };
    for person in people.iter().filter(|person| order.by != Some(person.id) && person.is_alive(env.world.now())) {
        let (subject, text) = affected::mail(env, &order, person);
        step.set.statements.extend(notify::mail(env, &order.channel, order.record, person, "affected", &subject, &text));
        step.done += 1;
    }
    match people.last() {
        Some(last) => step.place = Some(last.id.to_string()),
        None => step.result = Some(serde_json::json!({ "told": step.done })),
    }
    Ok(step)
}
