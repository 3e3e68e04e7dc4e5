//! Whether elements and edges fit together well enough to be run.

use crate::parse::Reading;
use crate::xml::clip;
use crate::{Defect, Edge, Element, Kind, Trigger};

pub(crate) fn wire(reading: &mut Reading) {
    mark_defaults(reading);
    let mut found = Vec::new();
    for edge in reading.edges.values() {
        check_edge(reading, edge, &mut found);
    }
    for element in reading.elements.values().filter(|element| element.host.is_some()) {
        found.extend(check_host(reading, element));
    }
    for gateway in reading.elements.values().filter(|element| element.kind == Kind::EventBased) {
        found.extend(check_rivals(reading, gateway));
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
    if from.kind.is_end() {
        defect("end_with_outgoing", format!("it leaves the end event {}", from.id), "remove the edge");
    }
    match to.kind {
        Kind::Start | Kind::EventStart { .. } => {
            defect("start_with_incoming", format!("it enters the start event {}", to.id), "lead it to the step after");
        }
        Kind::Boundary { .. } => {
            let message = format!("it enters the boundary event {}", to.id);
            defect("boundary_with_incoming", message, "lead it to the element itself");
        }
        _ => {}
    }
    for handler in [from, to].into_iter().filter(|end| end.kind == Kind::EventSubProcess) {
        let message = format!("it touches the event sub-process {}, which its start event begins", handler.id);
        defect("event_sub_process_connected", message, "remove the edge");
    }
    if from.kind == Kind::EventBased {
        if !matches!(to.kind, Kind::Catch(_) | Kind::ReceiveTask) {
            let message = format!("it leads from the event-based gateway {} to {}, which waits for nothing", from.id, to.id);
            defect("event_gateway_target", message, "lead it to an intermediate event that waits, or to a receive task");
        } else if reading.edges.values().any(|other| other.to == to.id && other.id != edge.id) {
            let message = format!("{} waits behind the event-based gateway {} and has another way in", to.id, from.id);
            defect("event_gateway_target", message, "draw the event twice");
        } else if reading.elements.values().any(|other| other.host.as_ref() == Some(&to.id)) {
            let message = format!("{} waits behind the event-based gateway {} and has boundary events", to.id, from.id);
            defect("event_gateway_target", message, "draw them as further events behind the gateway");
        }
    }
}

/// Whether two events behind an event-based gateway wait for the same: the second would never come.
fn check_rivals(reading: &Reading, gateway: &Element) -> Option<Defect> {
    let targets = reading.edges.values().filter(|edge| edge.from == gateway.id).filter_map(|edge| reading.elements.get(&edge.to));
    let mut seen: Vec<(&Element, _)> = Vec::new();
    for event in targets.filter(|event| event.message.is_some() || event.signal.is_some()) {
        let what = (&event.message, &event.signal, event.correlation());
        if let Some((first, _)) = seen.iter().find(|(_, known)| *known == what) {
            let message = format!("it waits for the same as {} behind the event-based gateway {}", first.id, gateway.id);
            let defect = Defect::new("event_gateway_target", message, "remove one of them");
            return Some(defect.at(Some(&event.id), event.line));
        }
        seen.push((event, what));
    }
    None
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
        Some(found) => return check_reach(event, found),
    };
    Some(defect.at(Some(&event.id), event.line))
}

/// Whether the event can ever happen to the element it is attached to.
fn check_reach(event: &Element, host: &Element) -> Option<Defect> {
    let Kind::Boundary { on, .. } = event.kind else { return None };
    let fits = match on {
        Trigger::Error => matches!(host.kind, Kind::SubProcess | Kind::CallActivity),
        Trigger::Escalation => host.kind == Kind::SubProcess,
        _ => matches!(host.kind, Kind::UserTask | Kind::ReceiveTask | Kind::CallActivity | Kind::SubProcess),
    };
    if fits {
        return None;
    }
    let (reason, mend) = match on {
        Trigger::Error => ("from which no error comes", "attach it to a sub-process or call activity"),
        Trigger::Escalation => ("from which no escalation comes", "attach it to a sub-process"),
        _ => ("where no token ever waits", "attach it to a user task, receive task, call activity or sub-process"),
    };
    let message = format!("it is attached to {}, {reason}", host.id);
    Some(Defect::new("boundary_host", message, mend).at(Some(&event.id), event.line))
}

fn check_starts(reading: &Reading, scope: Option<&str>, line: u32) -> Option<Defect> {
    let holder = scope.and_then(|id| reading.elements.get(id));
    let is_handler = holder.is_some_and(|holder| holder.kind == Kind::EventSubProcess);
    let inside = reading.elements.values().filter(|element| element.scope.as_deref() == scope);
    let mut starts = inside.filter(|element| matches!(element.kind, Kind::Start | Kind::EventStart { .. }));
    let Some(first) = starts.next() else {
        // A start event that was refused has its own defect.
        let refused = reading.defects.iter().any(|defect| defect.code == "unsupported");
        let defect = Defect::new("missing_start", "nothing starts here", "draw one plain start event");
        return (!refused).then(|| defect.at(scope, line));
    };
    if let Some(second) = starts.next() {
        let message = format!("there is a start event already, {}", first.id);
        let mend = "keep one start event and lead it to a gateway";
        return Some(Defect::new("several_starts", message, mend).at(Some(&second.id), second.line));
    }
    let (message, mend) = match (is_handler, first.kind == Kind::Start) {
        (true, true) => ("an event sub-process that waits for nothing is not supported", "give its start event a trigger"),
        (false, false) => ("a start event that waits is not supported", "use a plain start event"),
        _ => return None,
    };
    Some(Defect::new("unsupported", message, mend).at(Some(&first.id), first.line))
}
