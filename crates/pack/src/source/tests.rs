use serde_json::json;

use super::*;

fn yaml(text: &str) -> Source {
    Source::read("a.yaml", text).unwrap()
}

fn fault(file: &str, text: &str) -> (Option<u32>, String) {
    let defect = Source::read(file, text).unwrap_err();
    (defect.line, defect.message)
}

#[test]
fn scalars_follow_the_core_schema() {
    let read = yaml("[a, 1, -2, 1.5, 1e3, true, no, ~, '1', \"true\", 2026-01-05, 1.2.3, 08, .5, +1, 99999999999999999999]").value;
    let wanted = json!(["a", 1, -2, 1.5, 1000.0, true, "no", null, "1", "true", "2026-01-05", "1.2.3", 8, 0.5, 1, 1e20]);
    assert_eq!(read, wanted);
    assert_eq!(yaml("").value, Value::Null);
    assert_eq!(yaml("# nothing\n").value, Value::Null);
    assert_eq!(yaml("a: |\n  b\n  c\n").value, json!({"a": "b\nc\n"}));
}

#[test]
fn every_node_has_its_line() {
    let read = yaml("# head\na:\n  b: 1\n  c: [x,\n    y]\nd/e: 2\n");
    let lines = ["", "/a", "/a/b", "/a/c", "/a/c/0", "/a/c/1", "/d~1e", "/a/b/nothing/here"].map(|pointer| read.line(pointer));
    assert_eq!(lines, [2, 2, 3, 4, 4, 5, 6, 3].map(Some));
}

#[test]
fn aliases_are_written_out() {
    let read = yaml("a: &x { n: [1, 2] }\nb: *x\nc:\n  - *x\n");
    assert_eq!(read.value, json!({"a": {"n": [1, 2]}, "b": {"n": [1, 2]}, "c": [{"n": [1, 2]}]}));
    assert_eq!(read.line("/b/n/1"), Some(2));
    assert_eq!(read.line("/c/0/n"), Some(4));
}

#[test]
fn faults_have_lines() {
    assert_eq!(fault("a.yaml", "a: 1\nb: 2\na: 3\n"), (Some(3), "'a' stands here twice".to_owned()));
    assert_eq!(fault("a.yaml", "a: 1\n--- \nb: 2\n").0, Some(2));
    assert_eq!(fault("a.yaml", "a: !!str 1\n"), (Some(1), "tags are not supported".to_owned()));
    assert_eq!(fault("a.yaml", "a: &x\n  b: *x\n").0, Some(2));
    assert_eq!(fault("a.yaml", "a: 1\n? [b]\n: 2\n").0, Some(2));
    assert!(fault("a.yaml", "a:\n  - b\n c: 1\n").0.is_some());
    assert!(!fault("a.yaml", "a: [1\n").1.is_empty(), "the parser says what is wrong");
    assert!(fault("a.yaml", &"[".repeat(200)).0.is_some());
    let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
    assert!(fault("a.yaml", &deep).1.contains("deeper"), "{deep}");
}

#[test]
fn json_has_lines_too() {
    let text = "{\n  \"a\": [1,\n    {\"b~/\": \"x\\\"}\\n,\"}],\n\n  \"c\": true }";
    let read = Source::read("a.json", text).unwrap();
    let lines = ["", "/a", "/a/0", "/a/1", "/a/1/b~0~1", "/c"].map(|pointer| read.line(pointer));
    assert_eq!(lines, [1, 2, 2, 3, 3, 5].map(Some));
    assert_eq!(fault("a.json", "{\n\"a\": 1,\n}").0, Some(3));
    assert_eq!(Source::read("a.json", "[]").unwrap().value, json!([]));
}

#[test]
fn a_head_counts_from_its_place() {
    let read = Source::read_front("m.md", "subject: x\nother: y\n", 2).unwrap();
    assert_eq!((read.line("/subject"), read.line("/other")), (Some(2), Some(3)));
}
