//! `GET /records/{type}/{number}/checklists`

use axum::extract::State;
use desk::kit::checklist::{self, Sheet};
use desk::record::find;
use pack::CheckState;
use serde::Serialize;
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// A step of a checklist on a record.
#[derive(Serialize, ToSchema)]
pub struct CheckBody {
    key: String,
    text: String,
    /// Where it is explained.
    link: Option<String>,
    mandatory: bool,
    /// `open`, `done` or `not_applicable`.
    state: &'static str,
    note: Option<String>,
    by: Option<Ref>,
    at: Option<String>,
}

/// A checklist on a record.
#[derive(Serialize, ToSchema)]
pub struct ChecklistBody {
    key: String,
    label: String,
    /// Whether it belongs to a step that is open now: then it can be ticked.
    current: bool,
    steps: Vec<CheckBody>,
    /// How many steps are done or do not apply.
    done: usize,
    /// How many mandatory steps are open.
    awaited: usize,
}

/// Checklists of a record.
#[derive(Serialize, ToSchema)]
pub struct ChecklistBodies {
    items: Vec<ChecklistBody>,
    next: Option<String>,
}

/// The word for what became of a step.
pub fn word(state: CheckState) -> &'static str {
    match state {
        CheckState::Done => "done",
        CheckState::NotApplicable => "not_applicable",
        CheckState::Open => "open",
    }
}

/// Lists the checklists of a record: those of its open steps, then those of which something is done
///
/// All of them: there are few. The action `check` ticks a step. For those who work on the record.
#[utoipa::path(get, path = "/records/{type}/{number}/checklists", tag = "records", params(RecordPath),
    responses((status = 200, body = ChecklistBodies), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_fitting_checklists(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>, lang: Lang) -> Answered {
    let list = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        loaded.require(env, &actor, "read_internal")?;
        let sheets = checklist::of_record(env, sql, &actor, &loaded)?;
        let checks = sheets.iter().flat_map(|sheet| &sheet.steps).filter_map(|(_, check)| check.as_ref()?.by.as_ref()?.parse().ok());
        let people = People::read(sql, checks.map(Some).collect::<Vec<_>>())?;
        let items = sheets.iter().map(|sheet| body(&people, sheet, lang.of(&actor))).collect();
        Ok(ChecklistBodies { items, next: None })
    });
    Ok(ok(list.await?))
}

fn body(people: &People, sheet: &Sheet<'_>, lang: &str) -> ChecklistBody {
    let steps: Vec<CheckBody> = sheet
        .steps
        .iter()
        .map(|(step, check)| CheckBody {
            key: step.key.clone(),
            text: checklist::words(&step.text, lang).to_owned(),
            link: step.link.clone(),
            mandatory: step.mandatory,
            state: word(check.as_ref().map_or(CheckState::Open, |check| check.state)),
            note: check.as_ref().and_then(|check| check.note.clone()),
            by: people.opt(check.as_ref().and_then(|check| check.by.as_ref()?.parse().ok())),
            at: time::opt(check.as_ref().map(|check| check.at)),
        })
        .collect();
    let open = |step: &&CheckBody| step.state == "open";
    ChecklistBody {
        key: sheet.key.clone(),
        label: checklist::label(sheet, lang),
        current: sheet.current,
        done: steps.iter().filter(|step| !open(step)).count(),
        awaited: steps.iter().filter(open).filter(|step| step.mandatory).count(),
        steps,
    }
}
