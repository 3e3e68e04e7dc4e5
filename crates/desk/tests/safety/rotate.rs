//! Keys that were rotated: what older ones made still verifies and opens, what is new is the newest one's.

use std::time::Duration;

use desk::directory::{self, EntryKind};
use desk::import::{self, Import};
use desk::journal::Cause;
use desk::{Desk, Keyring, World, rotate, worker};
use serde_json::json;
use store::{Db, WriteSet};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::check::worked;
use crate::support::{House, Place, keyring, on_both};

/// An import whose lines nobody reads waits for its reader, and keeps neither a rotation nor, behind that, all writes waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_nobody_reads_keeps_no_rotation_waiting() {
    on_both(async |place| {
        drop(House::found(&place).await);
        keyring().keep(place.folder()).unwrap();
        let keys = Keyring::load(None, place.folder(), &World::real()).unwrap();
        let db = Db::open(&place.address()).await.unwrap();
        let desk = Desk::open(db, World::real(), keys, place.files(), "http://localhost").await.unwrap();
        let file = place.path("log.csv");
        std::fs::write(&file, log_of(2100)).unwrap();
        let map = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/servicenow-log.map.yaml").into();
        let import = Import { type_key: "incident".to_owned(), map, file, until: None };
        let (lines, mut unread) = mpsc::channel(1);
        lines.send("nobody reads this".to_owned()).await.unwrap();
        let importing = desk.clone();
        let running = tokio::spawn(async move { import::records(&importing, import, &lines).await });
        let done = async |wanted: i64| {
            let done = desk.query(|_, sql| {
                let rows = sql.query("SELECT COALESCE(MAX(done), 0) FROM job", &[])?;
                Ok(rows[0].int(0)?)
            });
            done.await.unwrap() >= wanted
        };
        while !done(2000).await {
            assert!(!running.is_finished(), "the import ended");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Long enough for it to have come to its line.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let rotated = tokio::time::timeout(Duration::from_secs(20), rotate::rotate(&desk)).await;
        rotated.expect("the rotation waits for the reader of an import").unwrap();
        let reading = tokio::spawn(async move { while unread.recv().await.is_some() {} });
        assert_eq!(running.await.unwrap().unwrap().created, 2100);
        reading.await.unwrap();
    })
    .await;
}

/// A log of as many records of one row each.
fn log_of(records: usize) -> String {
    let head = "number,incident_state,sys_updated_at,sys_updated_by,opened_at,resolved_at,closed_at,category,subcategory,u_symptom,\
        contact_type,impact,urgency,priority,reassignment_count,reopen_count,closed_code,caller_id,assigned_to,assignment_group,location";
    let row = |n: usize| {
        format!(
            "R{n},New,01/03/2026 08:00,Updated by 1,01/03/2026 07:00,?,?,Category 1,Subcategory 2,Symptom 3,Phone,2 - Medium,2 - Medium,\
             3 - Moderate,0,0,code 6,Caller 4,Resolver 5,Group 1,Location 6"
        )
    };
    std::iter::once(head.to_owned()).chain((0..records).map(row)).collect::<Vec<_>>().join("\n") + "\n"
}

/// The keys of all tests with a newer one.
fn both() -> Keyring {
    Keyring::from_hex(&format!("{}\n{}", keyring().text(), "5a".repeat(32))).unwrap()
}

async fn open(place: &Place) -> Desk {
    let db = Db::open(&place.address()).await.unwrap();
    Desk::open(db, World::real(), both(), place.files(), "http://localhost").await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_entries_and_seals_of_both_keys_hold() {
    on_both(async |place| {
        let place = worked(place).await;
        let desk = open(&place).await;
        let old = keyring().seal("mail.password", b"hush", desk.world()).unwrap();
        desk.apply(WriteSet { statements: vec![store::secret::put("mail.password", &old, 1)] }).await.unwrap();
        let done = rotate::rotate(&desk).await.unwrap();
        assert_eq!((done.version, done.secrets), (2, 1));
        let sealed = desk.query(|_, sql| Ok(store::secret::find(sql, "mail.password")?)).await.unwrap().unwrap();
        assert_eq!(sealed.key_id, both().key_id());
        assert_eq!(both().open("mail.password", &sealed).unwrap(), b"hush");
        assert_eq!(rotate::rotate(&desk).await.unwrap().secrets, 0, "a second time there is nothing to seal again");

        let cause = Cause::system(desk.world(), "test");
        let value = json!({ "value": 1 }).as_object().cloned().unwrap();
        desk.execute(move |env, sql| directory::put(env, sql, &cause, EntryKind::Setting, "newer", &value, None)).await.unwrap();
        assert!(worker::seal_now(&desk).await.unwrap() > 0);
        drop(desk);
        let (code, lines) = place.check_with(both()).await;
        assert_eq!(code, 0, "{}", lines.join("\n"));
        let (code, lines) = place.check().await;
        assert!(code == 1 && lines.iter().any(|line| line.contains("seal chain itself is broken")), "{}", lines.join("\n"));
    })
    .await;
}

/// The keys of all tests and a newer one that took their place with a seal.
fn since(seal: i64) -> Keyring {
    Keyring::from_hex(&format!("{}@{seal}", both().text())).unwrap()
}

async fn open_with(place: &Place, keyring: Keyring) -> Desk {
    let db = Db::open(&place.address()).await.unwrap();
    Desk::open(db, World::real(), keyring, place.files(), "http://localhost").await.unwrap()
}

async fn set(desk: &Desk, key: &'static str) -> Uuid {
    let cause = Cause::system(desk.world(), "test");
    let value = json!({ "value": desk.world().now() }).as_object().cloned().unwrap();
    let done = desk.execute(move |env, sql| {
        let (set, row) = directory::put(env, sql, &cause, EntryKind::Setting, key, &value, None)?;
        Ok((set, row.id))
    });
    done.await.unwrap()
}

/// Everything that a thief of the old key can do who may write to the database, and who does it as well as it can be done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_key_is_good_for_nothing_behind_the_seal_of_a_newer_one() {
    on_both(async |place| {
        let place = worked(place).await;
        let desk = open(&place).await;
        let done = rotate::rotate(&desk).await.unwrap();
        let seal = done.since.expect("nothing holds the feed back");
        assert!(!done.noted, "keys from outside are noted there");
        set(&desk, "newer").await;
        worker::seal_now(&desk).await.unwrap();
        drop(desk);
        let (code, lines) = place.check_with(since(seal)).await;
        assert_eq!(code, 0, "{}", lines.join("\n"));

        // Entries of a new aggregate, made with the old key: the chains hold, the time of the key was over.
        let forged = place.copy().await;
        let thief = open_with(&forged, keyring()).await;
        set(&thief, "forged").await;
        drop(thief);
        let expected = "was made with key 1, when key 2 had taken its place";
        let (code, lines) = forged.check_with(since(seal)).await;
        assert!(code == 1 && lines.iter().any(|line| line.contains(expected)), "not sealed yet: {}", lines.join("\n"));
        let honest = open(&forged).await;
        worker::seal_now(&honest).await.unwrap();
        drop(honest);
        let (code, lines) = forged.check_with(since(seal)).await;
        assert!(code == 1 && lines.iter().any(|line| line.contains(expected)), "sealed in good faith: {}", lines.join("\n"));

        // Behind an entry or a seal of the newer key the old one does not go on, in the program as it is.
        let late = place.copy().await;
        let thief = open_with(&late, keyring()).await;
        let cause = Cause::system(thief.world(), "test");
        let value = json!({ "value": 2 }).as_object().cloned().unwrap();
        let refused = thief.execute(move |env, sql| directory::put(env, sql, &cause, EntryKind::Setting, "newer", &value, None)).await;
        assert!(refused.unwrap_err().to_string().contains("made with key 2"));
        set(&thief, "another").await;
        // Others at work on the same PostgreSQL may hold the feed back: then there is nothing to seal yet.
        assert!(!worker::seal_now(&thief).await.is_ok_and(|made| made > 0));
        drop(thief);

        // The seals of the newer key cut off, with all that they cover.
        let cut = place.copy().await;
        let gone = format!(
            "DELETE FROM directory WHERE key = 'newer'; DELETE FROM journal WHERE aggregate NOT IN \
             (SELECT id FROM directory UNION SELECT id FROM app_user UNION SELECT id FROM record UNION SELECT id FROM token \
             UNION SELECT id FROM pack_version); DELETE FROM seal WHERE no >= {seal}"
        );
        cut.tamper(&gone).await;
        let (code, lines) = cut.check_with(since(seal)).await;
        assert!(code == 1 && lines.iter().any(|line| line.contains("seals were cut off")), "{}", lines.join("\n"));
    })
    .await;
}
