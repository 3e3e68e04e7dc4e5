//! Names of people, teams and roles can be such, and roles are those of the type: who decides must be able to read.

use approval::Approver;

use crate::check::Check;

pub(crate) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for (pointer, source) in pack.approvals.sources() {
        match source {
            Approver::Role(role) if !pack.manifest().roles.contains(role) => {
                let message = format!("there is no role '{role}'");
                check.approvals(&format!("{pointer}/role"), "unknown_role", message, "name one of the roles of pack.yaml");
            }
            Approver::Team(team) if !is_key(team) => {
                let message = format!("'{team}' cannot be the key of a team");
                check.approvals(&format!("{pointer}/team"), "bad_key", message, "a key has 1 to 64 letters, digits, '-', '_' or '.'");
            }
            Approver::Person(person) if !is_username(person) => {
                let message = format!("'{person}' cannot be a username");
                let mend = "a username has letters, digits, '-', '_', '.' or '@', and blanks only inside";
                check.approvals(&format!("{pointer}/person"), "bad_key", message, mend);
            }
            _ => {}
        }
    }
}

fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_username(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_.@ ".contains(c);
    (1..=100).contains(&text.len()) && text.chars().all(plain) && text.trim() == text
}
