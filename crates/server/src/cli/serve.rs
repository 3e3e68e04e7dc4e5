//! `yuheng serve`

use std::io::IsTerminal;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use desk::{setup, worker};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::data::{Place, open_desk};
use super::edge::{self, Limits, Served};
use super::{Outcome, Where, control, tls};
use crate::http::{App, Config, router};

/// Start the server.
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    place: Where,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", env = "YUHENG_LISTEN")]
    listen: SocketAddr,
    /// Address under which people reach it; the listening address when left out
    #[arg(long, env = "YUHENG_PUBLIC_URL")]
    public_url: Option<String>,
    /// Certificate chain in PEM: with it the server speaks HTTPS itself
    #[arg(long, env = "YUHENG_TLS_CERT", requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Its key in PEM
    #[arg(long, env = "YUHENG_TLS_KEY", requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For is believed
    #[arg(long, value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    #[command(flatten)]
    limits: Limits,
    /// Fill an empty system with an invented organisation
    #[arg(long)]
    demo: bool,
}

/// How long requests in flight, and then workers, may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT.
pub async fn run(serve: Serve) -> Outcome {
    keep_log();
    let metrics = PrometheusBuilder::new().install_recorder()?;
    // Wrong files are told before anything is opened.
    let tls = serve.tls_cert.as_deref().zip(serve.tls_key.as_deref()).map(|(cert, key)| tls::config(cert, key)).transpose()?;
    let place = Place::lock(&serve.place)?;
    // The port is ours before anything is begun, and answers when all of it is ready.
    let socket = bind(serve.listen).map_err(|error| format!("cannot listen on {}: {error}", serve.listen))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let public_url = serve.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", serve.listen));
    let desk = open_desk(&place, &public_url).await?;
    let password = std::env::var("YUHENG_ADMIN_PASSWORD").ok();
    let first = setup::run(&desk, password.as_deref()).await?;
    if serve.demo {
        desk::demo::fill(&desk).await?;
    }
    let (stop, stopped) = watch::channel(false);
    if let Err(error) = worker::take_over(&desk).await {
        tracing::warn!(%error, "what the process before had in its hands waits for the end of its leases");
    }
    let workers = worker::start(&desk, &stopped);
    let control = control::listen(desk.clone(), &place)?;
    let listener = socket.listen(1024).map_err(|error| format!("cannot listen on {}: {error}", serve.listen))?;
    let config = Config {
        public_url: public_url.clone(),
        any_host: serve.public_url.is_none(),
        trusted_proxies: serve.trusted_proxy.clone(),
        demo: serve.demo,
        tls: tls.is_some(),
        body_timeout: serve.limits.body_timeout,
        whole_body_timeout: serve.limits.whole_body_timeout,
    };
    let router = router(App::new(desk.clone(), config, metrics));
    if let Some(password) = first.admin_password {
        println!("first administrator: {} / {password} (shown once; change it after signing in)", setup::ADMIN);
    }
    println!("Yuheng 玉衡 is ready: {public_url}");
    let gate = desk.gate().clone();
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    let served = Served { router, tls, limits: serve.limits, trusted_proxies: serve.trusted_proxy.into() };
    let server = tokio::spawn(edge::serve(listener, served, stopped));
    wait_for_signal().await?;
    tracing::info!("stopping");
    gate.drain();
    stop.send_replace(true);
    wind_down(server, control, workers).await;
    if let Err(error) = worker::leave(&desk).await {
        tracing::warn!(%error, "the other nodes will think that this one has died");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what happens to standard error.
fn keep_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YUHENG_LOG").unwrap_or_else(|_| "info".into());
    // Colours only for eyes: a log file would hold their codes.
    let ansi = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(ansi).with_writer(std::io::stderr).init();
}

/// Waits for what has been told to stop, for as long as the grace.
async fn wind_down(mut server: JoinHandle<()>, control: JoinHandle<()>, workers: Vec<JoinHandle<()>>) {
    // Live streams never end by themselves: after the grace they are cut.
    if tokio::time::timeout(GRACE, &mut server).await.is_err() {
        server.abort();
        tracing::info!("open connections were cut");
    }
    control.abort();
    // What a worker has in its hands it finishes: a mail that is cut off would be of unknown fate.
    let end = tokio::time::Instant::now() + GRACE;
    for mut task in workers {
        if tokio::time::timeout_at(end, &mut task).await.is_err() {
            task.abort();
        }
    }
}

/// Takes the address for this process; connections are taken when it listens.
fn bind(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that starts again need not wait for connections of the one before; one that listens still keeps its port.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn wait_for_signal() -> std::io::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
