//! Publishing packs: the built-in ones at first start, later ones by hand. A published version never changes.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde_json::json;
use store::pack_version::PackVersionRow;
use store::{Sql, WriteSet};

use crate::env::describe;
use crate::journal::{self, Cause, Fact};
use crate::{DeskError, Env};

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

/// Loads and checks a pack.
pub fn load(key: &str, files: &Files) -> Result<pack::Pack, DeskError> {
    let files = files.iter().map(|(path, content)| (path.clone(), content.clone())).collect();
    pack::Pack::load(&files).map_err(|defects| DeskError::Pack { key: key.to_owned(), why: describe(&defects) })
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
    if let Some(row) = newest {
        if row.version == version && row.hash == pack.hash() {
            return Ok((WriteSet::default(), row));
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
    let content = json!({ "key": row.key, "version": row.version, "hash": row.hash, "origin": row.origin });
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::pack_version::insert(&row));
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    set.push(store::directory::bump_epoch());
    Ok((set, row))
}

/// The team keys that a pack's flow and tables name as constants.
pub fn teams(pack: &pack::Pack) -> Vec<String> {
    let drawn = pack.flow().elements().filter_map(|element| element.candidate_groups.clone());
    let drawn = drawn.filter(|group| !group.starts_with("${"));
    let decided = pack.tables().values().flat_map(|table| table.constants("team"));
    drawn.chain(decided).collect()
}
