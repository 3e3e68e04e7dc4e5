//! Part 5: what pages weigh and how soon they can be used, in a real browser.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use crate::bench::Bench;
use crate::report::Table;
use crate::stats::{Sample, verdict};
use crate::{Outcome, machine};

/// Most compressed script of the agent's list, KB of 1,000 bytes.
const SCRIPT_KB: f64 = 450.0;
/// Most until a record can be worked on, ms.
const USABLE_MS: f64 = 1_000.0;

/// Runs the part.
pub fn run(bench: &Bench) -> Outcome<String> {
    let before = machine::load();
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    let mut command = Command::new("node");
    command.arg("test/measure.mjs").current_dir(&web).env("YUHENG_BIN", std::fs::canonicalize(&bench.args.binary)?);
    command.env("ROUNDS", if bench.args.quick { "3" } else { "9" });
    let done = command.stderr(Stdio::inherit()).output()?;
    if !done.status.success() {
        return Err(format!("web/test/measure.mjs ended with {}; `make setup-test` installs what it needs", done.status).into());
    }
    let found: Json = serde_json::from_slice(&done.stdout)?;
    let mut table = Table::new(&["page", "until", "ms"]);
    let rows = [
        ("list_ms", "the agent's list, first visit", "a row can be opened"),
        ("record_ms", "a record, first visit", "its journal stands there and an action can be pressed"),
        ("record_from_list_ms", "a record, opened from the list", "the same"),
        ("slow_portal_ms", "the portal on a slow line, first visit", "one can write what is wrong and one's reports stand there"),
        ("slow_report_ms", "reporting from there, first time", "the form can be filled in"),
        ("slow_again_ms", "the portal on a slow line, next visit", "as on the first"),
    ];
    for (key, page, until) in rows {
        table.row(&[page.to_owned(), until.to_owned(), sample(&found, key)?.quantiles()]);
    }
    let kb = |key: &str| found[key].as_f64().map(|bytes| bytes / 1000.0).ok_or_else(|| format!("{key} is missing"));
    let script = kb("script_bytes")?;
    Ok(format!(
        "## Pages\n\nDebian's Chromium without a screen against the demonstration's data on SQLite, over loopback, signed in as an agent; each first \
         visit with an empty cache. Script is what came over the wire, compressed, until the page was at rest. The slow line is a phone of 390 px at 400 kbit/s each way with 400 ms there and back, as a \
         requester. Load before {before}, after {}.\n\n{}\n\
         - script of the agent's list, KB: {}\n- all that the portal's first visit loads, KB: {:.0}\n- record usable, first visit, ms (p95): {}\n- record usable, from the list, ms (p95): {}\n",
        machine::load(),
        table.text(),
        verdict(script, SCRIPT_KB, true),
        kb("slow_bytes")?,
        verdict(sample(&found, "record_ms")?.quantile(0.95), USABLE_MS, true),
        verdict(sample(&found, "record_from_list_ms")?.quantile(0.95), USABLE_MS, true),
    ))
}

fn sample(found: &Json, key: &str) -> Outcome<Sample> {
    let mut sample = Sample::default();
    for ms in found[key].as_array().ok_or_else(|| format!("{key} is missing"))? {
        sample.push(Duration::from_secs_f64(ms.as_f64().unwrap_or(f64::NAN).max(0.0) / 1000.0));
    }
    Ok(sample)
}
