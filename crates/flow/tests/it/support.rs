//! A context that is told what holds, and a way to drive an instance by names of elements.

use std::collections::BTreeMap;

use flow::{Advance, Context, Definition, FlowError, Instance, Stimulus, Turn, advance};

/// Answers from lists and writes down what it was asked.
#[derive(Default)]
pub struct Told {
    pub holds: Vec<String>,
    pub durations: BTreeMap<String, i64>,
    pub keys: BTreeMap<String, String>,
    pub lists: BTreeMap<String, Vec<String>>,
    pub asked: Vec<String>,
    within: Vec<Turn>,
}

impl Told {
    fn note(&mut self, element: &str, source: &str) {
        let turns: Vec<String> = self.within.iter().map(said).collect();
        let within = if turns.is_empty() { String::new() } else { format!(" within {}", turns.join(", ")) };
        self.asked.push(format!("{element}: {source}{within}"));
    }
}

fn said(turn: &Turn) -> String {
    let item = turn.item.as_ref().map_or(String::new(), |item| format!(" '{item}'"));
    format!("{} {}/{}{item}, {} done", turn.element, turn.number, turn.total, turn.done)
}

impl Context for Told {
    fn condition(&mut self, element: &str, source: &str) -> Result<bool, String> {
        self.note(element, source);
        Ok(self.holds.iter().any(|held| held == source))
    }

    fn decide(&mut self, element: &str, decision: &str) -> Result<(), String> {
        self.note(element, decision);
        if decision == "broken" { Err("the table is broken".to_owned()) } else { Ok(()) }
    }

    fn duration(&mut self, element: &str, source: &str) -> Result<i64, String> {
        self.note(element, source);
        self.durations.get(source).copied().ok_or_else(|| format!("{source} is unknown"))
    }

    fn key(&mut self, element: &str, source: &str) -> Result<String, String> {
        self.note(element, source);
        self.keys.get(source).cloned().ok_or_else(|| format!("{source} is unknown"))
    }

    fn times(&mut self, element: &str, source: &str) -> Result<u32, String> {
        self.note(element, source);
        self.durations.get(source).and_then(|times| u32::try_from(*times).ok()).ok_or_else(|| format!("{source} is unknown"))
    }

    fn items(&mut self, element: &str, source: &str) -> Result<Vec<String>, String> {
        self.note(element, source);
        self.lists.get(source).cloned().ok_or_else(|| format!("{source} is unknown"))
    }

    fn within(&mut self, turns: Vec<Turn>) {
        self.within = turns;
    }
}

pub struct Play {
    pub def: Definition,
    pub instance: Instance,
    pub now: i64,
    pub told: Told,
}

impl Play {
    pub fn new(xml: &str) -> Self {
        let def = Definition::parse(xml).unwrap_or_else(|defects| panic!("{defects:#?}"));
        Self { def, instance: Instance::default(), now: 0, told: Told::default() }
    }

    pub fn fixture(name: &str) -> Self {
        Self::new(&fixture(name))
    }

    pub fn started(name: &str) -> Self {
        let mut play = Self::fixture(name);
        play.act(&Stimulus::Start).unwrap();
        play
    }

    /// Lets a stimulus act; the fold of its events is checked on the way.
    pub fn act(&mut self, stimulus: &Stimulus) -> Result<Advance, FlowError> {
        let before = self.instance.clone();
        let out = advance(&self.def, &self.instance, stimulus, self.now, &mut self.told)?;
        assert_eq!(before, self.instance);
        out.events.iter().for_each(|event| self.instance.apply(event));
        Ok(out)
    }

    pub fn activity(&self, element: &str) -> u32 {
        let found = self.instance.activities.iter().find(|open| open.element == element);
        found.unwrap_or_else(|| panic!("{element} is not open: {:?}", self.instance.activities)).id
    }

    pub fn call(&self, element: &str) -> u32 {
        let found = self.instance.calls.iter().find(|open| open.element == element);
        found.unwrap_or_else(|| panic!("{element} calls nothing: {:?}", self.instance.calls)).id
    }

    pub fn timer(&self, element: &str) -> u32 {
        let found = self.instance.timers.iter().find(|set| set.element == element);
        found.unwrap_or_else(|| panic!("{element} is not set: {:?}", self.instance.timers)).id
    }

    pub fn complete(&mut self, element: &str, outcome: Option<&str>) -> Result<Advance, FlowError> {
        let activity = self.activity(element);
        self.act(&Stimulus::Complete { activity, outcome: outcome.map(str::to_owned) })
    }

    pub fn fire(&mut self, element: &str) -> Result<Advance, FlowError> {
        let timer = self.timer(element);
        self.act(&Stimulus::FireTimer { timer })
    }

    pub fn open(&self) -> Vec<&str> {
        self.instance.activities.iter().map(|open| open.element.as_str()).collect()
    }
}

pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}.bpmn", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A whole file around the inside of a process. The inside starts in line 4.
pub fn process(inside: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\">\n\
         <message id=\"word\" name=\"word\" /><message id=\"beside\" name=\"beside\" /><signal id=\"sig\" name=\"sig\" />\
         <error id=\"err\" errorCode=\"err\" /><error id=\"err2\" errorCode=\"err2\" />\
         <escalation id=\"esc\" escalationCode=\"esc\" /><escalation id=\"esc2\" escalationCode=\"esc2\" />\n\
         <process id=\"p\">\n{inside}\n</process></definitions>"
    )
}

/// Writes `<tag id="…"/>` and `a -> b` lines as BPMN: enough to draw a flow in a test.
///
/// `start s`, `end e`, `kill k`, `user u`, `send t`, `xor g default_edge?`, `and g`, `edge a b`, `cond a b` and so on; `sub b`
/// and `on b trigger` open what `bus` closes.
pub fn draw(lines: &str) -> String {
    let mut inside = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let text = match words.as_slice() {
            ["start", id] => format!("<startEvent id='{id}'/>"),
            ["end", id] => format!("<endEvent id='{id}'/>"),
            ["kill", id] => format!("<endEvent id='{id}'><terminateEventDefinition/></endEvent>"),
            ["user", id] => format!("<userTask id='{id}' camunda:assignee='x'/>"),
            ["send", id] => format!("<sendTask id='{id}' camunda:topic='x'/>"),
            ["xor", id] => format!("<exclusiveGateway id='{id}'/>"),
            ["xor", id, default] => format!("<exclusiveGateway id='{id}' default='{default}'/>"),
            ["and", id] => format!("<parallelGateway id='{id}'/>"),
            ["or", id] => format!("<inclusiveGateway id='{id}'/>"),
            ["or", id, default] => format!("<inclusiveGateway id='{id}' default='{default}'/>"),
            ["first", id] => format!("<eventBasedGateway id='{id}'/>"),
            ["receive", id] => format!("<receiveTask id='{id}' messageRef='word'/>"),
            ["call", id] => format!("<callActivity id='{id}' calledElement='other'/>"),
            ["mark", id] => format!("<intermediateThrowEvent id='{id}'/>"),
            ["post", id] => {
                format!("<intermediateThrowEvent id='{id}'><messageEventDefinition messageRef='word'/></intermediateThrowEvent>")
            }
            ["signal", id] => format!("<intermediateThrowEvent id='{id}'>{SIGNAL}</intermediateThrowEvent>"),
            ["listen", id] => format!("<intermediateCatchEvent id='{id}'>{SIGNAL}</intermediateCatchEvent>"),
            ["keyed", id] => format!(
                "<intermediateCatchEvent id='{id}'><extensionElements><camunda:properties><camunda:property name='correlation' value='key'/>\
                 </camunda:properties></extensionElements><messageEventDefinition messageRef='word'/></intermediateCatchEvent>"
            ),
            ["shout", id, code] => format!("<intermediateThrowEvent id='{id}'>{}</intermediateThrowEvent>", escalation(code)),
            ["shoutend", id, code] => format!("<endEvent id='{id}'>{}</endEvent>", escalation(code)),
            ["wrong", id, code] => format!("<endEvent id='{id}'>{}</endEvent>", error(code)),
            ["mend", id, host, code] => format!("<boundaryEvent id='{id}' attachedToRef='{host}'>{}</boundaryEvent>", error(code)),
            ["heed", id, host, code] => format!("<boundaryEvent id='{id}' attachedToRef='{host}'>{}</boundaryEvent>", escalation(code)),
            ["note", id, host, code] => {
                format!("<boundaryEvent id='{id}' attachedToRef='{host}' cancelActivity='false'>{}</boundaryEvent>", escalation(code))
            }
            ["many", "user", id, how] => format!("<userTask id='{id}' camunda:assignee='x'>{}</userTask>", many(how)),
            ["many", "call", id, how] => format!("<callActivity id='{id}' calledElement='other'>{}</callActivity>", many(how)),
            ["many", "sub", id, how] => format!("<subProcess id='{id}'>{}", many(how)),
            ["on", id, trigger] => format!("<subProcess id='{id}' triggeredByEvent='true'>{}", begins(id, trigger, true)),
            ["on", id, trigger, "aside"] => format!("<subProcess id='{id}' triggeredByEvent='true'>{}", begins(id, trigger, false)),
            ["sub", id] => format!("<subProcess id='{id}'>"),
            ["bus"] => "</subProcess>".to_owned(),
            ["wait", id] => format!("<intermediateCatchEvent id='{id}'>{TIMER}</intermediateCatchEvent>"),
            ["catch", id] => {
                format!("<intermediateCatchEvent id='{id}'><messageEventDefinition messageRef='word'/></intermediateCatchEvent>")
            }
            ["limit", id, host] => format!("<boundaryEvent id='{id}' attachedToRef='{host}'>{TIMER}</boundaryEvent>"),
            ["aside", id, host] => {
                format!("<boundaryEvent id='{id}' attachedToRef='{host}' cancelActivity='false'>{TIMER}</boundaryEvent>")
            }
            ["hear", id, host] => {
                format!(
                    "<boundaryEvent id='{id}' attachedToRef='{host}' cancelActivity='false'>\
                     <messageEventDefinition messageRef='word'/></boundaryEvent>"
                )
            }
            ["edge", from, to] => format!("<sequenceFlow id='{from}-{to}' sourceRef='{from}' targetRef='{to}'/>"),
            ["cond", from, to] => format!(
                "<sequenceFlow id='{from}-{to}' sourceRef='{from}' targetRef='{to}'>\
                 <conditionExpression language='zen'>{from}_{to}</conditionExpression></sequenceFlow>"
            ),
            _ => panic!("cannot draw {line}"),
        };
        inside.push_str(&text);
        inside.push('\n');
    }
    process(&inside)
}

fn error(code: &str) -> String {
    if code == "any" { "<errorEventDefinition/>".to_owned() } else { format!("<errorEventDefinition errorRef='{code}'/>") }
}

fn escalation(code: &str) -> String {
    if code == "any" { "<escalationEventDefinition/>".to_owned() } else { format!("<escalationEventDefinition escalationRef='{code}'/>") }
}

/// `par` and `seq` by a number, `each` by a list, `until` with an end before the end.
fn many(how: &str) -> String {
    let open = |rest: &str| format!("<multiInstanceLoopCharacteristics{rest}>");
    let number = "<loopCardinality language='zen'>times</loopCardinality>";
    let inside = match how {
        "par" => format!("{}{number}", open("")),
        "seq" => format!("{}{number}", open(" isSequential='true'")),
        "each" => open(" camunda:collection='list'"),
        "until" => format!("{}{number}<completionCondition language='zen'>enough</completionCondition>", open("")),
        _ => panic!("cannot repeat {how}"),
    };
    format!("{inside}</multiInstanceLoopCharacteristics>")
}

/// The start event of an event sub-process, called after it with an `s` behind.
fn begins(id: &str, trigger: &str, interrupting: bool) -> String {
    let definition = match trigger {
        "timer" => TIMER.to_owned(),
        "signal" => SIGNAL.to_owned(),
        "message" => "<messageEventDefinition messageRef='beside'/>".to_owned(),
        "error" => error("any"),
        "escalation" => escalation("any"),
        _ => panic!("cannot begin with {trigger}"),
    };
    format!("<startEvent id='{id}s' isInterrupting='{interrupting}'>{definition}</startEvent>")
}

const SIGNAL: &str = "<signalEventDefinition signalRef='sig'/>";
const TIMER: &str = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
