//! Jobs: each on one node at a time, tried again, given up, taken up again.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use desk::journal::Cause;
use desk::{World, job, packs, worker};
use store::job::{Lease, NewJob};
use store::{Db, StoreError, WriteSet};
use uuid::Uuid;

use crate::support::{House, Place, on_both};

/// A new version of the practice with another field indexed.
async fn publish_index(house: &House) -> Uuid {
    let mut files = packs::built_in().remove("incident").unwrap();
    let text = String::from_utf8(files["pack.yaml"].clone()).unwrap();
    let text = text.replacen("\nversion: 2\n", "\nversion: 3\n", 1).replacen("[occurred_at,", "[occurred_at, contact,", 1);
    files.insert("pack.yaml".to_owned(), text.into_bytes());
    let cause = Cause::of(house.desk.world(), house.manager, "web");
    house.desk.execute(move |env, sql| packs::publish(env, sql, &cause, &files, None)).await.unwrap();
    house.desk.query(|_, sql| Ok(store::job::list(sql, None, 1)?)).await.unwrap()[0].id
}

async fn state(house: &House, id: Uuid) -> store::job::JobRow {
    house.desk.query(move |_, sql| Ok(store::job::find(sql, id)?)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_keeps_failing_is_given_up_and_can_be_run_again() {
    on_both(async |place| {
        let house = House::found(&place).await;
        house.opened("one").await;
        let broken = house.opened("two").await;
        let number = house.row(broken).await.number;
        let id = publish_index(&house).await;
        place.tamper(&format!("UPDATE record SET process = '?' || process WHERE number = '{number}'")).await;
        for attempt in 1..=job::TRIES {
            assert_eq!(state(&house, id).await.state, "waiting");
            place.tamper("UPDATE job SET next_at = 0").await;
            worker::run_due_jobs(&house.desk).await.unwrap();
            let job = state(&house, id).await;
            assert_eq!(job.attempts, attempt);
            assert!(job.error.unwrap().contains(&number), "it says which record");
        }
        let dead = state(&house, id).await;
        assert_eq!((dead.state.as_str(), dead.owner), ("failed", None));
        assert!(dead.ended_at.is_some());
        worker::run_due_jobs(&house.desk).await.unwrap();
        assert_eq!(state(&house, id).await.attempts, job::TRIES, "nobody tries again by himself");

        place.tamper(&format!("UPDATE record SET process = substr(process, 2) WHERE number = '{number}'")).await;
        let actor = house.actor().await;
        house.desk.execute(move |_, sql| Ok((job::again(sql, &actor, id)?, ()))).await.unwrap();
        worker::run_due_jobs(&house.desk).await.unwrap();
        let done = state(&house, id).await;
        assert_eq!((done.state.as_str(), done.done, done.attempts, done.error), ("done", 2, 1, None));
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_behind_indexes_what_the_newest_version_marks() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let record = house.opened("one").await;
        house.edit(record, serde_json::json!({ "fields": { "contact": "8001" } })).await;
        let behind = place.open().await;
        let id = publish_index(&house).await;
        place.tamper("UPDATE job SET next_at = 0").await;
        worker::run_due_jobs(&behind).await.unwrap();
        let done = state(&house, id).await;
        assert_eq!((done.state.as_str(), done.done, done.attempts), ("done", 1, 1));
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}

fn new() -> NewJob {
    NewJob { id: World::real().id(), kind: "reindex", params: "{}".to_owned(), total: None, created_by: None, created_at: 1 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_job_is_on_two_nodes_at_once() {
    let Some(place) = Place::postgres() else { return };
    let nodes = [Db::open(&place.address()).await.unwrap(), Db::open(&place.address()).await.unwrap()];
    const JOBS: usize = 60;
    for _ in 0..JOBS {
        let statements = vec![store::job::queue(&new(), 0, nodes[0].dialect())];
        nodes[0].apply(WriteSet { statements }).await.unwrap();
    }
    // Each has one in its hands, uncommitted, while the other claims.
    let ((told_a, hears_b), (told_b, hears_a)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
    let beside = async |db: &Db, mine: Sender<()>, other: Receiver<()>| {
        let lease = Lease { owner: World::real().id(), milliseconds: 60_000 };
        let claimed = db.write(move |tx| {
            let job = store::job::claim(tx, &["reindex"], lease)?;
            mine.send(()).unwrap();
            other.recv_timeout(Duration::from_secs(20)).expect("the other one waits for a job that is claimed");
            Ok(job)
        });
        claimed.await.unwrap().unwrap().id
    };
    let (first, second) = tokio::join!(beside(&nodes[0], told_a, hears_a), beside(&nodes[1], told_b, hears_b));
    assert_ne!(first, second);
    let claim = async |db: &Db| {
        let lease = Lease { owner: World::real().id(), milliseconds: 60_000 };
        let mut mine = Vec::new();
        while let Some(job) = db.write(move |tx| store::job::claim(tx, &["reindex"], lease)).await.unwrap() {
            mine.push(job.id);
        }
        mine
    };
    let (a, b) = tokio::join!(claim(&nodes[0]), claim(&nodes[1]));
    let all: Vec<Uuid> = [first, second].into_iter().chain(a).chain(b).collect();
    assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (JOBS, JOBS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_lost_a_job_writes_nothing_and_what_dies_with_its_process_is_told() {
    on_both(async |place| {
        let db = Db::open(&place.address()).await.unwrap();
        let dialect = db.dialect();
        let lease = |milliseconds| Lease { owner: World::real().id(), milliseconds };
        let (slow, quick) = (lease(-1), lease(60_000));
        let queued = new();
        db.apply(WriteSet { statements: vec![store::job::queue(&queued, 0, dialect)] }).await.unwrap();
        let claim = async |lease: Lease| db.write(move |tx| store::job::claim(tx, &["reindex"], lease)).await.unwrap();
        assert_eq!(claim(slow).await.unwrap().attempts, 1);
        assert_eq!(claim(quick).await.unwrap().attempts, 2, "its lease had ended");
        assert!(claim(lease(1)).await.is_none(), "this one lives");
        let progress = |lease| WriteSet { statements: vec![store::job::progress(queued.id, 7, Some("here"), lease, dialect)] };
        assert!(matches!(db.apply(progress(slow)).await, Err(StoreError::Stale)));
        db.apply(progress(quick)).await.unwrap();

        let find = async |id| db.read(move |sql| store::job::find(sql, id)).await.unwrap().unwrap();
        assert_eq!(find(queued.id).await.attempts, 1, "who comes on begins to count anew");

        // Its process dies as often as a job may be tried without coming on.
        db.apply(WriteSet { statements: vec![store::job::progress(queued.id, 7, None, Lease { milliseconds: -1, ..quick }, dialect)] })
            .await
            .unwrap();
        assert_eq!(claim(slow).await.unwrap().attempts, 2);
        let imported = NewJob { kind: "import_records", ..new() };
        db.apply(WriteSet { statements: vec![store::job::begin(&imported, slow, dialect)] }).await.unwrap();
        let newer = NewJob { kind: "of_the_next_version", ..new() };
        db.apply(WriteSet { statements: vec![store::job::begin(&newer, slow, dialect)] }).await.unwrap();
        let is_due = async || db.read(|sql| store::job::is_due(sql, &["reindex"], &job::BOUND)).await.unwrap();
        assert!(is_due().await);
        db.write(|tx| store::job::settle(tx, &["reindex"], &job::BOUND, 2)).await.unwrap();
        assert!(!is_due().await);
        assert_eq!(find(newer.id).await.state, "running", "a node of the version before leaves newer kinds alone");
        let (gone, told) = (find(queued.id).await, find(imported.id).await);
        assert_eq!((gone.state.as_str(), gone.place.as_deref(), gone.done), ("failed", Some("here"), 7));
        assert_eq!(told.state, "interrupted");
        assert!(gone.error.is_some() && told.error.is_some());
    })
    .await;
}
