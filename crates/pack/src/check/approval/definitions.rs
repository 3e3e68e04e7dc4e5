//! Each approval can run: what the machine itself says of it.

use crate::check::Check;
use crate::source::join;

pub(crate) fn check(check: &mut Check<'_>) {
    for (key, definition) in check.pack.approvals() {
        for defect in definition.check() {
            // Bodies stand once in the file, beside the approvals.
            let of_body = defect.pointer.starts_with("/bodies/");
            let pointer = if of_body { defect.pointer } else { format!("{}{}", join("/approvals", key), defect.pointer) };
            let message = if of_body { defect.message } else { format!("{key}: {}", defect.message) };
            check.approvals(&pointer, defect.code, message, defect.mend);
        }
    }
}
