//! `GET /records/{type}/{number}/links`

use axum::extract::State;
use desk::policy::PolicyListed;
use desk::record::find;
use serde::Serialize;
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::document::RecordPath;
use crate::http::extract::{Path, Signed};
use crate::http::problem::Problem;

/// A linked record.
#[derive(Serialize, ToSchema)]
pub struct LinkedRecord {
    number: String,
    #[serde(rename = "type")]
    type_key: String,
    title: String,
    phase: String,
    state: String,
}

/// A link.
#[derive(Serialize, ToSchema)]
pub struct LinkBody {
    /// What the other record is to this one.
    kind: String,
    record: LinkedRecord,
}

/// The links of a record.
#[derive(Serialize, ToSchema)]
pub struct LinkList {
    items: Vec<LinkBody>,
    next: Option<String>,
}

/// Lists the records that a record is linked to, as far as the reader may see them
#[utoipa::path(get, path = "/records/{type}/{number}/links", tag = "records", params(RecordPath),
    responses((status = 200, body = LinkList), (status = 404, body = Problem)))]
pub async fn list_links(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>) -> Answered {
    let list = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        let links = store::record::links(sql, loaded.row.id)?;
        let ids: Vec<_> = links.iter().map(|link| link.other).collect();
        let mut rows = store::record_list::by_ids(sql, &ids)?;
        let now = env.world.now();
        rows.retain(|row| env.packs.newest(&row.type_key).is_ok_and(|p| p.rights.allows(&actor, "read", &PolicyListed(row), now)));
        let items = links.iter().filter_map(|link| {
            let row = rows.iter().find(|row| row.id == link.other)?;
            let record = LinkedRecord {
                number: row.number.clone(),
                type_key: row.type_key.clone(),
                title: row.title.clone(),
                phase: row.phase.clone(),
                state: row.state.clone(),
            };
            Some(LinkBody { kind: link.kind.clone(), record })
        });
        Ok(LinkList { items: items.collect(), next: None })
    });
    Ok(ok(list.await?))
}
