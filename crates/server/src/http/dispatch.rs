//! `POST /dispatch/rehearse`: the test bench of dispatch.

use std::collections::BTreeMap;

use axum::extract::State;
use desk::directory::EntryKind;
use desk::dispatch::{BY_LOAD, BY_QUEUE, CAPACITIES, CAPACITY, Case, MODE, Proposed, Rehearsal, Wanted, rehearse};
use desk::record::names;
use desk::{DeskError, Env};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::choices::{self, ChoiceBody};
use super::extract::{Body, Lang, Signed};
use super::problem::Problem;
use super::refs::{self, People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rehearse_dispatch))
}

/// How a team would give out its work; what is left out is as it is now.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProposedTeam {
    /// `queue` or `load`.
    #[serde(default)]
    dispatch: Option<String>,
    /// Most open records of one person, 1 to 1000.
    #[serde(default)]
    capacity: Option<i64>,
}

/// Which records are tried.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RehearseInput {
    /// Type of the records: the key of its pack.
    #[serde(rename = "type")]
    type_key: String,
    /// The records by number, at most 200. Instead of them, `query` and `filter` find the newest 200.
    #[serde(default)]
    numbers: Option<Vec<String>>,
    /// Parameters of a list, as its address has them: `state`, `team`, `opened_after` …
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    query: Option<BTreeMap<String, String>>,
    /// A condition as `filter` of the list has it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Teams that would give out their work otherwise, by key.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    teams: Option<BTreeMap<String, ProposedTeam>>,
}

/// A value that the table read.
#[derive(Serialize, ToSchema)]
struct RehearsedInput {
    field: String,
    label: String,
    value_label: String,
}

/// A row of the table that hit.
#[derive(Serialize, ToSchema)]
struct RehearsedRow {
    id: String,
    /// Its place in the table, counted from 1.
    row: Option<usize>,
    /// What its author wrote about it.
    description: String,
}

/// A record.
#[derive(Serialize, ToSchema)]
struct RehearsedCase {
    number: String,
    title: String,
    opened_at: String,
    /// The team that the table says of the record's values of now.
    team: Option<Ref>,
    rows: Vec<RehearsedRow>,
    inputs: Vec<RehearsedInput>,
    /// The team that a table first gave it to.
    first: Option<Ref>,
    /// The team that has it, or had it last.
    last: Option<Ref>,
    /// Who has it, or had it last.
    assignee: Option<Ref>,
    /// Whether the table says the team that has it.
    same: bool,
    /// Whom the team would offer it to now, as if it came alone and in working hours.
    choice: Option<ChoiceBody>,
}

/// A team with how many of the records are its own.
#[derive(Serialize, ToSchema)]
struct RehearsedTeam {
    team: Ref,
    /// By the table.
    by_rules: usize,
    /// As it came.
    in_truth: usize,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct RehearsalBody {
    items: Vec<RehearsedCase>,
    /// Numbers that mean no record that the caller may read from inside.
    unknown: Vec<String>,
    /// Whether the filter holds more than were tried.
    more: bool,
    /// How many the table gives to the team that has them.
    same: usize,
    /// How many to another.
    different: usize,
    /// How many to none.
    undecided: usize,
    by_team: Vec<RehearsedTeam>,
}

/// Tries on past records what tables and teams would do with them now; nothing is written
#[utoipa::path(post, path = "/dispatch/rehearse", tag = "organisation", request_body(content = RehearseInput, example = json!({
        "type": "…", "query": { "opened_after": "2026-03-01T00:00:00+08:00" }, "teams": { "network-l1": { "dispatch": "load", "capacity": 6 } }
    })), responses((status = 200, body = RehearsalBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn rehearse_dispatch(State(app): State<App>, Signed(actor): Signed, lang: Lang, input: Body<RehearseInput>) -> Answered {
    actor.require("dispatch.read")?;
    let RehearseInput { type_key, numbers, query, filter, teams } = input.value;
    let teams = teams.unwrap_or_default();
    check(&teams)?;
    let proposed = |it: ProposedTeam| Proposed { dispatch: it.dispatch, capacity: it.capacity };
    let wanted = Wanted {
        type_key,
        numbers,
        query: query.unwrap_or_default(),
        condition: filter.filter(|filter| !filter.is_null()),
        teams: teams.into_iter().map(|(key, it)| (key, proposed(it))).collect(),
    };
    let told = app.desk.query(move |env, sql| {
        let rehearsal = rehearse(env, sql, &actor, &wanted)?;
        let named = rehearsal.cases.iter().flat_map(|case| {
            let inputs = case.decision.iter().flat_map(|it| &it.inputs).filter(|(field, _)| names::is_person(field));
            let inputs = inputs.map(|(_, value)| value.as_str().and_then(|id| id.parse().ok()));
            inputs.chain([case.row.assignee]).chain(choices::people(env, &case.choice)).collect::<Vec<_>>()
        });
        let people = People::read(sql, named)?;
        body(env, &people, lang.of(&actor), &wanted.type_key, &rehearsal)
    });
    Ok(ok(told.await?))
}

fn check(teams: &BTreeMap<String, ProposedTeam>) -> Result<(), DeskError> {
    for (key, team) in teams {
        if team.dispatch.as_deref().is_some_and(|mode| ![BY_QUEUE, BY_LOAD].contains(&mode)) {
            return Err(DeskError::field(format!("/teams/{key}/{MODE}"), "enum", format!("write {BY_QUEUE} or {BY_LOAD}")));
        }
        if team.capacity.is_some_and(|most| !CAPACITIES.contains(&most)) {
            return Err(DeskError::field(format!("/teams/{key}/{CAPACITY}"), "range", "write a number from 1 to 1000"));
        }
    }
    Ok(())
}

fn body(env: &Env, people: &People, lang: &str, type_key: &str, rehearsal: &Rehearsal) -> Result<RehearsalBody, DeskError> {
    let pack = &env.packs.newest(type_key)?.pack;
    let team = |key: &str| {
        let id = env.directory.by_key(EntryKind::Team, key).map(|item| item.id);
        refs::entry(&env.directory, id, lang).unwrap_or_else(|| Ref { id: String::new(), key: key.to_owned(), label: key.to_owned() })
    };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut items = Vec::with_capacity(rehearsal.cases.len());
    for case in &rehearsal.cases {
        let (by_rules, in_truth) = (case.decision.as_ref().map(|it| it.team.as_str()), env.directory.key_of(case.row.team));
        if let Some(key) = by_rules {
            counts.entry(key.to_owned()).or_default().0 += 1;
        }
        if let Some(key) = in_truth {
            counts.entry(key.to_owned()).or_default().1 += 1;
        }
        items.push(RehearsedCase {
            number: case.row.number.clone(),
            title: case.row.title.clone(),
            opened_at: time::text(case.row.opened_at),
            team: by_rules.map(team),
            rows: rows(pack, lang, case),
            inputs: inputs(env, people, pack, lang, case),
            first: case.first.as_deref().map(team),
            last: in_truth.map(team),
            assignee: people.opt(case.row.assignee),
            same: by_rules.is_some() && by_rules == in_truth,
            choice: case.choice.as_ref().map(|choice| choices::body(env, people, lang, choice)),
        });
    }
    let same = items.iter().filter(|it| it.same).count();
    let undecided = items.iter().filter(|it| it.team.is_none()).count();
    let by_team =
        counts.iter().map(|(key, (by_rules, in_truth))| RehearsedTeam { team: team(key), by_rules: *by_rules, in_truth: *in_truth });
    Ok(RehearsalBody {
        by_team: by_team.collect(),
        unknown: rehearsal.unknown.clone(),
        more: rehearsal.more,
        different: items.len() - same - undecided,
        same,
        undecided,
        items,
    })
}

fn rows(pack: &pack::Pack, lang: &str, case: &Case) -> Vec<RehearsedRow> {
    let Some(decision) = &case.decision else { return Vec::new() };
    let table = pack.table(&decision.table);
    let written = |id: &str| table.and_then(|table| table.rule_description(id)).unwrap_or_default();
    let row = |id: &String| RehearsedRow {
        id: id.clone(),
        row: table.and_then(|table| table.row(id)),
        description: pack.text(lang, &format!("rule.{id}")).unwrap_or_else(|| written(id)).to_owned(),
    };
    decision.hits.iter().map(row).collect()
}

fn inputs(env: &Env, people: &People, pack: &pack::Pack, lang: &str, case: &Case) -> Vec<RehearsedInput> {
    let read = case.decision.iter().flat_map(|decision| &decision.inputs);
    let input = |(field, value): &(String, Value)| RehearsedInput {
        label: names::field(pack, lang, field),
        value_label: names::value(env, pack, lang, field, value, |id| people.get(id).label),
        field: field.clone(),
    };
    read.map(input).collect()
}
