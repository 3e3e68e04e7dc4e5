//! A macro is several commands in one transaction: all of them with one correlation, or none.

use desk::directory::EntryKind;
use desk::journal::Cause;
use desk::kit::macros::{self, Order};
use desk::record::read::Target;
use serde_json::json;
use store::journal::{Entry, Sight};
use uuid::Uuid;

use crate::support::{House, on_both};

fn order(record: Uuid, key: &str) -> Order {
    Order { target: Target::Id(record), key: key.to_owned(), seen: None, lang: "en".to_owned() }
}

async fn entries(house: &House, record: Uuid) -> Vec<Entry> {
    house.desk.query(move |_, sql| Ok(store::journal::of_aggregate(sql, record, 1, Sight::All, 100)?)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_share_a_correlation_and_each_has_its_command() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let steps = json!([{"action": "accept"}, {"action": "comment", "fields": {"body": "{{record.number}}"}}]);
        house.has(EntryKind::Macro, "usual", json!({"label": {"en": "Usual"}, "type": "incident", "steps": steps})).await;
        let steps = json!([{"action": "accept"}, {"action": "resume"}]);
        house.has(EntryKind::Macro, "never", json!({"label": {"en": "Never"}, "type": "incident", "steps": steps})).await;
        let record = house.opened("one").await;
        let actor = house.actor().await;
        let cause = Cause::of(house.desk.world(), house.manager, "web");
        let (by, why, what) = (actor.clone(), cause.clone(), order(record, "usual"));
        let played = house.desk.rehearse(move |env, tx| macros::play(env, tx, &why, &by, &what)).await.unwrap();
        assert!(played.iter().all(|step| step.outcome.is_ok()) && played.len() == 2);
        let (by, why, what) = (actor.clone(), cause.clone(), order(record, "never"));
        house.desk.transact(move |env, tx| macros::run(env, tx, &why, &by, &what)).await.unwrap_err();
        assert!(entries(&house, record).await.is_empty(), "neither a preview nor a refusal writes");
        let (by, why, what) = (actor, cause.clone(), order(record, "usual"));
        house.desk.transact(move |env, tx| macros::run(env, tx, &why, &by, &what)).await.unwrap();
        let written = entries(&house, record).await;
        assert_eq!(written.iter().map(|entry| entry.event.as_str()).collect::<Vec<_>>(), ["accepted", "commented"]);
        assert!(written.iter().all(|entry| entry.correlation == cause.correlation));
        assert_eq!((written[0].command, written[1].causation), (cause.command, Some(cause.command)));
        assert_ne!(written[1].command, cause.command);
        place.sound().await;
    })
    .await;
}
