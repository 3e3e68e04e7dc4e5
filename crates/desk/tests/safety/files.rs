//! Stored content that nothing refers to goes after a day; what is attached, or on its way, stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use desk::record::attach::{Attach, attach};
use desk::{Desk, World, files, worker};

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
        // A removal that its node did not finish: the next round does, and an upload waits for it.
        place.tamper("UPDATE blob SET collecting = 1, used_at = 0, created_at = 0").await;
        let (again, removed) = tokio::join!(store(&house.desk, "content"), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            worker::collect_files(&house.desk).await.unwrap()
        });
        assert_eq!(removed, 1);
        assert_eq!(&house.desk.files().get(&again.sha256).await.unwrap()[..], b"content");
    })
    .await;
}
