//! Loads many records past the product: lives of the demonstration's records told again at other times for other people.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::SinkExt;
use rusqlite::{Connection, params_from_iter};
use store::{Db, Value};
use uuid::Uuid;

use crate::server::Place;
use crate::shape::{columns, insert};
use crate::who::now;
use crate::{Outcome, raw};

const DAY: i64 = 24 * 3_600_000;
/// How far back the records reach.
const SPAN: i64 = 3 * 365 * DAY;
/// Open are one in five of the newest tenth: two of a hundred of all.
const OPEN: (usize, usize) = (10, 5);
/// Records after which PostgreSQL is given its rows.
const TOGETHER: usize = 5_000;

/// The tables that are filled, with the column that names the record.
const TABLES: [(&str, &str); 4] = [("record", "id"), ("task", "record"), ("timer", "record"), ("record_value", "record")];

/// A record of the demonstration with its rows by table.
struct Life {
    opened_at: i64,
    open: bool,
    rows: [Vec<Vec<Value>>; 4],
}

/// Where columns are that change from record to record.
#[derive(Default)]
struct Columns {
    names: [Vec<String>; 4],
}

/// Tells lives again.
pub struct Loader {
    lives: Vec<Life>,
    columns: Columns,
    requesters: Vec<Uuid>,
    dice: u64,
    now: i64,
}

impl Loader {
    /// Reads the lives of the demonstration.
    pub async fn read(db: &Db, requesters: Vec<Uuid>) -> Outcome<Self> {
        let mut columns_ = Columns::default();
        let mut all: [Vec<Vec<Value>>; 4] = Default::default();
        for (n, (table, key)) in TABLES.iter().enumerate() {
            let names = columns(db, table).await?;
            let sql = format!("SELECT {} FROM {table} ORDER BY {key}", names.join(", "));
            all[n] = db.read(move |reader| Ok(reader.query(&sql, &[])?.into_iter().map(|row| row.0).collect())).await?;
            columns_.names[n] = names;
        }
        let [records, rest @ ..] = all;
        let mut loader = Self { lives: Vec::new(), columns: columns_, requesters, dice: 1, now: now() };
        for record in records {
            loader.take(record, &rest);
        }
        Ok(loader)
    }

    fn take(&mut self, record: Vec<Value>, rest: &[Vec<Vec<Value>>; 3]) {
        let id = record[self.at(0, "id")].clone();
        let (opened_at, open) = (int(&record[self.at(0, "opened_at")]), int(&record[self.at(0, "is_open")]) != 0);
        let of = |n: usize| rest[n - 1].iter().filter(|row| row[self.at(n, "record")] == id).cloned().collect::<Vec<_>>();
        let rows = [vec![record], of(1), of(2), of(3)];
        self.lives.push(Life { opened_at, open, rows });
    }

    fn at(&self, table: usize, column: &str) -> usize {
        self.columns.names[table].iter().position(|name| name == column).unwrap_or(usize::MAX)
    }

    fn roll(&mut self, below: usize) -> usize {
        // A linear congruential step: the same spread on every run.
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) as usize % below.max(1)
    }

    /// Tells the n-th of `total` records; each row goes to `put` with the number of its table.
    fn tell(&mut self, n: usize, total: usize, put: &mut dyn FnMut(usize, &[Value]) -> Outcome<()>) -> Outcome<()> {
        let at = self.now - SPAN + SPAN / total as i64 * n as i64;
        let open = n >= total - total / OPEN.0 && self.roll(OPEN.1) == 0;
        let life = loop {
            let life = self.roll(self.lives.len());
            if self.lives[life].open == open {
                break life;
            }
        };
        let id = Value::from(uuid::Builder::from_unix_timestamp_millis(at.unsigned_abs(), &self.random()).into_uuid());
        let requester = self.roll(self.requesters.len());
        let requester = Value::from(self.requesters[requester]);
        let shift = at - self.lives[life].opened_at;
        for table in 0..TABLES.len() {
            for row in 0..self.lives[life].rows[table].len() {
                let mut values = self.lives[life].rows[table][row].clone();
                values[self.at(table, TABLES[table].1)] = id.clone();
                match table {
                    0 => self.retell(&mut values, n, shift, &requester),
                    1 => self.shift(&mut values, 1, &["opened_at", "accepted_at"], shift),
                    // A timer that is due would set the server to work that nobody asked for.
                    2 => values[self.at(2, "due_at")] = Value::Int(self.now + 30 * DAY),
                    _ => {}
                }
                put(table, &values)?;
            }
        }
        Ok(())
    }

    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes.fill_with(|| self.roll(256) as u8);
        bytes
    }

    fn retell(&self, values: &mut [Value], n: usize, shift: i64, requester: &Value) {
        values[self.at(0, "number")] = Value::Text(format!("LOAD-{n:07}"));
        values[self.at(0, "requester")] = requester.clone();
        self.shift(values, 0, &["opened_at", "responded_at", "resolved_at", "closed_at", "updated_at"], shift);
    }

    fn shift(&self, values: &mut [Value], table: usize, names: &[&str], by: i64) {
        for name in names {
            if let Value::Int(at) = &mut values[self.at(table, name)] {
                *at = (*at + by).min(self.now);
            }
        }
    }

    /// Loads records into a file of SQLite; gives the seconds it took.
    pub fn sqlite(&mut self, path: &Path, total: usize) -> Outcome<f64> {
        let started = Instant::now();
        let connection = raw::sqlite(path)?;
        alone(&connection)?;
        connection.execute_batch("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=FILE; PRAGMA threads=2;")?;
        let indexes = indexes(&connection)?;
        for (name, _) in &indexes {
            connection.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        connection.execute_batch("BEGIN")?;
        let sqls: Vec<String> = (0..4).map(|n| insert(decide::Dialect::Sqlite, TABLES[n].0, &self.columns.names[n])).collect();
        for n in 0..total {
            self.tell(n, total, &mut |table, values| {
                connection.prepare_cached(&sqls[table])?.execute(params_from_iter(values))?;
                Ok(())
            })?;
        }
        for (_, sql) in &indexes {
            connection.execute_batch(sql)?;
        }
        connection.execute_batch("COMMIT; PRAGMA journal_mode=WAL;")?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Loads records into PostgreSQL by COPY; gives the seconds it took.
    pub async fn postgres(&mut self, url: &str, total: usize) -> Outcome<f64> {
        let started = Instant::now();
        let client = raw::postgres(url).await?;
        client.batch_execute("BEGIN; SET LOCAL synchronous_commit = off").await?;
        let mut texts: [String; 4] = Default::default();
        for n in 0..total {
            self.tell(n, total, &mut |table, values| copy_line(&mut texts[table], values))?;
            if (n + 1) % TOGETHER == 0 || n + 1 == total {
                for (table, text) in texts.iter_mut().enumerate() {
                    let sql = format!("COPY {} ({}) FROM STDIN", TABLES[table].0, self.columns.names[table].join(", "));
                    let sink = client.copy_in::<_, Bytes>(&sql).await?;
                    let mut sink = std::pin::pin!(sink);
                    sink.send(Bytes::from(std::mem::take(text))).await?;
                    sink.finish().await?;
                }
            }
        }
        client.batch_execute("COMMIT").await?;
        client.batch_execute("VACUUM ANALYZE").await?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Loads records into whichever database a place has.
    pub async fn load(&mut self, place: &Place, total: usize) -> Outcome<f64> {
        match &place.url {
            Some(url) => self.postgres(url, total).await,
            None => self.sqlite(&place.file(), total),
        }
    }
}

/// Leaves the write-ahead log, which works when the last reader has gone; readers close a moment after they were dropped.
fn alone(connection: &Connection) -> Outcome<()> {
    let started = Instant::now();
    while let Err(error) = connection.query_row("PRAGMA journal_mode=OFF", [], |_| Ok(())) {
        if started.elapsed() > Duration::from_secs(10) {
            return Err(error.into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn int(value: &Value) -> i64 {
    if let Value::Int(value) = value { *value } else { 0 }
}

/// The indexes of the filled tables that can be made again when all rows are there, with their text.
fn indexes(connection: &Connection) -> Outcome<Vec<(String, String)>> {
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('record', 'record_value')";
    let mut statement = connection.prepare(sql)?;
    Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// A row as COPY reads it.
fn copy_line(text: &mut String, values: &[Value]) -> Outcome<()> {
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            text.push('\t');
        }
        match value {
            Value::Null => text.push_str("\\N"),
            Value::Int(value) => write!(text, "{value}")?,
            Value::Real(value) => write!(text, "{value}")?,
            Value::Blob(bytes) => write!(text, "\\\\x{}", hex::encode(bytes))?,
            Value::Text(value) => {
                for character in value.chars() {
                    match character {
                        '\\' => text.push_str("\\\\"),
                        '\t' => text.push_str("\\t"),
                        '\n' => text.push_str("\\n"),
                        '\r' => text.push_str("\\r"),
                        other => text.push(other),
                    }
                }
            }
        }
    }
    text.push('\n');
    Ok(())
}
