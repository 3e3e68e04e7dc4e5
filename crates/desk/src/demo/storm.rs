//! A failure that several people have reported at once: the record that is worked on, the reports below it, and what is announced.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::dice::Dice;
use super::entry;
use super::people::Staff;
use super::story::{Life, object};
use crate::directory::EntryKind;
use crate::record::accept;
use crate::record::link::{Link, link};
use crate::{Desk, DeskError};

const MINUTE: i64 = 60_000;
/// The reports below, in the words of those who made them.
const REPORTS: [&str; 6] =
    ["无线网连不上", "会议室 Wi-Fi 断了", "手机连不上办公无线", "无线网络一直转圈", "Wi-Fi 显示已连接但上不了网", "培训教室无线掉线"];

/// Tells it.
pub async fn tell(desk: &Desk, staff: &Staff) -> Result<(), DeskError> {
    if desk.env().packs.newest("incident").is_err() {
        return Ok(());
    }
    let staff = Arc::new(Staff { workers: staff.workers.clone(), requesters: staff.requesters.clone() });
    let now = desk.world().now();
    let life =
        |minutes: i64| Life { desk: desk.clone(), staff: Arc::clone(&staff), dice: Dice(3), at: now - minutes * MINUTE, record: None };
    let (Some(by), Some(worker)) = (staff.of_team("service-desk").next(), staff.of_team("network-l2").next()) else { return Ok(()) };
    let parent = parent(life(50), by, worker).await?;
    for (n, title) in REPORTS.iter().enumerate() {
        let mut child = life(45 - 5 * n as i64);
        let requester = staff.requesters[n % staff.requesters.len()];
        child.report(requester, requester, title, "今天早上开始的，同事也一样。", "portal").await?;
        let to = parent.1.clone();
        let below = move |env: &_, sql: &mut dyn store::Sql, cause: &_, actor: &_, target: &_| {
            link(env, sql, cause, actor, target, &Link { to: to.clone(), kind: "parent".to_owned() })
        };
        child.run(by, below).await?;
    }
    announce(desk, now, parent.0).await
}

/// The record that is worked on, as identity and number.
async fn parent(mut life: Life, by: Uuid, worker: Uuid) -> Result<(Uuid, String), DeskError> {
    life.report(by, by, "办公区无线网络中断", "无线控制器无响应，多个楼层受影响。", "phone").await?;
    let fields = json!({
        "category": "network/wifi", "service": "wifi", "service_criticality": "important", "scope": "several_departments",
        "users_affected": 200, "business_process": "partial", "tier": 2, "team": "network-l2",
    });
    life.at += 3 * MINUTE;
    life.outcome(by, "dispatch", object(fields)).await?;
    life.at += 2 * MINUTE;
    life.run(worker, accept::accept).await?;
    let row = life.row().await?;
    Ok((row.id, row.number))
}

async fn announce(desk: &Desk, now: i64, record: Uuid) -> Result<(), DeskError> {
    let outage = json!({
        "title": { "zh": "办公区无线网络中断", "en": "Wi-Fi in the offices is down" },
        "body": {
            "zh": "网络组正在更换无线控制器，预计 **一小时内** 恢复。有线网络不受影响，不用重复报修。",
            "en": "The controller is being replaced; back **within the hour**. Wired network works, no further report is needed.",
        },
        "severity": "outage", "from": now - 40 * MINUTE, "until": null, "services": ["wifi"], "audience": null, "record": record,
    });
    let upgrade = json!({
        "title": { "zh": "财务核算系统今晚升级", "en": "The finance system is upgraded tonight" },
        "body": { "zh": "20:00 至 22:00 不能使用，请提前保存凭证。", "en": "It is not available from 20:00 to 22:00." },
        "severity": "warning", "from": now - 180 * MINUTE, "until": now + 24 * 60 * MINUTE, "services": ["finance"], "audience": null,
    });
    entry(desk, EntryKind::Announcement, "wifi-outage".to_owned(), outage).await?;
    entry(desk, EntryKind::Announcement, "finance-upgrade".to_owned(), upgrade).await
}
