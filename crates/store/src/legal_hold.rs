//! Legal holds: records that stay, whatever the rules of retention say.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::{StoreError, params};

/// A legal hold on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Why.
    pub reason: String,
    /// Who set it.
    pub by: Option<Uuid>,
    /// When, in UTC milliseconds.
    pub at: i64,
}

pub(crate) const COLUMNS: &str = "reason, by_user, at";

pub(crate) fn read(row: &Row) -> Result<LegalHold, StoreError> {
    Ok(LegalHold { reason: row.text(0)?, by: row.opt_id(1)?, at: row.int(2)? })
}

/// The hold on a record, if there is one.
pub fn find(sql: &mut dyn Sql, record: Uuid) -> Result<Option<LegalHold>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM legal_hold WHERE record = $1"), &params![record])?.map(|row| read(&row)).transpose()
}

/// Sets a hold; a record has one at most.
pub fn set(record: Uuid, hold: &LegalHold) -> Statement {
    Statement::one(
        "INSERT INTO legal_hold (record, reason, by_user, at) VALUES ($1, $2, $3, $4)",
        params![record, &hold.reason, hold.by, hold.at],
    )
}

/// Lifts it.
pub fn lift(record: Uuid) -> Statement {
    Statement::one("DELETE FROM legal_hold WHERE record = $1", params![record])
}
