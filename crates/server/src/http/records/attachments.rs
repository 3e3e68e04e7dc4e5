//! `GET/POST /records/{type}/{number}/attachments` and `GET …/attachments/{id}`

use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{Method, StatusCode};
use desk::DeskError;
use desk::record::attach::{Attach, attach};
use desk::record::find;
use serde::{Deserialize, Serialize};
use store::attachment::AttachmentRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::download::download;
use crate::http::extract::{IdempotencyKey, Path, Signed, Upload};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// Largest upload: the largest file and the wrapping around it.
pub const UPLOAD_LIMIT: usize = desk::files::LARGEST + 64 * 1024;

/// An attachment.
#[derive(Serialize, ToSchema)]
pub struct AttachmentBody {
    id: String,
    name: String,
    /// Bytes.
    size: i64,
    media_type: String,
    visibility: String,
    by: Ref,
    at: String,
}

/// The attachments of a record.
#[derive(Serialize, ToSchema)]
pub struct AttachmentList {
    items: Vec<AttachmentBody>,
    next: Option<String>,
}

fn body(people: &People, row: &AttachmentRow) -> AttachmentBody {
    AttachmentBody {
        id: row.id.to_string(),
        name: row.name.clone(),
        size: row.size,
        media_type: row.media_type.clone(),
        visibility: row.visibility.clone(),
        by: people.get(row.by_user),
        at: time::text(row.at),
    }
}

/// Lists a record's attachments
#[utoipa::path(get, path = "/records/{type}/{number}/attachments", tag = "records", params(RecordPath),
    responses((status = 200, body = AttachmentList), (status = 404, body = Problem)))]
pub async fn list_attachments(State(app): State<App>, Signed(actor): Signed, Path(address): Path<Address>) -> Answered {
    let list = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        let internal = loaded.allows(env, &actor, "read_internal");
        let rows = store::attachment::of_owner(sql, loaded.row.id)?;
        let people = People::read(sql, rows.iter().map(|row| Some(row.by_user)))?;
        let seen = rows.iter().filter(|row| internal || row.visibility == "public");
        Ok(AttachmentList { items: seen.map(|row| body(&people, row)).collect(), next: None })
    });
    Ok(ok(list.await?))
}

/// An upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `Upload` reads")]
struct UploadForm {
    /// The file, at most 25 MiB.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// `public` or `internal`; public when left out.
    visibility: Option<super::comments::Visibility>,
}

/// What an upload carried.
struct Carried {
    name: String,
    content: bytes::Bytes,
    internal: bool,
}

impl Carried {
    /// What makes two uploads the same.
    fn digest(&self) -> [u8; 32] {
        let content = desk::keyring::sha256(&self.content);
        desk::keyring::sha256(format!("{}\n{}\n{}", self.name, self.internal, hex::encode(content)).as_bytes())
    }
}

/// The name of an uploaded file: browsers write quotes and line ends in it so (HTML, 4.10.22.7 multipart form data).
fn file_name(sent: &str) -> String {
    sent.replace("%22", "\"").replace("%0D", " ").replace("%0A", " ")
}

async fn read(mut parts: Multipart) -> Result<Carried, Problem> {
    let wrong = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => DeskError::TooLarge("a file may have at most 25 MiB".to_owned()).into(),
        _ => Problem::malformed(format!("the upload cannot be read: {}", error.body_text())),
    };
    let (mut file, mut internal) = (None, false);
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        match part.name() {
            Some("file") => {
                let name = file_name(part.file_name().unwrap_or("file"));
                file = Some((name, part.bytes().await.map_err(wrong)?));
            }
            Some("visibility") => {
                internal = match part.text().await.map_err(wrong)?.as_str() {
                    "internal" => true,
                    "public" => false,
                    _ => return Err(DeskError::field("/visibility", "enum", "write public or internal").into()),
                };
            }
            other => {
                return Err(DeskError::field(
                    format!("/{}", other.unwrap_or_default()),
                    "unknown_field",
                    "parts are 'file' and 'visibility'",
                )
                .into());
            }
        }
    }
    let (name, content) = file.ok_or_else(|| Problem::from(DeskError::field("/file", "required", "send the file as the part 'file'")))?;
    Ok(Carried { name, content, internal })
}

/// Attaches a file (multipart, part `file`)
#[utoipa::path(post, path = "/records/{type}/{number}/attachments", tag = "records", params(RecordPath, Once),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentBody), (status = 413, body = Problem), (status = 415, body = Problem)))]
pub async fn create_attachment(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    key: IdempotencyKey,
    Upload(parts): Upload,
) -> Answered {
    app.desk.gate().pass()?;
    let target = address.target();
    // Refused before anything is stored, so that only those who may attach can fill the disk.
    let (asking, asked) = (std::sync::Arc::clone(&actor), target.clone());
    app.desk.query(move |env, sql| find(env, sql, &asking, &asked)?.require(env, &asking, "attach")).await?;
    let upload = read(parts).await?;
    let once = key.once(&actor, &Method::POST, &address.path("/attachments"), upload.digest());
    let stored = desk::files::store(&app.desk, &upload.name, upload.content).await?;
    let command = Attach { name: upload.name, internal: upload.internal, stored };
    let cause = super::cause(&app, &actor);
    let path = address.path("/attachments");
    let done = app.desk.execute_once(once, move |env, sql| {
        let (written, row) = attach(env, sql, &cause, &actor, &target, &command)?;
        let people = People::read(sql, [Some(row.by_user)])?;
        let location = format!("{path}/{}", row.id);
        Ok((written.set, answer(StatusCode::CREATED, &body(&people, &row), Some(written.row.version), Some(location))?))
    });
    Ok(respond(done.await?))
}

/// Address of an attachment.
#[derive(Deserialize)]
pub struct AttachmentAddress {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    id: Uuid,
}

/// Downloads an attachment
#[utoipa::path(get, path = "/records/{type}/{number}/attachments/{id}", tag = "records",
    params(RecordPath, ("id" = String, Path, description = "Identity of the attachment")),
    responses((status = 200, description = "the file, always as a download"), (status = 404, body = Problem)))]
pub async fn get_attachment(State(app): State<App>, Signed(actor): Signed, Path(address): Path<AttachmentAddress>) -> Answered {
    let record = Address { type_key: address.type_key, number: address.number };
    let id = address.id;
    let row = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &record.target())?;
        let row = store::attachment::find(sql, id)?.filter(|row| row.owner == loaded.row.id);
        let row = row.filter(|row| row.visibility == "public" || loaded.allows(env, &actor, "read_internal"));
        row.ok_or_else(|| DeskError::NotFound("attachment".to_owned()))
    });
    let row = row.await?;
    let content = app.desk.files().get(&row.sha256).await?;
    Ok(download(&row.name, &row.media_type, content))
}

/// The limit of uploads, instead of the one for JSON bodies.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_LIMIT)
}
