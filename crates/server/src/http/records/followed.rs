//! `GET /followed`

use axum::extract::State;
use desk::record::followed::{self, Wanted};
use store::record_list::ListedRecord;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{RecordBody, listed_people};
use super::list::RecordList;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::cursor::Cursor;
use crate::http::document::Page;
use crate::http::extract::{Lang, Query, Signed};
use crate::http::problem::Problem;

/// Which of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
pub struct FollowedFilter {
    /// Only what is open, or only what has ended.
    open: Option<bool>,
    /// Only what the caller has reported for others.
    for_others: Option<bool>,
    /// Part of the title, or the beginning of the number.
    q: Option<String>,
}

/// Lists the records that the caller follows and may read, the newest first
///
/// Those that the caller has reported for colleagues among them. A page may have fewer items than there are: go by `next`.
#[utoipa::path(get, path = "/followed", tag = "records", params(FollowedFilter, Page),
    responses((status = 200, body = RecordList), (status = 400, body = Problem)))]
pub async fn list_followed(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let cursor = Cursor::of("followed", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let wanted = Wanted {
        open: query.flag("open")?,
        for_others: query.flag("for_others")?.unwrap_or(false),
        q: query.get("q").map(str::to_owned),
        after,
        limit: query.limit()?,
    };
    let list = app.desk.query(move |env, sql| {
        let page = followed::list(env, sql, &actor, &wanted)?;
        let (rows, inside): (Vec<ListedRecord>, Vec<bool>) = page.items.into_iter().map(|item| (item.row, item.internal)).unzip();
        let people = listed_people(env, sql, &rows)?;
        let item = |(row, inside): (&ListedRecord, bool)| RecordBody::listed(env, &people, row, inside, lang.of(&actor));
        Ok(RecordList { items: rows.iter().zip(inside).map(item).collect(), next: page.next.map(|place| cursor.after(&place)) })
    });
    Ok(ok(list.await?))
}
