//! What routes have in common in the API's document: parameters that many take, and how each may refuse.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Content, ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder, SecurityRequirement};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
pub struct Page {
    /// Most items of the page; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<i64>,
    /// `next` of the page before. It belongs to this list with this filter and order, and is refused with another.
    cursor: Option<String>,
}

/// Which entries of a directory.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
pub struct EntryFilter {
    /// Part of the key or the name.
    q: Option<String>,
    /// Only active ones, or only those that are not.
    active: Option<bool>,
}

/// Which record.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes what `Path` reads")]
pub struct RecordPath {
    /// The record type: the key of its pack, as `GET /api/v1/packs` lists them.
    #[param(rename = "type")]
    type_key: String,
    /// The record's number, or the number that it had where it was imported from.
    number: String,
}

/// Makes a write that may be sent again.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `IdempotencyKey` reads")]
pub struct Once {
    /// Any text that names this one request. Sent again within 24 hours it gives the first answer, with
    /// `Idempotency-Replayed: true`; with another body it is refused (422).
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 200)]
    idempotency_key: Option<String>,
}

/// Says which version was seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `IfMatch` reads")]
pub struct Seen {
    /// The `ETag` of the version that was seen, such as `"7"`. Without it the change is refused (428); when somebody changed it
    /// meanwhile (412), the refusal says what.
    #[param(rename = "If-Match", required = true)]
    if_match: String,
}

/// Says which version was seen, by who wants to be told of changes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `IfMatch` reads")]
pub struct SeenOrNot {
    /// The `ETag` of the version that was seen, such as `"7"`. When somebody changed it meanwhile it is refused (412), and the refusal
    /// says what; without it whatever stands is gone by.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// Says which version was seen of what may not be there yet.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `IfMatch` reads")]
pub struct SeenIfThere {
    /// The `ETag` of the version that was seen, such as `"7"`; left out where there is none yet. What is there is not changed without
    /// it (428); when somebody changed it meanwhile (412), the refusal says what.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// The orders of a list of records; `-` turns one round.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the desk reads")]
pub enum RecordOrder {
    #[schema(rename = "opened_at")]
    Opened,
    #[schema(rename = "-opened_at")]
    OpenedDown,
    #[schema(rename = "updated_at")]
    Updated,
    #[schema(rename = "-updated_at")]
    UpdatedDown,
    #[schema(rename = "number")]
    Number,
    #[schema(rename = "-number")]
    NumberDown,
    #[schema(rename = "priority")]
    Priority,
    #[schema(rename = "-priority")]
    PriorityDown,
    #[schema(rename = "queue")]
    Queue,
    #[schema(rename = "-queue")]
    QueueDown,
}

/// Which records. Values are separated with commas, which mean "or"; `none` stands for those without one.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what the desk reads")]
pub struct RecordFilter {
    /// States of the type, phases (`new`, `active`, `waiting`, `resolved`, `closed`, `cancelled`), or `open` for what is neither
    /// closed nor cancelled.
    #[param(example = "open")]
    state: Option<String>,
    /// Teams by id or key; `mine` for the caller's own; `none`.
    team: Option<String>,
    /// People by id or username; `me`; `none`. Who may not read users finds only themselves.
    assignee: Option<String>,
    /// People by id or username; `me`. Who may not read users finds only themselves.
    requester: Option<String>,
    /// Keys of the type's priorities.
    #[param(example = "p1,p2")]
    priority: Option<String>,
    /// Keys of the type's degrees of impact.
    #[param(example = "high")]
    impact: Option<String>,
    /// Keys of the type's degrees of urgency.
    #[param(example = "high")]
    urgency: Option<String>,
    /// Paths of the type's category tree; what lies below is found too.
    category: Option<String>,
    /// Services by id or key; `none`.
    service: Option<String>,
    /// Sites by id or key; `none`.
    site: Option<String>,
    /// Keys of the ways in which records are reported.
    channel: Option<String>,
    /// Number of the record above them.
    parent: Option<String>,
    /// Part of the title, or the beginning of the number.
    q: Option<String>,
    /// Opened at this instant or later (RFC 3339 with offset).
    #[param(example = "2026-03-01T08:00:00+08:00")]
    opened_after: Option<String>,
    /// Opened before this instant (RFC 3339 with offset).
    #[param(example = "2026-04-01T00:00:00+08:00")]
    opened_before: Option<String>,
    /// A condition that records meet besides, as JSON: `{field, op, value}`, or `all`, `any` and `not` around others. Values may be
    /// keys as above, `{"me": true}`, `{"my_teams": true}`, `{"ago": "P7D"}`; own fields stand as `fields.<name>`.
    #[param(example = r#"{"any":[{"field":"priority","op":"eq","value":"p1"},{"field":"opened_at","op":"lt","value":{"ago":"P7D"}}]}"#)]
    filter: Option<String>,
    /// Own fields that the pack marks as indexed and that each row shows, separated with commas.
    #[param(example = "tier")]
    fields: Option<String>,
    /// Order; the newest first when left out. Ties go by identity. `queue` is the order of queues, of open records alone: priority,
    /// then arrival, and those of other customers first where the setting `queue_order` is `external_first`.
    #[param(inline)]
    sort: Option<RecordOrder>,
}

/// Whether a route may be asked without signing in.
fn is_open(path: &str, method: &str) -> bool {
    matches!((method, path), ("get", "/api/v1/info") | ("post", "/api/v1/session"))
}

/// Completes the document with what holds for every route, so that no route can forget it.
pub fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::default);
    for (name, _, description) in REFUSALS {
        components.responses.insert((*name).to_owned(), refusal(description).into());
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token from `POST /api/v1/tokens`.")).build();
    components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(bearer).into());
    let cookie = ApiKeyValue::with_description(super::extract::COOKIE, "From `POST /api/v1/session`; writes carry `X-CSRF-Token` too.");
    components.security_schemes.insert("session".to_owned(), SecurityScheme::ApiKey(ApiKey::Cookie(cookie)).into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_operation(operation, path, method);
        }
    }
}

/// The operations of a path by method.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Name, status and description of the refusals that many routes share.
const REFUSALS: &[(&str, &str, &str)] = &[
    ("Malformed", "400", "The request cannot be read, or a query parameter is unknown or has a value that it cannot have."),
    ("Unauthenticated", "401", "Nobody is signed in, or the session or token has ended."),
    ("Forbidden", "403", "The caller may not do this, the token's scopes do not reach, or the CSRF token is missing."),
    ("NotFound", "404", "It does not exist, or the caller may not know that it does."),
    ("Timeout", "408", "The body came too slowly: send it again."),
    ("Conflict", "409", "It does not fit what is there now, or the first request with this Idempotency-Key is still running."),
    ("TooLarge", "413", "The body is larger than this address takes."),
    ("Unsupported", "415", "The body is of another kind than this address takes."),
    ("Invalid", "422", "Values cannot be taken: `errors` names each with its place and what to do."),
    ("Throttled", "429", "Too many tries: wait as long as `Retry-After` says."),
    ("Internal", "500", "Something went wrong inside; the log has it under the request id."),
    ("Unavailable", "503", "No writing now, or the database is busy: try again after `Retry-After`."),
];

fn refusal(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    ResponseBuilder::new().description(description).content(PROBLEM, content).build()
}

/// Media type of refusals.
const PROBLEM: &str = "application/problem+json";

fn complete_operation(operation: &mut Operation, path: &str, method: &str) {
    let writes = method != "get";
    let open = is_open(path, method);
    let applies = |status: &str| match status {
        "400" | "500" | "503" => true,
        "401" => !open,
        "403" => writes && !open,
        "404" => path.contains('{'),
        "409" => writes && !open,
        "408" | "413" | "415" | "422" => operation.request_body.is_some(),
        "429" => open && writes,
        _ => false,
    };
    let missing: Vec<_> = REFUSALS.iter().filter(|(_, status, _)| applies(status)).collect();
    for response in operation.responses.responses.values_mut() {
        describe(response);
    }
    for (name, status, _) in missing {
        let shared = RefOr::Ref(Ref::from_response_name(*name));
        operation.responses.responses.entry((*status).to_owned()).or_insert(shared);
    }
    if !open {
        let none: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new("token", none), SecurityRequirement::new("session", none)]);
    }
}

/// A route's own refusal is a problem document too.
fn describe(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    let is_problem = |content: &&RefOr<Content>| match content {
        RefOr::T(content) => matches!(&content.schema, Some(RefOr::Ref(to)) if *to == Ref::from_schema_name(Problem::name())),
        RefOr::Ref(_) => false,
    };
    if let Some(content) = response.content.get("application/json").filter(is_problem).cloned() {
        response.content.clear();
        response.content.insert(PROBLEM.to_owned(), content);
    }
}

#[cfg(test)]
mod tests;
