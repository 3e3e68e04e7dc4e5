//! Opening the data folder: lock, key, files, database.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use desk::files::Files;
use desk::{Desk, DeskError, Keyring, World};
use store::{Address, Db, StoreError};

use super::{Outcome, Where};

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

/// Restores a backup into an empty database.
pub async fn restore(_place: &Where, _file: &Path) -> Outcome {
    Err("restore is not built yet".into())
}

/// Copies one database into another.
pub async fn copy(_from: &str, _to: &str) -> Outcome {
    Err("copy is not built yet".into())
}

/// Brings the schema up to date.
pub async fn migrate(place: &Where, rehearse: bool) -> Outcome {
    let locked = Place::lock(place)?;
    if rehearse {
        return Err("rehearse is not built yet".into());
    }
    Db::open(&locked.address).await?;
    println!("schema {}", store::migrate::NEWEST);
    Ok(ExitCode::SUCCESS)
}
