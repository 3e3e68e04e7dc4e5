//! People and organisation from CSV and xlsx files: a template, a look at a file, and the import as a job.

use std::collections::BTreeMap;

use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::IntoResponse;
use desk::roster::{self, About, Asked, Mode, Sheet};
use desk::{Actor, DeskError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::document::Once;
use super::extract::{IdempotencyKey, Lang, Query, Signed, Upload};
use super::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    let uploads = OpenApiRouter::new().routes(routes!(create_import)).routes(routes!(preview_import));
    // The largest file and the wrapping around it.
    OpenApiRouter::new().merge(uploads.layer(DefaultBodyLimit::max(roster::MOST_BYTES + 64 * 1024))).routes(routes!(get_template))
}

/// What a file is about.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes desk::roster::About")]
enum ImportKind {
    Users,
    Departments,
    Teams,
    Sites,
    Services,
    Skills,
    Categories,
}

/// What may happen to what is there and what is not.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes desk::roster::Mode")]
enum ImportMode {
    /// Only what is new; a row that would change something is rejected.
    Create,
    /// Only what is there.
    Update,
    /// Both.
    Upsert,
}

/// A file to be imported.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `Carried` reads")]
struct ImportForm {
    /// CSV (UTF-8 or GB18030) or xlsx, at most 10 MiB and 20,000 rows. The first line has the names of the columns.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    kind: ImportKind,
    /// JSON: field by column, such as `{"姓名": "name"}`; an empty field leaves the column out. Without it the names of the columns decide.
    map: Option<String>,
    /// `upsert` when left out.
    mode: Option<ImportMode>,
    /// `true`: what is there and not in the file is deactivated; never the importer, the first administrator or service accounts.
    deactivate_missing: Option<bool>,
    /// `true`: nothing is written; the job's rows say what would come of it.
    dry_run: Option<bool>,
}

/// The parts of an upload.
#[derive(Default)]
struct Carried {
    file: Option<(String, bytes::Bytes)>,
    values: BTreeMap<String, String>,
}

const PARTS: [&str; 5] = ["kind", "map", "mode", "deactivate_missing", "dry_run"];

impl Carried {
    async fn read(mut parts: Multipart) -> Result<Self, Problem> {
        let wrong = |error: axum::extract::multipart::MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => DeskError::TooLarge("a file to be imported may have at most 10 MiB".to_owned()).into(),
            _ => Problem::malformed(format!("the upload cannot be read: {}", error.body_text())),
        };
        let mut carried = Self::default();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                let file = part.file_name().unwrap_or("file").chars().take(200).collect();
                carried.file = Some((file, part.bytes().await.map_err(wrong)?));
            } else if PARTS.contains(&name.as_str()) {
                carried.values.insert(name, part.text().await.map_err(wrong)?);
            } else {
                let message = format!("parts are 'file', {}", PARTS.map(|part| format!("'{part}'")).join(", "));
                return Err(DeskError::field(format!("/{name}"), "unknown_field", message).into());
            }
        }
        Ok(carried)
    }

    fn about(&self) -> Result<About, DeskError> {
        let word = self.values.get("kind").ok_or_else(|| DeskError::field("/kind", "required", "say what the file is about"))?;
        let known = || format!("write one of {}", About::ALL.map(About::as_str).join(", "));
        About::parse(word).ok_or_else(|| DeskError::field("/kind", "enum", known()))
    }

    fn flag(&self, name: &str) -> Result<bool, DeskError> {
        match self.values.get(name).map(String::as_str) {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(DeskError::field(format!("/{name}"), "type", "write true or false")),
        }
    }

    fn mode(&self) -> Result<Mode, DeskError> {
        let word = self.values.get("mode").map_or("upsert", String::as_str);
        Mode::parse(word).ok_or_else(|| DeskError::field("/mode", "enum", "write create, update or upsert"))
    }

    fn map(&self) -> Result<Option<BTreeMap<String, String>>, DeskError> {
        let read = |text: &String| serde_json::from_str(text);
        let map = self.values.get("map").filter(|text| !text.is_empty()).map(read).transpose();
        map.map_err(|_| DeskError::field("/map", "type", "write a JSON object: field by column"))
    }

    fn sheet(&self) -> Result<(String, Sheet), DeskError> {
        let (name, content) =
            self.file.as_ref().ok_or_else(|| DeskError::field("/file", "required", "send the file as the part 'file'"))?;
        Ok((name.clone(), Sheet::read(content)?))
    }

    /// What makes two uploads the same.
    fn digest(&self) -> [u8; 32] {
        let content = self.file.as_ref().map(|(_, content)| hex::encode(desk::keyring::sha256(content)));
        let name = self.file.as_ref().map(|(name, _)| name.as_str());
        desk::keyring::sha256(format!("{content:?} {name:?} {:?}", self.values).as_bytes())
    }
}

/// Reading a file takes a moment: not on a thread that others wait for.
async fn parsed(carried: Carried) -> Result<(Carried, String, Sheet), DeskError> {
    let read = tokio::task::spawn_blocking(move || carried.sheet().map(|(name, sheet)| (carried, name, sheet)));
    read.await.map_err(|error| DeskError::outside("read a file", error))?
}

/// Refuses who may import nothing at all, before their file is read.
fn may_import(actor: &Actor) -> Result<(), DeskError> {
    if About::ALL.iter().any(|about| actor.may(&about.action())) {
        return Ok(());
    }
    Err(DeskError::Forbidden("you may not import people or organisation".to_owned()))
}

/// Imports people, departments, teams, sites, services or skills from a file
///
/// The answer is a job: `GET /api/v1/jobs/{id}` tells its progress and at last how many rows were created, updated, unchanged,
/// deactivated and rejected; `GET /api/v1/jobs/{id}/rows` what came of each row, `no` being its line. An empty cell leaves what is
/// there. The same file once more changes nothing.
#[utoipa::path(post, path = "/imports", tag = "organisation", params(Once),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 202, body = QueuedBody), (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn create_import(State(app): State<App>, Signed(actor): Signed, lang: Lang, key: IdempotencyKey, Upload(parts): Upload) -> Answered {
    app.desk.gate().pass()?;
    may_import(&actor)?;
    let carried = Carried::read(parts).await?;
    let about = carried.about()?;
    actor.require(&about.action())?;
    let (mode, map) = (carried.mode()?, carried.map()?);
    let (deactivate_missing, dry_run) = (carried.flag("deactivate_missing")?, carried.flag("dry_run")?);
    let once = key.once(&actor, &Method::POST, "/api/v1/imports", carried.digest());
    let (_, file, sheet) = parsed(carried).await?;
    let asked = Asked { about, file, sheet, map, mode, deactivate_missing, dry_run, lang: lang.of(&actor).to_owned() };
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, id) = roster::queue(env, sql, &actor, &asked)?;
        let body = QueuedBody { id: id.to_string(), kind: "import_directory", state: "waiting" };
        Ok((set, answer(StatusCode::ACCEPTED, &body, None, Some(format!("/api/v1/jobs/{id}")))?))
    });
    Ok(respond(done.await?))
}

/// A job that has just been queued.
#[derive(Serialize, ToSchema)]
struct QueuedBody {
    id: String,
    kind: &'static str,
    state: &'static str,
}

/// A field that a column can be.
#[derive(Serialize, ToSchema)]
struct FieldBody {
    key: &'static str,
    label: &'static str,
    /// Whether a column must be it: it tells rows apart.
    required: bool,
}

/// A file before it is imported.
#[derive(Serialize, ToSchema)]
struct PreviewBody {
    columns: Vec<String>,
    /// Field by column, as the names of the columns say.
    map: BTreeMap<String, String>,
    /// All fields that there are.
    fields: Vec<FieldBody>,
    /// The first rows.
    rows: Vec<Vec<String>>,
    /// How many rows there are.
    total: usize,
}

/// Looks at a file that is to be imported; nothing is written
#[utoipa::path(post, path = "/imports/preview", tag = "organisation",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = PreviewBody), (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
async fn preview_import(Signed(actor): Signed, lang: Lang, Upload(parts): Upload) -> Answered {
    may_import(&actor)?;
    let carried = Carried::read(parts).await?;
    let about = carried.about()?;
    actor.require(&about.action())?;
    let (_, _, sheet) = parsed(carried).await?;
    let lang = lang.of(&actor);
    let fields = roster::fields(about).iter().enumerate();
    let map = roster::guess(about, &sheet.columns);
    let rows = sheet.beginning(5).into_iter().map(<[String]>::to_vec).collect();
    let body = PreviewBody {
        map: map.into_iter().map(|(field, at)| (sheet.columns[at].clone(), field)).collect(),
        fields: fields.map(|(n, field)| FieldBody { key: field.key, label: field.label(lang), required: n == 0 }).collect(),
        rows,
        total: sheet.rows.len(),
        columns: sheet.columns,
    };
    Ok(ok(body))
}

/// A table to begin with, as CSV
#[utoipa::path(get, path = "/imports/template", tag = "organisation",
    params(("kind" = inline(ImportKind), Query, description = "What the file is about")),
    responses((status = 200, description = "the table, as a download"), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn get_template(Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    may_import(&actor)?;
    let word = query.get("kind").unwrap_or_default();
    let known = || format!("write one of {}", About::ALL.map(About::as_str).join(", "));
    let about = About::parse(word).ok_or_else(|| DeskError::parameter("kind", word, "enum", known()))?;
    let mut response = roster::template(about, lang.of(&actor)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{word}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
