//! What a file holds, whether it can be run or not: for taking over what was drawn elsewhere.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::parse::{self, Reading, label};
use crate::xml::{self, Node, Space};
use crate::{Defect, Definition};

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// How often each BPMN name occurs, those of the diagram too.
    pub counts: BTreeMap<String, usize>,
    /// Processes that are marked as executable.
    pub executable: usize,
    /// Everything a token could pass, in the order of the file.
    pub elements: Vec<Listed>,
    /// What stands against running the file, as [`Definition::parse`] tells it.
    pub defects: Vec<Defect>,
}

/// One element of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id; may be empty.
    pub id: String,
    /// Its label; may be empty.
    pub name: String,
    /// Its BPMN name: `userTask`, `complexGateway`.
    pub element: String,
    /// Line of the XML, counted from 1.
    pub line: u32,
    /// Why it does not run as drawn, and what to do about it; none for one that runs.
    pub against: Option<Defect>,
}

impl Listed {
    /// Whether the engine runs it as drawn.
    pub fn runs(&self) -> bool {
        self.against.is_none()
    }
}

/// Lists what a file holds. Takes everything well-formed within the limits of size; each process is looked at by itself.
pub fn inventory(xml: &str) -> Result<Inventory, Defect> {
    let root = xml::read_with_diagram(xml)?;
    let mut found = Inventory { defects: Definition::parse(xml).err().unwrap_or_default(), ..Inventory::default() };
    count(&root, &mut found.counts);
    for process in root.all("process") {
        found.executable += usize::from(process.attribute("isExecutable") == Some("true"));
        let reading = parse::survey(&root, process);
        let mut against: HashMap<&str, &Defect> = HashMap::new();
        for defect in &reading.defects {
            against.entry(defect.element.as_deref().unwrap_or_default()).or_insert(defect);
        }
        list(process, &reading, &against, &mut found.elements);
    }
    Ok(found)
}

fn count(node: &Node, counts: &mut BTreeMap<String, usize>) {
    if matches!(node.space, Space::Bpmn | Space::Diagram) {
        *counts.entry(node.name.clone()).or_default() += 1;
    }
    node.children.iter().for_each(|child| count(child, counts));
}

fn list(holder: &Node, reading: &Reading, against: &HashMap<&str, &Defect>, listed: &mut Vec<Listed>) {
    for node in parse::flow_elements(holder) {
        let id = node.attribute("id").unwrap_or_default();
        let known = against.get(id).copied().cloned();
        let inside = || {
            let mend = "mend or replace what holds it";
            Defect::new("unsupported", "it is inside something that does not run", mend).at(Some(id), node.line)
        };
        let against_it = known.or_else(|| (!reading.elements.contains_key(id)).then(inside));
        let (id, element) = (id.to_owned(), node.name.clone());
        listed.push(Listed { id, name: label(node), element, line: node.line, against: against_it });
        if node.name.ends_with("ubProcess") || node.name == "transaction" {
            list(node, reading, against, listed);
        }
    }
}
