//! What the agents of the invented organisation have at hand, beside the phrases that every system begins with.

use serde_json::{Value, json};

use super::entry;
use crate::directory::EntryKind;
use crate::{Desk, DeskError};

/// The record type that all of it is for.
const TYPE: &str = "incident";

/// Writes templates, macros and checklists.
pub async fn fill(desk: &Desk) -> Result<(), DeskError> {
    if desk.env().packs.newest(TYPE).is_err() {
        return Ok(());
    }
    for (kind, entries) in [(EntryKind::Template, templates()), (EntryKind::Macro, macros()), (EntryKind::Checklist, checklists())] {
        for (key, values) in entries {
            entry(desk, kind, key.to_owned(), values).await?;
        }
    }
    Ok(())
}

fn templates() -> Vec<(&'static str, Value)> {
    vec![
        (
            "vpn-renew",
            json!({
                "label": {"zh": "远程接入：重新下载证书", "en": "Remote access: renew the certificate"}, "group": "网络", "type": TYPE,
                "filter": {"field": "service", "op": "eq", "value": "vpn"},
                "body": {
                    "zh": "{{requester.name}}，您好！\n\n关于 {{record.number}}（{{record.title}}）：请退出 VPN 客户端，在门户“证书”页重新下载证书后再登录。\n如仍不能连接，请直接回复并附上提示截图。\n\n{{me.name}}",
                    "en": "Dear {{requester.name}},\n\nabout {{record.number}} ({{record.title}}): please close the VPN client, download your certificate again from the portal and sign in.\nIf it still fails, just reply with a picture of the message.\n\n{{me.name}}",
                },
            }),
        ),
        (
            "known-outage",
            json!({
                "label": {"zh": "服务故障处理中", "en": "Service is being restored"}, "group": "公告", "type": TYPE,
                "filter": {"field": "priority", "op": "in", "value": ["p1", "p2"]},
                "body": {
                    "zh": "您好！{{service.name}} 目前有故障，{{team.name}}正在抢修，恢复后会在 {{record.number}} 中通知您。",
                    "en": "{{service.name}} is disturbed at the moment. {{team.name}} is restoring it; you will be told in {{record.number}}.",
                },
            }),
        ),
        (
            "appointment",
            json!({
                "label": {"zh": "约定上门时间", "en": "Make an appointment"}, "group": "现场", "type": TYPE,
                "body": {
                    "zh": "{{requester.name}}，您好！工程师需要到{{site.name}}现场处理 {{record.number}}，请告知今明两天方便的时间段。",
                    "en": "Dear {{requester.name}}, somebody has to see to {{record.number}} at {{site.name}}. When would suit you today or tomorrow?",
                },
            }),
        ),
    ]
}

fn macros() -> Vec<(&'static str, Value)> {
    vec![
        (
            "take-and-tell",
            json!({
                "label": {"zh": "受理并告知申报人", "en": "Accept and tell the requester"}, "type": TYPE,
                "description": "受理后公开回复一句，说明已开始处理",
                "filter": {"field": "phase", "op": "eq", "value": "active"},
                "steps": [
                    {"action": "accept"},
                    {"action": "comment", "fields": {
                        "visibility": "public",
                        "body": "{{requester.name}}，您好！{{record.number}} 由我处理，有进展会马上告诉您。{{me.name}}",
                    }},
                ],
            }),
        ),
        (
            "to-network",
            json!({
                "label": {"zh": "转网络一线核查", "en": "Have the network team look at it"}, "type": TYPE,
                "description": "留下内部备注后转给网络一线",
                "filter": {"all": [
                    {"field": "phase", "op": "eq", "value": "active"}, {"field": "team", "op": "ne", "value": "network-l1"},
                ]},
                "steps": [
                    {"action": "comment", "fields": {"visibility": "internal", "body": "终端侧已排除，请核查{{site.name}}的网络。"}},
                    {"action": "assign", "fields": {"team": "network-l1", "reason": "wrong_team", "note": "见内部备注"}},
                ],
            }),
        ),
    ]
}

fn checklists() -> Vec<(&'static str, Value)> {
    let step = |key: &str, zh: &str, en: &str, mandatory: bool| json!({ "key": key, "text": {"zh": zh, "en": en}, "mandatory": mandatory });
    let mut isolate = step("isolate", "受影响的终端已断网隔离", "The device is off the network", true);
    isolate["link"] = json!("https://intranet.example.org/security/isolate");
    vec![
        (
            "security-report",
            json!({
                "label": {"zh": "安全事件处置", "en": "Security report"}, "type": TYPE,
                "filter": {"field": "category", "op": "under", "value": "security"},
                "activities": ["l1", "l2", "l3"], "outcomes": ["resolve"],
                "steps": [
                    isolate,
                    step("evidence", "证据（邮件原文、日志）已留存为附件", "Evidence is kept as a file", true),
                    step("password", "已提醒用户修改密码", "The person was asked to change the password", false),
                ],
            }),
        ),
        (
            "printer-visit",
            json!({
                "label": {"zh": "打印机现场检查", "en": "Printer, on site"}, "type": TYPE,
                "filter": {"field": "category", "op": "under", "value": "hardware/printer"},
                "activities": ["l1"],
                "steps": [
                    step("cable", "电源和网线已检查", "Power and network cable looked at", false),
                    step("queue", "打印队列已清空", "The queue is empty", false),
                    step("test", "测试页打印正常", "A test page prints", false),
                ],
            }),
        ),
    ]
}
