//! The cases prove something: a changed table or flow does not load or fails a case.

use pack::{Pack, run_case};
use serde_json::{Value, json};

use crate::support::{Files, files, keys, load};

/// Cells that say what the rows above leave over anyway. They are written for the reader; without them nothing changes.
const SAME_ANYWAY: [&str; 9] = [
    // Tiers 1 and 2 are dispatched completely by the rows above.
    "dispatch dispatch_13 without in_tier",
    "dispatch dispatch_14 without in_tier",
    "dispatch dispatch_15 without in_tier",
    // The row above takes tier 0.
    "solution solution_02 without in_tier",
    // L1 cannot return, L3 cannot escalate, and dispatch is taken by the rows above.
    "tier tier_03 without in_outcome",
    "tier tier_04 without in_tier",
    "tier tier_05 without in_outcome",
    "tier tier_06 without in_outcome",
    "tier tier_06 without in_tier",
];

#[test]
fn a_changed_output_is_seen() {
    for (key, files, pack) in all() {
        let mut survivors = Vec::new();
        for table in pack.tables().keys() {
            let (name, json) = table_file(&files, table);
            let columns = json["outputs"].as_array().unwrap().clone();
            for (row, rule) in json["rules"].as_array().unwrap().iter().enumerate() {
                for column in &columns {
                    let id = column["id"].as_str().unwrap();
                    let Some(cell) = rule[id].as_str().filter(|cell| !cell.is_empty()) else { continue };
                    let mut mutant = json.clone();
                    mutant["rules"][row][id] = other(&pack, column["field"].as_str().unwrap(), cell).into();
                    if survives(&files, &name, mutant.to_string()) {
                        survivors.push(format!("{table} {} {id}", rule["_id"].as_str().unwrap()));
                    }
                }
            }
        }
        assert!(survivors.is_empty(), "{key}: no case sees another output of {survivors:#?}");
    }
}

#[test]
fn a_missing_row_or_a_wider_one_is_seen() {
    for (key, files, pack) in all() {
        let mut survivors = Vec::new();
        for table in pack.tables().keys() {
            let (name, json) = table_file(&files, table);
            for (row, rule) in json["rules"].as_array().unwrap().iter().enumerate() {
                let mut mutant = json.clone();
                mutant["rules"].as_array_mut().unwrap().remove(row);
                if survives(&files, &name, mutant.to_string()) {
                    survivors.push(format!("{table} without {}", rule["_id"].as_str().unwrap()));
                }
                for column in json["inputs"].as_array().unwrap() {
                    let id = column["id"].as_str().unwrap();
                    if rule[id].as_str().is_none_or(str::is_empty) {
                        continue;
                    }
                    let mut mutant = json.clone();
                    mutant["rules"][row][id] = "".into();
                    let said = format!("{table} {} without {id}", rule["_id"].as_str().unwrap());
                    if !SAME_ANYWAY.contains(&said.as_str()) && survives(&files, &name, mutant.to_string()) {
                        survivors.push(said);
                    }
                }
            }
        }
        assert!(survivors.is_empty(), "{key}: no case sees {survivors:#?}");
    }
}

#[test]
fn an_edge_led_elsewhere_is_seen() {
    for (key, files, pack) in all() {
        let xml = pack.flow_xml();
        let elements: Vec<&str> = pack.flow().elements().map(|element| element.id.as_str()).collect();
        let mut survivors = Vec::new();
        for (number, edge) in pack.flow().edges().enumerate() {
            let others: Vec<&&str> = elements.iter().filter(|id| **id != edge.to && **id != edge.from).collect();
            // Three targets spread over the drawing; all of them would take minutes.
            for turn in 0..3 {
                let target = others[(number * 7 + turn * others.len() / 3) % others.len()];
                let tag = format!("sourceRef=\"{}\" targetRef=\"{}\"", edge.from, edge.to);
                let mutant =
                    in_edge(xml, &edge.id, |part| part.replacen(&tag, &format!("sourceRef=\"{}\" targetRef=\"{target}\"", edge.from), 1));
                if survives(&files, "flow.bpmn", mutant) {
                    survivors.push(format!("{} to {target}", edge.id));
                }
            }
        }
        assert!(survivors.is_empty(), "{key}: no case sees {survivors:#?}");
    }
}

#[test]
fn an_edge_without_its_condition_is_seen() {
    for (key, files, pack) in all() {
        let mut survivors = Vec::new();
        for edge in pack.flow().edges().filter(|edge| edge.condition.is_some()) {
            for condition in [None, Some("true"), Some("false")] {
                let mutant = in_edge(pack.flow_xml(), &edge.id, |part| with_condition(part, condition));
                if survives(&files, "flow.bpmn", mutant) {
                    survivors.push(format!("{} with condition {condition:?}", edge.id));
                }
            }
        }
        assert!(survivors.is_empty(), "{key}: no case sees {survivors:#?}");
    }
}

#[test]
fn a_changed_step_is_seen() {
    for (key, files, pack) in all() {
        let mut survivors = Vec::new();
        let xml = pack.flow_xml();
        let words = [
            "<bpmn:timeDuration>",
            "camunda:candidateGroups=\"",
            "camunda:assignee=\"",
            "name=\"state\" value=\"",
            "name=\"message\" value=\"",
            "name=\"to\" value=\"",
        ];
        for word in words {
            for (at, _) in xml.match_indices(word) {
                let start = at + word.len();
                let end = start + xml[start..].find(['"', '<']).unwrap();
                let instead = match &xml[start..end] {
                    duration if word.contains("Duration") => {
                        if duration == "PT1M" {
                            "PT2M"
                        } else {
                            "PT1M"
                        }
                    }
                    "requester" => "team",
                    _ if word.contains("\"to\"") => "requester",
                    _ => "elsewhere",
                };
                let mutant = format!("{}{instead}{}", &xml[..start], &xml[end..]);
                if survives(&files, "flow.bpmn", mutant) {
                    survivors.push(format!("{word}{} at line {}", &xml[start..end], xml[..at].matches('\n').count() + 1));
                }
            }
        }
        assert!(survivors.is_empty(), "{key}: no case sees {survivors:#?}");
    }
}

fn all() -> Vec<(String, Files, Pack)> {
    let read = |key: String| {
        let files = files(&key);
        let pack = load(&files);
        (key, files, pack)
    };
    keys().into_iter().map(read).collect()
}

fn table_file(files: &Files, table: &str) -> (String, Value) {
    let name = format!("decisions/{table}.json");
    let json = serde_json::from_slice(&files[&name]).unwrap();
    (name, json)
}

/// Whether the pack with this file loads and passes every case.
fn survives(files: &Files, name: &str, content: String) -> bool {
    assert_ne!(files[name], content.as_bytes(), "the mutation changed nothing in {name}");
    // Most changed drawings are refused by the flow alone; asking it first saves reading the rest.
    if name == "flow.bpmn" {
        match flow::Definition::parse(&content) {
            Ok(flow) if flow.check().is_empty() => {}
            _ => return false,
        }
    }
    let mut files = files.clone();
    files.insert(name.to_owned(), content.into_bytes());
    match Pack::load(&files) {
        Err(_) => false,
        Ok(pack) => pack.cases().iter().all(|case| run_case(&pack, case).passed()),
    }
}

/// Another cell for an output: the next of the field's values where it has some.
fn other(pack: &Pack, field: &str, cell: &str) -> String {
    let common = pack.manifest().fields.get(field).map(|rule| rule.values.clone()).filter(|values| !values.is_empty());
    let values = common.or_else(|| Some(pack.own_fields().get(field)?.values.clone())).unwrap_or_default();
    if !values.is_empty() {
        let is = cell.trim_matches('\'');
        let at = values.iter().position(|value| value == is).map_or(values.len() - 1, |at| at + 1);
        return format!("'{}'", values[at % values.len()]);
    }
    match serde_json::from_str(cell).unwrap_or(Value::Null) {
        Value::Bool(value) => json!(!value).to_string(),
        Value::Number(number) => json!(if number.as_i64() == Some(1) { 2 } else { 1 }).to_string(),
        _ => "'elsewhere'".to_owned(),
    }
}

/// The drawing with one sequence flow changed.
fn in_edge(xml: &str, id: &str, change: impl Fn(&str) -> String) -> String {
    let start = xml.find(&format!("<bpmn:sequenceFlow id=\"{id}\"")).unwrap();
    let head = start + xml[start..].find('>').unwrap();
    let end = if xml[..head].ends_with('/') { head + 1 } else { start + xml[start..].find("</bpmn:sequenceFlow>").unwrap() };
    format!("{}{}{}", &xml[..start], change(&xml[start..end]), &xml[end..])
}

/// One sequence flow with another condition, or with none.
fn with_condition(edge: &str, condition: Option<&str>) -> String {
    let start = edge.find("<bpmn:conditionExpression").unwrap();
    let inside = start + edge[start..].find('>').unwrap() + 1;
    let end = edge.find("</bpmn:conditionExpression>").unwrap();
    match condition {
        Some(condition) => format!("{}{condition}{}", &edge[..inside], &edge[end..]),
        None => edge[..start].to_owned(),
    }
}
