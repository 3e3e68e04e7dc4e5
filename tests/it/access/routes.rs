//! The table of routes.

use serde_json::json;

use super::{ROLES, caller, routes_of_the_api, statuses};
use crate::harness::{
    Call, Caller, House, Live, MailServer, PASSWORD, Part, Stage, act, action_call, at, email, parts_of, record, s, solved, unique, until,
    upload, with,
};

on_both!(every_route_is_classified, every_role_gets_what_the_table_says);

/// Method and path, what is sent (when a route has several rows), and the status for each role.
///
/// What may not be seen answers 404, what may be seen but not done 403.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str)] = &[
    //                                                                                     anon stra owner outs cont idle agent desk mana obse admin
    ("GET /api/v1/info",                                               "",                "200  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/session",                                           "",                "200  200  200  200  200  200  200  200  200  200  200"),
    ("DELETE /api/v1/session",                                         "",                "401  204  204  204  204  204  204  204  204  204  204"),
    ("GET /api/v1/sessions",                                           "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("DELETE /api/v1/sessions/{id}",                                   "own",             "401  204  204  204  204  204  204  204  204  204  204"),
    ("GET /api/v1/me",                                                 "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/me",                                               "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/me/preferences",                                     "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/me/preferences",                                   "",                "401  200  200  200  200  200  200  200  200  200  200"),
    // What is sent is too short for a password, which costs nobody a guess.
    ("POST /api/v1/me/password",                                       "",                "401  422  422  422  422  422  422  422  422  422  422"),
    ("GET /api/v1/tokens",                                             "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/tokens",                                            "by session",      "401  201  201  201  201  201  201  201  201  201  201"),
    ("DELETE /api/v1/tokens/{id}",                                     "own",             "401  204  204  204  204  204  204  204  204  204  204"),
    ("GET /api/v1/records/{type}",                                     "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}",                                    "for oneself",     "401  201  201  201  201  201  201  201  201  403  201"),
    ("POST /api/v1/records/{type}",                                    "for the owner",   "401  403  201  403  403  201  201  201  201  403  201"),
    ("POST /api/v1/records/{type}",                                    "and solved at once", "401  403  403  403  403  201  201  201  201  403  201"),
    ("POST /api/v1/records/{type}/bulk",                               "",                "401  403  403  202  202  202  202  202  202  202  202"),
    ("POST /api/v1/records/{type}/claim",                              "",                "401  403  403  204  204  204  204  204  204  204  204"),
    ("POST /api/v1/records/{type}/export",                             "",                "401  403  403  202  202  202  202  202  202  202  202"),
    ("GET /api/v1/records/{type}/{number}",                            "",                "401  404  200  404  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/records/{type}/{number}",                          "",                "401  404  403  404  200  403  200  200  200  403  200"),
    ("GET /api/v1/records/{type}/{number}/timeline",                   "",                "401  404  200  404  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}/{number}/comments",                  "public",          "401  404  201  404  201  201  201  201  201  403  201"),
    ("POST /api/v1/records/{type}/{number}/comments",                  "internal",        "401  404  403  404  201  201  201  201  201  403  201"),
    ("GET /api/v1/records/{type}/{number}/actions",                    "",                "401  404  200  404  200  200  200  200  200  200  200"),
    // What each action takes is a table of its own: actions.rs.
    ("POST /api/v1/records/{type}/{number}/actions/{action}",          "accept",          "401  404  403  404  200  403  200  200  200  403  200"),
    ("POST /api/v1/records/{type}/{number}/actions/{action}/preview",  "",                "401  404  403  404  200  200  200  200  200  403  200"),
    ("PUT /api/v1/records/{type}/{number}/presence",                   "",                "401  404  403  404  200  200  200  200  200  200  200"),
    ("DELETE /api/v1/records/{type}/{number}/presence",                "",                "401  404  403  404  204  204  204  204  204  204  204"),
    ("GET /api/v1/records/{type}/{number}/attachments",                "",                "401  404  200  404  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}/{number}/attachments",               "public",          "401  404  201  404  201  201  201  201  201  403  201"),
    ("POST /api/v1/records/{type}/{number}/attachments",               "internal",        "401  404  403  404  201  201  201  201  201  403  201"),
    ("GET /api/v1/records/{type}/{number}/attachments/{id}",           "public",          "401  404  200  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/attachments/{id}",           "internal",        "401  404  404  404  200  200  200  200  200  200  200"),
    ("PUT /api/v1/records/{type}/{number}/legal-hold",                 "",                "401  404  403  404  403  403  403  403  403  403  204"),
    ("DELETE /api/v1/records/{type}/{number}/legal-hold",              "",                "401  404  403  404  403  403  403  403  403  403  204"),
    ("POST /api/v1/records/{type}/{number}/reminders/{id}/done",       "",                "401  404  403  404  204  204  204  204  204  403  204"),
    ("GET /api/v1/records/{type}/{number}/links",                      "",                "401  404  200  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/children",                      "",                 "401  404  200  404  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}/{number}/children",                     "preview",          "401  404  403  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/merge",                         "",                 "401  404  403  404  403  403  403  200  200  403  200"),
    ("POST /api/v1/records/{type}/{number}/merge",                        "",                 "401  404  403  404  403  403  403  200  200  403  200"),
    ("POST /api/v1/records/{type}/{number}/split",                        "",                 "401  404  403  404  403  201  201  201  201  403  201"),
    ("GET /api/v1/records/{type}/{number}/flow",                       "",                "401  404  200  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/dispatch",                      "",                 "401  404  403  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/readers",                       "",                 "401  404  403  404  403  403  403  403  403  403  200"),
    ("GET /api/v1/records/{type}/{number}/templates",                     "",                "401  404  403  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/macros",                        "",                "401  404  403  404  200  200  200  200  200  200  200"),
    ("GET /api/v1/records/{type}/{number}/checklists",                    "",                "401  404  403  404  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}/{number}/macros/{key}/preview",         "",                "401  404  403  404  200  200  200  200  200  200  200"),
    ("POST /api/v1/records/{type}/{number}/macros/{key}",                 "",                "401  404  403  404  200  200  200  200  200  403  200"),
    ("GET /api/v1/tasks",                                              "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/tasks/{id}/complete",                               "",                "401  404  403  404  200  403  200  200  200  403  200"),
    ("GET /api/v1/reminders",                                          "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/notices",                                            "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/notices/seen",                                      "",                "401  204  204  204  204  204  204  204  204  204  204"),
    ("GET /api/v1/users",                                              "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/users",                                             "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/users/{id}",                                         "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/users/{id}",                                       "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/users/{id}/sessions",                                     "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("DELETE /api/v1/users/{id}/sessions/{of}",                             "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("GET /api/v1/users/{id}/tokens",                                       "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("DELETE /api/v1/users/{id}/tokens/{of}",                               "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("GET /api/v1/users/{id}/rights",                                       "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("POST /api/v1/users/{id}/sign-out",                                    "nobody's",        "401  403  403  403  403  403  403  403  403  403  404"),
    ("GET /api/v1/access/sessions",                                         "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/access/tokens",                                           "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/audit",                                                   "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/health",                                                  "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("POST /api/v1/dispatch/rehearse",                                      "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/packs/{type}/tables",                                     "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("PUT /api/v1/packs/{type}/tables/{table}",                             "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("POST /api/v1/packs/{type}/tables/{table}/rehearse",                   "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/teams",                                              "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/teams",                                             "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/teams/{key}",                                        "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/teams/{key}",                                      "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/sites",                                              "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/sites",                                             "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/sites/{key}",                                        "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/sites/{key}",                                      "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/services",                                           "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/services",                                          "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/services/{key}",                                     "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/services/{key}",                                   "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/departments",                                             "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/departments",                                            "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/departments/{key}",                                       "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/departments/{key}",                                     "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/skills",                                                  "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/skills",                                                 "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/skills/{key}",                                            "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/skills/{key}",                                          "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/templates",                                             "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/templates",                                            "",                "401  403  403  403  403  403  403  403  201  403  201"),
    ("GET /api/v1/templates/{key}",                                       "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/templates/{key}",                                     "",                "401  403  403  403  403  403  403  403  200  403  200"),
    ("GET /api/v1/macros",                                                "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/macros",                                               "",                "401  403  403  403  403  403  403  403  201  403  201"),
    ("GET /api/v1/macros/{key}",                                          "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/macros/{key}",                                        "",                "401  403  403  403  403  403  403  403  200  403  200"),
    ("GET /api/v1/checklists",                                            "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/checklists",                                           "",                "401  403  403  403  403  403  403  403  201  403  201"),
    ("GET /api/v1/checklists/{key}",                                      "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/checklists/{key}",                                    "",                "401  403  403  403  403  403  403  403  200  403  200"),
    ("GET /api/v1/roles",                                                   "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/roles",                                                  "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/roles/{key}",                                             "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/roles/{key}",                                           "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/grants",                                                  "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/imports",                                                "",                "401  403  403  403  403  403  403  403  403  403  202"),
    ("POST /api/v1/imports/preview",                                        "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/imports/template",                                        "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/settings",                                           "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("PUT /api/v1/settings/{key}",                                     "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/words",                                              "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/categories",                                         "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/categories",                                        "",                "401  403  403  403  403  403  403  403  403  403  201"),
    ("GET /api/v1/categories/{key}",                                   "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/categories/{key}",                                 "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/packs",                                              "",                "401  200  200  200  200  200  200  200  200  200  200"),
    // What is sent is no pack: who may publish is told so.
    ("POST /api/v1/packs",                                             "",                "401  403  403  403  403  403  403  403  403  403  422"),
    ("GET /api/v1/packs/{type}",                                       "",                "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/jobs",                                               "",                "401  403  403  403  403  403  403  403  200  403  200"),
    // No door of this version makes a job that belongs to somebody; an unknown one says the same to all.
    ("GET /api/v1/jobs/{id}",                                          "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("GET /api/v1/jobs/{id}/rows",                                     "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("POST /api/v1/jobs/{id}/cancel",                                  "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("POST /api/v1/jobs/{id}/again",                                   "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("POST /api/v1/jobs/{id}/undo",                                    "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("GET /api/v1/jobs/{id}/file",                                     "unknown",         "401  404  404  404  404  404  404  404  404  404  404"),
    ("GET /api/v1/views",                                              "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/views",                                             "",                "401  403  403  201  201  201  201  201  201  201  201"),
    ("GET /api/v1/views/{id}",                                         "shared",          "401  403  403  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/views/{id}",                                       "shared",          "401  403  403  403  403  403  403  403  200  403  200"),
    ("DELETE /api/v1/views/{id}",                                      "shared",          "401  403  403  403  403  403  403  403  204  403  204"),
    ("GET /api/v1/announcements",                                         "",                 "401  200  200  200  200  200  200  200  200  200  200"),
    ("POST /api/v1/announcements",                                        "",                 "401  403  403  403  403  403  403  201  201  403  201"),
    ("GET /api/v1/announcements/{id}",                                    "",                 "401  200  200  200  200  200  200  200  200  200  200"),
    ("PATCH /api/v1/announcements/{id}",                                  "",                 "401  403  403  403  403  403  403  200  200  403  200"),
    ("POST /api/v1/announcements/{id}/end",                               "",                 "401  403  403  403  403  403  403  200  200  403  200"),
    ("PUT /api/v1/announcements/{id}/affected",                           "",                 "401  204  204  204  204  204  204  204  204  204  204"),
    ("DELETE /api/v1/announcements/{id}/affected",                        "",                 "401  204  204  204  204  204  204  204  204  204  204"),
    ("GET /api/v1/colleagues",                                            "",                 "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/followed",                                              "",                 "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/hints",                                                 "",                 "401  200  200  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/counters",                                           "",                "401  403  403  200  200  200  200  200  200  200  200"),
    ("GET /api/v1/outbox",                                             "",                "401  403  403  403  403  403  403  403  200  403  200"),
    ("POST /api/v1/outbox/{id}/{decision}",                            "drop",            "401  403  403  403  403  403  403  403  403  403  204"),
    // None is archived here; one that is, retention's own test reads and removes.
    ("GET /api/v1/archives",                                           "",                "401  403  403  403  403  403  403  403  403  403  200"),
    ("GET /api/v1/archives/{id}",                                      "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("GET /api/v1/archives/{id}/content",                              "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("DELETE /api/v1/archives/{id}",                                   "unknown",         "401  403  403  403  403  403  403  403  403  403  404"),
    ("GET /api/v1/live",                                               "",                "401  200  200  200  200  200  200  200  200  200  200"),
];

fn every_route_is_classified(house: &House) {
    let present = routes_of_the_api(house);
    let unclassified: Vec<&String> = present.iter().filter(|route| !TABLE.iter().any(|(known, ..)| known == route)).collect();
    assert!(unclassified.is_empty(), "classify these routes in tests/it/access/routes.rs: {unclassified:#?}");
    let gone: Vec<&str> = TABLE.iter().map(|(known, ..)| *known).filter(|known| !present.iter().any(|route| route == known)).collect();
    assert!(gone.is_empty(), "the table has routes that the API has not: {gone:#?}");
}

/// What the walk meets.
struct Scene {
    record: String,
    /// Changed by a job, whenever it comes to it: nothing else may count on its version.
    in_bulk: String,
    public_file: String,
    internal_file: String,
    failed_message: String,
}

fn scene(house: &House) -> Scene {
    let cast = &house.cast;
    let record = house.stand(Stage::L1);
    let file = |visibility: &str| {
        let call = upload(&at(&record, "/attachments"), "a.txt", b"x", Some(visibility));
        cast.agent.send(&call).ok(201)["id"].as_str().unwrap().to_owned()
    };
    let (public_file, internal_file) = (file("public"), file("internal"));
    // A message that waits for a decision: nobody knows whether it left.
    let mail = MailServer::start_without_answers();
    let setting = json!({ "value": { "host": "127.0.0.1", "port": mail.port, "from": "desk@example.org" } });
    cast.admin.send(&Call::new("PUT", "/settings/mail").json(&setting)).ok(200);
    let name = unique("unreachable");
    cast.admin.post("/users", &json!({ "username": name, "email": email(&name) })).ok(201);
    cast.desk.post("/records/incident", &json!({ "title": "t", "requester": name, "channel": "phone" })).ok(201);
    let failed_message = until(s(60), "a message is uncertain", || {
        let list = cast.admin.read("/outbox?state=uncertain&limit=200");
        let found = list["items"].as_array().unwrap().iter().find(|m| m["recipient"].as_str().unwrap().starts_with(&name)).cloned();
        found.map(|message| message["id"].as_str().unwrap().to_owned())
    });
    Scene { record, in_bulk: house.stand(Stage::L1), public_file, internal_file, failed_message }
}

fn every_role_gets_what_the_table_says(house: &House) {
    let scene = scene(house);
    let mut wrong = Vec::new();
    for (route, variant, row) in TABLE {
        for (role, wanted) in statuses(row) {
            let status = ask(house, &scene, route, variant, role);
            if status != wanted {
                wrong.push(format!("{route} {variant} as {role}: {status} instead of {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn ask(house: &House, scene: &Scene, route: &str, variant: &str, role: &str) -> u16 {
    let by = caller(house, role);
    if route == "GET /api/v1/live" {
        return Live::open(&by).status;
    }
    let (by, call) = request(house, scene, route, variant, role, by);
    let (method, template) = route.split_once(' ').unwrap();
    assert_eq!(call.method.as_str(), method, "{route}");
    let (path, template) = (call.path.split('?').next().unwrap().to_owned(), template.strip_prefix("/api/v1").unwrap());
    let fits = path.split('/').count() == template.split('/').count()
        && path.split('/').zip(template.split('/')).all(|(part, wanted)| wanted.starts_with('{') || part == wanted);
    assert!(fits, "the request {path} does not meet the route {template}");
    by.send(&call).status
}

const UNKNOWN: &str = "01890000-0000-7000-8000-000000000000";

/// The request of a row, and who sends it: what only a session can do is done by a new session of the same person.
fn request(house: &House, scene: &Scene, route: &str, variant: &str, role: &str, by: Caller) -> (Caller, Call) {
    let path = route.split_once(' ').unwrap().1.strip_prefix("/api/v1").unwrap();
    if path.ends_with("/claim") {
        return (without_a_team(house, role, by), Call::new("POST", "/records/incident/claim"));
    }
    let call = match (path.split('/').nth(1).unwrap(), variant) {
        ("records", _) => on_record(house, scene, route, variant),
        ("session" | "sessions" | "tokens" | "me" | "info", _) => return about_oneself(house, route, role, by),
        ("outbox", "drop") => Call::new("POST", format!("/outbox/{}/drop", scene.failed_message)),
        ("jobs" | "archives", "unknown") => Call::new(route.split_once(' ').unwrap().0, path.replace("{id}", UNKNOWN)),
        ("imports", _) if route.starts_with("GET") => Call::get("/imports/template?kind=users"),
        ("imports", _) => {
            let file = format!("username\n{}\n", unique("access"));
            let part = |name, content| Part { name, file: (name == "file").then_some("people.csv"), content };
            parts_of(path, &[part("file", file.as_bytes()), part("kind", b"users"), part("dry_run", b"true")])
        }
        ("packs", _) if path.ends_with("/rehearse") => {
            Call::post(path.replace("{type}", "incident").replace("{table}", "dispatch"), &json!({ "rules": [] }))
        }
        ("packs", "unknown") => Call::new("PUT", "/packs/unknown/tables/none").json(&json!({ "rules": [] })).seen(1),
        ("packs", _) if route.starts_with("POST") => Call::post("/packs", &json!({ "files": {} })),
        ("packs", _) => Call::get(path.replace("{type}", "incident")),
        ("tasks", _) => on_tasks(house, route),
        ("notices", _) if route.starts_with("POST") => Call::post("/notices/seen", &json!({})),
        ("notices" | "reminders", _) => Call::get(path.to_owned()),
        ("views", _) => on_views(house, route),
        ("announcements", _) => on_announcements(house, route),
        ("users", "nobody's") => Call::new("POST", format!("/users/{UNKNOWN}/sign-out")),
        ("access" | "audit" | "health", _) => Call::get(path.to_owned()),
        ("dispatch", _) => Call::post("/dispatch/rehearse", &json!({ "type": "incident", "query": { "q": "nothing" } })),
        ("colleagues" | "followed", _) => Call::get(path.to_owned()),
        ("hints", _) => Call::get("/hints?title=access"),
        ("counters", _) => Call::get("/counters"),
        ("settings", _) if route.starts_with("PUT") => crate::harness::set_call(
            &house.cast.admin,
            "working_hours",
            &json!({ "timezone": "Asia/Shanghai", "mon": [["08:30", "17:30"]] }),
        ),
        _ => on_directory(house, route),
    };
    (by, call)
}

fn on_record(house: &House, scene: &Scene, route: &str, variant: &str) -> Call {
    let (method, path) = route.split_once(' ').unwrap();
    let rest = path.strip_prefix("/api/v1/records/{type}").unwrap();
    let rest = rest.strip_prefix("/{number}").unwrap_or(rest);
    let here = |rest: &str| at(&scene.record, rest);
    match (method, rest, variant) {
        ("POST", "", "for oneself") => Call::post("/records/incident", &json!({ "title": "access" })),
        ("POST", "", "and solved at once") => {
            let then = json!({ "action": "resolve", "fields": solved() });
            Call::post("/records/incident", &with(json!({ "title": "access", "then": then }), crate::harness::desktop()))
        }
        ("POST", "", _) => Call::post("/records/incident", &json!({ "title": "access", "requester": "owner" })),
        ("POST", "/bulk", _) => {
            let order = json!({ "numbers": [scene.in_bulk], "action": "comment", "fields": { "body": "x", "visibility": "internal" } });
            Call::post("/records/incident/bulk", &order)
        }
        ("POST", "/export", _) => Call::post("/records/incident/export", &json!({ "query": { "q": "nothing" }, "format": "csv" })),
        ("GET", "", _) if path.ends_with("{type}") => Call::get("/records/incident"),
        ("PATCH", ..) => {
            let version = record(&house.cast.admin, &scene.record)["version"].as_i64().unwrap();
            Call::patch(here(""), &json!({ "title": unique("access") })).seen(version)
        }
        ("PUT", "/presence", _) => Call::new("PUT", here("/presence")).json(&json!({ "typing": false })),
        ("POST", "/actions/{action}/preview", _) => {
            let fields = json!({ "fields": { "body": "x", "visibility": "internal" } });
            Call::post(here("/actions/comment/preview"), &fields)
        }
        ("PUT", "/legal-hold", _) => Call::new("PUT", here("/legal-hold")).json(&json!({ "reason": "court" })),
        ("POST", "/reminders/{id}/done", _) => {
            let set = json!({ "due_at": "2027-01-01T00:00:00Z", "note": "access" });
            let reminders = act(&house.cast.desk, &scene.record, "remind", &set).ok(200)["reminders"].clone();
            let id = reminders.as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
            Call::post(here(&format!("/reminders/{id}/done")), &json!({}))
        }
        ("POST", "/macros/{key}" | "/macros/{key}/preview", _) => {
            let values = json!({ "key": unique("access"), "label": { "en": "Access" }, "type": "incident" });
            let steps = json!({ "steps": [{ "action": "comment", "fields": { "body": "x" } }] });
            let made = house.cast.admin.post("/macros", &with(values, steps)).ok(201);
            let version = record(&house.cast.admin, &scene.record)["version"].as_i64().unwrap();
            Call::new("POST", here(&rest.replace("{key}", made["key"].as_str().unwrap()))).seen(version)
        }
        ("POST", "/comments", _) => Call::post(here("/comments"), &json!({ "body": "x", "visibility": variant })),
        ("POST", "/actions/{action}", action) => action_call(&house.stand(Stage::L1), action, &json!({})),
        ("POST", "/children", _) => {
            Call::post(here("/children"), &json!({ "action": "comment", "fields": { "body": "x" }, "preview": true }))
        }
        ("GET", "/merge", _) => Call::get(here(&format!("/merge?into={}", house.stand(Stage::New)))),
        ("POST", "/merge", _) => Call::post(at(&house.stand(Stage::L1), "/merge"), &json!({ "into": scene.record })),
        ("POST", "/split", _) => Call::post(here("/split"), &json!({ "title": "access" })),
        ("POST", "/attachments", _) => upload(&here("/attachments"), "a.txt", b"x", Some(variant)),
        ("GET", "/attachments/{id}", "public") => Call::get(here(&format!("/attachments/{}", scene.public_file))),
        ("GET", "/attachments/{id}", _) => Call::get(here(&format!("/attachments/{}", scene.internal_file))),
        _ => Call::new(method, here(rest)),
    }
}

/// Somebody new of a role, for whom nothing waits: what others made is not taken from under their feet.
fn without_a_team(house: &House, role: &str, by: Caller) -> Caller {
    let role = match role {
        "anonymous" => return by,
        "stranger" | "owner" => "requester",
        "outsider" => "contractor",
        "idle" => "agent",
        other => other,
    };
    Caller::clone(&house.person("claims", &[role]))
}

/// The manager's list, shared with everybody.
fn on_views(house: &House, route: &str) -> Call {
    let list = json!({ "label": unique("access"), "type": "incident", "shared": null });
    if route.starts_with("POST") {
        return Call::post("/views", &list);
    }
    if !route.contains('{') {
        return Call::get("/views");
    }
    let shared = with(list, json!({ "shared": { "everybody": true } }));
    let made = house.cast.manager.post("/views", &shared).ok(201);
    let one = format!("/views/{}", made["id"].as_str().unwrap());
    match route.split_once(' ').unwrap().0 {
        "GET" => Call::get(one),
        "PATCH" => Call::patch(one, &json!({ "label": unique("access") })).seen(1),
        _ => Call::new("DELETE", one),
    }
}

/// One for everybody that is soon over.
fn on_announcements(house: &House, route: &str) -> Call {
    let words = json!({ "title": { "en": unique("access") }, "until": crate::harness::instant_in(60) });
    if route.starts_with("POST") && !route.contains('{') {
        return Call::post("/announcements", &words);
    }
    if !route.contains('{') {
        return Call::get("/announcements");
    }
    let about = with(words, json!({ "record": if route.ends_with("/affected") { Some(house.stand(Stage::L1)) } else { None } }));
    let made = house.cast.desk.post("/announcements", &about).ok(201);
    let one = format!("/announcements/{}", made["id"].as_str().unwrap());
    match route.split_once(' ').unwrap().0 {
        method if route.ends_with("/affected") => Call::new(method, format!("{one}/affected")),
        "GET" => Call::get(one),
        "PATCH" => Call::patch(one, &json!({ "severity": "warning" })).seen(1),
        _ => Call::new("POST", format!("{one}/end")).seen(1),
    }
}

fn on_tasks(house: &House, route: &str) -> Call {
    if route.starts_with("GET") {
        return Call::get("/tasks");
    }
    let number = house.stand(Stage::L1);
    let id = record(&house.cast.admin, &number)["id"].as_str().unwrap().to_owned();
    let flow = house.cast.admin.read(at(&number, "/flow"));
    let activity = flow["tokens"][0]["activity"].as_i64().unwrap();
    Call::post(format!("/tasks/{id}-{activity}/complete"), &json!({ "outcome": "resolve", "fields": solved() }))
}

fn on_directory(house: &House, route: &str) -> Call {
    let (method, path) = route.split_once(' ').unwrap();
    let kind = path.strip_prefix("/api/v1/").unwrap().split('/').next().unwrap();
    if let Some(rest) = path.strip_prefix("/api/v1/users/{id}/") {
        return Call::new(method, format!("/users/{}/{}", house.cast.owner.id, rest.replace("{of}", UNKNOWN)));
    }
    let fresh = match kind {
        "users" => json!({ "username": unique("access") }),
        _ => json!({ "key": unique("access"), "label": { "zh": "访问", "en": "Access" } }),
    };
    // For no record that is there: whoever works on one meets it nowhere.
    let nowhere = json!({ "type": "incident", "filter": { "field": "title", "op": "eq", "value": "nowhere" } });
    let fresh = match kind {
        "templates" => with(fresh, json!({ "body": { "en": "x" } })),
        "macros" => with(with(fresh, nowhere), json!({ "steps": [{ "action": "accept" }] })),
        "checklists" => with(with(fresh, nowhere), json!({ "activities": ["l1"], "steps": [{ "key": "a", "text": { "en": "x" } }] })),
        _ => fresh,
    };
    if method == "POST" {
        return Call::post(format!("/{kind}"), &fresh);
    }
    if !path.contains('{') {
        return Call::get(format!("/{kind}"));
    }
    let made = house.cast.admin.post(format!("/{kind}"), &fresh).ok(201);
    let one = format!("/{kind}/{}", if kind == "users" { &made["id"] } else { &made["key"] }.as_str().unwrap());
    if method == "GET" { Call::get(one) } else { Call::patch(one, &json!({ "active": false })).seen(1) }
}

fn about_oneself(house: &House, route: &str, role: &str, by: Caller) -> (Caller, Call) {
    let session = || match role {
        "anonymous" => house.nobody(),
        "admin" => Caller::clone(&house.sign_in("admin", crate::harness::ADMIN_PASSWORD)),
        name => Caller::clone(&house.sign_in(name, PASSWORD)),
    };
    let first_of = |by: &Caller, path: &str| {
        let answer = by.get(path);
        let of = |items: &serde_json::Value| items.as_array()?.iter().find(|i| i["current"] == true || i["name"] == "walk").cloned();
        let found = if answer.status == 200 { of(&answer.json()["items"]) } else { None };
        found.map_or_else(|| UNKNOWN.to_owned(), |item| item["id"].as_str().unwrap().to_owned())
    };
    let token = json!({ "name": "walk", "scopes": ["read"] });
    match route.strip_suffix('/').unwrap_or(route) {
        "POST /api/v1/session" => (by, Call::post("/session", &json!({ "username": "stranger", "password": PASSWORD }))),
        "DELETE /api/v1/session" => (session(), Call::new("DELETE", "/session")),
        "DELETE /api/v1/sessions/{id}" => {
            let own = session();
            let id = first_of(&own, "/sessions");
            (own, Call::new("DELETE", format!("/sessions/{id}")))
        }
        "PATCH /api/v1/me" => (by, Call::patch("/me", &json!({ "locale": "en" }))),
        "PATCH /api/v1/me/preferences" => (by, Call::patch("/me/preferences", &json!({ "theme": "dark" }))),
        "POST /api/v1/me/password" => (session(), Call::post("/me/password", &json!({ "old": PASSWORD, "new": "short" }))),
        "POST /api/v1/tokens" => (session(), Call::post("/tokens", &token)),
        "DELETE /api/v1/tokens/{id}" => {
            let own = session();
            if role != "anonymous" {
                own.post("/tokens", &token).ok(201);
            }
            let id = first_of(&own, "/tokens");
            (own, Call::new("DELETE", format!("/tokens/{id}")))
        }
        other => {
            let (method, path) = other.split_once(' ').unwrap();
            (by, Call::new(method, path.strip_prefix("/api/v1").unwrap()))
        }
    }
}

/// Keeps the table honest: it has a column for each role, and no row twice.
#[test]
fn the_table_is_whole() {
    assert!(ROLES.len() >= 8);
    for (n, (route, variant, row)) in TABLE.iter().enumerate() {
        statuses(row);
        assert!(!TABLE[..n].iter().any(|(known, v, _)| known == route && v == variant), "{route} {variant} stands twice");
    }
}
