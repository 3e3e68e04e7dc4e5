//! Reading everything in order of the aggregate it belongs to, for `yuheng check`: a page at a time, so that a million
//! records fit in little memory.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use crate::archive::{self, ArchiveRow};
use crate::attachment::USED;
use crate::directory::{self, DirectoryRow};
use crate::journal::{self, Entry};
use crate::legal_hold::{self, LegalHold};
use crate::pack_version::{self, PackVersionRow};
use crate::record::{self, Indexed, Link, RecordRow};
use crate::reminder::{self, ReminderRow};
use crate::session::{self, TokenRow};
use crate::sql::{Row, Sql, Value};
use crate::task::{self, TaskRow};
use crate::user::{self, UserRow};
use crate::{StoreError, params};

/// Rows read at once.
const PAGE: i64 = 500;
/// Rows read at once where one of them may be large.
const SMALL_PAGE: i64 = 5;
/// Most rows of one answer that is not paged.
const MOST: i64 = 1000;

type Read<T> = fn(&Row) -> Result<T, StoreError>;
type Waiting<T> = VecDeque<(Uuid, Result<T, StoreError>)>;

/// Rows of one table, sorted by the aggregate they belong to.
pub struct Pages<T> {
    first: String,
    next: String,
    keys: usize,
    page: i64,
    read: Read<T>,
    waiting: Waiting<T>,
    last: Option<Vec<Value>>,
    ended: bool,
}

impl<T> Pages<T> {
    /// `keys` are the columns by which rows are sorted and that tell each row apart; the first is the aggregate.
    fn new(columns: &str, from: &str, keys: &[&str], page: i64, read: Read<T>) -> Self {
        let order = keys.join(", ");
        let marks: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
        let select = format!("SELECT {columns}, {order} FROM {from}");
        Self {
            first: format!("{select} ORDER BY {order} LIMIT $1"),
            next: format!("{select} WHERE ({order}) > ({}) ORDER BY {order} LIMIT ${}", marks.join(", "), keys.len() + 1),
            keys: keys.len(),
            page,
            read,
            waiting: VecDeque::new(),
            last: None,
            ended: false,
        }
    }

    fn fill(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError> {
        if self.ended || !self.waiting.is_empty() {
            return Ok(());
        }
        let rows = match &self.last {
            None => sql.query(&self.first, &[self.page.into()])?,
            Some(last) => {
                let mut values = last.clone();
                values.push(self.page.into());
                sql.query(&self.next, &values)?
            }
        };
        self.ended = (rows.len() as i64) < self.page;
        for row in &rows {
            let from = row.0.len().saturating_sub(self.keys);
            self.waiting.push_back((row.id(from)?, (self.read)(row)));
        }
        if let Some(row) = rows.last() {
            self.last = Some(row.0[row.0.len().saturating_sub(self.keys)..].to_vec());
        }
        Ok(())
    }

    /// The aggregate of the next row.
    pub fn owner(&mut self, sql: &mut dyn Sql) -> Result<Option<Uuid>, StoreError> {
        self.fill(sql)?;
        Ok(self.waiting.front().map(|(owner, _)| *owner))
    }

    /// The next row, when it belongs to `owner`. A row whose columns cannot be read is an error of its own.
    pub fn take(&mut self, sql: &mut dyn Sql, owner: Uuid) -> Result<Option<Result<T, StoreError>>, StoreError> {
        if self.owner(sql)? != Some(owner) {
            return Ok(None);
        }
        Ok(self.waiting.pop_front().map(|(_, row)| row))
    }
}

/// A record's row with the column that is derived from its phase.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// The row.
    pub row: RecordRow,
    /// Whether it counts as open.
    pub is_open: bool,
}

/// A row of the side table of indexed fields.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditValue {
    /// The field.
    pub field: String,
    /// Its value; none when not exactly one column holds one.
    pub value: Option<Indexed>,
}

/// An attachment with the size of its content, when there is a row of that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §9")]
pub struct AuditAttachment {
    pub id: Uuid,
    pub sha256: Vec<u8>,
    pub name: String,
    pub visibility: String,
    pub by_user: Uuid,
    pub size: Option<i64>,
}

/// A proof of identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditIdentity {
    /// Who vouches: `password`.
    pub provider: String,
    /// The name there.
    pub subject: String,
    /// The stored secret: for a password its argon2 hash.
    pub secret: Option<String>,
}

/// An internal message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditMessage {
    /// Identity.
    pub id: Uuid,
    /// The command that caused it.
    pub cause: Uuid,
    /// `waiting`, `applied` or `refused`.
    pub state: String,
}

/// All tables whose rows belong to an aggregate, each sorted by it.
#[expect(missing_docs, reason = "named as the tables")]
pub struct Streams {
    pub entries: Pages<Entry>,
    pub records: Pages<AuditRecord>,
    pub tasks: Pages<TaskRow>,
    pub timers: Pages<(u32, i64)>,
    pub values: Pages<AuditValue>,
    pub links: Pages<Link>,
    pub attachments: Pages<AuditAttachment>,
    pub aliases: Pages<(String, String)>,
    pub legal_holds: Pages<LegalHold>,
    pub watchers: Pages<(Uuid, bool)>,
    pub reminders: Pages<ReminderRow>,
    pub archives: Pages<ArchiveRow>,
    pub messages: Pages<AuditMessage>,
    pub users: Pages<UserRow>,
    pub directory: Pages<DirectoryRow>,
    pub packs: Pages<PackVersionRow>,
    pub tokens: Pages<TokenRow>,
    pub identities: Pages<AuditIdentity>,
}

impl Default for Streams {
    fn default() -> Self {
        let records = format!("{}, r.is_open", record::COLUMNS);
        Self {
            entries: Pages::new(journal::COLUMNS, journal::TABLES, &["j.aggregate", "j.seq", "j.pos"], PAGE, journal::read),
            records: Pages::new(&records, "record r", &["r.id"], PAGE, read_record),
            tasks: Pages::new(task::COLUMNS, "task", &["record", "activity"], PAGE, task::read),
            timers: Pages::new("timer, due_at", "timer", &["record", "timer"], PAGE, read_timer),
            values: Pages::new("field, text, number, instant", "record_value", &["record", "field"], PAGE, read_value),
            links: Pages::new("kind, other", "record_link", &["record", "kind", "other"], PAGE, read_link),
            attachments: Pages::new(
                "a.id, a.blob, a.name, a.visibility, a.by_user, b.size",
                "attachment a LEFT JOIN blob b ON b.sha256 = a.blob",
                &["a.owner", "a.at", "a.id"],
                PAGE,
                read_attachment,
            ),
            aliases: Pages::new("source, external_id", "record_alias", &["record", "source", "external_id"], PAGE, read_pair),
            legal_holds: Pages::new(legal_hold::COLUMNS, "legal_hold", &["record"], PAGE, legal_hold::read),
            watchers: Pages::new("user_id, affected", "watcher", &["record", "user_id"], PAGE, |row| Ok((row.id(0)?, row.flag(1)?))),
            reminders: Pages::new(reminder::COLUMNS, "reminder m", &["m.record", "m.id"], PAGE, reminder::read),
            archives: Pages::new(archive::COLUMNS, archive::TABLES, &["a.record"], PAGE, archive::read),
            messages: Pages::new("id, cause, state", "message", &["target", "cause", "id"], PAGE, read_message),
            users: Pages::new(user::COLUMNS, "app_user u", &["u.id"], PAGE, user::read),
            directory: Pages::new(directory::COLUMNS, "directory", &["id"], PAGE, directory::read),
            packs: Pages::new(pack_version::COLUMNS, "pack_version", &["id"], SMALL_PAGE, pack_version::read),
            identities: Pages::new("provider, subject, secret", "identity", &["user_id", "provider", "subject"], PAGE, read_identity),
            tokens: Pages::new(session::TOKEN, "token k", &["k.id"], PAGE, read_token),
        }
    }
}

impl Streams {
    /// The next aggregate that anything belongs to.
    pub fn next(&mut self, sql: &mut dyn Sql) -> Result<Option<Uuid>, StoreError> {
        let owners = [
            self.entries.owner(sql)?,
            self.records.owner(sql)?,
            self.tasks.owner(sql)?,
            self.timers.owner(sql)?,
            self.values.owner(sql)?,
            self.links.owner(sql)?,
            self.attachments.owner(sql)?,
            self.aliases.owner(sql)?,
            self.legal_holds.owner(sql)?,
            self.watchers.owner(sql)?,
            self.reminders.owner(sql)?,
            self.archives.owner(sql)?,
            self.messages.owner(sql)?,
            self.users.owner(sql)?,
            self.directory.owner(sql)?,
            self.packs.owner(sql)?,
            self.tokens.owner(sql)?,
            self.identities.owner(sql)?,
        ];
        Ok(owners.into_iter().flatten().min())
    }
}

fn read_record(row: &Row) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord { row: RecordRow::read(row)?, is_open: row.flag(record::WIDTH)? })
}

fn read_timer(row: &Row) -> Result<(u32, i64), StoreError> {
    Ok((u32::try_from(row.int(0)?).map_err(|error| StoreError::damaged("timer", error))?, row.int(1)?))
}

fn read_value(row: &Row) -> Result<AuditValue, StoreError> {
    let text = row.opt_text(1)?.map(Indexed::Text);
    let number = match row.0.get(2) {
        Some(Value::Real(v)) => Some(Indexed::Number(*v)),
        _ => None,
    };
    let instant = row.opt_int(3)?.map(Indexed::Instant);
    let mut found: Vec<Indexed> = [text, number, instant].into_iter().flatten().collect();
    let value = if found.len() == 1 { found.pop() } else { None };
    Ok(AuditValue { field: row.text(0)?, value })
}

fn read_link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link { kind: row.text(0)?, other: row.id(1)? })
}

fn read_pair(row: &Row) -> Result<(String, String), StoreError> {
    Ok((row.text(0)?, row.text(1)?))
}

fn read_attachment(row: &Row) -> Result<AuditAttachment, StoreError> {
    Ok(AuditAttachment {
        id: row.id(0)?,
        sha256: row.blob(1)?,
        name: row.text(2)?,
        visibility: row.text(3)?,
        by_user: row.id(4)?,
        size: row.opt_int(5)?,
    })
}

fn read_message(row: &Row) -> Result<AuditMessage, StoreError> {
    Ok(AuditMessage { id: row.id(0)?, cause: row.id(1)?, state: row.text(2)? })
}

fn read_identity(row: &Row) -> Result<AuditIdentity, StoreError> {
    Ok(AuditIdentity { provider: row.text(0)?, subject: row.text(1)?, secret: row.opt_text(2)? })
}

fn read_token(row: &Row) -> Result<TokenRow, StoreError> {
    session::read_token(row, 0)
}

/// Every key under which numbers are leased, with the first number that is not leased yet.
pub fn number_blocks(sql: &mut dyn Sql) -> Result<HashMap<String, i64>, StoreError> {
    let rows = sql.query("SELECT key, next FROM number_block ORDER BY key LIMIT 100000", &[])?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Numbers that more than one record has.
pub fn double_numbers(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    sql.query("SELECT number FROM record GROUP BY number HAVING COUNT(*) > 1 ORDER BY number LIMIT $1", &params![MOST])?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

/// Messages of the outbox in a state that nobody knows, as (id, state).
pub fn strange_outbox(sql: &mut dyn Sql) -> Result<Vec<(Uuid, String)>, StoreError> {
    sql.query(
        "SELECT id, state FROM outbox WHERE state NOT IN ('waiting', 'held', 'sending', 'sent', 'uncertain', 'failed', 'dropped') \
         ORDER BY id LIMIT $1",
        &params![MOST],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, row.text(1)?)))
    .collect()
}

/// Stored content that something refers to, after `after`, as (digest, size), by digest.
pub fn blobs(sql: &mut dyn Sql, after: &[u8]) -> Result<Vec<(Vec<u8>, i64)>, StoreError> {
    sql.query(&format!("SELECT sha256, size FROM blob WHERE sha256 > $1 AND {USED} ORDER BY sha256 LIMIT $2"), &params![after, PAGE])?
        .iter()
        .map(|row| Ok((row.blob(0)?, row.int(1)?)))
        .collect()
}
