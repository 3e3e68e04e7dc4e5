//! `GET /records/{type}/{number}/macros`, `POST …/macros/{key}` and `POST …/macros/{key}/preview`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::directory::Item;
use desk::kit::macros::{self, Order, Played};
use desk::record::{Loaded, find, names};
use desk::{DeskError, Env};
use serde::{Deserialize, Serialize};
use store::Sql;
use utoipa::ToSchema;

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::{Once, RecordPath, Seen};
use crate::http::extract::{IdempotencyKey, IfMatch, Lang, Path, Signed};
use crate::http::problem::{FieldProblem, Problem};
use crate::http::refs::{self, People, Ref};

/// A macro that fits a record.
#[derive(Serialize, ToSchema)]
pub struct FittingMacro {
    key: String,
    label: String,
    description: Option<String>,
    /// How many steps it has.
    steps: usize,
}

/// Macros that fit a record.
#[derive(Serialize, ToSchema)]
pub struct FittingMacros {
    items: Vec<FittingMacro>,
    next: Option<String>,
}

/// What a step of a macro would do.
#[derive(Serialize, ToSchema)]
pub struct PreviewStep {
    action: String,
    label: String,
    /// What comes with it, filled.
    fields: Vec<PreviewField>,
    /// Whether it changes anything.
    changed: bool,
    /// The state after it.
    state: Option<String>,
    state_label: Option<String>,
    /// The team after it.
    team: Option<Ref>,
    /// Who has it after it.
    assignee: Option<Ref>,
    /// Who is sent a message.
    recipients: Vec<Ref>,
    /// Why it would be refused: then nothing of the macro is done, and what follows was not tried.
    refused: Option<String>,
    /// The same as a problem document says it.
    refusal: Option<StepRefusal>,
}

/// Why a step would be refused.
#[derive(Serialize, ToSchema)]
pub struct StepRefusal {
    /// Stable code.
    code: String,
    /// What the record lacks to fill the words that come with the step.
    gaps: Vec<String>,
    /// What is wrong with which value.
    errors: Vec<StepFault>,
}

/// What is wrong with a value of a step.
#[derive(Serialize, ToSchema)]
pub struct StepFault {
    /// JSON pointer into what comes with the step.
    pointer: String,
    /// Stable code.
    code: String,
    message: String,
    /// What the field is called.
    label: String,
}

/// A value that a step sets.
#[derive(Serialize, ToSchema)]
pub struct PreviewField {
    name: String,
    label: String,
    value: String,
}

/// What a macro would do.
#[derive(Serialize, ToSchema)]
pub struct MacroPreview {
    /// Whether all of it can be done now.
    open: bool,
    steps: Vec<PreviewStep>,
}

/// Lists the macros that fit a record and are for the caller
///
/// All of them: there are few. For those who work on the record.
#[utoipa::path(get, path = "/records/{type}/{number}/macros", tag = "records", params(RecordPath),
    responses((status = 200, body = FittingMacros), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_fitting_macros(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let list = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        let item = |item: &Item| FittingMacro {
            key: item.key.clone(),
            label: item.label(lang.of(&actor)),
            description: item.data.get("description").and_then(|it| it.as_str()).map(str::to_owned),
            steps: macros::steps(item).len(),
        };
        let found = macros::fitting(env, sql, &loaded, &actor)?;
        Ok(FittingMacros { items: found.into_iter().map(item).collect(), next: None })
    });
    Ok(ok(list.await?))
}

/// Address of a macro on a record.
#[derive(Deserialize)]
pub struct MacroAddress {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    key: String,
}

impl MacroAddress {
    fn order(self, seen: Option<i64>, lang: &str) -> (Address, Order) {
        let record = Address { type_key: self.type_key, number: self.number };
        let order = Order { target: record.target(), key: self.key, seen, lang: lang.to_owned() };
        (record, order)
    }
}

/// Does all steps of a macro on a record, or nothing
///
/// One transaction, an entry of the journal for each step, with one correlation. Each step is done with the caller's rights.
#[utoipa::path(post, path = "/records/{type}/{number}/macros/{key}", tag = "records",
    params(RecordPath, ("key" = String, Path, description = "Key of a macro, as `GET …/macros` lists them"), Seen, Once),
    responses((status = 200, body = RecordBody), (status = 403, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn run_macro(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<MacroAddress>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
) -> Answered {
    let seen = Some(if_match.required()?);
    let (record, order) = address.order(seen, lang.of(&actor));
    let once = key.once_without_body(&actor, &Method::POST, &record.path(&format!("/macros/{}", order.key)));
    let cause = super::cause(&app, &actor);
    let done = app.desk.transact_once(once, move |env, tx| {
        macros::run(env, tx, &cause, &actor, &order)?;
        // Whoever has passed it on may read no more of it.
        let loaded = match find(env, tx, &actor, &order.target) {
            Err(DeskError::NotFound(_)) => desk::record::read::load(env, tx, &order.target)?,
            found => found?,
        };
        let body = RecordBody::whole(env, tx, &loaded, &actor, &order.lang)?;
        answer(StatusCode::OK, &body, Some(body.version), None)
    });
    Ok(respond(done.await?))
}

/// Tells what a macro would do to a record, step by step
///
/// The real thing, undone: nothing is written and nobody is told.
#[utoipa::path(post, path = "/records/{type}/{number}/macros/{key}/preview", tag = "records",
    params(RecordPath, ("key" = String, Path, description = "Key of a macro, as `GET …/macros` lists them")),
    responses((status = 200, body = MacroPreview), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn preview_macro(State(app): State<App>, Signed(actor): Signed, Path(address): Path<MacroAddress>, lang: Lang) -> Answered {
    let (_, order) = address.order(None, lang.of(&actor));
    let cause = super::cause(&app, &actor);
    let told = app.desk.rehearse(move |env, tx| {
        let loaded = find(env, tx, &actor, &order.target)?;
        let played = macros::play(env, tx, &cause, &actor, &order)?;
        told(env, tx, &loaded, played, &order.lang)
    });
    Ok(ok(told.await?))
}

fn told(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, played: Vec<Played>, lang: &str) -> Result<MacroPreview, DeskError> {
    let done = || played.iter().filter_map(|step| step.outcome.as_ref().ok());
    let ids: Vec<_> = done().flat_map(|done| done.recipients.iter().copied().chain(done.row.assignee)).map(Some).collect();
    let people = People::read(sql, ids)?;
    let open = played.iter().all(|step| step.outcome.is_ok());
    let step = |step: Played| {
        let fields: Vec<PreviewField> =
            step.fields.into_iter().map(|it| PreviewField { name: it.name, label: it.label, value: it.value }).collect();
        let (done, refused, refusal) = match step.outcome {
            Ok(done) => (Some(done), None, None),
            Err(error) => {
                let words = error.to_string();
                (None, Some(words), Some(refusal_of(loaded, lang, &fields, step.gaps, Problem::from(error))))
            }
        };
        let row = done.as_ref().map(|done| &done.row);
        PreviewStep {
            action: step.action,
            label: step.label,
            fields,
            changed: done.as_ref().is_some_and(|done| done.changed),
            state: row.map(|row| row.state.clone()),
            state_label: row.map(|row| loaded.pinned.pack.label(lang, &format!("state.{}", row.state))),
            team: row.and_then(|row| refs::entry(&env.directory, row.team, lang)),
            assignee: row.and_then(|row| people.opt(row.assignee)),
            recipients: done.iter().flat_map(|done| &done.recipients).map(|id| people.get(*id)).collect(),
            refused,
            refusal,
        }
    };
    Ok(MacroPreview { open, steps: played.into_iter().map(step).collect() })
}

/// What the interface says in its own words.
fn refusal_of(loaded: &Loaded, lang: &str, fields: &[PreviewField], gaps: Vec<String>, problem: Problem) -> StepRefusal {
    let label = |pointer: &str| {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let said = fields.iter().find(|it| it.name == name).map(|it| it.label.clone());
        said.unwrap_or_else(|| names::field(&loaded.pinned.pack, lang, name))
    };
    let fault = |it: FieldProblem| StepFault { label: label(&it.pointer), pointer: it.pointer, code: it.code, message: it.message };
    if !gaps.is_empty() {
        return StepRefusal { code: "gap".to_owned(), gaps, errors: Vec::new() };
    }
    StepRefusal { code: problem.code, gaps, errors: problem.errors.into_iter().map(fault).collect() }
}
