//! Importing records with their history: rows of another system's log become journal entries, nothing is sent.
//!
//! History is taken over as facts and never runs the engines. A record that is still open at the end *lands*: a last
//! entry, made now, starts the pinned flow and puts its token on the activity that the map names. A later run goes on from
//! there with what is new in the log, as long as nobody has worked on the record here.

mod cast;
mod history;
mod landing;
mod map;
mod resume;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use store::WriteSet;
use tokio::sync::mpsc::Sender;

use crate::job::{self, Watch};
use crate::journal::Cause;
use crate::{Desk, DeskError};
use cast::Cast;
use history::History;
use map::Map;
use resume::{Known, Resumed};
use rows::{Group, Log, Reject};

/// Records whose write sets are applied together.
const TOGETHER: usize = 100;

/// What to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Record type.
    pub type_key: String,
    /// Map file.
    pub map: PathBuf,
    /// Data file, CSV, also gzipped.
    pub file: PathBuf,
    /// Ignore everything from this date on (`2016-04-01` in the map's zone, or an instant).
    pub until: Option<String>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read.
    pub read: u64,
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Journal entries written.
    pub entries: u64,
    /// Whether somebody stopped it. What was written stays; a next run goes on.
    pub cancelled: bool,
}

/// Imports a file. Rejected rows go to `FILE.rejects.csv` with line and reason; what cannot be read at all is an error.
pub async fn records(desk: &Desk, import: Import, lines: &Sender<String>) -> Result<Summary, DeskError> {
    desk.gate().pass()?;
    let path = import.clone();
    let pinned = Arc::clone(desk.env().packs.newest(&import.type_key)?);
    let (map, Log { header, groups, mut rejects, read }) = tokio::task::spawn_blocking(move || read_all(&path, &pinned.pack))
        .await
        .map_err(|error| DeskError::outside("read the import", error))??;
    let job = begin(desk, &import, &map.source, groups.len()).await?;
    let outcome = write_all(desk, &import, &map, groups, &job, lines).await;
    let summary = match outcome {
        Ok((summary, more)) => {
            rejects.extend(more);
            Summary { read, rejected: rejects.len() as u64, ..summary }
        }
        Err(error) => {
            // Why it failed matters more than that this could not be noted.
            let _ = job.end("failed", None, Some(&error.to_string())).await;
            return Err(error);
        }
    };
    rows::write_rejects(&import.file, &header, &mut rejects)?;
    let result = json!({"read": summary.read, "created": summary.created, "updated": summary.updated, "rejected": summary.rejected});
    let state = if summary.cancelled { "cancelled" } else { "done" };
    job.end(state, Some(&result), None).await?;
    Ok(summary)
}

fn read_all(import: &Import, pack: &pack::Pack) -> Result<(Map, Log), DeskError> {
    let map = Map::read(&import.map)?;
    map.check_states(pack)?;
    map.check_fields(pack)?;
    let until = import.until.as_deref().map(|text| map.until(text)).transpose()?;
    let log = rows::read(&map, &import.file, until)?;
    Ok((map, log))
}

/// Begins the job, unless one is at work on the same log: both would bring in the same records.
async fn begin(desk: &Desk, import: &Import, source: &str, total: usize) -> Result<Watch, DeskError> {
    let params = json!({ "type": import.type_key, "source": source, "file": file_name(&import.file), "until": import.until });
    let (type_key, source) = (import.type_key.clone(), source.to_owned());
    desk.query(move |_, sql| {
        for job in store::job::alive(sql, job::IMPORT)? {
            let of: serde_json::Value = serde_json::from_str(&job.params).unwrap_or_default();
            if of["type"] == type_key.as_str() && of["source"] == source.as_str() {
                let (done, total) = (job.done, job.total.unwrap_or_default());
                let how = "wait for its end, or cancel it (page of jobs, or POST /api/v1/jobs/{id}/cancel)";
                return Err(DeskError::Conflict(format!(
                    "an import from {source} runs already as job {}, {done} of {total} records: {how}",
                    job.id
                )));
            }
        }
        Ok(())
    })
    .await?;
    Watch::begin(desk, job::IMPORT, &params, i64::try_from(total).ok()).await
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn write_all(
    desk: &Desk,
    import: &Import,
    map: &Map,
    groups: Vec<Group>,
    job: &Watch,
    lines: &Sender<String>,
) -> Result<(Summary, Vec<Reject>), DeskError> {
    desk.env().packs.newest(&import.type_key)?;
    let (groups, known, mut rejects) = sorted(desk, map, groups).await?;
    let everybody: Vec<Group> = groups.iter().chain(known.iter().map(|known| &known.group)).cloned().collect();
    let cast = Cast::assemble(desk, map, &everybody).await?;
    let pinned = Arc::clone(desk.env().packs.newest(&import.type_key)?);
    let mut summary = Summary::default();
    for (n, part) in groups.chunks(TOGETHER).enumerate() {
        if job.is_cancelled().await? {
            summary.cancelled = true;
            return Ok((summary, rejects));
        }
        let mut set = WriteSet::default();
        let keys = desk.keys_at_work().await;
        let env = desk.env();
        for group in part {
            let number = desk.next_number(&import.type_key).await?;
            let cause = Cause::system(desk.world(), "import");
            let history = History { env: &env, pinned: &pinned, map, cast: &cast, dialect: desk.db().dialect() };
            match history.build(group, number, &cause) {
                Ok((one, entries)) => {
                    set.statements.extend(one.statements);
                    summary.created += 1;
                    summary.entries += entries;
                }
                Err(mut refused) => rejects.append(&mut refused),
            }
        }
        let done = i64::try_from(n * TOGETHER + part.len()).unwrap_or(i64::MAX);
        set.push(job.progress(done));
        desk.apply(set).await?;
        // Whoever reads the lines may be slow: a rotation, and all writes behind it, must not wait for that.
        drop(keys);
        store::crash::point("import_step");
        if (n + 1) % 20 == 0 {
            // Nobody reading is no reason to stop.
            let _ = lines.send(format!("{done} of {} records", groups.len())).await;
        }
    }
    let resumed = go_on(desk, map, cast, known).await?;
    summary.updated = resumed.updated;
    summary.entries += resumed.entries;
    rejects.extend(resumed.rejects);
    Ok((summary, rejects))
}

/// Adds to records of an earlier run what is new in the log.
async fn go_on(desk: &Desk, map: &Map, cast: Cast, known: Vec<Known>) -> Result<Resumed, DeskError> {
    let (map, cast) = (Arc::new(map.clone()), Arc::new(cast));
    let mut all = Resumed::default();
    for part in known.chunks(TOGETHER) {
        let (part, map, cast) = (part.to_vec(), Arc::clone(&map), Arc::clone(&cast));
        let cause = Cause::system(desk.world(), "import");
        let Resumed { updated, entries, rejects } =
            desk.execute(move |env, sql| resume::prepare(env, sql, &map, &cast, &part, &cause)).await?;
        all.updated += updated;
        all.entries += entries;
        all.rejects.extend(rejects);
    }
    Ok(all)
}

/// Sorts the records into new ones and those that an earlier run has brought in and of which the log knows more now. Rows that
/// come too late are rejected.
async fn sorted(desk: &Desk, map: &Map, groups: Vec<Group>) -> Result<(Vec<Group>, Vec<Known>, Vec<Reject>), DeskError> {
    let source = map.source.clone();
    desk.query(move |_, sql| {
        let (mut new, mut known, mut rejects) = (Vec::with_capacity(groups.len()), Vec::new(), Vec::new());
        for group in groups {
            match store::record::find_imported(sql, &source, &group.key)? {
                None => new.push(group),
                Some(id) => {
                    let (newer, late) = resume::newer(sql, id, group)?;
                    known.extend(newer);
                    rejects.extend(late);
                }
            }
        }
        Ok((new, known, rejects))
    })
    .await
}
