//! The category tree has no key twice below one node and is not deeper than people can follow.

use std::collections::BTreeSet;

use super::Check;
use crate::Category;

/// Deepest tree.
const DEEPEST: usize = 5;

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    walk(check, pack.categories(), "", 1);
}

fn walk(check: &mut Check<'_>, nodes: &[Category], base: &str, depth: usize) {
    let mut seen = BTreeSet::new();
    for (index, node) in nodes.iter().enumerate() {
        let pointer = format!("{base}/{index}");
        if !seen.insert(&node.key) {
            tell(check, &format!("{pointer}/key"), "twice", format!("'{}' stands here twice", node.key));
        }
        if depth > DEEPEST {
            tell(check, &pointer, "too_deep", format!("the tree is deeper than {DEEPEST}"));
            return;
        }
        walk(check, &node.children, &format!("{pointer}/children"), depth + 1);
    }
}

fn tell(check: &mut Check<'_>, pointer: &str, code: &'static str, message: String) {
    let source = check.sources.categories.as_ref();
    let defect = source.map(|source| source.defect(pointer, code, message, "give each node of a level its own key"));
    check.defects.extend(defect);
}
