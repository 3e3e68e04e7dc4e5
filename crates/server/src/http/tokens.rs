//! Tokens for programs: made by their user, shown once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::{DeskError, Proof};
use serde::{Deserialize, Serialize};
use store::session::TokenRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::extract::{Body, Path, Signed};
use super::problem::Problem;
use super::records::cause;
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

/// A token.
#[derive(Serialize, ToSchema)]
struct TokenBody {
    id: String,
    name: String,
    scopes: Vec<String>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
    /// The token itself; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenList {
    items: Vec<TokenBody>,
    next: Option<String>,
}

fn body(row: TokenRow, token: Option<String>) -> TokenBody {
    TokenBody {
        id: row.id.to_string(),
        name: row.name,
        scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
        created_at: time::text(row.created_at),
        expires_at: time::opt(row.expires_at),
        last_used_at: time::opt(row.last_used_at),
        revoked_at: time::opt(row.revoked_at),
        token,
    }
}

impl TokenList {
    /// The tokens of somebody.
    pub(super) fn of(rows: Vec<TokenRow>) -> Self {
        Self { items: rows.into_iter().map(|row| body(row, None)).collect(), next: None }
    }
}

/// Lists one's own tokens
#[utoipa::path(get, path = "/tokens", tag = "session", responses((status = 200, body = TokenList)))]
async fn list_tokens(State(app): State<App>, Signed(actor): Signed) -> Answered {
    let user = actor.user.id;
    let rows = app.desk.query(move |_, sql| Ok(store::session::tokens_of(sql, user)?)).await?;
    Ok(ok(TokenList::of(rows)))
}

/// What a token may do.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes desk::session::SCOPES")]
enum Scope {
    /// Reading.
    Read,
    /// Reading and writing.
    Write,
    /// What the user may administer.
    Admin,
}

/// A token to make.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    /// At least one of `read`, `write` and `admin`.
    #[serde(default)]
    #[schema(required, min_items = 1, value_type = Vec<Scope>)]
    scopes: Vec<String>,
    /// RFC 3339; without it the token lives until it is revoked.
    #[serde(default)]
    expires_at: Option<String>,
}

/// Makes a token for oneself
#[utoipa::path(post, path = "/tokens", tag = "session", request_body(content = NewToken, example = json!({ "name": "monitoring", "scopes": ["read", "write"], "expires_at": "2027-01-01T00:00:00+08:00" })), responses((status = 201, body = TokenBody), (status = 422, body = Problem)))]
async fn create_token(State(app): State<App>, Signed(actor): Signed, request: Body<NewToken>) -> Answered {
    if matches!(actor.proof, Proof::Token { .. }) {
        return Err(DeskError::Forbidden("a token cannot make tokens: sign in".to_owned()).into());
    }
    let new = request.value;
    let expires_at = match &new.expires_at {
        None => None,
        Some(text) => Some(
            chrono::DateTime::parse_from_rfc3339(text)
                .map_err(|_| DeskError::field("/expires_at", "format", "write an instant with offset"))?
                .timestamp_millis(),
        ),
    };
    let cause = cause(&app, &actor);
    let user = actor.user.id;
    let done = app.desk.execute(move |env, sql| {
        let made = desk::session::create_token(env, user, &new.name, &new.scopes, expires_at)?;
        let set = desk::session::token_statements(env, sql.dialect(), &cause, &made.row)?;
        let location = format!("/api/v1/tokens/{}", made.row.id);
        Ok((set, answer(StatusCode::CREATED, &body(made.row, Some(made.text)), None, Some(location))?))
    });
    Ok(respond(done.await?))
}

/// Revokes one of one's own tokens
#[utoipa::path(delete, path = "/tokens/{id}", tag = "session", params(("id" = String, Path, description = "Identity of the token")),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_token(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    let (user, cause) = (actor.user.id, cause(&app, &actor));
    app.desk.execute(move |env, sql| Ok((desk::session::revoke_token(env, sql, &cause, user, id)?, ()))).await?;
    app.desk.announce_ended(user);
    Ok(StatusCode::NO_CONTENT.into_response())
}
