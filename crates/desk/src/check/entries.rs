//! Rows of users, directory entries, packs and tokens against the folds of their journals.

use serde_json::Value;
use store::pack_version::PackVersionRow;
use store::session::TokenRow;

use super::fault::{Fault, shown};
use super::history::{History, ValuesFold};
use super::rows::Rows;
use crate::directory::{self, EntryKind};
use crate::{Keyring, session};

/// Compares the row of an aggregate that is no record. `pack` is the loaded content of the row, when it is one of a pack
/// that can be used.
pub fn compare(keyring: &Keyring, history: &History, fold: &ValuesFold, rows: &Rows, pack: Option<&pack::Pack>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let done = match history.kind.as_str() {
        "user" => {
            password(keyring, history, fold, rows, &mut faults);
            user(history, fold, rows, &mut faults)
        }
        "pack" => {
            rows.packs.iter().for_each(|row| pack_version(row, history, fold, pack, &mut faults));
            Ok(())
        }
        "token" => {
            rows.tokens.iter().for_each(|row| token(keyring, row, fold, &mut faults));
            Ok(())
        }
        kind => EntryKind::parse(kind).map_or(Ok(()), |kind| entry(kind, history, fold, rows, &mut faults)),
    };
    if let Err(why) = done {
        faults.push(Fault::Fold(why));
    }
    faults
}

fn differs(column: &'static str, row: &impl std::fmt::Debug, journal: &impl std::fmt::Debug, faults: &mut Vec<Fault>) {
    let (row, journal) = (shown(row), shown(journal));
    if row != journal {
        faults.push(Fault::Column { column, row, journal });
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn user(history: &History, fold: &ValuesFold, rows: &Rows, faults: &mut Vec<Fault>) -> Result<(), String> {
    let folded = directory::user_row(history.id, &fold.values, history.seq, history.chain.clone()).map_err(|error| error.to_string())?;
    for row in &rows.users {
        macro_rules! differ {
            ($($column:ident),*) => {$( differs(stringify!($column), &row.$column, &folded.$column, faults); )*};
        }
        differ!(username, name, sort_name, kind, email, phone, locale, active, expires_at, employer, site, department, customer);
        differ!(number, area, deputy, deputy_from, deputy_until);
        // Empty where an older program wrote the row: the next start derives it.
        if !row.find_text.is_empty() {
            differ!(find_text);
        }
        if json(&row.roles) != json(&folded.roles) {
            differs("roles", &row.roles, &folded.roles, faults);
        }
    }
    Ok(())
}

/// Whether the stored password is the one that the journal last told of. Journals of earlier programs do not tell.
fn password(keyring: &Keyring, history: &History, fold: &ValuesFold, rows: &Rows, faults: &mut Vec<Fault>) {
    let Some(told) = fold.facts.get("password") else { return };
    let fits = match (told.as_str(), rows.identities.as_slice()) {
        (None, []) => true,
        (Some(digest), [row]) => {
            let username = fold.values.get("username").and_then(Value::as_str);
            let hash = row.secret.as_deref().unwrap_or_default();
            row.provider == "password" && username == Some(&row.subject) && directory::is_password_of(keyring, history.id, hash, digest)
        }
        _ => false,
    };
    if !fits {
        faults.push(Fault::Secret("password"));
    }
}

fn entry(kind: EntryKind, history: &History, fold: &ValuesFold, rows: &Rows, faults: &mut Vec<Fault>) -> Result<(), String> {
    let key = fold.facts.get("key").and_then(Value::as_str).ok_or("no entry says its key")?;
    let folded = directory::entry_row(history.id, kind, key, &fold.values, history.seq, history.chain.clone());
    let folded = folded.map_err(|error| error.to_string())?;
    for row in &rows.directory {
        differs("kind", &row.kind, &folded.kind, faults);
        differs("key", &row.key, &folded.key, faults);
        differs("active", &row.active, &folded.active, faults);
        if json(&row.data) != json(&folded.data) {
            let (row, journal) = (super::fault::difference(&row.data, &folded.data), super::fault::difference(&folded.data, &row.data));
            faults.push(Fault::Column { column: "data", row, journal });
        }
    }
    Ok(())
}

fn pack_version(row: &PackVersionRow, history: &History, fold: &ValuesFold, pack: Option<&pack::Pack>, faults: &mut Vec<Fault>) {
    let fact = |name: &str| fold.facts.get(name).filter(|value| !value.is_null()).cloned();
    differs("key", &Some(Value::from(row.key.as_str())), &fact("key"), faults);
    differs("version", &Some(Value::from(row.version)), &fact("version"), faults);
    differs("hash", &Some(Value::from(row.hash.as_str())), &fact("hash"), faults);
    differs("origin", &row.origin.as_deref().map(Value::from), &fact("origin"), faults);
    differs("published_by", &row.published_by, &history.actor, faults);
    if let Some(pack) = pack {
        differs("files", &pack.hash(), &row.hash.as_str(), faults);
    }
}

fn token(keyring: &Keyring, row: &TokenRow, fold: &ValuesFold, faults: &mut Vec<Fault>) {
    let value = |field: &str| fold.values.get(field).filter(|value| !value.is_null()).cloned();
    differs("user", &Some(Value::from(row.user.to_string())), &value("user"), faults);
    differs("name", &Some(Value::from(row.name.as_str())), &value("name"), faults);
    differs("scopes", &Some(Value::from(row.scopes.as_str())), &value("scopes"), faults);
    differs("expires_at", &row.expires_at.map(Value::from), &value("expires_at"), faults);
    // Journals of earlier programs say nothing of these.
    if fold.values.contains_key("revoked_at") {
        differs("revoked_at", &row.revoked_at.map(Value::from), &value("revoked_at"), faults);
    }
    if let Some(digest) = fold.facts.get("secret").and_then(Value::as_str)
        && !session::is_secret_of(keyring, row, digest)
    {
        faults.push(Fault::Secret("token"));
    }
}
