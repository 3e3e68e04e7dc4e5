//! Bodies that come too slowly, or that a handler did not read to their end.
//!
//! A body that makes no progress is given up, and one that is no upload must have come after a while: whoever sends a byte
//! now and then must not hold a connection and a handler for ever.
//!
//! Closing a connection on which data still arrives resets it, and the caller may lose the refusal that was already sent. So
//! what a handler leaves is read and thrown away, within bounds.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep};

use super::App;
use super::problem::Problem;

/// Most bytes that are thrown away.
const MOST: usize = 32 * 1024 * 1024;
/// Longest time that this takes.
const LONGEST: Duration = Duration::from_secs(10);

/// Sees to it that the body is read to its end, whatever the handler does, and given up when it comes too slowly.
pub async fn read_to_end(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let patience = Patience {
        still: app.config.body_timeout,
        whole: (!is_upload(&request)).then(|| (app.config.whole_body_timeout, Instant::now() + app.config.whole_body_timeout)),
    };
    let given_up = Arc::new(OnceLock::new());
    let request = request.map(|body| {
        let rest = Rest { body: Some(body.into_data_stream()), patience, alarm: None, given_up: Arc::clone(&given_up) };
        Body::from_stream(rest)
    });
    let response = next.run(request).await;
    let Some(detail) = given_up.get() else { return response };
    // Whatever the handler made of half a body: the reason is this one.
    let mut response = Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Files are large and lines are slow: what moves goes on. Every other body is small.
fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

/// How long a body is waited for.
#[derive(Clone, Copy)]
struct Patience {
    /// With nothing coming.
    still: Duration,
    /// In all, and until when that is; none for an upload.
    whole: Option<(Duration, Instant)>,
}

impl Patience {
    /// When it ends if nothing more comes.
    fn end(&self) -> Instant {
        let still = Instant::now() + self.still;
        self.whole.map_or(still, |(_, end)| end.min(still))
    }

    /// What the sender is told when it has ended.
    fn words(&self) -> String {
        match self.whole {
            Some((whole, end)) if end <= Instant::now() => format!("the body had not come after {} s: send it faster", whole.as_secs()),
            _ => format!("no more of the body came for {} s: send it again", self.still.as_secs()),
        }
    }
}

/// A body whose rest is read when it is dropped.
struct Rest {
    /// None after its end, after an error, and when it was given up.
    body: Option<BodyDataStream>,
    patience: Patience,
    /// Rings when patience is at its end.
    alarm: Option<Pin<Box<Sleep>>>,
    /// Why it was given up.
    given_up: Arc<OnceLock<String>>,
}

impl Rest {
    /// Whether patience is at its end.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let patience = self.patience;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(patience.end())));
        alarm.as_mut().poll(context).is_ready()
    }
}

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = self.body.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(stream).poll_next(context);
        if polled.is_pending() {
            if !self.is_over(context) {
                return Poll::Pending;
            }
            self.body = None;
            let words = self.patience.words();
            let error = std::io::Error::new(std::io::ErrorKind::TimedOut, words.clone());
            // Once only: after it there is no body.
            let _ = self.given_up.set(words);
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let next = self.patience.end();
        if let Some(alarm) = &mut self.alarm {
            alarm.as_mut().reset(next);
        }
        // After its end or an error there is no rest.
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let (Some(mut stream), Ok(runtime)) = (self.body.take(), tokio::runtime::Handle::try_current()) else { return };
        runtime.spawn(tokio::time::timeout(LONGEST, async move {
            let mut read = 0;
            while let Some(Ok(chunk)) = stream.next().await {
                read += chunk.len();
                if read > MOST {
                    break;
                }
            }
        }));
    }
}
