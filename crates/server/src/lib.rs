//! The `yuheng` program: HTTP, sign-in, live updates, the embedded UI, the command line.

pub mod cli;
pub mod http;
