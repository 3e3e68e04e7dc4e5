//! What an operator asks of a data folder, with or without a running server.

use std::path::PathBuf;

use desk::backup::{self, Passphrase};
use desk::journal::Cause;
use desk::{Desk, DeskError};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Sender;

/// A task.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Make a token.
    Token {
        /// Username it is for.
        user: String,
        /// What it is for.
        name: String,
        /// Scope words.
        scopes: Vec<String>,
    },
    /// Import records.
    ImportRecords {
        /// Record type.
        type_key: String,
        /// Map file.
        map: PathBuf,
        /// Data file.
        file: PathBuf,
        /// Date after which everything is ignored.
        until: Option<String>,
    },
    /// Make a new key and seal secrets under it.
    RotateSecrets,
    /// Compare and verify.
    Check,
    /// Write everything into a file.
    Backup {
        /// File to write.
        file: PathBuf,
        /// What wraps the key into it.
        passphrase: Option<Passphrase>,
    },
}

/// Does a task; what people should read goes to `lines`. Gives the exit code.
pub async fn run(desk: &Desk, task: Task, lines: Sender<String>) -> Result<u8, DeskError> {
    match task {
        Task::Token { user, name, scopes } => {
            let text = token(desk, user, name, scopes).await?;
            say(&lines, text).await;
            Ok(0)
        }
        Task::ImportRecords { type_key, map, file, until } => {
            let import = desk::import::Import { type_key, map, file, until };
            let done = desk::import::records(desk, import, &lines).await?;
            say(&lines, format!("{} read, {} created, {} updated, {} rejected", done.read, done.created, done.updated, done.rejected))
                .await;
            if done.cancelled {
                say(&lines, "stopped before its end, as asked: run it again to go on".to_owned()).await;
                return Ok(1);
            }
            Ok(0)
        }
        Task::RotateSecrets => {
            let done = desk::rotate::rotate(desk).await?;
            say(&lines, format!("key {} is version {}; {} secrets sealed again", done.key_id, done.version, done.secrets)).await;
            let since = match (done.since, done.noted) {
                (Some(_), true) => None,
                (Some(seal), false) => {
                    Some(format!("write @{seal} behind the newest key in $YUHENG_KEY: what an older key makes from then on is found"))
                }
                (None, _) => {
                    Some("transactions under way keep the older key from being closed off: the server does it when they end".to_owned())
                }
            };
            if let Some(line) = since {
                say(&lines, line).await;
            }
            Ok(0)
        }
        Task::Check => desk::check::run(&desk::check::Subject::of(desk), lines).await,
        Task::Backup { file, passphrase } => Ok(backup::run(desk, &file, passphrase, &lines).await?),
    }
}

async fn say(lines: &Sender<String>, line: String) {
    // Nobody reading is no reason to stop.
    let _ = lines.send(line).await;
}

async fn token(desk: &Desk, user: String, name: String, scopes: Vec<String>) -> Result<String, DeskError> {
    let cause = Cause::system(desk.world(), "cli");
    desk.execute(move |env, sql| {
        let found = store::user::find_username(sql, &user)?;
        let found = found.filter(|row| row.is_alive(env.world.now()));
        let found = found.ok_or_else(|| DeskError::NotFound(format!("active user '{user}'")))?;
        let made = desk::session::create_token(env, found.id, &name, &scopes, None)?;
        let set = desk::session::token_statements(env, sql.dialect(), &cause, &made.row)?;
        Ok((set, made.text))
    })
    .await
}
