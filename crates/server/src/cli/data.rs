//! Opening the data folder: lock, key, files, database.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use desk::backup::{self, BackupError, Copy, Passphrase, Restore};
use desk::files::Files;
use desk::{Desk, DeskError, Keyring, World};
use store::{Address, Db, StoreError};
use tokio::sync::mpsc;

use super::admin::Task;
use super::{Outcome, Where, control};

/// A data folder that this process has locked.
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// The database.
    pub address: Address,
    _lock: File,
}

impl Place {
    /// The control socket of the server that works on this folder.
    pub fn socket(folder: &Path) -> PathBuf {
        folder.join("control.sock")
    }

    /// Makes the folder if needed and locks it; refused when another process has it.
    pub fn lock(place: &Where) -> Result<Self, DeskError> {
        make_private(&place.data).map_err(|error| DeskError::outside("make the data folder", error))?;
        let path = place.data.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| DeskError::outside("open the lock file", error))?;
        lock.try_lock().map_err(|_| StoreError::Locked(place.data.display().to_string()))?;
        Ok(Self { folder: place.data.clone(), address: address(place)?, _lock: lock })
    }
}

impl Place {
    /// Refuses a folder without database or key, where looking would make both.
    pub fn must_have_data(&self) -> Result<(), DeskError> {
        if let Address::File(file) = &self.address
            && !file.is_file()
        {
            return Err(DeskError::NotFound(format!("database {}", file.display())));
        }
        let key = std::env::var("YUHENG_KEY").ok();
        match Keyring::find(key.as_deref(), &self.folder)? {
            Some(_) => Ok(()),
            None => Err(DeskError::NotFound(format!("key {} (and YUHENG_KEY is not set): it", self.folder.join("key").display()))),
        }
    }
}

/// The database that the arguments mean.
pub fn address(place: &Where) -> Result<Address, StoreError> {
    match &place.database {
        Some(text) => Address::parse(text),
        None => Ok(Address::File(place.data.join("yuheng.db"))),
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Opens the desk over a locked folder.
pub async fn open_desk(place: &Place, public_url: &str) -> Result<Desk, DeskError> {
    let world = World::real();
    let key = std::env::var("YUHENG_KEY").ok();
    let keyring = Keyring::load(key.as_deref(), &place.folder, &world)?;
    let files = Files::local(&place.folder.join("files"))?;
    let db = Db::open(&place.address).await?;
    Desk::open(db, world, keyring, files, public_url).await
}

/// What wraps a backup's key, from `$YUHENG_BACKUP_PASSPHRASE`.
fn passphrase() -> Result<Option<Passphrase>, BackupError> {
    Passphrase::new(&std::env::var("YUHENG_BACKUP_PASSPHRASE").unwrap_or_default())
}

/// Writes a backup, here or by the running server. The passphrase is that of the caller.
pub async fn backup(place: &Where, file: PathBuf) -> Outcome {
    control::run(place, Task::Backup { file, passphrase: passphrase()? }).await
}

/// Restores a backup into an empty folder and database.
pub async fn restore(place: &Where, file: &Path) -> Outcome {
    let locked = Place::lock(place).map_err(stop_first)?;
    let wanted = Restore {
        file: file.to_owned(),
        folder: locked.folder.clone(),
        address: locked.address.clone(),
        key: std::env::var("YUHENG_KEY").ok(),
        passphrase: passphrase()?,
    };
    let (header, end) = backup::restore(wanted).await?;
    let made_at = chrono::DateTime::from_timestamp_millis(header.made_at).map_or_else(String::new, |at| at.to_rfc3339());
    println!("backup of {made_at} by yuheng {} restored: {} rows, {} files", header.program, end.all_rows(), end.files);
    if end.missing > 0 {
        println!("{} files were gone or damaged when the backup was made: `yuheng check` names them", end.missing);
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies one database into another. Files are copied when both data folders are named.
pub async fn copy(from: &str, to: &str, folders: Option<(PathBuf, PathBuf)>) -> Outcome {
    let wanted = Copy { from: database(from)?, to: database(to)?, folders };
    // A database file lies in a data folder: nobody may work on it meanwhile.
    let _locked = match &wanted.to {
        Address::File(path) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(Place::lock(&Where { data: folder.to_owned(), database: None }).map_err(stop_first)?)
        }
        Address::Postgres(_) => None,
    };
    let copied = backup::copy(&wanted, &World::real()).await?;
    for sha256 in &copied.missing {
        println!("file {sha256} is gone or damaged and was not copied");
    }
    println!("{} rows, {} files copied", copied.end.all_rows(), copied.end.files);
    if wanted.folders.is_none() {
        println!("the content of files and the key stay in their data folder: use the copy with that folder");
    } else {
        println!("the key was not copied: put the key file of the old data folder into the new one");
    }
    Ok(ExitCode::from(u8::from(copied.end.missing > 0)))
}

/// A database by its address or by its data folder.
fn database(text: &str) -> Result<Address, StoreError> {
    Ok(match Address::parse(text)? {
        Address::File(path) if path.is_dir() => Address::File(path.join("yuheng.db")),
        other => other,
    })
}

fn stop_first(error: DeskError) -> String {
    match error {
        DeskError::Store(StoreError::Locked(_)) => format!("{error}: stop it first"),
        other => other.to_string(),
    }
}

/// Brings the schema up to date, or tries it on a copy.
pub async fn migrate(place: &Where, rehearse: bool) -> Outcome {
    if rehearse {
        return rehearse_migration(place).await;
    }
    let locked = Place::lock(place).map_err(stop_first)?;
    Db::open(&locked.address).await?;
    println!("schema {}", store::migrate::NEWEST);
    Ok(ExitCode::SUCCESS)
}

/// A rehearsal reads only, so it needs no lock: the system may go on meanwhile.
async fn rehearse_migration(place: &Where) -> Outcome {
    let key = std::env::var("YUHENG_KEY").ok();
    let keyring = Keyring::find(key.as_deref(), &place.data)?;
    let keyring = keyring.ok_or_else(|| format!("there is no key in {}: name the data folder, or set YUHENG_KEY", place.data.display()))?;
    let (lines, printed) = mpsc::channel::<String>(64);
    let printer = control::print(printed);
    let outcome = backup::rehearse(&address(place)?, keyring, &World::real(), &lines).await;
    drop(lines);
    printer.await?;
    Ok(ExitCode::from(outcome?))
}
