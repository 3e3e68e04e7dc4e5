//! Eight clients that do mixed work until they are told to stop.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::dice::Dice;
use super::ledger::{Deed, Ledger, Open};
use crate::harness::{Answer, Call, Caller, Cast, action_call, at, desktop, solved, unique};

/// Clients at once.
pub const CLIENTS: usize = 8;

/// The work of one round.
pub struct Work<'a> {
    ledger: &'a Ledger,
    cast: &'a Cast,
    stopped: AtomicBool,
    acknowledged: AtomicUsize,
    /// Records that everybody may comment on.
    shared: Mutex<Vec<String>>,
    faults: Mutex<Vec<String>>,
}

/// A request with what its success means.
struct Task {
    call: Call,
    role: &'static str,
    title: Option<String>,
    number: Option<String>,
    kind: &'static str,
    body: Option<String>,
}

/// Steps of a record in order: who does what, and how the journal calls it.
fn step(n: usize) -> Option<(&'static str, &'static str, Value, &'static str)> {
    Some(match n {
        0 => ("desk", "dispatch", desktop(), "completed"),
        1 => ("agent", "accept", json!({}), "accepted"),
        2 => ("agent", "hold", json!({ "reason": "vendor" }), "held"),
        3 => ("agent", "resume", json!({}), "resumed"),
        4 => ("agent", "escalate", json!({ "handover_note": "beyond me" }), "completed"),
        5 => ("l2", "resolve", solved(), "completed"),
        6 => ("owner", "reopen", json!({ "reopen_reason": "no" }), "completed"),
        7 => ("l2", "resolve", solved(), "completed"),
        8 => ("owner", "confirm", json!({}), "completed"),
        9 => ("owner", "rate", json!({ "score": 5 }), "rated"),
        _ => return None,
    })
}

/// The caller of a role.
pub fn caller<'a>(cast: &'a Cast, role: &str) -> &'a Caller {
    match role {
        "desk" => &cast.desk,
        "agent" => &cast.agent,
        "l2" => &cast.l2,
        "admin" => &cast.admin,
        _ => &cast.owner,
    }
}

impl<'a> Work<'a> {
    /// Work for these people.
    pub fn new(ledger: &'a Ledger, cast: &'a Cast) -> Self {
        let (stopped, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
        Self { ledger, cast, stopped, acknowledged, shared: Mutex::default(), faults: Mutex::default() }
    }

    /// Tells the clients to stop.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// Commands of this round that were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// Answers that were neither success nor what a crash explains.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap().clone()
    }

    /// One client: works until told to stop or until the server is gone.
    pub fn client(&self, mut dice: Dice) {
        // Own records with the next step of each.
        let mut mine: Vec<(String, usize)> = Vec::new();
        while !self.stopped.load(Ordering::SeqCst) {
            let task = self.choose(&mut dice, &mine);
            let answer = caller(self.cast, task.role).attempt(&task.call);
            match answer {
                Ok(answer) if answer.status < 300 => self.note(&task, &answer, &mut mine),
                Ok(answer) if answer.status == 503 => {
                    // Not acknowledged, and perhaps done all the same.
                    self.open(task, &mut mine);
                    if answer.header("retry-after").is_none() {
                        self.fault(format!("503 without Retry-After: {}", answer.text()));
                    }
                    // As it was asked to: later.
                    std::thread::sleep(Duration::from_millis(400));
                }
                Ok(answer) if answer.status == 409 && answer.json()["code"] == "conflict" => {}
                Ok(answer) => {
                    self.fault(format!("{} {} as {}: {} {}", task.call.method, task.call.path, task.role, answer.status, answer.text()))
                }
                Err(_) => {
                    self.open(task, &mut mine);
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }

    fn fault(&self, what: String) {
        self.faults.lock().unwrap().push(what);
        self.stop();
    }

    /// A command whose outcome nobody knows; its record is left alone until it was sent again.
    fn open(&self, task: Task, mine: &mut Vec<(String, usize)>) {
        if let Some(number) = &task.number {
            mine.retain(|(known, _)| known != number);
        }
        self.ledger.unanswered(Open { call: task.call, role: task.role, title: task.title });
    }

    fn choose(&self, dice: &mut Dice, mine: &[(String, usize)]) -> Task {
        let key = unique("crash-key");
        match dice.between(0, 9) {
            0..=2 => {
                let title = unique("crash-record");
                let call = Call::post("/records/incident", &json!({ "title": title })).once(&key);
                Task { call, role: "owner", title: Some(title), number: None, kind: "opened", body: None }
            }
            3 => user(&key),
            4..=5 => {
                let shared = self.shared.lock().unwrap();
                match dice.one(&shared) {
                    Some(number) => comment(number, &key),
                    None => user(&key),
                }
            }
            _ => match dice.one(mine) {
                Some((number, n)) => match step(*n) {
                    Some((role, action, fields, kind)) => {
                        let call = action_call(number, action, &fields).once(&key);
                        Task { call, role, title: None, number: Some(number.clone()), kind, body: None }
                    }
                    None => comment(number, &key),
                },
                None => user(&key),
            },
        }
    }

    /// Writes an acknowledged command into the ledger.
    fn note(&self, task: &Task, answer: &Answer, mine: &mut Vec<(String, usize)>) {
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
        let body = answer.json();
        if task.kind == "user" {
            if let (Some(id), Some(name)) = (body["id"].as_str(), body["username"].as_str()) {
                self.ledger.made_user(id, name);
            }
            return;
        }
        if let Some(title) = &task.title {
            let number = body["number"].as_str().unwrap();
            self.ledger.opened(number, title);
            mine.push((number.to_owned(), 0));
            let mut shared = self.shared.lock().unwrap();
            if shared.len() < 4 {
                // Records that are commented on by all are worked on by nobody else: no step of theirs can fail.
                shared.push(number.to_owned());
                mine.pop();
            }
            return;
        }
        let number = task.number.as_deref().unwrap_or_default();
        let version = body["version"].as_i64().unwrap();
        assert_eq!(answer.version(), version);
        self.ledger.did(number, Deed { version, kind: task.kind, body: task.body.clone() });
        if let Some(found) = mine.iter_mut().find(|(known, _)| known == number)
            && task.kind != "commented"
        {
            found.1 += 1;
        }
    }
}

fn comment(number: &str, key: &str) -> Task {
    let words = unique("crash-comment");
    let call = Call::post(at(number, "/comments"), &json!({ "body": words, "visibility": "public" })).once(key);
    Task { call, role: "desk", title: None, number: Some(number.to_owned()), kind: "commented", body: Some(words) }
}

fn user(key: &str) -> Task {
    let call = Call::post("/users", &json!({ "username": unique("crash-user") })).once(key);
    Task { call, role: "admin", title: None, number: None, kind: "user", body: None }
}
