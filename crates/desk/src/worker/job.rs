//! Does queued jobs, one after another, each on one node at a time; what fails is tried again, later and later.

use store::WriteSet;
use store::job::{self, JobRow};

use crate::job::{Kind, LEASE, TRIES, lease};
use crate::{Desk, DeskError};

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
    if !desk.query(|_, sql| Ok(job::is_due(sql, &Kind::WORDS)?)).await? {
        return Ok(None);
    }
    let node = desk.node();
    desk.write(move |tx| {
        job::settle(tx, &Kind::WORDS, TRIES)?;
        job::claim(tx, &Kind::WORDS, lease(node))
    })
    .await
}

async fn work(desk: &Desk, job: JobRow) -> Result<(), DeskError> {
    loop {
        match step(desk, &job).await {
            Ok(true) => store::crash::point("job_step"),
            Ok(false) => return Ok(()),
            Err(error @ DeskError::ReadOnly { .. }) => {
                // Past the gate: a node that stops gives back what it has, so that no other waits for the lease.
                desk.db().apply(WriteSet { statements: vec![job::give_back(job.id, desk.node())] }).await?;
                return Err(error);
            }
            Err(error) => return fail(desk, &job, &error).await,
        }
    }
}

/// Does one step; false when the job has ended or is somebody else's now.
async fn step(desk: &Desk, job: &JobRow) -> Result<bool, DeskError> {
    let (env, node, id) = (desk.env(), desk.node(), job.id);
    desk.write(move |tx| {
        let Some(job) = job::held(tx, id, node)? else { return Ok(Ok(false)) };
        let now = env.world.now();
        if job.cancel_wanted {
            tx.apply(&WriteSet { statements: vec![job::end(id, node, "cancelled", None, None, now)] })?;
            return Ok(Ok(false));
        }
        let kind = Kind::parse(&job.kind).ok_or_else(|| DeskError::outside("do a job", format!("of kind '{}'", job.kind)));
        let step = match kind.and_then(|kind| kind.step(&env, tx, &job)) {
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
        Ok(Ok(step.result.is_none()))
    })
    .await?
}

async fn fail(desk: &Desk, job: &JobRow, error: &DeskError) -> Result<(), DeskError> {
    let (node, now, why) = (desk.node(), desk.world().now(), error.to_string());
    let statement = if job.attempts >= TRIES {
        tracing::error!(job = %job.id, kind = job.kind, %error, "a job was given up");
        job::end(job.id, node, "failed", None, Some(&why), now)
    } else {
        tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, %error, "a job failed; tries again");
        job::put_off(job.id, node, 1000 << (2 * job.attempts.clamp(0, 8)), &why, desk.db().dialect())
    };
    match desk.apply(WriteSet { statements: vec![statement] }).await {
        // The lease ended meanwhile: another node has it.
        Err(DeskError::Store(store::StoreError::Stale)) => Ok(()),
        other => other,
    }
}

const _: () = assert!(LEASE >= 10_000, "a step may wait for the database");
