//! The edge: connections are taken and served within limits, so that nobody who is slow, idle or many keeps others out.
//!
//! What never ends of itself stays possible: a live stream sends from our side, an upload may take hours as long as it moves.

mod shares;
mod stall;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use clap::Args;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use shares::{Share, Shares};
use stall::Stall;

/// How long and how many.
#[derive(Args, Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections at the same time; more wait until one ends. A browser with live updates holds one
    #[arg(long, env = "YUHENG_MAX_CONNECTIONS", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// Open connections of one address at the same time; more are closed at once. Trusted proxies have no such limit. A quarter of
    /// all when left out, but no less than 64
    #[arg(long, env = "YUHENG_MAX_CONNECTIONS_PER_ADDRESS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections_per_address: Option<u32>,
    /// Seconds from accepting a connection until its first request has come
    #[arg(long, env = "YUHENG_HEADER_TIMEOUT", default_value = "20", value_parser = seconds, hide = true)]
    header_timeout: Duration,
    /// Seconds a connection may be idle, or take for the head of a later request
    #[arg(long, env = "YUHENG_IDLE_TIMEOUT", default_value = "75", value_parser = seconds, hide = true)]
    idle_timeout: Duration,
    /// Seconds a body may make no progress
    #[arg(long, env = "YUHENG_BODY_TIMEOUT", default_value = "30", value_parser = seconds, hide = true)]
    pub body_timeout: Duration,
    /// Seconds in which a body that is no upload must have come
    #[arg(long, env = "YUHENG_WHOLE_BODY_TIMEOUT", default_value = "120", value_parser = seconds, hide = true)]
    pub whole_body_timeout: Duration,
    /// Seconds in which nobody need take anything of an answer
    #[arg(long, env = "YUHENG_WRITE_TIMEOUT", default_value = "60", value_parser = seconds, hide = true)]
    write_timeout: Duration,
}

impl Limits {
    /// Connections that one address may have.
    fn share(&self) -> usize {
        self.max_connections_per_address.unwrap_or_else(|| (self.max_connections / 4).max(64)) as usize
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().filter(|n| (1..=86_400).contains(n));
    seconds.map(Duration::from_secs).ok_or_else(|| "write a number of seconds from 1 to 86400".to_owned())
}

/// What is served, and how.
#[derive(Clone)]
pub struct Served {
    /// The application.
    pub router: Router,
    /// Keys and certificate, where this process encrypts itself.
    pub tls: Option<TlsAcceptor>,
    /// How long and how many.
    pub limits: Limits,
    /// Proxies, whose connections are those of everybody behind them.
    pub trusted_proxies: Arc<[IpAddr]>,
}

/// Serves what comes in until `stop` becomes true, then ends each connection after the request that it carries.
pub async fn serve(listener: TcpListener, served: Served, mut stop: watch::Receiver<bool>) {
    let limits = served.limits;
    let room = Arc::new(Semaphore::new(limits.max_connections as usize));
    let shares = Shares::new(limits.share(), &served.trusted_proxies);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, peer, place) = match accepted {
            Ok(Some(accepted)) => accepted,
            Ok(None) => break,
            Err(error) => {
                // Such as too many open files: that ends when others have.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Some(share) = shares.take(peer.ip()) else {
            metrics::counter!("yuheng_connections_refused_total").increment(1);
            tracing::debug!(%peer, "this address has all the connections that it may have");
            continue;
        };
        let deadline = Instant::now() + limits.header_timeout;
        let stream = Stall::new(stream, limits.write_timeout);
        connections.spawn(carry(stream, peer, deadline, served.clone(), stop.clone(), (place, share)));
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> std::io::Result<Option<Accepted>> {
    let Ok(place) = Arc::clone(room).acquire_owned().await else { return Ok(None) };
    let (stream, peer) = listener.accept().await?;
    // Answers are small: each leaves at once.
    stream.set_nodelay(true)?;
    Ok(Some((stream, peer, place)))
}

/// Carries one connection to its end, from the agreement on keys on, where there is one. Its first request comes before the deadline.
async fn carry(
    stream: Stall<TcpStream>,
    peer: SocketAddr,
    deadline: Instant,
    served: Served,
    mut stop: watch::Receiver<bool>,
    _place: (OwnedSemaphorePermit, Share),
) {
    let Served { router, tls, limits, .. } = served;
    let Some(tls) = tls else { return converse(stream, peer, deadline, router, limits, stop).await };
    let agreed = tokio::select! {
        agreed = tokio::time::timeout_at(deadline, tls.accept(stream)) => agreed,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    match agreed {
        Ok(Ok(stream)) => converse(stream, peer, deadline, router, limits, stop).await,
        Ok(Err(error)) => tracing::debug!(%error, "no agreement on keys"),
        Err(_) => tracing::debug!("no agreement on keys in time"),
    }
}

/// Serves one connection on which requests can be read.
async fn converse<S>(stream: S, peer: SocketAddr, deadline: Instant, router: Router, limits: Limits, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        noted.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle_timeout)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let first = tokio::time::sleep_until(deadline);
    tokio::pin!(first);
    let (mut waits, mut ending) = (true, false);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended");
                }
                return;
            }
            () = first.as_mut(), if waits => {
                waits = false;
                if !asked.load(Ordering::Relaxed) {
                    tracing::debug!(%peer, "no request came in time");
                    return;
                }
            }
            _ = stop.wait_for(|stop| *stop), if !ending => {
                ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
