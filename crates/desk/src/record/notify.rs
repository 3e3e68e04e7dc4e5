//! Messages to people: rows of the outbox, written with the command that causes them.

use store::Sql;
use store::outbox::OutboxRow;
use store::user::UserRow;

use super::write::Written;
use crate::journal::Cause;
use crate::{DeskError, Env};

/// Channels through which effects are held for review instead of being sent.
const HELD: &[&str] = &["import", "bulk", "simulation", "demo"];

/// Adds the messages that the process wants to send.
pub fn add(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    written: &mut Written,
    effects: &[pack::Effect],
    body: Option<&str>,
) -> Result<(), DeskError> {
    for effect in effects {
        let pack::Effect::Notify { message, to } = effect else { continue };
        for person in recipients(env, sql, written, to)? {
            if cause.actor == Some(person.id) {
                continue;
            }
            push(env, cause, written, &person, message, body)?;
        }
    }
    Ok(())
}

/// Tells the requester of a public comment.
pub fn commented(env: &Env, sql: &mut dyn Sql, cause: &Cause, written: &mut Written, body: &str) -> Result<(), DeskError> {
    for person in recipients(env, sql, written, "requester")? {
        push(env, cause, written, &person, "commented", Some(body))?;
    }
    Ok(())
}

fn recipients(env: &Env, sql: &mut dyn Sql, written: &Written, to: &str) -> Result<Vec<UserRow>, DeskError> {
    let row = &written.row;
    let duty = || row.team.and_then(|team| env.directory.duty_of(team));
    let id = match to {
        "requester" => Some(row.requester),
        "assignee" => row.assignee.or_else(duty),
        "team" => duty(),
        _ => None,
    };
    let Some(id) = id else { return Ok(Vec::new()) };
    let now = env.world.now();
    Ok(store::user::find(sql, id)?.into_iter().filter(|user| user.is_alive(now) && user.email.is_some()).collect())
}

fn push(env: &Env, cause: &Cause, written: &mut Written, person: &UserRow, message: &str, body: Option<&str>) -> Result<(), DeskError> {
    let Some(email) = &person.email else { return Ok(()) };
    let Some(rendered) = written.pinned.pack.message(message, &person.locale) else { return Ok(()) };
    let values = serde_json::json!({
        "number": written.row.number, "title": written.row.title, "name": person.name, "body": body,
        "priority": written.row.priority, "state": written.pinned.pack.text(&person.locale, &format!("state.{}", written.row.state)),
    });
    let (subject, text) = rendered.render(&values).map_err(|why| DeskError::Pack {
        key: written.pinned.pack.key().to_owned(),
        why: format!("message {message}: {why}"),
    })?;
    let now = env.world.now();
    let held = HELD.contains(&cause.channel.as_str());
    written.set.push(store::outbox::insert(&OutboxRow {
        id: env.world.id(),
        channel: "mail".to_owned(),
        recipient: email.clone(),
        recipient_user: Some(person.id),
        thread: written.row.id,
        template: message.to_owned(),
        body: serde_json::json!({ "subject": subject, "text": text }).to_string(),
        state: if held { "held" } else { "waiting" }.to_owned(),
        reason: held.then(|| cause.channel.clone()),
        attempts: 0,
        next_at: now,
        created_at: now,
        sent_at: None,
        error: None,
    }));
    Ok(())
}
