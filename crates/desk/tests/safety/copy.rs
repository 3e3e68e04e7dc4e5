//! A copy goes from one database to the other and back without losing anything, and a migration is rehearsed on one.

use desk::World;
use desk::backup::{self, BackupError, Copy};
use store::Address;

use crate::check::worked;
use crate::support::{House, Place, keyring, on_both, said};

async fn copy(from: &Place, to: &Place) -> Result<backup::Copied, BackupError> {
    let folders = Some((from.folder().to_owned(), to.folder().to_owned()));
    backup::copy(&Copy { from: from.address(), to: to.address(), folders }, &World::real()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_one_database_to_the_other_and_back_the_check_stays_the_same() {
    let (first, last) = (worked(Place::sqlite()).await, Place::sqlite());
    let Some(middle) = Place::postgres() else { return };
    let before = first.sound().await;
    let there = copy(&first, &middle).await.unwrap();
    assert_eq!(middle.sound().await, before);
    let back = copy(&middle, &last).await.unwrap();
    assert_eq!(last.sound().await, before);
    assert_eq!((there.end.rows.clone(), there.end.files), (back.end.rows.clone(), 2));
    assert_eq!(there.end.lines, back.end.lines);
}

/// Entries of several writers at once stand in the feed's order, which on PostgreSQL is not that of their positions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_wrote_at_once_keeps_the_order_of_the_feed() {
    on_both(async |place| {
        let house = House::found(&place).await;
        for _ in 0..5 {
            let together = (0..8).map(|n| house.opened(["a", "b", "c", "d", "e", "f", "g", "h"][n]));
            for opened in together.map(Box::pin).collect::<Vec<_>>() {
                opened.await;
            }
            let four = tokio::join!(house.opened("1"), house.opened("2"), house.opened("3"), house.opened("4"));
            assert_ne!(four.0, four.1);
            desk::worker::seal_now(&house.desk).await.unwrap();
        }
        let before = place.sound().await;
        for target in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
            copy(&place, &target).await.unwrap();
            assert_eq!(target.sound().await, before);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_copied_as_they_are() {
    let place = worked(Place::sqlite()).await;
    place.tamper("DELETE FROM journal WHERE event = 'accepted'").await;
    let (_, before) = place.check().await;
    for target in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        copy(&place, &target).await.unwrap();
        let (code, lines) = target.check().await;
        assert_eq!((code, &lines), (1, &before));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_needs_a_source_with_data_and_an_empty_target() {
    on_both(async |place| {
        let place = worked(place).await;
        let before = place.sound().await;
        let other = worked(place.another()).await;
        let refused = copy(&other, &place).await.err();
        assert!(matches!(refused, Some(BackupError::NotEmpty(_))), "{refused:?}");
        let itself = copy(&place, &place).await.err();
        assert!(matches!(itself, Some(BackupError::NotEmpty(_))), "{itself:?}");
        assert_eq!(place.sound().await, before);
        let nothing = copy(&place.another(), &place.another()).await.err();
        assert!(matches!(nothing, Some(BackupError::NoSource(_))), "{nothing:?}");
    })
    .await;
    let nowhere = Place::sqlite();
    assert!(copy(&nowhere, &Place::sqlite()).await.is_err());
    assert!(!nowhere.path("yuheng.db").exists(), "looking for a source makes none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_checks_a_copy_beside_the_system_and_leaves_nothing() {
    on_both(async |place| {
        let house = House::found(&place).await;
        house.work().await;
        let (before, _) = place.sound().await;
        let (code, lines) = said(async |lines| backup::rehearse(&place.address(), keyring(), &World::real(), &lines).await.unwrap()).await;
        assert_eq!(code, 0, "{lines:?}");
        assert!(lines[0].starts_with("copying the database"), "{lines:?}");
        assert!(lines[1].contains("there is nothing to migrate"), "{lines:?}");
        assert_eq!(lines[2..4].join("\n"), before);
        let copies = match place.address() {
            Address::File(_) => {
                let names = std::fs::read_dir(place.folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
                names.filter(|name| name.contains("rehearsal")).count()
            }
            Address::Postgres(_) => {
                let schemas = "SELECT 1 FROM pg_namespace WHERE nspname LIKE 'yuheng_rehearsal%'";
                house.desk.query(move |_, sql| Ok(sql.query(schemas, &[])?)).await.unwrap().len()
            }
        };
        assert_eq!(copies, 0);
        house.opened("afterwards").await;
        place.sound().await;
    })
    .await;
}
