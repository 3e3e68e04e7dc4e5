//! Changes values without moving the flow.

use serde_json::{Map, Value};

use super::Refusal;
use super::work::Work;
use crate::manifest::Phase;

/// What a record is never without once it has it.
const NEVER_EMPTY: [&str; 2] = ["requester", "channel"];

pub(super) fn edit(work: &mut Work<'_>, values: &Map<String, Value>, reason: Option<&str>) -> Result<(), Refusal> {
    if work.phase().is_some_and(Phase::is_ended) {
        return Err(Refusal::not_available("the record has ended"));
    }
    work.take_given(values, None);
    work.check_given();
    keep_rating(work);
    keep_reason(work, reason);
    let before = work.before;
    let kept: Vec<&str> = NEVER_EMPTY.iter().copied().filter(|field| !before.value(field).is_null()).collect();
    work.require(&kept);
    work.require(&["title"]);
    if work.phase() != Some(Phase::New) {
        keep_mandatory(work);
    }
    work.check()?;
    if let Err(message) = work.derive_after_edit() {
        return Err(Refusal::not_available(message));
    }
    Ok(())
}

/// The requester's opinion comes by rating alone: nobody writes it for them.
pub(super) fn keep_rating(work: &mut Work<'_>) {
    let Some(rating) = &work.pack.manifest.rating else { return };
    for field in [&rating.score, &rating.comment] {
        if work.given.contains(field) && work.before.value(field) != work.value(field) {
            work.refuse(field, "read_only", format!("'{field}' is given by rating"));
        }
    }
}

/// A reason given with the edit belongs to every derived field the edit sets by hand.
fn keep_reason(work: &mut Work<'_>, reason: Option<&str>) {
    let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) else { return };
    let fields: Vec<String> = work.by_hand.iter().cloned().collect();
    let pack = work.pack;
    for field in fields {
        match pack.manifest.overrides.get(&field) {
            Some(kept_in) if !work.given.contains(kept_in) => work.set(kept_in, reason.into()),
            _ => {}
        }
    }
}

/// Once a record is worked on, a field that some outcome asks for is not emptied again.
fn keep_mandatory(work: &mut Work<'_>) {
    let pack = work.pack;
    let mandatory = pack.manifest.required.values().flatten().map(String::as_str);
    let before = work.before;
    let emptied: Vec<&str> = mandatory.filter(|field| !before.value(field).is_null()).collect();
    work.require(&emptied);
}
