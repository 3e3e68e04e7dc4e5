//! The `yuheng` command.

use std::process::ExitCode;

// Answers are many small texts: with the system's allocator a third of a list's processor time went into malloc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run().await
}
