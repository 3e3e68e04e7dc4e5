//! Timers, of whichever event.

use crate::duration::{LONGEST, looks_like_duration};
use crate::parse::Reading;
use crate::run::Run;
use crate::xml::{Node, clip};
use crate::{Event, FlowError, Status, duration_ms};

/// Reads `timerEventDefinition`: the duration's text.
pub(super) fn read(event: &Node, definition: &Node, reading: &mut Reading) -> Option<String> {
    for other in ["timeDate", "timeCycle"] {
        if let Some(found) = definition.all(other).next() {
            reading.unsupported(event, found, other, "use timeDuration");
            return None;
        }
    }
    let duration = definition.all("timeDuration").next().map_or("", |node| node.text.trim());
    if duration.is_empty() {
        reading.defect("missing_timer", event, "the timer has no duration", "give it a duration such as PT4H");
        return None;
    }
    if looks_like_duration(duration) && duration_ms(duration).is_none() {
        let message = format!("'{}' is not a duration of fixed length", clip(duration));
        let mend = "use weeks, days, hours, minutes and seconds in this order, such as P1DT4H";
        reading.defect("bad_duration", event, message, mend);
        return None;
    }
    Some(duration.to_owned())
}

/// Whether the timer goes on while the instance is on hold.
pub(crate) fn keeps_running(element: &crate::Element) -> bool {
    element.properties.get("hold").is_some_and(|value| value == "run")
}

/// Sets the timer event `at` for `token`.
pub(super) fn set(run: &mut Run<'_>, at: usize, token: u32) -> Result<(), FlowError> {
    let element = run.def.at(at);
    let keeps_running_on_hold = keeps_running(element);
    let length = length(run, at, token)?;
    let timer = run.fresh()?;
    let due = run.now.saturating_add(length);
    let id = element.id.clone();
    run.emit(Event::TimerSet { timer, element: id, token, due, keeps_running_on_hold });
    // A timer that keeps running may have brought a token here in the middle of a hold.
    if run.instance.status == Status::Suspended && !keeps_running_on_hold {
        run.emit(Event::TimerHeld { timer, remaining: length });
    }
    Ok(())
}

fn length(run: &mut Run<'_>, at: usize, token: u32) -> Result<i64, FlowError> {
    if let Some(fixed) = run.def.net.fixed[at] {
        return Ok(fixed);
    }
    let element = run.def.at(at);
    let source = element.timer.as_deref().unwrap_or_default();
    run.ask_within(Some(token));
    let asked = run.context.duration(&element.id, source);
    let length = asked.map_err(|message| FlowError::Duration { element: element.id.clone(), message })?;
    Ok(length.clamp(0, LONGEST))
}

/// A timer is said to be due.
pub(crate) fn fire(run: &mut Run<'_>, timer: u32) -> Result<(), FlowError> {
    let found = run.instance.timers.iter().find(|set| set.id == timer);
    let found = found.cloned().ok_or(FlowError::NoTimer { timer })?;
    if found.remaining.is_some() {
        return Err(FlowError::Suspended);
    }
    if found.due > run.now {
        return Err(FlowError::NotDue { timer, due: found.due });
    }
    let at = run.def.index(&found.element)?;
    run.emit(Event::TimerFired { timer, element: found.element, at: run.now });
    super::wait::over(run, at, found.token)
}

/// The hold begins: every timer that does not keep running stands still.
pub(crate) fn hold_all(run: &mut Run<'_>) {
    let stopping = run.instance.timers.iter().filter(|timer| !timer.keeps_running_on_hold);
    let held: Vec<(u32, i64)> = stopping.map(|timer| (timer.id, timer.due.saturating_sub(run.now).max(0))).collect();
    for (timer, remaining) in held {
        run.emit(Event::TimerHeld { timer, remaining });
    }
}

/// The hold is over: every timer that stood still waits for what was left.
pub(crate) fn resume_all(run: &mut Run<'_>) {
    let waiting = run.instance.timers.iter();
    let held: Vec<(u32, i64)> = waiting.filter_map(|timer| timer.remaining.map(|remaining| (timer.id, remaining))).collect();
    for (timer, remaining) in held {
        run.emit(Event::TimerResumed { timer, due: run.now.saturating_add(remaining) });
    }
}
