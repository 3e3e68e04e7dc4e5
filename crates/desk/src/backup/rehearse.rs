//! Rehearsing a migration: on a copy, which is checked and removed again. The system may be in use.

use std::path::Path;
use std::sync::Arc;

use store::{Address, Db, migrate};
use tokio::sync::mpsc::Sender;

use super::BackupError;
use super::copy::{source, stream};
use super::restore::Upto;
use crate::check::{self, Subject};
use crate::{Keyring, World};

/// Copies, migrates the copy, checks it and removes it. Gives the exit code of the check.
///
/// SQLite is copied into a file beside it. PostgreSQL is copied into a schema of its own in the same database, which needs
/// the right to make one and as much space again.
pub async fn rehearse(address: &Address, keyring: Keyring, world: &World, lines: &Sender<String>) -> Result<u8, BackupError> {
    let db = source(address).await?;
    match address {
        Address::File(file) => {
            let mut name = file.as_os_str().to_owned();
            name.push(".rehearsal");
            let copy = Path::new(&name);
            remove(copy)?;
            say(lines, format!("copying the database to {}", copy.display())).await;
            db.copy_file(copy).await?;
            let outcome = on_copy(&Address::File(copy.to_owned()), None, keyring, world, lines).await;
            remove(copy)?;
            outcome
        }
        Address::Postgres(_) => {
            let schema = format!("yuheng_rehearsal_{}", hex::encode(world.bytes::<6>()));
            say(lines, format!("copying the database into its schema {schema}")).await;
            let copy = db.make_schema(&schema).await?;
            let outcome = on_copy(&copy, Some(&db), keyring, world, lines).await;
            db.drop_schema(&schema).await?;
            outcome
        }
    }
}

async fn on_copy(copy: &Address, from: Option<&Db>, keyring: Keyring, world: &World, lines: &Sender<String>) -> Result<u8, BackupError> {
    let db = Db::connect(copy).await?;
    if let Some(from) = from {
        stream(from, &db, None, Upto::Same, world).await?;
    }
    let (before, began) = (db.read(migrate::version).await?, world.now());
    db.migrate_copy().await?;
    let took = world.now() - began;
    say(
        lines,
        match before {
            migrate::NEWEST => format!("schema {before} is the newest: there is nothing to migrate"),
            _ => format!("schema {before} became {} in {took} ms", migrate::NEWEST),
        },
    )
    .await;
    let subject = Subject { db, keyring: Arc::new(keyring), files: None, world: world.clone() };
    let code = check::run(&subject, lines.clone()).await?;
    say(lines, if code == 0 { "the rehearsal went well; the copy is removed" } else { "the copy has faults; it is removed" }.to_owned())
        .await;
    Ok(code)
}

/// Removes a database file with what SQLite keeps beside it.
fn remove(file: &Path) -> Result<(), BackupError> {
    for ending in ["", "-wal", "-shm", ".partial"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(BackupError::file("remove", Path::new(&name), error)),
            _ => {}
        }
    }
    Ok(())
}

async fn say(lines: &Sender<String>, line: String) {
    // Nobody reading is no reason to stop.
    let _ = lines.send(line).await;
}
