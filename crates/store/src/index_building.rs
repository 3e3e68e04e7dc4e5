//! Which indexed fields are not whole yet: marked when a pack is published, taken away by the job that writes their values.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// A field whose values are being written or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Record type.
    pub type_key: String,
    /// Own field.
    pub field: String,
    /// The job that does it.
    pub job: Uuid,
}

/// All fields of all types that are not whole yet; there are as many as packs mark, so few.
pub fn all(sql: &mut dyn Sql) -> Result<Vec<Building>, StoreError> {
    sql.query("SELECT type, field, job FROM index_building ORDER BY type, field LIMIT 10000", &[])?
        .iter()
        .map(|row| Ok(Building { type_key: row.text(0)?, field: row.text(1)?, job: row.id(2)? }))
        .collect()
}

/// Marks a field as not whole; the newest job answers for it.
pub fn mark(type_key: &str, field: &str, job: Uuid) -> Statement {
    Statement::new(
        "INSERT INTO index_building (type, field, job) VALUES ($1, $2, $3) ON CONFLICT (type, field) DO UPDATE SET job = excluded.job",
        params![type_key, field, job],
    )
}

/// Hands all fields of a type over to another job.
pub fn hand_over(type_key: &str, job: Uuid) -> Statement {
    Statement::new("UPDATE index_building SET job = $2 WHERE type = $1", params![type_key, job])
}

/// The fields of a job are whole.
pub fn built(job: Uuid) -> Statement {
    Statement::new("DELETE FROM index_building WHERE job = $1", params![job])
}
