//! Every kind of fault is told with its file and line.

use pack::{MOST_BYTES_FILE, Pack};

use crate::support::{Files, files, line_of, list};

/// What is done to a good pack, and the defect it must lead to.
struct Bad {
    file: &'static str,
    /// Replaced by `to`; must stand in the file. Empty stands for the whole file.
    from: &'static str,
    to: &'static str,
    code: &'static str,
    /// The file the defect is told of, if it is another.
    told_of: Option<&'static str>,
    /// Stands in the line the defect is told at; empty stands for no line.
    at: &'static str,
}

const fn bad(file: &'static str, from: &'static str, to: &'static str, code: &'static str, at: &'static str) -> Bad {
    Bad { file, from, to, code, told_of: None, at }
}

const fn bad_elsewhere(from: [&'static str; 3], told_of: &'static str, code: &'static str, at: &'static str) -> Bad {
    let [file, from, to] = from;
    Bad { file, from, to, code, told_of: Some(told_of), at }
}

const CASES: &[Bad] = &[
    // Shape.
    bad("pack.yaml", "hold_state: pending", "hold_state: [pending", "yaml", "ended: {"),
    bad("pack.yaml", "version: 2", "version: 2\nversion: 3", "yaml", "version: 3"),
    bad("pack.yaml", "version: 2", "version: one", "wrong_type", "version: one"),
    bad("pack.yaml", "version: 2", "versoin: 2", "unknown_key", "versoin"),
    bad("pack.yaml", "initial_state: new", "", "missing_key", "key: incident"),
    bad("pack.yaml", "l1: active", "l1: working", "wrong_value", "l1: working"),
    bad("pack.yaml", "l1: active", "L1: active", "bad_key", "L1: active"),
    bad("pack.yaml", "digits: 6", "digits: 60", "wrong_shape", "digits: 60"),
    bad("form.json", "\"type\": \"object\",", "\"type\": \"object\"", "json", "additionalProperties"),
    bad("form.json", "\"maxLength\": 200", "\"maxLenght\": 200", "unknown_key", "maxLenght"),
    bad("flow.bpmn", "sourceRef=\"start\"", "sourceRef=\"nobody\"", "dangling_reference", "sourceRef=\"nobody\""),
    // States.
    bad("pack.yaml", "initial_state: new", "initial_state: brandnew", "unknown_state", "initial_state: brandnew"),
    bad("pack.yaml", "hold_state: pending", "hold_state: l1", "wrong_phase", "hold_state: l1"),
    bad("pack.yaml", "  closed: closed", "  closed: closed\n  asleep: waiting", "unreached_state", "asleep: waiting"),
    bad("flow.bpmn", "name=\"state\" value=\"l2\"", "name=\"state\" value=\"l9\"", "unknown_state", "userTask id=\"l2\""),
    // Steps.
    bad("flow.bpmn", "name=\"二线处理\" camunda:candidateGroups=\"${team}\"", "name=\"二线处理\"", "no_owner", "userTask id=\"l2\""),
    bad(
        "flow.bpmn",
        "name=\"二线处理\" camunda:candidateGroups=\"${team}\"",
        "name=\"二线处理\" camunda:candidateGroups=\"${teem}\"",
        "unknown_field",
        "userTask id=\"l2\"",
    ),
    bad(
        "flow.bpmn",
        "name=\"二线处理\" camunda:candidateGroups=\"${team}\"",
        "name=\"二线处理\" camunda:candidateGroups=\"a,b\"",
        "many_owners",
        "userTask id=\"l2\"",
    ),
    bad("flow.bpmn", "name=\"state\" value=\"l2\"", "name=\"stade\" value=\"l2\"", "unknown_property", "userTask id=\"l2\""),
    bad("flow.bpmn", "name=\"outcomes\" value=\"close\"", "name=\"outcomes\" value=\"\"", "no_outcomes", "userTask id=\"review\""),
    bad(
        "flow.bpmn",
        "name=\"to\" value=\"team\" />",
        "name=\"to\" value=\"team\" /><camunda:property name=\"state\" value=\"l1\" />",
        "state_in_branches",
        "boundaryEvent id=\"l3_not_accepted\"",
    ),
    // Outcomes.
    bad("flow.bpmn", "value=\"resolve,escalate\"", "value=\"resolve,escalate,shrug\"", "unhandled_outcome", "userTask id=\"l1\""),
    bad("flow.bpmn", "outcome == 'dispatch'", "outcome == 'despatch'", "unknown_outcome", "to_route_tier_from_gw_assessed\" name"),
    bad("pack.yaml", "  close: [reviewed_priority]", "  closing: [reviewed_priority]", "unknown_outcome", "closing: ["),
    bad("pack.yaml", "  classify.resolve: [category, service", "  l1.dispatch: [category, service", "unknown_outcome", "l1.dispatch"),
    bad("pack.yaml", "  outcome:reopen: [{", "  outcome:redo: [{", "unknown_outcome", "outcome:redo"),
    // Fields.
    bad("pack.yaml", "closure_code, first_contact,", "closure_kode, first_contact,", "unknown_field", "closure_kode"),
    bad("pack.yaml", "escalate: [handover_note]", "escalate: [handover_noot]", "unknown_field", "handover_noot"),
    bad("pack.yaml", "escalate: [handover_note]", "escalate: [handover_note, reopen_count]", "engine_field", "reopen_count]"),
    bad("pack.yaml", "  impact: { default: medium,", "  impact: { default: huge,", "wrong_default", "default: huge"),
    bad("pack.yaml", "  channel: { default", "  canal: { default", "unknown_field", "canal:"),
    bad("pack.yaml", "  impact: impact_reason", "  impact: impact_reason\n  title: impact_reason", "not_derived", "title: impact_reason"),
    bad("pack.yaml", "rating: { score: rating,", "rating: { score: stars,", "unknown_field", "score: stars"),
    bad("form.json", "\"contact\":", "\"title\":", "shadows_common", "\"title\":"),
    bad("form.json", "\"maximum\": 3, \"default\": 0", "\"maximum\": 3, \"default\": 9", "wrong_default", "\"default\": 9"),
    // Layout.
    bad("form.ui.json", "\"handover_note\",", "\"handover_noot\",", "unknown_field", "handover_noot"),
    bad("form.ui.json", "\"handover_note\", ", "", "not_placed", "\"sections\""),
    bad("form.ui.json", "\"handover_note\",", "\"handover_note\", \"contact\",", "placed_twice", "handover_note"),
    bad("form.ui.json", "\"portal\": [", "\"portal\": [\"tier\", ", "read_only", "\"portal\""),
    // Tables and expressions.
    bad("decisions/urgency.json", "'stopped'", "'stopped", "table", "urgency_01"),
    bad("decisions/urgency.json", "\"in_business_process\": \"'none'\"", "\"in_business_process\": \"nope == 1\"", "table", "urgency_03"),
    bad("decisions/urgency.json", "\"field\": \"urgency\"", "\"field\": \"opened_at\"", "unwritable_field", "opened_at"),
    bad("flow.bpmn", "camunda:decisionRef=\"tier\"", "camunda:decisionRef=\"teer\"", "unknown_table", "businessRuleTask id=\"route_tier\""),
    bad_elsewhere(
        ["flow.bpmn", "camunda:decisionRef=\"tier\"", "camunda:decisionRef=\"dispatch\""],
        "decisions/tier.json",
        "unused_table",
        "{",
    ),
    bad("pack.yaml", "derive_on_edit: [impact, urgency", "derive_on_edit: [impact, haste", "unknown_table", "haste"),
    bad("flow.bpmn", "tier == 1<", "teer == 1<", "expression", "to_l1_from_gw_tier\" name"),
    // Reasons and rights.
    bad("pack.yaml", "asks_requester: [user_info]", "asks_requester: [the_weather]", "unknown_reason", "asks_requester"),
    bad("pack.yaml", "merge_reason: duplicate", "merge_reason: boredom", "unknown_reason", "merge_reason"),
    bad("pack.yaml", "with_children: [resolve, close]", "with_children: [resolve, explode]", "unknown_outcome", "with_children"),
    bad("pack.yaml", "  hold: [user_info, vendor, spare_part, problem, change, agreed_time, other]", "", "no_reasons", "hold_state"),
    bad("pack.yaml", "  observer:\n", "  onlooker:\n", "unknown_role", "onlooker:"),
    bad("pack.yaml", "manager, observer]", "manager, observer, guest]", "no_rights", "guest]"),
    bad("pack.yaml", "    - { action: move }", "    - { action: moove }", "unknown_action", "moove"),
    bad(
        "pack.yaml",
        "{ action: \"outcome:confirm\", scope: *mine }",
        "{ action: \"outcome:konfirm\", scope: *mine }",
        "unknown_outcome",
        "konfirm",
    ),
    bad("pack.yaml", "&ours { field: team, op: in", "&ours { field: team, op: on", "condition", "&ours"),
    bad("pack.yaml", "&mine { field: requester", "&mine { field: contact", "condition", "&mine"),
    // Messages.
    bad("pack.yaml", "open: [{ message: opened,", "open: [{ message: hello,", "unknown_message", "message: hello"),
    bad_elsewhere(
        ["pack.yaml", "  cancel: [{ message: cancelled, to: requester }]\n", ""],
        "messages/cancelled.zh.md",
        "unused_message",
        "",
    ),
    bad(
        "flow.bpmn",
        "name=\"message\" value=\"reminder\"",
        "name=\"message\" value=\"remind\"",
        "unknown_message",
        "sendTask id=\"remind_requester\"",
    ),
    bad(
        "flow.bpmn",
        "name=\"to\" value=\"requester\"",
        "name=\"to\" value=\"boss\"",
        "unknown_recipient",
        "sendTask id=\"remind_requester\"",
    ),
    bad("messages/opened.en.md", "{{ record.title }}\n", "{{ record.title }\n", "template", "- Title: "),
    bad("messages/opened.en.md", "{{ record.priority }}", "{{ record.prio }}", "unknown_name", "record.prio"),
    bad("messages/opened.en.md", "---\n", "", "front_matter", "subject"),
    bad("messages/opened.en.md", "subject:", "topic:", "missing_key", "topic:"),
    // Texts and help.
    bad("i18n/en.yaml", "  contact: Contact\n", "", "missing_text", "field:"),
    bad("i18n/en.yaml", "  classify: Verify and classify\n", "", "missing_text", "activity:"),
    bad("i18n/en.yaml", "withdrawn: Withdrawn by the user, dup", "dup", "missing_text", "  cancel: {"),
    bad("i18n/zh.yaml", "  contact: 联系方式\n", "  contact: 联系方式\n  contakt: 联系\n", "unused_text", "contakt"),
    bad("i18n/en.yaml", "  users_affected: About how many people; leave empty if you are not sure\n", "", "missing_text", "hint:"),
    bad("i18n/zh.yaml", "decision:\n", "activity: { classify: 分类 }\ndecision:\n", "drawn_text", "activity:"),
    bad("help/en.md", "{#l2}", "", "missing_help", ""),
    // Categories and cases.
    bad("categories.yaml", "key: wifi", "key: wired", "twice", "无线接入"),
    bad(
        "cases/people.yaml",
        "- name: cancelled while on hold",
        "- name: an operator moves it",
        "twice",
        "- name: an operator moves it\n  do:\n    - open: { title: 打印机卡纸 }\n    - complete: { step: classify, outcome: dispatch, values: { category: hardware/printer, service: printing } }\n    - move",
    ),
    bad("cases/people.yaml", "{ step: l1, assignee: u-zhao }", "{ step: l7, assignee: u-zhao }", "unknown_step", "step: l7"),
    bad("cases/people.yaml", "description: 走廊那台, state: pending", "descripton: 走廊那台", "unknown_field", "descripton"),
    bad("cases/flow.yaml", "- wait: PT23H", "- wait: 23 hours", "case", "23 hours"),
    bad("cases/flow.yaml", "- wait: PT23H", "- wait: PT23H\n      resume: {}", "case", "- wait: PT23H"),
    // Files.
    bad("notes.txt", "", "hello", "unknown_file", ""),
    bad("messages/opened.fr.md", "", "---\nsubject: x\n---\n", "unknown_file", ""),
];

#[test]
fn every_fault_has_its_file_and_line() {
    let good = files("incident");
    let mut wrong = Vec::new();
    for case in CASES {
        let mut files = good.clone();
        let before = String::from_utf8(files.remove(case.file).unwrap_or_default()).unwrap();
        let text = if case.from.is_empty() {
            case.to.to_owned()
        } else {
            assert!(before.contains(case.from), "{} does not have '{}'", case.file, case.from);
            before.replacen(case.from, case.to, 1)
        };
        files.insert(case.file.to_owned(), text.into_bytes());
        let told_of = case.told_of.unwrap_or(case.file);
        let line = line_of(&files, told_of, case.at);
        let Err(defects) = Pack::load(&files) else {
            wrong.push(format!("{} with '{}' loads", case.file, case.to));
            continue;
        };
        if !defects.iter().any(|defect| (defect.file.as_str(), defect.code, defect.line) == (told_of, case.code, line)) {
            wrong.push(format!("{} with '{}': wanted {told_of}:{line:?} {}, got\n{}", case.file, case.to, case.code, list(&defects)));
        }
        assert!(defects.iter().all(|defect| !defect.message.is_empty() && !defect.mend.is_empty()));
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

fn codes(files: &Files) -> Vec<(String, &'static str)> {
    Pack::load(files).unwrap_err().into_iter().map(|defect| (defect.file, defect.code)).collect()
}

#[test]
fn every_needed_file_is_missed() {
    for file in ["pack.yaml", "form.json", "form.ui.json", "flow.bpmn", "i18n/zh.yaml", "i18n/en.yaml", "help/zh.md", "help/en.md"] {
        let mut files = files("incident");
        files.remove(file);
        assert!(codes(&files).contains(&(file.to_owned(), "missing_file")), "{file}");
    }
    let mut files = files("incident");
    files.remove("messages/opened.en.md");
    assert!(codes(&files).contains(&("messages/opened.en.md".to_owned(), "missing_message")));
    files.retain(|file, _| !file.starts_with("cases/"));
    assert!(codes(&files).contains(&("cases".to_owned(), "no_cases")));
}

#[test]
fn large_files_and_alias_bombs_are_refused() {
    let mut large = files("incident");
    large.insert("README.md".to_owned(), vec![b'x'; MOST_BYTES_FILE + 1]);
    assert_eq!(codes(&large), [("README.md".to_owned(), "too_large")]);
    for key in ["a", "b", "c"] {
        large.insert(format!("decisions/{key}.json"), vec![b' '; MOST_BYTES_FILE]);
    }
    assert!(codes(&large).contains(&(String::new(), "too_large")));

    let mut bomb = files("incident");
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let below = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", "));
    }
    bomb.insert("i18n/zh.yaml".to_owned(), text.into_bytes());
    assert!(codes(&bomb).contains(&("i18n/zh.yaml".to_owned(), "yaml")));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let mut files = files("incident");
    files.insert("help/en.md".to_owned(), b"good\n\xff\xfe".to_vec());
    let defects = Pack::load(&files).unwrap_err();
    assert!(defects.iter().any(|defect| (defect.code, defect.line) == ("not_utf8", Some(2))), "{}", list(&defects));
}

#[test]
fn defects_are_sorted_and_told_once() {
    let mut files = files("incident");
    let named = r#"one: "[[incident|Incident]]""#;
    for (file, from, to) in [("pack.yaml", "version: 2", "version: 0"), ("i18n/en.yaml", named, "one: 5")] {
        let text = String::from_utf8(files[file].clone()).unwrap();
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    }
    let defects = Pack::load(&files).unwrap_err();
    let mut sorted = defects.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(defects, sorted);
    assert_eq!(defects.len(), 2, "{}", list(&defects));
    assert!(defects[1].to_string().starts_with("pack.yaml:5: "), "{}", defects[1]);
}

#[test]
fn the_hash_knows_names_and_contents() {
    let good = files("incident");
    let hash = |files: &Files| crate::support::load(files).hash().to_owned();
    let first = hash(&good);
    assert_eq!(first, hash(&good.clone()));
    assert_eq!(first.len(), 64);
    let mut more = good.clone();
    more.insert("README.md".to_owned(), b"other".to_vec());
    assert_ne!(first, hash(&more));
}
