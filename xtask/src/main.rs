//! What the repository does with itself: rules that hold, and files that are generated.
//!
//! ```text
//! cargo run -p xtask -- rules             all rules; exit code 1 when one is broken
//! cargo run -p xtask -- rules naming docs only these
//! cargo run -p xtask -- generate          writes the generated files anew
//! cargo run -p xtask -- freeze            records the migrations that are released from now on
//! ```

mod generate;
mod lexer;
mod repo;
mod rules;
mod words;

use std::process::ExitCode;

use repo::Repo;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.split_first() {
        Some((&"rules", names)) => Repo::open().and_then(|repo| rules::run(&repo, names)),
        Some((&"generate", [])) => Repo::open().and_then(|repo| generate::write(&repo).map(|()| true)),
        Some((&"freeze", [])) => Repo::open().and_then(|repo| rules::freeze_migrations(&repo).map(|()| true)),
        _ => {
            println!("usage: cargo run -p xtask -- rules [{}] | generate | freeze", rules::NAMES.join("] ["));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
