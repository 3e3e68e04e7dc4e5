//! What the clients were told, kept outside the server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::harness::Call;

/// A command that was acknowledged: this entry stands in this record's journal.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Version of the record that the answer gave.
    pub version: i64,
    /// Kind of the journal entry.
    pub kind: &'static str,
    /// Words that the entry carries.
    pub body: Option<String>,
}

/// A command that was sent and not answered.
#[derive(Clone, Debug)]
pub struct Open {
    /// The request, with its idempotency key.
    pub call: Call,
    /// Who sent it.
    pub role: &'static str,
    /// The title, when it opens a record.
    pub title: Option<String>,
}

#[derive(Default)]
struct Pages {
    records: BTreeMap<String, Vec<Deed>>,
    titles: BTreeMap<String, String>,
    users: BTreeMap<String, String>,
    unanswered: Vec<Open>,
    touched: BTreeSet<String>,
}

/// The ledger of a whole run.
#[derive(Default)]
pub struct Ledger(Mutex<Pages>);

impl Ledger {
    /// A record was opened.
    pub fn opened(&self, number: &str, title: &str) {
        let mut pages = self.0.lock().unwrap();
        let before = pages.titles.insert(title.to_owned(), number.to_owned());
        assert!(before.is_none() || before.as_deref() == Some(number), "'{title}' was answered as {before:?} and as {number}");
        if pages.records.contains_key(number) {
            assert!(before.is_some(), "the number {number} was given twice");
            return;
        }
        pages.records.insert(number.to_owned(), vec![Deed { version: 1, kind: "opened", body: None }]);
        pages.touched.insert(number.to_owned());
    }

    /// Something was done to a record.
    pub fn did(&self, number: &str, deed: Deed) {
        let mut pages = self.0.lock().unwrap();
        pages.records.entry(number.to_owned()).or_default().push(deed);
        pages.touched.insert(number.to_owned());
    }

    /// A user was made.
    pub fn made_user(&self, id: &str, name: &str) {
        self.0.lock().unwrap().users.insert(id.to_owned(), name.to_owned());
    }

    /// A command was not answered.
    pub fn unanswered(&self, open: Open) {
        self.0.lock().unwrap().unanswered.push(open);
    }

    /// Takes the commands that were not answered.
    pub fn take_unanswered(&self) -> Vec<Open> {
        std::mem::take(&mut self.0.lock().unwrap().unanswered)
    }

    /// Takes the numbers that were touched since the last time.
    pub fn take_touched(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.0.lock().unwrap().touched)
    }

    /// All acknowledged deeds on a record.
    pub fn deeds(&self, number: &str) -> Vec<Deed> {
        self.0.lock().unwrap().records.get(number).cloned().unwrap_or_default()
    }

    /// Titles of opened records with their numbers.
    pub fn titles(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().titles.clone()
    }

    /// Users that were made: identity and name.
    pub fn users(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().users.clone()
    }

    /// How many commands were acknowledged.
    pub fn acknowledged(&self) -> usize {
        let pages = self.0.lock().unwrap();
        pages.records.values().map(Vec::len).sum::<usize>() + pages.users.len()
    }

    /// The same in words.
    pub fn counts(&self) -> String {
        let pages = self.0.lock().unwrap();
        let deeds: usize = pages.records.values().map(Vec::len).sum();
        format!("{} records, {deeds} commands on them, {} users", pages.records.len(), pages.users.len())
    }
}
