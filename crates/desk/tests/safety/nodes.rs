//! Several nodes on one database: what one of them does, the others know in time.

use std::time::Duration;

use desk::directory::EntryKind;
use desk::record::comment::{Comment, comment};
use desk::worker;
use serde_json::json;
use store::record::insert_alias;
use store::{Db, WriteSet};

use crate::support::{Clock, House, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_of_a_node_that_nobody_asks_know_the_newest_directory() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let other = place.open().await;
        house.set("organisation", json!({ "zh": "你好" })).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let workers = worker::start(&other, &stopped);
        let known = async {
            while other.env().directory.by_key(EntryKind::Setting, "organisation").unwrap().data["value"]["zh"] != "你好" {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), known).await.expect("it is behind");
        stop.send_replace(true);
        for worker in workers {
            worker.await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_set_by_a_slow_clock_is_what_its_journal_says() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let record = house.opened("one").await;
        let clock = Clock::default();
        clock.ahead(3_600_000);
        let fast = House { desk: place.open_at(clock.world()).await, ..house };
        let words = Comment { body: "words".to_owned(), internal: true, mentions: Vec::new() };
        fast.act(record, move |env, sql, cause, actor, target| comment(env, sql, cause, actor, target, &words)).await;
        let slow = House { desk: place.open().await, ..fast };
        slow.hold_back(record).await;
        worker::seal_now(&slow.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_of_one_source_does_not_hide_that_of_another() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let (other_type, not_mine, mine) = (house.opened("other").await, house.opened("not mine").await, house.opened("mine").await);
        let alias = |source, record| insert_alias(source, "X-1", record);
        let statements = vec![alias("a", other_type), alias("b", not_mine), alias("c", mine)];
        Db::open(&place.address()).await.unwrap().apply(WriteSet { statements }).await.unwrap();
        let [first, second] = [house.row(other_type).await.number, house.row(not_mine).await.number];
        place.tamper(&format!("UPDATE record SET type = 'another' WHERE number = '{first}'")).await;
        place
            .tamper(&format!(
                "UPDATE record SET requester = (SELECT id FROM app_user WHERE username = 'manager'), \
                 reporter = (SELECT id FROM app_user WHERE username = 'manager') WHERE number = '{second}'"
            ))
            .await;
        assert_eq!(house.found_by("X-1", house.manager).await.unwrap(), not_mine);
        assert_eq!(house.found_by("X-1", house.requester).await.unwrap(), mine, "the first that may be read");
        assert!(house.found_by("X-2", house.manager).await.is_err());
    })
    .await;
}
