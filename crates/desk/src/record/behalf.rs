//! Reporting on behalf of a colleague: for people of one's own department, where the pack gives the right to. Who reports follows the
//! record; it is the colleague's.

use store::Sql;
use store::user::UserRow;

use crate::env::Pinned;
use crate::{Actor, DeskError, Env};

/// The right of a pack to open records for people of one's own department.
pub const RIGHT: &str = "open_for_colleague";
/// Most people that are offered at once: whoever is not among them is found by name.
pub const MOST: i64 = 20;

/// Whether somebody may report for a person: both are of one department, and the account lives.
pub fn may_report_for(env: &Env, pinned: &Pinned, actor: &Actor, person: &UserRow) -> bool {
    let together = actor.user.department.is_some() && person.department == actor.user.department;
    together && person.kind == "person" && person.is_alive(env.world.now()) && pinned.rights.ever(actor, RIGHT)
}

/// Why another's name is refused.
pub fn refusal(pinned: &Pinned, actor: &Actor) -> String {
    let words = if actor.may("workspace") || !pinned.rights.ever(actor, RIGHT) {
        "you may open records of this type only for yourself, or not at all"
    } else if actor.user.department.is_none() {
        "you may report for yourself; for colleagues once your account names a department"
    } else {
        "you may report for yourself and for people of your department"
    };
    words.to_owned()
}

/// The colleagues for whom somebody may report, of whom something that people are found by contains `q`, by sort name.
pub fn colleagues(env: &Env, sql: &mut dyn Sql, actor: &Actor, q: Option<&str>) -> Result<Vec<UserRow>, DeskError> {
    let Some(department) = actor.user.department else { return Ok(Vec::new()) };
    if !env.packs.all().iter().any(|pinned| pinned.rights.ever(actor, RIGHT)) {
        return Ok(Vec::new());
    }
    let mut found = store::user::of_department(sql, department, q, env.world.now(), MOST + 1)?;
    found.retain(|person| person.id != actor.user.id);
    found.truncate(usize::try_from(MOST).unwrap_or(0));
    Ok(found)
}
