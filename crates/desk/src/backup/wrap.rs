//! The root key inside a backup: sealed with a key that a passphrase gives.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::{DeskError, Keyring, World};

/// Shortest passphrase, in characters.
const SHORTEST: usize = 8;
/// What deriving costs: 64 MiB and three passes, about 0.2 s.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// What a backup may ask for at most, so that a made-up one cannot take the machine.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 20;
const PURPOSE: &[u8] = b"yuheng backup key 1";

/// A passphrase; never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passphrase(String);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// A passphrase, none when the text is empty.
    pub fn new(text: &str) -> Result<Option<Self>, BackupError> {
        match text.chars().count() {
            0 => Ok(None),
            n if n < SHORTEST => Err(BackupError::PassphraseShort(SHORTEST)),
            _ => Ok(Some(Self(text.to_owned()))),
        }
    }
}

/// A root key that only its passphrase opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// How the passphrase becomes a key: `argon2id`.
    pub kdf: String,
    /// Its memory in KiB.
    pub memory_kib: u32,
    /// Its passes.
    pub passes: u32,
    /// Its salt, base64.
    pub salt: String,
    /// How the root key is sealed: `xchacha20-poly1305`.
    pub cipher: String,
    /// Nonce, base64.
    pub nonce: String,
    /// The sealed root key, base64.
    pub sealed: String,
}

const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20-poly1305";

/// Wraps the root key.
pub fn wrap(keyring: &Keyring, passphrase: &Passphrase, world: &World) -> Result<Wrapped, BackupError> {
    let (salt, nonce) = (world.bytes::<16>(), world.bytes::<24>());
    let key = derive(passphrase, &salt, MEMORY_KIB, PASSES)?;
    let root = keyring.text();
    let sealed = XChaCha20Poly1305::new(&key)
        .encrypt(&XNonce::from(nonce), Payload { msg: root.as_bytes(), aad: PURPOSE })
        .map_err(|_| DeskError::outside("wrap the key", "encryption failed"))?;
    Ok(Wrapped {
        kdf: KDF.to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: STANDARD.encode(salt),
        cipher: CIPHER.to_owned(),
        nonce: STANDARD.encode(nonce),
        sealed: STANDARD.encode(sealed),
    })
}

/// Opens a wrapped root key.
pub fn unwrap(wrapped: &Wrapped, passphrase: &Passphrase) -> Result<Keyring, BackupError> {
    if wrapped.kdf != KDF || wrapped.cipher != CIPHER || wrapped.memory_kib > MOST_MEMORY_KIB || wrapped.passes > MOST_PASSES {
        return Err(BackupError::NoBackup(format!(
            "its key is wrapped with {} and {}, which this program does not do",
            wrapped.kdf, wrapped.cipher
        )));
    }
    let bytes = |text: &str| STANDARD.decode(text).map_err(|error| BackupError::NoBackup(format!("its wrapped key: {error}")));
    let key = derive(passphrase, &bytes(&wrapped.salt)?, wrapped.memory_kib, wrapped.passes)?;
    let nonce: [u8; 24] = bytes(&wrapped.nonce)?.try_into().map_err(|_| BackupError::PassphraseWrong)?;
    let root = XChaCha20Poly1305::new(&key)
        .decrypt(&XNonce::from(nonce), Payload { msg: &bytes(&wrapped.sealed)?, aad: PURPOSE })
        .map_err(|_| BackupError::PassphraseWrong)?;
    let root = String::from_utf8(root).map_err(|_| BackupError::PassphraseWrong)?;
    Ok(Keyring::from_hex(&root)?)
}

fn derive(passphrase: &Passphrase, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Key, BackupError> {
    let wrong = |error: argon2::Error| DeskError::outside("derive a key from the passphrase", error);
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(wrong)?;
    let mut key = [0_u8; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(passphrase.0.as_bytes(), salt, &mut key).map_err(wrong)?;
    Ok(Key::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_the_key() {
        let keyring = Keyring::new([7; 32]);
        let right = Passphrase::new("正确的备份口令 1").unwrap().unwrap();
        let wrong = Passphrase::new("正确的备份口令 2").unwrap().unwrap();
        let wrapped = wrap(&keyring, &right, &World::real()).unwrap();
        assert!(!serde_json::to_string(&wrapped).unwrap().contains(&keyring.text()));
        assert_eq!(unwrap(&wrapped, &right).unwrap().text(), keyring.text());
        assert!(matches!(unwrap(&wrapped, &wrong), Err(BackupError::PassphraseWrong)));
        assert_eq!(format!("{right:?}"), "Passphrase(…)");
    }

    #[test]
    fn a_short_passphrase_is_refused_and_an_empty_one_is_none() {
        assert!(matches!(Passphrase::new("1234567"), Err(BackupError::PassphraseShort(8))));
        assert_eq!(Passphrase::new("").unwrap(), None);
    }
}
