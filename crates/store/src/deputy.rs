//! Who stands in for whom. Columns of the user table, read whole: few people are away.

use uuid::Uuid;

use crate::StoreError;
use crate::sql::Sql;

/// Somebody who is away, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the user table; instants are UTC milliseconds")]
pub struct DeputyRow {
    pub person: Uuid,
    pub username: String,
    pub name: String,
    /// Role keys, JSON array text.
    pub roles: String,
    pub site: Option<Uuid>,
    pub customer: Uuid,
    pub from: i64,
    pub until: i64,
    pub deputy: Uuid,
    pub deputy_username: String,
    pub deputy_name: String,
}

/// All who have named somebody to stand in, whenever that is. Who stands in has an account that is open.
pub fn all(sql: &mut dyn Sql) -> Result<Vec<DeputyRow>, StoreError> {
    let text = "SELECT u.id, u.username, u.name, u.roles, u.site, u.customer, u.deputy_from, u.deputy_until, d.id, d.username, d.name \
         FROM app_user u JOIN app_user d ON d.id = u.deputy \
         WHERE u.deputy IS NOT NULL AND u.deputy_from IS NOT NULL AND u.deputy_until IS NOT NULL AND d.active = 1 ORDER BY u.id LIMIT 100000";
    let read = |row: &crate::sql::Row| {
        Ok(DeputyRow {
            person: row.id(0)?,
            username: row.text(1)?,
            name: row.text(2)?,
            roles: row.text(3)?,
            site: row.opt_id(4)?,
            customer: row.id(5)?,
            from: row.int(6)?,
            until: row.int(7)?,
            deputy: row.id(8)?,
            deputy_username: row.text(9)?,
            deputy_name: row.text(10)?,
        })
    };
    sql.query(text, &[])?.iter().map(read).collect()
}
