//! Applies internal messages: effects of one record on another, exactly once.

use crate::journal::Cause;
use crate::record::link::{self, Gone, Half};
use crate::record::merge::{self, Arrived, Copied};
use crate::record::read::{self, Target};
use crate::{Desk, DeskError};

/// Messages taken at once.
const BATCH: i64 = 100;
/// After this many failures a message is refused for good and shown to the operator.
const TRIES: i64 = 10;

/// What a command on one record means for another; told apart by their fields.
#[derive(Clone, serde::Deserialize)]
#[serde(untagged)]
enum Effect {
    /// Another record was merged into it.
    Arrived(Arrived),
    /// A file of that comes along.
    Copied(Copied),
    /// The other half of a link.
    Half(Half),
    /// The other half of a link that was taken back.
    Gone(Gone),
}

/// Applies the messages that are due.
pub async fn deliver(desk: &Desk) -> Result<(), DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let due = desk.query(move |_, sql| Ok(store::message::due(sql, now, BATCH)?)).await?;
    for message in due {
        let applied = apply(desk, message.clone()).await;
        let statement = match applied {
            Ok(()) => continue,
            Err(error @ DeskError::ReadOnly { .. }) => return Err(error),
            Err(error) if message.attempts + 1 >= TRIES => store::message::refused(message.id, &error.to_string()),
            Err(error) => {
                let pause = 1000 << message.attempts.min(8);
                store::message::put_off(message.id, desk.world().now() + pause, &error.to_string())
            }
        };
        desk.apply(store::WriteSet { statements: vec![statement] }).await?;
    }
    Ok(())
}

async fn apply(desk: &Desk, message: store::message::Message) -> Result<(), DeskError> {
    let mut cause = Cause::system(desk.world(), "message");
    cause.causation = Some(message.cause);
    cause.correlation = message.cause;
    let effect: Effect = serde_json::from_str(&message.command).map_err(|error| DeskError::outside("read a message", error))?;
    desk.execute(move |env, sql| {
        let loaded = read::load(env, sql, &Target::Id(message.target))?;
        let mut written = match &effect {
            Effect::Arrived(arrived) => merge::arrive(env, sql, &cause, &loaded, arrived)?,
            Effect::Copied(copied) => merge::copy(env, sql, &cause, &loaded, copied)?,
            Effect::Half(half) => link::add(env, sql, &cause, &loaded, half)?,
            Effect::Gone(gone) => link::remove(env, sql, &cause, &loaded, &gone.half())?,
        };
        written.set.push(store::message::applied(message.id));
        Ok((written.set, ()))
    })
    .await
}
