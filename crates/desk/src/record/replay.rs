//! The fold of a record's journal with what stands beside its row: the same `apply` as in live operation, entry by entry.

use store::journal::Entry;
use store::legal_hold::LegalHold;
use store::reminder::ReminderRow;
use uuid::Uuid;

use super::content::{Attached, Content, Linked, Opened, Reminded};
use super::fold::{Extent, Frame};

/// A record as far as its journal was read.
#[derive(Default)]
pub struct Replay {
    /// What the process folds.
    pub record: pack::Record,
    /// Identity facts.
    pub opened: Option<Opened>,
    /// Pinned definitions, as the last entry says.
    pub pack: Option<Uuid>,
    /// How far it was read.
    pub extent: Extent,
    /// Attached files with the visibility of their entry and who attached them.
    pub attachments: Vec<(Attached, String, Option<Uuid>)>,
    /// Links as (kind, other).
    pub links: Vec<(String, Uuid)>,
    /// The legal hold on it.
    pub legal_hold: Option<LegalHold>,
    /// Who follows it, and whether only as somebody affected.
    pub watchers: Vec<(Uuid, bool)>,
    /// What somebody is to be reminded of.
    pub reminders: Vec<ReminderRow>,
}

impl Replay {
    /// What stays the same about the record; none before its opening.
    pub fn frame(&self, id: Uuid) -> Option<Frame> {
        let opened = self.opened.as_ref()?;
        Some(Frame { id, type_key: opened.type_key.clone(), number: opened.number.clone(), pack: self.pack? })
    }

    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry, content: Content) {
        self.record.apply(&content.facts);
        self.opened = self.opened.take().or(content.record);
        self.pack = entry.definition.or(self.pack);
        self.extent = self.extent.and(entry);
        if let Some(attached) = content.attachment {
            self.attachments.push((attached, entry.visibility.clone(), entry.actor));
        }
        if let Some(Linked { kind, other, removed, .. }) = content.link {
            self.links.retain(|link| link != &(kind.clone(), other));
            if !removed {
                self.links.push((kind, other));
            }
        }
        for watched in content.watch {
            self.watchers.retain(|(user, _)| *user != watched.user);
            if watched.on {
                self.watchers.push((watched.user, watched.affected));
            }
        }
        match content.reminder {
            Some(Reminded::Set(reminder)) => self.reminders.push(reminder.row(entry.aggregate, entry.actor)),
            Some(Reminded::Done { id }) => self.reminders.retain(|reminder| reminder.id != id),
            None => {}
        }
        if let Some(held) = content.legal_hold {
            let reason = content.body.unwrap_or_default();
            self.legal_hold = held.then_some(LegalHold { reason, by: entry.actor, at: entry.occurred_at });
        }
    }
}
