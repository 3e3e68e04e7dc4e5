//! Files are listed whatever they hold.

use flow::inventory;

use crate::support::{fixture, process};

#[test]
fn a_file_that_runs_is_listed_with_its_diagram() {
    let found = inventory(&fixture("decorated")).unwrap();
    assert_eq!((found.executable, found.defects.len()), (1, 0));
    let counted = |name: &str| found.counts.get(name).copied().unwrap_or(0);
    assert_eq!((counted("userTask"), counted("sequenceFlow"), counted("participant")), (1, 4, 1));
    assert_eq!((counted("BPMNShape"), counted("BPMNEdge"), counted("sparkle")), (1, 0, 0));
    let elements: Vec<(&str, &str, bool)> =
        found.elements.iter().map(|listed| (listed.id.as_str(), listed.element.as_str(), listed.runs())).collect();
    assert_eq!(
        elements,
        [("start", "startEvent", true), ("work", "userTask", true), ("way", "exclusiveGateway", true), ("end", "endEvent", true)]
    );
}

#[test]
fn what_does_not_run_is_told_by_element() {
    let xml = process(
        "<startEvent id='s'/><task id='t' name='something'/><complexGateway id='c'/>\n<transaction id='x'><userTask id='inside'/></transaction>\n\
         <subProcess id='sub'><startEvent id='s2'/><userTask id='u'/><scriptTask id='y'/></subProcess><endEvent id='e'/>",
    );
    let found = inventory(&xml).unwrap();
    let against: Vec<(&str, Option<&str>)> =
        found.elements.iter().map(|listed| (listed.id.as_str(), listed.against.as_ref().map(|defect| defect.message.as_str()))).collect();
    assert_eq!(
        against,
        [
            ("s", None),
            ("t", Some("the element task is not supported")),
            ("c", Some("the element complexGateway is not supported")),
            ("x", Some("the element transaction is not supported")),
            ("inside", Some("it is inside something that does not run")),
            ("sub", None),
            ("s2", None),
            ("u", None),
            ("y", Some("the element scriptTask is not supported")),
            ("e", None),
        ]
    );
    assert!(found.defects.len() >= 4);
}

#[test]
fn several_processes_and_none_are_listed_and_what_is_no_xml_is_not() {
    let two = "<definitions><process id='a' isExecutable='true'><startEvent id='s'/></process><process id='b'><startEvent id='s'/></process></definitions>";
    let found = inventory(two).unwrap();
    assert_eq!((found.counts["process"], found.executable, found.elements.len()), (2, 1, 2));
    assert_eq!(found.defects[0].code, "several_processes");
    assert_eq!(inventory("<html/>").unwrap().elements.len(), 0);
    let foreign = "<definitions xmlns:camunda='http://other.example/' camunda:a='b'><process id='p'/></definitions>";
    assert_eq!(inventory(foreign).unwrap().counts["process"], 1);
    for (xml, code) in
        [("<a", "malformed_xml"), ("<!DOCTYPE a><a/>", "doctype"), ("<a>&b;</a>", "entity"), (&"<a>".repeat(100), "too_deep")]
    {
        assert_eq!(inventory(xml).unwrap_err().code, code);
    }
}
