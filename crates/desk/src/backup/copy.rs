//! Copying one database into another, empty one: a backup and a restore that run side by side.

use std::path::PathBuf;

use store::{Address, Db, StoreError, migrate};
use tokio::runtime::Handle;

use super::BackupError;
use super::format::{End, FORMAT, Header};
use super::pipe::pipe;
use super::restore::{Upto, load};
use super::write::{self, Out};
use crate::World;
use crate::files::Files;

/// What is copied, and where to.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Database to copy from; it may be in use.
    pub from: Address,
    /// Database to copy to; it must be empty.
    pub to: Address,
    /// Data folders to copy the content of files from and to. Without them the target uses the same data folder.
    pub folders: Option<(PathBuf, PathBuf)>,
}

/// What came of a copy.
#[derive(Clone, Debug)]
pub struct Copied {
    /// Counts.
    pub end: End,
    /// Digests of files whose content is gone or damaged.
    pub missing: Vec<String>,
}

/// Copies.
pub async fn copy(wanted: &Copy, world: &World) -> Result<Copied, BackupError> {
    if wanted.from == wanted.to {
        return Err(BackupError::NotEmpty("meta"));
    }
    let files = match &wanted.folders {
        Some((from, to)) => Some((Files::local(&from.join("files"))?, Files::local(&to.join("files"))?)),
        None => None,
    };
    let from = source(&wanted.from).await?;
    if let Address::File(path) = &wanted.to
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    let to = Db::connect(&wanted.to).await?;
    stream(&from, &to, files, Upto::Newest, world).await
}

/// Opens a database that exists, without changing its schema.
pub(super) async fn source(address: &Address) -> Result<Db, BackupError> {
    let nothing = || match address {
        Address::File(path) => BackupError::NoSource(path.display().to_string()),
        // The address may hold a password.
        Address::Postgres(_) => BackupError::NoSource("that PostgreSQL address".to_owned()),
    };
    if matches!(address, Address::File(path) if !path.is_file()) {
        return Err(nothing());
    }
    let db = Db::connect(address).await?;
    match db.read(migrate::version).await? {
        0 => Err(nothing()),
        found if found > migrate::NEWEST => Err(StoreError::NewerSchema { found, known: migrate::NEWEST }.into()),
        _ => {
            db.read(migrate::refuse_unfinished).await?;
            Ok(db)
        }
    }
}

/// Streams everything of one database into another.
pub(super) async fn stream(from: &Db, to: &Db, files: Option<(Files, Files)>, upto: Upto, world: &World) -> Result<Copied, BackupError> {
    let (inlet, outlet) = pipe();
    let (from_files, to_files) = files.unzip();
    let (made_at, handle) = (world.now(), Handle::current());
    let database = super::database(from.dialect());
    let writing = from.snapshot(move |sql| {
        let header = Header {
            format: FORMAT,
            schema: migrate::version(sql)?,
            program: crate::PROGRAM.to_owned(),
            made_at,
            database,
            files: from_files.is_some(),
            key_id: String::new(),
            key: None,
        };
        let written = write::write(sql, header, from_files.as_ref(), &handle, inlet).and_then(|out| {
            let Out { mut to, end, missing } = out;
            std::io::Write::flush(&mut to)?;
            Ok(Copied { end, missing })
        });
        Ok(written)
    });
    let (written, loaded) = tokio::join!(writing, load(to, outlet, to_files, upto));
    match (written?, loaded) {
        (Ok(copied), Ok(_)) => Ok(copied),
        // Who gave up first says why; the other only sees that the pipe is broken.
        (Err(BackupError::Io(_)), Err(error)) | (Ok(_), Err(error)) => Err(error),
        (Err(error), _) => Err(error),
    }
}
