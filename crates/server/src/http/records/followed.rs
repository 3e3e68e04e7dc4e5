//! `GET /followed`

use axum::extract::State;
use desk::policy::PolicyListed;
use store::record_list::{self, ListedRecord};
use uuid::Uuid;

use super::body::{RecordBody, listed_people};
use super::list::RecordList;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::cursor::Cursor;
use crate::http::document::Page;
use crate::http::extract::{Lang, Query, Signed};
use crate::http::problem::Problem;

/// Lists the records that the caller follows and may read, the newest first
///
/// Those that the caller has reported for colleagues among them. A page may have fewer items than there are: go by `next`.
#[utoipa::path(get, path = "/followed", tag = "records", params(Page),
    responses((status = 200, body = RecordList), (status = 400, body = Problem)))]
pub async fn list_followed(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let limit = query.limit()?;
    let cursor = Cursor::of("followed", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let mut places = store::watcher::of_user(sql, actor.user.id, after, limit + 1)?;
        let more = places.len() as i64 > limit;
        places.truncate(usize::try_from(limit).unwrap_or(0));
        let next = places.last().filter(|_| more).map(|place| cursor.after(place));
        let ids: Vec<Uuid> = places.iter().map(|(_, id)| *id).collect();
        let mut rows = record_list::by_ids(sql, &ids)?;
        let now = env.world.now();
        let may = |row: &ListedRecord, action: &str| {
            env.packs.newest(&row.type_key).is_ok_and(|pinned| pinned.rights.allows(&actor, action, &PolicyListed(row), now))
        };
        rows.retain(|row| may(row, "read"));
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        let people = listed_people(env, sql, &rows)?;
        let item = |row: &ListedRecord| RecordBody::listed(env, &people, row, may(row, "read_internal"), lang.of(&actor));
        Ok(RecordList { items: rows.iter().map(item).collect(), next })
    });
    Ok(ok(list.await?))
}
