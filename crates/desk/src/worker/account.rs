//! Ends accounts whose date has come or that were deactivated: sessions and tokens die, open work goes back to its team.

use store::WriteSet;
use uuid::Uuid;

use super::leased;
use crate::journal::Cause;
use crate::record::Content;
use crate::record::read::{self, Target};
use crate::record::write::{self, Event};
use crate::{Desk, DeskError};

/// Accounts taken at once.
const BATCH: i64 = 50;

/// Ends what ended accounts left behind.
pub async fn end_expired(desk: &Desk) -> Result<(), DeskError> {
    if !leased(desk, "accounts", 90_000).await? {
        return Ok(());
    }
    let now = desk.world().now();
    let ended = desk.query(move |_, sql| Ok(store::user::ended_with_leftovers(sql, now, BATCH)?)).await?;
    for user in ended {
        let mut set = WriteSet::default();
        set.push(store::session::end_all(user.id));
        set.push(store::session::revoke_all(user.id, now));
        desk.apply(set).await?;
        hand_over(desk, user.id).await?;
        tracing::info!(user = %user.id, "account ended: sessions, tokens and open work");
    }
    Ok(())
}

/// Gives all open steps of a person back to their teams.
async fn hand_over(desk: &Desk, user: Uuid) -> Result<(), DeskError> {
    let held = desk.query(move |_, sql| Ok(store::task::held_by(sql, user, 1000)?)).await?;
    for (record, activity) in held {
        let cause = Cause::system(desk.world(), "account_ended");
        desk.execute(move |env, sql| {
            let loaded = read::load(env, sql, &Target::Id(record))?;
            let process = loaded.process(env)?;
            let Some(step) = process.steps.iter().find(|step| step.activity == activity) else { return Ok((WriteSet::default(), ())) };
            let command =
                pack::Command::Assign { activity: Some(activity), team: step.team.clone(), assignee: None, reason: None, note: None };
            let content = Content { reason: Some("account_ended".to_owned()), ..Content::default() };
            let written = write::perform(env, sql, &cause, &loaded, &command, &Event::public("assigned"), content)?;
            Ok((written.set, ()))
        })
        .await?;
    }
    Ok(())
}
