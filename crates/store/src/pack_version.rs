//! Published pack versions: the content as it was published, for ever readable by what is pinned to it.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::{StoreError, params};

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the table; instants are UTC milliseconds")]
pub struct PackVersionRow {
    pub id: Uuid,
    pub key: String,
    pub version: i64,
    pub hash: String,
    /// Hash of the built-in content an edited pack came from, for a three-way merge.
    pub origin: Option<String>,
    /// `{path: text}`, JSON text.
    pub files: String,
    pub published_at: i64,
    pub published_by: Option<Uuid>,
}

pub(crate) const COLUMNS: &str = "id, key, version, hash, origin, files, published_at, published_by";

pub(crate) fn read(row: &Row) -> Result<PackVersionRow, StoreError> {
    Ok(PackVersionRow {
        id: row.id(0)?,
        key: row.text(1)?,
        version: row.int(2)?,
        hash: row.text(3)?,
        origin: row.opt_text(4)?,
        files: row.text(5)?,
        published_at: row.int(6)?,
        published_by: row.opt_id(7)?,
    })
}

/// Publishes a version; a taken (key, version) undoes the write set.
pub fn insert(row: &PackVersionRow) -> Statement {
    Statement::one(
        "INSERT INTO pack_version (id, key, version, hash, origin, files, published_at, published_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
        params![row.id, &row.key, row.version, &row.hash, row.origin.as_ref(), &row.files, row.published_at, row.published_by],
    )
}

/// The version with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<PackVersionRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM pack_version WHERE id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// The newest version of every pack.
pub fn newest(sql: &mut dyn Sql) -> Result<Vec<PackVersionRow>, StoreError> {
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM pack_version v WHERE version = (SELECT MAX(version) FROM pack_version w WHERE w.key = v.key) ORDER BY key LIMIT 1000"
        ),
        &[],
    )?
    .iter()
    .map(read)
    .collect()
}
