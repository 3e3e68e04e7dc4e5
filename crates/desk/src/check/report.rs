//! What a check says: a line per fault, bounded, and the last lines.

use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use super::Fault;

/// Faults that are told one by one; of more only the number is told.
pub const MOST: u64 = 1000;

/// Where faults go.
pub struct Report {
    lines: Sender<String>,
    content: Sha256,
    /// Aggregates whose journal was read.
    pub aggregates: u64,
    /// Entries read.
    pub entries: u64,
    /// Faults found.
    pub faults: u64,
    /// Of these, entries that do not continue their chain.
    broken: u64,
    /// Aggregates whose content was lawfully erased, in part or whole.
    pub erased: u64,
    /// Number and head of the newest seal. Kept elsewhere, it shows later whether seals were cut off.
    pub seal: Option<(i64, Vec<u8>)>,
}

impl Report {
    /// A report that says its lines here.
    pub fn new(lines: Sender<String>) -> Self {
        Self { lines, content: Sha256::new(), aggregates: 0, entries: 0, faults: 0, broken: 0, erased: 0, seal: None }
    }

    /// Tells a fault of something.
    pub fn fault(&mut self, of: &str, fault: &Fault) {
        self.faults += 1;
        self.broken += u64::from(matches!(fault, Fault::Chain { .. }));
        if self.faults <= MOST {
            self.say(format!("{of}: {fault}"));
        }
    }

    /// Counts an aggregate with the end of its journal; they come in order of identity.
    pub fn aggregate(&mut self, id: Uuid, seq: i64, chain: &[u8]) {
        self.aggregates += 1;
        self.content.update(id.as_bytes());
        self.content.update(seq.to_be_bytes());
        self.content.update((chain.len() as u64).to_be_bytes());
        self.content.update(chain);
    }

    /// Whether nobody reads the lines any more.
    pub fn is_unread(&self) -> bool {
        self.lines.is_closed()
    }

    fn say(&self, line: String) {
        // Nobody reading ends the check at the next aggregate.
        let _ = self.lines.blocking_send(line);
    }

    /// Says the last lines and gives the exit code.
    pub fn end(self) -> u8 {
        if self.faults > MOST {
            self.say(format!("… and {} more faults", self.faults - MOST));
        }
        if self.broken > 0 && self.broken == self.entries {
            self.say("no entry at all fits the key: is $YUHENG_KEY or the key file that of another system?".to_owned());
        }
        if self.erased > 0 {
            self.say(format!("{} aggregates have erased content: only their chains were checked", self.erased));
        }
        if let Some((no, head)) = &self.seal {
            self.say(format!("seal {no} {}", hex::encode(head)));
        }
        let content = self.content.clone().finalize();
        self.say(format!("content {}", hex::encode(content)));
        self.say(format!("{} aggregates, {} entries, {} faults", self.aggregates, self.entries, self.faults));
        u8::from(self.faults > 0)
    }
}
