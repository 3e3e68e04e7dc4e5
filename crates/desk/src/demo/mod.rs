//! The demonstration: an invented organisation of the size the product is built for, and some months of its work.

mod dice;
mod kit;
mod organisation;
mod people;
mod storm;
mod story;

use serde_json::{Map, Value, json};

use crate::directory::{self, EntryKind};
use crate::journal::Cause;
use crate::{Desk, DeskError, settings};

pub use people::{ACCOUNTS, Account};

/// The password of all demonstration accounts.
pub const PASSWORD: &str = "yuheng-demo";

/// Fills an empty system with the invented organisation; does nothing on one that has users besides the administrator.
pub async fn fill(desk: &Desk) -> Result<(), DeskError> {
    if desk.query(|_, sql| Ok(store::user::count(sql)?)).await? > 1 {
        return Ok(());
    }
    tracing::info!("filling in the demonstration: 4,000 people, 11 teams, 30 services, four months of records");
    organisation::places(desk).await?;
    let staff = people::fill(desk).await?;
    organisation::teams(desk, &staff).await?;
    organisation::skills(desk, &staff).await?;
    organisation::services(desk).await?;
    story::tell(desk, &staff).await?;
    kit::fill(desk).await?;
    storm::tell(desk, &staff).await?;
    entry(desk, EntryKind::Setting, settings::SETUP.to_owned(), json!({ "value": { "state": "dismissed" } })).await?;
    tracing::info!("the demonstration is ready");
    Ok(())
}

/// Writes an entry of the directory.
async fn entry(desk: &Desk, kind: EntryKind, key: String, values: Value) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "demo");
    let values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
    desk.execute(move |env, sql| directory::put(env, sql, &cause, kind, &key, &values, None)).await?;
    Ok(())
}
