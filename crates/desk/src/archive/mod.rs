//! Archives: everything of a record that retention removes, written before into one file that is read without Yuheng.
//!
//! [`prepare`] writes and stores the file outside of any transaction; the removal names it by digest and size, if the record is
//! still what was written. A file that no removal came to name goes as every file does that nothing refers to. See
//! `docs/decisions/0012-retention.md`.

mod dossier;
mod file;
mod timeline;

use bytes::Bytes;
use store::archive::ArchiveRow;
use store::journal::Entry;
use store::{Sql, WriteSet};
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::journal::{self, Cause, Fact};
use crate::record::Content;
use crate::record::content::{ARCHIVE_REMOVED, Archived, Opened};
use crate::{Actor, Desk, DeskError, Env, files};

/// The action that lists and reads archives of all types.
pub const READ: &str = "archive.read";
/// The action that removes them.
pub const WRITE: &str = "archive.write";
/// What an archive is.
pub const MEDIA_TYPE: &str = "application/gzip";

/// An archive that is stored and waits for the removal of its record.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// The version of the record that was written.
    pub version: i64,
    /// The stored file.
    pub file: Archived,
}

/// Writes and stores the archive of a record as it is now; none when there is no such record. The same record gives the same
/// file.
pub(crate) async fn prepare(desk: &Desk, record: Uuid) -> Result<Option<Ready>, DeskError> {
    let Some(dossier) = desk.query(move |env, sql| dossier::read(env, sql, record)).await? else { return Ok(None) };
    let (files, handle, version) = (desk.files().clone(), Handle::current(), dossier.version);
    let writing = tokio::task::spawn_blocking(move || file::write(&dossier, |sha256| handle.block_on(files.get(sha256))));
    let content = writing.await.map_err(|error| DeskError::outside("write an archive", error))??;
    let stored = files::store_archive(desk, Bytes::from(content)).await?;
    store::crash::point("archive_stored");
    Ok(Some(Ready { version, file: Archived { sha256: hex::encode(stored.sha256), size: stored.size } }))
}

/// The row that a tombstone makes; none when it names no archive.
pub(crate) fn row(tombstone: &Entry, content: &Content) -> Result<Option<ArchiveRow>, DeskError> {
    let (Some(opened), Some(removed)) = (&content.record, &content.removed) else { return Ok(None) };
    let Some(archived) = &removed.archive else { return Ok(None) };
    Ok(Some(ArchiveRow {
        record: tombstone.aggregate,
        type_key: opened.type_key.clone(),
        number: opened.number.clone(),
        phase: removed.phase.clone(),
        ended_at: removed.ended_at,
        archived_at: tombstone.occurred_at,
        sha256: hex::decode(&archived.sha256).map_err(|error| DeskError::outside("read the digest of an archive", error))?,
        size: archived.size,
    }))
}

/// The archive of a record, if this person may look at it.
pub fn find(sql: &mut dyn Sql, actor: &Actor, record: Uuid) -> Result<ArchiveRow, DeskError> {
    actor.require(READ)?;
    store::archive::find(sql, record)?.ok_or_else(|| DeskError::NotFound("archive".to_owned()))
}

/// Prepares removing an archive for good. The journal of its record goes on after the tombstone; the content goes when nothing
/// has referred to it for a day.
pub fn remove(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, record: Uuid) -> Result<WriteSet, DeskError> {
    actor.require(WRITE)?;
    let not_found = || DeskError::NotFound("archive".to_owned());
    let row = store::archive::find(sql, record)?.ok_or_else(not_found)?;
    let last = store::journal::last_of(sql, record)?.ok_or_else(not_found)?;
    let fact = Fact {
        kind: "record",
        aggregate: record,
        version: last.seq,
        chain: &last.chain,
        event: ARCHIVE_REMOVED,
        definition: last.definition,
        visibility: "internal",
    };
    let content = Content {
        record: Some(Opened { type_key: row.type_key, number: row.number, alias: None }),
        archive_removed: Some(Archived { sha256: hex::encode(&row.sha256), size: row.size }),
        ..Content::default()
    };
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet { statements: store::archive::remove(record, env.world.now()).into() };
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    Ok(set)
}
