//! The flow engine alone, on one core: steps, reading and checking of drawings. No server, no database.

use std::fmt::Write as _;
use std::time::Instant;

use flow::{Context, Definition, Instance, Stimulus, advance};

use crate::Outcome;
use crate::bench::Bench;
use crate::stats::{figure, median, verdict};

/// Elements of the drawing that is checked.
const ELEMENTS: usize = 200;

/// Says no to every condition.
struct Quiet;

impl Context for Quiet {
    fn condition(&mut self, _: &str, _: &str) -> Result<bool, String> {
        Ok(false)
    }

    fn decide(&mut self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn duration(&mut self, _: &str, _: &str) -> Result<i64, String> {
        Ok(0)
    }
}

/// Measures and tells.
pub fn run(bench: &Bench) -> Outcome<String> {
    let mut text = String::from(
        "## The flow engine alone\n\nOne core, no database. A *step* is one stimulus with all its events, folded into the instance: \
         start, or an activity completed and everything up to the next rest.\n\n| drawing | elements | steps/s | events/s |\n| --- | ---: | ---: | ---: |\n",
    );
    let mut slowest = f64::MAX;
    for (name, xml) in [("two gateways and a timer", twelve()), ("nested blocks of every gateway", blocks(ELEMENTS))] {
        let def = read(&xml)?;
        let rounds: Outcome<Vec<(f64, f64)>> = (0..bench.args.rounds).map(|_| steps(&def, bench.args.seconds)).collect();
        let (steps, events): (Vec<f64>, Vec<f64>) = rounds?.into_iter().unzip();
        let steps = median(steps);
        slowest = slowest.min(steps);
        writeln!(text, "| {name} | {} | {} | {} |", def.elements().count(), figure(steps), figure(median(events)))?;
    }
    let xml = blocks(ELEMENTS);
    let def = read(&xml)?;
    let parsed = milliseconds(bench.args.rounds, || Definition::parse(&xml).map(drop).is_ok());
    let checked = milliseconds(bench.args.rounds, || def.check().is_empty());
    writeln!(
        text,
        "\nA block-structured drawing of {} elements ({} KB) is read in {} ms.\n",
        def.elements().count(),
        xml.len() / 1024,
        figure(parsed)
    )?;
    writeln!(text, "- steps per second and core, the slower drawing: {}", verdict(slowest, 200_000.0, false))?;
    writeln!(text, "- soundness of {} elements, ms: {}", def.elements().count(), verdict(checked, 50.0, true))?;
    Ok(text)
}

fn read(xml: &str) -> Outcome<Definition> {
    let def = Definition::parse(xml).map_err(|defects| defects[0].to_string())?;
    match def.check().first() {
        Some(defect) => Err(defect.to_string().into()),
        None => Ok(def),
    }
}

/// Steps and events a second.
fn steps(def: &Definition, seconds: f64) -> Outcome<(f64, f64)> {
    let (mut steps, mut events) = (0u64, 0u64);
    let began = Instant::now();
    while began.elapsed().as_secs_f64() < seconds {
        let mut instance = Instance::default();
        let mut stimulus = Stimulus::Start;
        loop {
            let out = advance(def, &instance, &stimulus, 0, &mut Quiet)?;
            out.events.iter().for_each(|event| instance.apply(event));
            steps += 1;
            events += out.events.len() as u64;
            let Some(open) = instance.activities.first() else { break };
            stimulus = Stimulus::Complete { activity: open.id, outcome: None };
        }
    }
    let took = began.elapsed().as_secs_f64();
    Ok((steps as f64 / took, events as f64 / took))
}

/// Median time of one of twenty calls.
fn milliseconds(rounds: usize, mut call: impl FnMut() -> bool) -> f64 {
    let mut one = || {
        let began = Instant::now();
        assert!(call(), "the drawing is sound");
        began.elapsed().as_secs_f64() * 1000.0
    };
    median((0..20 * rounds).map(|_| one()).collect())
}

/// A drawing under way.
#[derive(Default)]
struct Drawing {
    xml: String,
    edges: usize,
    elements: usize,
}

impl Drawing {
    fn element(&mut self, tag: &str, attributes: &str) -> String {
        self.elements += 1;
        let id = format!("e{}", self.elements);
        self.xml.push_str(&format!("<{tag} id='{id}' {attributes}/>"));
        id
    }

    fn user(&mut self) -> String {
        self.element("userTask", "camunda:assignee='x'")
    }

    fn line(&mut self, from: &str, to: &str) -> String {
        self.conditional(from, to, "")
    }

    fn conditional(&mut self, from: &str, to: &str, condition: &str) -> String {
        self.edges += 1;
        let id = format!("f{}", self.edges);
        let inside = if condition.is_empty() {
            String::new()
        } else {
            format!("<conditionExpression language='zen'>{condition}</conditionExpression>")
        };
        self.xml.push_str(&format!("<sequenceFlow id='{id}' sourceRef='{from}' targetRef='{to}'>{inside}</sequenceFlow>"));
        id
    }

    /// A gateway with a branch for each of `inside`, the first the default where there is one.
    fn block(&mut self, kind: &str, inside: &[(String, String)]) -> (String, String) {
        self.elements += 1;
        let split = format!("e{}", self.elements);
        let join = self.element(kind, "");
        let conditions = kind != "parallelGateway";
        let mut default = String::new();
        for (number, (first, last)) in inside.iter().enumerate() {
            let condition = if conditions && number > 0 { "x > 1" } else { "" };
            let edge = self.conditional(&split, first, condition);
            if conditions && number == 0 {
                default = format!(" default='{edge}'");
            }
            self.line(last, &join);
        }
        self.xml.push_str(&format!("<{kind} id='{split}'{default}/>"));
        (split, join)
    }

    fn finish(mut self, first: &str, last: &str) -> String {
        let (start, end) = (self.element("startEvent", ""), self.element("endEvent", ""));
        self.line(&start, first);
        self.line(last, &end);
        let namespaces = "xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:camunda='http://camunda.org/schema/1.0/bpmn'";
        format!("<definitions {namespaces}><process id='p'>{}</process></definitions>", self.xml)
    }
}

/// A small practice: a choice, two branches side by side, a step with a time limit.
fn twelve() -> String {
    let mut drawing = Drawing::default();
    let triage = drawing.user();
    let (a, b) = (drawing.user(), drawing.user());
    let (fork, join) = drawing.block("parallelGateway", &[(a.clone(), a), (b.clone(), b)]);
    let send = drawing.element("sendTask", "camunda:topic='x'");
    let confirm = drawing.user();
    let merge = drawing.element("exclusiveGateway", "");
    let limit = format!("limit{}", drawing.elements);
    drawing.xml.push_str(&format!(
        "<boundaryEvent id='{limit}' attachedToRef='{confirm}'><timerEventDefinition><timeDuration>PT1H</timeDuration>\
         </timerEventDefinition></boundaryEvent>"
    ));
    for (from, to) in [(&triage, &fork), (&join, &send), (&send, &confirm), (&confirm, &merge), (&limit, &merge)] {
        drawing.line(from, to);
    }
    drawing.finish(&triage, &merge)
}

/// Nested blocks of exclusive, parallel and inclusive gateways, one after the other, up to a number of elements.
fn blocks(elements: usize) -> String {
    let mut drawing = Drawing::default();
    let kinds = ["exclusiveGateway", "parallelGateway", "inclusiveGateway"];
    let mut whole: Option<(String, String)> = None;
    for number in 0.. {
        if drawing.elements + 12 > elements {
            break;
        }
        let kind = |offset: usize| kinds[(number + offset) % kinds.len()];
        let (a, b, c) = (drawing.user(), drawing.user(), drawing.user());
        let inner = drawing.block(kind(0), &[(a.clone(), a), (b.clone(), b)]);
        let middle = drawing.block(kind(1), &[inner, (c.clone(), c)]);
        let d = drawing.user();
        let outer = drawing.block(kind(2), &[middle, (d.clone(), d)]);
        whole = Some(match whole {
            None => outer,
            Some((first, last)) => {
                drawing.line(&last, &outer.0);
                (first, outer.1)
            }
        });
    }
    let (mut first, last) = whole.unwrap_or_default();
    while drawing.elements + 2 < elements {
        let before = drawing.user();
        drawing.line(&before, &first);
        first = before;
    }
    drawing.finish(&first, &last)
}
