//! Jobs: each on one node at a time, tried again, given up, taken up again.

use std::collections::HashSet;

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
    let text = text.replacen("\nversion: 1\n", "\nversion: 2\n", 1).replacen("[occurred_at,", "[occurred_at, contact,", 1);
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
    let claim = async |db: &Db| {
        let lease = Lease { owner: World::real().id(), milliseconds: 60_000 };
        let mut mine = Vec::new();
        while let Some(job) = db.write(move |tx| store::job::claim(tx, &["reindex"], lease)).await.unwrap() {
            mine.push(job.id);
        }
        mine
    };
    let (a, b) = tokio::join!(claim(&nodes[0]), claim(&nodes[1]));
    assert!(!a.is_empty() && !b.is_empty(), "both worked: {} and {}", a.len(), b.len());
    assert_eq!(a.len() + b.len(), JOBS);
    assert_eq!(a.into_iter().chain(b).collect::<HashSet<_>>().len(), JOBS);
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

        // Its process dies as often as a job may be tried.
        db.apply(WriteSet { statements: vec![store::job::progress(queued.id, 7, None, Lease { milliseconds: -1, ..quick }, dialect)] })
            .await
            .unwrap();
        let imported = NewJob { kind: "import_records", ..new() };
        db.apply(WriteSet { statements: vec![store::job::begin(&imported, slow, dialect)] }).await.unwrap();
        db.write(|tx| store::job::settle(tx, &["reindex"], 2)).await.unwrap();
        let find = async |id| db.read(move |sql| store::job::find(sql, id)).await.unwrap().unwrap();
        let (gone, told) = (find(queued.id).await, find(imported.id).await);
        assert_eq!((gone.state.as_str(), gone.place.as_deref(), gone.done), ("failed", Some("here"), 7));
        assert_eq!(told.state, "interrupted");
        assert!(gone.error.is_some() && told.error.is_some());
    })
    .await;
}
