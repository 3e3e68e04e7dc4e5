//! Keys that were rotated: what older ones made still verifies and opens, what is new is the newest one's.

use desk::directory::{self, EntryKind};
use desk::journal::Cause;
use desk::{Desk, Keyring, World, rotate, worker};
use serde_json::json;
use store::{Db, WriteSet};

use crate::check::worked;
use crate::support::{Place, keyring, on_both};

/// The keys of all tests with a newer one.
fn both() -> Keyring {
    Keyring::from_hex(&format!("{}\n{}", keyring().root_hex(), "5a".repeat(32))).unwrap()
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
