//! The journal of one aggregate: its chain verified and its content folded, entry by entry.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use store::archive::ArchiveRow;
use store::journal::Entry;
use uuid::Uuid;

use super::{Fault, Report};
use crate::archive;
use crate::journal;
use crate::keyring::version_of;
use crate::record::Content;
use crate::record::content::{ARCHIVE_REMOVED, TOMBSTONE};
use crate::record::replay::Replay;
use crate::{Keyring, directory::EntryKind};

/// What is known after the last entry.
pub struct History {
    /// The aggregate.
    pub id: Uuid,
    /// Its kind; empty without entries.
    pub kind: String,
    /// Number of the last entry.
    pub seq: i64,
    /// Head of the chain.
    pub chain: Vec<u8>,
    /// Who wrote the first entry.
    pub actor: Option<Uuid>,
    /// Whether content was erased, so that nothing can be folded.
    pub erased: bool,
    /// Whether the content of every entry before the last, or before the tombstone, was erased.
    pub content_gone: bool,
    /// Whether the last entry has content.
    has_content: bool,
    /// Whether the fold is whole: no entry is missing or unreadable.
    pub whole: bool,
    /// Whether a tombstone ends it: the record was removed by the rules of retention.
    pub removed: bool,
    /// The archive that the tombstone names, until it is removed too.
    pub archive: Option<ArchiveRow>,
    /// Entries that a message caused, by the command that sent the message.
    pub messages: HashMap<Uuid, usize>,
    /// The fold.
    pub fold: Fold,
}

/// The fold of an aggregate.
pub enum Fold {
    /// A record.
    Record(Box<Replay>),
    /// Users, tokens, entries of the directory, packs.
    Values(ValuesFold),
}

/// The fold of what is edited value by value.
#[derive(Default)]
pub struct ValuesFold {
    /// Values by field.
    pub values: Map<String, Value>,
    /// What entries say beside their edits: key, version, hash.
    pub facts: Map<String, Value>,
}

/// The content of entries that edit values.
#[derive(Default, Deserialize)]
struct Edits {
    #[serde(default)]
    edits: Vec<pack::Edit>,
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl History {
    /// An aggregate of which no entry was read yet.
    pub fn new(id: Uuid) -> Self {
        Self {
            id,
            kind: String::new(),
            seq: 0,
            chain: Vec::new(),
            actor: None,
            erased: false,
            content_gone: true,
            has_content: false,
            whole: true,
            removed: false,
            archive: None,
            messages: HashMap::new(),
            fold: Fold::Values(ValuesFold::default()),
        }
    }

    /// How faults name it.
    pub fn name(&self) -> String {
        let kind = if self.kind.is_empty() { "aggregate" } else { &self.kind };
        let label = match &self.fold {
            Fold::Record(fold) => fold.opened.as_ref().map(|opened| opened.number.clone()),
            Fold::Values(fold) => {
                let label = fold.facts.get("key").or_else(|| fold.values.get("username"));
                label.and_then(Value::as_str).map(str::to_owned)
            }
        };
        label.map_or_else(|| format!("{kind} {}", self.id), |label| format!("{kind} {label} ({})", self.id))
    }

    /// Takes the next entry in.
    pub fn add(&mut self, keyring: &Keyring, entry: &Entry, report: &mut Report) {
        report.entries += 1;
        if self.seq == 0 {
            self.begin(entry);
        }
        let faults = self.verify(keyring, entry);
        self.whole &= !faults.iter().any(|fault| matches!(fault, Fault::Digest { .. } | Fault::Gap { .. }));
        self.content_gone &= self.removed || !self.has_content;
        self.seq = entry.seq;
        self.chain.clone_from(&entry.chain);
        self.has_content = entry.payload.is_some();
        self.erased |= !self.has_content;
        let ended = self.end(entry);
        if entry.kind == "record"
            && entry.channel == "message"
            && let Some(cause) = entry.causation
        {
            *self.messages.entry(cause).or_default() += 1;
        }
        let folded = if self.erased { ended } else { ended.and_then(|()| self.take(entry)) };
        let name = self.name();
        for fault in faults {
            report.fault(&name, &fault);
        }
        if let Err(why) = folded {
            self.whole = false;
            report.fault(&name, &Fault::Fold(format!("entry {}: {why}", entry.seq)));
        }
    }

    fn begin(&mut self, entry: &Entry) {
        self.kind.clone_from(&entry.kind);
        self.actor = entry.actor;
        if entry.kind == "record" {
            self.fold = Fold::Record(Box::default());
        }
    }

    /// Notes whether the record is removed by now, and its archive.
    fn end(&mut self, entry: &Entry) -> Result<(), String> {
        let is_record = entry.kind == "record";
        if is_record && entry.event == TOMBSTONE {
            self.removed = true;
            let content: Content = journal::content(entry).map_err(|error| error.to_string())?.ok_or("the tombstone has no content")?;
            self.archive = archive::row(entry, &content).map_err(|error| error.to_string())?;
        } else if is_record && self.removed && entry.event == ARCHIVE_REMOVED {
            self.archive = None;
        } else {
            // Nothing else happens to what was removed: a row is missed.
            self.removed = false;
        }
        Ok(())
    }

    fn verify(&self, keyring: &Keyring, entry: &Entry) -> Vec<Fault> {
        let mut faults = Vec::new();
        if entry.kind != self.kind {
            faults.push(Fault::Kind { seq: entry.seq, kind: entry.kind.clone() });
        }
        if let Some(payload) = &entry.payload
            && journal::digest(&payload.salt, &payload.body).as_slice() != entry.digest
        {
            faults.push(Fault::Digest { seq: entry.seq });
        }
        if entry.seq != self.seq + 1 {
            // What came before is not known, so the chain can only be followed from here on.
            faults.push(Fault::Gap { expected: self.seq + 1, found: entry.seq });
        } else if !journal::holds(keyring, &self.chain, entry) {
            faults.push(Fault::Chain { seq: entry.seq });
        } else if version_of(&entry.chain) < version_of(&self.chain) {
            faults.push(Fault::OldKey { seq: entry.seq, key: version_of(&entry.chain), before: version_of(&self.chain) });
        }
        faults
    }

    fn take(&mut self, entry: &Entry) -> Result<(), String> {
        let missing = || "it has no content".to_owned();
        match &mut self.fold {
            Fold::Record(fold) => {
                let content: Content = journal::content(entry).map_err(|error| error.to_string())?.ok_or_else(missing)?;
                fold.add(entry, content);
            }
            Fold::Values(fold) => {
                let content: Edits = journal::content(entry).map_err(|error| error.to_string())?.ok_or_else(missing)?;
                fold.facts.extend(content.facts);
                fold.values.extend(content.edits.into_iter().map(|edit| (edit.field, edit.new)));
            }
        }
        Ok(())
    }

    /// Which table its row stands in; none when its kind is not known.
    pub fn table(&self) -> Option<&'static str> {
        match self.kind.as_str() {
            "record" => Some("record"),
            "user" => Some("user"),
            "pack" => Some("pack"),
            "token" => Some("token"),
            kind => EntryKind::parse(kind).map(|_| "directory"),
        }
    }
}
