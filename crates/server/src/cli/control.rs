//! Commands on a data folder: done here when it is free, else by the server that has it, over a local socket.
//!
//! The socket lies in the data folder, which only its owner may enter; whoever can reach it could read the database too.

use std::process::ExitCode;

use desk::{Desk, DeskError};
use serde::{Deserialize, Serialize};
use store::StoreError;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use super::admin::{self, Task};
use super::data::{Place, open_desk};
use super::{Outcome, Where};

/// What the server says back, a line each.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Line(String),
    Error(String),
    Exit(u8),
}

/// Does a task here, or lets the running server do it.
pub async fn run(place: &Where, task: Task) -> Outcome {
    if !place.data.is_dir() && place.database.is_none() {
        // A name written wrong must not become a folder, and its emptiness no good news.
        return Err(format!("there is no data folder {}: name it with --data", place.data.display()).into());
    }
    match Place::lock(place) {
        Ok(locked) => here(&locked, task).await,
        Err(DeskError::Store(StoreError::Locked(_))) => there(place, &task).await,
        Err(error) => Err(error.into()),
    }
}

async fn here(locked: &Place, task: Task) -> Outcome {
    locked.must_have_data()?;
    let desk = open_desk(locked, "http://127.0.0.1:8080").await?;
    let (lines, printed) = mpsc::channel::<String>(64);
    let printer = print(printed);
    let outcome = admin::run(&desk, task, lines).await;
    printer.await?;
    Ok(ExitCode::from(outcome?))
}

/// Prints lines as they come.
pub fn print(mut printed: mpsc::Receiver<String>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(line) = printed.recv().await {
            println!("{line}");
        }
    })
}

async fn there(place: &Where, task: &Task) -> Outcome {
    let socket = Place::socket(&place.data);
    let stream =
        UnixStream::connect(&socket).await.map_err(|error| format!("another process has the data folder but does not answer: {error}"))?;
    let (read, mut write) = stream.into_split();
    write.write_all(format!("{}\n", serde_json::to_string(task)?).as_bytes()).await?;
    let mut lines = BufReader::new(read).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Reply::Line(text) => println!("{text}"),
            Reply::Error(text) => return Err(text.into()),
            Reply::Exit(code) => return Ok(ExitCode::from(code)),
        }
    }
    Err("the server ended before the task was done".into())
}

/// Listens for tasks beside the running server.
pub fn listen(desk: Desk, place: &Place) -> Result<tokio::task::JoinHandle<()>, DeskError> {
    let path = Place::socket(&place.folder);
    // Ours is the only process on this folder, so an old socket is a dead server's.
    if path.exists() {
        std::fs::remove_file(&path).map_err(|error| DeskError::outside("remove the old control socket", error))?;
    }
    let listener = UnixListener::bind(&path).map_err(|error| DeskError::outside("open the control socket", error))?;
    Ok(tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let desk = desk.clone();
                    tokio::spawn(async move {
                        if let Err(error) = serve(desk, stream).await {
                            tracing::warn!(%error, "control socket");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "control socket");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    }))
}

async fn serve(desk: Desk, stream: UnixStream) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (read, mut write) = stream.into_split();
    let Some(line) = BufReader::new(read).lines().next_line().await? else { return Ok(()) };
    let task: Task = serde_json::from_str(&line)?;
    let (lines, mut printed) = mpsc::channel::<String>(64);
    let work = tokio::spawn(async move { admin::run(&desk, task, lines).await });
    while let Some(line) = printed.recv().await {
        write.write_all(format!("{}\n", serde_json::to_string(&Reply::Line(line))?).as_bytes()).await?;
    }
    let reply = match work.await? {
        Ok(code) => Reply::Exit(code),
        Err(error) => Reply::Error(error.to_string()),
    };
    write.write_all(format!("{}\n", serde_json::to_string(&reply)?).as_bytes()).await?;
    Ok(())
}
