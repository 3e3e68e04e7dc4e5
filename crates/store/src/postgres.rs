//! PostgreSQL: a pool of connections, one transaction per command, statements sent in one go.

use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use decide::Dialect;
use futures_util::future::{join, join_all};
use tokio::runtime::Handle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::sql::{Row, Sql, Statement, Tx, Value, WriteSet, expect};
use crate::{StoreError, crash, dialect, tls};

/// Connections of one node.
const POOL: usize = 16;

/// A PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
    url: String,
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(v) => match *ty {
                Type::INT2 => i16::try_from(*v)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
                Type::FLOAT8 => (*v as f64).to_sql(ty, out),
                Type::BOOL => (*v != 0).to_sql(ty, out),
                _ => v.to_sql(&Type::INT8, out),
            },
            Value::Real(v) => v.to_sql(ty, out),
            Value::Text(v) => v.to_sql(ty, out),
            Value::Blob(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn value(row: &tokio_postgres::Row, column: usize) -> Result<Value, StoreError> {
    let ty = row.columns()[column].type_();
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(|v| Value::Int(v.into())),
        Type::INT2 => row.try_get::<_, Option<i16>>(column)?.map(|v| Value::Int(v.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map(|v| Value::Int(v.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(column)?.map(Value::Real),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Blob),
        Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
        _ => return Err(StoreError::Shape { column, wanted: "integer, real, text or bytes", found: ty.to_string() }),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// How far the transaction of a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
    /// Single statements, each a transaction of its own.
    No,
    /// BEGIN goes out with the first statement: one way to the database less.
    WithTheFirst,
    /// Until COMMIT or ROLLBACK.
    Yes,
}

/// A connection in use; blocks its thread, which is one of the runtime's blocking threads.
struct PostgresSql {
    client: Option<Object>,
    handle: Handle,
    begun: Begun,
}

impl Drop for PostgresSql {
    fn drop(&mut self) {
        // Closed rather than given back to the pool: nobody may inherit an open transaction.
        if self.begun == Begun::Yes
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

impl PostgresSql {
    fn prepare_and<T>(&self, run: impl AsyncFnOnce(&Object) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let client = self.client.as_ref().ok_or_else(|| StoreError::Lost("connection given back".to_owned()))?;
        self.handle.block_on(run(client))
    }

    /// Runs something in the transaction, which begins with it if it has not yet.
    fn in_transaction<T>(&mut self, run: impl AsyncFnOnce(&Object) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.begun != Begun::WithTheFirst {
            return self.prepare_and(run);
        }
        // Whatever comes of it, the server may have begun.
        self.begun = Begun::Yes;
        self.prepare_and(async |client| {
            let (begun, answer) = join(client.batch_execute("BEGIN"), run(client)).await;
            begun?;
            answer
        })
    }

    /// Ends the transaction; one that the server never heard of needs no end.
    fn end(&mut self, how: &str) -> Result<(), StoreError> {
        if self.begun == Begun::Yes {
            self.prepare_and(async |client| Ok(client.batch_execute(how).await?))?;
        }
        self.begun = Begun::No;
        Ok(())
    }
}

fn refs(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

async fn run(client: &Object, statement: &Statement) -> Result<u64, StoreError> {
    let prepared = client.prepare_cached(&statement.sql).await?;
    Ok(client.execute(&prepared, &refs(&statement.params)).await?)
}

impl Sql for PostgresSql {
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.in_transaction(async |client| {
            let prepared = client.prepare_cached(sql).await?;
            let rows = client.query(&prepared, &refs(params)).await?;
            rows.iter().map(|row| (0..row.len()).map(|i| value(row, i)).collect::<Result<Vec<_>, _>>().map(Row)).collect()
        })
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
}

impl Tx for PostgresSql {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.in_transaction(async |client| {
            let prepared = client.prepare_cached(sql).await?;
            Ok(client.execute(&prepared, &refs(params)).await?)
        })
    }

    fn apply(&mut self, set: &WriteSet) -> Result<(), StoreError> {
        // Polled together, the statements travel in one go and the server runs them in order.
        let touched = self.in_transaction(async |client| {
            for statement in &set.statements {
                client.prepare_cached(&statement.sql).await?;
            }
            Ok(join_all(set.statements.iter().map(|statement| run(client, statement))).await)
        })?;
        // The first failure is the cause: those after it only say that the transaction has failed already.
        set.statements.iter().zip(touched).try_for_each(|(statement, touched)| expect(statement, touched?))
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.in_transaction(async |client| Ok(client.batch_execute(sql).await?))
    }
}

impl Postgres {
    /// Makes the pool; the first connection is tried at once so that a wrong address is told at start.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let route = tls::route(url)?;
        let mut config: tokio_postgres::Config = route.url.parse().map_err(|error| StoreError::Address(format!("{error}")))?;
        config.application_name("yuheng").connect_timeout(Duration::from_secs(10));
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match route.tls {
            Some(tls) => Manager::from_config(config, tls, recycling),
            None => Manager::from_config(config, tokio_postgres::NoTls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(POOL)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .recycle_timeout(Some(Duration::from_secs(5)))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move {
                    client
                        .batch_execute(
                            "SET synchronous_commit = on; SET lock_timeout = '10s'; SET statement_timeout = '60s'; \
                             SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'",
                        )
                        .await
                        .map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| StoreError::Address(error.to_string()))?;
        drop(pool.get().await?);
        Ok(Self { pool, url: url.to_owned() })
    }

    /// The address this pool connects to.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn read<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let client = self.pool.get().await?;
        on_blocking(move |handle| body(&mut PostgresSql { client: Some(client), handle, begun: Begun::No })).await
    }

    pub(crate) async fn snapshot<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let client = self.pool.get().await?;
        on_blocking(move |handle| {
            let mut tx = PostgresSql { client: Some(client), handle, begun: Begun::Yes };
            tx.script(dialect::begin_snapshot(Dialect::Postgres))?;
            let answer = body(&mut tx);
            // When this fails the connection is closed instead of being given back.
            let _ = tx.end("ROLLBACK");
            answer
        })
        .await
    }

    /// Makes a schema beside the one in use and gives the address under which it is the only one.
    pub(crate) async fn make_schema(&self, name: &str) -> Result<String, StoreError> {
        self.pool.get().await?.batch_execute(&format!("CREATE SCHEMA {}", quoted(name))).await?;
        let sign = if self.url.contains('?') { '&' } else { '?' };
        Ok(format!("{}{sign}options=-c%20search_path%3D{name}", self.url))
    }

    pub(crate) async fn drop_schema(&self, name: &str) -> Result<(), StoreError> {
        Ok(self.pool.get().await?.batch_execute(&format!("DROP SCHEMA {} CASCADE", quoted(name))).await?)
    }

    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let client = self.pool.get().await?;
        on_blocking(move |handle| {
            let mut tx = PostgresSql { client: Some(client), handle, begun: Begun::WithTheFirst };
            match body(&mut tx) {
                Ok(answer) => {
                    crash::point("before_commit");
                    let started = std::time::Instant::now();
                    tx.end("COMMIT")?;
                    crash::point("after_commit");
                    metrics::histogram!("yuheng_commit_seconds").record(started.elapsed().as_secs_f64());
                    metrics::histogram!("yuheng_commit_batch").record(1.0);
                    Ok(answer)
                }
                Err(error) => {
                    let _ = tx.end("ROLLBACK");
                    Err(error)
                }
            }
        })
        .await
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

async fn on_blocking<T: Send + 'static>(body: impl FnOnce(Handle) -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || body(handle)).await.map_err(|error| StoreError::Database(format!("worker: {error}")))?
}
