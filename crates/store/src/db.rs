//! The database as the rest of the program sees it: `read` and `write`, whichever database is behind.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use decide::Dialect;

use crate::postgres::Postgres;
use crate::sql::{Sql, Tx, WriteSet};
use crate::sqlite::Sqlite;
use crate::{StoreError, migrate};

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file of SQLite.
    File(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Address {
    /// Reads `postgres://…`, `sqlite://PATH` or a plain path.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some((scheme, _)) => {
                Err(StoreError::Address(format!("{scheme}:// is not known; write postgres://user:password@host/database or sqlite://PATH")))
            }
            None if text.starts_with("sqlite:") || text.starts_with("postgres:") || text.starts_with("postgresql:") => Err(
                StoreError::Address(format!("'{text}' lacks the slashes; write postgres://user:password@host/database or sqlite://PATH")),
            ),
            None => Ok(Self::File(text.into())),
        }
    }
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
}

impl Db {
    /// Connects, and brings the schema up to date. An older program refuses a newer schema.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        let db = Self::connect(address).await?;
        migrate::run(&db, migrate::Before::Copy).await?;
        Ok(db)
    }

    /// Connects without touching the schema.
    pub async fn connect(address: &Address) -> Result<Self, StoreError> {
        let backend = match address {
            Address::File(path) => Backend::Sqlite(Sqlite::open(path)?),
            Address::Postgres(url) => Backend::Postgres(Postgres::open(url).await?),
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// Which database is behind.
    pub fn dialect(&self) -> Dialect {
        match &*self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The database file, when it is one.
    pub fn file(&self) -> Option<&Path> {
        match &*self.backend {
            Backend::Sqlite(db) => Some(db.path()),
            Backend::Postgres(_) => None,
        }
    }

    /// The PostgreSQL address, when it is one; holds a password, so never log it.
    pub fn url(&self) -> Option<&str> {
        match &*self.backend {
            Backend::Sqlite(_) => None,
            Backend::Postgres(db) => Some(db.url()),
        }
    }

    /// Runs queries on one connection. On SQLite all of them see the same moment.
    pub async fn read<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(db) => db.read(body).await,
            Backend::Postgres(db) => db.read(body).await,
        }
    }

    /// Runs queries and writes in one transaction and answers after it is durable.
    ///
    /// On SQLite the body runs on the only writer: it must not wait for anything but the database.
    pub async fn write<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(db) => db.write(body).await,
            Backend::Postgres(db) => db.write(body).await,
        }
    }

    /// Runs queries for as long as they take, all of the same moment, beside everything else: for backup and checks.
    pub async fn snapshot<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(db) => db.snapshot(body).await,
            Backend::Postgres(db) => db.snapshot(body).await,
        }
    }

    /// Copies the database, as it is now, into a new file that appears whole or not at all. Only SQLite is a file.
    pub async fn copy_file(&self, to: &Path) -> Result<(), StoreError> {
        match &*self.backend {
            Backend::Sqlite(db) => db.copy(to).await,
            Backend::Postgres(_) => Err(StoreError::Address("a database of PostgreSQL is not a file".to_owned())),
        }
    }

    /// Brings the schema up to date without keeping a copy of the state before: for what is a copy itself.
    pub async fn migrate_copy(&self) -> Result<(), StoreError> {
        migrate::run(self, migrate::Before::Nothing).await
    }

    /// Makes an empty schema beside the one in use and gives its address. Only PostgreSQL has schemas.
    pub async fn make_schema(&self, name: &str) -> Result<Address, StoreError> {
        match &*self.backend {
            Backend::Sqlite(_) => Err(StoreError::Address("SQLite has no schemas".to_owned())),
            Backend::Postgres(db) => db.make_schema(name).await.map(Address::Postgres),
        }
    }

    /// Removes a schema that [`Db::make_schema`] has made, with all that is in it.
    pub async fn drop_schema(&self, name: &str) -> Result<(), StoreError> {
        match &*self.backend {
            Backend::Sqlite(_) => Err(StoreError::Address("SQLite has no schemas".to_owned())),
            Backend::Postgres(db) => db.drop_schema(name).await,
        }
    }

    /// Applies a write set whole or not at all.
    pub async fn apply(&self, set: WriteSet) -> Result<(), StoreError> {
        self.write(move |tx| tx.apply(&set)).await
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_without_its_slashes_is_no_file() {
        assert!(Address::parse("sqlite:data/yuheng.db").is_err() && Address::parse("postgres:host/db").is_err());
        assert_eq!(Address::parse("sqlite://data/yuheng.db").unwrap(), Address::File("data/yuheng.db".into()));
    }
}
