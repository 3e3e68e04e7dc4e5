//! Decision tables write values. People may know better, if they say why.

use serde_json::Value;

use super::Explained;
use super::work::Work;

impl Work<'_> {
    /// Runs a table over the values and takes its outputs over, except fields set by hand.
    pub fn derive(&mut self, decision: &str) -> Result<(), String> {
        let table = self.pack.table(decision).ok_or_else(|| format!("no table '{decision}'"))?;
        let decided = table.evaluate(&self.scope);
        let mut left = Vec::new();
        for (field, value) in decided.output.iter().flatten() {
            if !self.take(field, value) {
                left.push(field.clone());
            }
        }
        let decision = decision.to_owned();
        self.decisions.push(Explained { decision, hits: decided.hits, output: decided.output, left });
        Ok(())
    }

    /// Takes over one output; false if the value stays as somebody set it.
    fn take(&mut self, field: &str, value: &Value) -> bool {
        if self.value(field) == value {
            return true;
        }
        let pack = self.pack;
        match pack.manifest.overrides.get(field) {
            Some(reason) if self.text(reason).is_some_and(|said| !said.is_empty()) => return false,
            Some(reason) if self.by_hand.contains(field) => {
                let said = format!("the rules say {value} for '{field}'; another value needs '{reason}'");
                self.refuse(reason, "reason_required", said);
                return false;
            }
            // No reason field, yet offered by the outcome that brought it: choosing by hand is meant to be possible.
            None if self.by_hand.contains(field) => return false,
            _ => {}
        }
        self.set(field, value.clone());
        true
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
