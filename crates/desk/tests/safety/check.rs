//! `yuheng check` says nothing about a sound system and names each planted fault.

use crate::support::{House, Place, on_both};
use desk::Keyring;
use tokio::sync::OnceCell;

/// A place where a house has worked, with nobody in it any more: a copy of one that all tests share.
pub async fn worked(place: Place) -> Place {
    static SQLITE: OnceCell<Place> = OnceCell::const_new();
    static POSTGRES: OnceCell<Place> = OnceCell::const_new();
    let shared = if place.is_postgres() { &POSTGRES } else { &SQLITE };
    let base = shared.get_or_init(|| async {
        let house = House::found(&place).await;
        house.work().await;
        place
    });
    base.await.copy().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_at_work_is_sound() {
    on_both(async |place| {
        let house = House::found(&place).await;
        house.work().await;
        // While it is in use, too.
        let (_, counts) = place.sound().await;
        assert!(!counts.starts_with("0 "), "{counts}");
        house.opened("another").await;
        let (_, more) = place.sound().await;
        assert_ne!(counts, more);
    })
    .await;
}

/// What is done to the database behind everybody's back, and what the check must say of it.
const PLANTED: &[(&str, &[&str])] = &[
    // Rows that say something else than their journal.
    ("UPDATE record SET title = 'forged' WHERE number LIKE '%000001'", &["title is \"forged\", the journal says"]),
    ("UPDATE record SET state = 'l3' WHERE number LIKE '%000001'", &["state is \"l3\", the journal says"]),
    ("UPDATE record SET is_open = 0 WHERE number LIKE '%000005'", &["is_open is false, the journal says true"]),
    ("UPDATE record SET reassign_count = reassign_count + 1 WHERE number LIKE '%000001'", &["reassign_count is 2"]),
    ("UPDATE record SET team = NULL, assignee = NULL WHERE number LIKE '%000001'", &["team is None", "the journal says Some("]),
    ("UPDATE record SET fields = replace(fields, '8001', '8002') WHERE number LIKE '%000001'", &["fields is", "8002", "8001"]),
    (
        "UPDATE record SET process = replace(process, '\"next_id\":', '\"next_id\":1') WHERE number LIKE '%000001'",
        &["process is", "next_id"],
    ),
    ("UPDATE app_user SET roles = '[\"admin\"]' WHERE username = 'asker'", &["user asker", "roles is"]),
    ("UPDATE app_user SET active = 0 WHERE username = 'asker'", &["active is false, the journal says true"]),
    ("UPDATE directory SET data = replace(data, 'important', 'critical') WHERE kind = 'service'", &["service oa", "data is", "critical"]),
    ("UPDATE token SET scopes = 'read write admin'", &["scopes is"]),
    ("UPDATE token SET revoked_at = NULL", &["token", "revoked_at is None, the journal says Some("]),
    ("UPDATE token SET revoked_at = 7 WHERE name = 'probe'", &["revoked_at is Some(Number(7)), the journal says None"]),
    ("UPDATE token SET hash = user_id WHERE name = 'probe'", &["the stored token is not the one that the journal tells of"]),
    ("UPDATE identity SET secret = 'x' WHERE subject = 'manager'", &["user manager", "the stored password is not the one"]),
    ("UPDATE identity SET secret = (SELECT secret FROM identity WHERE subject = 'admin')", &["user manager", "the stored password is not"]),
    ("DELETE FROM identity WHERE subject = 'admin'", &["user admin", "the stored password is not the one"]),
    (
        "INSERT INTO identity (provider, subject, user_id, secret, changed_at) \
         SELECT 'password', 'asker', (SELECT id FROM app_user WHERE username = 'asker'), secret, 1 FROM identity WHERE subject = 'admin'",
        &["user asker", "set, changed or removed behind its back"],
    ),
    ("UPDATE pack_version SET files = replace(files, 'agent', 'agens')", &["pack incident"]),
    ("UPDATE pack_version SET hash = 'x'", &["hash is"]),
    // A journal that is not what was written.
    ("UPDATE journal_payload SET body = replace(body, '刚刚报告的', '早就报告的')", &["content of journal entry 1 was altered"]),
    ("UPDATE journal SET actor = NULL WHERE event = 'accepted'", &["was altered, or another key was used"]),
    ("UPDATE journal SET visibility = 'public' WHERE event = 'commented'", &["does not continue the chain"]),
    (
        "UPDATE journal SET chain = digest WHERE seq = 1 AND event = 'opened'",
        &["journal entry 1 was altered", "entries were removed, added or rewritten"],
    ),
    // Things that are gone.
    ("DELETE FROM record WHERE number LIKE '%000005'", &["it has a journal and no row"]),
    ("DELETE FROM app_user WHERE username = 'asker'", &["user asker", "it has a journal and no row"]),
    ("DELETE FROM journal WHERE event = 'accepted'", &["is missing: the next one is", "entries were removed"]),
    ("DELETE FROM journal WHERE event = 'linked' AND channel = 'message'", &["entries were removed"]),
    (
        "DELETE FROM journal WHERE aggregate = (SELECT id FROM record WHERE number LIKE '%000005'); \
         DELETE FROM task WHERE record = (SELECT id FROM record WHERE number LIKE '%000005'); \
         DELETE FROM timer WHERE record = (SELECT id FROM record WHERE number LIKE '%000005'); \
         DELETE FROM record_value WHERE record = (SELECT id FROM record WHERE number LIKE '%000005'); \
         DELETE FROM record WHERE number LIKE '%000005'",
        &["journal: seal ", "entries were removed"],
    ),
    ("DELETE FROM seal WHERE no = 1", &["the seal chain itself is broken"]),
    ("UPDATE seal SET sealed_at = sealed_at + 1", &["the seal chain itself is broken"]),
    ("DELETE FROM task", &["task", "is missing, the journal says it is there"]),
    ("DELETE FROM record_value WHERE field = 'users_affected'", &["indexed value users_affected is missing"]),
    ("DELETE FROM attachment", &["attachment", "is missing, the journal says it is there"]),
    ("DELETE FROM blob", &["size is None"]),
    ("DELETE FROM record_link WHERE kind = 'related'", &["link related", "is missing"]),
    ("DELETE FROM directory WHERE kind = 'setting'", &["it has a journal and no row"]),
    // Things that should not be there.
    (
        "INSERT INTO task (record, activity, element, opened_at, suspended) SELECT record, activity + 90, element, opened_at, 0 FROM task",
        &["task 9", "is there, the journal does not say so"],
    ),
    ("INSERT INTO timer (record, timer, due_at) SELECT id, 77, 0 FROM record WHERE number LIKE '%000004'", &["timer 77 is there"]),
    (
        "INSERT INTO timer (record, timer, due_at) SELECT id, 77, 0 FROM app_user",
        &["a row of kind 'timer' belongs to a journal of kind 'user'"],
    ),
    ("INSERT INTO record_value (record, field, text) SELECT id, 'none', 'x' FROM record", &["indexed value none is there"]),
    ("INSERT INTO record_link (record, kind, other) SELECT id, 'child', id FROM record", &["link child", "is there"]),
    ("INSERT INTO record_alias (source, external_id, record) SELECT 'old', number, id FROM record", &["alias", "of old is there"]),
    // What differs beside the row.
    ("UPDATE task SET assignee = NULL, team = NULL", &["task", "team is None, the journal says"]),
    ("UPDATE timer SET due_at = due_at + 1", &["timer", "due_at is"]),
    (
        "UPDATE record_value SET number = 8 WHERE field = 'users_affected' AND number = 7",
        &["value is Some(Number(8.0)), the journal says Some(Number(7.0))"],
    ),
    ("UPDATE attachment SET name = 'other.txt'", &["name is \"other.txt\""]),
    // What the rest says.
    ("UPDATE number_block SET next = 3", &["was never leased: the next free one of its block is 3"]),
    ("DELETE FROM number_block", &["was never leased"]),
    ("UPDATE message SET state = 'waiting'", &["0 are marked as applied, the journal has 1"]),
    ("UPDATE message SET state = 'lost'", &["its state 'lost' is not known"]),
    ("UPDATE outbox SET state = 'gone'", &["outbox message", "its state 'gone' is not known"]),
    ("UPDATE blob SET size = size + 1", &["size is"]),
    ("DROP INDEX record_number; UPDATE record SET number = 'INC-2026-000001'", &["number INC-2026-000001 belongs to more than one record"]),
];

async fn each_planted_fault_is_found_on(place: Place) {
    let base = worked(place).await;
    let mut missed = Vec::new();
    for (statements, expected) in PLANTED {
        let place = base.copy().await;
        place.tamper(statements).await;
        let (code, lines) = place.check().await;
        let text = lines.join("\n");
        let absent: Vec<_> = expected.iter().filter(|words| !text.contains(*words)).collect();
        if code != 1 || !absent.is_empty() || lines.last().is_none_or(|last| last.ends_with(" 0 faults")) {
            missed.push(format!("{statements}\n  lacks {absent:?} in\n{text}"));
        }
    }
    assert!(missed.is_empty(), "{} of {} were missed:\n{}", missed.len(), PLANTED.len(), missed.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_planted_fault_is_found_on_sqlite() {
    each_planted_fault_is_found_on(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_planted_fault_is_found_on_postgres() {
    if let Some(place) = Place::postgres() {
        each_planted_fault_is_found_on(place).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erased_content_is_no_fault_and_a_cut_tail_with_its_row_turned_back_is() {
    on_both(async |place| {
        let base = worked(place).await;
        let erased = base.copy().await;
        let of = "(SELECT pos FROM journal WHERE aggregate = (SELECT id FROM record WHERE number LIKE '%000005'))";
        erased.tamper(&format!("DELETE FROM journal_payload WHERE pos IN {of}")).await;
        let (code, lines) = erased.check().await;
        assert_eq!(code, 0, "{lines:?}");
        assert!(lines[0].starts_with("1 aggregates have erased content"), "{lines:?}");
        // Without a tombstone, erased content does not make a record that is gone lawful.
        let gone = base.copy().await;
        gone.tamper(&format!(
            "DELETE FROM journal_payload WHERE pos IN {of}; DELETE FROM task WHERE record = (SELECT id FROM record WHERE number LIKE '%000005'); \
             DELETE FROM timer WHERE record = (SELECT id FROM record WHERE number LIKE '%000005'); DELETE FROM record WHERE number LIKE '%000005'"
        ))
        .await;
        let (code, lines) = gone.check().await;
        assert!(code == 1 && lines.join("\n").contains("it has a journal and no row"), "{lines:?}");
        let cut = base.copy().await;
        cut.tamper(
            "UPDATE record SET version = version - 1, chain = (SELECT chain FROM journal j WHERE j.aggregate = record.id AND j.seq = record.version - 1) \
             WHERE number LIKE '%000001'; \
             DELETE FROM journal WHERE event = 'edited' AND aggregate = (SELECT id FROM record WHERE number LIKE '%000001')",
        )
        .await;
        let (code, lines) = cut.check().await;
        let text = lines.join("\n");
        assert_eq!(code, 1);
        assert!(text.contains("title is") && text.contains("entries were removed"), "{text}");
    })
    .await;
}

/// A tail of the seals that is cut off shows only to who has kept a later head, so the check tells the head.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_head_of_the_seals_is_told() {
    on_both(async |place| {
        let base = worked(place).await;
        let (_, lines) = base.check().await;
        base.tamper("DELETE FROM seal WHERE no = (SELECT MAX(no) FROM seal)").await;
        let (code, cut) = base.check().await;
        assert_eq!(code, 0, "{cut:?}");
        assert!(lines[0].starts_with("seal ") && cut[0].starts_with("seal ") && lines[0] != cut[0], "{lines:?} {cut:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_and_a_damaged_file_are_told() {
    on_both(async |place| {
        let base = worked(place).await;
        let (code, lines) = base.check_with(Keyring::new([1; 32])).await;
        let text = lines.join("\n");
        assert_eq!(code, 1);
        assert!(text.contains("no entry at all fits the key"), "{text}");
        let damaged = base.copy().await;
        let mut files = Vec::new();
        for folder in std::fs::read_dir(damaged.path("files")).unwrap() {
            files.extend(std::fs::read_dir(folder.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
        }
        assert_eq!(files.len(), 2);
        std::fs::write(&files[0], "something else").unwrap();
        std::fs::remove_file(&files[1]).unwrap();
        let (code, lines) = damaged.check().await;
        assert_eq!(code, 1);
        assert_eq!(lines.iter().filter(|line| line.contains("the stored file is gone or damaged")).count(), 2, "{lines:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_bounded_and_counted() {
    on_both(async |place| {
        let base = worked(place).await;
        let many = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1600) \
                    INSERT INTO timer (record, timer, due_at) SELECT id, i, 0 FROM record, n WHERE number LIKE '%000004'";
        base.tamper(many).await;
        let (code, lines) = base.check().await;
        assert_eq!((code, lines.len()), (1, 1000 + 4));
        assert_eq!(lines[1000], "… and 501 more faults");
        assert!(lines[1003].ends_with(" 1501 faults"), "{}", lines[1003]);
    })
    .await;
}
