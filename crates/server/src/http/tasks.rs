//! Open steps: my work, a team's work, and completing one.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::complete::{Complete, complete};
use desk::record::read::Target;
use desk::{Actor, DeskError, Env};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use store::record_list::ListedRecord;
use store::task::{ListedTask, TaskOrder, TaskPlace, TaskRow, Whose};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{Once, Page};
use super::extract::{Body, IdempotencyKey, Lang, Path, Query, Signed};
use super::problem::Problem;
use super::records::{RecordBody, cause, priority_label};
use super::refs::{self, People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tasks)).routes(routes!(complete_task))
}

/// The record that a step belongs to.
#[derive(Serialize, ToSchema)]
struct TaskRecord {
    id: String,
    number: String,
    #[serde(rename = "type")]
    type_key: String,
    title: String,
    priority: Option<String>,
    priority_label: Option<String>,
    phase: String,
    state: String,
    state_label: String,
    requester: Ref,
    updated_at: String,
}

/// An open step.
#[derive(Serialize, ToSchema)]
struct TaskBody {
    id: String,
    record: TaskRecord,
    activity: String,
    label: String,
    team: Option<Ref>,
    assignee: Option<Ref>,
    /// Who is responsible until somebody accepts: the team's person on duty, or who stands in for them today.
    on_duty: Option<Ref>,
    /// Whose step it is, when the caller only stands in for them.
    stands_in_for: Option<Ref>,
    opened_at: String,
    accepted_at: Option<String>,
    due_at: Option<String>,
    suspended: bool,
}

/// A page of open steps.
#[derive(Serialize, ToSchema)]
struct TaskList {
    items: Vec<TaskBody>,
    next: Option<String>,
}

/// Order of open steps.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the words of the parameter")]
enum TaskSort {
    OpenedAt,
    Urgency,
}

/// Lists open steps, oldest or most urgent first
///
/// `mine=true`: what the caller has accepted, and what waits unaccepted where the caller is on duty; the same of those for whom
/// the caller stands in today. `team=`: a team's.
#[utoipa::path(get, path = "/tasks", tag = "tasks",
    params(
        ("mine" = Option<bool>, Query, description = "True, which is what holds without `team`"),
        ("team" = Option<String>, Query, description = "A team by id or key"),
        ("sort" = inline(Option<TaskSort>), Query, description = "`opened_at`, oldest first and what holds without it, or `urgency`: by the priority of the record, then oldest first"),
        Page),
    responses((status = 200, body = TaskList), (status = 400, body = Problem)))]
async fn list_tasks(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let limit = query.limit()?;
    let cursor = Cursor::of("tasks", &query);
    let after: Option<TaskPlace> = cursor.place(&query)?;
    let order = match query.get("sort") {
        None | Some("opened_at") => TaskOrder::Opened,
        Some("urgency") => TaskOrder::Urgency,
        Some(other) => return Err(DeskError::parameter("sort", other, "enum", "sort by opened_at or urgency").into()),
    };
    let team = query.get("team").map(str::to_owned);
    match query.get("mine") {
        None | Some("true") => {}
        Some(other) => return Err(DeskError::parameter("mine", other, "enum", "write true or leave it out").into()),
    }
    let list = app.desk.query(move |env, sql| {
        let whose = match &team {
            None => {
                let users: Vec<Uuid> = std::iter::once(actor.user.id).chain(actor.stands_in_for.iter().map(|away| away.person)).collect();
                let duty_teams = users.iter().flat_map(|user| env.directory.duties_of(*user)).copied().collect();
                Whose::People { users, duty_teams }
            }
            Some(key) => Whose::Team(desk::record::list::entry(env, &actor, pack::Target::Team, "team", key)?),
        };
        let scope = desk::policy::read_scope(&env.packs, &actor, env.world.now());
        let query = store::task::TaskQuery { whose: &whose, scope: &scope, order, after, limit: limit + 1 };
        let mut rows = store::task::list(sql, &query)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|listed| cursor.after(&listed.place()));
        let rows: Vec<TaskRow> = rows.into_iter().map(|listed: ListedTask| listed.task).collect();
        Ok(TaskList { items: bodies(env, sql, &rows, &actor, lang.of(&actor))?, next })
    });
    Ok(ok(list.await?))
}

fn bodies(env: &Env, sql: &mut dyn Sql, tasks: &[TaskRow], actor: &Actor, lang: &str) -> Result<Vec<TaskBody>, DeskError> {
    let ids: Vec<Uuid> = tasks.iter().map(|task| task.record).collect();
    let records = store::record_list::by_ids(sql, &ids)?;
    let now = env.world.now();
    let duty =
        |task: &TaskRow| if task.assignee.is_some() { None } else { task.team.and_then(|team| env.directory.responsible_of(team, now)) };
    let away = |task: &TaskRow| {
        let turn = task.assignee.or_else(|| env.directory.duty_of(task.team?))?;
        actor.stands_in_for.iter().map(|away| away.person).find(|person| *person == turn)
    };
    let mentioned =
        tasks.iter().flat_map(|task| [task.assignee, duty(task), away(task)]).chain(records.iter().map(|row| Some(row.requester)));
    let people = People::read(sql, mentioned)?;
    let body = |task: &TaskRow| {
        let row = records.iter().find(|row| row.id == task.record)?;
        Some(TaskBody {
            id: format!("{}-{}", task.record, task.activity),
            record: record_body(env, &people, row, lang),
            activity: task.element.clone(),
            label: env
                .packs
                .newest(&row.type_key)
                .map_or_else(|_| task.element.clone(), |p| p.pack.label(lang, &format!("activity.{}", task.element))),
            team: refs::entry(&env.directory, task.team, lang),
            assignee: people.opt(task.assignee),
            on_duty: people.opt(duty(task)),
            stands_in_for: people.opt(away(task)),
            opened_at: time::text(task.opened_at),
            accepted_at: time::opt(task.accepted_at),
            due_at: time::opt(task.due_at),
            suspended: task.suspended,
        })
    };
    Ok(tasks.iter().filter_map(body).collect())
}

fn record_body(env: &Env, people: &People, row: &ListedRecord, lang: &str) -> TaskRecord {
    TaskRecord {
        id: row.id.to_string(),
        number: row.number.clone(),
        type_key: row.type_key.clone(),
        title: row.title.clone(),
        priority: row.priority.clone(),
        priority_label: priority_label(env, &row.type_key, lang, row.priority.as_deref()),
        phase: row.phase.clone(),
        state: row.state.clone(),
        state_label: env
            .packs
            .newest(&row.type_key)
            .map_or_else(|_| row.state.clone(), |p| p.pack.label(lang, &format!("state.{}", row.state))),
        requester: people.get(row.requester),
        updated_at: time::text(row.updated_at),
    }
}

/// How a step is completed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Completion {
    outcome: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// Completes an open step with one of its outcomes
#[utoipa::path(post, path = "/tasks/{id}/complete", tag = "tasks", params(("id" = String, Path, description = "Identity of the step, as `GET /api/v1/tasks` gives it"), Once),
    request_body(content = Completion, example = json!({ "outcome": "resolve", "fields": { "resolution": "Changed the cable.", "closure_code": "fixed" } })),
    responses((status = 200, body = RecordBody), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn complete_task(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(id): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
    body: Body<Completion>,
) -> Answered {
    let found = id.rsplit_once('-').and_then(|(record, activity)| Some((record.parse::<Uuid>().ok()?, activity.parse::<u32>().ok()?)));
    let (record, activity) = found.ok_or_else(|| Problem::from(DeskError::NotFound(format!("task '{id}'"))))?;
    let once = key.once(&actor, &Method::POST, &format!("/api/v1/tasks/{id}/complete"), body.digest);
    let cause = cause(&app, &actor);
    let Completion { outcome, fields } = body.value;
    let command = Complete { target: Target::Id(record), activity: Some(activity), outcome, fields };
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = complete(env, sql, &cause, &actor, &command).map_err(|error| error.under("/fields"))?;
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::OK, &body, Some(body.version), None)?))
    });
    Ok(respond(done.await?))
}
