//! Sessions and tokens of a person, for those who maintain accounts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::{Actor, DeskError, grant};
use serde::Deserialize;
use store::Sql;
use store::user::UserRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::extract::{Path, Signed};
use crate::http::problem::Problem;
use crate::http::records::cause;
use crate::http::{session, tokens};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_user_sessions))
        .routes(routes!(delete_user_session))
        .routes(routes!(list_user_tokens))
        .routes(routes!(delete_user_token))
        .routes(routes!(sign_out_user))
}

/// The account, if the actor may decide about it.
fn account(env: &desk::Env, sql: &mut dyn Sql, actor: &Actor, id: &str) -> Result<UserRow, DeskError> {
    actor.require("user.write")?;
    let user = super::find(sql, id)?;
    grant::require_account(actor, &env.directory, Some(&user), &serde_json::Map::new())?;
    Ok(user)
}

/// Lists the sessions of a person
#[utoipa::path(get, path = "/users/{id}/sessions", tag = "organisation", params(("id" = String, Path, description = "Id or username")),
    responses((status = 200, body = session::SessionList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_user_sessions(State(app): State<App>, Signed(actor): Signed, Path(id): Path<String>) -> Answered {
    let rows = app.desk.query(move |env, sql| {
        let user = account(env, sql, &actor, &id)?;
        Ok(store::session::of_user(sql, user.id)?)
    });
    Ok(ok(session::SessionList::of(rows.await?, None)))
}

/// Address of something of a person.
#[derive(Deserialize)]
struct OfUser {
    id: String,
    of: Uuid,
}

/// Ends a session of a person
#[utoipa::path(delete, path = "/users/{id}/sessions/{of}", tag = "organisation",
    params(("id" = String, Path, description = "Id or username"), ("of" = String, Path, description = "Identity of the session")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_user_session(State(app): State<App>, Signed(actor): Signed, Path(OfUser { id, of }): Path<OfUser>) -> Answered {
    let cause = cause(&app, &actor);
    let done = app.desk.execute(move |env, sql| {
        let user = account(env, sql, &actor, &id)?;
        if !store::session::is_of(sql, user.id, of)? {
            return Err(DeskError::NotFound(format!("session '{of}'")));
        }
        Ok((desk::session::end_session(env, sql, &cause, &user, of)?, user.id))
    });
    app.desk.announce_ended(done.await?);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends all sessions of a person and revokes all tokens
#[utoipa::path(post, path = "/users/{id}/sign-out", tag = "organisation", params(("id" = String, Path, description = "Id or username")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn sign_out_user(State(app): State<App>, Signed(actor): Signed, Path(id): Path<String>) -> Answered {
    let cause = cause(&app, &actor);
    let done = app.desk.execute(move |env, sql| {
        let user = account(env, sql, &actor, &id)?;
        Ok((desk::session::sign_out(env, sql, &cause, &user)?, user.id))
    });
    app.desk.announce_ended(done.await?);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lists the tokens of a person
#[utoipa::path(get, path = "/users/{id}/tokens", tag = "organisation", params(("id" = String, Path, description = "Id or username")),
    responses((status = 200, body = tokens::TokenList), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_user_tokens(State(app): State<App>, Signed(actor): Signed, Path(id): Path<String>) -> Answered {
    let rows = app.desk.query(move |env, sql| {
        let user = account(env, sql, &actor, &id)?;
        Ok(store::session::tokens_of(sql, user.id)?)
    });
    Ok(ok(tokens::TokenList::of(rows.await?)))
}

/// Revokes a token of a person
#[utoipa::path(delete, path = "/users/{id}/tokens/{of}", tag = "organisation",
    params(("id" = String, Path, description = "Id or username"), ("of" = String, Path, description = "Identity of the token")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_user_token(State(app): State<App>, Signed(actor): Signed, Path(OfUser { id, of }): Path<OfUser>) -> Answered {
    let cause = cause(&app, &actor);
    let done = app.desk.execute(move |env, sql| {
        let user = account(env, sql, &actor, &id)?;
        Ok((desk::session::revoke_token(env, sql, &cause, user.id, of)?, user.id))
    });
    app.desk.announce_ended(done.await?);
    Ok(StatusCode::NO_CONTENT.into_response())
}
