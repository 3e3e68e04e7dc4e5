//! Live updates: topic, identity and version over server-sent events, never content.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use desk::{Actor, Desk, DeskError, LiveEvent};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::extract::Signed;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// How often a stream makes sure that its session still lives.
const RECHECK: Duration = Duration::from_secs(30);

/// Follows what changes, as server-sent events
///
/// `data: {"topic": "record", "id": …, "version": …}` for records the caller may see; `event: reset` when events were missed.
#[utoipa::path(get, path = "/live", tag = "system", responses((status = 200, description = "text/event-stream")))]
async fn follow(State(app): State<App>, Signed(actor): Signed) -> Response {
    let state = Stream { events: app.desk.live(), desk: app.desk.clone(), actor, began: false };
    let stream = futures_util::stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

struct Stream {
    events: Receiver<LiveEvent>,
    desk: Desk,
    actor: std::sync::Arc<Actor>,
    began: bool,
}

impl Stream {
    /// The next event for this actor; `None` ends the stream because the session or the account has ended.
    async fn next(&mut self) -> Option<Event> {
        if !self.began {
            self.began = true;
            return Some(Event::default().event("hello").data("{}"));
        }
        loop {
            let event = match tokio::time::timeout(RECHECK, self.events.recv()).await {
                Err(_) => {
                    if self.is_over().await {
                        return None;
                    }
                    continue;
                }
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Err(RecvError::Lagged(_))) => return Some(Event::default().event("reset").data("{}")),
                Ok(Ok(event)) => event,
            };
            match event.topic.as_str() {
                "session" | "user" if event.id == self.actor.user.id && self.is_over().await => return None,
                "record" if self.may_see(event.id).await => {
                    let data = serde_json::to_string(&event).unwrap_or_default();
                    return Some(Event::default().data(data));
                }
                _ => {}
            }
        }
    }

    async fn is_over(&self) -> bool {
        let (user, proof, now) = (self.actor.user.id, self.actor.proof.clone(), self.desk.world().now());
        let alive = self.desk.query(move |_, sql| {
            let user = store::user::find(sql, user)?.filter(|user| user.is_alive(now));
            let Some(user) = user else { return Ok(false) };
            Ok(match proof {
                desk::Proof::Session { id, .. } => store::session::of_user(sql, user.id)?.iter().any(|session| session.id == id),
                desk::Proof::Token { id, .. } => {
                    store::session::tokens_of(sql, user.id)?.iter().any(|t| t.id == id && t.revoked_at.is_none())
                }
            })
        });
        !alive.await.unwrap_or(true)
    }

    async fn may_see(&self, record: uuid::Uuid) -> bool {
        let actor = std::sync::Arc::clone(&self.actor);
        let target = desk::record::read::Target::Id(record);
        let seen = self.desk.query(move |env, sql| match desk::record::find(env, sql, &actor, &target) {
            Ok(_) => Ok(true),
            Err(DeskError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        });
        seen.await.unwrap_or(false)
    }
}
