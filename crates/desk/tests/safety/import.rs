//! An import beside everything else.

use std::time::Duration;

use desk::import::{self, Import};
use desk::{Desk, Keyring, World, rotate};
use store::Db;
use tokio::sync::mpsc;

use crate::support::{House, keyring, log, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_does_not_read_what_an_import_says_holds_up_nobody_else() {
    const RECORDS: usize = 2000;
    on_both(async |place| {
        drop(House::found(&place).await);
        std::fs::write(place.path("key"), keyring().text()).unwrap();
        let keyring = Keyring::find(None, place.folder()).unwrap().unwrap();
        let db = Db::open(&place.address()).await.unwrap();
        let desk = Desk::open(db, World::real(), keyring, place.files(), "http://localhost").await.unwrap();
        let keys: Vec<String> = (0..RECORDS).map(|n| format!("L{n}")).collect();
        let import: Import = log(&place, &keys);
        // There is no room for a line, and nobody makes some.
        let (lines, mut said) = mpsc::channel(1);
        lines.send("full".to_owned()).await.unwrap();
        let importing = tokio::spawn({
            let desk = desk.clone();
            async move { import::records(&desk, import, &lines).await }
        });
        let waits = async {
            while desk.query(|_, sql| Ok(store::record::count(sql, "incident")?)).await.unwrap() < RECORDS as i64 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), waits).await.expect("the import goes on until it has something to say");
        let rotated = tokio::time::timeout(Duration::from_secs(30), rotate::rotate(&desk)).await.expect("the keys are free");
        assert_eq!(rotated.unwrap().version, 2);
        assert!(!importing.is_finished(), "it still waits for its reader");
        while said.recv().await.is_some() {}
        assert_eq!(importing.await.unwrap().unwrap().created, RECORDS as u64);
    })
    .await;
}
