//! Publishing packs: the built-in ones at first start, later ones by hand. A published version never changes.

pub mod tables;

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde_json::{Value, json};
use store::pack_version::PackVersionRow;
use store::{Sql, WriteSet};

use crate::env::{Pinned, describe};
use crate::job::reindex;
use crate::journal::{self, Cause, Edit, Fact};
use crate::{Actor, DeskError, Env};

/// Most files of an uploaded pack.
pub const MOST_FILES: usize = 200;

#[derive(RustEmbed)]
#[folder = "../../packs"]
struct BuiltIn;

/// Files of a pack by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The packs that come with this program, by key.
pub fn built_in() -> BTreeMap<String, Files> {
    let mut packs: BTreeMap<String, Files> = BTreeMap::new();
    for path in BuiltIn::iter() {
        let Some((key, file)) = path.split_once('/').filter(|(key, _)| !key.starts_with('_')) else { continue };
        if let Some(content) = BuiltIn::get(&path) {
            packs.entry(key.to_owned()).or_default().insert(file.to_owned(), content.data.into_owned());
        }
    }
    packs
}

/// A file beside the packs that come with this program.
pub(crate) fn beside(path: &str) -> Option<Vec<u8>> {
    BuiltIn::get(path).map(|file| file.data.into_owned())
}

/// Loads and checks a pack.
pub fn load(key: &str, files: &Files) -> Result<pack::Pack, DeskError> {
    let files = files.iter().map(|(path, content)| (path.clone(), content.clone())).collect();
    pack::Pack::load(&files).and_then(runnable).map_err(|defects| DeskError::Pack { key: key.to_owned(), why: describe(&defects) })
}

/// A pack that records can run on. Here, and only here, stands what a pack may say and records do not do: a step that names an
/// approval would wait for votes that nobody can cast, or be completed by hand without one.
fn runnable(pack: pack::Pack) -> Result<pack::Pack, Vec<pack::Defect>> {
    if pack.approvals().is_empty() {
        return Ok(pack);
    }
    Err(vec![pack::Defect {
        file: "approvals.yaml".to_owned(),
        line: None,
        code: "approvals_not_run",
        message: "this version checks approvals and does not run them".to_owned(),
        mend: "take the file and the property approval out and give roles the outcomes, or wait for a version that runs them".to_owned(),
    }])
}

/// Proves that a pack can be published by somebody who uploads it: they may, it has no fault, its cases hold, and every
/// node will be able to load it. Takes a while: not for a thread that others wait for.
pub fn prove(env: &Env, actor: &Actor, files: &Files) -> Result<(), DeskError> {
    if !actor.may("pack.write") {
        return Err(DeskError::Forbidden("publishing packs is for administrators".to_owned()));
    }
    if files.len() > MOST_FILES {
        return Err(DeskError::TooLarge(format!("a pack has at most {MOST_FILES} files, this one has {}", files.len())));
    }
    let pack = pack::Pack::load(files).and_then(runnable).map_err(DeskError::Defective)?;
    let failed: Vec<pack::Defect> = pack::run_cases(&pack).into_iter().flat_map(failures).collect();
    if !failed.is_empty() {
        return Err(DeskError::Defective(failed));
    }
    Pinned::new(env.world.id(), pack).map(drop)
}

/// What did not hold in a case, as faults of its file.
fn failures(result: pack::CaseResult) -> impl Iterator<Item = pack::Defect> {
    let pack::CaseResult { name, file, failures, .. } = result;
    failures.into_iter().map(move |failure| pack::Defect {
        file: file.clone(),
        line: failure.line,
        code: "case_failed",
        message: format!("case '{name}': {}", failure.message),
        mend: "change what the pack does, or what the case expects of it".to_owned(),
    })
}

/// Prepares publishing a pack. The same version with other content is refused; with the same content nothing happens.
pub fn publish(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    files: &Files,
    origin: Option<String>,
) -> Result<(WriteSet, PackVersionRow), DeskError> {
    let pack = load("pack", files)?;
    let version = i64::from(pack.version());
    let newest = store::pack_version::newest(sql)?.into_iter().find(|row| row.key == pack.key());
    if let Some(row) = &newest {
        if row.version == version && row.hash == pack.hash() {
            return Ok((WriteSet::default(), row.clone()));
        }
        if row.version >= version {
            return Err(DeskError::Conflict(format!(
                "{} {version} cannot be published: version {} is published with other content; raise the version",
                row.key, row.version
            )));
        }
    }
    let texts: BTreeMap<&String, String> =
        files.iter().map(|(path, content)| (path, String::from_utf8_lossy(content).into_owned())).collect();
    let row = PackVersionRow {
        id: env.world.id(),
        key: pack.key().to_owned(),
        version,
        hash: pack.hash().to_owned(),
        origin,
        files: serde_json::to_string(&texts).map_err(|error| DeskError::outside("write a pack", error))?,
        published_at: env.world.now(),
        published_by: cause.actor,
    };
    let fact =
        Fact { kind: "pack", aggregate: row.id, version: 0, chain: &[], event: "published", definition: None, visibility: "internal" };
    let edits = edits(newest.as_ref(), &row, &texts);
    let content = json!({ "key": row.key, "version": row.version, "hash": row.hash, "origin": row.origin, "edits": edits });
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::pack_version::insert(&row));
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    // A version before that cannot be read had no values that anybody could ask for.
    if let Some(before) = newest.and_then(|row| Pinned::load(&row, &pack::Wording::default()).ok()) {
        let after = Pinned::new(row.id, pack)?;
        set.statements.extend(reindex::after_publishing(env, sql, cause, &before, &after)?);
    }
    set.push(store::directory::bump_epoch());
    Ok((set, row))
}

/// Most files of a publication that the journal names.
const MOST_NAMED: usize = 20;

/// What a publication changes, as the audit tells it: the version, and the files that are other than before.
fn edits(before: Option<&PackVersionRow>, row: &PackVersionRow, files: &BTreeMap<&String, String>) -> Vec<Edit> {
    let version = Edit { field: "version".to_owned(), old: json!(before.map(|row| row.version)), new: json!(row.version) };
    let old: Option<BTreeMap<String, String>> = before.and_then(|row| serde_json::from_str(&row.files).ok());
    let Some(old) = old else { return vec![version] };
    // The number of the version is told by itself.
    let said = |text: &str| text.lines().filter(|line| !line.starts_with("version:")).map(str::to_owned).collect::<Vec<_>>();
    let other = files.iter().filter(|(path, text)| old.get(**path).is_none_or(|before| said(before) != said(text)));
    let gone = old.keys().filter(|path| !files.contains_key(path)).map(String::as_str);
    let mut named: Vec<&str> = other.map(|(path, _)| path.as_str()).chain(gone).collect();
    let more = named.len() > MOST_NAMED;
    named.truncate(MOST_NAMED);
    named.extend(more.then_some("…"));
    vec![version, Edit { field: "files".to_owned(), old: Value::Null, new: json!(named) }]
}

#[cfg(test)]
mod tests;
