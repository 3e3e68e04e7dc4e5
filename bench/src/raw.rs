//! The raw databases, without a server before them: what the same rows cost at least.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join3, try_join_all};
use rusqlite::{Connection, params_from_iter};
use store::Value;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::Outcome;
use crate::load::{Run, Watch};
use crate::shape::Shape;
use crate::stats::Sample;

/// Numbers of the records that the baselines write.
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn number() -> String {
    format!("RAW-{:09}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Opens a file with the settings that the product's writer has.
pub fn sqlite(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; \
         PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;",
    )?;
    Ok(connection)
}

/// One writer that makes one durable commit per record, for some seconds.
pub async fn sqlite_openings(path: &Path, shape: &Arc<Shape>, seconds: f64) -> Outcome<Run> {
    let (path, shape) = (path.to_owned(), Arc::clone(shape));
    let watch = Watch { server: None, database: None };
    tokio::task::spawn_blocking(move || {
        let connection = sqlite(&path)?;
        let mut sample = Sample::default();
        write_one(&connection, &shape)?;
        let before = watch.read()?;
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        while Instant::now() < end {
            let started = Instant::now();
            write_one(&connection, &shape)?;
            sample.push(started.elapsed());
        }
        watch.since(&before, sample, 0)
    })
    .await?
}

fn write_one(connection: &Connection, shape: &Shape) -> Outcome<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    for (sql, values) in shape.of(&number()) {
        connection.prepare_cached(sql)?.execute(params_from_iter(&values))?;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

/// Connects to PostgreSQL.
pub async fn postgres(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("bench: connection to PostgreSQL: {error}");
        }
    });
    Ok(client)
}

/// Connections that make one durable commit per record each, for some seconds.
pub async fn postgres_openings(url: &str, database: u32, shape: &Arc<Shape>, clients: usize, seconds: f64) -> Outcome<Run> {
    let watch = Watch { server: None, database: Some(database) };
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Arc::new(Prepared::new(postgres(url).await?, shape).await?));
    }
    let before = watch.read()?;
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut tasks = tokio::task::JoinSet::new();
    for connection in &connections {
        let (connection, shape) = (Arc::clone(connection), Arc::clone(shape));
        tasks.spawn(async move {
            let mut sample = Sample::default();
            while Instant::now() < end {
                let started = Instant::now();
                connection.write_one(&shape).await?;
                sample.push(started.elapsed());
            }
            Outcome::Ok(sample)
        });
    }
    let mut all = Sample::default();
    while let Some(done) = tasks.join_next().await {
        all.add(&done??);
    }
    watch.since(&before, all, 0)
}

/// A connection that has prepared what it will write.
struct Prepared {
    client: Client,
    statements: Vec<tokio_postgres::Statement>,
}

impl Prepared {
    async fn new(client: Client, shape: &Shape) -> Outcome<Self> {
        let mut statements = Vec::new();
        for (sql, _) in shape.of("") {
            statements.push(client.prepare(sql).await?);
        }
        Ok(Self { client, statements })
    }

    /// Begin, rows and commit travel in one go.
    async fn write_one(&self, shape: &Shape) -> Outcome<()> {
        let rows = shape.of(&number());
        let params: Vec<Vec<&(dyn ToSql + Sync)>> = rows.iter().map(|(_, values)| values.iter().map(as_param).collect()).collect();
        let begin = self.client.batch_execute("BEGIN");
        let inserts = try_join_all(self.statements.iter().zip(&params).map(|(statement, values)| self.client.execute(statement, values)));
        let commit = self.client.batch_execute("COMMIT");
        // Polled in this order, they are sent in this order.
        let (begun, inserted, committed) = join3(begin, inserts, commit).await;
        begun?;
        inserted?;
        Ok(committed?)
    }
}

fn as_param(value: &Value) -> &(dyn ToSql + Sync) {
    value
}
