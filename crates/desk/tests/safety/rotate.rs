//! Keys that were rotated: what older ones made still verifies and opens, what is new is the newest one's.

use desk::directory::{self, EntryKind};
use desk::journal::Cause;
use desk::{Desk, Keyring, World, rotate, worker};
use serde_json::json;
use store::{Db, WriteSet};
use uuid::Uuid;

use crate::check::worked;
use crate::support::{Place, keyring, on_both};

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
        let old = keyring().seal("hook.secret", b"hush", desk.world()).unwrap();
        desk.apply(WriteSet { statements: vec![store::secret::put("hook.secret", &old, 1)] }).await.unwrap();
        let done = rotate::rotate(&desk).await.unwrap();
        assert_eq!((done.version, done.secrets), (2, 1));
        let sealed = desk.query(|_, sql| Ok(store::secret::find(sql, "hook.secret")?)).await.unwrap().unwrap();
        assert_eq!(sealed.key_id, both().key_id());
        assert_eq!(both().open("hook.secret", &sealed).unwrap(), b"hush");
        assert_eq!(rotate::rotate(&desk).await.unwrap().secrets, 0, "a second time there is nothing to seal again");

        let cause = Cause::system(desk.world(), "test");
        let value = json!({ "label": { "en": "1" } }).as_object().cloned().unwrap();
        desk.execute(move |env, sql| directory::put(env, sql, &cause, EntryKind::Site, "newer", &value, None)).await.unwrap();
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

/// A program with the old key at data that a newer one has sealed. It starts only because who may write to the database hides the
/// seals meanwhile.
async fn break_in(place: &Place) -> Desk {
    let db = Db::open(&place.address()).await.unwrap();
    let refused = Desk::open(db, World::real(), keyring(), place.files(), "http://localhost").await.err().unwrap();
    assert!(refused.to_string().contains("newest keys"), "{refused}");
    place.tamper("CREATE TABLE seal_kept AS SELECT * FROM seal; DELETE FROM seal").await;
    let desk = open_with(place, keyring()).await;
    place.tamper("INSERT INTO seal SELECT * FROM seal_kept; DROP TABLE seal_kept").await;
    desk
}

async fn set(desk: &Desk, key: &'static str) -> Uuid {
    let cause = Cause::system(desk.world(), "test");
    let value = json!({ "label": { "en": desk.world().now().to_string() } }).as_object().cloned().unwrap();
    let done = desk.execute(move |env, sql| {
        let (set, row) = directory::put(env, sql, &cause, EntryKind::Site, key, &value, None)?;
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
        let thief = break_in(&forged).await;
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
        let thief = break_in(&late).await;
        let cause = Cause::system(thief.world(), "test");
        let value = json!({ "label": { "en": "2" } }).as_object().cloned().unwrap();
        let refused = thief.execute(move |env, sql| directory::put(env, sql, &cause, EntryKind::Site, "newer", &value, None)).await;
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
