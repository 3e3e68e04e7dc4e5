//! `RESULTS.md`: a part each, so that one part can be measured again and the others stay.

use std::path::PathBuf;

use crate::args::PARTS;
use crate::{Outcome, machine};

/// The page that is written.
pub struct Report {
    path: PathBuf,
    sections: Vec<(String, String)>,
}

fn mark(part: &str) -> String {
    format!("<!-- part: {part} -->")
}

impl Report {
    /// Takes over the parts of an earlier run.
    pub fn open(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let section = |part: &str| {
            let rest = text.split_once(&mark(part))?.1;
            let end = PARTS.iter().filter_map(|other| rest.find(&mark(other))).min().unwrap_or(rest.len());
            Some((part.to_owned(), rest[..end].trim().to_owned()))
        };
        let sections = PARTS.iter().filter_map(|part| section(part)).collect();
        Self { path, sections }
    }

    /// Puts a part in place and writes the page.
    pub fn put(&mut self, part: &str, text: &str) -> Outcome<()> {
        self.sections.retain(|(name, _)| name != part);
        self.sections.push((part.to_owned(), text.trim().to_owned()));
        let mut page = format!("{HEAD}\nMachine: {} cores of {}.\n", machine::cores(), processor());
        for part in PARTS {
            if let Some((_, text)) = self.sections.iter().find(|(name, _)| name == part) {
                page.push_str(&format!("\n{}\n\n{text}\n", mark(part)));
            }
        }
        Ok(std::fs::write(&self.path, page)?)
    }
}

const HEAD: &str = "# Measured

Written by `make bench` (`cargo run --release -p bench`, `--quick` for the short mode), which starts the real release binary on
SQLite (WAL, `synchronous=FULL`) and on a PostgreSQL of its own (`fsync=on`), and the raw databases beside them in the same
run. A figure alone says as much about the machine as about the product: the ratios to the raw database say more. Latencies
are p50 / p95 / p99 in milliseconds as the client sees them, over loopback. *Server CPU* is user and system time of the
server's process; *client CPU* is that of the measuring program, which shares the cores. *Others* are cores that other
programs of the machine used meanwhile: where they are not near 0, latencies and rates are worse than they would be alone,
and processor time per request is inflated by shared caches.
";

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, name)| name.trim().to_owned()));
    name.unwrap_or_else(|| "an unnamed processor".to_owned())
}

/// A table of Markdown.
pub struct Table(String);

impl Table {
    /// A table with these headings; all but the first are aligned to the right.
    pub fn new(headings: &[&str]) -> Self {
        let rule: Vec<&str> = headings.iter().enumerate().map(|(n, _)| if n == 0 { "---" } else { "---:" }).collect();
        Self(format!("| {} |\n| {} |\n", headings.join(" | "), rule.join(" | ")))
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        self.0.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}
