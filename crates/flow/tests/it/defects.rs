//! Every defect has a code, a place, a message and a mend.

use flow::{Defect, Definition};

use crate::support::{draw, fixture, process};

const BASE: &str = "<startEvent id='s'/>\n<userTask id='u' camunda:assignee='x'/>\n<endEvent id='e'/>\n\
                    <sequenceFlow id='f' sourceRef='s' targetRef='u'/>\n<sequenceFlow id='g' sourceRef='u' targetRef='e'/>\n";

fn found(xml: &str) -> Vec<Defect> {
    match Definition::parse(xml) {
        Err(defects) => defects,
        Ok(def) => def.check(),
    }
}

/// Codes with element and line, and the promise every defect keeps.
fn places(xml: &str) -> Vec<(&'static str, String, u32)> {
    let found = found(xml);
    for defect in &found {
        assert!(!defect.message.is_empty() && !defect.mend.is_empty(), "{defect:?}");
        assert!(defect.to_string().contains(defect.code) && defect.to_string().contains(&defect.mend));
    }
    found.iter().map(|d| (d.code, d.element.clone().unwrap_or_default(), d.line.unwrap_or_default())).collect()
}

/// Adds `more` (from line 9 on) to a good flow and names what is found.
fn added(more: &str) -> Vec<(&'static str, String, u32)> {
    places(&process(&format!("{BASE}{more}")))
}

/// Changes the good flow.
fn changed(from: &str, to: &str) -> Vec<(&'static str, String, u32)> {
    assert!(BASE.contains(from), "{from}");
    places(&process(&BASE.replacen(from, to, 1)))
}

fn at(code: &'static str, element: &str, line: u32) -> (&'static str, String, u32) {
    (code, element.to_owned(), line)
}

#[test]
fn the_good_flow_is_good() {
    assert_eq!(added(""), []);
    assert_eq!(places(&fixture("decorated")), []);
}

#[test]
fn ids_are_given_once_and_well_formed() {
    assert_eq!(added("<manualTask id='u'/>"), [at("duplicate_id", "u", 9)]);
    assert_eq!(added("<sequenceFlow id='u' sourceRef='s' targetRef='e'/>"), [at("duplicate_id", "u", 9)]);
    assert_eq!(added("<manualTask/>"), [at("missing_id", "", 9)]);
    assert_eq!(added("<manualTask id='a b'/>"), [at("bad_id", "a b", 9)]);
    let long = "x".repeat(201);
    assert_eq!(added(&format!("<manualTask id='{long}'/>"))[0].0, "bad_id");
}

#[test]
fn references_lead_somewhere() {
    assert_eq!(changed("targetRef='e'", "targetRef='nowhere'"), [at("dangling_reference", "g", 8)]);
    assert_eq!(changed("sourceRef='s' ", ""), [at("dangling_reference", "f", 7)]);
    // An id that belongs to no element is as bad as none.
    assert_eq!(changed("targetRef='e'", "targetRef='f'"), [at("dangling_reference", "g", 8)]);
    let timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
    let boundary = |host: &str| format!("<boundaryEvent id='b' attachedToRef='{host}'>{timer}</boundaryEvent>");
    assert_eq!(added(&boundary("nobody")), [at("dangling_reference", "b", 9)]);
    assert_eq!(added(&boundary("e")), [at("boundary_host", "b", 9)]);
    let catch = "<intermediateCatchEvent id='c'><messageEventDefinition messageRef='none'/></intermediateCatchEvent>";
    assert_eq!(added(catch), [at("dangling_reference", "c", 9)]);
    let catch = catch.replace("messageRef='none'", "");
    assert_eq!(added(&catch), [at("missing_message", "c", 9)]);
}

#[test]
fn edges_keep_to_their_scope_and_direction() {
    let sub = "<subProcess id='sub'>\n<startEvent id='s2'/>\n<endEvent id='e2'/>\n\
               <sequenceFlow id='in' sourceRef='s2' targetRef='e2'/>\n</subProcess>\n";
    let cross = format!("{sub}<sequenceFlow id='x' sourceRef='u' targetRef='e2'/>");
    assert_eq!(added(&cross), [at("crosses_scope", "x", 14)]);
    assert_eq!(added("<sequenceFlow id='x' sourceRef='u' targetRef='s'/>"), [at("start_with_incoming", "x", 9)]);
    assert_eq!(added("<sequenceFlow id='x' sourceRef='e' targetRef='u'/>"), [at("end_with_outgoing", "x", 9)]);
    let boundary = "<boundaryEvent id='b' attachedToRef='u'><messageEventDefinition messageRef='word'/></boundaryEvent>\
                    <sequenceFlow id='x' sourceRef='b' targetRef='e'/>";
    assert_eq!(added(boundary), []);
    let into = format!("{boundary}<sequenceFlow id='y' sourceRef='u' targetRef='b'/>");
    assert_eq!(added(&into), [at("boundary_with_incoming", "y", 9)]);
}

#[test]
fn each_scope_starts_once() {
    assert_eq!(added("<startEvent id='s2'/>"), [at("several_starts", "s2", 9)]);
    assert_eq!(places(&process("<endEvent id='e'/>")), [at("missing_start", "", 3)]);
    assert_eq!(added("<subProcess id='sub'>\n</subProcess>"), [at("missing_start", "sub", 9)]);
}

#[test]
fn what_cannot_be_run_is_never_ignored() {
    for (more, line) in [
        ("<task id='t'/>", 9),
        ("<scriptTask id='t'/>", 9),
        ("<receiveTask id='t' messageRef='word' instantiate='true'/>", 9),
        ("<complexGateway id='t'/>", 9),
        ("<eventBasedGateway id='t' instantiate='true'/>", 9),
        ("<eventBasedGateway id='t' eventGatewayType='Parallel'/>", 9),
        ("<transaction id='t'/>", 9),
        ("<adHocSubProcess id='t'/>", 9),
        ("<intermediateThrowEvent id='t'>\n<compensateEventDefinition/></intermediateThrowEvent>", 10),
        ("<intermediateThrowEvent id='t'>\n<linkEventDefinition name='there'/></intermediateThrowEvent>", 10),
        ("<intermediateThrowEvent id='t'><errorEventDefinition/></intermediateThrowEvent>", 9),
        ("<intermediateCatchEvent id='t'>\n<linkEventDefinition name='there'/></intermediateCatchEvent>", 10),
        ("<intermediateCatchEvent id='t'>\n<conditionalEventDefinition/></intermediateCatchEvent>", 10),
        ("<intermediateCatchEvent id='t'><errorEventDefinition/></intermediateCatchEvent>", 9),
        ("<boundaryEvent id='t' attachedToRef='u'>\n<conditionalEventDefinition/></boundaryEvent>", 10),
        ("<boundaryEvent id='t' attachedToRef='u'>\n<cancelEventDefinition/></boundaryEvent>", 10),
        ("<boundaryEvent id='t' attachedToRef='u' cancelActivity='false'><errorEventDefinition/></boundaryEvent>", 9),
        ("<endEvent id='t'>\n<cancelEventDefinition/></endEvent>", 10),
        ("<somethingNew id='t'/>", 9),
        ("<receiveTask id='t' messageRef='word'>\n<multiInstanceLoopCharacteristics/></receiveTask>", 10),
        ("<userTask id='t'>\n<multiInstanceLoopCharacteristics behavior='One'/></userTask>", 10),
        (
            "<userTask id='t'><multiInstanceLoopCharacteristics>\n<loopDataInputRef>a</loopDataInputRef></multiInstanceLoopCharacteristics></userTask>",
            10,
        ),
        ("<userTask id='t'>\n<multiInstanceLoopCharacteristics camunda:collection='a' camunda:elementVariable='one'/></userTask>", 10),
        ("<userTask id='t'>\n<standardLoopCharacteristics/></userTask>", 10),
        (
            "<subProcess id='t'><startEvent id='s2'/><endEvent id='e2'/><sequenceFlow id='i' sourceRef='s2' targetRef='e2'/>\n<standardLoopCharacteristics/></subProcess>",
            10,
        ),
        ("<userTask id='t' isForCompensation='true'/>", 9),
        ("<userTask id='t'><extensionElements>\n<camunda:taskListener/></extensionElements></userTask>", 10),
        ("<serviceTask id='t' camunda:topic='x' camunda:class='Code'/>", 9),
        ("<userTask id='t' camunda:candidateUsers='a'/>", 9),
        ("<endEvent id='t'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></endEvent>", 9),
        ("<intermediateCatchEvent id='t'/>", 9),
        ("<boundaryEvent id='t' attachedToRef='u'/>", 9),
        (
            "<intermediateCatchEvent id='t'><timerEventDefinition>\n<timeCycle>R/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>",
            10,
        ),
        ("<intermediateCatchEvent id='t'><timerEventDefinition/>\n<messageEventDefinition/></intermediateCatchEvent>", 10),
    ] {
        assert_eq!(added(more), [at("unsupported", "t", line)], "{more}");
    }
    // One defect for the element, none for what was connected to it.
    let connected = "<task id='t'/><sequenceFlow id='x' sourceRef='u' targetRef='t'/>";
    assert_eq!(added(connected), [at("unsupported", "t", 9)]);
    let waiting = changed("<startEvent id='s'/>", "<startEvent id='s'><messageEventDefinition messageRef='word'/></startEvent>");
    assert_eq!(waiting, [at("unsupported", "s", 4)]);
}

#[test]
fn tasks_say_what_they_need() {
    assert_eq!(changed(" camunda:assignee='x'", ""), [at("missing_owner", "u", 5)]);
    assert_eq!(changed(" camunda:assignee='x'", " camunda:assignee='  '"), [at("missing_owner", "u", 5)]);
    assert_eq!(added("<sendTask id='t'/>"), [at("missing_topic", "t", 9)]);
    assert_eq!(added("<serviceTask id='t'/>"), [at("missing_topic", "t", 9)]);
    assert_eq!(added("<businessRuleTask id='t'/>"), [at("missing_decision", "t", 9)]);
}

#[test]
fn timers_have_a_fixed_length() {
    let timer = |duration: &str| {
        format!(
            "<intermediateCatchEvent id='t'><timerEventDefinition><timeDuration>{duration}</timeDuration>\
             </timerEventDefinition></intermediateCatchEvent>"
        )
    };
    assert_eq!(added(&timer("P1M")), [at("bad_duration", "t", 9)]);
    assert_eq!(added(&timer("P999999D")), [at("bad_duration", "t", 9)]);
    assert_eq!(added(&timer("  ")), [at("missing_timer", "t", 9)]);
}

#[test]
fn properties_are_given_once() {
    let properties = |inside: &str| {
        let open = "<userTask id='u' camunda:assignee='x'><extensionElements><camunda:properties>";
        let close = "</camunda:properties></extensionElements></userTask>";
        changed("<userTask id='u' camunda:assignee='x'/>", &format!("{open}{inside}{close}"))
    };
    assert_eq!(properties("<camunda:property name='state' value='a'/>"), []);
    let twice = "<camunda:property name='state' value='a'/>\n<camunda:property name='state' value='b'/>";
    assert_eq!(properties(twice), [at("bad_property", "u", 6)]);
    assert_eq!(properties("<camunda:property value='a'/>"), [at("bad_property", "u", 5)]);
    assert_eq!(properties("<camunda:property name='outcomes' value='a, b,a'/>"), [at("bad_property", "u", 5)]);
    let hold = fixture("hold").replace("value=\"run\"", "value=\"maybe\"");
    assert_eq!(places(&hold), [at("bad_property", "vendor_limit", 8)]);
}

#[test]
fn decisions_are_complete() {
    let gateway = |edges: &str| draw(&format!("start s\nxor g g-a\nuser a\nuser b\nend e\nedge s g\nedge a e\nedge b e\n{edges}"));
    assert_eq!(places(&gateway("edge g a\ncond g b")), []);
    assert_eq!(places(&gateway("edge g a\nedge g b")), [at("missing_condition", "g-b", 13)]);
    assert_eq!(places(&gateway("cond g a\ncond g b")), [at("condition_on_default", "g-a", 12)]);
    let without = gateway("edge g a\ncond g b").replace(" default='g-a'", "");
    assert_eq!(places(&without), [at("missing_default", "g", 5), at("missing_condition", "g-a", 12)]);
    let foreign = gateway("edge g a\ncond g b").replace("default='g-a'", "default='a-e'");
    assert_eq!(places(&foreign)[0], at("bad_default", "g", 5));
    let language = gateway("edge g a\ncond g b").replace("language='zen'", "language='feel'");
    assert_eq!(places(&language), [at("condition_language", "g-b", 13)]);
    let none = gateway("edge g a\ncond g b").replace(" language='zen'", "");
    assert_eq!(places(&none), [at("condition_language", "g-b", 13)]);
    let empty = gateway("edge g a\ncond g b").replace("g_b", " ");
    assert_eq!(places(&empty), [at("missing_condition", "g-b", 13)]);
    let unused = draw("start s\nuser u\nend e\nedge s u\ncond u e");
    assert_eq!(places(&unused), [at("condition_unused", "u-e", 8)]);
}

#[test]
fn every_line_leads_from_the_start_to_an_end() {
    assert_eq!(added("<manualTask id='m'/><sequenceFlow id='x' sourceRef='m' targetRef='u'/>"), [at("unreachable", "m", 9)]);
    let stub = draw("start s\nuser u\nedge s u");
    assert_eq!(places(&stub), [at("no_end", "s", 4), at("no_way_out", "u", 5)]);
    let circle = draw("start s\nuser a\nuser b\nend e\nedge s a\nedge a b\nedge b a");
    let codes: Vec<_> = places(&circle).into_iter().map(|(code, id, _)| (code, id)).collect();
    let expected = [("no_end", "s"), ("no_end", "a"), ("no_end", "b"), ("unreachable", "e")];
    assert_eq!(codes, expected.map(|(code, id)| (code, id.to_owned())));
    assert_eq!(added("<sequenceFlow id='x' sourceRef='u' targetRef='e'/>"), [at("implicit_split", "u", 5)]);
    // An interrupting boundary event is a way out, one beside the task is not.
    let rescued = |kind: &str| draw(&format!("start s\nuser a\nuser b\n{kind} l a\nend e\nedge s a\nedge a b\nedge b a\nedge l e"));
    assert_eq!(places(&rescued("limit")), []);
    assert_eq!(places(&rescued("aside")), [at("no_end", "s", 4), at("no_end", "a", 5), at("no_end", "b", 6)]);
}

#[test]
fn what_runs_at_once_comes_to_rest() {
    let drawing = "start s\nsub box\nstart s2\nsend t\nend e2\nedge s2 t\nedge t e2\nbus\nlimit l box\nend e\n\
                   edge s box\nedge box box\nedge l e";
    // The limit never gets a chance: the box is done in no time, again and again.
    assert_eq!(places(&draw(drawing)), [at("endless", "box", 5)]);
    assert_eq!(places(&draw(&drawing.replace("send t", "user t"))), []);
    let decided = drawing.replace("edge box box", "xor x x-box\nedge box x\nedge x box\ncond x e");
    // That a gateway may leave the circle does not help: nothing in it waits for its condition to change.
    assert_eq!(places(&draw(&decided)), [at("endless", "box", 5)]);
    assert_eq!(places(&draw(&decided.replace("send t", "wait t"))), []);
}

#[test]
fn a_join_of_what_waits_breaks_a_circle() {
    let drawing = "start s\nxor m\nand f\nuser a\nsend b\nand j\nxor x x-e\nend e\n\
                   edge s m\nedge m f\nedge f a\nedge f b\nedge a j\nedge b j\nedge j x\nedge x e\ncond x m";
    assert_eq!(places(&draw(drawing)), []);
    assert_eq!(places(&draw(&drawing.replace("user a", "send a"))), [at("endless", "m", 5)]);
}

#[test]
fn files_are_bpmn_with_one_process() {
    let wrap = |inside: &str| format!("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>\n{inside}\n</definitions>");
    assert_eq!(places("<html/>"), [at("not_bpmn", "", 1)]);
    assert_eq!(places("<definitions xmlns='http://www.omg.org/spec/DMN/20151101/dmn.xsd'/>"), [at("not_bpmn", "", 1)]);
    assert_eq!(places(&wrap("")), [at("no_process", "", 1)]);
    assert_eq!(places(&wrap("<process id='a'/>\n<process id='b'/>")), [at("several_processes", "b", 3)]);
    assert_eq!(places(&wrap("<process/>")), [at("missing_id", "", 2)]);
    assert_eq!(places(&wrap("<message id='m'/><process id='p'/>"))[0], at("missing_message", "m", 2));
}

#[test]
fn several_faults_are_told_together() {
    let xml = process(
        "<userTask id='a'/>\n<userTask id='a'/>\n<task id='t'/>\n<sequenceFlow id='f' sourceRef='a' targetRef='q'/>\n<serviceTask id='x'/>",
    );
    let codes: Vec<&str> = places(&xml).into_iter().map(|(code, _, _)| code).collect();
    assert_eq!(codes, ["duplicate_id", "unsupported", "dangling_reference", "missing_topic"]);
}

#[test]
fn events_say_what_they_set_off_and_wait_for() {
    let end = |definition: &str| {
        format!("<endEvent id='t'>{definition}</endEvent><sequenceFlow id='x' sourceRef='m' targetRef='t'/><manualTask id='m'/>")
    };
    for (definition, code) in [
        ("<errorEventDefinition/>", "missing_error"),
        ("<escalationEventDefinition/>", "missing_escalation"),
        ("<signalEventDefinition/>", "missing_signal"),
        ("<messageEventDefinition/>", "missing_message"),
        ("<errorEventDefinition errorRef='esc'/>", "dangling_reference"),
        ("<escalationEventDefinition escalationRef='err'/>", "dangling_reference"),
        ("<signalEventDefinition signalRef='word'/>", "dangling_reference"),
    ] {
        assert_eq!(added(&end(definition)), [at(code, "t", 9)], "{definition}");
    }
    assert_eq!(added("<receiveTask id='t'/>"), [at("missing_message", "t", 9)]);
    assert_eq!(added("<callActivity id='t' calledElement=' '/>"), [at("missing_called", "t", 9)]);
    let declared = |declaration: &str| {
        let xml = process(BASE).replacen("<message id=\"word\"", &format!("{declaration}<message id=\"word\""), 1);
        places(&xml)
    };
    assert_eq!(declared("<signal id='d'/>"), [at("missing_signal", "d", 2)]);
    assert_eq!(declared("<error id='d'/>"), [at("missing_error", "d", 2)]);
    assert_eq!(declared("<escalation id='d' escalationCode=' '/>"), [at("missing_escalation", "d", 2)]);
    assert_eq!(declared("<error id='d' name='named'/>"), []);
}

#[test]
fn boundary_events_stand_where_they_can_happen() {
    let boundary = |host: &str, definition: &str| {
        format!(
            "<callActivity id='c' calledElement='other'/><boundaryEvent id='b' attachedToRef='{host}'>{definition}</boundaryEvent>\
             <sequenceFlow id='x' sourceRef='b' targetRef='e'/><sequenceFlow id='y' sourceRef='c' targetRef='e'/>"
        )
    };
    assert_eq!(added(&boundary("u", "<errorEventDefinition/>")), [at("boundary_host", "b", 9)]);
    assert_eq!(added(&boundary("u", "<escalationEventDefinition/>")), [at("boundary_host", "b", 9)]);
    assert_eq!(added(&boundary("c", "<escalationEventDefinition/>")), [at("boundary_host", "b", 9)]);
    assert_eq!(added(&boundary("c", "<errorEventDefinition/>")), [at("unreachable", "c", 9), at("unreachable", "b", 9)]);
}

#[test]
fn event_sub_processes_begin_by_themselves() {
    let handler = "on h message\nend he\nuser hu\nedge hs hu\nedge hu he\nbus";
    let drawing = format!("start s\nuser u\nend e\nedge s u\nedge u e\n{handler}");
    assert_eq!(places(&draw(&drawing)), []);
    assert_eq!(places(&draw(&format!("{drawing}\nedge u h")))[0], at("event_sub_process_connected", "u-h", 15));
    let plain = process(&format!("{BASE}<subProcess id='h' triggeredByEvent='true'><startEvent id='hs'/></subProcess>"));
    assert_eq!(places(&plain), [at("unsupported", "hs", 9)]);
}

#[test]
fn events_behind_a_gateway_are_events_and_differ() {
    let drawing =
        |more: &str| draw(&format!("start s\nfirst g\nwait a\ncatch b\nend e\nedge s g\nedge g a\nedge g b\nedge a e\nedge b e\n{more}"));
    let codes = |more: &str| places(&drawing(more)).into_iter().map(|(code, id, _)| (code, id)).collect::<Vec<_>>();
    let target = |id: &str| vec![("event_gateway_target", id.to_owned())];
    assert_eq!(codes(""), []);
    assert_eq!(codes("user c\nedge g c\nedge c e"), target("g-c"));
    assert_eq!(codes("user c\nedge c b\nand f"), target("g-b"));
    assert_eq!(codes("receive c\nedge g c\nedge c e"), target("c"));
    assert_eq!(codes("keyed c\nedge g c\nedge c e"), []);
    assert_eq!(codes("listen c\nedge g c\nedge c e\nlisten d\nedge g d\nedge d e"), target("d"));
    let limited = drawing("").replace("<intermediateCatchEvent id='b'><messageEventDefinition messageRef='word'/></intermediateCatchEvent>", "<receiveTask id='b' messageRef='word'/><boundaryEvent id='l' attachedToRef='b'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow id='le' sourceRef='l' targetRef='e'/>");
    assert_eq!(places(&limited)[0].0, "event_gateway_target");
}

#[test]
fn repetition_says_how_often() {
    let repeated = |marker: &str| {
        changed("<userTask id='u' camunda:assignee='x'/>", &format!("<userTask id='u' camunda:assignee='x'>{marker}</userTask>"))
    };
    let many = |attributes: &str, inside: &str| {
        repeated(&format!("<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"))
    };
    let number = |number: &str| many("", &format!("<loopCardinality>{number}</loopCardinality>"));
    assert_eq!(number("3"), []);
    assert_eq!(number("100"), []);
    assert_eq!(many("camunda:collection='people' camunda:elementVariable='item' isSequential='true'", ""), []);
    for wrong in [number("0"), number("101"), many("", ""), many("camunda:collection='people'", "<loopCardinality>3</loopCardinality>")] {
        assert_eq!(wrong, [at("bad_repetition", "u", 5)]);
    }
    assert_eq!(number("people"), [at("condition_language", "u", 5)]);
    assert_eq!(many("", "<loopCardinality language='zen'> </loopCardinality>"), [at("bad_repetition", "u", 5)]);
    assert_eq!(
        many("", "<loopCardinality>3</loopCardinality><completionCondition>x</completionCondition>"),
        [at("condition_language", "u", 5)]
    );
}

#[test]
fn correlation_belongs_to_messages() {
    let property = "<extensionElements><camunda:properties><camunda:property name='correlation' value='number'/></camunda:properties></extensionElements>";
    let task = format!("<userTask id='u' camunda:assignee='x'>{property}</userTask>");
    assert_eq!(changed("<userTask id='u' camunda:assignee='x'/>", &task), [at("bad_property", "u", 5)]);
    let receive = format!("<receiveTask id='u' messageRef='word'>{property}</receiveTask>");
    assert_eq!(changed("<userTask id='u' camunda:assignee='x'/>", &receive), []);
}
