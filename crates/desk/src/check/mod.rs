//! `yuheng check`: replays every journal with the folds of live operation and compares what it gives with the rows;
//! verifies chains, seals, numbers, stored files. Only reads, all of one moment, beside a system in use.
//!
//! Everything is read in order of the aggregate it belongs to and merged, so memory stays small however much there is,
//! and a row that belongs to nothing is seen as well as one that is missing.

mod entries;
mod fault;
mod history;
mod record;
mod report;
mod rows;
#[cfg(test)]
mod stored;

pub use fault::Fault;
pub use report::{MOST, Report};

use std::sync::Arc;

use store::audit::{self, Streams};
use store::{Db, Sql, StoreError};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use crate::directory::Directory;
use crate::env::Shelf;
use crate::files::Files;
use crate::{Desk, DeskError, Env, Keyring, World, settings, worker};
use history::{Fold, History};
use record::Records;
use rows::Rows;

/// States of internal messages.
const MESSAGE_STATES: [&str; 3] = ["waiting", "applied", "refused"];

/// What is checked.
#[derive(Clone)]
pub struct Subject {
    /// The database.
    pub db: Db,
    /// Its keys.
    pub keyring: Arc<Keyring>,
    /// Stored files; they are left out when there are none at hand.
    pub files: Option<Files>,
    /// Clock and dice.
    pub world: World,
}

impl Subject {
    /// What a desk works on.
    pub fn of(desk: &Desk) -> Self {
        let env = desk.env();
        Self { db: desk.db().clone(), keyring: env.keyring, files: Some(desk.files().clone()), world: env.world }
    }
}

/// Checks everything, says a line per fault and two last lines, and gives the exit code: 0 without faults, else 1.
pub async fn run(subject: &Subject, lines: Sender<String>) -> Result<u8, DeskError> {
    let db = subject.db.clone();
    let (subject, handle) = (subject.clone(), Handle::current());
    db.snapshot(move |sql| Ok(check(&subject, sql, &handle, Report::new(lines)))).await?
}

fn check(subject: &Subject, sql: &mut dyn Sql, handle: &Handle, mut report: Report) -> Result<u8, DeskError> {
    let env = env(subject, sql)?;
    sweep(&env, sql, &mut report)?;
    for number in audit::double_numbers(sql)? {
        report.fault("records", &Fault::Double(number));
    }
    for (id, state) in audit::strange_outbox(sql)? {
        report.fault(&format!("outbox message {id}"), &Fault::State(state));
    }
    for wrong in worker::verify_seals(&env, sql)? {
        report.fault("journal", &Fault::Seal(wrong));
    }
    for setting in settings::SETTINGS.iter().filter(|it| it.is_secret()) {
        if !settings::is_sealed_as(&env.keyring, sql, setting.key, env.directory.setting(setting.key))? {
            report.fault(&format!("setting {}", setting.key), &Fault::Secret("secret"));
        }
    }
    report.seal = store::journal::last_seal(sql)?.map(|seal| (seal.no, seal.mac));
    if let Some(files) = &subject.files {
        stored_files(files, sql, handle, &mut report)?;
    }
    Ok(report.end())
}

/// Directory and packs of the moment that is checked.
fn env(subject: &Subject, sql: &mut dyn Sql) -> Result<Env, DeskError> {
    let directory = Directory::read(sql)?;
    let wording = settings::words::wording(&directory);
    Ok(Env {
        world: subject.world.clone(),
        keyring: Arc::clone(&subject.keyring),
        directory: Arc::new(directory),
        // One that cannot be read is named when a record of it is met.
        packs: Arc::new(Shelf::build(&store::pack_version::newest(sql)?, wording, &Shelf::default()).0),
        public_url: "".into(),
        offers: Arc::default(),
        binding: false,
    })
}

/// Goes through all aggregates in order of identity.
fn sweep(env: &Env, sql: &mut dyn Sql, report: &mut Report) -> Result<(), DeskError> {
    let blocks = audit::number_blocks(sql)?;
    let mut records = Records::new(env, &blocks, store::index_building::all(sql)?);
    let mut streams = Streams::default();
    while let Some(id) = streams.next(sql)? {
        if report.is_unread() {
            return Err(DeskError::outside("check", "nobody reads what it says any more"));
        }
        let history = read(&mut streams, sql, env, id, report)?;
        let rows = Rows::take(&mut streams, sql, id)?;
        let faults = compare(&mut records, sql, &history, &rows)?;
        let name = history.name();
        for fault in rows.faults.iter().chain(&faults) {
            report.fault(&name, fault);
        }
    }
    for (id, why) in records.unusable() {
        report.fault(&format!("pack {id}"), &Fault::Pack(why.clone()));
    }
    Ok(())
}

fn read(streams: &mut Streams, sql: &mut dyn Sql, env: &Env, id: Uuid, report: &mut Report) -> Result<History, StoreError> {
    let mut history = History::new(id);
    while let Some(entry) = streams.entries.take(sql, id)? {
        match entry {
            Ok(entry) => history.add(&env.keyring, &entry, report),
            Err(error) => {
                history.whole = false;
                report.fault(&history.name(), &Fault::Unreadable { what: "a journal entry", why: error.to_string() });
            }
        }
    }
    if history.seq > 0 {
        report.aggregate(id, history.seq, &history.chain);
        report.erased += u64::from(history.erased && !history.removed);
    }
    Ok(history)
}

/// Everything about one aggregate once its journal is folded.
fn compare(records: &mut Records<'_>, sql: &mut dyn Sql, history: &History, rows: &Rows) -> Result<Vec<Fault>, StoreError> {
    let mut faults = messages(history, rows);
    if history.seq == 0 {
        faults.extend(rows.kinds().into_iter().map(Fault::NoJournal));
        return Ok(faults);
    }
    let Some(table) = history.table() else {
        faults.push(Fault::UnknownKind(history.kind.clone()));
        return Ok(faults);
    };
    let beside = |kind: &str| match table {
        "record" => {
            let of_work = matches!(kind, "task" | "timer" | "watcher" | "reminder");
            of_work || matches!(kind, "indexed value" | "link" | "attachment" | "alias" | "legal hold" | "archive")
        }
        "user" => kind == "identity",
        _ => false,
    };
    for row in rows.kinds().into_iter().filter(|kind| *kind != table && !beside(kind)) {
        faults.push(Fault::Misplaced { row, journal: history.kind.clone() });
    }
    if table == "record" {
        record::archive(history, rows, &mut faults);
    }
    if history.removed {
        faults.extend(rows.kinds().into_iter().filter(|kind| *kind != "archive").map(Fault::Remains));
        if !history.content_gone {
            faults.push(Fault::Remains("content of its journal"));
        }
        return Ok(faults);
    }
    if !rows.kinds().contains(&table) {
        faults.push(Fault::NoRow);
        return Ok(faults);
    }
    faults.extend(heads(history, rows));
    let comparable = history.whole && !history.erased && !faults.iter().any(|fault| matches!(fault, Fault::Version { .. }));
    if comparable {
        match &history.fold {
            Fold::Record(fold) => faults.extend(records.compare(sql, history, fold, rows)?),
            Fold::Values(fold) => {
                let pinned = if table == "pack" { records.pinned(sql, history.id)? } else { None };
                faults.extend(entries::compare(&records.env.keyring, history, fold, rows, pinned.as_ref().map(|pinned| &pinned.pack)));
            }
        }
    }
    Ok(faults)
}

/// Whether the rows stand where the journal ends.
fn heads(history: &History, rows: &Rows) -> Vec<Fault> {
    let records = rows.records.iter().map(|found| (found.row.version, &found.row.chain));
    let users = rows.users.iter().map(|row| (row.version, &row.chain));
    let entries = rows.directory.iter().map(|row| (row.version, &row.chain));
    let wrong = |(version, chain): (i64, &Vec<u8>)| {
        if version != history.seq {
            return Some(Fault::Version { row: version, journal: history.seq });
        }
        (chain != &history.chain).then_some(Fault::Head)
    };
    records.chain(users).chain(entries).filter_map(wrong).collect()
}

/// Whether each message was applied as often as it says: once, or not at all.
fn messages(history: &History, rows: &Rows) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let applied_by_journal = |cause: &Uuid| history.messages.get(cause).copied().unwrap_or(0);
    for same in rows.messages.chunk_by(|a, b| a.cause == b.cause) {
        let messages = same.iter().filter(|message| message.state == "applied").count();
        let cause = same[0].cause;
        let entries = applied_by_journal(&cause);
        if messages != entries {
            faults.push(Fault::Applied { cause, messages, entries });
        }
    }
    let strange = rows.messages.iter().filter(|message| !MESSAGE_STATES.contains(&message.state.as_str()));
    faults.extend(strange.map(|message| Fault::State(message.state.clone())));
    faults
}

fn stored_files(files: &Files, sql: &mut dyn Sql, handle: &Handle, report: &mut Report) -> Result<(), DeskError> {
    let mut after = Vec::new();
    loop {
        let blobs = audit::blobs(sql, &after)?;
        let Some((last, _)) = blobs.last() else { return Ok(()) };
        after.clone_from(last);
        for (sha256, size) in blobs {
            let name = format!("file {}", hex::encode(&sha256));
            match handle.block_on(files.get(&sha256)) {
                Ok(content) if content.len() as i64 == size => {}
                Ok(content) => report.fault(
                    &name,
                    &Fault::Column { column: "size", row: size.to_string(), journal: format!("{} bytes of content", content.len()) },
                ),
                Err(error) => report.fault(&name, &Fault::File(error.to_string())),
            }
        }
    }
}
