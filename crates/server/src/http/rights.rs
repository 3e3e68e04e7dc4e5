//! Rights in the words of a language: where they come from, and on which records they hold.

use decide::{Condition, Explanation, Op, Operand, Scalar, Test};
use desk::directory::EntryKind;
use desk::policy::By;
use desk::record::names;
use desk::{Env, Pinned};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::refs::{People, Ref};

/// Where a right comes from.
#[derive(Serialize, ToSchema)]
pub struct ByBody {
    /// `admin` (everything is allowed), `role` or `stands_in`.
    kind: &'static str,
    /// The role.
    role: Option<Ref>,
    /// Who is away.
    person: Option<Ref>,
}

/// A part of a condition, and whether it holds for the record.
#[derive(Serialize, ToSchema)]
pub struct ConditionPart {
    text: String,
    holds: bool,
}

/// What turns rights into words.
pub struct Words<'a> {
    /// Directory and packs.
    pub env: &'a Env,
    /// The type whose records they are about.
    pub pinned: &'a Pinned,
    /// The people that are named.
    pub people: &'a People,
    /// `zh` or `en`.
    pub lang: &'a str,
}

/// The person that an origin names.
pub fn person(by: &By) -> Option<Uuid> {
    if let By::StandsIn(person) = by { Some(*person) } else { None }
}

/// A role by its key.
pub fn role(env: &Env, key: &str, lang: &str) -> Ref {
    env.directory.by_key(EntryKind::Role, key).map_or_else(
        || Ref { id: String::new(), key: key.to_owned(), label: key.to_owned() },
        |item| Ref { id: item.id.to_string(), key: item.key.clone(), label: item.label(lang) },
    )
}

impl Words<'_> {
    /// Where a right comes from.
    pub fn by(&self, by: &By) -> ByBody {
        match by {
            By::Admin => ByBody { kind: "admin", role: None, person: None },
            By::Role(key) => ByBody { kind: "role", role: Some(role(self.env, key, self.lang)), person: None },
            By::StandsIn(person) => ByBody { kind: "stands_in", role: None, person: Some(self.people.get(*person)) },
        }
    }

    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == "en" { en } else { zh }
    }

    /// On which records a right holds.
    pub fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) if parts.is_empty() => self.say("所有记录", "every record").to_owned(),
            Condition::Any(parts) if parts.is_empty() => self.say("没有记录", "no record").to_owned(),
            Condition::All(parts) => self.join(parts, self.say(" 且 ", " and ")),
            Condition::Any(parts) => self.join(parts, self.say(" 或 ", " or ")),
            Condition::Not(part) => format!("{}({})", self.say("不满足", "not "), self.condition(part)),
            Condition::Test(test) => self.test(test),
        }
    }

    fn join(&self, parts: &[Condition], word: &str) -> String {
        if let [one] = parts {
            return self.condition(one);
        }
        let part = |part: &Condition| match part {
            Condition::Test(_) => self.condition(part),
            _ => format!("({})", self.condition(part)),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    }

    fn test(&self, test: &Test) -> String {
        let field = names::field(&self.pinned.pack, self.lang, &test.field);
        let op = match test.op {
            Op::Eq => self.say("是", "is"),
            Op::Ne => self.say("不是", "is not"),
            Op::Lt => "<",
            Op::Le => "≤",
            Op::Gt => ">",
            Op::Ge => "≥",
            Op::In => self.say("属于", "is one of"),
            Op::NotIn => self.say("不属于", "is none of"),
            Op::IsEmpty => return format!("{field} {}", self.say("为空", "is empty")),
            Op::NotEmpty => return format!("{field} {}", self.say("不为空", "is not empty")),
            Op::Contains => self.say("包含", "contains"),
            Op::StartsWith => self.say("开头是", "begins with"),
            Op::Under => self.say("在其下", "is under"),
        };
        format!("{field} {op} {}", self.operand(&test.field, &test.operand))
    }

    fn operand(&self, field: &str, operand: &Operand) -> String {
        match operand {
            Operand::Nothing => String::new(),
            Operand::Me => self.say("本人", "the person").to_owned(),
            Operand::MyTeams => self.say("本人的支持组", "the person's teams").to_owned(),
            Operand::MySites => self.say("本人的办公区域", "the person's sites").to_owned(),
            Operand::MyCustomer => self.say("本人的客户", "the person's customer").to_owned(),
            Operand::Ago(span) => format!("{} {}", self.say("之前", "before now by"), span.text()),
            Operand::Ahead(span) => format!("{} {}", self.say("之后", "after now by"), span.text()),
            Operand::Scalar(scalar) => self.scalar(field, scalar),
            Operand::List(parts) => parts.iter().map(|part| self.operand(field, part)).collect::<Vec<_>>().join(self.say("、", ", ")),
        }
    }

    fn scalar(&self, field: &str, scalar: &Scalar) -> String {
        let value = scalar.to_json();
        let Some(text) = value.as_str() else { return value.to_string() };
        // Rows hold identities where people know names.
        if let Ok(id) = text.parse::<Uuid>() {
            let entry = self.env.directory.get(id).map(|item| item.label(self.lang));
            return entry.unwrap_or_else(|| self.people.get(id).label);
        }
        names::value(self.env, &self.pinned.pack, self.lang, field, &Value::from(text), |id| self.people.get(id).label)
    }

    /// The tests of a condition, each with whether it holds.
    pub fn parts(&self, condition: &Condition, explanation: &Explanation) -> Vec<ConditionPart> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().zip(&explanation.children).flat_map(|(part, said)| self.parts(part, said)).collect()
            }
            // What must not hold is told whole.
            Condition::Not(_) | Condition::Test(_) => {
                vec![ConditionPart { text: self.condition(condition), holds: explanation.holds }]
            }
        }
    }
}
