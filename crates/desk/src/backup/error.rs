//! Why a backup, a restore or a copy cannot be made, and what to do about it.

use std::path::PathBuf;

use store::StoreError;

use crate::DeskError;

/// A failure; nothing half-done is left that could be taken for whole.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file to be written is something else.
    #[error("{} exists and is no backup: choose another name", .0.display())]
    Occupied(PathBuf),
    /// A file cannot be read or written.
    #[error("{what} {}: {why}", .path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        why: std::io::Error,
    },
    /// Reading or writing failed in between.
    #[error("the backup cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file is something else.
    #[error("this is no backup of Yuheng: {0}")]
    NoBackup(String),
    /// The file is not as it was written.
    #[error("the backup is damaged at line {line} ({why}): nothing was restored; take another backup")]
    Damaged {
        /// Line of the unpacked file.
        line: u64,
        /// What is wrong there.
        why: String,
    },
    /// The format is newer than this program.
    #[error("the backup has format {found}, this program reads up to {known}: use a newer yuheng")]
    NewerFormat {
        /// Format found.
        found: u32,
        /// Newest known.
        known: u32,
    },
    /// The target holds data already.
    #[error("the target is not empty (table {0} has rows): restore into a new folder and database, or move the old ones away first")]
    NotEmpty(&'static str),
    /// The target was opened by a program that is newer than the backup's.
    #[error("the empty target has schema {target} already and the backup has {backup}: restore into a database that was never opened")]
    TargetSchema {
        /// Schema of the target.
        target: i64,
        /// Schema of the backup.
        backup: i64,
    },
    /// The source holds no data of ours.
    #[error("there is no database of Yuheng at {0}")]
    NoSource(String),
    /// The backup needs its passphrase.
    #[error("the backup's key is wrapped: set YUHENG_BACKUP_PASSPHRASE to the passphrase it was made with")]
    PassphraseNeeded,
    /// The passphrase does not open the key.
    #[error("YUHENG_BACKUP_PASSPHRASE is not the passphrase that this backup was made with")]
    PassphraseWrong,
    /// A passphrase that protects nothing.
    #[error("YUHENG_BACKUP_PASSPHRASE is shorter than {0} characters: take a longer one")]
    PassphraseShort(usize),
    /// The backup was made without its key.
    #[error("the backup was made without its key {0}: put the old system's key file into the data folder, or set YUHENG_KEY")]
    KeyNeeded(String),
    /// Another key is in place.
    #[error("the key in place is {here}, the backup was made with {backup}: put that key there, or restore into a folder without a key")]
    KeyWrong {
        /// Key of the target.
        here: String,
        /// Key of the backup.
        backup: String,
    },
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    pub(super) fn file(what: &'static str, path: &std::path::Path, why: std::io::Error) -> Self {
        Self::File { what, path: path.to_owned(), why }
    }
}

impl From<BackupError> for DeskError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Desk(error) => error,
            BackupError::Store(error) => error.into(),
            other => Self::outside("backup", other),
        }
    }
}
