//! What anybody may know before signing in.

use axum::extract::State;
use axum::response::Response;
use desk::settings;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::ok;
use super::extract::Lang;
use super::parameters::Known;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_info))
}

/// An account of the demonstration.
#[derive(Serialize, ToSchema)]
struct DemoAccount {
    username: String,
    password: String,
    role: String,
    what: String,
}

/// What anybody may know.
#[derive(Serialize, ToSchema)]
struct Info {
    name: String,
    /// What the organisation calls itself, in the answer's language, once it has said so.
    organisation: Option<String>,
    version: String,
    demo: bool,
    /// In a demonstration: whom to sign in as and what to try.
    accounts: Vec<DemoAccount>,
    languages: Vec<String>,
    attachments: Attachments,
}

/// Which files can be attached.
#[derive(Serialize, ToSchema)]
struct Attachments {
    /// Most bytes of one.
    max_bytes: usize,
    /// Endings of their names, in lower case.
    endings: Vec<String>,
}

/// What anybody may know before signing in
#[utoipa::path(get, path = "/info", tag = "system", responses((status = 200, body = Info)))]
async fn get_info(State(app): State<App>, _: Known, lang: Lang) -> Response {
    let lang = lang.0.unwrap_or("zh");
    let directory = app.desk.env().directory;
    let called = |lang: &str| {
        let name = directory.setting(settings::ORGANISATION)?.get(lang)?.as_str()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    };
    let accounts = if app.config.demo { demo_accounts(lang) } else { Vec::new() };
    ok(Info {
        name: "Yuheng 玉衡".to_owned(),
        organisation: called(lang).or_else(|| called("zh")).or_else(|| called("en")),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: app.config.demo,
        accounts,
        languages: vec!["zh".to_owned(), "en".to_owned()],
        attachments: Attachments { max_bytes: desk::files::LARGEST, endings: desk::files::endings().map(str::to_owned).collect() },
    })
}

fn demo_accounts(lang: &str) -> Vec<DemoAccount> {
    desk::demo::ACCOUNTS
        .iter()
        .map(|account| {
            let (role, what) = if lang == "en" { (account.role_en, account.what_en) } else { (account.role_zh, account.what_zh) };
            DemoAccount {
                username: account.username.to_owned(),
                password: desk::demo::PASSWORD.to_owned(),
                role: role.to_owned(),
                what: what.to_owned(),
            }
        })
        .collect()
}
