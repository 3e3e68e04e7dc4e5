//! The ledger of what leaves: who no longer holds a message cannot say what became of it.

use store::outbox::{self, OutboxRow};
use store::{Db, StoreError, WriteSet};
use uuid::Uuid;

use crate::support::on_both;

const HOUR: i64 = 3_600_000;

fn message(n: u128) -> OutboxRow {
    OutboxRow {
        id: Uuid::from_u128(n),
        channel: "mail".to_owned(),
        recipient: "somebody@example.org".to_owned(),
        recipient_user: None,
        thread: Uuid::from_u128(9),
        template: "opened".to_owned(),
        body: "{}".to_owned(),
        state: "waiting".to_owned(),
        reason: None,
        attempts: 0,
        next_at: 0,
        created_at: 1,
        sent_at: None,
        error: None,
    }
}

async fn apply(db: &Db, statement: store::Statement) -> Result<(), StoreError> {
    db.apply(WriteSet { statements: vec![statement] }).await
}

async fn state(db: &Db, n: u128) -> (String, i64) {
    let row = db.read(move |sql| outbox::find(sql, Uuid::from_u128(n))).await.unwrap().unwrap();
    (row.state, row.attempts)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_holder_of_a_message_ends_it() {
    on_both(async |place| {
        let db = Db::open(&place.address()).await.unwrap();
        apply(&db, outbox::insert(&message(1))).await.unwrap();
        // The lease is of the database's clock: what the node believes to be now has no part in it.
        let slow = db.write(|tx| outbox::claim(tx, HOUR, -1, HOUR)).await.unwrap().unwrap().row;
        assert_eq!((slow.state.as_str(), slow.attempts), ("sending", 1));
        assert_eq!(db.write(|tx| outbox::claim(tx, HOUR, 60_000, HOUR)).await.unwrap(), None, "it is taken");
        assert_eq!(db.write(outbox::mark_uncertain).await.unwrap(), 1);
        for late in [outbox::sent(&slow, 5), outbox::failed(&slow, Some(5), "no")] {
            assert!(matches!(apply(&db, late).await, Err(StoreError::Stale)));
        }
        assert_eq!(state(&db, 1).await, ("uncertain".to_owned(), 1));
        // Somebody decides that it is sent again: the first worker has no say in what the second one does.
        apply(&db, outbox::change_state(slow.id, "uncertain", "waiting")).await.unwrap();
        let second = db.write(|tx| outbox::claim(tx, HOUR, 60_000, HOUR)).await.unwrap().unwrap().row;
        assert_eq!(second.attempts, 2);
        assert!(matches!(apply(&db, outbox::sent(&slow, 5)).await, Err(StoreError::Stale)));
        assert_eq!(db.write(outbox::mark_uncertain).await.unwrap(), 0, "its lease has not ended");
        apply(&db, outbox::sent(&second, HOUR)).await.unwrap();
        assert_eq!(state(&db, 1).await, ("sent".to_owned(), 2));
        assert!(matches!(apply(&db, outbox::failed(&second, None, "no")).await, Err(StoreError::Stale)), "sent is sent");
        // A claim tells what the loop guard asks.
        apply(&db, outbox::insert(&message(2))).await.unwrap();
        assert_eq!(db.write(|tx| outbox::claim(tx, HOUR, 60_000, HOUR)).await.unwrap().unwrap().sent_lately, 1);
    })
    .await;
}
