//! The rows that belong to one aggregate, from all tables.

use store::archive::ArchiveRow;
use store::audit::{AuditAttachment, AuditIdentity, AuditMessage, AuditRecord, AuditValue, Pages, Streams};
use store::directory::DirectoryRow;
use store::legal_hold::LegalHold;
use store::pack_version::PackVersionRow;
use store::record::Link;
use store::reminder::ReminderRow;
use store::session::TokenRow;
use store::task::TaskRow;
use store::user::UserRow;
use store::{Sql, StoreError};
use uuid::Uuid;

use super::Fault;

/// Rows of one kind that one aggregate may have; beyond it something is wrong in itself.
const MOST: usize = 100_000;

/// The rows.
#[derive(Default)]
pub struct Rows {
    pub records: Vec<AuditRecord>,
    pub tasks: Vec<TaskRow>,
    pub timers: Vec<(u32, i64)>,
    pub values: Vec<AuditValue>,
    pub links: Vec<Link>,
    pub attachments: Vec<AuditAttachment>,
    pub aliases: Vec<(String, String)>,
    pub legal_holds: Vec<LegalHold>,
    pub watchers: Vec<(Uuid, bool)>,
    pub reminders: Vec<ReminderRow>,
    pub archives: Vec<ArchiveRow>,
    pub messages: Vec<AuditMessage>,
    pub users: Vec<UserRow>,
    pub directory: Vec<DirectoryRow>,
    pub packs: Vec<PackVersionRow>,
    pub tokens: Vec<TokenRow>,
    pub identities: Vec<AuditIdentity>,
    /// What cannot be read of them.
    pub faults: Vec<Fault>,
}

impl Rows {
    /// Takes all rows of an aggregate.
    pub fn take(streams: &mut Streams, sql: &mut dyn Sql, id: Uuid) -> Result<Self, StoreError> {
        let mut rows = Self::default();
        let faults = &mut rows.faults;
        rows.records = all(&mut streams.records, sql, id, "its row", faults)?;
        rows.tasks = all(&mut streams.tasks, sql, id, "a task", faults)?;
        rows.timers = all(&mut streams.timers, sql, id, "a timer", faults)?;
        rows.values = all(&mut streams.values, sql, id, "an indexed value", faults)?;
        rows.links = all(&mut streams.links, sql, id, "a link", faults)?;
        rows.attachments = all(&mut streams.attachments, sql, id, "an attachment", faults)?;
        rows.aliases = all(&mut streams.aliases, sql, id, "an alias", faults)?;
        rows.legal_holds = all(&mut streams.legal_holds, sql, id, "a legal hold", faults)?;
        rows.watchers = all(&mut streams.watchers, sql, id, "a watcher", faults)?;
        rows.reminders = all(&mut streams.reminders, sql, id, "a reminder", faults)?;
        rows.archives = all(&mut streams.archives, sql, id, "an archive", faults)?;
        rows.messages = all(&mut streams.messages, sql, id, "a message", faults)?;
        rows.users = all(&mut streams.users, sql, id, "its row", faults)?;
        rows.directory = all(&mut streams.directory, sql, id, "its row", faults)?;
        rows.packs = all(&mut streams.packs, sql, id, "its row", faults)?;
        rows.identities = all(&mut streams.identities, sql, id, "a proof of identity", faults)?;
        rows.tokens = all(&mut streams.tokens, sql, id, "its row", faults)?;
        Ok(rows)
    }

    /// Which kinds of rows there are, but for messages, which may speak of what does not exist.
    pub fn kinds(&self) -> Vec<&'static str> {
        let kinds = [
            ("record", !self.records.is_empty()),
            ("task", !self.tasks.is_empty()),
            ("timer", !self.timers.is_empty()),
            ("indexed value", !self.values.is_empty()),
            ("link", !self.links.is_empty()),
            ("attachment", !self.attachments.is_empty()),
            ("alias", !self.aliases.is_empty()),
            ("legal hold", !self.legal_holds.is_empty()),
            ("watcher", !self.watchers.is_empty()),
            ("reminder", !self.reminders.is_empty()),
            ("archive", !self.archives.is_empty()),
            ("user", !self.users.is_empty()),
            ("directory", !self.directory.is_empty()),
            ("pack", !self.packs.is_empty()),
            ("token", !self.tokens.is_empty()),
            ("identity", !self.identities.is_empty()),
        ];
        kinds.into_iter().filter(|(_, there)| *there).map(|(kind, _)| kind).collect()
    }
}

fn all<T>(pages: &mut Pages<T>, sql: &mut dyn Sql, id: Uuid, what: &'static str, faults: &mut Vec<Fault>) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    while let Some(row) = pages.take(sql, id)? {
        match row {
            Ok(row) if rows.len() < MOST => rows.push(row),
            Ok(_) => {}
            Err(error) => faults.push(Fault::Unreadable { what, why: error.to_string() }),
        }
    }
    Ok(rows)
}
