//! Bodies that come too slowly, or that a handler did not read to their end.
//!
//! A body that makes no progress is given up: whoever sends it must not hold a connection and a handler for ever. Closing a connection on which data still arrives resets it, and the caller may lose the refusal that was already sent. So
//! the rest is read and thrown away meanwhile, within bounds.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Sees to it that the body is read to its end, whatever the handler does, and given up when it makes no progress.
pub async fn read_to_end(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let stalled = Arc::new(AtomicBool::new(false));
    let patience = app.config.body_timeout;
    let request = request.map(|body| {
        let rest = Rest { body: Some(body.into_data_stream()), patience, alarm: None, stalled: Arc::clone(&stalled) };
        Body::from_stream(rest)
    });
    let response = next.run(request).await;
    if !stalled.load(Ordering::Relaxed) {
        return response;
    }
    // Whatever the handler made of half a body: the reason is this one.
    let detail = format!("no more of the body came for {} s: send it again", patience.as_secs());
    let mut response = Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body whose rest is read when it is dropped.
struct Rest {
    /// None after its end, after an error, and when it was given up.
    body: Option<BodyDataStream>,
    patience: Duration,
    /// Rings when nothing has come for as long as patience lasts.
    alarm: Option<Pin<Box<Sleep>>>,
    stalled: Arc<AtomicBool>,
}

impl Rest {
    /// Whether patience is at its end.
    fn is_stalled(&mut self, context: &mut Context<'_>) -> bool {
        let patience = self.patience;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        alarm.as_mut().poll(context).is_ready()
    }
}

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = self.body.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(stream).poll_next(context);
        if polled.is_pending() {
            if !self.is_stalled(context) {
                return Poll::Pending;
            }
            self.body = None;
            self.stalled.store(true, Ordering::Relaxed);
            let error = std::io::Error::new(std::io::ErrorKind::TimedOut, "the body makes no progress");
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let next = Instant::now() + self.patience;
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
