//! Follows the change feed and tells live views: within milliseconds of this node's writes, a second of others'.

use std::time::Duration;

use store::journal::{Change, Cursor};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{Desk, LiveEvent, announcement};

/// Entries read at once.
const BATCH: i64 = 500;
/// How far back notices are looked for: longer than the feed is ever behind, in milliseconds.
const LOOK_BACK: i64 = 60_000;
/// Longest pause between two looks.
const PAUSE: Duration = Duration::from_millis(700);
/// Live views need no more than this many updates a second.
const THROTTLE: Duration = Duration::from_millis(150);

/// Events of a record that may solve it or open it again.
const ENDS_OR_REOPENS: [&str; 2] = ["completed", "timer_fired"];

/// Follows until `stop` becomes true.
pub async fn follow(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut cursor: Option<Cursor> = None;
    loop {
        desk.rounds().begin("feed", PAUSE, desk.world().now());
        let done = step(&desk, cursor).await.map(|(next, full)| {
            cursor = Some(next);
            full
        });
        let full = *done.as_ref().unwrap_or(&false);
        let done = done.map(|_| ());
        desk.rounds().end("feed", &done, desk.world().now());
        if let Err(error) = done {
            tracing::warn!(%error, "change feed");
        }
        if full {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = desk.written() => tokio::time::sleep(THROTTLE).await,
            () = super::stopped(&mut stop) => return,
        }
    }
}

async fn step(desk: &Desk, cursor: Option<Cursor>) -> Result<(Cursor, bool), crate::DeskError> {
    let Some(after) = cursor else {
        let end = desk.query(|_, sql| Ok(store::journal::feed_end(sql)?)).await?;
        // Who began to listen before the feed was followed may have missed something.
        desk.announce(LiveEvent::reset());
        return Ok((end, false));
    };
    let changes: Vec<Change> = desk.query(move |_, sql| Ok(store::journal::feed(sql, after, BATCH)?)).await?;
    let last = changes.last().map_or(after, |change| change.cursor);
    let full = changes.len() as i64 == BATCH;
    let told = told(desk, &changes).await?;
    let env = desk.env();
    for change in changes {
        // An announcement says whether its record is solved: whoever shows it asks anew.
        if ENDS_OR_REOPENS.contains(&change.event.as_str()) && announcement::has_one(&env, change.aggregate) {
            desk.announce(LiveEvent { topic: "announcement".to_owned(), id: Uuid::nil(), version: 0, internal: false });
        }
        let internal = change.visibility == "internal";
        desk.announce(LiveEvent { topic: change.kind, id: change.aggregate, version: change.seq, internal });
    }
    for user in told {
        desk.announce_notice(user);
    }
    Ok((last, full))
}

/// Whom the changes concern: those who were just told of them.
async fn told(desk: &Desk, changes: &[Change]) -> Result<Vec<Uuid>, crate::DeskError> {
    let mut records: Vec<Uuid> = changes.iter().filter(|change| change.kind == "record").map(|change| change.aggregate).collect();
    records.sort_unstable();
    records.dedup();
    if records.is_empty() {
        return Ok(records);
    }
    desk.query(move |env, sql| Ok(store::notice::told_since(sql, &records, env.world.now() - LOOK_BACK)?)).await
}
