//! The command line.

mod admin;
mod control;
mod data;
mod edge;
mod pack;
mod serve;
mod tls;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use data::{Place, open_desk};

/// Yuheng 玉衡: IT service management and operations.
#[derive(Parser)]
#[command(name = "yuheng", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the data are.
#[derive(Args, Clone, Debug)]
pub struct Where {
    /// Folder for the embedded database, the key and the files
    #[arg(long, default_value = "data", env = "YUHENG_DATA", global = true)]
    pub data: PathBuf,
    /// `postgres://…` instead of the embedded database
    #[arg(long, env = "YUHENG_DATABASE", hide_env_values = true, global = true)]
    pub database: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve(serve::Serve),
    /// Make bearer tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Read records from other systems
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Work on packs
    Pack {
        #[command(subcommand)]
        command: PackCommand,
    },
    /// Work on the keys outside the database
    Secret {
        #[command(subcommand)]
        command: SecretCommand,
    },
    /// Compare the journal with what is stored, and verify its chains and seals
    Check {
        #[command(flatten)]
        place: Where,
    },
    /// Write everything into one file, also while serving; $YUHENG_BACKUP_PASSPHRASE wraps the key into it
    Backup {
        /// File to write
        file: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Read a backup into an empty folder and database; $YUHENG_BACKUP_PASSPHRASE opens the key inside
    Restore {
        /// File to read
        file: PathBuf,
        #[command(flatten)]
        place: Where,
    },
    /// Copy everything from one database into another, empty one
    Copy {
        /// Address to copy from
        #[arg(long)]
        from: String,
        /// Address to copy to
        #[arg(long)]
        to: String,
        /// Data folder to copy the files from; without it only the database is copied, for use with the same data folder
        #[arg(long, requires = "to_files", value_name = "DIR")]
        from_files: Option<PathBuf>,
        /// Data folder to copy the files to
        #[arg(long, requires = "from_files", value_name = "DIR")]
        to_files: Option<PathBuf>,
    },
    /// Bring the schema up to date
    Migrate {
        /// Try it on a copy and tell how it went
        #[arg(long)]
        rehearse: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token and print it alone
    Create {
        /// Username it is for
        #[arg(long)]
        user: String,
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// Scopes: read, write, admin
        #[arg(long, value_delimiter = ',', default_value = "read,write,admin")]
        scopes: Vec<String>,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Read records with their history from a CSV file (also .gz)
    Records {
        /// Record type
        #[arg(long = "type")]
        type_key: String,
        /// Map from columns to fields
        #[arg(long)]
        map: PathBuf,
        /// Ignore everything after this date (2016-04-01)
        #[arg(long)]
        until: Option<String>,
        /// File to read
        file: PathBuf,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
enum SecretCommand {
    /// Make a new key, seal all secrets under it, and keep the older ones to verify what they made
    Rotate {
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Subcommand)]
enum PackCommand {
    /// Run the cases of packs (folders, or the built-in ones)
    Test {
        /// Pack folders or keys of built-in packs; all built-in ones when left out
        packs: Vec<String>,
    },
}

/// Runs the command line.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve(serve) => serve::run(serve).await,
        Command::Token { command: TokenCommand::Create { user, name, scopes, place } } => {
            control::run(&place, admin::Task::Token { user, name, scopes }).await
        }
        Command::Import { command: ImportCommand::Records { type_key, map, until, file, place } } => {
            control::run(&place, admin::Task::ImportRecords { type_key, map: absolute(map), file: absolute(file), until }).await
        }
        Command::Pack { command: PackCommand::Test { packs } } => pack::test(&packs),
        Command::Secret { command: SecretCommand::Rotate { place } } => control::run(&place, admin::Task::RotateSecrets).await,
        Command::Check { place } => control::run(&place, admin::Task::Check).await,
        Command::Backup { file, place } => data::backup(&place, absolute(file)).await,
        Command::Restore { file, place } => data::restore(&place, &file).await,
        Command::Copy { from, to, from_files, to_files } => data::copy(&from, &to, from_files.zip(to_files)).await,
        Command::Migrate { rehearse, place } => data::migrate(&place, rehearse).await,
        Command::Openapi => openapi(),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("yuheng: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line says when it fails.
pub type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

/// A path that still means the same to the server that may do the work.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

fn openapi() -> Outcome {
    println!("{}", crate::http::openapi().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
