//! SQLite: one writer thread that commits in groups, four readers.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use decide::Dialect;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio::sync::{Semaphore, oneshot};

use crate::sql::{Row, Sql, Tx, Value, WriteSet, expect};
use crate::{StoreError, crash, dialect};

/// Most write sets that one commit carries.
const GROUP_LIMIT: usize = 64;
/// Longest time that a group goes on taking write sets that are already waiting.
const GROUP_TIME: Duration = Duration::from_millis(2);
/// Write sets that may wait for the writer; beyond it callers are told to come back.
const QUEUE_LIMIT: usize = 1024;
/// Readers beside the writer.
const READERS: usize = 4;
/// Longest wait for a free reader.
const READER_WAIT: Duration = Duration::from_secs(10);

/// An SQLite database: the queue of its writer and its readers.
pub(crate) struct Sqlite {
    path: PathBuf,
    queue: SyncSender<Box<dyn Work>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

/// A piece of work for the writer: runs in a savepoint, is told afterwards whether the group's commit held.
trait Work: Send {
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError>;
    fn done(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Piece<F, T> {
    body: Option<F>,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
    _queued: Queued,
}

/// Counts what waits for the writer, or is in its hands, for as long as it does: also when its caller went away.
struct Queued;

impl Queued {
    fn count() -> Self {
        metrics::gauge!("yuheng_writer_queue").increment(1.0);
        Self
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        metrics::gauge!("yuheng_writer_queue").decrement(1.0);
    }
}

impl<F, T> Work for Piece<F, T>
where
    F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if let Some(body) = self.body.take() {
            self.result = Some(body(&mut SqliteSql { connection })?);
        }
        Ok(())
    }

    fn done(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(result)) => Ok(result),
            (Ok(()), None) => Err(StoreError::Database("the write did not run".to_owned())),
            (Err(error), _) => Err(error),
        };
        // A caller that went away has no use for the answer; the commit stands.
        let _ = self.reply.send(answer);
    }
}

/// A connection in use, for reading or inside the writer's transaction.
struct SqliteSql<'a> {
    connection: &'a Connection,
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(v) => ValueRef::Integer(*v),
            Value::Real(v) => ValueRef::Real(*v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

fn value(column: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match column {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Int(v),
        ValueRef::Real(v) => Value::Real(v),
        ValueRef::Text(v) => Value::Text(std::str::from_utf8(v).map_err(|error| StoreError::damaged("text", error))?.to_owned()),
        ValueRef::Blob(v) => Value::Blob(v.to_vec()),
    })
}

/// SQLite takes `$1` for a name and numbers names by first appearance; `?1` is the first parameter wherever it stands.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

impl Sql for SqliteSql<'_> {
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(params))?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next()? {
            let columns = (0..width).map(|i| value(row.get_ref(i)?)).collect::<Result<Vec<_>, StoreError>>()?;
            answer.push(Row(columns));
        }
        Ok(answer)
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
}

impl Tx for SqliteSql<'_> {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        Ok(self.connection.prepare_cached(&numbered(sql))?.execute(params_from_iter(params))? as u64)
    }

    fn apply(&mut self, set: &WriteSet) -> Result<(), StoreError> {
        for statement in &set.statements {
            let touched = self.execute(&statement.sql, &statement.params)?;
            expect(statement, touched)?;
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch(sql)?)
    }
}

/// Makes the file for its owner alone where it is not there yet: digests of passwords lie in it. What lies beside it follows.
fn make_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // One that is there, or cannot be made, is SQLite's to speak of.
        let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    }
}

fn connect(path: &Path, cache_kib: u32, read_only: bool) -> Result<Connection, StoreError> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    if !read_only {
        make_private(path);
    }
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.busy_timeout(Duration::from_secs(5))?;
    // Plans do not depend on bound values: otherwise SQLite compiles a cached statement anew whenever they are others.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; \
         PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{cache_kib}; PRAGMA wal_autocheckpoint=4000; \
         PRAGMA journal_size_limit=67108864; PRAGMA query_only={};",
        u8::from(read_only)
    ))?;
    Ok(connection)
}

impl Sqlite {
    /// Opens or creates the file and starts the writer thread.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = connect(path, 32 * 1024, false)?;
        let readers = (0..READERS).map(|_| connect(path, 8 * 1024, true)).collect::<Result<Vec<_>, StoreError>>()?;
        let (queue, inbox) = sync_channel::<Box<dyn Work>>(QUEUE_LIMIT);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_loop(&writer, &inbox))
            .map_err(|error| StoreError::Database(format!("writer thread: {error}")))?;
        Ok(Self { path: path.to_owned(), queue, readers: Arc::new(Mutex::new(readers)), free: Arc::new(Semaphore::new(READERS)) })
    }

    /// Where the database file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn read<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let permit = tokio::time::timeout(READER_WAIT, Arc::clone(&self.free).acquire_owned())
            .await
            .map_err(|_| StoreError::Busy("no free reader within 10 s".to_owned()))?
            .map_err(|_| StoreError::Busy("closing".to_owned()))?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = Borrowed::take(&readers)?;
            // One read transaction: everything the closure sees is of the same moment.
            connection.get().execute_batch("BEGIN")?;
            let answer = body(&mut SqliteSql { connection: connection.get() });
            connection.get().execute_batch("COMMIT")?;
            answer
        })
        .await
        .map_err(|error| StoreError::Database(format!("reader: {error}")))?
    }

    /// Reads on a connection of its own, so that long work takes no reader away from requests.
    pub(crate) async fn snapshot<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let path = self.path.clone();
        on_blocking(move || {
            let connection = connect(&path, 8 * 1024, true)?;
            connection.execute_batch(dialect::begin_snapshot(Dialect::Sqlite))?;
            let answer = body(&mut SqliteSql { connection: &connection });
            connection.execute_batch("COMMIT")?;
            answer
        })
        .await
    }

    /// Copies the database into a new file. The name appears when all of it is on the disk.
    pub(crate) async fn copy(&self, to: &Path) -> Result<(), StoreError> {
        let (path, to) = (self.path.clone(), to.to_owned());
        on_blocking(move || {
            let failed = |what: &str, error: std::io::Error| StoreError::Full(format!("{what} {}: {error}", to.display()));
            let mut partial = to.clone().into_os_string();
            partial.push(".partial");
            let partial = PathBuf::from(partial);
            if partial.exists() {
                std::fs::remove_file(&partial).map_err(|error| failed("remove an unfinished copy of", error))?;
            }
            let connection = connect(&path, 8 * 1024, false)?;
            connection.execute("VACUUM INTO ?1", [partial.to_string_lossy()])?;
            let file = std::fs::File::open(&partial).map_err(|error| failed("open", error))?;
            file.sync_all().map_err(|error| failed("write", error))?;
            std::fs::rename(&partial, &to).map_err(|error| failed("name", error))?;
            let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed("write", error))
        })
        .await
    }

    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work: Box<dyn Work> = Box::new(Piece { body: Some(body), result: None, reply, _queued: Queued::count() });
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy("the write queue is full".to_owned()),
            TrySendError::Disconnected(_) => StoreError::Lost("the writer has ended".to_owned()),
        })?;
        answer.await.map_err(|_| StoreError::Lost("the writer has ended".to_owned()))?
    }
}

async fn on_blocking<T: Send + 'static>(body: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(body).await.map_err(|error| StoreError::Database(format!("reader: {error}")))?
}

/// A reader taken from the pool; goes back on drop, also after a panic in the closure.
struct Borrowed<'a> {
    pool: &'a Mutex<Vec<Connection>>,
    connection: Option<Connection>,
}

impl<'a> Borrowed<'a> {
    fn take(pool: &'a Mutex<Vec<Connection>>) -> Result<Self, StoreError> {
        let connection = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match connection {
            Some(connection) => Ok(Self { pool, connection: Some(connection) }),
            None => Err(StoreError::Busy("no free reader".to_owned())),
        }
    }

    #[expect(clippy::expect_used, reason = "the connection is only taken out by drop")]
    fn get(&self) -> &Connection {
        self.connection.as_ref().expect("present until dropped")
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
            self.pool.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

/// Takes what waits, runs each piece in a savepoint, commits once, then answers all: no answer precedes its fsync.
fn write_loop(connection: &Connection, inbox: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = inbox.recv() {
        let started = Instant::now();
        let mut done: Vec<(Box<dyn Work>, Result<(), StoreError>)> = Vec::with_capacity(GROUP_LIMIT);
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            first.done(Err(error.into()));
            continue;
        }
        let mut next = Some(first);
        while let Some(mut work) = next {
            let result = in_savepoint(connection, work.as_mut());
            done.push((work, result));
            if connection.is_autocommit() {
                // SQLite has undone the whole transaction, as it does when it cannot write: nothing may run outside of one.
                break;
            }
            next = (done.len() < GROUP_LIMIT && started.elapsed() < GROUP_TIME).then(|| inbox.try_recv().ok()).flatten();
        }
        crash::point("before_commit");
        let commit_started = Instant::now();
        let committed = match connection.is_autocommit() {
            true => Err(StoreError::Full("the database undid the transaction when a write of it failed".to_owned())),
            false => connection.execute_batch("COMMIT").map_err(StoreError::from),
        };
        crash::point("after_commit");
        metrics::histogram!("yuheng_commit_seconds").record(commit_started.elapsed().as_secs_f64());
        metrics::histogram!("yuheng_commit_batch").record(done.len() as f64);
        if committed.is_err() && !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK");
        }
        for (work, result) in done {
            let result = match (&committed, result) {
                (_, Err(error)) => Err(error),
                (Ok(()), Ok(())) => Ok(()),
                (Err(error), Ok(())) => Err(StoreError::Full(error.to_string())),
            };
            work.done(result);
        }
    }
}

fn in_savepoint(connection: &Connection, work: &mut dyn Work) -> Result<(), StoreError> {
    let execute = |sql: &str| -> Result<(), StoreError> {
        connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    execute("SAVEPOINT piece")?;
    // A defect in one piece must not take the writer down with it: the piece is undone and reported.
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.run(connection)))
        .unwrap_or_else(|_| Err(StoreError::Database("a write failed unexpectedly; see the log".to_owned())));
    if result.is_err() && connection.is_autocommit() {
        return result;
    }
    if result.is_err() {
        execute("ROLLBACK TO piece")?;
    }
    execute("RELEASE piece")?;
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_commit_is_synchronous_and_plans_do_not_depend_on_values() {
        let folder = tempfile::tempdir().unwrap();
        let db = Sqlite::open(&folder.path().join("a.db")).unwrap();
        let settings = |tx: &mut dyn Sql| {
            ["synchronous", "journal_mode", "foreign_keys", "mmap_size"]
                .map(|name| tx.first(&format!("PRAGMA {name}"), &[]).unwrap().unwrap().0.remove(0))
        };
        let expected = [Value::Int(2), Value::Text("wal".to_owned()), Value::Int(1), Value::Int(0)];
        assert_eq!(db.write(move |tx| Ok(settings(tx))).await.unwrap(), expected);
        assert_eq!(db.read(move |sql| Ok(settings(sql))).await.unwrap(), expected);
    }
}
