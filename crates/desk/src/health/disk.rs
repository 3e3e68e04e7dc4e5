//! Room on the disks of the data folder. That a write finds none turns the system read-only; this warns before.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Level;
use crate::Desk;

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
/// With less free than this somebody should look, whatever the size of the disk.
const LITTLE: u64 = GIB;
/// And with less than this share, unless it is plenty still.
const SMALL_SHARE: u64 = 10;
const PLENTY: u64 = 20 * GIB;
/// With less than this a write may fail at any moment: a full disk turns the system read-only.
const NEARLY_NONE: u64 = 256 * MIB;

/// A disk and what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Disk {
    /// `database`, `files`, or both.
    what: Vec<&'static str>,
    path: PathBuf,
    free: u64,
    total: u64,
    /// What tells disks apart.
    id: u64,
}

/// The disks that this node writes to. What cannot be asked is left out.
pub(super) async fn look(desk: &Desk) -> Vec<Disk> {
    let database = desk.db().file().and_then(Path::parent).map(|folder| ("database", folder.to_owned()));
    let places: Vec<(&'static str, PathBuf)> = database.into_iter().chain([("files", desk.files().folder().to_owned())]).collect();
    // A disk over the network may not answer.
    let asked = tokio::task::spawn_blocking(move || disks(&places));
    match tokio::time::timeout(std::time::Duration::from_secs(3), asked).await {
        Ok(Ok(disks)) => disks,
        _ => Vec::new(),
    }
}

fn disks(places: &[(&'static str, PathBuf)]) -> Vec<Disk> {
    let mut disks: Vec<Disk> = Vec::new();
    for (what, path) in places {
        // A path without a folder in front is in this one.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let Ok(told) = rustix::fs::statvfs(path) else { continue };
        match disks.iter_mut().find(|disk| disk.id == told.f_fsid && disk.total == told.f_blocks * told.f_frsize) {
            Some(disk) => disk.what.push(what),
            None => disks.push(Disk {
                what: vec![what],
                path: path.to_owned(),
                free: told.f_bavail * told.f_frsize,
                total: told.f_blocks * told.f_frsize,
                id: told.f_fsid,
            }),
        }
    }
    disks
}

/// Whether somebody should do something.
pub(super) fn level(disks: &[Disk]) -> Level {
    let of = |disk: &Disk| {
        let little = disk.free < LITTLE || (disk.free < PLENTY && disk.free < disk.total / SMALL_SHARE);
        if disk.free < NEARLY_NONE { Level::Bad } else { Level::attention_if(little) }
    };
    disks.iter().map(of).max().unwrap_or(Level::Attention)
}

/// What was seen.
pub(super) fn value(disks: &[Disk]) -> Value {
    let one = |disk: &Disk| json!({ "what": disk.what, "path": disk.path, "free_bytes": disk.free, "total_bytes": disk.total });
    json!({ "disks": disks.iter().map(one).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(free: u64, total: u64) -> Disk {
        Disk { what: vec!["files"], path: PathBuf::new(), free, total, id: 1 }
    }

    #[test]
    fn little_room_is_said_before_there_is_none() {
        let level = |free, total| level(&[disk(free, total)]);
        assert_eq!(level(50 * GIB, 100 * GIB), Level::Fine);
        assert_eq!(level(9 * GIB, 100 * GIB), Level::Attention, "less than a tenth");
        assert_eq!(level(25 * GIB, 1000 * GIB), Level::Fine, "a small share of much is plenty");
        assert_eq!(level(900 * MIB, 2 * GIB), Level::Attention, "little, though it is nearly half");
        assert_eq!(level(255 * MIB, 100 * GIB), Level::Bad);
        assert_eq!(super::level(&[disk(50 * GIB, 100 * GIB), disk(MIB, GIB)]), Level::Bad, "the worst of all");
        assert_eq!(super::level(&[]), Level::Attention, "nothing answered");
    }

    #[test]
    fn what_lies_on_one_disk_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let told = disks(&[("database", folder.path().to_owned()), ("files", folder.path().to_owned())]);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].what, ["database", "files"]);
        assert!(told[0].total > 0 && told[0].free <= told[0].total);
    }
}
