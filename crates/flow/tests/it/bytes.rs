//! Files nobody should have sent: refused with a defect, never a panic, never a blow-up.

use std::time::Instant;

use flow::{Definition, Instance, Stimulus, advance};
use proptest::prelude::*;

use crate::support::{Told, fixture, process};

fn codes(xml: &str) -> Vec<&'static str> {
    let began = Instant::now();
    let codes = match Definition::parse(xml) {
        Ok(def) => def.check().iter().map(|defect| defect.code).collect(),
        Err(defects) => defects.iter().map(|defect| defect.code).collect(),
    };
    assert!(began.elapsed().as_secs() < 20, "took {:?}", began.elapsed());
    codes
}

#[test]
fn document_types_and_entities_are_refused() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<definitions><process id='p' name='&b;'/></definitions>";
    assert_eq!(codes(laughs), ["doctype"]);
    assert_eq!(codes("<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><definitions/>"), ["doctype"]);
    assert_eq!(codes("<definitions>&file;</definitions>"), ["entity"]);
    assert_eq!(codes("<definitions a='&file;'/>"), ["entity"]);
    let found = Definition::parse("<definitions>\n\n<process id='&x;'/></definitions>").unwrap_err();
    assert_eq!(found[0].line, Some(3));
}

#[test]
fn size_depth_and_number_are_bounded() {
    assert_eq!(codes(&" ".repeat(2 * 1024 * 1024 + 1)), ["too_large"]);
    assert_eq!(codes(&"<a>".repeat(500_000)), ["too_deep"]);
    assert_eq!(codes(&format!("<definitions>{}", "<f:a xmlns:f='x'>".repeat(100_000))), ["too_deep"]);
    assert_eq!(codes(&format!("<definitions>{}</definitions>", "<a/>".repeat(60_000))), ["too_large"]);
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(codes(&format!("<definitions{attributes}/>")), ["malformed_xml"]);
    let namespaces: String = (0..80).map(|n| format!(" xmlns:n{n}='x'")).collect();
    assert_eq!(codes(&format!("<definitions{namespaces}/>")), ["malformed_xml"]);
    let steps: String = (0..3_000).map(|n| format!("<manualTask id='m{n}'/>")).collect();
    assert_eq!(codes(&process(&format!("<startEvent id='s'/>{steps}"))), ["too_large"]);
}

#[test]
fn what_is_not_xml_is_said_so() {
    for xml in [
        "",
        "   ",
        "hello",
        "<",
        "<definitions",
        "<definitions>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a>\u{1}</a>",
        "<a b='&#1;'/>",
        "<a>&#0;</a>",
        "<a>&",
        "<!-- ",
        "<![CDATA[",
        "<?xml",
    ] {
        assert_eq!(codes(xml), ["malformed_xml"], "{xml:?}");
    }
    assert_eq!(codes("<x:definitions/>"), ["unknown_prefix"]);
    assert_eq!(codes("<definitions camunda:a='1'/>"), ["unknown_prefix"]);
    assert_eq!(codes("<definitions xmlns:camunda='http://other.example/'/>"), ["camunda_namespace"]);
}

#[test]
fn a_hard_graph_takes_a_bounded_time() {
    // Hundreds of gateways of all sorts, tied together without any order.
    for kinds in [["exclusive", "parallel", "parallel"], ["exclusive", "inclusive", "parallel"], ["inclusive", "inclusive", "inclusive"]] {
        let mut inside = String::from("<startEvent id='s'/><endEvent id='e'/><sequenceFlow id='in' sourceRef='s' targetRef='g0'/>");
        for n in 0..400usize {
            let kind = format!("{}Gateway", kinds[n % 3]);
            inside.push_str(&format!("<{kind} id='g{n}'/>"));
            for (edge, to) in [(0, (n * 7 + 1) % 400), (1, (n * 13 + 5) % 400), (2, (n + 1) % 400)] {
                inside.push_str(&format!("<sequenceFlow id='f{n}_{edge}' sourceRef='g{n}' targetRef='g{to}'/>"));
            }
        }
        inside.push_str("<sequenceFlow id='out' sourceRef='g399' targetRef='e'/>");
        assert!(!codes(&process(&inside)).is_empty());
    }
}

/// Fixtures that are damaged at random.
const DAMAGED: [&str; 18] = [
    "boundary_message",
    "boundary_signal",
    "call_activity",
    "correlation",
    "decorated",
    "error_handled",
    "escalation",
    "event_based",
    "event_sub_process",
    "event_sub_process_aside",
    "exclusive",
    "hold",
    "inclusive",
    "parallel",
    "repeat_sub_process",
    "repeat_user_task",
    "sub_process",
    "terminate",
];

/// Whatever can be read can be checked and run without a panic.
fn survive(xml: &str) {
    let Ok(def) = Definition::parse(xml) else { return };
    def.check();
    let (mut instance, mut told) = (Instance::default(), Told::default());
    told.lists.insert("people".to_owned(), vec!["ann".to_owned(), "bob".to_owned()]);
    told.durations.extend([("rounds".to_owned(), 2), ("length".to_owned(), 5)]);
    let mut stimuli = vec![Stimulus::Start];
    for _ in 0..12 {
        let Some(stimulus) = stimuli.pop() else { break };
        if let Ok(out) = advance(&def, &instance, &stimulus, 1_000_000_000, &mut told) {
            out.events.iter().for_each(|event| instance.apply(event));
        }
        stimuli.extend(instance.timers.iter().map(|timer| Stimulus::FireTimer { timer: timer.id }));
        stimuli.extend(instance.messages.iter().map(|awaited| Stimulus::Message { name: awaited.name.clone(), key: None }));
        stimuli.extend(instance.signals.iter().map(|awaited| Stimulus::Signal { name: awaited.name.clone() }));
        stimuli.extend(instance.calls.iter().map(|call| Stimulus::CallFailed { activity: call.id, error: "rejected".to_owned() }));
        stimuli.extend(instance.activities.iter().map(|open| {
            let outcome = def.element(&open.element).and_then(|element| element.outcomes().first().map(|&name| name.to_owned()));
            Stimulus::Complete { activity: open.id, outcome }
        }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survive(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_markup_does_no_harm(text in "(<(/|!|\\?)?(bpmn:|camunda:)?(definitions|process|startEvent|userTask|sequenceFlow)( (id|name|xmlns|sourceRef|targetRef)=['\"][a-c&;#]{0,4}['\"]){0,3}/?>|[a-z&;]{0,4}){0,30}") {
        survive(&text);
    }

    /// Good files with pieces cut out, doubled, swapped and overwritten.
    #[test]
    fn damaged_files_do_no_harm(
        name in proptest::sample::select(DAMAGED.to_vec()),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6u8, any::<u8>()), 1..6),
    ) {
        let mut bytes = fixture(name).into_bytes();
        for (one, other, how, byte) in cuts {
            if bytes.is_empty() {
                break;
            }
            let (a, b) = (one.index(bytes.len()), other.index(bytes.len()));
            let (from, to) = (a.min(b), (a.min(b) + 80).min(a.max(b)));
            match how {
                0 => drop(bytes.drain(from..to)),
                1 => {
                    let piece = bytes[from..to].to_vec();
                    bytes.splice(b..b, piece);
                }
                2 => bytes[a] = byte,
                3 => bytes.swap(a, b),
                4 => bytes.truncate(a.max(bytes.len() / 2)),
                _ => bytes.insert(a, b'<'),
            }
        }
        survive(&String::from_utf8_lossy(&bytes));
    }

    /// Whole lines moved about: still XML, no longer the same flow.
    #[test]
    fn rewired_files_do_no_harm(
        name in proptest::sample::select(DAMAGED.to_vec()),
        swaps in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
    ) {
        let text = fixture(name);
        let ids: Vec<&str> = text.split("Ref=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut text = text.clone();
        for (from, to) in swaps {
            text = text.replacen(&format!("Ref=\"{}\"", from.get(&ids)), &format!("Ref=\"{}\"", to.get(&ids)), 1);
        }
        survive(&text);
    }
}
