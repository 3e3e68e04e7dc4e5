//! Jobs: long work that a command queues in its own transaction and that workers do step by step.
//!
//! A step is one transaction: what it writes and how far the job has come go together, and only while this node has the
//! job. So a job that its node loses goes on from its last step on another, and no step counts twice. Jobs that only their
//! own process can do (an import reads a file there) keep their lease with [`Watch`] and are interrupted when it dies.

mod affected;
pub mod bulk;
pub mod children;
pub mod export;
pub(crate) mod hand_back;
pub mod order;
pub mod reindex;
pub mod retention;
mod roster;
pub mod undo;
mod watch;

pub(crate) use watch::Heart;
pub use watch::Watch;

use serde::de::DeserializeOwned;
use serde_json::Value;
use store::job::{JobResult, JobRow, Lease, NewJob};
use store::{Sql, Statement, Tx, WriteSet};
use uuid::Uuid;

use crate::{Actor, Desk, DeskError, Env};

/// How long a job is thought alive without a sign of life, in milliseconds.
pub const LEASE: i64 = 20_000;
/// Attempts without progress before a job is given up and waits, failed, for a person.
pub const TRIES: i64 = 5;
/// The job of an import.
pub const IMPORT: &str = "import_records";
/// The kinds of jobs that only their own process can do. What is neither here nor a [`Kind`] is a newer program's.
pub const BOUND: [&str; 1] = [IMPORT];

/// The kinds of jobs that workers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Writes the values of indexed fields anew.
    Reindex,
    /// Archives and removes records whose time is over.
    Retention,
    /// Imports people and entries of the organisation.
    Roster,
    /// Does one action on many records.
    Bulk,
    /// Takes that back.
    BulkUndo,
    /// Makes a file of a list.
    Export,
    /// Gives back what people hold in a team they have left.
    HandBack,
    /// Does one action on the records below another.
    Children,
    /// Tells those affected by what a record was about.
    Affected,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Reindex,
        Self::Retention,
        Self::Roster,
        Self::Bulk,
        Self::BulkUndo,
        Self::Export,
        Self::HandBack,
        Self::Children,
        Self::Affected,
    ];
    /// Their words in the database.
    pub const WORDS: [&'static str; 9] =
        ["reindex", "retention", "import_directory", "bulk", "bulk_undo", "export", "hand_back", "children", "affected"];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reindex => "reindex",
            Self::Retention => "retention",
            Self::Roster => "import_directory",
            Self::Bulk => "bulk",
            Self::BulkUndo => "bulk_undo",
            Self::Export => "export",
            Self::HandBack => "hand_back",
            Self::Children => "children",
            Self::Affected => "affected",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether a job that failed or was cancelled can go on where it stopped. One of retention cannot: it would do today what
    /// was decided another day, and the next day's job does what it left.
    fn goes_on(self) -> bool {
        self != Self::Retention
    }

    /// Does what the next step needs and no transaction may wait for, such as storing files. The step may find that things are
    /// different by then.
    pub(crate) async fn prepare(self, desk: &Desk, job: &JobRow) -> Result<Prepared, DeskError> {
        match self {
            Self::Retention => Ok(Prepared { archives: retention::prepare(desk, job).await? }),
            _ => Ok(Prepared::default()),
        }
    }

    /// Does the next step in the transaction that will write it.
    pub(crate) fn step(self, env: &Env, tx: &mut dyn Tx, job: &JobRow, prepared: &Prepared) -> Result<Step, DeskError> {
        match self {
            Self::Reindex => reindex::step(env, tx, job),
            Self::Retention => retention::step(env, tx, job, prepared.archives.as_ref()),
            Self::Roster => roster::step(env, tx, job),
            Self::Bulk => bulk::step(env, tx, job),
            Self::BulkUndo => undo::step(env, tx, job),
            Self::Export => export::step(env, tx, job),
            Self::HandBack => hand_back::step(env, tx, job),
            Self::Children => children::step(env, tx, job),
            Self::Affected => affected::step(env, tx, job),
        }
    }
}

/// What was done before a step, outside of its transaction.
#[derive(Default)]
pub(crate) struct Prepared {
    /// Archives of the records that the step is about to remove.
    archives: Option<retention::Archives>,
}

/// What one step of a job comes to.
#[derive(Default)]
pub(crate) struct Step {
    /// What it writes.
    pub set: WriteSet,
    /// How much is done now, in all.
    pub done: i64,
    /// Where the next step goes on.
    pub place: Option<String>,
    /// Results of single rows.
    pub results: Vec<JobResult>,
    /// What the whole job came to, when this was its last step.
    pub result: Option<Value>,
}

/// Queues a job in the transaction of the command that wants it; workers begin after `delay` milliseconds.
pub fn queue(env: &Env, sql: &dyn Sql, kind: Kind, params: &Value, total: Option<i64>, by: Option<Uuid>, delay: i64) -> (Uuid, Statement) {
    let (id, created_at) = (env.world.id(), env.world.now());
    let new = NewJob { id, kind: kind.as_str(), params: params.to_string(), total, created_by: by, created_at };
    (id, store::job::queue(&new, delay, sql.dialect()))
}

/// What a job was asked to do.
pub(crate) fn params<T: DeserializeOwned>(job: &JobRow) -> Result<T, DeskError> {
    serde_json::from_str(&job.params).map_err(|error| DeskError::outside("read what a job was asked to do", error))
}

/// A node's lease.
pub(crate) fn lease(owner: Uuid) -> Lease {
    Lease { owner, milliseconds: LEASE }
}

/// The job, if this person may look at it.
pub fn find(sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<JobRow, DeskError> {
    seen(sql, actor, id, "job.read")
}

fn seen(sql: &mut dyn Sql, actor: &Actor, id: Uuid, action: &str) -> Result<JobRow, DeskError> {
    let job = store::job::find(sql, id)?.filter(|job| job.created_by == Some(actor.user.id) || actor.may(action));
    job.ok_or_else(|| DeskError::NotFound("job".to_owned()))
}

/// Prepares asking a job to stop: what waits stops at once, what runs after its step.
pub fn cancel(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<WriteSet, DeskError> {
    seen(sql, actor, id, "job.write")?;
    Ok(WriteSet { statements: vec![store::job::cancel(id, env.world.now())] })
}

/// Prepares running a job again that has failed or was cancelled: it goes on where it stopped.
pub fn again(sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<WriteSet, DeskError> {
    let job = seen(sql, actor, id, "job.write")?;
    if can_run_again(&job) {
        return Ok(WriteSet { statements: vec![store::job::again(id)] });
    }
    Err(DeskError::NotAvailable(match Kind::parse(&job.kind) {
        Some(kind) if !kind.goes_on() => "this job is not run again: the next day's does what it left".to_owned(),
        Some(_) => format!("this job is {}: what failed or was cancelled can be run again", job.state),
        None => "only its own command can run this job again: run that, it goes on where it stopped".to_owned(),
    }))
}

/// Whether a job has ended without being done, and workers can go on with it.
pub fn can_run_again(job: &JobRow) -> bool {
    Kind::parse(&job.kind).is_some_and(Kind::goes_on) && matches!(job.state.as_str(), "failed" | "cancelled")
}
