//! Rotating the keys outside the database: a new root key makes all that is new, secrets are sealed again under it, and the
//! older ones stay to verify the journal they made.

use store::WriteSet;

use crate::{Desk, DeskError};

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Number of the newest key.
    pub version: usize,
    /// Its name.
    pub key_id: String,
    /// Secrets that were sealed again.
    pub secrets: usize,
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
        desk.use_keys(rotated.map_err(|error| DeskError::outside("rotate the key", error))??);
    }
    let secrets = reseal(desk).await?;
    let keyring = desk.env().keyring;
    tracing::info!(version = keyring.version(), key = keyring.key_id(), secrets, "keys were rotated");
    Ok(Rotated { version: keyring.version(), key_id: keyring.key_id().to_owned(), secrets })
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
