//! Record numbers such as `INC-2026-000123`, from blocks leased ahead so that opening needs no extra write.

use std::collections::HashMap;

use tokio::sync::Mutex;

use crate::{Desk, DeskError};

/// Numbers of one lease. A crash loses at most the rest of a block: gaps are allowed, doubles are not.
const BLOCK: i64 = 200;

/// The blocks that this node has leased.
#[derive(Default)]
pub struct Numbers {
    blocks: Mutex<HashMap<String, (i64, i64)>>,
}

impl Numbers {
    /// The next number of a prefix in a year.
    pub async fn next(&self, desk: &Desk, prefix: &str, digits: usize, year: i32) -> Result<String, DeskError> {
        let key = format!("{prefix}-{year}");
        let mut blocks = self.blocks.lock().await;
        let (next, end) = blocks.get(&key).copied().unwrap_or((0, 0));
        let (next, end) = if next < end {
            (next, end)
        } else {
            let wanted = key.clone();
            let first = desk.write(move |tx| store::number::lease(tx, &wanted, BLOCK)).await?;
            (first, first + BLOCK)
        };
        blocks.insert(key.clone(), (next + 1, end));
        Ok(format!("{key}-{next:0digits$}"))
    }
}
