//! Bodies that a handler did not read to their end.
//!
//! Closing a connection on which data still arrives resets it, and the caller may lose the refusal that was already sent. So
//! the rest is read and thrown away meanwhile, within bounds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt};

/// Most bytes that are thrown away.
const MOST: usize = 32 * 1024 * 1024;
/// Longest time that this takes.
const LONGEST: Duration = Duration::from_secs(10);

/// Sees to it that the body is read to its end, whatever the handler does.
pub async fn read_to_end(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let request = request.map(|body| Body::from_stream(Rest(Some(body.into_data_stream()))));
    next.run(request).await
}

/// A body whose rest is read when it is dropped.
struct Rest(Option<BodyDataStream>);

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = self.0.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(stream).poll_next(context);
        // After its end or an error there is no rest.
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.0 = None;
        }
        polled
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let (Some(mut stream), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) else { return };
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
