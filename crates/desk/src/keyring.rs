//! The keys that stay outside the database: one for the journal's chains, one that seals secrets.

use std::io::Write;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use store::secret::Sealed;
use subtle::ConstantTimeEq;

use crate::{DeskError, World};

/// Everything derived from one root key.
#[derive(Clone)]
struct Version {
    root: [u8; 32],
    chain: [u8; 32],
    seal: [u8; 32],
    key_id: String,
}

impl Version {
    fn new(root: [u8; 32]) -> Self {
        Self { root, chain: derive(&root, "journal"), seal: derive(&root, "secret"), key_id: hex::encode(&derive(&root, "id")[..4]) }
    }
}

/// Keys derived from root keys, which come from `$YUHENG_KEY` or a 0600 file in the data folder. There is one root key until
/// they are rotated: then the newest makes everything new, and the older ones, by their place in the list, verify and open
/// what they made.
#[derive(Clone)]
pub struct Keyring {
    newest: Version,
    /// Oldest first.
    older: Vec<Version>,
    /// The key file, when the keys came from one.
    file: Option<PathBuf>,
}

/// Longest list of root keys; whoever needs more has another problem.
const MOST_VERSIONS: usize = 1000;
/// Bytes of an HMAC.
const MAC: usize = 32;

impl Keyring {
    /// Derives the keys from a root key.
    pub fn new(root: [u8; 32]) -> Self {
        Self { newest: Version::new(root), older: Vec::new(), file: None }
    }

    /// Takes the root keys from `env` (64 hex digits each, oldest first) or from `folder/key`, which is made when it is
    /// missing.
    pub fn load(env: Option<&str>, folder: &Path, world: &World) -> Result<Self, DeskError> {
        if let Some(found) = Self::find(env, folder)? {
            return Ok(found);
        }
        let made = Self { file: Some(folder.join("key")), ..Self::new(world.bytes::<32>()) };
        made.keep(folder)?;
        Ok(made)
    }

    /// The keys that are in place, from `env` or from `folder/key`; none are made.
    pub fn find(env: Option<&str>, folder: &Path) -> Result<Option<Self>, DeskError> {
        if let Some(text) = env {
            return Self::from_hex(text).map(Some);
        }
        let file = folder.join("key");
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(Self { file: Some(file), ..Self::from_hex(&text)? })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DeskError::outside("read the key file", error)),
        }
    }

    /// Derives the keys from root keys written as 64 hex digits each, oldest first, apart by line ends, blanks or commas.
    pub fn from_hex(text: &str) -> Result<Self, DeskError> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let mut older: Vec<Version> = words.map(|word| parse(word).map(Version::new)).collect::<Result<_, _>>()?;
        let newest = older.pop().ok_or_else(|| DeskError::outside("read the key", "it must have 64 hex digits"))?;
        if older.len() >= MOST_VERSIONS {
            return Err(DeskError::outside("read the key", format!("more than {MOST_VERSIONS} versions")));
        }
        Ok(Self { newest, older, file: None })
    }

    /// Writes the root keys into `folder/key`, where there are none yet.
    pub fn keep(&self, folder: &Path) -> Result<(), DeskError> {
        write_private(&folder.join("key"), &self.root_hex()).map_err(|error| DeskError::outside("write the key file", error))
    }

    /// The same keys with a new one, which is in the key file when this returns: a crash leaves the old file or the new one.
    pub fn rotated(&self, world: &World) -> Result<Self, DeskError> {
        let Some(file) = &self.file else {
            let how =
                "the key comes from $YUHENG_KEY: write a new one behind it, apart by a comma, start all nodes with both, and rotate again";
            return Err(DeskError::Conflict(how.to_owned()));
        };
        let older = self.versions().cloned().collect();
        let rotated = Self { newest: Version::new(world.bytes::<32>()), older, file: self.file.clone() };
        replace_private(file, &rotated.root_hex()).map_err(|error| DeskError::outside("write the key file", error))?;
        Ok(rotated)
    }

    /// All versions, oldest first.
    fn versions(&self) -> impl Iterator<Item = &Version> {
        self.older.iter().chain([&self.newest])
    }

    /// How many root keys there are: the newest is the version of this number.
    pub fn version(&self) -> usize {
        self.older.len() + 1
    }

    /// Whether the keys can be rotated here, or come from outside.
    pub fn is_from_file(&self) -> bool {
        self.file.is_some()
    }

    /// The root keys as 64 hex digits each, a line each, for the key file and for a backup that wraps them with a passphrase.
    pub fn root_hex(&self) -> String {
        self.versions().map(|version| hex::encode(version.root)).collect::<Vec<_>>().join("\n")
    }

    /// Which key makes what is new; stored beside what it sealed.
    pub fn key_id(&self) -> &str {
        &self.newest.key_id
    }

    /// Whether a key is among these.
    pub fn knows(&self, key_id: &str) -> bool {
        self.versions().any(|version| version.key_id == key_id)
    }

    /// HMAC-SHA-256 over parts, each with its length, so that no two lists of parts give the same bytes. What a later key than
    /// the first makes begins with the number of its version.
    pub fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        let made = mac(&self.newest.chain, parts);
        let number = u32::try_from(self.version()).unwrap_or(u32::MAX);
        if number == 1 { made.to_vec() } else { [number.to_be_bytes().as_slice(), &made].concat() }
    }

    /// Whether an HMAC of [`Keyring::mac`] is that of these parts, by the version that made it.
    pub fn verify(&self, tag: &[u8], parts: &[&[u8]]) -> bool {
        let (number, made) = match tag.len() {
            MAC => (1, tag),
            _ => match tag.split_first_chunk::<4>() {
                Some((number, made)) => (u32::from_be_bytes(*number), made),
                None => return false,
            },
        };
        let version = usize::try_from(number).ok().and_then(|number| self.versions().nth(number.checked_sub(1)?));
        version.is_some_and(|version| mac(&version.chain, parts).ct_eq(made).into())
    }

    /// What writes of a new session carry: derived, so that a page can ask for it again after a reload.
    pub fn csrf(&self, session: uuid::Uuid) -> String {
        csrf(&self.newest, session)
    }

    /// What writes of a session carry, of which the digest is kept: it may have begun under an older key.
    pub fn csrf_of(&self, session: uuid::Uuid, digest: &[u8]) -> String {
        let kept = |version: &&Version| sha256(csrf(version, session).as_bytes()).as_slice() == digest;
        csrf(self.versions().find(kept).unwrap_or(&self.newest), session)
    }

    /// Seals a secret under its name.
    pub fn seal(&self, name: &str, plain: &[u8], world: &World) -> Result<Sealed, DeskError> {
        let nonce = world.bytes::<24>();
        let sealed = XChaCha20Poly1305::new(&Key::from(self.newest.seal))
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: name.as_bytes() })
            .map_err(|_| DeskError::outside("seal a secret", "encryption failed"))?;
        Ok(Sealed { key_id: self.newest.key_id.clone(), nonce: nonce.to_vec(), sealed })
    }

    /// Opens a sealed secret.
    pub fn open(&self, name: &str, sealed: &Sealed) -> Result<Vec<u8>, DeskError> {
        let wrong = || {
            let why = format!("{name} was sealed with key {}, which does not open it here; the newest is {}", sealed.key_id, self.key_id());
            DeskError::outside("open a secret", why)
        };
        let version = self.versions().find(|version| version.key_id == sealed.key_id).ok_or_else(wrong)?;
        let nonce: [u8; 24] = sealed.nonce.as_slice().try_into().map_err(|_| wrong())?;
        XChaCha20Poly1305::new(&Key::from(version.seal))
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed.sealed, aad: name.as_bytes() })
            .map_err(|_| wrong())
    }
}

fn csrf(version: &Version, session: uuid::Uuid) -> String {
    hex::encode(mac(&version.chain, &[b"csrf", session.as_bytes()]))
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

/// Replaces a file that only its owner may read: after a crash there is the old content or the new one, never half of it.
fn replace_private(path: &Path, text: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => write_private(&fresh, text)?,
    }
    std::fs::rename(&fresh, path)?;
    // The new name is on the disk only when the folder is.
    std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_keys_made_still_holds() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::real();
        let first = Keyring::load(None, folder.path(), &world).unwrap();
        let (tag, secret) = (first.mac(&[b"a", b"b"]), first.seal("mail", b"hush", &world).unwrap());
        // What a crash has left beside the file is of no account.
        std::fs::write(folder.path().join("key.new"), "half a k").unwrap();
        let second = first.rotated(&world).unwrap();
        let third = second.rotated(&world).unwrap();
        let read = Keyring::find(None, folder.path()).unwrap().unwrap();
        assert_eq!((read.root_hex(), read.version()), (third.root_hex(), 3));
        assert!(!folder.path().join("key.new").exists());
        for ring in [&second, &third, &read] {
            assert!(ring.verify(&tag, &[b"a", b"b"]) && !ring.verify(&tag, &[b"ab", b""]));
            assert_eq!(ring.open("mail", &secret).unwrap(), b"hush");
        }
        let newer = second.mac(&[b"a"]);
        assert!(read.verify(&newer, &[b"a"]) && !first.verify(&newer, &[b"a"]));
        assert!(!read.verify(&newer[4..], &[b"a"]), "the version belongs to it");
        assert!(first.open("mail", &read.seal("mail", b"x", &world).unwrap()).is_err());
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.path().join("key")).unwrap().permissions()) & 0o777,
            0o600
        );
    }

    #[test]
    fn a_session_keeps_its_token_when_keys_change() {
        let (old, session) = (Keyring::new([7; 32]), uuid::Uuid::from_u128(5));
        let both = Keyring::from_hex(&format!("{},{}", "07".repeat(32), "08".repeat(32))).unwrap();
        let digest = sha256(old.csrf(session).as_bytes());
        assert_eq!(both.csrf_of(session, &digest), old.csrf(session));
        assert_ne!(both.csrf(session), old.csrf(session));
        assert!(both.rotated(&World::real()).is_err(), "what comes from the environment is changed there");
    }
}
