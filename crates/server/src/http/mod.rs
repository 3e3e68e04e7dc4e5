//! HTTP: one folder per resource, one file per verb. No rules and no SQL here.

mod access;
mod announcements;
pub mod answer;
mod archives;
mod audit;
mod body;
mod choices;
mod colleagues;
mod counters;
mod cursor;
mod directory;
mod dispatch;
mod docs;
mod document;
mod download;
pub mod extract;
mod health;
mod hints;
mod imports;
mod info;
mod jobs;
mod live;
mod me;
mod middleware;
mod notices;
mod outbox;
mod packs;
pub mod parameters;
mod preferences;
pub mod problem;
mod records;
mod refs;
mod reminders;
mod rights;
mod session;
mod settings;
mod system;
mod tasks;
pub mod time;
mod tokens;
mod ui;
mod unread;
mod users;
mod views;
mod words;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use desk::Desk;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// What the server was started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address under which people reach it: for links, cookies and the Origin check.
    pub public_url: String,
    /// Whether that address was not given, so that pages under whatever name a request came to are ours.
    pub any_host: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether this is a demonstration with invented data.
    pub demo: bool,
    /// Whether this process encrypts connections itself.
    pub tls: bool,
    /// How long the body of a request may make no progress.
    pub body_timeout: Duration,
    /// How long the body of a request that is no upload may take in all.
    pub whole_body_timeout: Duration,
}

/// What every handler has.
#[derive(Clone)]
pub struct App {
    /// The desk.
    pub desk: Desk,
    /// What the server was started with.
    pub config: Arc<Config>,
    /// Renders the metrics.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// The query parameters that each route knows.
    parameters: Arc<parameters::Parameters>,
}

impl App {
    /// Puts together what handlers have.
    pub fn new(desk: Desk, config: Config, metrics: metrics_exporter_prometheus::PrometheusHandle) -> Self {
        Self { desk, config: Arc::new(config), metrics, parameters: Arc::new(parameters::Parameters::of(&openapi())) }
    }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Yuheng 玉衡",
    description = "The API of the IT service-management platform Yuheng. v1 changes only by addition.",
    license(name = "Apache-2.0")
))]
struct ApiDocument;

/// Largest JSON body in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(info::routes())
        .merge(session::routes())
        .merge(me::routes())
        .merge(preferences::routes())
        .merge(tokens::routes())
        .merge(records::routes())
        .merge(tasks::routes())
        .merge(reminders::routes())
        .merge(notices::routes())
        .merge(users::routes())
        .merge(colleagues::routes())
        .merge(directory::routes())
        .merge(dispatch::routes())
        .merge(settings::routes())
        .merge(words::routes())
        .merge(packs::routes())
        .merge(jobs::routes())
        .merge(imports::routes())
        .merge(outbox::routes())
        .merge(archives::routes())
        .merge(access::routes())
        .merge(audit::routes())
        .merge(health::routes())
        .merge(views::routes())
        .merge(announcements::routes())
        .merge(hints::routes())
        .merge(counters::routes())
        .merge(live::routes())
}

/// The OpenAPI document, as served and as committed.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = OpenApiRouter::with_openapi(ApiDocument::openapi()).nest("/api/v1", api()).into_openapi();
    document::complete(&mut document);
    document
}

/// The whole application.
pub fn router(app: App) -> Router {
    let (api, _) = OpenApiRouter::new().nest("/api/v1", api()).split_for_parts();
    let router = api
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .merge(docs::routes(openapi()))
        .merge(system::routes())
        .fallback(ui::serve)
        .method_not_allowed_fallback(ui::method_not_allowed);
    middleware::wrap(router, &app).with_state(app)
}
