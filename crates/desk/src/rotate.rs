//! Rotating the keys outside the database: a new root key makes all that is new, secrets are sealed again under it, and the
//! older ones stay to verify the journal they made.
//!
//! So that an old key is good for nothing more, the key file notes from which seal on the new one makes everything. It can say
//! so only when all that the old key made is sealed.

use std::time::Duration;

use store::WriteSet;

use crate::keyring::version_of;
use crate::worker::{seal_now, seal_once};
use crate::{Desk, DeskError};

/// How often, and how far apart, a rotation looks whether all that the old key made is sealed. Transactions of others may
/// hold that up; then the worker that seals notes it later.
const LOOKS: (usize, Duration) = (10, Duration::from_millis(300));

/// Entries behind a seal that are looked through; where there are more, the next seal has to come first.
const MOST: i64 = 10_000;

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Number of the newest key.
    pub version: usize,
    /// Its name.
    pub key_id: String,
    /// Secrets that were sealed again.
    pub secrets: usize,
    /// The seal from which on the newest key makes everything; none when that cannot be told yet.
    pub since: Option<i64>,
    /// Whether the key file says so; keys from the environment are noted there by hand.
    pub noted: bool,
}

/// Rotates. The key file comes first: whatever happens afterwards, it opens and verifies everything, and a next rotation
/// seals again what this one did not come to. Keys from the environment are changed there; then only secrets are sealed again.
pub async fn rotate(desk: &Desk) -> Result<Rotated, DeskError> {
    desk.gate().pass()?;
    let _alone = desk.rotating().await;
    let keyring = desk.env().keyring;
    if keyring.is_from_file() || keyring.version() == 1 {
        let world = desk.world().clone();
        let rotated = tokio::task::spawn_blocking(move || keyring.rotated(&world)).await;
        desk.use_keys(rotated.map_err(|error| DeskError::outside("rotate the key", error))??).await;
    }
    let secrets = reseal(desk).await?;
    let mut since = note(desk).await?;
    for _ in 1..LOOKS.0 {
        if since.is_some() {
            break;
        }
        tokio::time::sleep(LOOKS.1).await;
        since = note(desk).await?;
    }
    let keyring = desk.env().keyring;
    tracing::info!(version = keyring.version(), key = keyring.key_id(), secrets, since, "keys were rotated");
    let noted = keyring.since().is_some();
    Ok(Rotated { version: keyring.version(), key_id: keyring.key_id().to_owned(), secrets, since, noted })
}

/// Notes what a rotation could not note when it ended.
pub(crate) async fn note_later(desk: &Desk) -> Result<(), DeskError> {
    let keyring = desk.env().keyring;
    if keyring.version() == 1 || keyring.since().is_some() || !keyring.is_from_file() {
        return Ok(());
    }
    let _alone = desk.rotating().await;
    note(desk).await.map(|_| ())
}

/// Seals what there is, at least once with the newest key, and notes that seal when nothing of an older key stands behind it.
/// Gives the number of the seal. The caller keeps other rotations away.
async fn note(desk: &Desk) -> Result<Option<i64>, DeskError> {
    if let Some(since) = desk.env().keyring.since() {
        return Ok(Some(since));
    }
    seal_now(desk).await?;
    let newest = desk.env().keyring.version();
    let last = desk.query(|_, sql| Ok(store::journal::last_seal(sql)?)).await?;
    if last.is_none_or(|seal| version_of(&seal.mac) < newest) {
        seal_once(desk, true).await?;
    }
    let settled = desk.query(move |_, sql| {
        let Some(last) = store::journal::last_seal(sql)?.filter(|seal| version_of(&seal.mac) == newest) else { return Ok(None) };
        // What is not sealed yet may still be of the older key, when the transactions of others hold the feed back.
        let behind = store::journal::behind(sql, last.cursor, MOST)?;
        let all_newest = behind.iter().all(|change| version_of(&change.chain) >= newest);
        Ok((all_newest && (behind.len() as i64) < MOST).then_some(last.no))
    });
    let Some(seal) = settled.await? else { return Ok(None) };
    let keyring = desk.env().keyring;
    if keyring.is_from_file() {
        let noted = tokio::task::spawn_blocking(move || keyring.noted(seal)).await;
        desk.use_keys(noted.map_err(|error| DeskError::outside("note the newest key", error))??).await;
    }
    Ok(Some(seal))
}

/// Seals under the newest key what older ones have sealed, all in one transaction.
async fn reseal(desk: &Desk) -> Result<usize, DeskError> {
    desk.execute(|env, sql| {
        let (mut set, mut count) = (WriteSet::default(), 0);
        for name in store::secret::names(sql)? {
            let Some(before) = store::secret::find(sql, &name)?.filter(|sealed| sealed.key_id != env.keyring.key_id()) else { continue };
            let plain = env.keyring.open(&name, &before)?;
            let after = env.keyring.seal(&name, &plain, &env.world)?;
            set.push(store::secret::reseal(&name, &before, &after));
            count += 1;
        }
        Ok((set, count))
    })
    .await
}
