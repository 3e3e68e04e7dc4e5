//! A round begins: everybody gets a seat who has one, or nothing begins.

use std::collections::{BTreeMap, BTreeSet};

use crate::run::Run;
use crate::{
    ApprovalError, Chair, Delegation, Dropped, Event, MOST_DELEGATIONS, MOST_SEATS, MOST_STEPS, Resolved, SEMANTICS, Sitting, Step, Tally,
    Verdict, Why, certain,
};

pub(crate) fn request(
    run: &mut Run<'_>,
    requesters: &[String],
    resolved: &[Resolved],
    delegations: &[Delegation],
    digests: &BTreeMap<String, String>,
) -> Result<(), ApprovalError> {
    let def = run.def;
    bounded("steps", def.steps.len(), MOST_STEPS)?;
    bounded("delegations", delegations.len(), MOST_DELEGATIONS)?;
    bounded("requesters", requesters.len(), MOST_SEATS)?;
    let watched: BTreeSet<&String> = def.void_on.iter().collect();
    if !watched.into_iter().eq(digests.keys()) {
        return Err(ApprovalError::Digests);
    }
    if delegations.iter().any(|found| found.person == found.delegate || found.from >= found.until) {
        return Err(ApprovalError::EmptyDelegation);
    }
    if let Some(more) = resolved.get(def.steps.len()) {
        return Err(ApprovalError::UnknownStep { step: more.step.clone() });
    }
    let mut steps: Vec<Sitting> = Vec::new();
    let mut taken = 0;
    for (index, step) in def.steps.iter().enumerate() {
        let found = resolved.get(index).filter(|found| found.step == step.key && (!found.skipped || step.when.is_some()));
        let found = found.ok_or_else(|| ApprovalError::Unresolved { step: step.key.clone() })?;
        let sitting = sit(run, step, found, requesters, &steps, &mut taken)?;
        steps.push(sitting);
    }
    if steps.iter().all(|sitting| sitting.skipped) {
        return Err(ApprovalError::NobodyDecides);
    }
    let round = run.state.round.saturating_add(1);
    let (requesters, delegations, digests) = (requesters.to_vec(), delegations.to_vec(), digests.clone());
    run.emit(Event::Requested { at: run.now, semantics: SEMANTICS, round, requesters, digests, delegations, steps });
    Ok(())
}

/// The seats of one step, `before` being the steps that came first.
fn sit(
    run: &Run<'_>,
    step: &Step,
    found: &Resolved,
    requesters: &[String],
    before: &[Sitting],
    taken: &mut u32,
) -> Result<Sitting, ApprovalError> {
    let (key, def) = (&step.key, run.def);
    let mut sitting = Sitting { step: key.clone(), skipped: found.skipped, seats: Vec::new(), quorum: 0, dropped: Vec::new() };
    if found.skipped {
        return Ok(sitting);
    }
    let body = def.body_of(step);
    if body.is_some_and(|body| body.chair.is_some()) && found.chair.is_none() {
        return Err(ApprovalError::NoChair { step: key.clone() });
    }
    let chair = found.chair.as_ref().filter(|_| body.is_some());
    let mut named = BTreeSet::new();
    for person in found.people.iter().chain(chair) {
        if !named.insert(person.as_str()) {
            continue;
        }
        let elsewhere = before.iter().flat_map(|other| &other.seats).any(|placed| placed.person == *person);
        let why = match () {
            () if Run::is_own(def, requesters, person) => Some(Why::Requester),
            () if elsewhere && !def.counts_in_several_steps => Some(Why::OtherStep),
            () => None,
        };
        match why {
            Some(why) => sitting.dropped.push(Dropped { person: person.clone(), why }),
            None => sitting.seats.push(run.place(taken, person, chair == Some(person))?),
        }
        bounded("seats", named.len(), MOST_SEATS)?;
    }
    if sitting.seats.is_empty() {
        return Err(ApprovalError::NoSeat { step: key.clone() });
    }
    let seats = u32::try_from(sitting.seats.len()).unwrap_or(u32::MAX);
    sitting.quorum = body.and_then(|body| body.quorum).map_or(0, |quorum| quorum.of(seats));
    let tally = Tally { open: seats, quorum: sitting.quorum, chair: Chair::None, ..Tally::default() };
    if certain(step.rule, &tally) == Some(Verdict::Rejected) {
        return Err(ApprovalError::Unreachable { step: key.clone(), seats: sitting.seats.len() });
    }
    Ok(sitting)
}

fn bounded(what: &'static str, number: usize, most: usize) -> Result<(), ApprovalError> {
    if number > most { Err(ApprovalError::TooMany { what, most }) } else { Ok(()) }
}
