//! Writing a backup: everything of one moment, a page at a time.

use std::io::Write;

use sha2::{Digest, Sha256};
use store::portable::{self, HISTORY, Table};
use store::{Sql, Value, audit};
use tokio::runtime::Handle;

use super::BackupError;
use super::format::{self, CHUNK, End, Header, LONGEST_LINE, Note};
use crate::files::Files;

/// Writes lines and keeps count and digest of them.
struct Lines<W> {
    to: W,
    digest: Sha256,
    end: End,
    buffer: Vec<u8>,
}

impl<W: Write> Lines<W> {
    fn note(&mut self, note: &Note) -> Result<(), BackupError> {
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, note).map_err(std::io::Error::from)?;
        self.line()
    }

    fn row(&mut self, table: &Table, values: &[Value]) -> Result<(), BackupError> {
        self.buffer.clear();
        format::encode(&table.name, values, &mut self.buffer).map_err(std::io::Error::from)?;
        match self.end.rows.get_mut(&table.name) {
            Some(count) => *count += 1,
            None => {
                self.end.rows.insert(table.name.clone(), 1);
            }
        }
        self.line()
    }

    fn line(&mut self) -> Result<(), BackupError> {
        self.buffer.push(b'\n');
        if self.buffer.len() > LONGEST_LINE {
            // Better no backup than one that cannot be read back.
            return Err(std::io::Error::other("a row is larger than a backup can hold").into());
        }
        self.digest.update(&self.buffer);
        self.end.lines += 1;
        Ok(self.to.write_all(&self.buffer)?)
    }

    fn finish(mut self) -> Result<(W, End), BackupError> {
        let mut end = self.end;
        end.sha256 = hex::encode(self.digest.finalize());
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, &Note::End(end.clone())).map_err(std::io::Error::from)?;
        self.buffer.push(b'\n');
        self.to.write_all(&self.buffer)?;
        Ok((self.to, end))
    }
}

/// What came of writing.
pub struct Out<W> {
    /// What was written to.
    pub to: W,
    /// Counts.
    pub end: End,
    /// Digests of files whose content is gone or damaged.
    pub missing: Vec<String>,
}

/// Writes everything that a snapshot shows. `files` gives the content of files; without it only their rows are written.
pub fn write<W: Write>(sql: &mut dyn Sql, header: Header, files: Option<&Files>, handle: &Handle, to: W) -> Result<Out<W>, BackupError> {
    let mut lines = Lines { to, digest: Sha256::new(), end: End::default(), buffer: Vec::new() };
    lines.note(&Note::YuhengBackup(header))?;
    let tables = portable::tables(sql)?;
    for table in &tables {
        lines.note(&Note::Table { name: table.name.clone(), columns: table.columns.clone() })?;
    }
    portable::history::<BackupError>(sql, &tables, &mut |table, values| lines.row(table, &values))?;
    for table in tables.iter().filter(|table| !HISTORY.contains(&table.name.as_str())) {
        portable::rows::<BackupError>(sql, table, &mut |table, values| lines.row(table, &values))?;
    }
    let missing = match files {
        Some(files) => contents(sql, files, handle, &mut lines)?,
        None => Vec::new(),
    };
    let (to, end) = lines.finish()?;
    Ok(Out { to, end, missing })
}

fn contents<W: Write>(sql: &mut dyn Sql, files: &Files, handle: &Handle, lines: &mut Lines<W>) -> Result<Vec<String>, BackupError> {
    let mut missing = Vec::new();
    let mut after = Vec::new();
    loop {
        let blobs = audit::blobs(sql, &after)?;
        let Some((last, _)) = blobs.last() else { return Ok(missing) };
        after.clone_from(last);
        for (sha256, _) in blobs {
            let name = hex::encode(&sha256);
            // One damaged file must not keep everything else from being saved.
            let Ok(content) = handle.block_on(files.get(&sha256)) else {
                lines.note(&Note::Missing(name.clone()))?;
                lines.end.missing += 1;
                if missing.len() < 1000 {
                    missing.push(name);
                }
                continue;
            };
            lines.note(&Note::File { sha256: name, size: content.len() as u64 })?;
            for piece in content.chunks(CHUNK) {
                lines.note(&format::chunk(piece))?;
            }
            lines.end.files += 1;
        }
    }
}
