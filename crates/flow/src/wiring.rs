//! Whether elements and edges fit together well enough to be run.

use crate::parse::Reading;
use crate::xml::clip;
use crate::{Defect, Edge, Element, Kind};

pub(crate) fn wire(reading: &mut Reading) {
    mark_defaults(reading);
    let mut found = Vec::new();
    for edge in reading.edges.values() {
        check_edge(reading, edge, &mut found);
    }
    for element in reading.elements.values().filter(|element| element.host.is_some()) {
        found.extend(check_host(reading, element));
    }
    for (scope, line) in &reading.scopes {
        found.extend(check_starts(reading, scope.as_deref(), *line));
    }
    reading.defects.append(&mut found);
}

fn mark_defaults(reading: &mut Reading) {
    for (element, default, line) in std::mem::take(&mut reading.defaults) {
        match reading.edges.get_mut(&default) {
            Some(edge) if edge.from == element => edge.is_default = true,
            _ => {
                let message = format!("its default '{}' is not one of its outgoing edges", clip(&default));
                let defect = Defect::new("bad_default", message, "choose one of its outgoing edges");
                reading.defects.push(defect.at(Some(&element), line));
            }
        }
    }
}

fn check_edge(reading: &Reading, edge: &Edge, found: &mut Vec<Defect>) {
    let mut defect = |code, message: String, mend: &str| {
        found.push(Defect::new(code, message, mend).at(Some(&edge.id), edge.line));
    };
    let (from, to) = (reading.elements.get(&edge.from), reading.elements.get(&edge.to));
    for (end, id) in [(from, &edge.from), (to, &edge.to)] {
        // An element that was refused has its own defect; saying that it is missing as well would mislead.
        if end.is_none() && !reading.was_refused(id) {
            let message = format!("it refers to '{}', which is not there", clip(id));
            defect("dangling_reference", message, "connect both ends to elements");
        }
    }
    let (Some(from), Some(to)) = (from, to) else { return };
    if from.scope != to.scope {
        let message = format!("it leads from {} into another scope, {}", from.id, to.id);
        defect("crosses_scope", message, "end it at the border of the sub-process");
    }
    if matches!(from.kind, Kind::End | Kind::TerminateEnd) {
        defect("end_with_outgoing", format!("it leaves the end event {}", from.id), "remove the edge");
    }
    match to.kind {
        Kind::Start => {
            defect("start_with_incoming", format!("it enters the start event {}", to.id), "lead it to the step after");
        }
        Kind::BoundaryTimer { .. } | Kind::BoundaryMessage { .. } => {
            let message = format!("it enters the boundary event {}", to.id);
            defect("boundary_with_incoming", message, "lead it to the element itself");
        }
        _ => {}
    }
}

fn check_host(reading: &Reading, event: &Element) -> Option<Defect> {
    let host = event.host.as_deref().unwrap_or_default();
    let defect = match reading.elements.get(host) {
        None if reading.was_refused(host) => return None,
        None => {
            let message = format!("it is attached to '{}', which is not there", clip(host));
            Defect::new("dangling_reference", message, "attach it to a user task or sub-process")
        }
        Some(found) if found.scope != event.scope => {
            let message = format!("it is attached to {}, which is in another scope", found.id);
            Defect::new("crosses_scope", message, "draw it in the same sub-process")
        }
        Some(found) if !matches!(found.kind, Kind::UserTask | Kind::SubProcess) => {
            let message = format!("it is attached to {}, where no token ever waits", found.id);
            Defect::new("boundary_host", message, "attach it to a user task or sub-process")
        }
        Some(_) => return None,
    };
    Some(defect.at(Some(&event.id), event.line))
}

fn check_starts(reading: &Reading, scope: Option<&str>, line: u32) -> Option<Defect> {
    let inside = reading.elements.values().filter(|element| element.scope.as_deref() == scope);
    let mut starts = inside.filter(|element| element.kind == Kind::Start);
    let Some(first) = starts.next() else {
        // A start event that was refused has its own defect.
        let refused = reading.defects.iter().any(|defect| defect.code == "unsupported");
        let defect = Defect::new("missing_start", "nothing starts here", "draw one plain start event");
        return (!refused).then(|| defect.at(scope, line));
    };
    let second = starts.next()?;
    let message = format!("there is a start event already, {}", first.id);
    let mend = "keep one start event and lead it to a gateway";
    Some(Defect::new("several_starts", message, mend).at(Some(&second.id), second.line))
}
