//! What can be chosen on the command line.

use std::path::PathBuf;

use crate::Outcome;

/// The parts, in the order in which they run.
pub const PARTS: [&str; 7] = ["opening", "import", "records", "peak", "pages", "live", "flow"];

/// What is measured, and how long.
pub struct Args {
    /// Parts to run.
    pub parts: Vec<String>,
    /// The server under measurement.
    pub binary: PathBuf,
    /// File to write.
    pub out: PathBuf,
    /// Real log for the import.
    pub log: PathBuf,
    /// Map of that log.
    pub map: PathBuf,
    /// Whether PostgreSQL is measured too.
    pub postgres: bool,
    /// Seconds of one run.
    pub seconds: f64,
    /// Runs of each kind; medians are quoted.
    pub rounds: usize,
    /// Records loaded into SQLite.
    pub records: usize,
    /// Records loaded into PostgreSQL.
    pub records_postgres: usize,
    /// How many times faster than life the morning peak runs.
    pub speed: f64,
    /// Whether this is the short mode.
    pub quick: bool,
}

const HELP: &str = "bench [--quick] [--only opening,import,records,peak,pages,live,flow] [--skip-pg] [--seconds N] [--rounds N] [--records N] \
[--records-pg N] [--speed N] [--binary FILE] [--out FILE] [--log FILE] [--map FILE]";

impl Args {
    /// Reads the command line.
    pub fn read() -> Outcome<Self> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let mut args = Self {
            parts: PARTS.map(str::to_owned).to_vec(),
            binary: target.join("release/yuheng"),
            out: root.join("bench/RESULTS.md"),
            log: root.join("../shared/data/01_incident_logs/uci498_events_share.csv.gz"),
            map: root.join("docs/examples/servicenow-log.map.yaml"),
            postgres: true,
            seconds: 4.0,
            rounds: 3,
            records: 1_000_000,
            records_postgres: 1_000_000,
            speed: 60.0,
            quick: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value; {HELP}"));
            match word.as_str() {
                "--quick" => args.shorten(),
                "--skip-pg" => args.postgres = false,
                "--only" => args.parts = value()?.split(',').map(str::to_owned).collect(),
                "--seconds" => args.seconds = value()?.parse()?,
                "--rounds" => args.rounds = value()?.parse::<usize>()?.max(1),
                "--records" => args.records = value()?.parse()?,
                "--records-pg" => args.records_postgres = value()?.parse()?,
                "--speed" => args.speed = value()?.parse()?,
                "--binary" => args.binary = value()?.into(),
                "--out" => args.out = value()?.into(),
                "--log" => args.log = value()?.into(),
                "--map" => args.map = value()?.into(),
                _ => return Err(HELP.into()),
            }
        }
        if let Some(unknown) = args.parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
            return Err(format!("there is no part '{unknown}'; {HELP}").into());
        }
        if !args.binary.is_file() {
            return Err(format!("{} is missing: cargo build --release -p server", args.binary.display()).into());
        }
        Ok(args)
    }

    fn shorten(&mut self) {
        (self.seconds, self.rounds, self.quick) = (2.0, 1, true);
        (self.records, self.records_postgres, self.speed) = (100_000, 50_000, 120.0);
    }
}
