//! The archive as a file: `tar.gz` with what programs read, what people read, and the attached files. Nothing in it says when
//! it was written, so that the same record gives the same bytes.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use store::journal::Entry;
use tar::{Builder, Header};

use super::dossier::Dossier;
use super::timeline;
use crate::DeskError;

/// What every archive says of itself.
const README: &str = include_str!("README.txt");

/// Writes the archive. `content_of` gives the content of an attached file by its SHA-256.
pub fn write(dossier: &Dossier, content_of: impl Fn(&[u8]) -> Result<Bytes, DeskError>) -> Result<Vec<u8>, DeskError> {
    let wrong = |error: io::Error| DeskError::outside("write an archive", error);
    let mut tar = Tar {
        folder: safe(&dossier.row.number),
        at: u64::try_from(dossier.row.updated_at / 1000).unwrap_or_default(),
        to: Builder::new(GzEncoder::new(Vec::new(), Compression::default())),
    };
    let record = serde_json::to_string_pretty(&dossier.record()).map_err(|error| DeskError::outside("write an archive", error))?;
    tar.add("README.txt", README.as_bytes()).map_err(wrong)?;
    tar.add("record.json", record.as_bytes()).map_err(wrong)?;
    tar.add("journal.jsonl", &journal(dossier)).map_err(wrong)?;
    for lang in ["zh", "en"] {
        tar.add(&format!("timeline.{lang}.md"), timeline::write(dossier, lang).as_bytes()).map_err(wrong)?;
    }
    for file in &dossier.attachments {
        let path = dossier.path_of(file.id).unwrap_or_default();
        tar.add(&path, &content_of(&file.sha256)?).map_err(wrong)?;
    }
    tar.to.into_inner().and_then(GzEncoder::finish).map_err(wrong)
}

struct Tar<W: Write> {
    folder: String,
    /// Seconds since 1970 that every file has as its time: when the record changed last.
    at: u64,
    to: Builder<W>,
}

impl<W: Write> Tar<W> {
    fn add(&mut self, path: &str, content: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(self.at);
        self.to.append_data(&mut header, format!("{}/{path}", self.folder), content)
    }
}

/// A name that is a file's on every system.
pub fn safe(name: &str) -> String {
    let clean = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    name.chars().map(clean).collect()
}

/// The entries, a line each, with the content byte for byte as it was digested.
fn journal(dossier: &Dossier) -> Vec<u8> {
    let mut lines = Vec::new();
    for (entry, _) in &dossier.journal {
        lines.extend_from_slice(line(entry).to_string().as_bytes());
        lines.push(b'\n');
    }
    lines
}

fn line(entry: &Entry) -> Value {
    json!({
        "kind": entry.kind,
        "aggregate": entry.aggregate,
        "seq": entry.seq,
        "event": entry.event,
        "schema_version": entry.schema_version,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "channel": entry.channel,
        "command": entry.command,
        "correlation": entry.correlation,
        "causation": entry.causation,
        "definition": entry.definition,
        "request": entry.request,
        "visibility": entry.visibility,
        "digest": hex::encode(&entry.digest),
        "chain": hex::encode(&entry.chain),
        "salt": entry.payload.as_ref().map(|payload| hex::encode(&payload.salt)),
        "body": entry.payload.as_ref().map(|payload| &payload.body),
    })
}
