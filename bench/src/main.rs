//! Measures the real binary on SQLite and on PostgreSQL, beside raw baselines in the same run, and writes `bench/RESULTS.md`.
//!
//! `cargo run --release -p bench [-- --quick]`. Never a test: nothing fails because something was slow.

mod args;
mod bench;
mod client;
mod engine;
mod import;
mod live;
mod load;
mod machine;
mod million;
mod opening;
mod pages;
mod peak;
mod postgres;
mod raw;
mod records;
mod report;
mod server;
mod shape;
mod stats;
mod who;

use bench::Bench;
use report::Report;

/// What a step gives, or why it failed.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Outcome<()> {
    let args = args::Args::read()?;
    let mut report = Report::open(args.out.clone());
    let parts = args.parts.clone();
    let mut bench = Bench::new(args)?;
    for part in &parts {
        println!("==> {part} (load {})", machine::load());
        let text = match part.as_str() {
            "opening" => opening::run(&mut bench).await?,
            "import" => import::run(&mut bench).await?,
            "records" => records::run(&mut bench).await?,
            "pages" => pages::run(&bench)?,
            "flow" => engine::run(&bench)?,
            "live" => live::run(&mut bench).await?,
            _ => peak::run(&mut bench).await?,
        };
        report.put(part, &text)?;
    }
    Ok(())
}
