//! Messages to people: rows of the outbox, written with the command that causes them.

use serde_json::{Map, Value, json};
use store::Sql;
use store::outbox::OutboxRow;
use store::user::UserRow;

use super::text;
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
    send(env, sql, cause, written, effects, (body, &[]))
}

/// As [`add`], leaving out people who are told in another way.
pub fn add_but(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    written: &mut Written,
    effects: &[pack::Effect],
    but: &[uuid::Uuid],
) -> Result<(), DeskError> {
    send(env, sql, cause, written, effects, (None, but))
}

fn send(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    written: &mut Written,
    effects: &[pack::Effect],
    (body, but): (Option<&str>, &[uuid::Uuid]),
) -> Result<(), DeskError> {
    for effect in effects {
        let pack::Effect::Notify { message, to } = effect else { continue };
        for person in recipients(env, sql, written, to)? {
            if cause.actor == Some(person.id) || but.contains(&person.id) {
                continue;
            }
            push(env, sql, cause, written, &person, message, body)?;
        }
    }
    Ok(())
}

fn recipients(env: &Env, sql: &mut dyn Sql, written: &Written, to: &str) -> Result<Vec<UserRow>, DeskError> {
    let row = &written.row;
    let duty = || row.team.and_then(|team| env.directory.duty_of(team));
    let id = match to {
        "requester" => Some(row.requester),
        "reporter" => Some(row.reporter),
        "assignee" => row.assignee.or_else(duty),
        "team" => duty(),
        _ => None,
    };
    let Some(id) = id else { return Ok(Vec::new()) };
    let now = env.world.now();
    // What is work goes to who stands in as well.
    let deputy = matches!(to, "assignee" | "team").then(|| env.directory.deputy_of(id, now)).flatten().map(|it| it.deputy);
    let mut recipients = Vec::new();
    for id in std::iter::once(id).chain(deputy) {
        recipients.extend(store::user::find(sql, id)?.filter(|user| user.is_alive(now) && user.email.is_some()));
    }
    Ok(recipients)
}

fn push(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    written: &mut Written,
    person: &UserRow,
    message: &str,
    body: Option<&str>,
) -> Result<(), DeskError> {
    if person.email.is_none() {
        return Ok(());
    }
    let pack = &written.pinned.pack;
    if !pack.messages().any(|known| known == message) {
        return Ok(());
    }
    let context = context(env, sql, cause, written, person, body)?;
    let rendered = pack
        .render(&person.locale, message, &context)
        .map_err(|why| DeskError::Pack { key: pack.key().to_owned(), why: format!("message {message}: {why}") })?;
    written.recipients.push(person.id);
    queue(env, cause, written, person, message, &rendered.subject, &rendered.body);
    Ok(())
}

/// Puts a mail to somebody who has an address into the outbox.
fn queue(env: &Env, cause: &Cause, written: &mut Written, person: &UserRow, template: &str, subject: &str, text: &str) {
    let mail = mail(env, &cause.channel, written.row.id, person, template, subject, text);
    written.set.statements.extend(mail);
}

/// A mail about a record to somebody, for the outbox; none when they have no address. What came through some doors is held.
pub(crate) fn mail(
    env: &Env,
    channel: &str,
    record: uuid::Uuid,
    person: &UserRow,
    template: &str,
    subject: &str,
    text: &str,
) -> Option<store::Statement> {
    let (email, now) = (person.email.clone()?, env.world.now());
    let held = HELD.contains(&channel);
    Some(store::outbox::insert(&OutboxRow {
        id: env.world.id(),
        channel: "mail".to_owned(),
        recipient: email,
        recipient_user: Some(person.id),
        thread: record,
        template: template.to_owned(),
        body: json!({ "subject": subject, "text": text }).to_string(),
        state: if held { "held" } else { "waiting" }.to_owned(),
        reason: held.then(|| channel.to_owned()),
        attempts: 0,
        next_at: now,
        created_at: now,
        sent_at: None,
        error: None,
    }))
}

/// The names that a template may use, all as people read them.
fn context(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    written: &Written,
    person: &UserRow,
    body: Option<&str>,
) -> Result<Map<String, Value>, DeskError> {
    let (row, pack, lang) = (&written.row, &written.pinned.pack, person.locale.as_str());
    let actor = match cause.actor {
        Some(id) => store::user::labels(sql, &[id])?.into_iter().next().map(|label| label.name),
        None => None,
    };
    let assignee = match row.assignee {
        Some(id) => store::user::labels(sql, &[id])?.into_iter().next().map(|label| label.name),
        None => None,
    };
    let requester = store::user::labels(sql, &[row.requester])?.into_iter().next().map(|label| label.name);
    let entry = |id| env.directory.get(id).map(|item| item.label(lang)).unwrap_or_default();
    let mut record: Map<String, Value> = Map::new();
    let fields: Map<String, Value> = serde_json::from_str(&row.fields).unwrap_or_default();
    for (name, value) in &fields {
        let text = match value {
            Value::String(text) => pack.text(lang, &format!("value.{name}.{text}")).unwrap_or(text).to_owned(),
            other => other.to_string(),
        };
        record.insert(name.clone(), Value::from(text));
    }
    let coded = |field: &str, value: Option<&String>| value.map(|v| pack.label(lang, &format!("value.{field}.{v}"))).unwrap_or_default();
    for (name, text) in [
        ("number", row.number.clone()),
        ("title", text::one_line(&row.title)),
        ("description", row.description.clone()),
        ("state", pack.label(lang, &format!("state.{}", row.state))),
        ("phase", row.phase.clone()),
        ("impact", coded("impact", row.impact.as_ref())),
        ("urgency", coded("urgency", row.urgency.as_ref())),
        ("priority", coded("priority", row.priority.as_ref())),
        ("category", row.category.as_deref().map(|c| pack.category_label(lang, c)).unwrap_or_default()),
        ("team", row.team.map(entry).unwrap_or_default()),
        ("service", row.service.map(entry).unwrap_or_default()),
        ("site", row.site.map(entry).unwrap_or_default()),
        ("assignee", assignee.unwrap_or_default()),
        ("requester", requester.unwrap_or_default()),
    ] {
        record.insert(name.to_owned(), Value::from(text));
    }
    let face = if person.id == row.requester { "requests" } else { "w/records" };
    let link = format!("{}/{face}/{}/{}", env.public_url, row.type_key, row.number);
    let mut context = Map::new();
    context.insert("record".to_owned(), Value::Object(record));
    context.insert("link".to_owned(), json!(link));
    context.insert("actor".to_owned(), json!(actor.unwrap_or_default()));
    context.insert("recipient".to_owned(), json!(person.name));
    context.insert("note".to_owned(), json!(body.unwrap_or_default()));
    Ok(context)
}
