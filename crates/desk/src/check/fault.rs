//! What `yuheng check` can find wrong, each with what is known of it.

use uuid::Uuid;

/// Longest value that a fault shows.
const SHOWN: usize = 80;

/// Something that is not as the journal says, or a journal that is not as its chain says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is missing from the sequence 1, 2, 3 …
    #[error("journal entry {expected} is missing: the next one is {found}")]
    Gap {
        /// Number that should come.
        expected: i64,
        /// Number that came.
        found: i64,
    },
    /// The content of an entry is not what was digested.
    #[error("the content of journal entry {seq} was altered: it does not fit its digest")]
    Digest {
        /// Which entry.
        seq: i64,
    },
    /// An entry does not continue the chain.
    #[error("journal entry {seq} was altered, or another key was used: it does not continue the chain")]
    Chain {
        /// Which entry.
        seq: i64,
    },
    /// An entry was made with an older key than the one before it.
    #[error("journal entry {seq} was made with key {key}, the one before with key {before}: nobody uses an older key after a newer one")]
    OldKey {
        /// Which entry.
        seq: i64,
        /// Number of its key.
        key: usize,
        /// Number of the key of the entry before.
        before: usize,
    },
    /// Entries of one aggregate say that it is of several kinds.
    #[error("journal entry {seq} is of kind '{kind}', the ones before are not")]
    Kind {
        /// Which entry.
        seq: i64,
        /// Its kind.
        kind: String,
    },
    /// A kind of aggregate that this program does not know.
    #[error("this program does not know aggregates of kind '{0}': use a newer yuheng")]
    UnknownKind(String),
    /// The row stands at another entry than the last one.
    #[error("the row stands at version {row}, the journal ends with entry {journal}")]
    Version {
        /// Version of the row.
        row: i64,
        /// Last entry.
        journal: i64,
    },
    /// The row has the right version and another chain.
    #[error("the head of the row's chain is not that of the journal")]
    Head,
    /// The journal tells of something that has no row.
    #[error("it has a journal and no row")]
    NoRow,
    /// Something that its removal should have taken away.
    #[error("it was removed, and {0} of it is still there")]
    Remains(&'static str),
    /// A row that no journal tells of.
    #[error("{0} has no journal")]
    NoJournal(&'static str),
    /// A row of a kind that its journal is not of.
    #[error("a row of kind '{row}' belongs to a journal of kind '{journal}'")]
    Misplaced {
        /// Table.
        row: &'static str,
        /// Kind of the journal.
        journal: String,
    },
    /// A row that cannot be read.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// The journal cannot be folded.
    #[error("the journal cannot be folded: {0}")]
    Fold(String),
    /// A column that is not as the journal says.
    #[error("{column} is {row}, the journal says {journal}")]
    Column {
        /// Which.
        column: &'static str,
        /// What the row says.
        row: String,
        /// What the journal says.
        journal: String,
    },
    /// A stored hash of a secret that is not the one of which the journal keeps a digest.
    #[error("the stored {0} is not the one that the journal tells of: it was set, changed or removed behind its back")]
    Secret(&'static str),
    /// A row beside the record that the journal does not say.
    #[error("{what} {which} is there, the journal does not say so")]
    Stray {
        /// Kind of row.
        what: &'static str,
        /// Which one.
        which: String,
    },
    /// A row beside the record that the journal says and that is not there.
    #[error("{what} {which} is missing, the journal says it is there")]
    Missing {
        /// Kind of row.
        what: &'static str,
        /// Which one.
        which: String,
    },
    /// A row beside the record that says something else than the journal.
    #[error("{what} {which}: {column} is {row}, the journal says {journal}")]
    Differs {
        /// Kind of row.
        what: &'static str,
        /// Which one.
        which: String,
        /// Which column.
        column: &'static str,
        /// What the row says.
        row: String,
        /// What the journal says.
        journal: String,
    },
    /// An open record to which nothing can happen any more.
    #[error("it is open and no step of it is: nobody has it, and no timer or message will move it")]
    Stuck,
    /// Steps and flow do not belong together.
    #[error("its open steps {steps} are not the open activities of its flow {activities}")]
    Steps {
        /// Numbers of the steps.
        steps: String,
        /// Numbers of the activities.
        activities: String,
    },
    /// A number beyond what was leased.
    #[error("its number {number} was never leased: the next free one of its block is {next}")]
    Number {
        /// The number.
        number: String,
        /// First number that is free.
        next: i64,
    },
    /// A number that more than one record has.
    #[error("number {0} belongs to more than one record")]
    Double(String),
    /// The definitions that records are pinned to cannot be used, so these records were not compared.
    #[error("it cannot be used, and records pinned to it were not compared: {0}")]
    Pack(String),
    /// A message whose command was applied more or less often than its state says.
    #[error("of the messages of command {cause}, {messages} are marked as applied, the journal has {entries}")]
    Applied {
        /// The command that caused the messages.
        cause: Uuid,
        /// Messages marked as applied.
        messages: usize,
        /// Entries of the journal that one of them caused.
        entries: usize,
    },
    /// A state that this program does not know.
    #[error("its state '{0}' is not known")]
    State(String),
    /// A stored file that is gone or damaged.
    #[error("the stored file is gone or damaged: {0}")]
    File(String),
    /// The seal chain does not hold.
    #[error("{0}")]
    Seal(String),
}

/// A value as a fault shows it: short, on one line.
pub fn shown(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    if text.chars().count() <= SHOWN {
        return text;
    }
    let cut: String = text.chars().take(SHOWN).collect();
    format!("{cut}…")
}

/// A piece of a longer text around the first place where it differs from another, so that the difference shows.
pub fn difference(text: &str, other: &str) -> String {
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(SHOWN / 4);
    let piece: String = text.chars().skip(from).take(SHOWN).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if text.chars().count() > from + SHOWN { "…" } else { "" });
    format!("{before}{piece}{after}")
}
