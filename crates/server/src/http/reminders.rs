//! Reminders and promised calls over all records: one's own, and the calls that are overdue.

use axum::extract::State;
use desk::policy::PolicyListed;
use desk::{Actor, DeskError, Env};
use serde::Serialize;
use store::Sql;
use store::record_list::{self, ListedRecord};
use store::reminder::{self, ReminderRow};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, ok};
use super::cursor::Cursor;
use super::document::Page;
use super::extract::{Query, Signed};
use super::problem::Problem;
use super::records::ReminderBody;
use super::refs::People;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_reminders))
}

/// The record that something is to be remembered on.
#[derive(Serialize, ToSchema)]
struct RemindedRecord {
    number: String,
    #[serde(rename = "type")]
    type_key: String,
    title: String,
}

/// A reminder with its record.
#[derive(Serialize, ToSchema)]
struct ReminderItem {
    #[serde(flatten)]
    reminder: ReminderBody,
    record: RemindedRecord,
}

/// A page of reminders.
#[derive(Serialize, ToSchema)]
struct ReminderList {
    items: Vec<ReminderItem>,
    next: Option<String>,
}

/// Lists what the caller is to see to, the earliest first
///
/// `overdue=true`: the calls that were promised by anybody and not made in time, of records that the caller works on.
#[utoipa::path(get, path = "/reminders", tag = "tasks",
    params(("overdue" = Option<bool>, Query, description = "True for everybody's overdue calls"), Page),
    responses((status = 200, body = ReminderList), (status = 400, body = Problem)))]
async fn list_reminders(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    let limit = query.limit()?;
    let overdue = query.flag("overdue")?.unwrap_or(false);
    let cursor = Cursor::of("reminders", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let mut rows = match overdue {
            true => reminder::overdue(sql, env.world.now(), after, limit + 1)?,
            false => reminder::of_user(sql, actor.user.id, after, limit + 1)?,
        };
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&(row.due_at, row.id)));
        Ok(ReminderList { items: items(env, sql, &actor, rows)?, next })
    });
    Ok(ok(list.await?))
}

/// Those of records of which the reader may read what is internal.
fn items(env: &Env, sql: &mut dyn Sql, actor: &Actor, rows: Vec<ReminderRow>) -> Result<Vec<ReminderItem>, DeskError> {
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.record).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut records: Vec<ListedRecord> = Vec::new();
    for part in ids.chunks(1000) {
        records.extend(record_list::by_ids(sql, part)?);
    }
    let now = env.world.now();
    let may = |record: &ListedRecord| {
        env.packs
            .newest(&record.type_key)
            .is_ok_and(|p| ["read", "read_internal"].iter().all(|action| p.rights.allows(actor, action, &PolicyListed(record), now)))
    };
    records.retain(may);
    let people = People::read(sql, rows.iter().flat_map(|row| [Some(row.user), row.by]))?;
    let item = |row: ReminderRow| {
        let record = records.iter().find(|record| record.id == row.record)?;
        let (number, type_key, title) = (record.number.clone(), record.type_key.clone(), record.title.clone());
        Some(ReminderItem { reminder: ReminderBody::of(&people, row, now), record: RemindedRecord { number, type_key, title } })
    };
    Ok(rows.into_iter().filter_map(item).collect())
}
