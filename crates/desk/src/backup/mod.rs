//! Backup, restore and copy: one portable format for both databases, files included.
//!
//! A backup is of one moment, written beside a system in use; it appears under its name when all of it is on the disk. A
//! restore reads it through before it writes the first thing, and writes everything in one transaction.

mod copy;
mod error;
mod format;
mod pipe;
mod read;
mod rehearse;
mod restore;
mod wrap;
mod write;

pub use copy::{Copied, Copy, copy};
pub use error::BackupError;
pub use format::{End, FORMAT, Header};
pub use rehearse::rehearse;
pub use restore::{Restore, restore};
pub use wrap::{Passphrase, Wrapped};

use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use decide::Dialect;
use flate2::Compression;
use flate2::write::GzEncoder;
use store::backup::BackupRow;
use store::{WriteSet, migrate};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

use crate::{Desk, DeskError, PROGRAM};
use write::Out;

/// What came of a backup.
#[derive(Clone, Debug)]
pub struct Made {
    /// Counts.
    pub end: End,
    /// Digests of files whose content is gone or damaged, at most 1,000 of them.
    pub missing: Vec<String>,
    /// Size of the file.
    pub bytes: u64,
}

/// Writes a backup and says what is in it. Gives 1 when the content of a file is gone or damaged: the backup holds all else.
pub async fn run(desk: &Desk, file: &Path, passphrase: Option<Passphrase>, lines: &Sender<String>) -> Result<u8, BackupError> {
    let (wrapped, began_at) = (passphrase.is_some(), desk.world().now());
    let made = backup(desk, file, passphrase).await;
    note(desk, file, began_at, &made).await;
    let made = made?;
    let key = desk.env().keyring.key_id().to_owned();
    let mut said: Vec<String> =
        made.missing.iter().map(|sha256| format!("file {sha256} is gone or damaged and not in the backup")).collect();
    said.push(if wrapped {
        format!("the key {key} is inside, wrapped with YUHENG_BACKUP_PASSPHRASE")
    } else {
        format!("the key {key} is NOT inside: keep it apart, or set YUHENG_BACKUP_PASSPHRASE to wrap it into the backup")
    });
    let End { rows, files, .. } = &made.end;
    said.push(format!("{}: {} rows of {} tables, {files} files, {} bytes", file.display(), made.end.all_rows(), rows.len(), made.bytes));
    for line in said {
        // Nobody reading is no reason to fail: the backup is written.
        let _ = lines.send(line).await;
    }
    Ok(u8::from(made.end.missing > 0))
}

/// Notes in the database what came of a backup, for those who look after the system. That this cannot be noted says nothing
/// about the backup.
async fn note(desk: &Desk, file: &Path, began_at: i64, made: &Result<Made, BackupError>) {
    let row = BackupRow {
        id: desk.world().id(),
        began_at,
        ended_at: desk.world().now(),
        file: file.display().to_string(),
        bytes: made.as_ref().ok().and_then(|made| i64::try_from(made.bytes).ok()),
        missing: made.as_ref().map_or(0, |made| i64::try_from(made.end.missing).unwrap_or(i64::MAX)),
        failure: made.as_ref().err().map(ToString::to_string),
    };
    if let Err(error) = desk.apply(WriteSet { statements: vec![store::backup::insert(&row)] }).await {
        tracing::warn!(%error, "that a backup was made could not be noted");
    }
}

/// Writes a backup.
pub async fn backup(desk: &Desk, file: &Path, passphrase: Option<Passphrase>) -> Result<Made, BackupError> {
    let (keyring, world) = (desk.env().keyring, desk.world().clone());
    let target = file.to_owned();
    let (key, partial) = blocking(move || {
        guard(&target)?;
        let key = passphrase.as_ref().map(|passphrase| wrap::wrap(&keyring, passphrase, &world)).transpose()?;
        Ok((key, Partial::create(&target)?))
    })
    .await?;
    let (files, handle) = (desk.files().clone(), Handle::current());
    let (made_at, key_id) = (desk.world().now(), desk.env().keyring.key_id().to_owned());
    let database = database(desk.db().dialect());
    let written = desk.db().snapshot(move |sql| {
        let header = Header {
            format: FORMAT,
            schema: migrate::version(sql)?,
            program: PROGRAM.to_owned(),
            made_at,
            database,
            files: true,
            key_id,
            key,
        };
        Ok(partial.fill(|to| write::write(sql, header, Some(&files), &handle, to)))
    });
    written.await?
}

/// Runs what blocks on a thread for that.
async fn blocking<T: Send + 'static>(body: impl FnOnce() -> Result<T, BackupError> + Send + 'static) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(body).await.map_err(|error| DeskError::outside("backup", error))?
}

fn database(dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgres",
    }
    .to_owned()
}

/// Refuses to write over anything but an older backup: a wrong name must not cost a database.
fn guard(file: &Path) -> Result<(), BackupError> {
    if file.is_dir() || (file.exists() && read::header(restore::open(file)?).is_err()) {
        return Err(BackupError::Occupied(file.to_owned()));
    }
    Ok(())
}

type Packer = GzEncoder<BufWriter<File>>;

/// A backup that is being written, under a name of its own; removed unless it is finished.
struct Partial {
    file: Option<File>,
    path: PathBuf,
    target: PathBuf,
}

impl Partial {
    fn create(target: &Path) -> Result<Self, BackupError> {
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        let failed = |error| BackupError::file("write", &path, error);
        let file = File::options().create(true).truncate(false).write(true).mode(0o600).open(&path).map_err(failed)?;
        let busy = |_| failed(std::io::Error::new(std::io::ErrorKind::WouldBlock, "another backup is writing it"));
        file.try_lock().map_err(busy)?;
        file.set_len(0).and_then(|()| file.set_permissions(Permissions::from_mode(0o600))).map_err(failed)?;
        Ok(Self { file: Some(file), path: path.clone(), target: target.to_owned() })
    }

    /// Lets the content be written, brings it to the disk and gives it its name.
    fn fill(mut self, write: impl FnOnce(Packer) -> Result<Out<Packer>, BackupError>) -> Result<Made, BackupError> {
        let file = self.file.take().ok_or_else(|| std::io::Error::other("the file was taken"))?;
        let Out { to, end, missing } = write(GzEncoder::new(BufWriter::with_capacity(256 * 1024, file), Compression::default()))?;
        let mut buffer = to.finish()?;
        buffer.flush()?;
        let file = buffer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        std::fs::rename(&self.path, &self.target).map_err(|error| BackupError::file("name", &self.target, error))?;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(Made { end, missing, bytes })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already when it has got its name.
        let _ = std::fs::remove_file(&self.path);
    }
}
