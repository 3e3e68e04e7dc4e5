//! Workers: what happens without anybody asking. Each is a loop that survives its own failures.

mod account;
mod feed;
mod files;
mod job;
mod message;
mod outbox;
mod relay;
mod reminder;
mod retention;
mod rounds;
mod seal;
mod sweep;
mod timer;

pub use files::collect as collect_files;
pub use job::run_due as run_due_jobs;
pub use rounds::{Round, Rounds};
pub(crate) use seal::seal_once;
pub use seal::{seal_now, verify as verify_seals};
pub use timer::run_due as run_due_timers;

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

use crate::{Desk, DeskError};

/// Settles what a process before this one had in its hands. SQLite has one process alone, so that one is gone; on PostgreSQL
/// it may live, and only the end of its leases tells.
pub async fn take_over(desk: &Desk) -> Result<(), DeskError> {
    if desk.db().file().is_none() {
        return Ok(());
    }
    desk.write(|tx| {
        store::lease::end_all(tx)?;
        store::job::end_leases(tx)?;
        store::outbox::mark_all_uncertain(tx).map(|_| ())
    })
    .await
}

/// Takes leave of the other nodes, when all workers have ended: one that merely falls silent has died.
pub async fn leave(desk: &Desk) -> Result<(), DeskError> {
    if desk.db().file().is_some() {
        return Ok(());
    }
    let set = store::WriteSet { statements: vec![store::node::remove(desk.node())] };
    desk.write_past_gate(move |tx| tx.apply(&set)).await
}

/// Starts all workers; they end when `stop` becomes true.
pub fn start(desk: &Desk, stop: &watch::Receiver<bool>) -> Vec<tokio::task::JoinHandle<()>> {
    let every = |name: &'static str, pause: Duration, step: Step| tokio::spawn(repeat(desk.clone(), stop.clone(), name, pause, step));
    vec![
        tokio::spawn(feed::follow(desk.clone(), stop.clone())),
        every("timers", Duration::from_secs(1), |desk| Box::pin(async move { timer::run_due(&desk).await.map(|_| ()) })),
        every("messages", Duration::from_millis(300), |desk| Box::pin(async move { message::deliver(&desk).await })),
        every("jobs", Duration::from_secs(1), |desk| Box::pin(async move { job::run_due(&desk).await })),
        every("reminders", Duration::from_secs(5), |desk| Box::pin(async move { reminder::tell_due(&desk).await })),
        every("outbox", Duration::from_secs(2), |desk| Box::pin(async move { outbox::deliver(&desk).await })),
        every("seal", Duration::from_secs(60), |desk| Box::pin(async move { seal::seal_if_leased(&desk).await })),
        every("accounts", Duration::from_secs(5), |desk| Box::pin(async move { account::end_expired(&desk).await })),
        every("files", Duration::from_secs(3600), |desk| Box::pin(async move { files::collect(&desk).await.map(|_| ()) })),
        every("retention", Duration::from_secs(3600), |desk| Box::pin(async move { retention::queue_daily(&desk).await })),
        every("sweep", Duration::from_secs(15), |desk| Box::pin(async move { sweep::sweep(&desk).await })),
    ]
}

type Step = fn(Desk) -> std::pin::Pin<Box<dyn Future<Output = Result<(), DeskError>> + Send>>;

async fn repeat(desk: Desk, mut stop: watch::Receiver<bool>, name: &'static str, pause: Duration, step: Step) {
    loop {
        desk.rounds().begin(name, pause, desk.world().now());
        // No request tells a worker that the directory has changed.
        let done = match desk.keep_up().await {
            Ok(()) => step(desk.clone()).await,
            Err(error) => Err(error),
        };
        desk.rounds().end(name, &done, desk.world().now());
        if let Err(error) = done {
            match error {
                DeskError::ReadOnly { .. } => tracing::debug!(worker = name, %error, "waits"),
                _ => tracing::warn!(worker = name, %error, "failed; tries again"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopped(&mut stop) => return,
        }
    }
}

/// Waits until the program stops.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Takes a lease so that one node alone does a job; false when another has it.
async fn leased(desk: &Desk, name: &'static str, milliseconds: i64) -> Result<bool, DeskError> {
    desk.gate().pass()?;
    let node = desk.node();
    desk.write(move |tx| store::lease::take(tx, name, node, milliseconds)).await
}

/// Gives a lease back when its job is done, so that no node waits for one that has ended.
async fn give_back(desk: &Desk, name: &'static str) -> Result<(), DeskError> {
    let node = desk.node();
    desk.write(move |tx| store::lease::give_back(tx, name, node)).await
}
