//! Delivers the outbox: retry, budget per person and thread, loop guard, and `uncertain` after a crash while sending.

use std::time::Duration;

use lettre::Message;
use lettre::message::header::{ContentType, MIME_VERSION_1_0};
use lettre::transport::smtp::authentication::Credentials;
use serde::Deserialize;
use store::outbox::{Claimed, OutboxRow};
use store::{Statement, StoreError, WriteSet};

use super::relay::{Failure, Relay};
use crate::{Desk, DeskError, settings};

/// Messages that one round delivers at most.
const BATCH: usize = 200;
/// A worker that has not finished a message after this many milliseconds is thought dead.
const LEASE: i64 = 60_000;
/// Longest time that one message may take; well below the lease.
const SENDING: Duration = Duration::from_secs(40);
/// Tries before a message is given up.
const TRIES: i64 = 8;
/// Messages about one thread that one person gets in an hour: beyond it something is looping.
const BUDGET: i64 = 20;
/// That hour, in milliseconds.
const LATELY: i64 = 3_600_000;
/// Tries to note what became of a message, one second apart: well within what is left of the lease.
const NOTES: usize = 10;

/// The setting `mail`: how to reach the mail server.
#[derive(Clone, Debug, Deserialize)]
struct MailSetting {
    host: String,
    port: u16,
    from: String,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    starttls: bool,
}

/// Delivers what is due. Without a mail server messages wait, visibly.
pub async fn deliver(desk: &Desk) -> Result<(), DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let waiting = desk.query(move |_, sql| Ok(store::outbox::oldest_waiting(sql)?)).await?;
    metrics::gauge!("yuheng_outbox_age_seconds").set(waiting.map_or(0.0, |at| (now - at) as f64 / 1000.0));
    desk.write(move |tx| store::outbox::mark_uncertain(tx)).await?;
    let Some(setting) = desk.env().directory.setting("mail").cloned() else { return Ok(()) };
    let setting: MailSetting = serde_json::from_value(setting).map_err(|error| DeskError::outside("read the setting 'mail'", error))?;
    let mut relay = relay(desk, &setting).await?;
    for _ in 0..BATCH {
        // One by one: of what a crash leaves as `sending`, all but the one in flight would be known to have stayed.
        let now = desk.world().now();
        desk.rounds().alive("outbox", now);
        let Some(claimed) = desk.write(move |tx| store::outbox::claim(tx, now, LEASE, LATELY)).await? else { break };
        let statement = one(desk, &setting, &mut relay, &claimed).await;
        note(desk, &claimed.row, statement).await?;
    }
    relay.close().await;
    Ok(())
}

/// Notes what became of a message, also when this node is about to stop. A database that is busy is asked again: what cannot
/// be noted becomes `uncertain` when the lease ends, and so it stays when the lease has ended before.
async fn note(desk: &Desk, row: &OutboxRow, statement: Statement) -> Result<(), DeskError> {
    let set = WriteSet { statements: vec![statement] };
    let mut tries = 1;
    loop {
        let set = set.clone();
        match desk.write_past_gate(move |tx| tx.apply(&set)).await {
            Ok(()) => return Ok(()),
            Err(DeskError::Store(StoreError::Stale)) => {
                tracing::warn!(message = %row.id, "it took longer than its lease: that it left stays uncertain");
                return Ok(());
            }
            Err(DeskError::Store(StoreError::Busy(_) | StoreError::Lost(_))) if tries < NOTES => {
                tries += 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn relay(desk: &Desk, setting: &MailSetting) -> Result<Relay, DeskError> {
    if setting.starttls {
        return Err(DeskError::outside("reach the mail server", "starttls is not supported yet: use a relay on this machine"));
    }
    let mut credentials = None;
    if let Some(username) = &setting.username {
        let password = desk
            .query(|env, sql| match store::secret::find(sql, settings::MAIL_PASSWORD)? {
                Some(sealed) => env.keyring.open(settings::MAIL_PASSWORD, &sealed),
                None => Ok(Vec::new()),
            })
            .await?;
        credentials = Some(Credentials::new(username.clone(), String::from_utf8_lossy(&password).into_owned()));
    }
    Ok(Relay::new(setting.host.clone(), setting.port, credentials))
}

async fn one(desk: &Desk, setting: &MailSetting, relay: &mut Relay, Claimed { row, sent_lately }: &Claimed) -> Statement {
    let now = desk.world().now();
    if *sent_lately >= BUDGET {
        let why = format!("more than {BUDGET} messages an hour to one person about one record: held back as a loop");
        return store::outbox::failed(row, None, &why);
    }
    let outcome = match mail(setting, row) {
        Ok(message) => relay.send(&message, SENDING).await,
        Err(error) => return store::outbox::failed(row, None, &error),
    };
    store::crash::point("after_send");
    match outcome {
        Ok(()) => store::outbox::sent(row, desk.world().now()),
        Err(Failure::NotSent(error)) => store::outbox::failed(row, next_try(row.attempts, now), &error),
        // Sent again it might come twice: a person decides.
        Err(Failure::Unknown(error)) => store::outbox::uncertain(row, &error),
    }
}

/// When a message is tried again that has failed so many times; never after the last try.
fn next_try(attempts: i64, now: i64) -> Option<i64> {
    (attempts < TRIES).then(|| now + (30_000 << (attempts - 1).clamp(0, 7)))
}

/// The mail with a Message-ID that stays the same however often it is tried.
fn mail(setting: &MailSetting, row: &OutboxRow) -> Result<Message, String> {
    let body: serde_json::Value = serde_json::from_str(&row.body).map_err(|error| error.to_string())?;
    let text = |field: &str| body.get(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let domain = setting.from.rsplit_once('@').map_or("localhost", |(_, domain)| domain).trim_end_matches('>');
    Message::builder()
        .from(setting.from.parse().map_err(|error| format!("sender: {error}"))?)
        .to(row.recipient.parse().map_err(|error| format!("recipient: {error}"))?)
        .message_id(Some(format!("<{}@{domain}>", row.id)))
        .references(format!("<{}@{domain}>", row.thread))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .subject(text("subject"))
        .body(text("text"))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_so_many_times_and_not_once_more() {
        let next: Vec<Option<i64>> = (1..=TRIES).map(|attempts| next_try(attempts, 0)).collect();
        assert_eq!(next.iter().flatten().count() as i64, TRIES - 1);
        assert_eq!((next[0], next[1], next[next.len() - 1]), (Some(30_000), Some(60_000), None));
    }
}
