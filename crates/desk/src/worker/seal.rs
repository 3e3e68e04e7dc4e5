//! Seals the journal: a chain over the heads of all entries, minute by minute, so that a deleted record or a cut tail is found.

use sha2::{Digest, Sha256};
use store::journal::{Change, Cursor, Seal};

use super::leased;
use crate::keyring::version_of;
use crate::{Desk, DeskError, Env, rotate};

/// Entries that one seal covers at most.
const BATCH: i64 = 20_000;

/// Seals, if no other node does, and notes what a rotation could not note at once.
pub async fn seal_if_leased(desk: &Desk) -> Result<(), DeskError> {
    if !leased(desk, "seal", 150_000).await? {
        return Ok(());
    }
    seal_now(desk).await?;
    rotate::note_later(desk).await
}

/// Seals everything that can no longer be overtaken and gives the number of seals made.
pub async fn seal_now(desk: &Desk) -> Result<usize, DeskError> {
    let mut made = 0;
    while let Some(seal) = seal_once(desk, false).await? {
        made += 1;
        if seal.entries < BATCH {
            break;
        }
    }
    Ok(made)
}

/// Makes the next seal; one of nothing only when that is wanted.
pub(crate) async fn seal_once(desk: &Desk, of_nothing_too: bool) -> Result<Option<Seal>, DeskError> {
    let _keys = desk.keys_at_work().await;
    let seal = desk.query(move |env, sql| {
        let last = store::journal::last_seal(sql)?;
        let after = last.as_ref().map_or_else(Cursor::default, |seal| seal.cursor);
        let changes = store::journal::feed(sql, after, BATCH)?;
        if changes.is_empty() && !of_nothing_too {
            return Ok(None);
        }
        next(env, last.as_ref(), &changes, env.world.now()).map(Some)
    });
    let Some(seal) = seal.await? else { return Ok(None) };
    desk.apply(store::WriteSet { statements: vec![store::journal::insert_seal(&seal)] }).await?;
    Ok(Some(seal))
}

fn next(env: &Env, last: Option<&Seal>, changes: &[Change], now: i64) -> Result<Seal, DeskError> {
    env.keyring.must_reach(last.map_or(&[], |seal| &seal.mac))?;
    let mut seal = Seal {
        no: last.map_or(1, |seal| seal.no + 1),
        sealed_at: now,
        cursor: changes.last().map_or_else(|| end(last), |change| change.cursor),
        entries: changes.len() as i64,
        heads: heads(changes).to_vec(),
        mac: Vec::new(),
    };
    seal.mac = bound(last, &seal, |parts| env.keyring.mac(parts));
    Ok(seal)
}

fn end(last: Option<&Seal>) -> Cursor {
    last.map_or_else(Cursor::default, |seal| seal.cursor)
}

fn heads(changes: &[Change]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for change in changes {
        digest.update(change.aggregate.as_bytes());
        digest.update(change.seq.to_be_bytes());
        digest.update(&change.chain);
    }
    digest.finalize().into()
}

/// What the HMAC of a seal is over.
fn bound<T>(last: Option<&Seal>, seal: &Seal, with: impl FnOnce(&[&[u8]]) -> T) -> T {
    let mut numbers = Vec::with_capacity(16);
    for number in [seal.no, seal.sealed_at, seal.entries] {
        numbers.extend_from_slice(&number.to_be_bytes());
    }
    // Positions are left out: a copy in another database keeps the order of entries but not their numbers.
    with(&[last.map_or(&[], |seal| seal.mac.as_slice()), &numbers, &seal.heads])
}

/// Checks the whole seal chain against the journal, and that no key made anything after a newer one had taken its place.
/// Gives what is wrong.
pub fn verify(env: &Env, sql: &mut dyn store::Sql) -> Result<Vec<String>, DeskError> {
    let mut wrong = Vec::new();
    let mut last: Option<Seal> = None;
    loop {
        let seals = store::journal::seals(sql, last.as_ref().map_or(0, |seal| seal.no), 500)?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            let changes = store::journal::feed(sql, end(last.as_ref()), seal.entries)?;
            if changes.len() as i64 != seal.entries || heads(&changes).as_slice() != seal.heads {
                wrong.push(format!("seal {}: entries were removed, added or rewritten since it was made", seal.no));
            }
            if !bound(last.as_ref(), &seal, |parts| env.keyring.verify(&seal.mac, parts)) {
                wrong.push(format!("seal {}: the seal chain itself is broken", seal.no));
            }
            let (made, before) = (version_of(&seal.mac), last.as_ref().map_or(0, |last| version_of(&last.mac)));
            let oldest = env.keyring.oldest_behind(seal.no).max(before);
            if made < oldest {
                wrong.push(format!("seal {}: it was made with key {made}, when key {oldest} had taken its place", seal.no));
            }
            outdated(env, seal.no - 1, &changes, &mut wrong);
            last = Some(seal);
        }
    }
    tail(env, sql, last.as_ref(), &mut wrong)?;
    let end = last.as_ref().map_or(0, |seal| seal.no);
    for (since, version) in env.keyring.notes().filter(|(since, _)| *since > end) {
        wrong.push(format!(
            "key {version} is noted as the newest since seal {since}, and the last seal is {end}: seals were cut off, or an older state was restored"
        ));
    }
    Ok(wrong)
}

/// Looks at what is not sealed yet.
fn tail(env: &Env, sql: &mut dyn store::Sql, last: Option<&Seal>, wrong: &mut Vec<String>) -> Result<(), DeskError> {
    let mut after = end(last);
    loop {
        let changes = store::journal::behind(sql, after, BATCH)?;
        let Some(change) = changes.last() else { return Ok(()) };
        after = change.cursor;
        outdated(env, last.map_or(0, |seal| seal.no), &changes, wrong);
    }
}

/// Entries behind a seal that were made with a key whose time was over then.
fn outdated(env: &Env, behind: i64, changes: &[Change], wrong: &mut Vec<String>) {
    let oldest = env.keyring.oldest_behind(behind);
    for change in changes.iter().filter(|change| version_of(&change.chain) < oldest) {
        wrong.push(format!(
            "entry {} of {} {} was made with key {}, when key {oldest} had taken its place",
            change.seq,
            change.kind,
            change.aggregate,
            version_of(&change.chain)
        ));
    }
}
