//! The one authority over who may do what: `allows`, `scope` and `fields`, compiled from the same rows.
//!
//! A role's rights on records stand in the pack (`rights` of `pack.yaml`), its other actions in the directory. A right is
//! an action with a condition on the record; several rights add up. No door asks anything else.

use std::collections::{BTreeMap, HashMap};

use decide::{Binding, Bound, Condition, FieldType, Op, Operand, Row, Scalar, Test};
use store::record::RecordRow;
use store::record_list::ListedRecord;
use uuid::Uuid;

use crate::actor::Absent;
use crate::directory::EntryKind;
use crate::env::{Pinned, Shelf};
use crate::{Actor, DeskError};

/// Rights of all roles on the records of one type.
#[derive(Debug, Default)]
pub struct Rights {
    /// role → action → conditions of which one must hold.
    by_role: HashMap<String, HashMap<String, Vec<Condition>>>,
}

/// What a record's row has beside the standard fields.
const ROW_FIELDS: [(&str, FieldType); 5] = [
    ("id", FieldType::Ref),
    ("type", FieldType::Text),
    ("number", FieldType::Text),
    ("updated_at", FieldType::Instant),
    ("is_open", FieldType::Number),
];

/// Fields of records that conditions may name, with their types.
pub fn record_schema() -> BTreeMap<String, FieldType> {
    let listed = pack::STANDARD_FIELDS.iter().filter(|field| field.place == pack::Place::Listed).map(|field| (field.name, field.kind));
    listed.chain(ROW_FIELDS).map(|(name, kind)| (name.to_owned(), kind)).collect()
}

impl Rights {
    /// Compiles the rights that a pack gives to roles.
    pub fn compile(pack: &pack::Pack) -> Result<Self, DeskError> {
        let schema = record_schema();
        let mut by_role: HashMap<String, HashMap<String, Vec<Condition>>> = HashMap::new();
        for (role, rights) in &pack.manifest().rights {
            for right in rights {
                let condition = match &right.scope {
                    None => Condition::always(),
                    Some(json) => Condition::parse(json, &schema).map_err(|error| DeskError::Pack {
                        key: pack.key().to_owned(),
                        why: format!("scope of {role}/{}: {error}", right.action),
                    })?,
                };
                by_role.entry(role.clone()).or_default().entry(right.action.clone()).or_default().push(condition);
            }
        }
        Ok(Self { by_role })
    }

    /// The condition on a record under which an actor may do an action on records of this type.
    pub fn scope(&self, actor: &Actor, action: &str) -> Condition {
        let writes = !matches!(action, "read" | "read_internal");
        if !actor.has_scope("read") && !actor.has_scope("write") || writes && !actor.has_scope("write") {
            return Condition::never();
        }
        if actor.is_admin() {
            return Condition::always();
        }
        Condition::Any(self.grounds(actor, action).into_iter().map(|ground| ground.condition).collect())
    }

    /// All that could let an actor do an action, one by one: what a scope is made of, for those who ask why.
    pub fn grounds(&self, actor: &Actor, action: &str) -> Vec<Ground> {
        if actor.is_admin() {
            return vec![Ground { by: By::Admin, condition: Condition::always() }];
        }
        let own = self
            .of_roles(&actor.roles, action)
            .map(|(role, condition)| Ground { by: By::Role(role.clone()), condition: condition.clone() });
        let absent = actor
            .stands_in_for
            .iter()
            .filter_map(|away| Some(Ground { by: By::StandsIn(away.person), condition: self.of_absent(away, action)? }));
        own.chain(absent).collect()
    }

    /// The actions that a role allows on records of this type, each with its conditions of which one must hold.
    pub fn of_role(&self, role: &str) -> Vec<(&str, &[Condition])> {
        let mut rights: Vec<_> =
            self.by_role.get(role).into_iter().flatten().map(|(action, any)| (action.as_str(), any.as_slice())).collect();
        rights.sort_by_key(|(action, _)| *action);
        rights
    }

    fn of_roles<'a>(&'a self, roles: &'a [String], action: &'a str) -> impl Iterator<Item = (&'a String, &'a Condition)> {
        let allowed = roles.iter().filter_map(move |role| Some((role, self.by_role.get(role)?.get(action)?)));
        allowed.flat_map(|(role, any)| any.iter().map(move |condition| (role, condition)))
    }

    /// What somebody who is away may do on what is theirs to do: who stands in may do it too. None when they may nothing.
    fn of_absent(&self, away: &Absent, action: &str) -> Option<Condition> {
        let of_roles = || self.of_roles(&away.roles, action).map(|(_, condition)| condition.clone()).collect();
        let theirs: Vec<Condition> = if away.admin { vec![Condition::always()] } else { of_roles() };
        if theirs.is_empty() {
            return None;
        }
        let theirs = theirs.into_iter().map(|condition| as_if(condition, away.binding())).collect();
        let test =
            |field: &str, op: Op, operand: Operand| Condition::Test(Test { field: field.to_owned(), kind: FieldType::Ref, op, operand });
        let person = Operand::Scalar(Scalar::Text(away.person.to_string()));
        let mut turn = vec![test("assignee", Op::Eq, person)];
        if !away.duties.is_empty() {
            let teams = Operand::List(away.duties.iter().map(|team| Operand::Scalar(Scalar::Text(team.to_string()))).collect());
            turn.push(Condition::All(vec![test("assignee", Op::IsEmpty, Operand::Nothing), test("team", Op::In, teams)]));
        }
        Some(Condition::All(vec![Condition::Any(turn), Condition::Any(theirs)]))
    }

    /// Whether an actor may do an action on any record at all.
    pub fn ever(&self, actor: &Actor, action: &str) -> bool {
        !matches!(self.scope(actor, action), Condition::Any(none) if none.is_empty())
    }

    /// Whether an actor may do an action on every record of this type.
    pub fn everywhere(&self, actor: &Actor, action: &str) -> bool {
        let all = |part: &Condition| *part == Condition::always();
        let scope = self.scope(actor, action);
        all(&scope) || matches!(&scope, Condition::Any(parts) if parts.iter().any(all))
    }

    /// The same, bound to who asks and when: for SQL and memory alike.
    pub fn bound(&self, actor: &Actor, action: &str, now: i64) -> Bound {
        self.scope(actor, action).bind(&actor.binding(now))
    }

    /// Whether an actor may do an action on this record.
    pub fn allows(&self, actor: &Actor, action: &str, record: &dyn Row, now: i64) -> bool {
        self.bound(actor, action, now).holds(record)
    }

    /// Whether an actor may complete an outcome: by the right on all outcomes or on this one.
    pub fn allows_outcome(&self, actor: &Actor, outcome: &str, record: &dyn Row, now: i64) -> bool {
        self.allows(actor, "outcome", record, now) || self.allows(actor, &format!("outcome:{outcome}"), record, now)
    }

    /// What an actor may read and write of this record's fields.
    pub fn fields(&self, actor: &Actor, record: &dyn Row, now: i64) -> FieldAccess {
        FieldAccess { internal: self.allows(actor, "read_internal", record, now), writable: self.allows(actor, "edit", record, now) }
    }
}

/// Something that lets somebody do something, on records that meet a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// What it is.
    pub by: By,
    /// On which records.
    pub condition: Condition,
}

/// Where a right comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// A role that allows everything.
    Admin,
    /// A right of this role.
    Role(String),
    /// What this person may, who is away.
    StandsIn(Uuid),
}

/// A condition in which `me` and the like mean somebody else than who asks.
fn as_if(condition: Condition, who: &Binding) -> Condition {
    match condition {
        Condition::All(parts) => Condition::All(parts.into_iter().map(|part| as_if(part, who)).collect()),
        Condition::Any(parts) => Condition::Any(parts.into_iter().map(|part| as_if(part, who)).collect()),
        Condition::Not(part) => Condition::Not(Box::new(as_if(*part, who))),
        Condition::Test(test) => Condition::Test(Test { operand: meaning(test.operand, who), ..test }),
    }
}

fn meaning(operand: Operand, who: &Binding) -> Operand {
    let text = |text: &String| Operand::Scalar(Scalar::Text(text.clone()));
    let one = |value: &Option<String>| value.as_ref().map_or_else(|| Operand::List(Vec::new()), text);
    match operand {
        Operand::Me => one(&who.me),
        Operand::MyTeams => Operand::List(who.my_teams.iter().map(text).collect()),
        Operand::MySites => Operand::List(who.my_sites.iter().map(text).collect()),
        Operand::MyCustomer => one(&who.my_customer),
        Operand::List(parts) => Operand::List(parts.into_iter().map(|part| meaning(part, who)).collect()),
        other => other,
    }
}

/// What an actor may read, over all types: each type's own rights on its records.
pub fn read_scope(packs: &Shelf, actor: &Actor, now: i64) -> Bound {
    let of_type = |pinned: &Pinned| {
        let operand = Operand::Scalar(Scalar::Text(pinned.pack.key().to_owned()));
        let is_type = Test { field: "type".to_owned(), kind: FieldType::Text, op: Op::Eq, operand };
        Condition::All(vec![Condition::Test(is_type), pinned.rights.scope(actor, "read")])
    };
    let any = Condition::Any(packs.all().iter().map(|pinned| of_type(pinned)).collect());
    any.bind(&actor.binding(now))
}

/// Whether somebody may read the directory's entries of a kind: requesters need sites and services to report; teams with
/// their members are for those who work.
pub fn may_read_entries(actor: &Actor, kind: EntryKind) -> bool {
    actor.may("workspace") || matches!(kind, EntryKind::Site | EntryKind::Service | EntryKind::Category)
}

/// What somebody may read and write of a record's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldAccess {
    /// Internal fields and comments are readable.
    pub internal: bool,
    /// Fields can be edited.
    pub writable: bool,
}

/// A record row as conditions see it.
pub struct PolicyRow<'a>(pub &'a RecordRow);

fn text(value: Option<&String>) -> Scalar {
    value.map_or(Scalar::Null, |v| Scalar::Text(v.clone()))
}

fn id(value: Option<Uuid>) -> Scalar {
    value.map_or(Scalar::Null, |v| Scalar::Text(v.to_string()))
}

fn instant(value: Option<i64>) -> Scalar {
    value.map_or(Scalar::Null, Scalar::Int)
}

macro_rules! row_values {
    ($row:expr, $field:expr) => {{
        let r = $row;
        match $field {
            "id" => id(Some(r.id)),
            "type" => text(Some(&r.type_key)),
            "number" => text(Some(&r.number)),
            "customer" => id(Some(r.customer)),
            "state" => text(Some(&r.state)),
            "phase" => text(Some(&r.phase)),
            "is_open" => Scalar::Int(i64::from(store::record::is_open(&r.phase))),
            "title" => text(Some(&r.title)),
            "impact" => text(r.impact.as_ref()),
            "urgency" => text(r.urgency.as_ref()),
            "priority" => text(r.priority.as_ref()),
            "category" => text(r.category.as_ref()),
            "requester" => id(Some(r.requester)),
            "reporter" => id(Some(r.reporter)),
            "channel" => text(Some(&r.channel)),
            "team" => id(r.team),
            "assignee" => id(r.assignee),
            "service" => id(r.service),
            "site" => id(r.site),
            "parent" => id(r.parent),
            "opened_at" => Scalar::Int(r.opened_at),
            "responded_at" => instant(r.responded_at),
            "resolved_at" => instant(r.resolved_at),
            "closed_at" => instant(r.closed_at),
            "updated_at" => Scalar::Int(r.updated_at),
            "reassign_count" => Scalar::Int(r.reassign_count),
            "reopen_count" => Scalar::Int(r.reopen_count),
            _ => Scalar::Null,
        }
    }};
}

impl Row for PolicyRow<'_> {
    fn value(&self, field: &str) -> Scalar {
        row_values!(self.0, field)
    }
}

/// A listed record as conditions see it.
pub struct PolicyListed<'a>(pub &'a ListedRecord);

impl Row for PolicyListed<'_> {
    fn value(&self, field: &str) -> Scalar {
        row_values!(self.0, field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_a_column_for_every_field_that_conditions_may_name() {
        let schema = record_schema();
        let named: Vec<&str> = schema.keys().map(String::as_str).collect();
        let mut columns = store::record_list::NAMED_COLUMNS.to_vec();
        columns.sort_unstable();
        assert_eq!(named, columns);
        let references: Vec<&str> = schema.iter().filter(|(_, kind)| **kind == FieldType::Ref).map(|(name, _)| name.as_str()).collect();
        let mut identities = store::record_list::IDENTITIES.to_vec();
        identities.sort_unstable();
        assert_eq!(references, identities);
    }
}
