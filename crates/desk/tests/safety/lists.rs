//! The order of queues, and what follows when a customer is the provider's own or not.

use desk::record::list::{Wanted, list};
use serde_json::json;
use uuid::Uuid;

use crate::support::{House, on_both};

/// The queue, read in pages of one.
async fn queue(house: &House) -> Vec<Uuid> {
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let actor = house.actor().await;
        let wanted = Wanted { sort: Some("queue".to_owned()), cursor, limit: 1, ..Wanted::default() };
        let page = house.desk.query(move |env, sql| list(env, sql, &actor, "incident", &wanted)).await.unwrap();
        found.extend(page.items.iter().map(|row| row.id));
        cursor = page.next;
        if cursor.is_none() {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_of_other_customers_come_first_where_the_setting_says_so() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let own = house.opened("own").await;
        house.asks_for("acme").await;
        let outside = house.opened("from outside").await;
        house.asks_for("home").await;
        let late = house.opened("own, later").await;
        let over = house.cancelled("over").await;
        assert_eq!(queue(&house).await, [own, outside, late]);
        house.set("queue_order", json!("external_first")).await;
        assert_eq!(queue(&house).await, [outside, own, late]);
        // What is done to a record leaves it in its place.
        house.hold_back(outside).await;
        assert_eq!(queue(&house).await, [outside, own, late]);
        assert!(!queue(&house).await.contains(&over), "a queue holds open records");
        house.set("queue_order", json!("priority")).await;
        assert_eq!(queue(&house).await, [own, outside, late]);
        place.sound().await;
    })
    .await;
}
