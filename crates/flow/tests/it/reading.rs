//! What is read from a file, and what is looked over.

use flow::{Definition, Kind, Trigger, duration_ms};

use crate::support::{Play, fixture, process};

#[test]
fn decoration_is_ignored_and_the_rest_is_kept() {
    let def = Play::fixture("decorated").def;
    assert_eq!((def.id(), def.name()), ("decorated", "读 & 写"));
    let ids: Vec<&str> = def.elements().map(|element| element.id.as_str()).collect();
    assert_eq!(ids, ["start", "work", "way", "end"]);
    let work = def.element("work").unwrap();
    assert_eq!((work.name.as_str(), work.kind, work.line), ("处理 工单", Kind::UserTask, 12));
    assert_eq!(work.documentation, "do it");
    assert_eq!(work.state(), Some("active"));
    assert_eq!(work.outcomes(), ["done", "give_up"]);
    assert_eq!(work.candidate_groups.as_deref(), Some("service_desk"));
    assert_eq!(work.assignee.as_deref(), Some("${requester}"));
    assert_eq!((work.form_key.as_deref(), work.due.as_deref()), (Some("work"), Some("P1D")));
    let edges: Vec<_> = def.edges().map(|edge| (edge.id.as_str(), edge.is_default)).collect();
    assert_eq!(edges, [("a", false), ("b", false), ("c", true), ("d", false)]);
    assert_eq!(def.edge("d").unwrap().condition.as_deref(), Some("impact < 3 and outcome == \"give_up\""));
    assert_eq!(def.edge("a").unwrap().name, "begin");
    assert_eq!(def.outgoing("way").map(|edge| edge.id.as_str()).collect::<Vec<_>>(), ["c", "d"]);
    assert_eq!(def.outgoing("nothing").count(), 0);
}

#[test]
fn events_and_sub_processes_carry_their_references() {
    let hold = Play::fixture("hold").def;
    let limit = hold.element("vendor_limit").unwrap();
    assert_eq!(limit.kind, Kind::Boundary { on: Trigger::Timer, interrupting: true });
    assert_eq!((limit.host.as_deref(), limit.timer.as_deref()), (Some("work"), Some("P2D")));
    let words = Play::fixture("boundary_message").def;
    let asked = words.element("asked").unwrap();
    assert_eq!((asked.kind, asked.message.as_deref()), (Kind::Boundary { on: Trigger::Message, interrupting: false }, Some("question")));
    let nested = Play::fixture("sub_process").def;
    assert_eq!(nested.element("deep").unwrap().scope.as_deref(), Some("check"));
    assert_eq!(nested.element("check").unwrap().scope.as_deref(), Some("deliver"));
    assert_eq!(nested.element("deliver").unwrap().scope, None);
}

#[test]
fn prefixes_do_not_matter_and_namespaces_do() {
    let renamed = fixture("user_task").replace("bpmn:", "b:").replace("xmlns:bpmn", "xmlns:b");
    let renamed = renamed.replace("camunda:", "c:").replace("xmlns:camunda", "xmlns:c");
    let def = Definition::parse(&renamed).unwrap();
    assert_eq!(def.element("work").unwrap().outcomes(), ["done", "give_up"]);
    // An attribute called candidateGroups of nobody's namespace is not Camunda's.
    let bare = fixture("user_task").replace("camunda:candidateGroups", "candidateGroups");
    let codes: Vec<&str> = Definition::parse(&bare).unwrap().check().iter().map(|defect| defect.code).collect();
    assert_eq!(codes, ["missing_owner"]);
}

#[test]
fn a_file_without_namespaces_is_read_by_its_names() {
    let bare = "<definitions><process id='p'><startEvent id='s'/><endEvent id='e'/>\
                <sequenceFlow id='f' sourceRef='s' targetRef='e'/></process></definitions>";
    let def = Definition::parse(&format!("\u{feff}{bare}")).unwrap();
    assert_eq!(def.check(), []);
}

#[test]
fn timers_take_literals_and_expressions() {
    for (source, milliseconds) in [
        ("PT4H", Some(14_400_000)),
        (" P3D ", Some(259_200_000)),
        ("P1W", Some(604_800_000)),
        ("P1DT12H30M5S", Some(131_405_000)),
        ("PT0.5S", Some(500)),
        ("PT1,25S", Some(1_250)),
        ("PT0S", Some(0)),
        ("P36500D", Some(3_153_600_000_000)),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1M", None),
        ("P1Y", None),
        ("PT1.5H", None),
        ("PT.5S", None),
        ("PT1M1H", None),
        ("PT1H1H", None),
        ("P-1D", None),
        ("P40000D", None),
        ("P99999999999999999999D", None),
        ("pt4h", None),
        ("PENDING_LIMIT", None),
        ("", None),
        ("PT4H五", None),
    ] {
        assert_eq!(duration_ms(source), milliseconds, "{source}");
    }
}

#[test]
fn texts_that_only_begin_like_a_duration_are_expressions() {
    let timer = "<intermediateCatchEvent id='t'><timerEventDefinition><timeDuration>PARTS * 3</timeDuration>\
                 </timerEventDefinition></intermediateCatchEvent>";
    let edges = "<sequenceFlow id='a' sourceRef='s' targetRef='t'/><sequenceFlow id='b' sourceRef='t' targetRef='e'/>";
    let def = Definition::parse(&process(&format!("<startEvent id='s'/>{timer}<endEvent id='e'/>{edges}"))).unwrap();
    assert_eq!(def.element("t").unwrap().timer.as_deref(), Some("PARTS * 3"));
}
