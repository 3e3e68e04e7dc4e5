//! Seals the journal: a chain over the heads of all entries, minute by minute, so that a deleted record or a cut tail is found.

use sha2::{Digest, Sha256};
use store::journal::{Change, Cursor, Seal};

use super::leased;
use crate::{Desk, DeskError, Env};

/// Entries that one seal covers at most.
const BATCH: i64 = 20_000;

/// Seals, if no other node does.
pub async fn seal_if_leased(desk: &Desk) -> Result<(), DeskError> {
    if leased(desk, "seal", 150_000).await? { seal_now(desk).await.map(|_| ()) } else { Ok(()) }
}

/// Seals everything that can no longer be overtaken and gives the number of seals made.
pub async fn seal_now(desk: &Desk) -> Result<usize, DeskError> {
    let mut made = 0;
    loop {
        let seal = desk
            .query(|env, sql| {
                let last = store::journal::last_seal(sql)?;
                let after = last.as_ref().map_or_else(Cursor::default, |seal| seal.cursor);
                let changes = store::journal::feed(sql, after, BATCH)?;
                Ok(next(env, last.as_ref(), &changes, env.world.now()))
            })
            .await?;
        let Some(seal) = seal else { return Ok(made) };
        let full = seal.entries == BATCH;
        desk.apply(store::WriteSet { statements: vec![store::journal::insert_seal(&seal)] }).await?;
        made += 1;
        if !full {
            return Ok(made);
        }
    }
}

fn next(env: &Env, last: Option<&Seal>, changes: &[Change], now: i64) -> Option<Seal> {
    let end = changes.last()?.cursor;
    let mut seal = Seal {
        no: last.map_or(1, |seal| seal.no + 1),
        sealed_at: now,
        cursor: end,
        entries: changes.len() as i64,
        heads: heads(changes).to_vec(),
        mac: Vec::new(),
    };
    seal.mac = bound(last, &seal, |parts| env.keyring.mac(parts));
    Some(seal)
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

/// Checks the whole seal chain against the journal and gives what is wrong.
pub fn verify(env: &Env, sql: &mut dyn store::Sql) -> Result<Vec<String>, DeskError> {
    let mut wrong = Vec::new();
    let mut last: Option<Seal> = None;
    loop {
        let seals = store::journal::seals(sql, last.as_ref().map_or(0, |seal| seal.no), 500)?;
        if seals.is_empty() {
            return Ok(wrong);
        }
        for seal in seals {
            let after = last.as_ref().map_or_else(Cursor::default, |seal| seal.cursor);
            let changes = store::journal::feed(sql, after, seal.entries)?;
            if changes.len() as i64 != seal.entries || heads(&changes).as_slice() != seal.heads {
                wrong.push(format!("seal {}: entries were removed, added or rewritten since it was made", seal.no));
            }
            if !bound(last.as_ref(), &seal, |parts| env.keyring.verify(&seal.mac, parts)) {
                wrong.push(format!("seal {}: the seal chain itself is broken", seal.no));
            }
            last = Some(seal);
        }
    }
}
