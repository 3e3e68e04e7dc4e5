//! Records of an earlier run: what the log has said about them since.

use std::collections::HashMap;

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

/// What an earlier run left of a record's rows: those that are newer, if any, and as rejects those that are older and that no
/// run has taken over. A record without a mark of how far its log was read is left alone.
pub fn newer(sql: &mut dyn Sql, id: Uuid, group: Group) -> Result<(Option<Known>, Vec<Reject>), DeskError> {
    let Some((_, mark)) = mark(sql, id)? else { return Ok((None, Vec::new())) };
    let mut taken = Taken::of(sql, id, &mark)?;
    let (mut rows, mut late) = (Vec::new(), Vec::new());
    for row in group.rows {
        match taken.place_of(&row) {
            Place::Newer => rows.push(row),
            Place::Taken => {}
            Place::Late => late.push(row.reject(format!(
                "it is older than {}, up to where {} was taken over: a late row does not fit into a history that is written",
                instant(mark.at),
                group.key
            ))),
        }
    }
    Ok(((!rows.is_empty()).then_some(Known { id, group: Group { key: group.key, rows }, mark }), late))
}

fn instant(at: i64) -> String {
    chrono::DateTime::from_timestamp_millis(at).map_or_else(|| at.to_string(), |at| at.to_rfc3339())
}

/// Where a row stands to what was taken over.
enum Place {
    Taken,
    Late,
    Newer,
}

/// The instants of the rows that were taken over, each as often as there were rows of it.
struct Taken {
    mark: i64,
    rows: HashMap<i64, u64>,
    /// The first row of a mark that does not say when it was: any older row may be it.
    unknown: u64,
}

impl Taken {
    fn of(sql: &mut dyn Sql, id: Uuid, mark: &Imported) -> Result<Self, DeskError> {
        let mut rows = HashMap::new();
        for at in store::journal::instants_of(sql, id, "import", "updated")?.into_iter().chain(mark.from) {
            *rows.entry(at).or_default() += 1;
        }
        rows.insert(mark.at, mark.rows);
        Ok(Self { mark: mark.at, rows, unknown: u64::from(mark.from.is_none()) })
    }

    /// Where a row stands; each call counts one row as seen.
    fn place_of(&mut self, row: &Row) -> Place {
        match self.rows.get_mut(&row.at) {
            Some(left) if *left > 0 => *left -= 1,
            _ if row.at >= self.mark => return Place::Newer,
            _ if self.unknown > 0 => self.unknown -= 1,
            _ => return Place::Late,
        }
        Place::Taken
    }
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
