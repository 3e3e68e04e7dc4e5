//! The keys that stay outside the database: one for the journal's chains, one that seals secrets.

use std::io::Write;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use store::secret::Sealed;

use crate::{DeskError, World};

/// Keys derived from the one root key, which comes from `$YUHENG_KEY` or a 0600 file in the data folder.
#[derive(Clone)]
pub struct Keyring {
    root: [u8; 32],
    chain: [u8; 32],
    seal: [u8; 32],
    key_id: String,
}

impl Keyring {
    /// Derives the keys from a root key.
    pub fn new(root: [u8; 32]) -> Self {
        Self { root, chain: derive(&root, "journal"), seal: derive(&root, "secret"), key_id: hex::encode(&derive(&root, "id")[..4]) }
    }

    /// Takes the root key from `env` (64 hex digits) or from `folder/key`, which is made when it is missing.
    pub fn load(env: Option<&str>, folder: &Path, world: &World) -> Result<Self, DeskError> {
        if let Some(found) = Self::find(env, folder)? {
            return Ok(found);
        }
        let made = Self::new(world.bytes::<32>());
        made.keep(folder)?;
        Ok(made)
    }

    /// The key that is in place, from `env` or from `folder/key`; none is made.
    pub fn find(env: Option<&str>, folder: &Path) -> Result<Option<Self>, DeskError> {
        if let Some(text) = env {
            return Self::from_hex(text).map(Some);
        }
        match std::fs::read_to_string(folder.join("key")) {
            Ok(text) => Self::from_hex(text.trim()).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DeskError::outside("read the key file", error)),
        }
    }

    /// Derives the keys from a root key written as 64 hex digits.
    pub fn from_hex(text: &str) -> Result<Self, DeskError> {
        Ok(Self::new(parse(text)?))
    }

    /// Writes the root key into `folder/key`, where there is none yet.
    pub fn keep(&self, folder: &Path) -> Result<(), DeskError> {
        write_private(&folder.join("key"), &hex::encode(self.root)).map_err(|error| DeskError::outside("write the key file", error))
    }

    /// The root key as 64 hex digits, for a backup that wraps it with a passphrase.
    pub fn root_hex(&self) -> String {
        hex::encode(self.root)
    }

    /// Which key this is; stored beside what it sealed.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// HMAC-SHA-256 over parts, each with its length, so that no two lists of parts give the same bytes.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.chain, parts)
    }

    /// What writes of a session carry: derived, so that a page can ask for it again after a reload.
    pub fn csrf(&self, session: uuid::Uuid) -> String {
        hex::encode(self.mac(&[b"csrf", session.as_bytes()]))
    }

    /// Seals a secret under its name.
    pub fn seal(&self, name: &str, plain: &[u8], world: &World) -> Result<Sealed, DeskError> {
        let nonce = world.bytes::<24>();
        let sealed = XChaCha20Poly1305::new(&Key::from(self.seal))
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: name.as_bytes() })
            .map_err(|_| DeskError::outside("seal a secret", "encryption failed"))?;
        Ok(Sealed { key_id: self.key_id.clone(), nonce: nonce.to_vec(), sealed })
    }

    /// Opens a sealed secret.
    pub fn open(&self, name: &str, sealed: &Sealed) -> Result<Vec<u8>, DeskError> {
        let wrong =
            || DeskError::outside("open a secret", format!("{name} was sealed with key {}, this is {}", sealed.key_id, self.key_id));
        let nonce: [u8; 24] = sealed.nonce.as_slice().try_into().map_err(|_| wrong())?;
        XChaCha20Poly1305::new(&Key::from(self.seal))
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed.sealed, aad: name.as_bytes() })
            .map_err(|_| wrong())
    }
}

fn parse(text: &str) -> Result<[u8; 32], DeskError> {
    let bytes = hex::decode(text).map_err(|error| DeskError::outside("read the key (64 hex digits)", error))?;
    bytes.try_into().map_err(|_| DeskError::outside("read the key", "it must have 64 hex digits"))
}

fn derive(root: &[u8; 32], purpose: &str) -> [u8; 32] {
    mac(root, &[b"yuheng", purpose.as_bytes()])
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
