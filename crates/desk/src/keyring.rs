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
    /// The seal from which on it, or a newer one, makes everything; none when that was not noted.
    since: Option<i64>,
}

impl Version {
    fn new(root: [u8; 32]) -> Self {
        let key_id = hex::encode(&derive(&root, "id")[..4]);
        Self { root, chain: derive(&root, "journal"), seal: derive(&root, "secret"), key_id, since: None }
    }

    /// Reads 64 hex digits, and behind an `@` the seal since which it is the newest.
    fn parse(word: &str) -> Result<Self, DeskError> {
        let (root, since) = word.split_once('@').map_or((word, None), |(root, since)| (root, Some(since)));
        let bytes = hex::decode(root).map_err(|error| DeskError::outside("read the key (64 hex digits)", error))?;
        let root = bytes.try_into().map_err(|_| DeskError::outside("read the key", "it must have 64 hex digits"))?;
        let number = |text: &str| text.parse::<i64>().ok().filter(|no| *no > 0);
        let wrong = || DeskError::outside("read the key", "behind the '@' of a key stands the number of a seal, such as @17");
        let since = since.map(|text| number(text).ok_or_else(wrong)).transpose()?;
        Ok(Self { since, ..Self::new(root) })
    }

    fn text(&self) -> String {
        let root = hex::encode(self.root);
        self.since.map_or_else(|| root.clone(), |seal| format!("{root}@{seal}"))
    }
}

/// Keys derived from root keys, which come from `$YUHENG_KEY` or a 0600 file in the data folder. There is one root key until
/// they are rotated: then the newest makes everything new, and the older ones, by their place in the list, verify and open
/// what they made. A key may be followed by `@` and the number of a seal: from that seal on no older key makes anything.
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
    /// missing. The caller has locked the folder.
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
        let mut older: Vec<Version> = words.map(Version::parse).collect::<Result<_, _>>()?;
        let newest = older.pop().ok_or_else(|| DeskError::outside("read the key", "it must have 64 hex digits"))?;
        if older.len() >= MOST_VERSIONS {
            return Err(DeskError::outside("read the key", format!("more than {MOST_VERSIONS} versions")));
        }
        Ok(Self { newest, older, file: None })
    }

    /// Writes the root keys into `folder/key`, where there are none yet.
    pub fn keep(&self, folder: &Path) -> Result<(), DeskError> {
        let file = folder.join("key");
        if file.exists() {
            return Err(DeskError::outside("write the key file", "there is one already, and it is not overwritten"));
        }
        write_private(&file, &self.text())
    }

    /// The keys of the file with a new one, which is in the file when this returns: a crash leaves the old content or the new.
    /// The file is read anew, never written from memory, so that nothing that stands in it is lost. The caller has locked the
    /// folder and keeps other rotations away.
    pub fn rotated(&self, world: &World) -> Result<Self, DeskError> {
        self.rewritten(|present| {
            let older = present.versions().cloned().collect();
            Self { newest: Version::new(world.bytes::<32>()), older, file: present.file.clone() }
        })
    }

    /// The keys of the file with the note from which seal on the newest makes everything. A note that is there stays.
    pub fn noted(&self, seal: i64) -> Result<Self, DeskError> {
        self.rewritten(|mut present| {
            present.newest.since.get_or_insert(seal);
            present
        })
    }

    fn rewritten(&self, change: impl FnOnce(Self) -> Self) -> Result<Self, DeskError> {
        let Some(file) = &self.file else {
            let how = "the key comes from $YUHENG_KEY: write a new one behind it, apart by a comma, stop all nodes, start them with both, \
                       and rotate again";
            return Err(DeskError::Conflict(how.to_owned()));
        };
        let gone = |why: &str| DeskError::outside("change the key file", format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| gone(&error.to_string()))?;
        let present = Self { file: self.file.clone(), ..Self::from_hex(&text)? };
        if !present.knows(self.key_id()) {
            return Err(gone("the key in use is no longer in it: put it back before anything is changed"));
        }
        let changed = change(present);
        write_private(file, &changed.text())?;
        Ok(changed)
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

    /// The root keys as 64 hex digits each, a line each, with their notes: for the key file and for a backup that wraps them with
    /// a passphrase.
    pub fn text(&self) -> String {
        self.versions().map(Version::text).collect::<Vec<_>>().join("\n")
    }

    /// The seal since which the newest key makes everything, where that is noted.
    pub fn since(&self) -> Option<i64> {
        self.newest.since
    }

    /// The seals from which on a key newer than the first makes everything, with that key's number, oldest first.
    pub fn notes(&self) -> impl Iterator<Item = (i64, usize)> {
        self.versions().enumerate().filter_map(|(n, version)| Some((version.since?, n + 1)))
    }

    /// The oldest key that may make something behind a seal.
    pub fn oldest_behind(&self, seal: i64) -> usize {
        self.notes().filter(|(since, _)| *since <= seal).map(|(_, version)| version).max().unwrap_or(1)
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
        let Some((number, made)) = split(tag) else { return false };
        let version = number.checked_sub(1).and_then(|number| self.versions().nth(number));
        version.is_some_and(|version| mac(&version.chain, parts).ct_eq(made).into())
    }

    /// Refuses to go on from an HMAC of a newer key than these know: what would follow could not be told from a forgery.
    pub fn must_reach(&self, tag: &[u8]) -> Result<(), DeskError> {
        let before = version_of(tag);
        if before <= self.version() {
            return Ok(());
        }
        let why =
            format!("what comes before was made with key {before}, this node knows {}: start it with the newest keys", self.version());
        Err(DeskError::outside("continue the journal", why))
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

/// The number of the key that an HMAC says it was made with; 0 for nothing, and for what is no HMAC.
pub fn version_of(tag: &[u8]) -> usize {
    split(tag).map_or(0, |(number, _)| number)
}

fn split(tag: &[u8]) -> Option<(usize, &[u8])> {
    if tag.len() == MAC {
        return Some((1, tag));
    }
    let (number, made) = tag.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_be_bytes(*number)).ok()?, made))
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

/// Writes a file that only its owner may read, in one step: whatever happens, there is the old content (or no file) or the
/// new one, never half of it.
fn write_private(path: &Path, text: &str) -> Result<(), DeskError> {
    use std::os::unix::fs::OpenOptionsExt;
    let write = || {
        let fresh = path.with_extension("new");
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        // The new name is on the disk only when the folder is.
        std::fs::File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()
    };
    write().map_err(|error| DeskError::outside("write the key file", error))
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
        assert_eq!((read.text(), read.version()), (third.text(), 3));
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
    fn what_is_written_comes_from_the_file_and_not_from_memory() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::real();
        let file = folder.path().join("key");
        let first = Keyring::load(None, folder.path(), &world).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), first.text());
        assert!(first.keep(folder.path()).is_err(), "a key that is there is never overwritten");
        let second = first.rotated(&world).unwrap().noted(7).unwrap();
        // Whoever still has the old keys in memory loses nothing of what the file has got since.
        let third = first.rotated(&world).unwrap();
        assert_eq!((third.version(), third.since()), (3, None));
        assert!(third.text().starts_with(&second.text()), "{}", third.text());
        let noted = third.noted(9).unwrap();
        assert_eq!(noted.notes().collect::<Vec<_>>(), [(7, 2), (9, 3)]);
        assert_eq!([6, 7, 8, 9, 10].map(|seal| noted.oldest_behind(seal)), [1, 2, 2, 3, 3]);
        assert_eq!(noted.noted(12).unwrap().since(), Some(9), "a note stays as it is");
        let read = Keyring::find(None, folder.path()).unwrap().unwrap();
        assert_eq!(read.text(), noted.text());
        std::fs::write(&file, "5a".repeat(32)).unwrap();
        assert!(noted.rotated(&world).is_err(), "a file without the key in use is left alone");
        assert!(Keyring::from_hex(&format!("{}@x", "5a".repeat(32))).is_err());
    }

    #[test]
    fn nothing_follows_what_a_newer_key_made() {
        let old = Keyring::new([7; 32]);
        let both = Keyring::from_hex(&format!("{},{}@3", "07".repeat(32), "08".repeat(32))).unwrap();
        let (first, second) = (old.mac(&[b"a"]), both.mac(&[b"a"]));
        assert_eq!([version_of(&[]), version_of(&first), version_of(&second)], [0, 1, 2]);
        assert!(both.must_reach(&first).is_ok() && both.must_reach(&second).is_ok());
        assert!(old.must_reach(&first).is_ok() && old.must_reach(&[]).is_ok());
        assert!(old.must_reach(&second).is_err());
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
