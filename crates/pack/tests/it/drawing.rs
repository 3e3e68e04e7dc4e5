//! The drawing of a pack stays what its author saved, and asks for nothing that records cannot do.

use pack::Pack;

use crate::support::{files, load};

fn drawn(change: impl Fn(&str) -> String) -> (String, crate::support::Files) {
    let mut files = files("incident");
    let text = change(std::str::from_utf8(&files["flow.bpmn"]).unwrap());
    files.insert("flow.bpmn".to_owned(), text.clone().into_bytes());
    (text, files)
}

#[test]
fn a_drawing_is_kept_byte_for_byte() {
    let (text, files) = drawn(|text| {
        let vendor = "<bpmn:extensionElements xmlns:vendor=\"https://vendor.example/\"><vendor:sparkle a = 'b'  ><!-- here --></vendor:sparkle>\r\n</bpmn:extensionElements>";
        let start = text.find("<bpmn:startEvent").unwrap();
        let inside = text[start..].find('>').unwrap() + start + 1;
        format!("{}{vendor}{}", &text[..inside], &text[inside..])
    });
    assert!(text.contains("bpmndi:BPMNShape") && text.contains("vendor:sparkle"));
    assert_eq!(load(&files).flow_xml(), text);
}

#[test]
fn what_records_do_not_carry_out_is_refused_by_element() {
    let refused = |from: &str, to: &str| -> Vec<(String, Option<u32>)> {
        let (_, files) = drawn(|text| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let defects = Pack::load(&files).unwrap_err();
        let found = defects.into_iter().filter(|defect| defect.code == "not_carried_out");
        found.map(|defect| (defect.message, defect.line)).collect()
    };
    let process = "<bpmn:process id=\"process\"";
    let beside = |inside: &str| {
        let signal = "<bpmn:signal id=\"sig\" name=\"sig\"/><bpmn:message id=\"word\" name=\"word\"/>";
        let (_, files) = drawn(|text| {
            text.replacen(process, &format!("{signal}{process}"), 1).replacen("</bpmn:process>", &format!("{inside}</bpmn:process>"), 1)
        });
        let defects = Pack::load(&files).unwrap_err();
        defects.into_iter().find(|defect| defect.code == "not_carried_out").map(|defect| defect.message).unwrap_or_default()
    };
    let many = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>";
    let repeated = refused("</bpmn:userTask>", many);
    assert_eq!(repeated.len(), 1, "{repeated:?}");
    assert!(repeated[0].0.contains("a repeated activity") && repeated[0].1.is_some());
    for (inside, said) in [
        ("<bpmn:callActivity id=\"x\" calledElement=\"other\"/>", "x: a call activity"),
        (
            "<bpmn:intermediateThrowEvent id=\"x\"><bpmn:signalEventDefinition signalRef=\"sig\"/></bpmn:intermediateThrowEvent>",
            "x: a signal",
        ),
        (
            "<bpmn:intermediateCatchEvent id=\"x\"><bpmn:signalEventDefinition signalRef=\"sig\"/></bpmn:intermediateCatchEvent>",
            "x: a signal",
        ),
        ("<bpmn:endEvent id=\"x\"><bpmn:messageEventDefinition messageRef=\"word\"/></bpmn:endEvent>", "x: sending a message"),
    ] {
        let message = beside(inside);
        assert!(message.starts_with(said), "{inside}: {message}");
    }
}
