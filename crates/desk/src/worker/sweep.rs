//! Housekeeping: ended sessions, old idempotency answers, what ended jobs have left, forgotten failures to sign in, and the way back
//! from a full disk. Where there can be several nodes, this one also says here that it works.

use store::WriteSet;

use crate::job::export;
use crate::record::presence;
use crate::session::{FAILURE_WINDOW, SESSION_IDLE};
use crate::{Desk, DeskError, PROGRAM};

/// How long first answers are kept, in milliseconds.
const KEEP_ANSWERS: i64 = 24 * 3_600_000;

/// How long people find what they were told, in milliseconds.
const KEEP_NOTICES: i64 = 90 * 24 * 3_600_000;
/// How long what a job worked on is kept after its end, in milliseconds: until then it can go on.
const KEEP_INPUT: i64 = 7 * 24 * 3_600_000;

/// How long a node that has fallen silent is told of, in milliseconds.
const KEEP_NODES: i64 = 3_600_000;
/// How long it is known when the system was backed up, in milliseconds.
const KEEP_BACKUPS: i64 = 400 * 24 * 3_600_000;

/// Sweeps.
pub async fn sweep(desk: &Desk) -> Result<(), DeskError> {
    let now = desk.world().now();
    let mut set = WriteSet::default();
    set.push(store::session::sweep(now, now - SESSION_IDLE));
    set.push(store::idempotency::sweep(now - KEEP_ANSWERS));
    // What has not ended after a week will be made anew if anybody still wants it.
    set.push(store::job::sweep_parts(now - export::KEEP, now - 7 * export::KEEP));
    set.push(store::session::sweep_failures(now - FAILURE_WINDOW));
    set.push(store::notice::sweep(now - KEEP_NOTICES));
    set.push(store::job_input::sweep(now - KEEP_INPUT));
    set.push(store::presence::sweep(now - presence::KEEP));
    set.push(store::backup::sweep(now - KEEP_BACKUPS));
    if desk.db().file().is_none() {
        let rounds = serde_json::to_string(&desk.rounds().all(now)).map_err(|error| DeskError::outside("say what workers do", error))?;
        let dialect = desk.db().dialect();
        set.push(store::node::put(dialect, desk.node(), PROGRAM, desk.started_at(), &rounds));
        set.push(store::node::sweep(dialect, KEEP_NODES));
    }
    if desk.gate().waits_for_space() {
        // A write that really reaches the disk tells whether there is space again.
        if desk.db().apply(set).await.is_ok() && desk.db().write(store::secret::probe).await.is_ok() {
            desk.gate().disk_has_space();
        }
        return Ok(());
    }
    desk.apply(set).await
}
