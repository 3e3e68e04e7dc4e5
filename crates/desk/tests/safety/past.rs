//! The past where content was erased, and where clocks disagree.

use desk::record::comment::{Comment, comment};
use desk::record::edit::{Edit, edit};
use desk::record::past::{Moment, past};
use desk::record::read::Target;
use desk::{DeskError, World};
use serde_json::json;

use crate::support::{Clock, House, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_that_rests_on_erased_content_is_not_guessed() {
    on_both(async |place| {
        let clock = Clock::default();
        let house = House::found_at(&place, clock.world()).await;
        let record = house.opened("one").await;
        let before = house.desk.world().now();
        clock.ahead(60_000);
        let words = Comment { body: "words".to_owned(), internal: true, mentions: Vec::new() };
        house.act(record, move |env, sql, cause, actor, target| comment(env, sql, cause, actor, target, &words)).await;
        place.tamper("DELETE FROM journal_payload WHERE pos = (SELECT MAX(pos) FROM journal)").await;
        let actor = house.actor().await;
        let read = async |as_of: Option<i64>| {
            let (actor, moment) = (actor.clone(), Moment { as_of, known_at: None });
            let read = move |env: &desk::Env, sql: &mut dyn store::Sql| {
                past(env, sql, &actor, &Target::Id(record), moment).map(|past| past.then.row)
            };
            house.desk.query(read).await
        };
        assert_eq!(read(Some(before)).await.unwrap().version, 1, "what was before it is known");
        let refused = read(Some(before + 3_600_000)).await.unwrap_err();
        assert!(matches!(refused, DeskError::Erased { seq: 2 }), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_on_a_node_whose_clock_is_behind_is_not_before_what_it_was_done_on() {
    const BEHIND: i64 = 60_000;
    on_both(async |place| {
        let house = House::found(&place).await;
        let clock = World::with_clock(|| World::real().now() - BEHIND);
        let behind = House { desk: place.open_at(clock).await, manager: house.manager, requester: house.requester };
        let record = behind.opened("one").await;
        let patch = json!({ "title": "two" }).as_object().cloned().unwrap();
        house
            .act(record, move |env, sql, cause, actor, target| {
                edit(env, sql, cause, actor, &Edit { target: target.clone(), expected: 1, patch: patch.clone() })
            })
            .await;
        let words = Comment { body: "about two".to_owned(), internal: true, mentions: Vec::new() };
        behind.act(record, move |env, sql, cause, actor, target| comment(env, sql, cause, actor, target, &words)).await;
        let between = house.desk.world().now() - BEHIND / 2;
        for (at, version, title) in [(between, 1, "one"), (between + BEHIND, 3, "two")] {
            for moment in [Moment { as_of: Some(at), known_at: None }, Moment { as_of: None, known_at: Some(at) }] {
                let actor = house.actor().await;
                let read = move |env: &desk::Env, sql: &mut dyn store::Sql| {
                    past(env, sql, &actor, &Target::Id(record), moment).map(|past| past.then.row)
                };
                let row = house.desk.query(read).await.unwrap();
                assert_eq!((row.version, row.title.as_str()), (version, title), "{moment:?}");
            }
        }
    })
    .await;
}
