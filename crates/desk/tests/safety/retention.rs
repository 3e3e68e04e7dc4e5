//! What the rules of retention remove does not come back: only rules that stand do so, and with the newest key.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use desk::{Desk, DeskError, Keyring, World, files, job, rotate, worker};
use serde_json::{Value, json};
use store::job::JobRow;
use store::{Db, WriteSet};
use uuid::Uuid;

use crate::support::{Clock, House, Place, on_both};

const DAY: i64 = 24 * 3_600_000;

async fn rules(house: &House, days: &[i64]) {
    let rule = |days: &i64| json!({ "type": "incident", "phase": "cancelled", "days": days, "action": "remove" });
    house.set("retention", json!({ "rules": days.iter().map(rule).collect::<Vec<_>>() })).await;
}

/// Queues the job as the daily worker does.
async fn queue(desk: &Desk) -> Uuid {
    desk.execute(|env, sql| Ok((WriteSet { statements: job::retention::queue(env, sql)?.into_iter().collect() }, ()))).await.unwrap();
    desk.query(|_, sql| Ok(store::job::list(sql, None, 1)?)).await.unwrap()[0].id
}

async fn row(desk: &Desk, id: Uuid) -> JobRow {
    desk.query(move |_, sql| Ok(store::job::find(sql, id)?)).await.unwrap().unwrap()
}

async fn is_there(house: &House, record: Uuid) -> bool {
    house.desk.query(move |_, sql| Ok(store::record::find(sql, record)?)).await.unwrap().is_some()
}

fn result(job: &JobRow) -> Value {
    serde_json::from_str(job.result.as_deref().unwrap()).unwrap()
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
            assert_eq!((done.state.as_str(), result(&done)), ("done", json!({ "removed": 0, "kept": 0 })));
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
        assert_eq!((done.done, result(&done)), (2, json!({ "removed": 1, "kept": 1 })));
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

/// A clock that stops whoever reads it next until it is let go.
struct Trap {
    armed: AtomicBool,
    caught: mpsc::Sender<()>,
    go: Mutex<mpsc::Receiver<()>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_key_is_changed_in_the_middle_of_a_step() {
    on_both(async |place| {
        let (caught, was_caught) = mpsc::channel();
        let (let_go, go) = mpsc::channel();
        let trap = Arc::new(Trap { armed: AtomicBool::new(false), caught, go: Mutex::new(go) });
        let watched = Arc::clone(&trap);
        let world = World::with_clock(move || {
            if watched.armed.swap(false, Ordering::SeqCst) {
                watched.caught.send(()).unwrap();
                watched.go.lock().unwrap().recv_timeout(Duration::from_secs(20)).unwrap();
            }
            World::real().now()
        });
        let house = House::found(&place).await;
        house.cancelled("one").await;
        rules(&house, &[1]).await;
        queue(&house.desk).await;
        drop(house);

        let desk = with_own_key(&place, world).await;
        trap.armed.store(true, Ordering::SeqCst);
        let working = tokio::spawn({
            let desk = desk.clone();
            async move { worker::run_due_jobs(&desk).await }
        });
        tokio::task::spawn_blocking(move || was_caught.recv_timeout(Duration::from_secs(20)).unwrap()).await.unwrap();
        let rotating = tokio::spawn({
            let desk = desk.clone();
            async move { rotate::rotate(&desk).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(desk.env().keyring.version(), 1, "what the step writes is made with the key that it began with");
        let_go.send(()).unwrap();
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
