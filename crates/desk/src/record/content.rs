//! What a record's journal entries hold.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::reminder::ReminderRow;
use uuid::Uuid;

use crate::dispatch::Choice;

/// The event that ends the journal of a record that the rules of retention removed. All content before it is erased, no row
/// is left, and the chain with its seals shows that nothing else is missing.
pub const TOMBSTONE: &str = "removed";
/// The event that may follow a tombstone: what had been archived of the record is removed too.
pub const ARCHIVE_REMOVED: &str = "archive_removed";

/// The content of one entry of a record's journal: the process's facts as they are, and what commands add.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Content {
    /// Edits, state moves, flow events, steps: folded by the process.
    #[serde(flatten)]
    pub facts: pack::Facts,
    /// Words of a person: a comment, a hand-over note, a reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// A coded reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Which rows of which tables decided something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decided>,
    /// Whom of a team the work was offered to, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// A file that was attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attached>,
    /// A link that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Linked>,
    /// Whether a legal hold was set or lifted; `body` says why it was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<bool>,
    /// Who began or ceased to follow the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<Watched>,
    /// Whom the words speak to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Uuid>,
    /// A reminder or a promised call that was set, or is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<Reminded>,
    /// Identity facts of a new record, which no edit carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Opened>,
    /// What a tombstone tells of the record that it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// The archive of a removed record that is removed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_removed: Option<Archived>,
    /// How far another system's log was taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Imported>,
}

/// Why a record was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The phase it had ended in.
    pub phase: String,
    /// When it had ended, in UTC milliseconds.
    pub ended_at: i64,
    /// How many days the rule kept it.
    pub days: i64,
    /// What was written of it before; none when the rule only removes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<Archived>,
}

/// The file that holds everything of a removed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Its bytes.
    pub size: i64,
}

/// Somebody began to follow a record, or ceased to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Who.
    pub user: Uuid,
    /// Whether they follow it now.
    pub on: bool,
    /// Whether they are only affected by what it is about, and may not read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub affected: bool,
}

/// What happened to a reminder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminded {
    /// It was set.
    Set(Reminder),
    /// It is done; `body` may say how.
    Done {
        /// Which.
        id: Uuid,
    },
}

/// A reminder, or a call that was promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Identity.
    pub id: Uuid,
    /// `reminder` or `call_back`.
    pub kind: String,
    /// Who sees to it.
    pub user: Uuid,
    /// When, in UTC milliseconds.
    pub due_at: i64,
    /// What about.
    pub note: String,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Reminder {
    /// Its row beside the record.
    pub fn row(&self, record: Uuid, by: Option<Uuid>) -> ReminderRow {
        ReminderRow {
            id: self.id,
            record,
            kind: self.kind.clone(),
            user: self.user,
            by,
            due_at: self.due_at,
            note: self.note.clone(),
            phone: self.phone.clone(),
        }
    }
}

/// Up to where a record's history comes from another system's log, so that a later import goes on from there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Instant of the newest row, UTC milliseconds.
    pub at: i64,
    /// How many rows have that instant.
    pub rows: u64,
    /// Instant of the first row, whose entry bears the record's own opening instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The state that the log named last, in the pack's terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The activity it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The reason of a hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
}

/// What a new record is, once and for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its type.
    pub type_key: String,
    /// Its number.
    pub number: String,
    /// The name it had elsewhere, as (source, external id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<(String, String)>,
}

/// A decision with the rows that hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// Table.
    pub decision: String,
    /// Ids of the rows that hit.
    pub hits: Vec<String>,
    /// What they gave.
    pub output: Value,
    /// The values that the table read; entries of the first versions have none.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<String, Value>,
    /// Outputs that were left alone, because somebody set the field by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Identity of the attachment.
    pub id: Uuid,
    /// File name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

/// A link seen from this record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// What the other record is to this one: one of [`super::link::KINDS`].
    pub kind: String,
    /// The other record.
    pub other: Uuid,
    /// Its number, for readers.
    pub number: String,
    /// Whether the link was removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}
