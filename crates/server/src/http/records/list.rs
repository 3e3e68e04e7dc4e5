//! `GET /records/{type}`

use axum::extract::State;
use desk::policy::PolicyListed;
use desk::record::filter;
use desk::record::list::{FILTERS, OWN, Wanted, list};
use serde::Serialize;
use store::record_list::ListedRecord;
use utoipa::ToSchema;

use super::body::{RecordBody, listed_people};
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::document::{Page, RecordFilter};
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;

/// A page of records.
#[derive(Serialize, ToSchema)]
pub struct RecordList {
    pub items: Vec<RecordBody>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
}

/// Lists records of a type
///
/// A filter with a value that it cannot have is refused (400) and told the values that it can.
#[utoipa::path(get, path = "/records/{type}", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"),
    RecordFilter, ("fields.{field}" = Option<String>, Query, description = "an own field that the pack marks as indexed, such as `fields.tier=2`"), Page),
    responses((status = 200, body = RecordList), (status = 400, body = Problem),
        (status = 503, body = Problem, description = "`index_building`: the field of this filter is being indexed")))]
pub async fn list_records(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(type_key): Path<String>,
    lang: Lang,
    query: Query,
) -> Answered {
    let limit = query.limit()?;
    let (sort, cursor) = (query.get("sort").map(str::to_owned), query.get("cursor").map(str::to_owned));
    let condition = query.get(filter::FILTER).map(filter::parse).transpose()?;
    let fields =
        query.get("fields").map(|text| text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect());
    let filters = query
        .0
        .into_iter()
        .filter(|(name, value)| (FILTERS.contains(&name.as_str()) || name.starts_with(OWN)) && !value.is_empty())
        .collect();
    let wanted = Wanted { filters, condition, fields: fields.unwrap_or_default(), sort, cursor, limit };
    let answer = app.desk.query(move |env, sql| {
        let page = list(env, sql, &actor, &type_key, &wanted)?;
        let people = listed_people(env, sql, &page.items)?;
        let lang = lang.of(&actor);
        let (rights, now) = (&env.packs.newest(&type_key)?.rights, env.world.now());
        let bound = rights.bound(&actor, "read_internal", now);
        let sees_inside = |row: &ListedRecord| bound.holds(&PolicyListed(row));
        let mut items: Vec<RecordBody> =
            page.items.iter().map(|row| RecordBody::listed(env, &people, row, sees_inside(row), lang)).collect();
        for (item, own) in items.iter_mut().zip(page.own) {
            item.fields = Some(own);
        }
        Ok(RecordList { items, next: page.next })
    });
    Ok(ok(answer.await?))
}
