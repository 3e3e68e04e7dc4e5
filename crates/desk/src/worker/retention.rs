//! Queues the job of retention once a day, when there are rules.

use store::WriteSet;

use super::{give_back, leased};
use crate::job::{Kind, retention};
use crate::{Desk, DeskError};

/// Name of the lease.
const LEASE: &str = "retention";
/// Time between two jobs, in milliseconds.
const DAILY: i64 = 24 * 3_600_000;

/// Queues it, if it is time and no other node does.
pub async fn queue_daily(desk: &Desk) -> Result<(), DeskError> {
    if desk.query(|_, sql| Ok(crate::retention::rules(sql)?.is_empty())).await? || !leased(desk, LEASE, 60_000).await? {
        return Ok(());
    }
    let queued = desk.execute(|env, sql| {
        let newest = store::job::newest_of(sql, Kind::Retention.as_str())?;
        let mut set = WriteSet::default();
        if newest.is_none_or(|job| job.created_at < env.world.now() - DAILY) {
            set.statements.extend(retention::queue(env, sql)?);
        }
        Ok((set, ()))
    });
    queued.await?;
    give_back(desk, LEASE).await
}
