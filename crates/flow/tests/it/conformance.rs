//! The reference diagrams of the BPMN Model Interchange Working Group: counted as they say, and told by element what runs.
//!
//! They lie beside the repository: `YUHENG_CONFORMANCE_DATA=… cargo test -p flow -- --ignored conformance`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flow::{Definition, Inventory, inventory};
use serde_json::Value;

fn data() -> PathBuf {
    let folder = std::env::var("YUHENG_CONFORMANCE_DATA").unwrap();
    Path::new(&folder).join("05_bpmn")
}

/// Each file that has expected counts, by name.
fn files() -> BTreeMap<String, (String, Value)> {
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(data().join("expected_counts.json")).unwrap()).unwrap();
    let read = |name: &str| std::fs::read_to_string(data().join("miwg").join(name)).unwrap();
    expected.into_iter().map(|(name, counts)| (name.clone(), (read(&name), counts))).collect()
}

#[test]
#[ignore = "needs data that lies beside the repository"]
fn every_file_is_counted_as_expected() {
    let files = files();
    let there = std::fs::read_dir(data().join("miwg")).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|extension| extension == "bpmn")
    });
    assert_eq!(there.count(), files.len());
    for (name, (xml, expected)) in files {
        let found = inventory(&xml).unwrap_or_else(|defect| panic!("{name}: {defect}"));
        for (element, number) in expected.as_object().unwrap() {
            let number = usize::try_from(number.as_u64().unwrap()).unwrap();
            let counted = if element == "isExecutable" { found.executable } else { found.counts.get(element).copied().unwrap_or(0) };
            assert_eq!(counted, number, "{name}: {element}");
        }
        tell(&name, &found);
    }
}

/// Nothing is passed over: an element runs, or it is said why not and what to do.
fn tell(name: &str, found: &Inventory) {
    let runs = found.elements.iter().filter(|listed| listed.runs()).count();
    println!("{name}: {runs} of {} elements run", found.elements.len());
    for listed in found.elements.iter().filter(|listed| !listed.runs()) {
        let defect = listed.against.as_ref().unwrap();
        assert!(!defect.message.is_empty() && !defect.mend.is_empty() && !listed.element.is_empty());
        println!("  {} {}", listed.element, defect);
    }
    let nodes = ["Event", "ask", "ateway", "ctivity", "ubProcess"];
    // Global tasks stand beside processes; what calls them is listed.
    let passed = |tag: &str| nodes.iter().any(|end| tag.ends_with(end)) && !tag.starts_with("global");
    let counted: usize = found.counts.iter().filter(|(tag, _)| passed(tag)).map(|(_, number)| number).sum();
    assert_eq!(found.elements.len(), counted, "{name}: every element is listed");
}

#[test]
#[ignore = "needs data that lies beside the repository"]
fn what_does_not_run_is_refused_by_element() {
    for (name, (xml, _)) in files() {
        match Definition::parse(&xml) {
            Ok(def) => println!("{name}: runs; {} defects before it may be published", def.check().len()),
            Err(defects) => {
                assert!(!defects.is_empty(), "{name}");
                println!("{name}: {} defects, first {}", defects.len(), defects[0]);
            }
        }
    }
}
