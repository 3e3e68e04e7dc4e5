//! `GET /records/{type}/{number}/flow`

use std::collections::BTreeMap;

use axum::extract::State;
use desk::record::{Content, Loaded, find};
use desk::{Actor, DeskError, Env, journal};
use serde::Serialize;
use store::Sql;
use store::journal::Sight;
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{self, People, Ref};
use crate::http::time;

/// Where the flow stands.
#[derive(Serialize, ToSchema)]
pub struct FlowToken {
    element: String,
    activity: u32,
    label: String,
    team: Option<Ref>,
    assignee: Option<Ref>,
    since: String,
}

/// An element that was passed.
#[derive(Serialize, ToSchema)]
pub struct PassedElement {
    id: String,
    entered_at: String,
    left_at: Option<String>,
    by: Option<Ref>,
    outcome: Option<String>,
}

/// The path taken.
#[derive(Serialize, ToSchema, Default)]
pub struct FlowPath {
    elements: Vec<PassedElement>,
    edges: Vec<String>,
}

/// A record's flow: the diagram, the tokens and the path taken.
#[derive(Serialize, ToSchema)]
pub struct FlowBody {
    xml: String,
    status: String,
    /// What the steps, events, gateways and arrows of the drawing are called in the reader's language, by id.
    labels: BTreeMap<String, String>,
    tokens: Vec<FlowToken>,
    path: FlowPath,
}

/// Entries read for the path; a record with more shows its first ones.
const ENTRIES: i64 = 2000;

/// Reads a record's flow
#[utoipa::path(get, path = "/records/{type}/{number}/flow", tag = "records", params(RecordPath),
    responses((status = 200, body = FlowBody), (status = 404, body = Problem)))]
pub async fn get_flow(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let body = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        flow_of(env, sql, &loaded, &actor, lang.of(&actor))
    });
    Ok(ok(body.await?))
}

fn flow_of(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, lang: &str) -> Result<FlowBody, DeskError> {
    let process = loaded.process(env)?;
    let internal = loaded.allows(env, actor, "read_internal");
    let tasks = desk::record::write::tasks(env, loaded.row.id, &process);
    let entries = store::journal::of_aggregate(sql, loaded.row.id, 0, Sight::All, ENTRIES)?;
    let ids = tasks.iter().map(|task| task.assignee).chain(entries.iter().map(|entry| entry.actor));
    let people = People::read(sql, ids)?;
    let mut path = FlowPath::default();
    let mut open: Vec<(u32, usize)> = Vec::new();
    for entry in &entries {
        let Some(content) = journal::content::<Content>(entry)? else { continue };
        for event in content.facts.flow {
            match event {
                flow::Event::Entered { element, token, .. } => {
                    open.push((token, path.elements.len()));
                    let entered_at = time::text(entry.occurred_at);
                    path.elements.push(PassedElement { id: element, entered_at, left_at: None, by: None, outcome: None });
                }
                flow::Event::Left { token, .. } => {
                    let at = open.iter().find(|(open, _)| *open == token).and_then(|(_, index)| path.elements.get_mut(*index));
                    if let Some(passed) = at {
                        passed.left_at = Some(time::text(entry.occurred_at));
                    }
                }
                flow::Event::Closed { activity, outcome, .. } => {
                    let at = open.iter().find(|(open, _)| *open == activity).and_then(|(_, index)| path.elements.get_mut(*index));
                    if let Some(passed) = at {
                        passed.outcome = outcome;
                        // Where the process went is seen by its requester too; who moved it inside is not.
                        passed.by = people.opt(entry.actor.filter(|_| internal || entry.visibility == "public"));
                    }
                }
                flow::Event::Taken { edge } => path.edges.push(edge),
                _ => {}
            }
        }
    }
    let tokens = tasks.iter().map(|task| FlowToken {
        element: task.element.clone(),
        activity: task.activity,
        label: loaded.pinned.pack.label(lang, &format!("activity.{}", task.element)),
        team: refs::entry(&env.directory, task.team, lang),
        assignee: people.opt(task.assignee),
        since: time::text(task.opened_at),
    });
    let status = serde_json::to_value(process.instance.status).ok().and_then(|v| v.as_str().map(str::to_owned));
    let pack = &loaded.pinned.pack;
    Ok(FlowBody {
        xml: pack.flow_xml().to_owned(),
        status: status.unwrap_or_default(),
        labels: labels(pack, lang),
        tokens: tokens.collect(),
        path,
    })
}

fn labels(pack: &pack::Pack, lang: &str) -> BTreeMap<String, String> {
    let elements = pack.flow().elements().filter(|element| !element.name.is_empty()).map(|element| ("activity", &element.id));
    let edges = pack.flow().edges().filter(|edge| !edge.name.is_empty()).map(|edge| ("edge", &edge.id));
    elements.chain(edges).map(|(kind, id)| (id.clone(), pack.label(lang, &format!("{kind}.{id}")))).collect()
}
