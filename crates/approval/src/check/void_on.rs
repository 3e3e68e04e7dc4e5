//! Each field that makes the approval void stands once. Whether there are such fields, only the caller knows.

use crate::{Defect, Definition};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    for index in super::repeated(&def.void_on) {
        let message = format!("'{}' stands twice", def.void_on[index]);
        defects.push(Defect::new(format!("/void_on/{index}"), "twice", message, "take one out"));
    }
}
