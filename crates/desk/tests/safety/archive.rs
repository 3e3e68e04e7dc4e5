//! What retention archives is whole before it goes, is found again, and can be removed itself.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use desk::backup::{self, Copy};
use desk::journal::Cause;
use desk::record::comment::{self, Comment};
use desk::{Actor, DeskError, World, archive, files, worker};
use serde_json::{Value, json};
use store::archive::ArchiveRow;
use uuid::Uuid;

use crate::backup::{passphrase, targets, wanted};
use crate::retention::{DAY, Trap, is_there, job_result, queue, result, row, rules_of};
use crate::support::{Clock, House, Place, on_both};

/// A house with a record that ended three days ago, told of in every way, and what the record is.
async fn ended(place: &Place, clock: &Clock) -> (House, Uuid) {
    let house = House::found_at(place, clock.world()).await;
    let record = house.opened("打印机无法连接").await;
    house.attach(record, "日志.txt", "line 1\nline 2\n").await;
    let words = Comment { body: "# 不是标题\n第二行".to_owned(), internal: true, mentions: Vec::new() };
    house.act(record, move |env, sql, cause, actor, target| comment::comment(env, sql, cause, actor, target, &words)).await;
    house.cancel(record).await;
    clock.ahead(3 * DAY);
    rules_of(&house, "archive", &[1]).await;
    (house, record)
}

async fn found(house: &House, record: Uuid) -> Option<ArchiveRow> {
    house.desk.query(move |_, sql| Ok(store::archive::find(sql, record)?)).await.unwrap()
}

/// The files of an archive by their path within its folder.
fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let read = |entry: Result<tar::Entry<'_, _>, _>| {
        let mut entry: tar::Entry<'_, flate2::read::GzDecoder<&[u8]>> = entry.unwrap();
        let path = entry.path().unwrap().to_str().unwrap().split_once('/').unwrap().1.to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (path, content)
    };
    tar.entries().unwrap().map(read).collect()
}

async fn actor(house: &House) -> Arc<Actor> {
    let mut actor = (*house.actor().await).clone();
    actor.actions.push(archive::WRITE.to_owned());
    Arc::new(actor)
}

async fn remove(house: &House, record: Uuid) -> Result<(), DeskError> {
    let (actor, cause) = (actor(house).await, Cause::of(house.desk.world(), house.manager, "api"));
    house.desk.execute(move |env, sql| Ok((archive::remove(env, sql, &cause, &actor, record)?, ()))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_holds_everything_and_its_tombstone_names_it() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        let before = house.row(record).await;
        let journal = house.desk.query(move |_, sql| Ok(store::journal::of_aggregate(sql, record, 0, store::journal::Sight::All, 100)?));
        let journal = journal.await.unwrap();
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        assert!(!is_there(&house, record).await);

        let archive = found(&house, record).await.unwrap();
        assert_eq!((&archive.number, &*archive.phase, archive.ended_at), (&before.number, "cancelled", before.closed_at.unwrap()));
        let content = house.desk.files().get(&archive.sha256).await.unwrap();
        assert_eq!(content.len() as i64, archive.size);
        let files = unpacked(&content);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["README.txt", "files/001-日志.txt", "journal.jsonl", "record.json", "timeline.en.md", "timeline.zh.md"]);
        assert_eq!(files["files/001-日志.txt"], b"line 1\nline 2\n");
        let told: Value = serde_json::from_slice(&files["record.json"]).unwrap();
        assert_eq!((&told["number"], &told["fields"]["title"]["value"]), (&json!(before.number), &json!("打印机无法连接")));
        assert_eq!(told["fields"]["requester"]["text"]["zh"], "单小丽 (asker)");
        assert_eq!(told["attachments"][0]["path"], "files/001-日志.txt");
        let lines: Vec<Value> =
            String::from_utf8(files["journal.jsonl"].clone()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), journal.len());
        for (line, entry) in lines.iter().zip(&journal) {
            let salt = hex::decode(line["salt"].as_str().unwrap()).unwrap();
            assert_eq!(desk::journal::digest(&salt, line["body"].as_str().unwrap()).as_slice(), entry.digest);
            assert_eq!((&line["event"], &line["chain"]), (&json!(entry.event), &json!(hex::encode(&entry.chain))));
        }
        let zh = String::from_utf8(files["timeline.zh.md"].clone()).unwrap();
        for words in ["打印机无法连接", "> # 不是标题\n> 第二行", "· 取消 · 赵磊 (manager)", "- 附件: files/001-日志.txt", "· 内部"]
        {
            assert!(zh.contains(words), "{words} is missing in\n{zh}");
        }
        assert!(!zh.contains("\n# 不是标题"));

        let tombstone = house.desk.query(move |_, sql| Ok(store::journal::last_of(sql, record)?)).await.unwrap().unwrap();
        let tombstone: Value = serde_json::from_str(&tombstone.payload.unwrap().body).unwrap();
        assert_eq!(tombstone["removed"]["archive"], json!({ "sha256": hex::encode(&archive.sha256), "size": archive.size }));
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_outlives_the_collection_of_files_and_goes_when_it_is_removed() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        clock.ahead(3 * DAY + files::KEEP_UNUSED + 60_000);
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 1, "the attached file alone");
        let archive = found(&house, record).await.unwrap();
        house.desk.files().get(&archive.sha256).await.unwrap();

        let (nobody, cause) = (house.actor().await, Cause::of(house.desk.world(), house.manager, "api"));
        let refused = house.desk.execute(move |env, sql| Ok((archive::remove(env, sql, &cause, &nobody, record)?, ()))).await;
        assert!(matches!(refused, Err(DeskError::Forbidden(_))), "{refused:?}");
        remove(&house, record).await.unwrap();
        assert!(matches!(remove(&house, record).await, Err(DeskError::NotFound(_))));
        assert_eq!(found(&house, record).await, None);
        let last = house.desk.query(move |_, sql| Ok(store::journal::last_of(sql, record)?)).await.unwrap().unwrap();
        assert_eq!((last.event.as_str(), last.actor), ("archive_removed", Some(house.manager)));
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 0, "a backup of the moment before has it still");
        clock.ahead(3 * DAY + 2 * files::KEEP_UNUSED + 120_000);
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 1);
        place.sound().await;
    })
    .await;
}

/// What is done to an archive behind everybody's back, and what the check must say of it.
const PLANTED: &[(&str, &str)] = &[
    ("DELETE FROM archive", "is missing, the journal says it is there"),
    ("UPDATE archive SET number = 'X-1'", "archive X-1 is there, the journal does not say so"),
    ("UPDATE archive SET type = 'other'", "type is \"other\""),
    ("UPDATE archive SET phase = 'closed'", "phase is \"closed\", the journal says \"cancelled\""),
    ("UPDATE archive SET ended_at = ended_at + 1", "ended_at is"),
    ("UPDATE archive SET archived_at = archived_at + 1", "archived_at is"),
    ("UPDATE archive SET blob = (SELECT sha256 FROM blob WHERE media_type = 'text/plain')", "content is"),
    ("DELETE FROM blob WHERE media_type = 'application/gzip'", "size is -1"),
    ("DELETE FROM journal_payload WHERE pos = (SELECT max(pos) FROM journal WHERE event = 'removed')", "the tombstone has no content"),
    (
        "INSERT INTO archive (record, type, number, phase, ended_at, archived_at, blob) \
         SELECT id, type, number, phase, 1, 1, id FROM record WHERE title = 'another'",
        "is there, the journal does not say so",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_to_an_archive_is_found() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        house.opened("another").await;
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        let archive = found(&house, record).await.unwrap();
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
        drop(house);
        for (statement, expected) in PLANTED {
            let copy = place.copy().await;
            copy.tamper(statement).await;
            let (code, lines) = copy.check().await;
            assert!(code == 1 && lines.iter().any(|line| line.contains(expected)), "{statement}: {lines:#?}");
        }
        let hex = hex::encode(&archive.sha256);
        std::fs::write(place.path("files").join(&hex[..2]).join(&hex), b"something else").unwrap();
        let (code, lines) = place.check().await;
        assert!(code == 1 && lines.iter().any(|line| line.contains("gone or damaged")), "{lines:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn archives_go_from_one_database_to_the_other_and_back() {
    let Some(middle) = Place::postgres() else { return };
    let (first, last) = (Place::sqlite(), Place::sqlite());
    let clock = Clock::default();
    let (house, record) = ended(&first, &clock).await;
    queue(&house.desk).await;
    worker::run_due_jobs(&house.desk).await.unwrap();
    let archive = found(&house, record).await.unwrap();
    worker::seal_now(&house.desk).await.unwrap();
    drop(house);
    let before = first.sound().await;
    for (from, to) in [(&first, &middle), (&middle, &last)] {
        let folders = Some((from.folder().to_owned(), to.folder().to_owned()));
        backup::copy(&Copy { from: from.address(), to: to.address(), folders }, &World::real()).await.unwrap();
        assert_eq!(to.sound().await, before);
        let desk = to.open().await;
        assert_eq!(desk.query(move |_, sql| Ok(store::archive::find(sql, record)?)).await.unwrap().as_ref(), Some(&archive));
        assert_eq!(desk.files().get(&archive.sha256).await.unwrap().len() as i64, archive.size);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_brings_archives_back_on_either_database() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        let archive = found(&house, record).await.unwrap();
        worker::seal_now(&house.desk).await.unwrap();
        let before = place.sound().await;
        let file = place.path("backup.yuheng");
        backup::backup(&house.desk, &file, passphrase()).await.unwrap();
        for target in targets() {
            let (_, end) = backup::restore(wanted(&file, &target)).await.unwrap();
            assert_eq!((end.files, end.missing), (1, 0), "the archive alone: it holds the attached file");
            assert_eq!(target.sound().await, before);
            let desk = target.open().await;
            assert_eq!(desk.query(move |_, sql| Ok(store::archive::find(sql, record)?)).await.unwrap().as_ref(), Some(&archive));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_archived_stays_and_does_not_keep_the_rest() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        clock.ahead(0);
        let (goes, held) = (house.cancelled("goes").await, house.cancelled("held").await);
        house.hold_back(held).await;
        clock.ahead(3 * DAY);
        let attached = house.desk.query(move |_, sql| Ok(store::attachment::of_owner(sql, record)?)).await.unwrap();
        let hex = hex::encode(&attached[0].sha256);
        std::fs::remove_file(place.path("files").join(&hex[..2]).join(&hex)).unwrap();

        let queued = queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        let done = row(&house.desk, queued).await;
        assert_eq!((done.state.as_str(), result(&done)), ("done", job_result(0, 1, 2)));
        assert!(is_there(&house, record).await && is_there(&house, held).await && !is_there(&house, goes).await);
        let told = house.desk.query(move |_, sql| Ok(store::job::results(sql, queued, 0, 10)?)).await.unwrap();
        let number = house.row(record).await.number;
        let kept = told.iter().find(|told| told.subject == number).unwrap();
        assert!(kept.outcome == "kept" && kept.message.as_ref().unwrap().starts_with("it cannot be archived"), "{kept:?}");
        assert!(found(&house, held).await.is_none() && found(&house, record).await.is_none() && found(&house, goes).await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_changes_while_it_is_archived_stays() {
    on_both(async |place| {
        let clock = Clock::default();
        let (house, record) = ended(&place, &clock).await;
        // What the story has queued is done, so that the trap is for this job alone.
        worker::run_due_jobs(&house.desk).await.unwrap();
        // The worker reads the clock to say that it is alive; the job's steps for what is due, then to store the file.
        let trap = Trap::set();
        let desk = place.open_at(trap.world(clock.clone())).await;
        let queued = queue(&house.desk).await;
        trap.arm(3);
        let working = tokio::spawn(async move { worker::run_due_jobs(&desk).await });
        trap.caught().await;
        let words = Comment { body: "one more word".to_owned(), internal: true, mentions: Vec::new() };
        house.act(record, move |env, sql, cause, actor, target| comment::comment(env, sql, cause, actor, target, &words)).await;
        trap.let_go();
        working.await.unwrap().unwrap();
        let done = row(&house.desk, queued).await;
        assert_eq!((done.state.as_str(), result(&done)), ("done", job_result(0, 0, 1)));
        assert!(is_there(&house, record).await && found(&house, record).await.is_none());

        // What was stored in vain goes after a day; the next job takes the record with all that was said.
        clock.ahead(3 * DAY + files::KEEP_UNUSED + 60_000);
        assert_eq!(worker::collect_files(&house.desk).await.unwrap(), 1);
        queue(&house.desk).await;
        worker::run_due_jobs(&house.desk).await.unwrap();
        let archive = found(&house, record).await.unwrap();
        let files = unpacked(&house.desk.files().get(&archive.sha256).await.unwrap());
        assert!(String::from_utf8_lossy(&files["timeline.en.md"]).contains("> one more word"));
        worker::seal_now(&house.desk).await.unwrap();
        place.sound().await;
    })
    .await;
}
