//! Own fields have names of their own and defaults their schema allows.

use super::Check;
use crate::source::join;
use crate::standard_field::standard_field;

pub(super) fn check(check: &mut Check<'_>) {
    let source = &check.sources.form;
    for name in check.pack.own_fields().keys().filter(|name| standard_field(name).is_some()) {
        let message = format!("'{name}' is a standard field");
        let defect = source.defect(&join("/properties", name), "shadows_common", message, "give the own field another name");
        check.defects.push(defect);
    }
    for (pointer, message) in check.pack.form.bad_defaults() {
        check.defects.push(source.defect(&pointer, "wrong_default", message, "write a default the field can have"));
    }
}
