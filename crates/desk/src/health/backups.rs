//! When this database was last backed up, and what came of it. The backup itself notes that (`backup::run`): who saves the
//! database with its own tools sees nothing here.

use serde_json::{Value, json};
use store::Sql;
use store::backup::BackupRow;

use super::{Item, Level};
use crate::{DeskError, instant};

/// Older than this a backup wants renewing, in milliseconds.
const OLD: i64 = 8 * 24 * 3_600_000;

/// The item about backups.
pub(super) fn read(sql: &mut dyn Sql, now: i64) -> Result<Item, DeskError> {
    let (last, made) = (store::backup::newest(sql, false)?, store::backup::newest(sql, true)?);
    let level = level(last.as_ref(), made.as_ref(), now);
    let value = json!({ "last": last.as_ref().map(told), "made": made.as_ref().map(told) });
    Ok(Item { key: "backup", level, value })
}

fn level(last: Option<&BackupRow>, made: Option<&BackupRow>, now: i64) -> Level {
    let fails = last.is_some_and(|last| last.failure.is_some());
    let wanting = made.is_none_or(|made| made.missing > 0 || now - made.ended_at > OLD);
    if fails { Level::Bad } else { Level::attention_if(wanting) }
}

fn told(row: &BackupRow) -> Value {
    json!({
        "at": instant(row.ended_at), "took_ms": row.ended_at - row.began_at, "file": row.file, "bytes": row.bytes,
        "missing": row.missing, "failure": row.failure,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_that_failed_is_old_or_lacks_something_is_told() {
        let made = BackupRow {
            id: uuid::Uuid::nil(),
            began_at: 0,
            ended_at: 1_000,
            file: "f".to_owned(),
            bytes: Some(1),
            missing: 0,
            failure: None,
        };
        let failed = BackupRow { bytes: None, failure: Some("no room".to_owned()), ended_at: 2_000, ..made.clone() };
        assert_eq!(level(None, None, 0), Level::Attention);
        assert_eq!(level(Some(&made), Some(&made), OLD), Level::Fine);
        assert_eq!(level(Some(&made), Some(&made), OLD + 1_001), Level::Attention);
        assert_eq!(level(Some(&failed), Some(&made), 3_000), Level::Bad);
        let holed = BackupRow { missing: 1, ..made };
        assert_eq!(level(Some(&holed), Some(&holed), 3_000), Level::Attention);
    }
}
