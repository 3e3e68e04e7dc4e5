//! Open steps of running flows.

use decide::{Bound, SqlParam, SqlText};
use uuid::Uuid;

use crate::record_list::RecordColumns;
use crate::sql::{Row, Sql, Statement, Value};
use crate::{StoreError, params};

/// An open step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §4; instants are UTC milliseconds")]
pub struct TaskRow {
    pub record: Uuid,
    pub activity: u32,
    pub element: String,
    pub team: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub opened_at: i64,
    pub accepted_at: Option<i64>,
    pub due_at: Option<i64>,
    pub suspended: bool,
}

pub(crate) const COLUMNS: &str = "record, activity, element, team, assignee, opened_at, accepted_at, due_at, suspended";

pub(crate) fn read(row: &Row) -> Result<TaskRow, StoreError> {
    Ok(TaskRow {
        record: row.id(0)?,
        activity: u32::try_from(row.int(1)?).map_err(|error| StoreError::damaged("task", error))?,
        element: row.text(2)?,
        team: row.opt_id(3)?,
        assignee: row.opt_id(4)?,
        opened_at: row.int(5)?,
        accepted_at: row.opt_int(6)?,
        due_at: row.opt_int(7)?,
        suspended: row.flag(8)?,
    })
}

/// Writes an open step, new or changed.
pub fn put(task: &TaskRow) -> Statement {
    Statement::one(
        "INSERT INTO task (record, activity, element, team, assignee, opened_at, accepted_at, due_at, suspended) \
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (record, activity) DO UPDATE SET element = excluded.element, \
         team = excluded.team, assignee = excluded.assignee, opened_at = excluded.opened_at, \
         accepted_at = excluded.accepted_at, due_at = excluded.due_at, suspended = excluded.suspended",
        params![
            task.record,
            task.activity,
            &task.element,
            task.team,
            task.assignee,
            task.opened_at,
            task.accepted_at,
            task.due_at,
            task.suspended
        ],
    )
}

/// Removes a step that closed.
pub fn remove(record: Uuid, activity: u32) -> Statement {
    Statement::new("DELETE FROM task WHERE record = $1 AND activity = $2", params![record, activity])
}

/// The open steps of a record.
pub fn of_record(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<TaskRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM task WHERE record = $1 ORDER BY activity LIMIT 1000"), &params![record])?
        .iter()
        .map(read)
        .collect()
}

/// Whose steps to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Steps that these people have accepted or were given, and unaccepted ones of teams where one of them is on duty: a
    /// person and those for whom the person stands in.
    People {
        /// The people.
        users: Vec<Uuid>,
        /// Teams whose named person on duty one of them is.
        duty_teams: Vec<Uuid>,
    },
    /// Steps of this team.
    Team(Uuid),
}

/// In which order steps are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOrder {
    /// The oldest first.
    Opened,
    /// By the priority of the record, then the oldest first.
    Urgency,
}

/// The place of a step in a list: its rank (empty in the order of age), `opened_at`, record, activity.
pub type TaskPlace = (String, i64, Uuid, u32);

/// A step of a list, with its rank.
pub struct ListedTask {
    /// The step.
    pub task: TaskRow,
    rank: String,
}

impl ListedTask {
    /// Where the next page begins after this one.
    pub fn place(&self) -> TaskPlace {
        (self.rank.clone(), self.task.opened_at, self.task.record, self.task.activity)
    }
}

/// What a list of steps asks for.
pub struct TaskQuery<'a> {
    /// Whose steps.
    pub whose: &'a Whose,
    /// Which records the reader may read: the end of a page must say nothing of the others.
    pub scope: &'a Bound,
    /// The order.
    pub order: TaskOrder,
    /// The last step of the page before.
    pub after: Option<TaskPlace>,
    /// Most rows.
    pub limit: i64,
}

/// Parts of the list of a person on duty: one for each team and person, or for several together when there are more than so many.
const MOST_PARTS: usize = 16;

/// What is without a priority comes after all that has one.
const UNRANKED: &str = "~";

/// Open steps in the order that is asked for.
///
/// By urgency, the steps of each part are looked up with their records and sorted: those of a person or a team are few among all.
pub fn list(sql: &mut dyn Sql, query: &TaskQuery<'_>) -> Result<Vec<ListedTask>, StoreError> {
    let id = |id: &Uuid| SqlParam::Blob(id.as_bytes().to_vec());
    // Each part follows an index in the order of the list and ends at its limit; an OR would read and sort them all.
    let parts: Vec<(&str, Vec<SqlParam>)> = match query.whose {
        Whose::Team(team) => vec![("task.team", vec![id(team)])],
        Whose::People { users, duty_teams } => {
            let parts = |ids: &[Uuid], what: &'static str| -> Vec<(&str, Vec<SqlParam>)> {
                ids.chunks(ids.len().div_ceil(MOST_PARTS).max(1)).map(|some| (what, some.iter().map(id).collect())).collect()
            };
            let unaccepted = parts(duty_teams, "task.assignee IS NULL AND task.team");
            parts(users, "task.assignee").into_iter().chain(unaccepted).collect()
        }
    };
    let mut out = SqlText { dialect: sql.dialect(), sql: String::new(), params: Vec::new() };
    for (n, (column, whose)) in parts.into_iter().enumerate() {
        let union = if n == 0 { "" } else { " UNION ALL " };
        out.sql.push_str(&format!("{union}SELECT {COLUMNS}, rank FROM (SELECT {COLUMNS}, rank FROM "));
        out.sql.push_str(&ranked(query.order));
        out.sql.push_str(&format!(" AS task WHERE {column}"));
        let (before, after) = if whose.len() == 1 { (" = ", "") } else { (" IN (", ")") };
        bind_all(&mut out, before, after, whose);
        out.sql.push_str(" AND EXISTS (SELECT 1 FROM record r WHERE r.id = task.record AND ");
        // Rights name standard fields only: the desk compiles them against a schema that has no others.
        query.scope.to_sql(&RecordColumns { indexed: &[] }, &mut out);
        out.sql.push(')');
        if let Some((rank, at, record, activity)) = &query.after {
            let place = vec![SqlParam::Int(*at), id(record), SqlParam::Int((*activity).into())];
            match query.order {
                TaskOrder::Opened => bind_all(&mut out, " AND (opened_at, record, activity) > (", ")", place),
                TaskOrder::Urgency => {
                    let place = std::iter::once(SqlParam::Text(rank.clone())).chain(place).collect();
                    bind_all(&mut out, " AND (rank, opened_at, record, activity) > (", ")", place);
                }
            }
        }
        end(&mut out, query.order, query.limit);
        out.sql.push_str(&format!(") AS part{n}"));
    }
    end(&mut out, query.order, query.limit);
    let values: Vec<Value> = out.params.into_iter().map(Value::from).collect();
    let listed = |row: &Row| Ok(ListedTask { task: read(row)?, rank: row.text(9)? });
    sql.query(&out.sql, &values)?.iter().map(listed).collect()
}

/// Steps with their rank in an order.
fn ranked(order: TaskOrder) -> String {
    match order {
        TaskOrder::Opened => format!("(SELECT {COLUMNS}, '' AS rank FROM task)"),
        TaskOrder::Urgency => {
            let columns = COLUMNS.split(", ").map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ");
            format!("(SELECT {columns}, COALESCE(p.priority, '{UNRANKED}') AS rank FROM task t JOIN record p ON p.id = t.record)")
        }
    }
}

/// Placeholders with commas between two texts.
fn bind_all(out: &mut SqlText, before: &str, after: &str, params: Vec<SqlParam>) {
    out.sql.push_str(before);
    for (n, param) in params.into_iter().enumerate() {
        out.sql.push_str(if n == 0 { "" } else { ", " });
        out.bind(param);
    }
    out.sql.push_str(after);
}

fn end(out: &mut SqlText, order: TaskOrder, limit: i64) {
    let rank = if order == TaskOrder::Urgency { "rank, " } else { "" };
    out.sql.push_str(&format!(" ORDER BY {rank}opened_at, record, activity LIMIT "));
    out.bind(SqlParam::Int(limit));
}

/// Records in which a person holds an open step of a team: what must be handed over when the account ends.
pub fn held_by(sql: &mut dyn Sql, user: Uuid, limit: i64) -> Result<Vec<(Uuid, u32)>, StoreError> {
    sql.query("SELECT record, activity FROM task WHERE assignee = $1 AND team IS NOT NULL ORDER BY record LIMIT $2", &params![user, limit])?
        .iter()
        .map(|row| Ok((row.id(0)?, u32::try_from(row.int(1)?).map_err(|error| StoreError::damaged("task", error))?)))
        .collect()
}

/// Open steps that somebody holds in a team, as (record, activity) after such a pair.
pub fn held_in_team(
    sql: &mut dyn Sql,
    person: Uuid,
    team: Uuid,
    after: Option<(Uuid, u32)>,
    limit: i64,
) -> Result<Vec<(Uuid, u32)>, StoreError> {
    let (record, activity) = after.map_or((Uuid::nil(), -1), |(record, activity)| (record, i64::from(activity)));
    let text = "SELECT record, activity FROM task WHERE assignee = $1 AND team = $2 AND (record, activity) > ($3, $4) \
                ORDER BY record, activity LIMIT $5";
    let read = |row: &Row| Ok((row.id(0)?, u32::try_from(row.int(1)?).map_err(|error| StoreError::damaged("task", error))?));
    sql.query(text, &params![person, team, record, activity, limit])?.iter().map(read).collect()
}

/// The open steps of the open records below another, as (record, element).
pub fn below(sql: &mut dyn Sql, parent: Uuid, limit: i64) -> Result<Vec<(Uuid, String)>, StoreError> {
    let text = format!(
        "SELECT t.record, t.element FROM task t JOIN record r ON r.id = t.record WHERE r.id IN ({}) AND r.is_open = 1 \
         ORDER BY t.record, t.activity LIMIT $2",
        crate::record_list::BELOW
    );
    sql.query(&text, &params![parent, limit])?.iter().map(|row| Ok((row.id(0)?, row.text(1)?))).collect()
}

/// How many open steps a team has.
pub fn count_of_team(sql: &mut dyn Sql, team: Uuid) -> Result<i64, StoreError> {
    let row = sql.first("SELECT count(*) FROM task WHERE team = $1", &params![team])?;
    row.map_or(Ok(0), |row| row.int(0))
}
