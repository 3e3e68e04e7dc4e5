//! Fires timers of flows that are due. Firing removes the timer in the same write set, so its effect comes once.

use uuid::Uuid;

use crate::journal::Cause;
use crate::record::Content;
use crate::record::read::{self, Target};
use crate::record::write::{self, Event};
use crate::{Desk, DeskError};

/// Timers taken at once.
const BATCH: i64 = 100;

/// Fires all timers that are due and gives their number.
pub async fn run_due(desk: &Desk) -> Result<usize, DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let due = desk.query(move |_, sql| Ok(store::timer::due(sql, now, BATCH)?)).await?;
    if let Some((_, _, at)) = due.first() {
        metrics::gauge!("yuheng_timer_lag_seconds").set((now - at) as f64 / 1000.0);
    }
    let mut fired = 0;
    for (record, timer, _) in due {
        match fire(desk, record, timer).await {
            Ok(()) => fired += 1,
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(%record, timer, %error, "a timer could not fire");
                let set = store::WriteSet { statements: vec![store::timer::failed(record, timer)] };
                desk.apply(set).await?;
            }
        }
    }
    Ok(fired)
}

async fn fire(desk: &Desk, record: Uuid, timer: u32) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "timer");
    desk.execute(move |env, sql| {
        let loaded = read::load(env, sql, &Target::Id(record))?;
        let process = loaded.process(env)?;
        let due = process.instance.timers.iter().any(|t| t.id == timer && t.remaining.is_none() && t.due <= env.world.now());
        if !due {
            // Another node was faster, or a hold has moved it: the row follows the fold.
            let mut set = store::WriteSet::default();
            if !process.instance.timers.iter().any(|t| t.id == timer) {
                set.push(store::timer::remove(record, timer));
            }
            return Ok((set, ()));
        }
        let command = pack::Command::FireTimer { timer };
        let written = write::perform(env, sql, &cause, &loaded, &command, &Event::internal("timer_fired"), Content::default())?;
        Ok((written.set, ()))
    })
    .await
}
