//! The past where content was erased.

use desk::DeskError;
use desk::record::comment::{Comment, comment};
use desk::record::past::{Moment, past};
use desk::record::read::Target;

use crate::support::{Clock, House, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_that_rests_on_erased_content_is_not_guessed() {
    on_both(async |place| {
        let clock = Clock::default();
        let house = House::found_at(&place, clock.world()).await;
        let record = house.opened("one").await;
        let before = house.desk.world().now();
        clock.ahead(60_000);
        let words = Comment { body: "words".to_owned(), internal: true };
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
