//! A follower of the live stream.

use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::{Call, Caller};

/// An open stream; its events are read as they come.
pub struct Live {
    /// Status of the answer.
    pub status: u16,
    events: Receiver<(String, Value)>,
}

impl Live {
    /// Opens the stream and waits for its greeting.
    #[track_caller]
    pub fn follow(caller: &Caller) -> Self {
        let mut live = Self::open(caller);
        assert_eq!(live.status, 200, "the live stream was refused");
        assert_eq!(live.next(Duration::from_secs(10)).map(|(name, _)| name), Some("hello".to_owned()), "no greeting");
        live
    }

    /// Opens the stream, or is refused.
    pub fn open(caller: &Caller) -> Self {
        let (status, body) = caller.stream(&Call::get("/live"));
        let (sender, events) = channel();
        std::thread::spawn(move || {
            let mut name = "message".to_owned();
            for line in BufReader::new(body).lines() {
                let Ok(line) = line else { return };
                if let Some(event) = line.strip_prefix("event:") {
                    name = event.trim().to_owned();
                } else if let Some(data) = line.strip_prefix("data:") {
                    let data = serde_json::from_str(data.trim()).unwrap_or(Value::Null);
                    if sender.send((std::mem::replace(&mut name, "message".to_owned()), data)).is_err() {
                        return;
                    }
                }
            }
        });
        Self { status, events }
    }

    /// The next event within a limit; nothing when none came or the stream has ended.
    pub fn next(&mut self, limit: Duration) -> Option<(String, Value)> {
        self.events.recv_timeout(limit).ok()
    }

    /// Reads on until an event speaks of this record; gives all events until then.
    #[track_caller]
    pub fn until(&mut self, limit: Duration, id: &str) -> Vec<Value> {
        let started = Instant::now();
        let mut seen = Vec::new();
        while let Some((_, data)) = self.next(limit.saturating_sub(started.elapsed())) {
            let found = data["id"] == id;
            seen.push(data);
            if found {
                return seen;
            }
        }
        panic!("no event of {id} within {limit:?}; seen: {seen:?}");
    }

    /// Whether the server ends the stream within a limit; events until then are dropped.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        let started = Instant::now();
        loop {
            match self.events.recv_timeout(limit.saturating_sub(started.elapsed())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
    }
}
