//! A job that only this process can do: it is seen while it runs, and seen to have died.

use std::time::Duration;

use serde_json::Value;
use store::job::{NewJob, beat, begin, end, held, progress};
use store::{Statement, WriteSet};
use uuid::Uuid;

use super::{LEASE, lease};
use crate::{Desk, DeskError};

/// A running job of this process. Dropped, it shows no sign of life any more, and a worker calls it interrupted.
pub struct Watch {
    desk: Desk,
    id: Uuid,
    owner: Uuid,
    _heart: Heart,
}

/// Keeps a job's lease while something is done that is no step. Dropped, it shows no sign of life any more.
pub(crate) struct Heart(tokio::task::JoinHandle<()>);

impl Heart {
    /// Begins to beat.
    pub fn of(desk: &Desk, job: Uuid, owner: Uuid) -> Self {
        let desk = desk.clone();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(LEASE.unsigned_abs() / 4)).await;
                // One that fails is made up for by the next; when none comes through, the job is lost, and says so.
                let _ = desk.db().apply(WriteSet { statements: vec![beat(job, lease(owner), desk.db().dialect())] }).await;
            }
        }))
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Watch {
    /// Begins the job.
    pub async fn begin(desk: &Desk, kind: &'static str, params: &Value, total: Option<i64>) -> Result<Self, DeskError> {
        let world = desk.world();
        let (id, owner) = (world.id(), world.id());
        let new = NewJob { id, kind, params: params.to_string(), total, created_by: None, created_at: world.now() };
        desk.apply(WriteSet { statements: vec![begin(&new, lease(owner), desk.db().dialect())] }).await?;
        Ok(Self { desk: desk.clone(), id, owner, _heart: Heart::of(desk, id, owner) })
    }

    /// Notes progress, as a statement for the transaction that makes it.
    pub fn progress(&self, done: i64) -> Statement {
        progress(self.id, done, None, lease(self.owner), self.desk.db().dialect())
    }

    /// Whether somebody wants it to stop.
    pub async fn is_cancelled(&self) -> Result<bool, DeskError> {
        let (id, owner) = (self.id, self.owner);
        let job = self.desk.query(move |_, sql| Ok(held(sql, id, owner)?)).await?;
        let lost = || DeskError::Conflict("this job was taken for dead meanwhile: run it again, it goes on where it stopped".to_owned());
        Ok(job.ok_or_else(lost)?.cancel_wanted)
    }

    /// Ends it in a state.
    pub async fn end(self, state: &str, result: Option<&Value>, error: Option<&str>) -> Result<(), DeskError> {
        let result = result.map(Value::to_string);
        let now = self.desk.world().now();
        self.desk.apply(WriteSet { statements: vec![end(self.id, self.owner, state, result.as_deref(), error, now)] }).await
    }
}
