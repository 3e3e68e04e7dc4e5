//! Ends accounts whose date has come or that were deactivated: sessions and tokens die, open work goes back to its team.

use store::WriteSet;
use uuid::Uuid;

use super::{give_back, leased};
use crate::journal::Cause;
use crate::record::Content;
use crate::record::read::{self, Target};
use crate::record::write::{self, Event};
use crate::{Desk, DeskError, session};

/// Accounts taken at once.
const BATCH: i64 = 50;
/// Name of the lease.
const LEASE: &str = "accounts";

/// Ends what ended accounts left behind.
pub async fn end_expired(desk: &Desk) -> Result<(), DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let ended = desk.query(move |_, sql| Ok(store::user::ended_with_leftovers(sql, now, BATCH)?)).await?;
    // Looking costs little; the lease is a write, and only taken when there is something to do.
    if ended.is_empty() || !leased(desk, LEASE, 30_000).await? {
        return Ok(());
    }
    for user in ended {
        match end(desk, user.id).await {
            Ok(()) => tracing::info!(user = %user.id, "account ended: sessions, tokens and open work"),
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            // One account that cannot be ended must not keep the others from it.
            Err(error) => tracing::warn!(user = %user.id, %error, "an account could not be ended; tries again"),
        }
    }
    give_back(desk, LEASE).await
}

async fn end(desk: &Desk, user: Uuid) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "account_ended");
    desk.execute(move |env, sql| {
        let mut set = session::revoke_all(env, sql, &cause, user)?;
        set.push(store::session::end_all(user));
        Ok((set, ()))
    })
    .await?;
    hand_over(desk, user).await
}

/// Gives all open steps of a person back to their teams.
async fn hand_over(desk: &Desk, user: Uuid) -> Result<(), DeskError> {
    let held = desk.query(move |_, sql| Ok(store::task::held_by(sql, user, 1000)?)).await?;
    let mut last = Ok(());
    for (record, activity) in held {
        match give_to_team(desk, user, record, activity).await {
            Ok(()) => {}
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            Err(error) => last = Err(error),
        }
    }
    last
}

async fn give_to_team(desk: &Desk, user: Uuid, record: Uuid, activity: u32) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "account_ended");
    let user = user.to_string();
    desk.execute(move |env, sql| {
        let loaded = read::load(env, sql, &Target::Id(record))?;
        let process = loaded.process(env)?;
        if process.step(activity).is_none_or(|step| step.assignee.as_ref() != Some(&user)) {
            // Somebody was faster.
            return Ok((WriteSet::default(), ()));
        }
        let content = Content { reason: Some("account_ended".to_owned()), ..Content::default() };
        let command = pack::Command::HandBack { activity };
        let written = write::perform(env, sql, &cause, &loaded, &command, &Event::public("assigned"), content)?;
        Ok((written.set, ()))
    })
    .await
}
