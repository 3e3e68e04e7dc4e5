//! Restoring a backup: looked through first, then written in one transaction.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use store::{Address, Db, StoreError, Tx, migrate, portable};
use tokio::runtime::Handle;

use super::format::{End, Header};
use super::read::{self, Filling, Nothing};
use super::wrap::{self, Passphrase};
use super::{BackupError, blocking};
use crate::Keyring;
use crate::files::Files;

/// What is restored, and where.
#[derive(Clone, Debug)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// The data folder, which the caller has locked.
    pub folder: PathBuf,
    /// The database, which must be empty.
    pub address: Address,
    /// The root key from outside, 64 hex digits.
    pub key: Option<String>,
    /// What opens the key inside the backup.
    pub passphrase: Option<Passphrase>,
}

/// Opens a backup for reading.
pub(super) fn open(file: &Path) -> Result<impl BufRead + Send + use<>, BackupError> {
    let opened = File::open(file).map_err(|error| BackupError::file("open", file, error))?;
    Ok(BufReader::with_capacity(256 * 1024, MultiGzDecoder::new(BufReader::with_capacity(256 * 1024, opened))))
}

/// Restores a backup. It is read twice: before the first thing is written, all of it was found undamaged.
pub async fn restore(wanted: Restore) -> Result<(Header, End), BackupError> {
    let file = wanted.file.clone();
    let (_, header, _) = blocking(move || read::read(open(&file)?, |_| Ok(Nothing))).await?;
    place_key(&header, &wanted)?;
    let files = Files::local(&wanted.folder.join("files"))?;
    let db = Db::connect(&wanted.address).await?;
    load(&db, open(&wanted.file)?, Some(files), Upto::Newest).await
}

/// Makes sure that the key of the backup is the one in use, and writes it into the folder when the backup brings it.
fn place_key(header: &Header, wanted: &Restore) -> Result<(), BackupError> {
    if let Some(here) = Keyring::find(wanted.key.as_deref(), &wanted.folder)? {
        if here.knows(&header.key_id) {
            return Ok(());
        }
        return Err(BackupError::KeyWrong { here: here.key_id().to_owned(), backup: header.key_id.clone() });
    }
    let wrapped = header.key.as_ref().ok_or_else(|| BackupError::KeyNeeded(header.key_id.clone()))?;
    let passphrase = wanted.passphrase.as_ref().ok_or(BackupError::PassphraseNeeded)?;
    let keyring = wrap::unwrap(wrapped, passphrase)?;
    if keyring.key_id() != header.key_id {
        return Err(BackupError::NoBackup("the key inside is not the one its data were made with".to_owned()));
    }
    Ok(keyring.keep(&wanted.folder)?)
}

/// How far the schema of the loaded rows is brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upto {
    /// It stays as it was.
    Same,
    /// To the newest.
    Newest,
}

/// Loads a backup into an empty database in one transaction: until its commit nothing of it is there, and a note keeps
/// everybody else from taking the database for a new one.
pub(super) async fn load(
    db: &Db,
    from: impl BufRead + Send + 'static,
    files: Option<Files>,
    upto: Upto,
) -> Result<(Header, End), BackupError> {
    let handle = Handle::current();
    whole(db, |tx| {
        if let Some(table) = portable::occupied(tx)? {
            return Err(BackupError::NotEmpty(table));
        }
        Ok(portable::mark(tx)?)
    })
    .await?;
    whole(db, move |tx| fill(tx, from, files.as_ref(), &handle, upto)).await
}

/// Does something in one transaction, which any failure undoes.
async fn whole<T: Send + 'static>(
    db: &Db,
    body: impl FnOnce(&mut dyn Tx) -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let failure: Arc<Mutex<Option<BackupError>>> = Arc::default();
    let told = Arc::clone(&failure);
    let outcome = db
        .write(move |tx| {
            body(tx).map_err(|error| match error {
                BackupError::Store(error) => error,
                // What the store does not know still undoes its transaction.
                other => {
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(other);
                    StoreError::Database("the restore was given up".to_owned())
                }
            })
        })
        .await;
    match failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) => Err(error),
        None => Ok(outcome?),
    }
}

fn fill(tx: &mut dyn Tx, from: impl BufRead, files: Option<&Files>, handle: &Handle, upto: Upto) -> Result<(Header, End), BackupError> {
    let (into, header, end) = read::read(from, |header| Filling::begin(tx, header, files, handle))?;
    into.end()?;
    if upto == Upto::Newest {
        migrate::to(tx, migrate::NEWEST)?;
    }
    Ok((header, end))
}
