//! Errors and escalations that nobody catches, and events that wait for one that never comes.

use crate::element::outward;
use crate::{Defect, Definition, Kind, Trigger};

pub(super) fn check(def: &Definition) -> Vec<Defect> {
    let mut heard = vec![false; def.elements.len()];
    let mut found = Vec::new();
    for (at, element) in def.elements().enumerate() {
        let (on, code) = match element.kind {
            Kind::ThrowEnd(Trigger::Error) => (Trigger::Error, element.error.as_deref()),
            Kind::ThrowEnd(Trigger::Escalation) | Kind::Throw(Trigger::Escalation) => (Trigger::Escalation, element.escalation.as_deref()),
            // What is called can fail with any error.
            Kind::CallActivity => (Trigger::Error, None),
            _ => continue,
        };
        let caught = catchers(def, at, on, code);
        caught.iter().for_each(|event| heard[*event] = true);
        if caught.is_empty() && element.kind != Kind::CallActivity {
            let (name, mend) = match on {
                Trigger::Error => ("uncaught_error", "attach an error event to a sub-process around it, or use a terminate end event"),
                _ => ("uncaught_escalation", "attach an escalation event to a sub-process around it, or remove this one"),
            };
            let message = format!("nobody catches '{}'", code.unwrap_or_default());
            found.push(Defect::new(name, message, mend).at(Some(&element.id), element.line));
        }
    }
    for (at, element) in def.elements().enumerate() {
        let waits = matches!(
            element.kind,
            Kind::Boundary { on: Trigger::Error | Trigger::Escalation, .. }
                | Kind::EventStart { on: Trigger::Error | Trigger::Escalation, .. }
        );
        if waits && !heard[at] {
            let mend = "remove it, or draw the end event that sets it off";
            let defect = Defect::new("never_thrown", "nothing sets off what it waits for", mend);
            found.push(defect.at(Some(&element.id), element.line));
        }
    }
    found
}

/// Whether what an element sets off always takes it away: an error, or an escalation caught by an event that interrupts.
pub(super) fn takes_away(def: &Definition, at: usize) -> bool {
    match def.kind(at) {
        Kind::ThrowEnd(Trigger::Error) => true,
        Kind::Throw(Trigger::Escalation) | Kind::ThrowEnd(Trigger::Escalation) => {
            let caught = catchers(def, at, Trigger::Escalation, def.at(at).escalation.as_deref());
            caught.first().is_some_and(|event| !def.kind(*event).runs_beside())
        }
        _ => false,
    }
}

/// Whether what an escalation event waits for is set off once at most while a token is on the element it is attached to:
/// by one element, which nothing leads back to.
pub(super) fn at_most_once(def: &Definition, event: usize) -> bool {
    let throws = |at: &usize| {
        let code = def.at(*at).escalation.as_deref();
        let escalates = matches!(def.kind(*at), Kind::Throw(Trigger::Escalation) | Kind::ThrowEnd(Trigger::Escalation));
        escalates && catchers(def, *at, Trigger::Escalation, code).contains(&event)
    };
    let mut throwers = (0..def.elements.len()).filter(throws);
    let (Some(thrower), None) = (throwers.next(), throwers.next()) else { return false };
    let between = std::iter::successors(Some(thrower), |at| def.net.scope[*at]);
    let mut between = between.take_while(|at| Some(*at) != def.net.host[event]);
    let host_repeats = def.net.host[event].is_some_and(|host| def.at(host).repeat.is_some());
    !host_repeats && between.all(|at| def.kind(at) != Kind::EventSubProcess && def.at(at).repeat.is_none() && !comes_back(def, at))
}

/// Whether a way leads from an element back to it.
fn comes_back(def: &Definition, start: usize) -> bool {
    let mut seen = vec![false; def.elements.len()];
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        let next = def.net.outgoing[at].iter().map(|edge| def.net.target[*edge]);
        for to in next.chain(def.net.attached[at].iter().copied()) {
            if to == start {
                return true;
            }
            if !std::mem::replace(&mut seen[to], true) {
                open.push(to);
            }
        }
    }
    false
}

/// The events that can catch what an element sets off, as the engine looks for them: the first one outwards. Without a code
/// it may be any, so that everything up to the first event that catches all comes into question.
fn catchers(def: &Definition, thrower: usize, on: Trigger, code: Option<&str>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut ask = |events: &[usize]| match code {
        Some(code) => {
            found.extend(outward::best(def, events, on, code));
            !found.is_empty()
        }
        None => {
            let fitting = events.iter().copied().filter(|event| outward::waits_for(def.kind(*event)) == Some(on));
            let before = found.len();
            found.extend(fitting);
            found[before..].iter().any(|event| outward::caught_code(def, *event, on).is_none())
        }
    };
    if ask(&def.net.attached[thrower]) {
        return found;
    }
    let (mut scope, mut out_of_handler) = (def.net.scope[thrower], false);
    loop {
        if !out_of_handler && ask(def.net.handlers(scope)) {
            return found;
        }
        let Some(holder) = scope else { return found };
        out_of_handler = def.kind(holder) == Kind::EventSubProcess;
        if ask(&def.net.attached[holder]) {
            return found;
        }
        scope = def.net.scope[holder];
    }
}
