//! Files: immutable content by digest, and who attached it to what.

use decide::Dialect;
use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Tx};
use crate::{StoreError, dialect, params};

/// An attachment with its content's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §9; size in bytes, instants UTC milliseconds")]
pub struct AttachmentRow {
    pub id: Uuid,
    pub owner: Uuid,
    pub sha256: Vec<u8>,
    pub name: String,
    pub visibility: String,
    pub by_user: Uuid,
    pub at: i64,
    pub size: i64,
    pub media_type: String,
    pub scan_state: String,
}

const SELECT: &str = "SELECT a.id, a.owner, a.blob, a.name, a.visibility, a.by_user, a.at, b.size, b.media_type, b.scan_state \
     FROM attachment a JOIN blob b ON b.sha256 = a.blob";

fn read(row: &Row) -> Result<AttachmentRow, StoreError> {
    Ok(AttachmentRow {
        id: row.id(0)?,
        owner: row.id(1)?,
        sha256: row.blob(2)?,
        name: row.text(3)?,
        visibility: row.text(4)?,
        by_user: row.id(5)?,
        at: row.int(6)?,
        size: row.int(7)?,
        media_type: row.text(8)?,
        scan_state: row.text(9)?,
    })
}

/// Writes an attachment and, if new, its content's row. The content itself must be stored before.
pub fn insert(row: &AttachmentRow) -> [Statement; 2] {
    [
        Statement::new(
            "INSERT INTO blob (sha256, size, media_type, scan_state, created_at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (sha256) DO NOTHING",
            params![row.sha256.as_slice(), row.size, &row.media_type, &row.scan_state, row.at],
        ),
        Statement::one(
            "INSERT INTO attachment (id, owner, blob, name, visibility, by_user, at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
            params![row.id, row.owner, row.sha256.as_slice(), &row.name, &row.visibility, row.by_user, row.at],
        ),
    ]
}

/// The attachment with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<AttachmentRow>, StoreError> {
    sql.first(&format!("{SELECT} WHERE a.id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// The attachments of a record, oldest first, at most 500.
pub fn of_owner(sql: &mut dyn Sql, owner: Uuid) -> Result<Vec<AttachmentRow>, StoreError> {
    sql.query(&format!("{SELECT} WHERE a.owner = $1 ORDER BY a.at, a.id LIMIT 500"), &params![owner])?.iter().map(read).collect()
}

/// Says that content is about to be stored and referred to: from now on, and for a day, it is not collected. Touches nothing
/// while the same content is being removed.
pub fn reserve(sha256: &[u8], size: i64, media_type: &str, now: i64) -> Statement {
    Statement::one(
        "INSERT INTO blob (sha256, size, media_type, scan_state, created_at, used_at) VALUES ($1, $2, $3, 'unscanned', $4, $4) \
         ON CONFLICT (sha256) DO UPDATE SET used_at = excluded.used_at WHERE blob.collecting = 0",
        params![sha256, size, media_type, now],
    )
}

/// What tells content that something refers to.
pub(crate) const USED: &str = "(EXISTS (SELECT 1 FROM attachment a WHERE a.blob = blob.sha256) \
     OR EXISTS (SELECT 1 FROM archive a WHERE a.blob = blob.sha256))";

/// What tells content that nothing refers to, and that nobody was about to refer to since `$1`; or whose removal has begun.
fn is_unused() -> String {
    format!("(collecting = 1 OR used_at < $1 AND created_at < $1 AND NOT {USED})")
}

/// Digests of content that can be removed.
pub fn unused(sql: &mut dyn Sql, before: i64, limit: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    sql.query(&format!("SELECT sha256 FROM blob WHERE {} ORDER BY sha256 LIMIT $2", is_unused()), &params![before, limit])?
        .iter()
        .map(|row| row.blob(0))
        .collect()
}

/// Begins to remove content, unless somebody is about to attach it again; says whether it has begun. From then on it cannot be
/// reserved until it is gone.
pub fn begin_collecting(tx: &mut dyn Tx, sha256: &[u8], before: i64) -> Result<bool, StoreError> {
    let now = dialect::now_ms(tx.dialect());
    let text = format!("UPDATE blob SET collecting = 1, used_at = {now} WHERE sha256 = $2 AND {}", is_unused());
    Ok(tx.execute(&text, &params![before, sha256])? == 1)
}

/// Takes content back whose removal began more than `silence` milliseconds ago, by the database's clock, and did not end: its
/// node is gone. Whoever does so stores the content anew. Touches nothing when the removal is under way.
pub fn take_back(sha256: &[u8], now: i64, silence: i64, dialect: Dialect) -> Statement {
    let clock = dialect::now_ms(dialect);
    Statement::one(
        format!("UPDATE blob SET collecting = 0, used_at = $2 WHERE sha256 = $1 AND collecting = 1 AND used_at < {clock} - $3"),
        params![sha256, now, silence],
    )
}

/// The content is gone.
pub fn collected(sha256: &[u8]) -> Statement {
    Statement::new("DELETE FROM blob WHERE sha256 = $1 AND collecting = 1", params![sha256])
}
