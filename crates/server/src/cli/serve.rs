//! `yuheng serve`

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use desk::mode::Mode;
use desk::{setup, worker};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::data::{Place, open_desk};
use super::{Outcome, Where, control};
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
    /// Proxies whose X-Forwarded-For is believed
    #[arg(long, value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// Fill an empty system with an invented organisation
    #[arg(long)]
    demo: bool,
}

/// How long requests in flight, and then workers, may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT.
pub async fn run(serve: Serve) -> Outcome {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YUHENG_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let place = Place::lock(&serve.place)?;
    let public_url = serve.public_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
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
    let listener = TcpListener::bind(serve.listen).await.map_err(|error| format!("cannot listen on {}: {error}", serve.listen))?;
    let config = Config { public_url: public_url.clone(), trusted_proxies: serve.trusted_proxy, demo: serve.demo };
    let app = App::new(desk.clone(), config, metrics);
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    if let Some(password) = first.admin_password {
        println!("first administrator: {} / {password} (shown once; change it after signing in)", setup::ADMIN);
    }
    println!("Yuheng 玉衡 is ready: {public_url}");
    let gate = desk.gate().clone();
    let mut ending = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = ending.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(async move { server.await });
    wait_for_signal().await?;
    tracing::info!("stopping");
    gate.set(Mode::Draining);
    stop.send_replace(true);
    // Live streams never end by themselves: after the grace they are cut.
    if tokio::time::timeout(GRACE, server).await.is_err() {
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
    Ok(ExitCode::SUCCESS)
}

async fn wait_for_signal() -> std::io::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
