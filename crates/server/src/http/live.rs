//! Live updates: topic, identity and version over server-sent events, never content.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use desk::{Actor, Desk, DeskError, LiveEvent, settings};
use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::extract::Signed;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// How often a stream makes sure that its session still lives.
const RECHECK: Duration = Duration::from_secs(30);

/// Follows what changes, as server-sent events
///
/// `data: {"topic": "record", "id": …, "version": …}` for records the caller may see, `"topic": "announcement"` when announcements are to
/// be read anew; `event: reset` when events were missed.
#[utoipa::path(get, path = "/live", tag = "system", responses((status = 200, description = "text/event-stream")))]
async fn follow(State(app): State<App>, Signed(actor): Signed) -> Response {
    let state = Stream { events: app.desk.live(), desk: app.desk.clone(), actor, epoch: None, checked: Instant::now(), began: false };
    let stream = futures_util::stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response();
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Tells the listener to read anew what it shows.
fn reset() -> Event {
    Event::default().event("reset").data("{}")
}

struct Stream {
    events: Receiver<LiveEvent>,
    desk: Desk,
    actor: Arc<Actor>,
    /// The directory's epoch as of which `actor` is known at least: teams and roles are of that moment or a later one. None until
    /// the first look: what changed between the sign-in of the request and the stream's beginning must not be missed.
    epoch: Option<i64>,
    /// When the session or token was last seen to live.
    checked: Instant,
    began: bool,
}

/// What a listener may know of an event.
enum Sight {
    /// With the version that they know.
    Told(i64),
    Hidden,
    /// The directory has moved on: who the actor is must be found out anew first.
    Behind,
    /// The database did not answer.
    Unknown,
}

impl Stream {
    /// The next event for this actor; `None` ends the stream because the session, the token or the account has ended.
    async fn next(&mut self) -> Option<Event> {
        if !self.began {
            self.began = true;
            return Some(Event::default().event("hello").data("{}"));
        }
        loop {
            let received = tokio::time::timeout_at(self.checked + RECHECK, self.events.recv()).await;
            if self.checked.elapsed() >= RECHECK {
                self.check().await?;
            }
            let event = match received {
                Err(_) => continue,
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Err(RecvError::Lagged(_))) => {
                    // What was missed may have been the end of the session, too.
                    self.check().await?;
                    return Some(reset());
                }
                Ok(Ok(event)) => event,
            };
            match event.topic.as_str() {
                "session" | "user" if event.id == self.actor.user.id => self.check().await?,
                // What everything is called may be another word now: all that was read is to be read again.
                "reset" | "pack" | "category" => return Some(reset()),
                "setting" if self.is_seen_by_all(&event) => return Some(reset()),
                // That there is something for them; what it is they ask for.
                "notice" if event.id == self.actor.user.id => {
                    return Some(Event::default().data(serde_json::to_string(&event).unwrap_or_default()));
                }
                // Everybody asks anew: whether it was for them, now or before, is not to be told by which one it was.
                "announcement" => {
                    let event = LiveEvent { id: Uuid::nil(), version: 0, ..event };
                    return Some(Event::default().data(serde_json::to_string(&event).unwrap_or_default()));
                }
                "record" => match self.sight(&event).await? {
                    Sight::Told(version) => {
                        let event = LiveEvent { version, ..event };
                        return Some(Event::default().data(serde_json::to_string(&event).unwrap_or_default()));
                    }
                    Sight::Hidden => {}
                    // Nobody knows whether the reader may know of it: that something was missed, they may.
                    Sight::Behind | Sight::Unknown => return Some(reset()),
                },
                _ => {}
            }
        }
    }

    /// Whether pages of everybody show what this setting says.
    fn is_seen_by_all(&self, event: &LiveEvent) -> bool {
        let env = self.desk.env();
        env.directory.get(event.id).is_none_or(|item| settings::find(&item.key).is_ok_and(|setting| setting.shown))
    }

    /// Finds out anew who listens; `None` when nobody may any more. A database that does not answer ends nobody's stream.
    async fn check(&mut self) -> Option<()> {
        // Before the actor: what changes in between makes the next look find them behind.
        let epoch = self.desk.env().directory.epoch;
        match self.desk.actor_again(&self.actor).await {
            Ok(actor) => {
                self.actor = actor;
                self.epoch = Some(epoch);
            }
            Err(DeskError::Unauthenticated(_)) => return None,
            Err(error) => tracing::warn!(%error, "cannot tell whether a listener's session still lives"),
        }
        self.checked = Instant::now();
        Some(())
    }

    async fn sight(&mut self, event: &LiveEvent) -> Option<Sight> {
        // A change of the directory meanwhile makes a second look necessary.
        for _ in 0..3 {
            match self.look(event).await {
                Sight::Behind => self.check().await?,
                sight => return Some(sight),
            }
        }
        Some(Sight::Behind)
    }

    async fn look(&self, event: &LiveEvent) -> Sight {
        let (actor, epoch) = (Arc::clone(&self.actor), self.epoch);
        let target = desk::record::read::Target::Id(event.id);
        let (version, internal) = (event.version, event.internal);
        let seen = self.desk.query(move |env, sql| {
            if Some(store::directory::epoch(sql)?) != epoch {
                return Ok(Sight::Behind);
            }
            match desk::record::find(env, sql, &actor, &target) {
                Ok(loaded) if loaded.allows(env, &actor, "read_internal") => Ok(Sight::Told(version)),
                Ok(_) if internal => Ok(Sight::Hidden),
                Ok(loaded) => Ok(Sight::Told(loaded.row.public_version)),
                Err(DeskError::NotFound(_)) => Ok(Sight::Hidden),
                Err(error) => Err(error),
            }
        });
        seen.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot tell whether a listener may know of a record");
            Sight::Unknown
        })
    }
}
