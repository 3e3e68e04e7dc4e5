//! Reading a backup: whole and undamaged, or not at all.

use std::io::BufRead;

use sha2::{Digest, Sha256};
use store::portable::{self, Loader};
use store::{Tx, Value, migrate};
use tokio::runtime::Handle;

use super::BackupError;
use super::format::{self, End, FORMAT, Header, LONGEST_LINE, Note};
use crate::files::{Files, LARGEST_KEPT};
use crate::keyring;

/// What takes the content of a backup.
pub trait Taker {
    /// The columns of a table.
    fn table(&mut self, name: &str, columns: &[String]) -> Result<(), BackupError>;
    /// A row of a table.
    fn row(&mut self, table: &str, values: Vec<Value>) -> Result<(), BackupError>;
    /// A file that fits its digest.
    fn file(&mut self, content: Vec<u8>) -> Result<(), BackupError>;
}

/// Takes nothing: for a look whether all of a backup is as it was written.
pub struct Nothing;

impl Taker for Nothing {
    fn table(&mut self, _: &str, _: &[String]) -> Result<(), BackupError> {
        Ok(())
    }

    fn row(&mut self, _: &str, _: Vec<Value>) -> Result<(), BackupError> {
        Ok(())
    }

    fn file(&mut self, _: Vec<u8>) -> Result<(), BackupError> {
        Ok(())
    }
}

/// Lines of a backup with their number and digest.
struct Lines<R> {
    from: R,
    line: Vec<u8>,
    number: u64,
    digest: Sha256,
}

impl<R: BufRead> Lines<R> {
    fn new(from: R) -> Self {
        Self { from, line: Vec::new(), number: 0, digest: Sha256::new() }
    }

    /// Reads the next line; false at the end.
    fn next(&mut self) -> Result<bool, BackupError> {
        self.line.clear();
        self.number += 1;
        let mut bounded = std::io::Read::take(&mut self.from, LONGEST_LINE as u64);
        let read = bounded.read_until(b'\n', &mut self.line).map_err(|error| self.damaged(error))?;
        if read > 0 && self.line.last() != Some(&b'\n') {
            return Err(self.damaged("the line has no end"));
        }
        Ok(read > 0)
    }

    fn damaged(&self, why: impl std::fmt::Display) -> BackupError {
        BackupError::Damaged { line: self.number, why: why.to_string() }
    }

    fn note(&self) -> Result<Note, BackupError> {
        serde_json::from_slice(&self.line).map_err(|error| self.damaged(error))
    }

    /// The first line, and whether this program can read what follows.
    fn header(&mut self) -> Result<Header, BackupError> {
        let no = |why: &dyn std::fmt::Display| BackupError::NoBackup(why.to_string());
        let there = self.next().map_err(|error| no(&error))?;
        let first: serde_json::Value = serde_json::from_slice(&self.line).map_err(|error| no(&error))?;
        let header = first.get("yuheng_backup").filter(|_| there).ok_or_else(|| no(&"its first line is another one"))?;
        let found = header.get("format").and_then(serde_json::Value::as_u64).ok_or_else(|| no(&"its format has no number"))?;
        if found > u64::from(FORMAT) {
            return Err(BackupError::NewerFormat { found: u32::try_from(found).unwrap_or(u32::MAX), known: FORMAT });
        }
        let header: Header = serde_json::from_value(header.clone()).map_err(|error| no(&error))?;
        if header.schema > migrate::NEWEST {
            return Err(store::StoreError::NewerSchema { found: header.schema, known: migrate::NEWEST }.into());
        }
        self.digest.update(&self.line);
        Ok(header)
    }
}

/// Reads the header alone.
pub fn header(from: impl BufRead) -> Result<Header, BackupError> {
    Lines::new(from).header()
}

/// Reads all of a backup and fails unless it is whole and undamaged. `begin` gets the header before anything else.
pub fn read<T: Taker>(from: impl BufRead, begin: impl FnOnce(&Header) -> Result<T, BackupError>) -> Result<(T, Header, End), BackupError> {
    let mut lines = Lines::new(from);
    let header = lines.header()?;
    let mut taker = begin(&header)?;
    let mut seen = End { lines: 1, ..End::default() };
    while lines.next()? {
        if lines.line.first() == Some(&b'[') {
            let (table, values) = format::decode(&lines.line).map_err(|why| lines.damaged(why))?;
            match seen.rows.get_mut(&table) {
                Some(count) => *count += 1,
                None => {
                    seen.rows.insert(table.clone(), 1);
                }
            }
            taker.row(&table, values)?;
        } else {
            match lines.note()? {
                Note::End(end) => {
                    finish(&mut lines, seen, &end)?;
                    return Ok((taker, header, end));
                }
                Note::Table { name, columns } => taker.table(&name, &columns)?,
                Note::Missing(_) => seen.missing += 1,
                Note::File { sha256, size } => {
                    let content = content(&mut lines, &sha256, size, &mut seen)?;
                    taker.file(content)?;
                    seen.files += 1;
                    continue;
                }
                Note::YuhengBackup(_) | Note::Chunk(_) => return Err(lines.damaged("this line belongs elsewhere")),
            }
        }
        lines.digest.update(&lines.line);
        seen.lines += 1;
    }
    Err(lines.damaged("it ends too early"))
}

/// The content of a file, from the line of its note on.
fn content<R: BufRead>(lines: &mut Lines<R>, sha256: &str, size: u64, seen: &mut End) -> Result<Vec<u8>, BackupError> {
    if size > LARGEST_KEPT as u64 {
        return Err(lines.damaged("a file is larger than files can be"));
    }
    lines.digest.update(&lines.line);
    seen.lines += 1;
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    while (content.len() as u64) < size {
        if !lines.next()? {
            return Err(lines.damaged("it ends within a file"));
        }
        let Note::Chunk(text) = lines.note()? else { return Err(lines.damaged("a file has lost a part")) };
        content.extend(format::unchunk(&text).map_err(|why| lines.damaged(why))?);
        lines.digest.update(&lines.line);
        seen.lines += 1;
    }
    if hex::encode(keyring::sha256(&content)) != sha256 {
        return Err(lines.damaged("the content of a file does not fit its digest"));
    }
    Ok(content)
}

fn finish<R: BufRead>(lines: &mut Lines<R>, seen: End, end: &End) -> Result<(), BackupError> {
    let seen = End { sha256: hex::encode(lines.digest.clone().finalize()), ..seen };
    if &seen != end {
        return Err(lines.damaged("digest or counts are not those of the lines before"));
    }
    if lines.next()? {
        return Err(lines.damaged("something follows the last line"));
    }
    Ok(())
}

/// Writes what it takes into an empty database and a file folder.
pub struct Filling<'a> {
    tx: &'a mut dyn Tx,
    loader: Loader,
    files: Option<&'a Files>,
    handle: &'a Handle,
}

impl<'a> Filling<'a> {
    /// Takes the empty database for itself.
    pub fn begin(tx: &'a mut dyn Tx, header: &Header, files: Option<&'a Files>, handle: &'a Handle) -> Result<Self, BackupError> {
        let found = migrate::version(tx)?;
        if found > header.schema {
            if let Some(table) = portable::occupied(tx)? {
                return Err(BackupError::NotEmpty(table));
            }
            return Err(BackupError::TargetSchema { target: found, backup: header.schema });
        }
        let loader = Loader::begin(tx, header.schema)?;
        if let Some(table) = portable::occupied(tx)? {
            return Err(BackupError::NotEmpty(table));
        }
        Ok(Self { tx, loader, files, handle })
    }

    /// Writes what still waits. The caller's commit makes all of it visible at once.
    pub fn end(self) -> Result<(), BackupError> {
        Ok(self.loader.end(self.tx)?)
    }
}

impl Taker for Filling<'_> {
    fn table(&mut self, name: &str, columns: &[String]) -> Result<(), BackupError> {
        Ok(self.loader.declare(self.tx, name, columns)?)
    }

    fn row(&mut self, table: &str, values: Vec<Value>) -> Result<(), BackupError> {
        Ok(self.loader.row(self.tx, table, values)?)
    }

    fn file(&mut self, content: Vec<u8>) -> Result<(), BackupError> {
        match self.files {
            Some(files) => Ok(self.handle.block_on(files.restore(content.into()))?),
            None => Ok(()),
        }
    }
}
