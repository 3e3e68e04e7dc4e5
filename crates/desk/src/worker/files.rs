//! Removes stored content that nothing refers to: an upload that was not attached, the files of what was removed.

use crate::files::collect_unused;
use crate::{Desk, DeskError};

use super::{give_back, leased};

/// Name of the lease.
const LEASE: &str = "files";

/// Collects, if no other node does, and gives the number of removed files.
pub async fn collect(desk: &Desk) -> Result<usize, DeskError> {
    if !leased(desk, LEASE, 600_000).await? {
        return Ok(0);
    }
    let removed = collect_unused(desk).await;
    give_back(desk, LEASE).await?;
    removed
}
