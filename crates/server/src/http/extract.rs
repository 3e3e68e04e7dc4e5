//! What handlers take from a request: who it is from, its language, its body, its query.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use desk::{Actor, DeskError, Idempotency, Proof};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::{App, body, parameters};

/// Name of the session cookie.
pub const COOKIE: &str = "yuheng_session";

/// The signed-in actor. Writes by cookie must carry the CSRF token and come from our own pages.
pub struct Signed(pub Arc<Actor>);

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = sign_in(parts, app).await?;
        app.parameters.check(parts)?;
        Ok(Self(actor))
    }
}

async fn sign_in(parts: &Parts, app: &App) -> Result<Arc<Actor>, Problem> {
    if let Some(token) = bearer(parts) {
        let actor = app.desk.actor_by_token(token.to_owned()).await?;
        if !parts.method.is_safe() && !actor.has_scope("write") {
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "this token may only read: make one with the scope 'write'"));
        }
        return Ok(actor);
    }
    let Some(cookie) = cookie(parts, COOKIE) else {
        return Err(DeskError::Unauthenticated("send the session cookie or a bearer token").into());
    };
    let actor = app.desk.actor_by_session(cookie.to_owned()).await?;
    if !parts.method.is_safe() {
        check_csrf(parts, app, &actor)?;
    }
    Ok(actor)
}

fn check_csrf(parts: &Parts, app: &App, actor: &Actor) -> Result<(), Problem> {
    check_origin(&parts.headers, app)?;
    let Proof::Session { csrf, .. } = &actor.proof else { return Ok(()) };
    let sent = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if desk::keyring::sha256(sent.as_bytes()).as_slice() == csrf.as_slice() {
        return Ok(());
    }
    let detail = "writes with a session cookie carry the header X-CSRF-Token from the sign-in answer or GET /api/v1/me";
    Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail))
}

/// Refuses what a page of another site sends: a browser names the page's origin, and it must be the public address. Where none
/// was given, it is whatever name the request came to.
pub fn check_origin(headers: &HeaderMap, app: &App) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let by_host = app.config.any_host && origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host));
    if by_host || origin.eq_ignore_ascii_case(origin_of(&app.config.public_url)) {
        return Ok(());
    }
    let detail =
        format!("this request comes from a page of {origin}: open {}, or start the server with that --public-url", app.config.public_url);
    Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail))
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of a cookie.
pub fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let all = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The language of an answer: `Accept-Language` when it names one we have, else the actor's.
#[derive(Clone, Copy)]
pub struct Lang(pub Option<&'static str>);

impl Lang {
    /// The language for this actor.
    pub fn of<'a>(&self, actor: &'a Actor) -> &'a str {
        self.0.unwrap_or_else(|| actor.lang())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let value = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let first = value.split(',').map(|part| part.trim().to_lowercase()).find_map(|part| {
            if part.starts_with("zh") {
                Some("zh")
            } else if part.starts_with("en") {
                Some("en")
            } else {
                None
            }
        });
        Ok(Self(first))
    }
}

/// A JSON body with the digest of its bytes, for idempotency.
pub struct Body<T> {
    /// The parsed body.
    pub value: T,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !is_json(kind) {
            let detail = "send the body as application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", detail));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than this address takes")
            } else {
                Problem::malformed(error.body_text())
            }
        })?;
        let value = body::read(&bytes)?;
        Ok(Self { value, digest: desk::keyring::sha256(&bytes) })
    }
}

/// Whether a media type is JSON: `application/json`, or a kind of it such as `application/merge-patch+json`, whatever its
/// parameters.
fn is_json(kind: &str) -> bool {
    let name = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

/// The query of a request. Which parameters there may be says the API's document: see [`parameters`].
pub struct Query(pub BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut map = BTreeMap::new();
        for (name, value) in parameters::pairs(parts)? {
            if map.insert(name.clone(), value).is_some() {
                return Err(Problem::malformed(format!("the query parameter '{name}' stands twice: separate values with commas")));
            }
        }
        Ok(Self(map))
    }
}

impl Query {
    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(DeskError::not_among(name, other, &["true", "false"]).into()),
        }
    }

    /// A parameter that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `limit`, 1 to 200, 50 when left out.
    pub fn limit(&self) -> Result<i64, Problem> {
        let Some(text) = self.get("limit") else { return Ok(50) };
        let limit = text.parse::<i64>().ok().filter(|n| (1..=200).contains(n));
        limit.ok_or_else(|| DeskError::parameter("limit", text, "format", "write a number from 1 to 200").into())
    }
}

/// The optional `Idempotency-Key` of a write.
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().ok().map(str::trim).filter(|key| !key.is_empty() && key.len() <= 200);
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| Problem::malformed("Idempotency-Key has 1 to 200 ASCII characters"))
    }
}

impl IdempotencyKey {
    /// The same for a write whose address says everything.
    pub fn once_without_body(self, actor: &Actor, method: &Method, path: &str) -> Option<Idempotency> {
        self.once(actor, method, path, desk::keyring::sha256(b""))
    }

    /// What the desk needs to answer a repeat.
    pub fn once(self, actor: &Actor, method: &Method, path: &str, digest: [u8; 32]) -> Option<Idempotency> {
        let key = self.0?;
        Some(Idempotency { user: actor.user.id, route: format!("{method} {path}"), key, body_hash: digest })
    }
}

/// `If-Match` as a version.
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim().trim_start_matches("W/").trim_matches('"');
        let version = text.parse().map_err(|_| Problem::malformed("If-Match carries the ETag of the version you saw, such as \"7\""))?;
        Ok(Self(Some(version)))
    }
}

impl IfMatch {
    /// The version, which writes of this kind must carry.
    pub fn required(&self) -> Result<i64, Problem> {
        self.0.ok_or_else(|| DeskError::Unseen.into())
    }
}

/// The address a request came from.
pub struct Address(pub String);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next());
        let trusted = peer.is_some_and(|ip| app.config.trusted_proxies.contains(&ip));
        let address = match (trusted, forwarded) {
            (true, Some(text)) => text.trim().chars().take(64).collect(),
            _ => peer.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string()),
        };
        Ok(Self(address))
    }
}

/// What stands in the address. What cannot be read names nothing that exists.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        let zero = parts.uri.path().contains("%00");
        match found {
            Ok(axum::extract::Path(value)) if !zero => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) if error.body_text().contains("UTF-8") => {
                Err(Problem::malformed("the address is not UTF-8 text"))
            }
            _ => Err(DeskError::NotFound("what this address names".to_owned()).into()),
        }
    }
}

/// A `multipart/form-data` body.
pub struct Upload(pub axum::extract::Multipart);

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            let detail = "send the file as multipart/form-data, in the part 'file'";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", detail));
        }
        let parts = axum::extract::Multipart::from_request(request, app).await;
        parts.map(Self).map_err(|error| Problem::malformed(error.body_text()))
    }
}
