//! Attaching a file that is already stored.

use store::Sql;
use store::attachment::AttachmentRow;

use super::content::{Attached, Content};
use super::read::{self, Target};
use super::text;
use super::write::{self, Event, Written};
use crate::files::Stored;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// A file to attach.
#[derive(Clone, Debug)]
pub struct Attach {
    /// File name as given.
    pub name: String,
    /// Whether only those who work on the record may see it.
    pub internal: bool,
    /// The stored content.
    pub stored: Stored,
}

/// Prepares the attachment and gives its row.
pub fn attach(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    command: &Attach,
) -> Result<(Written, AttachmentRow), DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "attach")?;
    if command.internal {
        loaded.require(env, actor, "comment_internal")?;
    }
    if store::attachment::of_owner(sql, loaded.row.id)?.len() >= 500 {
        return Err(DeskError::NotAvailable("a record holds at most 500 files".to_owned()));
    }
    let row = AttachmentRow {
        id: env.world.id(),
        owner: loaded.row.id,
        sha256: command.stored.sha256.to_vec(),
        name: safe_name(&command.name),
        visibility: if command.internal { "internal" } else { "public" }.to_owned(),
        by_user: actor.user.id,
        at: env.world.now(),
        size: command.stored.size,
        media_type: command.stored.media_type.clone(),
        scan_state: "unscanned".to_owned(),
    };
    let attached = Attached { id: row.id, name: row.name.clone(), size: row.size, sha256: hex::encode(&row.sha256) };
    let event = if command.internal { Event::internal("attached") } else { Event::public("attached") };
    let content = Content { attachment: Some(attached), ..Content::default() };
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    written.set.statements.extend(store::attachment::insert(&row));
    Ok((written, row))
}

/// A file name without folders and control characters, at most 200 characters.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = text::one_line(last).chars().take(200).collect();
    if text::is_blank(&clean) { "file".to_owned() } else { clean }
}
