//! `categories.yaml`: the tree of categories a type starts with.
//!
//! Categories are not pinned: an organisation edits its tree while records run, and its tree stands in the place of this one.
//! The engine therefore takes any category key and leaves it to its caller to know which exist.

use serde::{Deserialize, Serialize};

/// One category and those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Last part of the path.
    pub key: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Whether it can still be chosen, with all below it.
    #[serde(skip, default = "yes")]
    pub active: bool,
    /// The categories below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Category>,
}

fn yes() -> bool {
    true
}

impl Category {
    /// The category at a path that starts here.
    pub fn find(&self, path: &str) -> Option<&Category> {
        let rest = path.strip_prefix(self.key.as_str())?;
        match rest.strip_prefix('/') {
            None => rest.is_empty().then_some(self),
            Some(below) => self.children.iter().find_map(|child| child.find(below)),
        }
    }

    /// This category and all below that can be chosen with their full paths (`network/wifi`), parents first.
    pub fn paths(&self) -> Vec<(String, &Category)> {
        if !self.active {
            return Vec::new();
        }
        let mut found = vec![(self.key.clone(), self)];
        for child in &self.children {
            found.extend(child.paths().into_iter().map(|(path, node)| (format!("{}/{path}", self.key), node)));
        }
        found
    }
}
