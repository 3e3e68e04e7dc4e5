//! What the rules of retention remove does not come back: only rules that stand do so, and with the newest key.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use desk::{Desk, DeskError, Keyring, World, files, job, rotate, worker};
use serde_json::{Value, json};
use store::job::JobRow;
use store::{Db, WriteSet};
use uuid::Uuid;

use crate::support::{Clock, House, Place, on_both};

pub const DAY: i64 = 24 * 3_600_000;

async fn rules(house: &House, days: &[i64]) {
    rules_of(house, "remove", days).await;
}

/// Sets the rules with an action, one for each number of days.
pub async fn rules_of(house: &House, action: &str, days: &[i64]) {
    let rule = |days: &i64| json!({ "type": "incident", "phase": "cancelled", "days": days, "action": action });
    house.set("retention", json!({ "rules": days.iter().map(rule).collect::<Vec<_>>() })).await;
}

/// Queues the job as the daily worker does.
pub async fn queue(desk: &Desk) -> Uuid {
    desk.execute(|env, sql| Ok((WriteSet { statements: job::retention::queue(env, sql)?.into_iter().collect() }, ()))).await.unwrap();
    desk.query(|_, sql| Ok(store::job::list(sql, None, 1)?)).await.unwrap()[0].id
}

pub async fn row(desk: &Desk, id: Uuid) -> JobRow {
    desk.query(move |_, sql| Ok(store::job::find(sql, id)?)).await.unwrap().unwrap()
}

pub async fn is_there(house: &House, record: Uuid) -> bool {
    house.desk.query(move |_, sql| Ok(store::record::find(sql, record)?)).await.unwrap().is_some()
}

pub fn result(job: &JobRow) -> Value {
    serde_json::from_str(job.result.as_deref().unwrap()).unwrap()
}

pub fn job_result(removed: i64, archived: i64, kept: i64) -> Value {
    json!({ "removed": removed, "archived": archived, "kept": kept })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_was_withdrawn_or_changed_removes_nothing_more() {
    on_both(async |place| {
        let clock = Clock::default();
        let house = House::found_at(&place, clock.world()).await;
        let other_node = place.open_at(clock.world()).await;
        let (goes, held) = (house.cancelled("goes").await, house.cancelled("held").await);
        house.hold_back(held).await;
        clock.ahead(3 * DAY);
        rules(&house, &[1]).await;
        for other in [&[100][..], &[]] {
            let queued = queue(&house.desk).await;
            rules(&house, other).await;
            worker::run_due_jobs(&house.desk).await.unwrap();
            let done = row(&house.desk, queued).await;
            assert_eq!((done.state.as_str(), result(&done)), ("done", job_result(0, 0, 0)));
            assert!(is_there(&house, goes).await);
            rules(&house, &[1]).await;
        }

        // Nor does a person run it again, when other rules stand.
        let queued = queue(&house.desk).await;
        let mut actor = (*house.actor().await).clone();
        actor.actions.push("job.write".to_owned());
        house.desk.apply(WriteSet { statements: vec![store::job::cancel(queued, 1)] }).await.unwrap();
        assert!(!job::can_run_again(&row(&house.desk, queued).await));
        let again = house.desk.execute(move |_, sql| Ok((job::again(sql, &actor, queued)?, ()))).await;
        assert!(matches!(again, Err(DeskError::NotAvailable(_))), "{again:?}");

        // Another node knows nothing of the rule, and does what stands.
        let queued = queue(&house.desk).await;
        worker::run_due_jobs(&other_node).await.unwrap();
        let done = row(&house.desk, queued).await;
        assert_eq!((done.done, result(&done)), (2, job_result(1, 0, 1)));
        assert!(!is_there(&house, goes).await && is_there(&house, held).await);
        let told = house.desk.query(move |_, sql| Ok(store::job::results(sql, queued, 0, 10)?)).await.unwrap();
        let kept = told.iter().find(|told| told.outcome == "kept").unwrap();
        assert_eq!(kept.message.as_deref(), Some("under legal hold"), "why is told to readers of the record alone");
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_what_was_removed_stay_for_a_day() {
    on_both(async |place| {
        let clock = Clock::default();
        let house = House::found_at(&place, clock.world()).await;
        let record = house.opened("with a file").await;
        house.attach(record, "a.txt", "content").await;
        house.cancel(record).await;
        clock.ahead(3 * DAY);
        rules(&house, &[1]).await;
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        assert!(!is_there(&house, record).await);
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 0, "a backup of the moment before has it still");
        clock.ahead(3 * DAY + files::KEEP_UNUSED + 60_000);
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 1);
    })
    .await;
}

/// A clock that stops whoever reads it at the wanted time until it is let go.
pub struct Trap {
    /// Reads until it stops one; below zero none.
    left: AtomicI64,
    caught: mpsc::Sender<()>,
    was_caught: Mutex<mpsc::Receiver<()>>,
    let_go: mpsc::Sender<()>,
    go: Mutex<mpsc::Receiver<()>>,
}

/// How long a trap waits, for a catch and to be let go.
const LONG: Duration = Duration::from_secs(20);

impl Trap {
    /// One that catches nobody yet.
    pub fn set() -> Arc<Self> {
        let ((caught, was_caught), (let_go, go)) = (mpsc::channel(), mpsc::channel());
        Arc::new(Self { left: AtomicI64::new(-1), caught, was_caught: Mutex::new(was_caught), let_go, go: Mutex::new(go) })
    }

    /// The world with it in another clock.
    pub fn world(self: &Arc<Self>, clock: Clock) -> World {
        let (trap, world) = (Arc::clone(self), clock.world());
        World::with_clock(move || {
            if trap.left.fetch_sub(1, Ordering::SeqCst) == 1 {
                trap.caught.send(()).unwrap();
                trap.go.lock().unwrap().recv_timeout(LONG).unwrap();
            }
            world.now()
        })
    }

    /// Catches who reads it for this time from now.
    pub fn arm(&self, time: i64) {
        self.left.store(time, Ordering::SeqCst);
    }

    /// Waits until somebody is caught.
    pub async fn caught(self: &Arc<Self>) {
        let trap = Arc::clone(self);
        tokio::task::spawn_blocking(move || trap.was_caught.lock().unwrap().recv_timeout(LONG).unwrap()).await.unwrap();
    }

    /// Lets them go.
    pub fn let_go(&self) {
        self.let_go.send(()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_key_is_changed_in_the_middle_of_a_step() {
    on_both(async |place| {
        let (trap, clock) = (Trap::set(), Clock::default());
        let house = House::found_at(&place, clock.world()).await;
        house.cancelled("one").await;
        clock.ahead(3 * DAY);
        rules(&house, &[1]).await;
        queue(&house.desk).await;
        drop(house);

        let desk = with_own_key(&place, trap.world(clock)).await;
        // It reads the clock to say that it is alive, then in the step.
        trap.arm(2);
        let working = tokio::spawn({
            let desk = desk.clone();
            async move { worker::run_due_jobs(&desk).await }
        });
        trap.caught().await;
        let rotating = tokio::spawn({
            let desk = desk.clone();
            async move { rotate::rotate(&desk).await }
        });
        let started = Instant::now();
        while !desk.keys_are_waited_for() && desk.env().keyring.version() == 1 {
            assert!(started.elapsed() < LONG, "the rotation did not come to change the key");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(desk.env().keyring.version(), 1, "what the step writes is made with the key that it began with");
        trap.let_go();
        working.await.unwrap().unwrap();
        assert_eq!(rotating.await.unwrap().unwrap().version, 2);
    })
    .await;
}

/// The desk with the key of all tests in a file, where it can be rotated.
async fn with_own_key(place: &Place, world: World) -> Desk {
    std::fs::write(place.path("key"), crate::support::keyring().text()).unwrap();
    let keyring = Keyring::find(None, place.folder()).unwrap().unwrap();
    let db = Db::open(&place.address()).await.unwrap();
    Desk::open(db, world, keyring, place.files(), "http://localhost").await.unwrap()
}
