//! `GET /hints`

use axum::extract::State;
use desk::DeskError;
use desk::hint::{self, About};
use serde::Serialize;
use store::record_list::ListedRecord;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::announcements::{AnnouncementBody, bodies};
use super::answer::{Answered, ok};
use super::extract::{Lang, Query, Signed};
use super::problem::Problem;
use super::refs::{Ref, entry};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_hints))
}

/// What somebody is about to report.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
struct AboutWhat {
    /// What it is about, in a few words.
    #[param(example = "打印机连不上")]
    title: Option<String>,
    /// Id or key of the service.
    service: Option<String>,
    /// Id or key of the place: what is there comes first.
    site: Option<String>,
    /// The category: what has the same comes first.
    category: Option<String>,
    /// Whose records are looked at: `own`, which holds without it, or `all` that the caller may read.
    whose: Option<String>,
}

/// An open record that looks alike.
#[derive(Serialize, ToSchema)]
struct HintRecord {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    title: String,
    phase: String,
    state_label: String,
    opened_at: String,
    service: Option<Ref>,
    site: Option<Ref>,
}

/// What may spare a report.
#[derive(Serialize, ToSchema)]
struct HintList {
    /// Announcements in force for the caller that fit, at most five.
    announcements: Vec<AnnouncementBody>,
    /// Open records that look alike, at most five: the caller's own, or any that they may read.
    records: Vec<HintRecord>,
}

/// Finds what may spare a report: fitting announcements, and open records that look alike
///
/// Without `whose=all`, records of other people are neither shown nor counted; with it, those that the caller may read: what hangs below
/// another that is open stands for that one.
#[utoipa::path(get, path = "/hints", tag = "announcements", params(AboutWhat),
    responses((status = 200, body = HintList), (status = 400, body = Problem)))]
async fn get_hints(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let text = |name: &str| query.get(name).map(|text| text.chars().take(500).collect::<String>());
    let all = match query.get("whose") {
        None | Some("own") => false,
        Some("all") => true,
        Some(other) => return Err(DeskError::not_among("whose", other, &["own", "all"]).into()),
    };
    let about =
        About { title: text("title").unwrap_or_default(), service: text("service"), site: text("site"), category: text("category"), all };
    let hints = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let found = hint::find(env, sql, &actor, &about)?;
        let record = |row: ListedRecord| HintRecord {
            state_label: env
                .packs
                .newest(&row.type_key)
                .map_or_else(|_| row.state.clone(), |it| it.pack.label(lang, &format!("state.{}", row.state))),
            type_key: row.type_key,
            number: row.number,
            title: row.title,
            phase: row.phase,
            opened_at: time::text(row.opened_at),
            service: entry(&env.directory, row.service, lang),
            site: entry(&env.directory, row.site, lang),
        };
        let announcements = bodies(env, sql, &actor, &found.announcements, lang)?;
        Ok(HintList { announcements, records: found.records.into_iter().map(record).collect() })
    });
    Ok(ok(hints.await?))
}
