//! Stored content that nothing refers to goes after a day; what is attached, or on its way, stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use desk::record::attach::{Attach, attach};
use desk::{Desk, DeskError, World, files, worker};
use store::StoreError;

use crate::support::{House, Place, on_both};

fn stored(place: &Place) -> usize {
    let folders = std::fs::read_dir(place.path("files")).unwrap();
    folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
}

async fn store(desk: &Desk, content: &'static str) -> files::Stored {
    files::store(desk, "a.txt", Bytes::from_static(content.as_bytes())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nothing_refers_to_goes_after_a_day() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let record = house.opened("one").await;
        let ahead = Arc::new(AtomicI64::new(0));
        let offset = Arc::clone(&ahead);
        let later = World::with_clock(move || World::real().now() + offset.load(Ordering::Relaxed));
        let desk = place.open_at(later).await;

        let kept = store(&house.desk, "attached").await;
        let command = Attach { name: "a.txt".to_owned(), internal: false, stored: kept };
        house.act(record, move |env, sql, cause, actor, target| Ok(attach(env, sql, cause, actor, target, &command)?.0)).await;
        store(&desk, "never attached").await;
        assert_eq!((worker::collect_files(&desk).await.unwrap(), stored(&place)), (0, 2), "it may still be on its way");

        ahead.store(files::KEEP_UNUSED - 60_000, Ordering::Relaxed);
        assert_eq!(worker::collect_files(&desk).await.unwrap(), 0);
        // Somebody else begins to upload the same.
        store(&desk, "never attached").await;
        ahead.store(files::KEEP_UNUSED + 60_000, Ordering::Relaxed);
        assert_eq!((worker::collect_files(&desk).await.unwrap(), stored(&place)), (0, 2), "it is on its way again");

        ahead.store(2 * files::KEEP_UNUSED + 60_000, Ordering::Relaxed);
        assert_eq!((worker::collect_files(&desk).await.unwrap(), stored(&place)), (1, 1));
        assert_eq!(worker::collect_files(&desk).await.unwrap(), 0);
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
        // What has gone can come again.
        store(&desk, "never attached").await;
        assert_eq!(stored(&place), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_removed_is_not_taken_for_stored() {
    on_both(async |place| {
        let house = House::found(&place).await;
        store(&house.desk, "content").await;
        // A removal under way: an upload of the same waits for its end.
        place.tamper("UPDATE blob SET collecting = 1, used_at = 0, created_at = 0").await;
        let asked = Arc::new(AtomicI64::new(0));
        let seen = Arc::clone(&asked);
        let desk = place.open_at(World::with_clock(move || seen.fetch_add(1, Ordering::SeqCst) + World::real().now())).await;
        let before = asked.load(Ordering::SeqCst);
        let (again, removed) = tokio::join!(store(&desk, "content"), async {
            // Each try to reserve reads the clock: at the second one the first was refused.
            while asked.load(Ordering::SeqCst) < before + 2 {
                tokio::task::yield_now().await;
            }
            worker::collect_files(&house.desk).await.unwrap()
        });
        assert_eq!(removed, 1);
        assert_eq!(&house.desk.files().get(&again.sha256).await.unwrap()[..], b"content");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_that_died_with_its_node_keeps_nobody_from_uploading() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let first = store(&house.desk, "content").await;
        std::fs::remove_file(file(&place, &first)).unwrap();
        let begun = World::real().now();
        place.tamper(&format!("UPDATE blob SET collecting = 1, used_at = {begun}, created_at = 0")).await;
        let busy = files::store(&house.desk, "a.txt", Bytes::from_static(b"content")).await.unwrap_err();
        assert!(matches!(busy, DeskError::Store(StoreError::Busy(_))), "it may live: {busy}");
        place.tamper("UPDATE blob SET used_at = 0").await;
        let again = store(&house.desk, "content").await;
        assert_eq!(&house.desk.files().get(&again.sha256).await.unwrap()[..], b"content");
        assert_eq!((worker::collect_files(&house.desk).await.unwrap(), stored(&place)), (0, 1), "it is on its way");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_removed_does_not_keep_the_rest() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let (first, second) = (store(&house.desk, "one").await, store(&house.desk, "two").await);
        // They are removed in the order of their digests: the first one is a folder now, with something in it.
        let stuck = if first.sha256 < second.sha256 { first } else { second };
        std::fs::remove_file(file(&place, &stuck)).unwrap();
        std::fs::create_dir_all(file(&place, &stuck).join("in the way")).unwrap();
        place.tamper("UPDATE blob SET used_at = 0, created_at = 0").await;
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 1);
        // And another node need not wait for the lease.
        std::fs::remove_dir_all(file(&place, &stuck)).unwrap();
        assert_eq!(worker::collect_files(&place.open().await).await.unwrap(), 1);
    })
    .await;
}

fn file(place: &Place, stored: &files::Stored) -> std::path::PathBuf {
    let name: String = stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    place.path("files").join(&name[..2]).join(name)
}
