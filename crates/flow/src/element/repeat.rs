//! Repeated activities (multi-instance): one token for the activity as a whole, and one inside it for each turn.

use super::boundary;
use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::{Node, clip};
use crate::{Event, FlowError, How, Repeat, Times, Token};

/// More turns than anybody can look after; bounds what one stimulus can lead to.
pub(crate) const MOST_TURNS: u32 = 100;

/// Longest text that can stand for an item.
const LONGEST_ITEM: usize = 200;

/// Reads the loop of an activity, if it has one; `None` after its defect has been noted.
pub(crate) fn read(node: &Node, reading: &mut Reading) -> Option<Option<Repeat>> {
    if let Some(standard) = node.all("standardLoopCharacteristics").next() {
        reading.unsupported(node, standard, "standardLoopCharacteristics", "draw the loop with an exclusive gateway");
        return None;
    }
    let Some(marker) = node.all("multiInstanceLoopCharacteristics").next() else { return Some(None) };
    if !matches!(node.name.as_str(), "userTask" | "subProcess" | "callActivity") || node.attribute("triggeredByEvent") == Some("true") {
        let mend = "repeat a user task, a sub-process or a call activity";
        reading.unsupported(node, marker, "repeating this element", mend);
        return None;
    }
    let times = times(node, marker, reading)?;
    let until = match marker.all("completionCondition").next() {
        Some(condition) => Some(expression(node, condition, reading)?),
        None => None,
    };
    Some(Some(Repeat { sequential: marker.attribute("isSequential") == Some("true"), times, until }))
}

fn times(node: &Node, marker: &Node, reading: &mut Reading) -> Option<Times> {
    for (name, known) in [("behavior", "All"), ("elementVariable", "item")] {
        let given = if name == "behavior" { marker.attribute(name) } else { marker.camunda(name) };
        if let Some(given) = given.filter(|given| *given != known) {
            let mend = format!("remove it; only '{known}' is known");
            reading.unsupported(node, marker, &format!("{name} '{}'", clip(given)), &mend);
            return None;
        }
    }
    for other in ["loopDataInputRef", "inputDataItem", "loopDataOutputRef", "outputDataItem", "complexBehaviorDefinition"] {
        if let Some(found) = marker.all(other).next() {
            reading.unsupported(node, found, other, "give camunda:collection instead");
            return None;
        }
    }
    match (marker.camunda("collection"), marker.all("loopCardinality").next()) {
        (Some(list), None) => Some(Times::Each(list.to_owned())),
        (None, Some(number)) => {
            let source = number.text.trim();
            if let Ok(literal) = source.parse::<u32>() {
                if literal == 0 || literal > MOST_TURNS {
                    let message = format!("it is repeated {literal} times");
                    reading.defect("bad_repetition", node, message, &format!("repeat it 1 to {MOST_TURNS} times"));
                    return None;
                }
                return Some(Times::Number(source.to_owned()));
            }
            expression(node, number, reading).map(Times::Number)
        }
        _ => {
            let mend = "give either a loop cardinality or camunda:collection";
            reading.defect("bad_repetition", node, "it does not say how often it is repeated", mend);
            None
        }
    }
}

fn expression(node: &Node, expression: &Node, reading: &mut Reading) -> Option<String> {
    let source = expression.text.trim();
    if source.is_empty() {
        reading.defect("bad_repetition", node, format!("its {} is empty", expression.name), "write the expression or remove it");
        return None;
    }
    if expression.attribute("language") != Some("zen") {
        let message =
            format!("the language of its {} is '{}'", expression.name, clip(expression.attribute("language").unwrap_or_default()));
        reading.defect("condition_language", node, message, "set language=\"zen\" on the expression");
        return None;
    }
    Some(source.to_owned())
}

/// The activity begins: its boundary events wait for it as a whole, then its turns begin.
pub(super) fn begin(run: &mut Run<'_>, flight: Flight, repeat: &Repeat) -> Result<(), FlowError> {
    let (total, items) = turns(run, flight, repeat)?;
    let token = run.enter(&flight)?;
    let element = run.def.at(flight.to).id.clone();
    run.emit(Event::Repeats { token, element, total, items });
    boundary::arm(run, flight, token)?;
    if total == 0 {
        return finish(run, flight.to, token);
    }
    let last = if repeat.sequential { 1 } else { total };
    for turn in (1..=last).rev() {
        run.fly(Flight { turn: Some(turn), ..Flight::to(flight.to, Some(token)) });
    }
    Ok(())
}

/// How many turns, and what they are for.
fn turns(run: &mut Run<'_>, flight: Flight, repeat: &Repeat) -> Result<(u32, Vec<String>), FlowError> {
    let id = &run.def.at(flight.to).id;
    let refuse = |message: String| FlowError::Repetition { element: id.clone(), message };
    run.ask_within(flight.scope);
    let (total, items) = match &repeat.times {
        Times::Number(source) => match source.parse() {
            Ok(literal) => (literal, Vec::new()),
            Err(_) => (run.context.times(id, source).map_err(refuse)?, Vec::new()),
        },
        Times::Each(source) => {
            let items = run.context.items(id, source).map_err(refuse)?;
            (u32::try_from(items.len()).unwrap_or(u32::MAX), items)
        }
    };
    if total > MOST_TURNS {
        return Err(refuse(format!("{total} turns are more than {MOST_TURNS}")));
    }
    if let Some(item) = items.iter().find(|item| item.len() > LONGEST_ITEM) {
        return Err(refuse(format!("the item '{}' is too long", clip(item))));
    }
    Ok((total, items))
}

/// A turn is over and its token `left`. The next begins, or the activity is done.
pub(crate) fn turn_over(run: &mut Run<'_>, at: usize, whole: u32, left: &Token) -> Result<(), FlowError> {
    let Some((total, started)) = run.instance.repetition(whole).map(|kept| (kept.total, kept.started)) else { return Ok(()) };
    let under_way = run.tokens_in(Some(whole)).len();
    let done = started.saturating_sub(u32::try_from(under_way).unwrap_or(u32::MAX));
    if done >= total {
        return finish(run, at, whole);
    }
    let def = run.def;
    let Some(repeat) = def.at(at).repeat.as_ref() else { return Ok(()) };
    if let Some(source) = repeat.until.as_deref() {
        let mut turns = run.turns(Some(whole));
        turns.extend(run.turn(left));
        run.tell(turns);
        let id = &def.at(at).id;
        let asked = run.context.condition(id, source);
        if asked.map_err(|message| FlowError::Repetition { element: id.clone(), message })? {
            run.ground(Some(whole));
            for token in run.tokens_in(Some(whole)) {
                run.withdraw(token, How::Interrupted);
            }
            return finish(run, at, whole);
        }
    }
    if repeat.sequential {
        run.fly(Flight { turn: Some(started.saturating_add(1)), ..Flight::to(at, Some(whole)) });
    }
    Ok(())
}

/// The activity as a whole is over.
fn finish(run: &mut Run<'_>, at: usize, whole: u32) -> Result<(), FlowError> {
    let scope = run.instance.token(whole).and_then(|token| token.scope);
    run.detach(whole);
    run.leave(whole, at);
    run.take_all(at, scope);
    run.settle(scope)
}
