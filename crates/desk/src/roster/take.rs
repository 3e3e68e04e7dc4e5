//! Taking one row in: created, changed, as it was, or refused with the reason.

use serde_json::{Map, Value, json};
use store::user::UserRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::{Line, Mode, Params, cells};
use crate::directory::{self, EntryKind, NewUser, UserChange};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env, FieldError, grant};

/// What came of a row.
pub struct Taken {
    /// Its key.
    pub subject: String,
    /// `created`, `updated`, `unchanged`, `deactivated` or `rejected`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub message: Option<String>,
    /// What it writes.
    pub set: WriteSet,
}

/// What is the same for all rows.
pub struct Intake<'a> {
    /// What was asked.
    pub params: &'a Params,
    /// Who asked.
    pub actor: &'a Actor,
    /// In their name.
    pub cause: &'a Cause,
}

impl Intake<'_> {
    /// Takes a row in. `env` learns of entries that it makes, so that later rows may refer to them.
    pub fn row(&self, env: &mut Env, sql: &mut dyn Sql, line: &Line) -> Result<Taken, DeskError> {
        let row = match cells::read(env, sql, self.params, line) {
            Ok(row) => row,
            Err(DeskError::Invalid(errors)) => return Ok(self.rejected(self.subject(line), &errors)),
            Err(error) => return Err(error),
        };
        if let Some(twin) = line.twin {
            let error = FieldError::new("", "duplicate", twin.to_string());
            return Ok(self.rejected(row.key, &[error]));
        }
        let done = match self.params.about.entry() {
            None => self.user(env, sql, &row.key, row.values),
            Some(kind) => self.entry(env, sql, kind, &row.key, row.values),
        };
        match done {
            Ok((outcome, set)) => Ok(Taken { subject: row.key, outcome, message: None, set }),
            Err(DeskError::Invalid(errors)) => Ok(self.rejected(row.key, &errors)),
            Err(DeskError::Forbidden(_)) => Ok(self.rejected(row.key, &[FieldError::new("", "beyond", "")])),
            Err(error) => Err(error),
        }
    }

    /// What tells a row apart.
    pub fn subject(&self, line: &Line) -> String {
        let at = self.params.map.get(super::fields(self.params.about)[0].key);
        at.and_then(|at| line.cells.get(*at)).cloned().unwrap_or_default()
    }

    /// Whether the mode lets it be: what exists is not created anew, what does not is not changed.
    fn fits(&self, exists: bool, changes: bool) -> Result<(), DeskError> {
        match (self.params.mode, exists) {
            (Mode::Create, true) if changes => Err(DeskError::field("", "exists", "it exists already")),
            (Mode::Update, false) => Err(DeskError::field("", "missing", "there is none")),
            _ => Ok(()),
        }
    }

    fn user(&self, env: &Env, sql: &mut dyn Sql, username: &str, values: UserChange) -> Result<(&'static str, WriteSet), DeskError> {
        let present = store::user::find_username(sql, username)?;
        grant::require_account(self.actor, &env.directory, present.as_ref(), &values)?;
        let (set, before) = match &present {
            Some(row) => (directory::change_user(env, sql, self.cause, row.id, &values, None, None)?, row.version),
            None => {
                self.fits(false, true)?;
                let new = NewUser { username: username.to_owned(), values, password: None, keep_session: None };
                (directory::create_user(env, sql, self.cause, &new)?, 0)
            }
        };
        let (set, row) = set;
        let changes = row.version != before;
        self.fits(present.is_some(), changes)?;
        Ok((outcome(before, changes), if changes { set } else { WriteSet::default() }))
    }

    fn entry(
        &self,
        env: &mut Env,
        sql: &mut dyn Sql,
        kind: EntryKind,
        key: &str,
        mut values: Map<String, Value>,
    ) -> Result<(&'static str, WriteSet), DeskError> {
        let present = env.directory.by_key(kind, key).cloned();
        if let (Some(item), Some(Value::Object(label))) = (&present, values.get_mut("label")) {
            // A file with names in one language leaves those in the other.
            let mut whole = item.data.get("label").and_then(Value::as_object).cloned().unwrap_or_default();
            whole.extend(std::mem::take(label));
            *label = whole;
        }
        if present.is_none() && !values.contains_key("label") {
            values.insert("label".to_owned(), json!({ "zh": key }));
        }
        self.fits(present.is_some(), false)?;
        let (set, row) = directory::put(env, sql, self.cause, kind, key, &values, None)?;
        let before = present.as_ref().map_or(0, |item| item.version);
        let changes = row.version != before;
        self.fits(present.is_some(), changes)?;
        if changes {
            let item = directory::item(row)?;
            std::sync::Arc::make_mut(&mut env.directory).insert(item);
        }
        Ok((outcome(before, changes), set))
    }

    /// Ends the account of somebody whom the file does not have.
    pub fn end_user(&self, env: &Env, sql: &mut dyn Sql, row: &UserRow) -> Result<Option<Taken>, DeskError> {
        let spared = !row.active || row.kind != "person" || row.id == self.actor.user.id || row.username == crate::setup::ADMIN;
        if spared || grant::require_account(self.actor, &env.directory, Some(row), &Map::new()).is_err() {
            return Ok(None);
        }
        let change = Map::from_iter([("active".to_owned(), json!(false))]);
        let (set, _) = directory::change_user(env, sql, self.cause, row.id, &change, None, None)?;
        Ok(Some(Taken { subject: row.username.clone(), outcome: "deactivated", message: None, set }))
    }

    /// Retires an entry that the file does not have.
    pub fn end_entry(&self, env: &Env, sql: &mut dyn Sql, kind: EntryKind, key: &str) -> Result<Taken, DeskError> {
        let change = Map::from_iter([("active".to_owned(), json!(false))]);
        let (set, _) = directory::put(env, sql, self.cause, kind, key, &change, None)?;
        Ok(Taken { subject: key.to_owned(), outcome: "deactivated", message: None, set })
    }

    fn rejected(&self, subject: String, errors: &[FieldError]) -> Taken {
        let said: Vec<String> = errors.iter().map(|error| self.say(error)).collect();
        Taken { subject, outcome: "rejected", message: Some(said.join("; ")), set: WriteSet::default() }
    }

    /// A refusal in the language of who asked, with the column as their file calls it.
    fn say(&self, error: &FieldError) -> String {
        let en = self.params.lang == "en";
        let field = error.pointer.split('/').nth(1).unwrap_or_default();
        let field = if field == "label" { "label_zh" } else { field };
        let column = self.params.columns.get(field).map_or(field, String::as_str);
        let detail = &error.message;
        let said = match (error.code.as_str(), en) {
            ("required", false) => "不能为空".to_owned(),
            ("required", true) => "is empty".to_owned(),
            ("unknown_reference", false) => format!("没有“{detail}”"),
            ("unknown_reference", true) => format!("there is no '{detail}'"),
            ("unreadable", false) => format!("不能识别“{detail}”"),
            ("unreadable", true) => format!("'{detail}' does not fit here"),
            ("duplicate", false) => format!("与第 {detail} 行重复"),
            ("duplicate", true) => format!("the same as line {detail}"),
            ("exists", false) => "已存在且内容不同".to_owned(),
            ("exists", true) => "exists already with other values".to_owned(),
            ("missing", false) => "不存在".to_owned(),
            ("missing", true) => "does not exist".to_owned(),
            ("beyond", false) => "超出了您自己的权限".to_owned(),
            ("beyond", true) => "is more than you may do yourself".to_owned(),
            ("circle", false) => "上下级形成循环".to_owned(),
            ("circle", true) => "would lie within itself".to_owned(),
            _ => detail.clone(),
        };
        match (column.is_empty(), en) {
            (true, _) => said,
            (false, false) => format!("{column}：{said}"),
            (false, true) => format!("{column}: {said}"),
        }
    }
}

fn outcome(before: i64, changes: bool) -> &'static str {
    match (before, changes) {
        (_, false) => "unchanged",
        (0, true) => "created",
        (_, true) => "updated",
    }
}

/// Who asked, as they are now: what was taken from them meanwhile they may no longer do.
pub fn asker(env: &Env, sql: &mut dyn Sql, id: Option<Uuid>) -> Result<std::sync::Arc<Actor>, DeskError> {
    let gone = || DeskError::Forbidden("the account that asked for this has ended".to_owned());
    let now = env.world.now();
    let user = id.map(|id| store::user::find(sql, id)).transpose()?.flatten().filter(|user| user.is_alive(now)).ok_or_else(gone)?;
    let proof = crate::Proof::Session { id: env.world.id(), csrf: Vec::new() };
    Ok(Actor::new(user, &env.directory, proof, now))
}
