//! `GET /hints`

use axum::extract::State;
use desk::hint::{self, About};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::announcements::{AnnouncementBody, bodies};
use super::answer::{Answered, ok};
use super::extract::{Lang, Query, Signed};
use super::problem::Problem;
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
}

/// A record of the caller's own that looks alike.
#[derive(Serialize, ToSchema)]
struct OwnRecord {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    title: String,
    phase: String,
    state_label: String,
    opened_at: String,
}

/// What may spare a report.
#[derive(Serialize, ToSchema)]
struct HintList {
    /// Announcements in force for the caller that fit, at most five.
    announcements: Vec<AnnouncementBody>,
    /// Open records of the caller's own that look alike, at most five.
    records: Vec<OwnRecord>,
}

/// Finds what may spare a report: fitting announcements, and the caller's own open records that look alike
///
/// Records of other people are neither shown nor counted.
#[utoipa::path(get, path = "/hints", tag = "announcements", params(AboutWhat),
    responses((status = 200, body = HintList), (status = 400, body = Problem)))]
async fn get_hints(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let text = |name: &str| query.get(name).map(|text| text.chars().take(500).collect::<String>());
    let about = About { title: text("title").unwrap_or_default(), service: text("service") };
    let hints = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let found = hint::find(env, sql, &actor, &about)?;
        let record = |row: store::record_list::ListedRecord| OwnRecord {
            state_label: env
                .packs
                .newest(&row.type_key)
                .map_or_else(|_| row.state.clone(), |it| it.pack.label(lang, &format!("state.{}", row.state))),
            type_key: row.type_key,
            number: row.number,
            title: row.title,
            phase: row.phase,
            opened_at: time::text(row.opened_at),
        };
        let announcements = bodies(env, sql, &actor, &found.announcements, lang)?;
        Ok(HintList { announcements, records: found.records.into_iter().map(record).collect() })
    });
    Ok(ok(hints.await?))
}
