//! Decision tables write values. People may know better, if they say why.

use decide::Table;
use serde_json::{Map, Value};

use super::Explained;
use super::work::Work;
use crate::manifest::Phase;

impl Work<'_> {
    /// Runs a table over the values and takes its outputs over, except fields set by hand.
    pub fn derive(&mut self, decision: &str) -> Result<(), String> {
        let table = self.pack.table(decision).ok_or_else(|| format!("no table '{decision}'"))?;
        let decided = table.evaluate(&self.scope);
        let inputs = self.read_by(table);
        let mut left = Vec::new();
        for (field, value) in decided.output.iter().flatten() {
            if !self.take(table, field, value) {
                left.push(field.clone());
            }
        }
        let silent = |field: &&str| !decided.output.as_ref().is_some_and(|output| output.contains_key(*field));
        for field in table.outputs().into_iter().filter(silent) {
            self.stand_by(field);
        }
        let decision = decision.to_owned();
        self.decisions.push(Explained { decision, hits: decided.hits, output: decided.output, inputs, left });
        Ok(())
    }

    /// The values that a table reads, for those who ask later why it said what it said.
    fn read_by(&self, table: &Table) -> Map<String, Value> {
        let secret = &self.pack.manifest.secret;
        let fields = table.inputs().into_iter().filter(|field| !secret.iter().any(|name| name == field));
        fields.filter_map(|field| Some((field.to_owned(), self.scope.get(field)?.clone()))).collect()
    }

    /// Takes over one output; false if the value stays as somebody set it.
    fn take(&mut self, table: &Table, field: &str, value: &Value) -> bool {
        if self.value(field) == value {
            return true;
        }
        let pack = self.pack;
        match pack.manifest.overrides.get(field) {
            Some(reason) if self.said(reason) => return false,
            Some(reason) if self.by_hand.contains(field) => {
                let said = format!("the rules say {value} for '{field}'; another value needs '{reason}'");
                self.refuse(reason, "reason_required", said);
                return false;
            }
            None if self.given.contains(field) && self.is_bounded(table, field) => return false,
            // No reason field, yet offered by the outcome that brought it: choosing by hand is meant to be possible.
            None if self.by_hand.contains(field) => return false,
            _ => {}
        }
        self.set(field, value.clone());
        true
    }

    fn said(&self, reason: &str) -> bool {
        self.text(reason).is_some_and(|said| !said.is_empty())
    }

    /// Whether this outcome bounds what may be chosen by hand; what lies outside is refused.
    fn is_bounded(&mut self, table: &Table, field: &str) -> bool {
        let pack = self.pack;
        let Some(bound) = pack.manifest.bounds.get(field) else { return false };
        if !self.text("outcome").is_some_and(|outcome| bound.outcomes.iter().any(|bounded| bounded == outcome)) {
            return false;
        }
        let known = table.constants_where(field, &bound.same, self.value(&bound.same));
        if !self.text(field).is_some_and(|chosen| known.iter().any(|text| text == chosen)) {
            self.refuse(field, "enum", format!("{} is none of {}", self.value(field), known.join(", ")));
        }
        true
    }

    /// Where no rule speaks, what people say is the assessment, while they classify. Once that is done it stands: another
    /// value needs its reason, as against a rule.
    fn stand_by(&mut self, field: &str) {
        let pack = self.pack;
        let Some(reason) = pack.manifest.overrides.get(field) else { return };
        if self.by_hand.contains(field) && self.phase() != Some(Phase::New) && !self.said(reason) {
            self.refuse(reason, "reason_required", format!("'{field}' was assessed already; another value needs '{reason}'"));
        }
    }

    /// After values were edited: runs the tables the pack names, if something they read or write was touched.
    pub fn derive_after_edit(&mut self) -> Result<(), String> {
        let pack = self.pack;
        for decision in &pack.manifest.derive_on_edit {
            let Some(table) = pack.table(decision) else { continue };
            let reasons = table.outputs().into_iter().filter_map(|output| pack.manifest.overrides.get(output));
            let outputs = table.outputs().into_iter().filter(|output| self.by_hand.contains(*output));
            let mut touched = table.inputs().into_iter().chain(outputs).chain(reasons.map(String::as_str));
            if touched.any(|field| self.before.value(field) != self.value(field)) {
                self.derive(decision)?;
            }
        }
        Ok(())
    }
}
