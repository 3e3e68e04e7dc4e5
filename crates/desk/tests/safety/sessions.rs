//! Sessions and tokens of long connections, and failures to sign in that no longer count.

use desk::{Actor, DeskError, Proof, setup};
use store::WriteSet;
use store::session::{self, SessionRow};
use uuid::Uuid;

use crate::support::on_both;

/// More than any list shows.
const MANY: u128 = 230;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_connection_is_found_behind_many_newer_sessions_and_tokens() {
    on_both(async |place| {
        let desk = place.open().await;
        setup::run(&desk, Some("a long password")).await.unwrap();
        let admin = desk.query(|_, sql| Ok(store::user::find_username(sql, setup::ADMIN)?)).await.unwrap().unwrap();
        let now = desk.world().now();
        let row = |n: u128| SessionRow {
            hash: n.to_be_bytes().to_vec(),
            id: Uuid::from_u128(n),
            user: admin.id,
            csrf: vec![0],
            created_at: now - 1000,
            // The first one is the least used.
            last_seen_at: now - 1000 + i64::try_from(n).unwrap(),
            expires_at: now + 3_600_000,
            user_agent: String::new(),
            address: String::new(),
        };
        let statements = (0..MANY).map(|n| session::insert(&row(n))).collect();
        desk.apply(WriteSet { statements }).await.unwrap();
        let cause = desk::journal::Cause::system(desk.world(), "test");
        let user = admin.id;
        let mut tokens = Vec::new();
        for _ in 0..MANY {
            let cause = cause.clone();
            let made = desk.execute(move |env, sql| {
                let made = desk::session::create_token(env, user, "one of many", &["read".to_owned()], None)?;
                Ok((desk::session::token_statements(env, sql.dialect(), &cause, &made.row)?, made.row.id))
            });
            tokens.push(made.await.unwrap());
        }
        let of = |proof| Actor::new(admin.clone(), &desk.env().directory, proof, desk.world().now());
        let session = of(Proof::Session { id: Uuid::from_u128(0), csrf: Vec::new() });
        let token = of(Proof::Token { id: tokens[0], scopes: vec!["read".to_owned()] });
        for actor in [&session, &token] {
            desk.actor_again(actor).await.unwrap();
        }
        let first = tokens[0];
        desk.apply(WriteSet { statements: vec![session::end(user, Uuid::from_u128(0))] }).await.unwrap();
        desk.execute(move |env, sql| Ok((desk::session::revoke_token(env, sql, &cause, user, first)?, ()))).await.unwrap();
        for actor in [&session, &token] {
            assert!(matches!(desk.actor_again(actor).await, Err(DeskError::Unauthenticated(_))));
        }
        let (code, lines) = place.check().await;
        assert_eq!(code, 0, "{lines:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_that_count_no_more_are_swept() {
    on_both(async |place| {
        let desk = place.open().await;
        let statements = vec![session::count_failure("name:old", 1_000, 0), session::count_failure("name:new", 2_000, 0)];
        desk.apply(WriteSet { statements }).await.unwrap();
        desk.apply(WriteSet { statements: vec![session::sweep_failures(1_500)] }).await.unwrap();
        let left = |subject: &'static str| desk.query(move |_, sql| Ok(session::failures(sql, subject)?));
        assert_eq!((left("name:old").await.unwrap(), left("name:new").await.unwrap()), ((0, 0), (1, 2_000)));
    })
    .await;
}
