//! Counters of open records.

use std::collections::BTreeMap;

use axum::extract::State;
use desk::counters::{OfTeam, count};
use desk::view::require_work;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Lang, Signed};
use super::problem::Problem;
use super::refs::{self, Ref};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_counters))
}

/// Counters of one team.
#[derive(Serialize, ToSchema)]
struct TeamCount {
    team: Ref,
    open: i64,
    unclaimed: i64,
}

/// The counter of a saved list.
#[derive(Serialize, ToSchema)]
struct ViewCount {
    id: String,
    /// Open records in it; null where its filter asks more than counters know.
    open: Option<i64>,
}

/// How much there is to do, within what the caller may read.
#[derive(Serialize, ToSchema)]
struct CounterBody {
    /// Open records of the caller's teams.
    open: i64,
    /// Those of them that nobody has and that wait for somebody.
    unclaimed: i64,
    /// Open records that the caller has.
    mine: i64,
    /// Open records of the caller's teams by priority.
    #[schema(value_type = Object)]
    by_priority: BTreeMap<String, i64>,
    teams: Vec<TeamCount>,
    views: Vec<ViewCount>,
    /// Whether there are more than were looked at.
    capped: bool,
}

/// Counts open records of one's teams and saved lists
///
/// At most half a second old; live updates of topic `record` say when to ask again.
#[utoipa::path(get, path = "/counters", tag = "records", responses((status = 200, body = CounterBody), (status = 403, body = Problem)))]
async fn get_counters(State(app): State<App>, Signed(actor): Signed, lang: Lang) -> Answered {
    require_work(&actor)?;
    let groups = app.desk.counters().groups(&app.desk).await?;
    let counted = app.desk.query(move |env, sql| {
        let counted = count(env, sql, &actor, &groups)?;
        let lang = lang.of(&actor);
        let of_team = |(id, OfTeam { open, unclaimed }): (_, OfTeam)| {
            Some(TeamCount { team: refs::entry(&env.directory, Some(id), lang)?, open, unclaimed })
        };
        Ok(CounterBody {
            open: counted.all.open,
            unclaimed: counted.all.unclaimed,
            mine: counted.mine,
            by_priority: counted.by_priority,
            teams: counted.teams.into_iter().filter_map(of_team).collect(),
            views: counted.views.into_iter().map(|(id, open)| ViewCount { id: id.to_string(), open }).collect(),
            capped: counted.capped,
        })
    });
    Ok(ok(counted.await?))
}
