//! What was requested is another thing now, so what was said about it says nothing.

use std::collections::BTreeMap;

use super::text;
use crate::run::Run;
use crate::{ApprovalError, Effect, Event, MOST_REASON};

pub(crate) fn changed(run: &mut Run<'_>, digests: &BTreeMap<String, String>) -> Result<(), ApprovalError> {
    // A field that is not told of cannot be said to be the same.
    if !run.state.digests.keys().all(|field| digests.contains_key(field)) {
        return Err(ApprovalError::Digests);
    }
    let kept = &run.state.digests;
    let differs = |(field, digest): &(&String, &String)| digests.get(*field) != Some(*digest);
    let fields: Vec<String> = kept.iter().filter(differs).map(|(field, _)| field.clone()).collect();
    if !fields.is_empty() {
        end(run, fields, None, None);
    }
    Ok(())
}

pub(crate) fn void(run: &mut Run<'_>, by: &str, reason: &str) -> Result<(), ApprovalError> {
    let reason = text(reason, MOST_REASON)?;
    end(run, Vec::new(), Some(by.to_owned()), Some(reason));
    Ok(())
}

fn end(run: &mut Run<'_>, fields: Vec<String>, by: Option<String>, reason: Option<String>) {
    run.excuse_all();
    run.emit(Event::Voided { fields: fields.clone(), by, reason, at: run.now });
    run.effect(Effect::Voided { fields });
}
