//! Every state named is known, has the phase its use needs, and is reached.

use std::collections::BTreeSet;

use super::Check;
use crate::manifest::Phase;

pub(super) fn check(check: &mut Check<'_>) {
    let manifest = check.pack.manifest();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let ended = &manifest.ended;
    let fixed = [
        ("/initial_state", Some(&manifest.initial_state), Phase::New),
        ("/hold_state", manifest.hold_state.as_ref(), Phase::Waiting),
        ("/ended/completed", Some(&ended.completed), Phase::Closed),
        ("/ended/cancelled", Some(&ended.cancelled), Phase::Cancelled),
    ];
    for (pointer, state, phase) in fixed {
        let Some(state) = state else { continue };
        reached.insert(state);
        match manifest.phase_of(state) {
            None => unknown(check, pointer, state),
            Some(found) if found != phase => {
                let message = format!("state '{state}' has phase {found}, here it must be {phase}");
                check.manifest(pointer, "wrong_phase", message, format!("name a state of phase {phase}"));
            }
            Some(_) => {}
        }
    }
    for element in check.pack.flow().elements() {
        let Some(state) = element.state() else { continue };
        reached.insert(state);
        if manifest.phase_of(state).is_none() {
            let message = format!("{}: there is no state '{state}'", element.id);
            check.drawing(element.line, "unknown_state", message, "name one of the states of pack.yaml");
        }
    }
    for state in manifest.states.keys().filter(|state| !reached.contains(state.as_str())) {
        let message = format!("no element sets state '{state}'");
        let mend = "take it out, or give an element the property state";
        check.manifest(&format!("/states/{state}"), "unreached_state", message, mend);
    }
}

fn unknown(check: &mut Check<'_>, pointer: &str, state: &str) {
    check.manifest(pointer, "unknown_state", format!("there is no state '{state}'"), "name one of the states");
}
