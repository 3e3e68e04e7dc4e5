//! Tells people what they wanted to be reminded of, and what they promised, when its time has come.

use store::WriteSet;
use store::notice::{self, NoticeRow};
use store::reminder::{self, ReminderRow};

use crate::notice::About;
use crate::{Desk, DeskError};

/// Reminders taken at once.
const BATCH: i64 = 100;

/// Tells all that are due. Telling notes that it was told in the same write set, so that it happens once.
pub async fn tell_due(desk: &Desk) -> Result<(), DeskError> {
    desk.gate().pass()?;
    let now = desk.world().now();
    let due = desk.query(move |_, sql| Ok(reminder::due(sql, now, BATCH)?)).await?;
    for reminder in due {
        let user = reminder.user;
        match tell(desk, reminder).await {
            Ok(()) => desk.announce_notice(user),
            // Another node was faster.
            Err(DeskError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn tell(desk: &Desk, reminder: ReminderRow) -> Result<(), DeskError> {
    desk.execute(move |env, sql| {
        let Some(row) = store::record::find(sql, reminder.record)? else { return Ok((WriteSet::default(), ())) };
        let now = env.world.now();
        let about = if reminder.kind == "call_back" { About::CallBack } else { About::Reminder };
        let mut set = WriteSet::default();
        set.push(reminder::told(reminder.id, now));
        set.push(notice::insert(&NoticeRow {
            user: reminder.user,
            record: reminder.record,
            seq: row.version,
            about: about.as_str().to_owned(),
            subject: reminder.id.to_string(),
            event: "reminder_due".to_owned(),
            internal: true,
            by: reminder.by,
            at: now,
            read_at: None,
        }));
        Ok((set, ()))
    })
    .await
}
