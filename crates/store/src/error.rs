//! What can go wrong in the store.

/// A failure of the store. Callers tell apart what they can do something about; the rest is one kind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The aggregate has a newer version than the write set expected. Load it again and decide anew.
    #[error("the aggregate was changed meanwhile")]
    Stale,
    /// The transaction was undone because whoever ran it wanted that.
    #[error("the transaction was undone as wanted")]
    Undone,
    /// A unique key is taken.
    #[error("already exists: {0}")]
    Duplicate(String),
    /// The disk is full or the database cannot be written: the system goes read-only.
    #[error("no space left to write: {0}")]
    Full(String),
    /// The database did not answer in time, or every connection is busy.
    #[error("database is busy: {0}")]
    Busy(String),
    /// The connection broke; whether a commit arrived is unknown to this caller.
    #[error("database connection lost: {0}")]
    Lost(String),
    /// A column does not hold what the code expects: a defect or damaged data.
    #[error("column {column} should hold {wanted} but holds {found}")]
    Shape {
        /// Position in the SELECT list.
        column: usize,
        /// What was expected.
        wanted: &'static str,
        /// What was found.
        found: String,
    },
    /// Stored content that cannot be read back.
    #[error("stored {what} cannot be read: {why}")]
    Damaged {
        /// What was read.
        what: String,
        /// Why it failed.
        why: String,
    },
    /// The database was made by a newer version of the program.
    #[error("database schema {found} is newer than this program's {known}: start a newer yuheng")]
    NewerSchema {
        /// Schema number found.
        found: i64,
        /// Newest schema number this program knows.
        known: i64,
    },
    /// A journal entry in a version that this program does not know.
    #[error("journal entry {seq} of {aggregate} is of version {found}, this program knows {known}: start a newer yuheng")]
    UnknownEntry {
        /// Number of the entry.
        seq: i64,
        /// Its aggregate.
        aggregate: uuid::Uuid,
        /// Version found.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// A restore into the database has begun and did not end.
    #[error("a restore into this database did not end: run it again, or take a new folder and database")]
    Unfinished,
    /// The data folder is in use by another process.
    #[error("data folder {0} is locked by another yuheng process")]
    Locked(String),
    /// The database's address cannot be understood.
    #[error("database address not understood: {0}")]
    Address(String),
    /// Anything else the database said.
    #[error("database: {0}")]
    Database(String),
}

impl StoreError {
    /// Whether the same call may succeed when tried again from the start.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Stale | Self::Busy(_))
    }

    pub(crate) fn damaged(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self::Damaged { what: what.into(), why: why.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) if text.contains("UNIQUE") => Self::Duplicate(text),
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => Self::Full(text),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(text),
            _ => Self::Database(text),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(db) = error.as_db_error() else { return Self::Lost(whole(&error)) };
        let text = format!("{}: {}", db.code().code(), db.message());
        match db.code() {
            &SqlState::UNIQUE_VIOLATION => Self::Duplicate(format!("{text} {}", db.constraint().unwrap_or_default())),
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Self::Stale,
            &SqlState::DISK_FULL => Self::Full(text),
            &SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED | &SqlState::TOO_MANY_CONNECTIONS => Self::Busy(text),
            &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => Self::Lost(text),
            _ => Self::Database(text),
        }
    }
}

/// What went wrong with its causes: a handshake that failed says why only there.
fn whole(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(inner) => inner.into(),
            deadpool_postgres::PoolError::Timeout(_) => Self::Busy("no free connection within 10 s".to_owned()),
            other => Self::Lost(other.to_string()),
        }
    }
}
