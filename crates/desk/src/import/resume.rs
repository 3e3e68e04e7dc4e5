//! Records of an earlier run: what the log has said about them since.

use store::{Sql, WriteSet};
use uuid::Uuid;

use super::cast::Cast;
use super::history::History;
use super::map::Map;
use super::rows::{Group, Reject, Row};
use crate::journal::{self, Cause};
use crate::record::content::{Content, Imported};
use crate::record::read::{self, Target};
use crate::{DeskError, Env};

/// A record of an earlier run, with the rows that are newer than it.
#[derive(Clone)]
pub struct Known {
    /// The record.
    pub id: Uuid,
    /// Rows that were not taken over yet.
    pub group: Group,
    mark: Imported,
}

/// What newer rows of some records led to.
#[derive(Default)]
pub struct Resumed {
    /// Records updated.
    pub updated: u64,
    /// Entries written.
    pub entries: u64,
    /// Rows not taken.
    pub rejects: Vec<Reject>,
}

/// What an earlier run left of a record's rows; `None` when all of them were taken over. A record without a mark of how far
/// its log was read is left alone.
pub fn newer(sql: &mut dyn Sql, id: Uuid, group: Group) -> Result<Option<Known>, DeskError> {
    let Some((_, mark)) = mark(sql, id)? else { return Ok(None) };
    let mut seen = mark.rows;
    let mut is_newer = |row: &Row| {
        if row.at == mark.at && seen > 0 {
            seen -= 1;
            return false;
        }
        row.at >= mark.at
    };
    let rows: Vec<Row> = group.rows.into_iter().filter(|row| is_newer(row)).collect();
    Ok((!rows.is_empty()).then_some(Known { id, group: Group { key: group.key, rows }, mark }))
}

/// How far the log of a record was read, with the entry's number that says so.
fn mark(sql: &mut dyn Sql, id: Uuid) -> Result<Option<(i64, Imported)>, DeskError> {
    let Some(entry) = store::journal::newest_of(sql, id, "imported")? else { return Ok(None) };
    let mark = journal::content::<Content>(&entry)?.and_then(|content| content.import);
    Ok(mark.map(|mark| (entry.seq, mark)))
}

/// Prepares what newer rows add to some records. One that people or timers have worked on since belongs to them now.
pub fn prepare(
    env: &Env,
    sql: &mut dyn Sql,
    map: &Map,
    cast: &Cast,
    part: &[Known],
    cause: &Cause,
) -> Result<(WriteSet, Resumed), DeskError> {
    let (mut set, mut done) = (WriteSet::default(), Resumed::default());
    for known in part {
        let loaded = read::load(env, sql, &Target::Id(known.id))?;
        if mark(sql, known.id)? != Some((loaded.row.version, known.mark.clone())) {
            let reason = format!("{} was worked on here since it was imported: what the log says is not taken over", loaded.row.number);
            done.rejects.extend(known.group.rows.iter().map(|row| row.reject(reason.clone())));
            continue;
        }
        let history = History { env, pinned: &loaded.pinned, map, cast, dialect: sql.dialect() };
        match history.resume(&known.group, &loaded, &known.mark, cause) {
            Ok((one, entries)) => {
                set.statements.extend(one.statements);
                done.updated += 1;
                done.entries += entries;
            }
            Err(mut refused) => done.rejects.append(&mut refused),
        }
    }
    Ok((set, done))
}
