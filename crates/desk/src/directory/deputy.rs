//! Who stands in for whom, and when: the one place that says so.

use store::deputy::DeputyRow;
use uuid::Uuid;

/// A person who is away for a while, with who stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputation {
    /// Who is away.
    pub person: Uuid,
    /// Username of who is away.
    pub username: String,
    /// Name of who is away.
    pub name: String,
    /// Who stands in.
    pub deputy: Uuid,
    /// Username of who stands in.
    pub deputy_username: String,
    /// Name of who stands in.
    pub deputy_name: String,
    /// From when.
    pub from: i64,
    /// Until when, itself not included.
    pub until: i64,
    /// Roles of who is away.
    pub roles: Vec<String>,
    /// Site of who is away.
    pub site: Option<Uuid>,
    /// Customer of who is away.
    pub customer: Uuid,
}

impl Deputation {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: i64) -> bool {
        (self.from..self.until).contains(&now)
    }
}

impl From<DeputyRow> for Deputation {
    fn from(row: DeputyRow) -> Self {
        Self {
            person: row.person,
            username: row.username,
            name: row.name,
            deputy: row.deputy,
            deputy_username: row.deputy_username,
            deputy_name: row.deputy_name,
            from: row.from,
            until: row.until,
            roles: serde_json::from_str(&row.roles).unwrap_or_default(),
            site: row.site,
            customer: row.customer,
        }
    }
}
