//! Does queued jobs, one after another, each on one node at a time; what fails is tried again, later and later.

use store::WriteSet;
use store::job::{self, JobRow};

use crate::job::{BOUND, Heart, Kind, LEASE, Prepared, TRIES, lease};
use crate::{Desk, DeskError};

/// Pause before a job goes on that found the database busy, in milliseconds.
const BUSY: i64 = 2_000;

/// Does all jobs that are due.
pub async fn run_due(desk: &Desk) -> Result<(), DeskError> {
    while let Some(job) = claim(desk).await? {
        work(desk, job).await?;
    }
    Ok(())
}

async fn claim(desk: &Desk) -> Result<Option<JobRow>, DeskError> {
    desk.gate().pass()?;
    // Looking costs little; claiming is a write, and only done when there is something.
    if !desk.query(|_, sql| Ok(job::is_due(sql, &Kind::WORDS, &BOUND)?)).await? {
        return Ok(None);
    }
    let node = desk.node();
    desk.write(move |tx| {
        job::settle(tx, &Kind::WORDS, &BOUND, TRIES)?;
        job::claim(tx, &Kind::WORDS, lease(node))
    })
    .await
}

async fn work(desk: &Desk, mut job: JobRow) -> Result<(), DeskError> {
    loop {
        desk.rounds().alive("jobs", desk.world().now());
        match step(desk, &job).await {
            Ok(Next::Step) => {
                // As the row says after progress.
                job.attempts = 1;
                store::crash::point("job_step");
            }
            // Not the job's fault, and nothing was done: no attempt.
            Ok(Next::Behind) => desk.refresh().await?,
            Ok(Next::End) => return Ok(()),
            Err(error @ DeskError::ReadOnly { .. }) => {
                // Past the gate: a node that stops gives back what it has, so that no other waits for the lease.
                desk.db().apply(WriteSet { statements: vec![job::give_back(job.id, desk.node())] }).await?;
                return Err(error);
            }
            Err(error) => return fail(desk, &job, &error).await,
        }
    }
}

/// What follows a step.
enum Next {
    /// Another one.
    Step,
    /// The same once more: this node did not know the newest directory and packs.
    Behind,
    /// None: the job has ended or is somebody else's now.
    End,
}

/// Does one step.
async fn step(desk: &Desk, job: &JobRow) -> Result<Next, DeskError> {
    let prepared = prepare(desk, job).await?;
    let _keys = desk.keys_at_work().await;
    let (env, node, id) = (desk.env(), desk.node(), job.id);
    desk.write(move |tx| {
        let Some(job) = job::held(tx, id, node)? else { return Ok(Ok(Next::End)) };
        // What another node has published meanwhile decides, not what this one remembers.
        if env.directory.epoch < store::directory::epoch(tx)? {
            return Ok(Ok(Next::Behind));
        }
        let now = env.world.now();
        if job.cancel_wanted {
            tx.apply(&WriteSet { statements: vec![job::end(id, node, "cancelled", None, None, now)] })?;
            return Ok(Ok(Next::End));
        }
        let kind = Kind::parse(&job.kind).ok_or_else(|| DeskError::outside("do a job", format!("of kind '{}'", job.kind)));
        let step = match kind.and_then(|kind| kind.step(&env, tx, &job, &prepared)) {
            Ok(step) => step,
            // Nothing was written yet.
            Err(error) => return Ok(Err(error)),
        };
        let mut set = step.set;
        set.statements.extend(step.results.iter().map(|result| job::put_result(id, result)));
        set.push(job::progress(id, step.done, step.place.as_deref(), lease(node), tx.dialect()));
        if let Some(result) = &step.result {
            set.push(job::end(id, node, "done", Some(&result.to_string()), None, now));
        }
        tx.apply(&set)?;
        Ok(Ok(if step.result.is_none() { Next::Step } else { Next::End }))
    })
    .await?
}

/// What the next step needs, done while the lease is kept: it may take long.
async fn prepare(desk: &Desk, job: &JobRow) -> Result<Prepared, DeskError> {
    let (node, id) = (desk.node(), job.id);
    let Some(job) = desk.query(move |_, sql| Ok(job::held(sql, id, node)?)).await? else { return Ok(Prepared::default()) };
    let Some(kind) = Kind::parse(&job.kind).filter(|_| !job.cancel_wanted) else { return Ok(Prepared::default()) };
    let _heart = Heart::of(desk, id, node);
    kind.prepare(desk, &job).await
}

async fn fail(desk: &Desk, job: &JobRow, error: &DeskError) -> Result<(), DeskError> {
    let (node, now, why) = (desk.node(), desk.world().now(), error.to_string());
    let dialect = desk.db().dialect();
    // That others were at work, or the database was busy, says nothing about the job.
    let counts = !matches!(error, DeskError::Store(error) if error.is_retryable());
    let statement = if !counts {
        tracing::debug!(job = %job.id, kind = job.kind, %error, "a job waits");
        job::put_off(job.id, node, BUSY, job.attempts - 1, &why, dialect)
    } else if job.attempts >= TRIES {
        tracing::error!(job = %job.id, kind = job.kind, %error, "a job was given up");
        job::end(job.id, node, "failed", None, Some(&why), now)
    } else {
        tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, %error, "a job failed; tries again");
        job::put_off(job.id, node, 1000 << (2 * job.attempts.clamp(0, 8)), job.attempts, &why, dialect)
    };
    match desk.apply(WriteSet { statements: vec![statement] }).await {
        // The lease ended meanwhile: another node has it.
        Err(DeskError::Store(store::StoreError::Stale)) => Ok(()),
        other => other,
    }
}

const _: () = assert!(LEASE >= 10_000, "a step may wait for the database");
