//! People and organisation from a file: what is asked, checked at once, and queued as a job that does it row by row.

mod cells;
mod fields;
mod sheet;
pub(crate) mod take;

pub use fields::{Field, fields, guess, template};
pub use sheet::{MOST_BYTES, MOST_ROWS, Sheet};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Sql, WriteSet};
use uuid::Uuid;

use crate::directory::EntryKind;
use crate::job::{self, Kind};
use crate::{Actor, DeskError, Env, FieldError};

/// Rows of one step of the job.
pub(crate) const TOGETHER: usize = 100;

/// What a file can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// People.
    Users,
    /// Departments.
    Departments,
    /// Support teams.
    Teams,
    /// Sites.
    Sites,
    /// Services.
    Services,
    /// Skills.
    Skills,
    /// Categories.
    Categories,
}

impl About {
    /// All, in the order in which they are best imported: what others refer to comes first.
    pub const ALL: [Self; 7] = [Self::Sites, Self::Departments, Self::Users, Self::Teams, Self::Services, Self::Skills, Self::Categories];

    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Departments => "departments",
            Self::Teams => "teams",
            Self::Sites => "sites",
            Self::Services => "services",
            Self::Skills => "skills",
            Self::Categories => "categories",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.as_str() == word)
    }

    /// The kind of entry; none for people.
    pub fn entry(self) -> Option<EntryKind> {
        match self {
            Self::Users => None,
            Self::Departments => Some(EntryKind::Department),
            Self::Teams => Some(EntryKind::Team),
            Self::Sites => Some(EntryKind::Site),
            Self::Services => Some(EntryKind::Service),
            Self::Skills => Some(EntryKind::Skill),
            Self::Categories => Some(EntryKind::Category),
        }
    }

    /// The action that allows it.
    pub fn action(self) -> String {
        format!("{}.write", self.entry().map_or("user", EntryKind::as_str))
    }
}

/// What may happen to what is there and what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Only what is new.
    Create,
    /// Only what is there.
    Update,
    /// Both.
    Upsert,
}

impl Mode {
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [("create", Self::Create), ("update", Self::Update), ("upsert", Self::Upsert)]
            .into_iter()
            .find(|(it, _)| *it == word)
            .map(|(_, it)| it)
    }
}

/// What is asked of an import.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What the file is about.
    pub about: About,
    /// Name of the file.
    pub file: String,
    /// Its content.
    pub sheet: Sheet,
    /// Field by column; without it the header words decide. An empty field leaves the column out.
    pub map: Option<BTreeMap<String, String>>,
    /// What may happen.
    pub mode: Mode,
    /// Whether what the file does not have is deactivated.
    pub deactivate_missing: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Language of what is said of rows.
    pub lang: String,
}

/// What the job was asked, as its row keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Params {
    pub about: About,
    pub file: String,
    pub mode: Mode,
    pub deactivate_missing: bool,
    pub dry_run: bool,
    pub lang: String,
    /// Header words by field.
    pub columns: BTreeMap<String, String>,
    /// Position of the column by field.
    pub map: BTreeMap<String, usize>,
    /// Parts of the input beside the first, which has all keys.
    pub parts: i64,
    /// Whether each row has a key: only then it is known what the file does not have.
    pub whole: bool,
}

/// A row on its way into the job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Line of the file, the header being the first.
    pub no: i64,
    /// Cells in the file's order.
    pub cells: Vec<String>,
    /// Line of an earlier row with the same key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<i64>,
}

/// The position of the column of each field: as asked, else as the header words say.
pub fn columns(about: About, sheet: &Sheet, map: Option<&BTreeMap<String, String>>) -> Result<BTreeMap<String, usize>, DeskError> {
    let Some(map) = map else { return Ok(guess(about, &sheet.columns)) };
    let (mut found, mut errors) = (BTreeMap::new(), Vec::new());
    for (column, field) in map.iter().filter(|(_, field)| !field.is_empty()) {
        let pointer = format!("/map/{}", column.replace('~', "~0").replace('/', "~1"));
        match (sheet.columns.iter().position(|it| it == column), fields(about).iter().any(|it| it.key == field)) {
            (None, _) => errors.push(FieldError::new(pointer, "unknown_column", format!("the file has no column '{column}'"))),
            (_, false) => {
                let known: Vec<&str> = fields(about).iter().map(|it| it.key).collect();
                errors.push(FieldError::new(
                    pointer,
                    "unknown_field",
                    format!("there is no field '{field}'; there are {}", known.join(", ")),
                ));
            }
            (Some(_), true) if found.contains_key(field) => {
                errors.push(FieldError::new(pointer, "twice", format!("another column is '{field}' already")));
            }
            (Some(at), true) => {
                found.insert(field.clone(), at);
            }
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(DeskError::Invalid(errors)) }
}

/// Queues the job with all rows of the file.
pub fn queue(env: &Env, sql: &mut dyn Sql, actor: &Actor, asked: &Asked) -> Result<(WriteSet, Uuid), DeskError> {
    actor.require(&asked.about.action())?;
    let map = columns(asked.about, &asked.sheet, asked.map.as_ref())?;
    let key = fields(asked.about)[0].key;
    let Some(at) = map.get(key) else {
        return Err(DeskError::field("/map", "required", format!("say which column has the '{key}': rows are told apart by it")));
    };
    let mut first: BTreeMap<String, i64> = BTreeMap::new();
    let mut lines = Vec::with_capacity(asked.sheet.rows.len());
    let mut whole = true;
    for (no, cells) in &asked.sheet.rows {
        let key = cells.get(*at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        whole &= !key.is_empty();
        // Accounts differ by more than capitals.
        let key = if asked.about == About::Users { key.to_ascii_lowercase() } else { key };
        let twin = if key.is_empty() { None } else { first.get(&key).copied() };
        first.entry(key).or_insert(*no);
        lines.push(Line { no: *no, cells: cells.clone(), twin });
    }
    if asked.about == About::Categories {
        lines.sort_by_cached_key(|line| (line.cells.get(*at).map_or(0, |path| path.split('/').count()), line.no));
    }
    if asked.about.entry().is_some_and(|kind| crate::directory::references::target(kind, "parent") == Some(kind)) {
        above_first(&mut lines, *at, map.get("parent").copied());
    }
    let keys: BTreeSet<&String> = first.keys().filter(|key| !key.is_empty()).collect();
    let parts: Vec<&[Line]> = lines.chunks(TOGETHER).collect();
    let params = Params {
        about: asked.about,
        file: asked.file.clone(),
        mode: asked.mode,
        deactivate_missing: asked.deactivate_missing,
        dry_run: asked.dry_run,
        lang: asked.lang.clone(),
        columns: map.iter().map(|(field, at)| (field.clone(), asked.sheet.columns[*at].clone())).collect(),
        map,
        parts: parts.len() as i64,
        whole,
    };
    let written = |error| DeskError::outside("write what a job works on", error);
    let total = Some(lines.len() as i64);
    let (id, queued) = job::queue(env, sql, Kind::Roster, &json!(params), total, Some(actor.user.id), 0);
    let mut set = WriteSet { statements: vec![queued] };
    set.push(store::job_input::put(id, 0, &serde_json::to_string(&keys).map_err(written)?));
    for (part, lines) in (1..).zip(parts) {
        set.push(store::job_input::put(id, part, &serde_json::to_string(lines).map_err(written)?));
    }
    Ok((set, id))
}

/// Puts what lies above others before them, so that a file may have its rows in any order.
fn above_first(lines: &mut [Line], key: usize, parent: Option<usize>) {
    let Some(parent) = parent else { return };
    let cell = |line: &Line, at: usize| line.cells.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
    let above: BTreeMap<String, String> = lines.iter().map(|line| (cell(line, key), cell(line, parent))).collect();
    let depth = |line: &Line| {
        let mut here = cell(line, parent);
        // A circle ends here; its rows are refused one by one.
        (0..50).take_while(|_| above.get(&here).map(|next| here = next.clone()).is_some()).count()
    };
    lines.sort_by_cached_key(|line| (depth(line), line.no));
}
