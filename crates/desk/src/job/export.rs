//! Makes a file of a list: its rows are kept part by part, each with the step that read it, and become a file when it is fetched.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::job::JobRow;
use store::{Sql, Statement, Tx};
use uuid::Uuid;

use super::order::Who;
use super::{Kind, Step};
use crate::record::export::{self, Cell};
use crate::record::filter;
use crate::record::list::{Filters, Wanted, list};
use crate::{Actor, DeskError, Env};

/// Rows of one step.
const TOGETHER: i64 = 500;
/// Most rows of a file.
pub const MOST: i64 = 100_000;
/// How long the file can be fetched, in milliseconds.
pub const KEEP: i64 = 24 * 3_600_000;

/// What is put into a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The record type.
    #[serde(rename = "type")]
    pub type_key: String,
    /// The list's parameters.
    pub query: Filters,
    /// The condition besides.
    pub condition: Option<Value>,
    /// Columns in order.
    pub columns: Vec<String>,
    /// The list's order.
    pub sort: Option<String>,
    /// The kind of file.
    pub format: export::Kind,
    /// Whether a CSV begins with the mark by which spreadsheets know UTF-8.
    pub bom: bool,
    /// The name of the zone in which instants are told.
    pub timezone: String,
    /// Who ordered it.
    pub who: Who,
}

#[derive(Default, Serialize, Deserialize)]
struct Place {
    rows: i64,
    part: i64,
    cursor: Option<String>,
}

impl Order {
    /// The zone in which instants are told.
    pub fn zone(&self) -> Result<chrono_tz::Tz, DeskError> {
        let unknown = |_| DeskError::field("/timezone", "format", "write the name of a zone, such as Asia/Shanghai");
        self.timezone.parse().map_err(unknown)
    }
}

/// Checks an order and queues it. The list is read once, so that what is wrong with it is told at once.
pub fn queue(env: &Env, sql: &mut dyn Sql, actor: &Actor, order: &Order) -> Result<(Uuid, Statement), DeskError> {
    if !actor.may("workspace") {
        return Err(DeskError::Forbidden("making files of lists is for those who work on records".to_owned()));
    }
    order.zone()?;
    export::check_columns(env.packs.newest(&order.type_key)?, actor, &order.columns)?;
    let wanted = Wanted { limit: 1, ..wanted(order, None) };
    list(env, sql, actor, &order.type_key, &wanted).map_err(|error| filter::in_body(error, "/filter"))?;
    Ok(super::queue(env, sql, Kind::Export, &json!(order), None, Some(actor.user.id), 0))
}

fn wanted(order: &Order, cursor: Option<String>) -> Wanted {
    let (filters, condition, sort) = (order.query.clone(), order.condition.clone(), order.sort.clone());
    Wanted { filters, condition, fields: export::own_of(&order.columns), sort, cursor, limit: TOGETHER }
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let order: Order = super::params(job)?;
    let place: Option<Result<Place, _>> = job.place.as_deref().map(serde_json::from_str);
    let mut place = place.transpose().map_err(|error| DeskError::outside("read where a job goes on", error))?.unwrap_or_default();
    let Some(actor) = order.who.actor(env, tx)? else {
        let result = json!({ "records": place.rows, "stopped": super::order::ENDED });
        return Ok(Step { done: place.rows, result: Some(result), ..Step::default() });
    };
    let pinned = env.packs.newest(&order.type_key)?;
    let page = list(env, tx, &actor, &order.type_key, &wanted(&order, place.cursor.take()))?;
    let rows = export::rows(env, tx, pinned, &order.who.lang, &order.columns, &page)?;
    let body = serde_json::to_string(&rows).map_err(|error| DeskError::outside("keep rows of a file", error))?;
    let mut step = Step::default();
    step.set.push(store::job::put_part(job.id, place.part, &body));
    place.part += 1;
    place.rows += rows.len() as i64;
    place.cursor = page.next;
    let full = place.rows >= MOST;
    step.done = place.rows;
    if place.cursor.is_none() || full {
        step.result = Some(json!({ "records": place.rows, "truncated": place.cursor.is_some() }));
    }
    step.place = Some(serde_json::to_string(&place).map_err(|error| DeskError::outside("write where a job goes on", error))?);
    Ok(step)
}

/// Whether the job's file can be fetched now.
pub fn has_file(job: &JobRow, now: i64) -> bool {
    job.kind == Kind::Export.as_str() && job.state == "done" && job.ended_at.is_some_and(|at| now < at + KEEP)
}

/// The order whose file is fetched: by who ordered it, for a day.
pub fn fetch(env: &Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<Order, DeskError> {
    let own = store::job::find(sql, id)?.filter(|job| job.created_by == Some(actor.user.id));
    let job = own.ok_or_else(|| DeskError::NotFound("file".to_owned()))?;
    if job.kind == Kind::Export.as_str() && matches!(job.state.as_str(), "waiting" | "running") {
        return Err(DeskError::NotAvailable("the file is being made: wait until its job is done".to_owned()));
    }
    if !has_file(&job, env.world.now()) {
        return Err(DeskError::NotFound("file (files are kept for a day)".to_owned()));
    }
    super::params(&job)
}

/// The rows of one part; none after the last.
pub fn part(sql: &mut dyn Sql, id: Uuid, no: i64) -> Result<Option<Vec<Vec<Cell>>>, DeskError> {
    let Some(body) = store::job::part(sql, id, no)? else { return Ok(None) };
    serde_json::from_str(&body).map(Some).map_err(|error| DeskError::outside("read rows of a file", error))
}

/// The headings of an order's file.
pub fn headings(env: &Env, order: &Order) -> Result<Vec<String>, DeskError> {
    let pinned = env.packs.newest(&order.type_key)?;
    Ok(order.columns.iter().map(|column| export::heading(pinned, &order.who.lang, column)).collect())
}
