//! `GET /records/{type}/{number}/dispatch`

use axum::extract::State;
use desk::dispatch::Choice;
use desk::record::{Content, find, told};
use desk::{DeskError, journal};
use serde::Serialize;
use store::journal::Entry;
use utoipa::ToSchema;

use super::Address;
use super::decisions::{self, DecisionBody};
use super::names::Names;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::choices::{self, ChoiceBody};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// How far back the journal is looked through.
const ENTRIES: i64 = 200;
/// The field whose value is explained.
const TEAM: &str = "team";

/// What gave a record to its team.
#[derive(Serialize, ToSchema)]
struct TeamWhy {
    at: String,
    /// The table that said so; none when somebody gave it by hand, or the flow names the team itself.
    decision: Option<DecisionBody>,
    /// Who did what led to it.
    by: Option<Ref>,
    /// What they did: `opened`, `completed`, `assigned` …
    event: String,
    /// Why, in words of the pack.
    reason_label: Option<String>,
}

/// What gave a record to its person.
#[derive(Serialize, ToSchema)]
struct PersonWhy {
    at: String,
    /// The choice among the people of the team; none when somebody took it, or gave it by hand.
    choice: Option<ChoiceBody>,
    by: Option<Ref>,
    event: String,
}

/// Why a record is where it is.
#[derive(Serialize, ToSchema)]
pub struct DispatchBody {
    /// The last entry that changed the team.
    team: Option<TeamWhy>,
    /// The last entry that changed the person, or in which nobody could be named.
    person: Option<PersonWhy>,
}

/// Says why a record is with its team and its person: the row of the table, the load, or who gave it by hand
///
/// It looks through the 200 newest entries of the journal.
#[utoipa::path(get, path = "/records/{type}/{number}/dispatch", tag = "records", params(RecordPath),
    responses((status = 200, body = DispatchBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_dispatch(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let found = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        loaded.require(env, &actor, "read_internal")?;
        let entries = store::journal::newest(sql, loaded.row.id, ENTRIES)?;
        let contents = entries.iter().map(journal::content::<Content>).collect::<Result<Vec<_>, _>>()?;
        let told: Vec<(&Entry, &Content)> =
            entries.iter().zip(&contents).filter_map(|(entry, content)| Some((entry, content.as_ref()?))).collect();
        let edited = |content: &Content, field: &str| content.facts.edit(field).is_some();
        let team = told.iter().find(|(_, content)| edited(content, TEAM));
        let person = told.iter().find(|(_, content)| edited(content, "assignee") || !content.choices.is_empty());
        let choice = person.and_then(|(_, content)| content.choices.last());
        let ids = team.iter().chain(&person).map(|(entry, _)| entry.actor).chain(choices::people(env, choice));
        let people = People::read(sql, ids)?;
        let lang = lang.of(&actor);
        let names = Names { env, loaded: &loaded, people: &people, lang };
        let person = person.map(|(entry, _)| PersonWhy {
            at: time::text(entry.occurred_at),
            choice: choice.map(|choice: &Choice| choices::body(env, &people, lang, choice)),
            by: people.opt(entry.actor),
            event: entry.event.clone(),
        });
        Ok::<_, DeskError>(DispatchBody { team: team.map(|(entry, content)| team_why(&names, entry, content)), person })
    });
    Ok(ok(found.await?))
}

fn team_why(names: &Names<'_>, entry: &Entry, content: &Content) -> TeamWhy {
    let says = |told: &told::ToldDecision<'_>| told.outputs.iter().any(|output| output.field == TEAM && !output.kept_by_hand);
    let decision = told::decisions(&names.loaded.pinned, content, true).into_iter().rfind(says);
    TeamWhy {
        at: time::text(entry.occurred_at),
        decision: decision.map(|told| decisions::body(names, told)),
        by: names.people.opt(entry.actor),
        event: entry.event.clone(),
        reason_label: content.reason.as_ref().map(|reason| names.reason(&entry.event, reason)),
    }
}
