//! Stored files: content by its SHA-256, written before any row speaks of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use store::{StoreError, WriteSet, attachment};

use crate::{Desk, DeskError, keyring};

/// Largest file in bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// Largest content that is kept at all: an archive holds many files.
pub const LARGEST_KEPT: usize = 256 * 1024 * 1024;

/// Content that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: i64,
    /// Media type as found in the content, not as claimed.
    pub media_type: String,
}

/// Where files are kept.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

impl Files {
    /// Files in a local folder.
    pub fn local(folder: &Path) -> Result<Self, DeskError> {
        std::fs::create_dir_all(folder).map_err(|error| DeskError::outside("make the file folder", error))?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| DeskError::outside("open the file folder", error))?
            .with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: folder.to_owned() })
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at content before it is stored: what it is, and whether it is taken at all.
    fn examine(name: &str, content: &Bytes) -> Result<Stored, DeskError> {
        if content.is_empty() {
            return Err(DeskError::field("/file", "empty", "the file is empty"));
        }
        if content.len() > LARGEST {
            return Err(DeskError::TooLarge(format!("a file may have at most {} MiB", LARGEST / 1024 / 1024)));
        }
        let media_type = media_type(name, content)?;
        let sha256 = keyring::sha256(content);
        let size = i64::try_from(content.len()).map_err(|error| DeskError::outside("store a file", error))?;
        Ok(Stored { sha256, size, media_type })
    }

    /// Stores content; the same content twice is stored once.
    async fn put(&self, stored: &Stored, content: Bytes) -> Result<(), DeskError> {
        let outcome = self.store.put(&path(&stored.sha256), PutPayload::from_bytes(content)).await;
        outcome.map_err(not_stored).map(|_| ())
    }

    /// Removes content; what is gone already is fine.
    async fn remove(&self, sha256: &[u8]) -> Result<(), DeskError> {
        match self.store.delete(&path(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(DeskError::outside("remove a stored file", error)),
        }
    }

    /// Stores content that comes from a backup, whatever it is.
    pub async fn restore(&self, content: Bytes) -> Result<(), DeskError> {
        let sha256 = keyring::sha256(&content);
        let outcome = self.store.put(&path(&sha256), PutPayload::from_bytes(content)).await;
        outcome.map_err(|error| DeskError::outside("store a file", error)).map(|_| ())
    }

    /// Reads content back and makes sure that it is what was stored.
    pub async fn get(&self, sha256: &[u8]) -> Result<Bytes, DeskError> {
        let wrong = |error: object_store::Error| DeskError::outside("read a stored file", error);
        let content = self.store.get(&path(sha256)).await.map_err(wrong)?.bytes().await.map_err(wrong)?;
        if keyring::sha256(&content) != sha256 {
            return Err(DeskError::outside("read a stored file", "its content is damaged"));
        }
        Ok(content)
    }
}

/// How long content stays that nothing refers to, in milliseconds: longer than any upload takes.
pub const KEEP_UNUSED: i64 = 24 * 3_600_000;
/// Tries to store content that is just being removed, and the pause between them.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(100);
/// How long after its beginning a removal is thought to have died with its node, in milliseconds.
const SILENCE: i64 = 60_000;
/// Files that one round removes at most.
const BATCH: i64 = 1000;

/// Stores a file that is about to be attached.
pub async fn store(desk: &Desk, name: &str, content: Bytes) -> Result<Stored, DeskError> {
    let stored = Files::examine(name, &content)?;
    keep(desk, stored, content).await
}

/// Stores an archive of which a row is about to speak.
pub(crate) async fn store_archive(desk: &Desk, content: Bytes) -> Result<Stored, DeskError> {
    if content.len() > LARGEST_KEPT {
        return Err(DeskError::TooLarge(format!("an archive may have at most {} MiB", LARGEST_KEPT / 1024 / 1024)));
    }
    let size = i64::try_from(content.len()).map_err(|error| DeskError::outside("store an archive", error))?;
    let stored = Stored { sha256: keyring::sha256(&content), size, media_type: crate::archive::MEDIA_TYPE.to_owned() };
    keep(desk, stored, content).await
}

/// Stores content. Its row comes first, so that content without one does not exist, and nobody removes what is still on its
/// way.
async fn keep(desk: &Desk, stored: Stored, content: Bytes) -> Result<Stored, DeskError> {
    let mut tries = 0;
    loop {
        let reserve = attachment::reserve(&stored.sha256, stored.size, &stored.media_type, desk.world().now());
        match desk.apply(WriteSet { statements: vec![reserve] }).await {
            Ok(()) => break,
            Err(DeskError::Store(StoreError::Stale)) if tries < TRIES => tries += 1,
            Err(DeskError::Store(StoreError::Stale)) => {
                take_back(desk, &stored.sha256).await?;
                break;
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(PAUSE).await;
    }
    desk.files().put(&stored, content).await?;
    Ok(stored)
}

/// Takes content back from a removal that its node did not finish; busy while that may still come.
async fn take_back(desk: &Desk, sha256: &[u8]) -> Result<(), DeskError> {
    let statement = attachment::take_back(sha256, desk.world().now(), SILENCE, desk.db().dialect());
    match desk.apply(WriteSet { statements: vec![statement] }).await {
        Err(DeskError::Store(StoreError::Stale)) => {
            Err(DeskError::Store(StoreError::Busy("the same content is just being removed: send it again".to_owned())))
        }
        other => other,
    }
}

/// Removes content that nothing has referred to for a day: first its row says so, then the content goes, then the row. Where
/// this ends halfway, the next round goes on. What cannot be removed does not keep the rest.
pub(crate) async fn collect_unused(desk: &Desk) -> Result<usize, DeskError> {
    let before = desk.world().now() - KEEP_UNUSED;
    let mut removed = 0;
    for sha256 in desk.query(move |_, sql| Ok(attachment::unused(sql, before, BATCH)?)).await? {
        let begun = sha256.clone();
        if desk.write(move |tx| attachment::begin_collecting(tx, &begun, before)).await? {
            if let Err(error) = desk.files().remove(&sha256).await {
                tracing::warn!(sha256 = hex::encode(&sha256), %error, "a file that nothing refers to was not removed; the next round tries again");
                continue;
            }
            desk.apply(WriteSet { statements: vec![attachment::collected(&sha256)] }).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// No room for a file is said as such. It does not stop all other writing: that may well have room.
fn not_stored(error: object_store::Error) -> DeskError {
    use std::error::Error;
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(now) = cause {
        let kind = now.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(kind, Some(StorageFull | QuotaExceeded)) {
            return DeskError::ReadOnly { reason: "no space left to store this file: free some, then try again".to_owned() };
        }
        cause = now.source();
    }
    DeskError::outside("store a file", error)
}

fn path(sha256: &[u8]) -> ObjectPath {
    let hex = hex::encode(sha256);
    ObjectPath::from(format!("{}/{}", &hex[..2], hex))
}

/// Kinds of files that can be attached: ending, what the content begins with, media type.
const KINDS: &[(&str, &[u8], &str)] = &[
    ("png", b"\x89PNG", "image/png"),
    ("jpg", b"\xff\xd8\xff", "image/jpeg"),
    ("jpeg", b"\xff\xd8\xff", "image/jpeg"),
    ("gif", b"GIF8", "image/gif"),
    ("webp", b"RIFF", "image/webp"),
    ("heic", b"", "image/heic"),
    ("pdf", b"%PDF", "application/pdf"),
    ("zip", b"PK", "application/zip"),
    ("docx", b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", b"PK", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("doc", b"\xd0\xcf\x11\xe0", "application/msword"),
    ("xls", b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"),
    ("ppt", b"\xd0\xcf\x11\xe0", "application/vnd.ms-powerpoint"),
    ("gz", b"\x1f\x8b", "application/gzip"),
    ("rar", b"Rar!", "application/vnd.rar"),
    ("bmp", b"BM", "image/bmp"),
    ("wps", b"\xd0\xcf\x11\xe0", "application/vnd.ms-works"),
    ("et", b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"),
    ("dps", b"\xd0\xcf\x11\xe0", "application/vnd.ms-powerpoint"),
    ("ofd", b"PK", "application/ofd"),
    ("mov", b"", "video/quicktime"),
    ("7z", b"7z\xbc\xaf", "application/x-7z-compressed"),
    ("mp4", b"", "video/mp4"),
    ("eml", b"", "message/rfc822"),
    ("pcap", b"", "application/vnd.tcpdump.pcap"),
    ("txt", b"", "text/plain"),
    ("log", b"", "text/plain"),
    ("csv", b"", "text/csv"),
    ("json", b"", "application/json"),
    ("xml", b"", "application/xml"),
    ("md", b"", "text/markdown"),
    ("conf", b"", "text/plain"),
];

/// The endings of files that can be attached.
pub fn endings() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(ending, _, _)| *ending)
}

/// The media type by ending, when the content begins as that kind does.
fn media_type(name: &str, content: &[u8]) -> Result<String, DeskError> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let Some((_, magic, media_type)) = KINDS.iter().find(|(known, _, _)| *known == ending) else {
        let known: Vec<&str> = endings().collect();
        return Err(DeskError::Unsupported(format!("files ending in '.{ending}' are not taken; taken are {}", known.join(", "))));
    };
    if !content.starts_with(magic) {
        return Err(DeskError::Unsupported(format!("the content of this file is not what its ending '.{ending}' says")));
    }
    Ok((*media_type).to_owned())
}
