//! A backup holds everything of one moment and comes back whole, on either database, or not at all.

use std::io::{Read, Write};
use std::path::Path;

use desk::backup::{self, BackupError, Passphrase, Restore};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use store::{Db, StoreError, migrate, portable};

use crate::check::worked;
use crate::support::{House, Place, keyring, on_both, said};

pub fn passphrase() -> Option<Passphrase> {
    Passphrase::new("口令 for the tests").unwrap()
}

pub fn wanted(file: &Path, to: &Place) -> Restore {
    Restore { file: file.to_owned(), folder: to.folder().to_owned(), address: to.address(), key: None, passphrase: passphrase() }
}

/// Writes a backup of a place where a house has worked.
async fn made(place: &Place) -> std::path::PathBuf {
    let file = place.path("backup.yuheng");
    let desk = place.open().await;
    let (code, lines) = said(async |lines| backup::run(&desk, &file, passphrase(), &lines).await.unwrap()).await;
    assert_eq!(code, 0, "{lines:?}");
    assert!(lines[0].contains("is inside, wrapped"), "{lines:?}");
    assert!(lines[1].contains(" 2 files, "), "{lines:?}");
    assert!(!place.path("backup.yuheng.partial").exists());
    file
}

/// Empty places on both databases.
pub fn targets() -> Vec<Place> {
    [Some(Place::sqlite()), Place::postgres()].into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_comes_back_the_same_on_either_database_and_goes_on() {
    on_both(async |place| {
        let place = worked(place).await;
        let before = place.sound().await;
        let file = made(&place).await;
        for target in targets() {
            let (header, end) = backup::restore(wanted(&file, &target)).await.unwrap();
            assert_eq!((header.schema, end.files, end.missing), (migrate::NEWEST, 2, 0));
            assert_eq!(target.sound().await, before);
            assert_eq!(std::fs::read_to_string(target.path("key")).unwrap(), keyring().text());
            goes_on(&target).await;
        }
    })
    .await;
}

/// New work continues the journal, the feed and the seals.
async fn goes_on(place: &Place) {
    let desk = place.open().await;
    let manager = desk.query(|_, sql| Ok(store::user::find_username(sql, "manager")?)).await.unwrap().unwrap().id;
    let requester = desk.query(|_, sql| Ok(store::user::find_username(sql, "asker")?)).await.unwrap().unwrap().id;
    let end = desk.query(|_, sql| Ok(store::journal::feed_end(sql)?)).await.unwrap();
    let house = House { desk, manager, requester };
    let record = house.opened("nach der Rückkehr").await;
    let changes = house.desk.query(move |_, sql| Ok(store::journal::feed(sql, end, 10)?)).await.unwrap();
    assert_eq!(changes.iter().map(|change| change.aggregate).collect::<Vec<_>>(), [record]);
    assert!(desk::worker::seal_now(&house.desk).await.unwrap() > 0);
    place.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_beside_busy_people_is_of_one_moment() {
    on_both(async |place| {
        let house = House::found(&place).await;
        let file = place.path("busy.yuheng");
        let (began, begun) = tokio::sync::oneshot::channel();
        let mut began = Some(began);
        let writing = async {
            for n in 0..40 {
                house.opened(&format!("record {n}")).await;
                if n == 3 {
                    began.take().unwrap().send(()).unwrap();
                }
            }
        };
        let saving = async {
            let soon = tokio::time::timeout(std::time::Duration::from_secs(60), begun);
            soon.await.expect("people are busy within a minute").unwrap();
            backup::backup(&house.desk, &file, passphrase()).await.unwrap()
        };
        let ((), made) = tokio::join!(writing, saving);
        let target = place.another();
        backup::restore(wanted(&file, &target)).await.unwrap();
        target.sound().await;
        assert_eq!(made.end.rows.get("journal"), made.end.rows.get("journal_payload"));
        place.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_with_data_is_refused_and_stays_as_it_is() {
    on_both(async |place| {
        let place = worked(place).await;
        let before = place.sound().await;
        let file = made(&place).await;
        std::fs::write(place.path("key"), keyring().text()).unwrap();
        let refused = backup::restore(wanted(&file, &place)).await.err();
        assert!(matches!(refused, Some(BackupError::NotEmpty(_))), "{refused:?}");
        assert_eq!(place.sound().await, before);
        // A database that was opened and never used is empty.
        let target = place.another();
        drop(Db::open(&target.address()).await.unwrap());
        backup::restore(wanted(&file, &target)).await.unwrap();
        assert_eq!(target.sound().await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_before_anything_is_written() {
    let place = worked(Place::sqlite()).await;
    let whole = std::fs::read(made(&place).await).unwrap();
    let plain = unpack(&whole);
    let mut damaged: Vec<(String, Vec<u8>)> = Vec::new();
    for cut in [0, 1, 20, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        damaged.push((format!("cut at {cut}"), whole[..cut].to_vec()));
    }
    for at in (30..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        // The compressed form has a few bits that mean nothing: what reads the same is not damaged.
        let mut read = String::new();
        if GzDecoder::new(&bytes[..]).read_to_string(&mut read).is_ok() && read == plain {
            continue;
        }
        damaged.push((format!("a bit turned at {at}"), bytes));
    }
    let lines: Vec<&str> = plain.lines().collect();
    let without =
        |n: usize| pack(&lines.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, line)| format!("{line}\n")).collect::<String>());
    damaged.push(("a row lost".to_owned(), without(60)));
    damaged.push(("the last line lost".to_owned(), without(lines.len() - 1)));
    damaged.push(("a part of a file lost".to_owned(), without(lines.len() - 3)));
    damaged.push(("a line too much".to_owned(), pack(&format!("{plain}[\"meta\",\"a\",\"b\"]\n"))));
    damaged.push(("a name changed".to_owned(), pack(&plain.replacen("单小丽", "单小莉", 1))));
    damaged.push(("another file".to_owned(), pack("{\"hello\": 1}\n")));
    damaged.push(("no archive".to_owned(), b"hello".to_vec()));
    let file = place.path("damaged.yuheng");
    for (what, bytes) in damaged {
        std::fs::write(&file, bytes).unwrap();
        let target = Place::sqlite();
        let refused = backup::restore(wanted(&file, &target)).await.err();
        assert!(matches!(refused, Some(BackupError::Damaged { .. } | BackupError::NoBackup(_))), "{what}: {refused:?}");
        assert_eq!(std::fs::read_dir(target.folder()).unwrap().count(), 0, "{what}: something was written");
    }
}

/// What fails while rows are written leaves nothing of them behind, and does not stand in the way of the next try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_fails_half_way_leaves_nothing() {
    let place = worked(Place::sqlite()).await;
    let before = place.sound().await;
    let file = made(&place).await;
    let lines: Vec<Value> = unpack(&std::fs::read(&file).unwrap()).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last_row = lines.iter().rposition(|line| line[0] == "secret" || line[0] == "number_block").unwrap();
    let mut double = lines.clone();
    double.insert(last_row, lines[last_row].clone());
    let mut unknown = lines.clone();
    unknown.insert(last_row, json!(["no_such_table", 1]));
    let mut column = lines.clone();
    let table = column.iter_mut().find(|line| line["table"]["name"] == "number_block").unwrap();
    table["table"]["columns"][1] = json!("next\" = 1; --");
    for (what, lines) in [("a row twice", double), ("an unknown table", unknown), ("an unknown column", column)] {
        let broken = place.path("broken.yuheng");
        std::fs::write(&broken, sealed(lines)).unwrap();
        for target in targets() {
            let failed = backup::restore(wanted(&broken, &target)).await.err();
            assert!(
                matches!(failed, Some(BackupError::Store(StoreError::Duplicate(_) | StoreError::Damaged { .. }))),
                "{what}: {failed:?}"
            );
            let db = Db::connect(&target.address()).await.unwrap();
            assert_eq!(db.read(|sql| Ok((migrate::version(sql)?, portable::occupied(sql)?))).await.unwrap(), (0, None), "{what}");
            let opened = Db::open(&target.address()).await.err();
            assert!(matches!(opened, Some(StoreError::Unfinished)), "{what}: {opened:?}");
            backup::restore(wanted(&file, &target)).await.unwrap();
            assert_eq!(target.sound().await, before);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_newer_than_this_program_is_refused() {
    let place = worked(Place::sqlite()).await;
    let file = made(&place).await;
    let plain = unpack(&std::fs::read(&file).unwrap());
    let target = Place::sqlite();
    for (field, expected) in [("format", "has format 99, this program reads up to 1"), ("schema", "schema 99 is newer than this program's")]
    {
        let mut lines: Vec<Value> = plain.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines[0]["yuheng_backup"][field] = json!(99);
        std::fs::write(&file, sealed(lines)).unwrap();
        let refused = backup::restore(wanted(&file, &target)).await.err().unwrap().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
    assert_eq!(std::fs::read_dir(target.folder()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_comes_back_by_its_passphrase_only() {
    let place = worked(Place::sqlite()).await;
    let file = made(&place).await;
    assert!(!unpack(&std::fs::read(&file).unwrap()).contains(&keyring().text()));
    let target = Place::sqlite();
    let with = |passphrase: Option<Passphrase>, key: Option<String>| Restore { passphrase, key, ..wanted(&file, &target) };
    let needed = backup::restore(with(None, None)).await.err();
    assert!(matches!(needed, Some(BackupError::PassphraseNeeded)), "{needed:?}");
    let wrong = backup::restore(with(Passphrase::new("another one").unwrap(), None)).await.err();
    assert!(matches!(wrong, Some(BackupError::PassphraseWrong)), "{wrong:?}");
    let other = backup::restore(with(None, Some("ab".repeat(32)))).await.err();
    assert!(matches!(other, Some(BackupError::KeyWrong { .. })), "{other:?}");
    assert_eq!(std::fs::read_dir(target.folder()).unwrap().count(), 0);
    // Without a passphrase the key stays out, which is said, and the restore wants it from elsewhere.
    let desk = place.open().await;
    let (_, lines) = said(async |lines| backup::run(&desk, &file, None, &lines).await.unwrap()).await;
    assert!(lines[0].contains("is NOT inside"), "{lines:?}");
    let needed = backup::restore(with(passphrase(), None)).await.err();
    assert!(matches!(needed, Some(BackupError::KeyNeeded(_))), "{needed:?}");
    backup::restore(with(None, Some(keyring().text()))).await.unwrap();
    assert!(!target.path("key").exists(), "a key from outside stays outside");
    target.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_replaces_an_older_one_and_nothing_else() {
    let place = worked(Place::sqlite()).await;
    let desk = place.open().await;
    let file = made(&place).await;
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    backup::backup(&desk, &file, None).await.unwrap();
    for name in ["yuheng.db", "lock"] {
        std::fs::write(place.path("lock"), "").unwrap();
        let refused = backup::backup(&desk, &place.path(name), None).await.err();
        assert!(matches!(refused, Some(BackupError::Occupied(_))), "{name}: {refused:?}");
    }
    let nowhere = backup::backup(&desk, &place.path("no/such/folder"), None).await.err();
    assert!(matches!(nowhere, Some(BackupError::File { .. })), "{nowhere:?}");
    place.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_file_is_named_and_all_else_is_saved() {
    let place = worked(Place::sqlite()).await;
    let folder = std::fs::read_dir(place.path("files")).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_dir_all(folder).unwrap();
    let (desk, file) = (place.open().await, place.path("lost.yuheng"));
    let (code, lines) = said(async |lines| backup::run(&desk, &file, passphrase(), &lines).await.unwrap()).await;
    assert_eq!(code, 1);
    assert!(lines[0].contains("is gone or damaged and not in the backup"), "{lines:?}");
    let target = Place::sqlite();
    let (_, end) = backup::restore(wanted(&file, &target)).await.unwrap();
    assert_eq!((end.files, end.missing), (1, 1));
    let (code, lines) = target.check().await;
    assert_eq!((code, lines.len()), (1, 4), "{lines:?}");
    assert!(lines[0].contains("the stored file is gone or damaged"), "{lines:?}");
}

fn unpack(bytes: &[u8]) -> String {
    let mut plain = String::new();
    GzDecoder::new(bytes).read_to_string(&mut plain).unwrap();
    plain
}

fn pack(plain: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(plain.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// A backup of these lines with counts and digest that fit them.
fn sealed(mut lines: Vec<Value>) -> Vec<u8> {
    lines.pop();
    let plain: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut rows = serde_json::Map::new();
    for table in lines.iter().filter_map(|line| line[0].as_str()) {
        let count = rows.get(table).and_then(Value::as_u64).unwrap_or(0);
        rows.insert(table.to_owned(), json!(count + 1));
    }
    let files = lines.iter().filter(|line| !line["file"].is_null()).count();
    let sha256 = hex::encode(desk::keyring::sha256(plain.as_bytes()));
    let end = json!({"end": {"lines": lines.len(), "rows": rows, "files": files, "missing": 0, "sha256": sha256}});
    pack(&format!("{plain}{end}\n"))
}
