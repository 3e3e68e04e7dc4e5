//! Some months of work: every record lives through the same commands that people use, at invented times.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::dice::Dice;
use super::organisation::SERVICES;
use super::people::Staff;
use crate::journal::Cause;
use crate::record::assign::Assign;
use crate::record::comment::Comment;
use crate::record::complete::Complete;
use crate::record::open::Open;
use crate::record::read::{self, Target};
use crate::record::{Content, accept, assign, cancel, comment, complete, hold, open, rate, write};
use crate::{Actor, Desk, DeskError, Env, Proof};

/// Records told.
const RECORDS: usize = 620;
/// How many lives are told at once, so that their commits are made in groups.
const TOGETHER: usize = 12;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What goes wrong: title, description, category, service, whether it is severe.
const TROUBLES: &[(&str, &str, &str, &str, bool)] = &[
    ("打印机无法连接", "三楼公共打印机显示脱机，重启后仍不行。", "hardware/printer", "print", false),
    ("打印卡纸", "打印多页文档时总在第二页卡纸。", "hardware/printer", "print", false),
    ("电脑开机蓝屏", "今早开机后反复蓝屏，代码 0x0000007E。", "hardware/desktop", "desktop", false),
    ("笔记本电池不充电", "接上电源后电量不上升。", "hardware/notebook", "desktop", false),
    ("显示器闪烁", "外接显示器每隔几秒黑屏一次。", "hardware/peripheral", "desktop", false),
    ("服务器磁盘告警", "虚拟化主机一块硬盘亮黄灯。", "hardware/server", "virtual", true),
    ("OA 无法登录", "输入密码后一直转圈，同事也有这种情况。", "software/application/unavailable", "oa", true),
    ("ERP 响应很慢", "打开采购订单要等一分多钟。", "software/application/slow", "erp", true),
    ("财务系统凭证无法保存", "保存时提示“数据库连接超时”。", "software/application/unavailable", "finance", true),
    ("报表数据不对", "本月销售报表合计与明细不一致。", "software/application/wrong_result", "bi", false),
    ("邮件收不到", "从昨天下午起收不到外部邮件。", "software/mail", "mail", false),
    ("邮箱空间已满", "提示邮箱已满，无法发信。", "software/mail", "mail", false),
    ("Office 激活失败", "打开 Word 提示未激活。", "software/office", "desktop", false),
    ("数据库表空间不足", "监控提示表空间使用率 96%。", "software/database", "database", true),
    ("仓储系统报错 500", "扫码入库时报错 500。", "software/application/unavailable", "wms", true),
    ("会议室无线网络断开", "二楼会议室连上无线后几分钟就断。", "network/wifi", "wifi", false),
    ("VPN 登录失败", "在家连接 VPN 提示证书过期。", "network/vpn", "vpn", false),
    ("办公区网络中断", "西区办公楼整层无法上网。", "network/wired", "lan", true),
    ("核心交换机丢包", "到核心交换机的丢包率约 8%。", "network/device", "lan", true),
    ("专线时延高", "到生产基地的专线时延超过 200 ms。", "network/line", "wan", true),
    ("外网访问慢", "访问外部网站普遍较慢。", "network/internet", "internet", false),
    ("密码忘记", "统一认证密码忘记，被锁定。", "access/password", "sso", false),
    ("没有合同系统权限", "打开合同管理提示无权限。", "access/permission", "contract", false),
    ("收到可疑邮件", "收到要求提供密码的邮件，未点击。", "security/phishing", "mail", false),
    ("电脑提示有病毒", "终端安全软件弹窗报告木马。", "security/malware", "antivirus", false),
    ("视频会议没有声音", "会议中能看到画面，听不到声音。", "network/wired", "video", false),
    ("软件怎么安装", "请问统计软件如何申请安装？", "service/question", "desktop", false),
    ("分机没有拨号音", "座机拿起没有声音。", "hardware/phone", "phone", false),
];

const WORDS: &[&str] = &[
    "已电话联系用户，正在排查。",
    "远程查看了配置，怀疑是驱动问题。",
    "已重启服务，观察半小时。",
    "用户下午不在工位，约明天上午处理。",
    "日志里有连接超时，继续定位。",
];
const ANSWERS: &[&str] = &[
    "重装驱动后恢复正常。",
    "更换网线后恢复。",
    "已重置密码并解锁。",
    "重启应用服务后恢复，持续观察。",
    "调整配置后验证通过。",
    "更换故障部件。",
];
const CODES: &[&str] = &["fixed", "configured", "replaced", "user_guided"];

/// Tells all lives.
pub async fn tell(desk: &Desk, staff: &Staff) -> Result<(), DeskError> {
    if desk.env().packs.newest("incident").is_err() {
        tracing::warn!("no records are told: the pack is missing");
        return Ok(());
    }
    let staff = Arc::new(Staff { workers: staff.workers.clone(), requesters: staff.requesters.clone() });
    let mut lives = JoinSet::new();
    for n in 0..RECORDS {
        if lives.len() >= TOGETHER {
            finish(lives.join_next().await)?;
        }
        let mut life = Life { desk: desk.clone(), staff: Arc::clone(&staff), dice: Dice(7 + n as u64), at: 0, record: None };
        lives.spawn(async move { life.live(n).await });
    }
    while let Some(done) = lives.join_next().await {
        finish(Some(done))?;
    }
    Ok(())
}

fn finish(done: Option<Result<Result<(), DeskError>, tokio::task::JoinError>>) -> Result<(), DeskError> {
    match done {
        Some(Err(error)) => Err(DeskError::outside("tell a record's life", error)),
        Some(Ok(result)) => result,
        None => Ok(()),
    }
}

/// One record's life.
pub(super) struct Life {
    pub(super) desk: Desk,
    pub(super) staff: Arc<Staff>,
    pub(super) dice: Dice,
    pub(super) at: i64,
    pub(super) record: Option<Uuid>,
}

impl Life {
    async fn live(&mut self, n: usize) -> Result<(), DeskError> {
        let now = self.desk.world().now();
        // The last hundred are of the last two days and mostly still open; the rest reaches back four months.
        let back = if n + 100 > RECORDS { self.dice.below(48) as i64 * HOUR } else { 3 * DAY + self.dice.below(117 * 24) as i64 * HOUR };
        self.at = now - back - self.dice.below(3600) as i64 * 1000;
        let recent = back < 2 * DAY;
        self.open().await?;
        if recent && self.dice.chance(25) {
            return Ok(());
        }
        if self.dice.chance(3) {
            return self.cancel().await;
        }
        if self.dispatch().await? {
            self.work(recent).await?;
        }
        Ok(())
    }

    /// Lets some time pass; false when the story would go on after now, where nothing is told.
    fn later(&mut self, most_minutes: usize) -> bool {
        let at = self.at + (1 + self.dice.below(most_minutes) as i64) * MINUTE;
        let is_past = at < self.desk.world().now();
        if is_past {
            self.at = at;
        }
        is_past
    }

    async fn actor(&self, id: Uuid) -> Result<Arc<Actor>, DeskError> {
        let user = self.desk.query(move |_, sql| store::user::find(sql, id)?.ok_or_else(|| DeskError::NotFound("user".to_owned()))).await?;
        let proof = Proof::Session { id, csrf: Vec::new() };
        Ok(Actor::new(user, &self.desk.env().directory, proof, self.desk.world().now()))
    }

    pub(super) async fn run<F>(&self, actor: Uuid, command: F) -> Result<(), DeskError>
    where
        F: Fn(&Env, &mut dyn store::Sql, &Cause, &Actor, &Target) -> Result<write::Written, DeskError> + Clone + Send + 'static,
    {
        let actor = self.actor(actor).await?;
        let target = Target::Id(self.record.unwrap_or_default());
        let cause = Cause { occurred_at: Some(self.at), ..Cause::of(self.desk.world(), actor.user.id, "demo") };
        self.desk
            .execute(move |env, sql| {
                let written = command(env, sql, &cause, &actor, &target)?;
                Ok((written.set, ()))
            })
            .await
    }

    async fn open(&mut self) -> Result<(), DeskError> {
        let staff = Arc::clone(&self.staff);
        let requester = if self.dice.chance(4) { staff.requesters[0] } else { *self.dice.pick(&staff.requesters) };
        let (title, description, _, _, _) = *self.dice.pick(TROUBLES);
        let by_phone = self.dice.chance(55);
        let reporter = if by_phone { self.member("service-desk") } else { requester };
        let channel = if by_phone { "phone" } else { "portal" };
        self.report(reporter, requester, title, description, channel).await
    }

    /// Opens the record.
    pub(super) async fn report(
        &mut self,
        reporter: Uuid,
        requester: Uuid,
        title: &str,
        description: &str,
        channel: &str,
    ) -> Result<(), DeskError> {
        let actor = self.actor(reporter).await?;
        let number = self.desk.next_number("incident").await?;
        let mut input = Map::new();
        for (field, value) in [("title", title), ("description", description), ("channel", channel)] {
            input.insert(field.to_owned(), json!(value));
        }
        input.insert("requester".to_owned(), json!(requester));
        let command = Open { type_key: "incident".to_owned(), number, input, channel: "portal" };
        let cause = Cause { occurred_at: Some(self.at), ..Cause::of(self.desk.world(), reporter, "demo") };
        let opened = self.desk.execute(move |env, sql| {
            let written = open::open(env, sql, &cause, &actor, &command)?;
            Ok((written.set, written.row.id))
        });
        self.record = Some(opened.await?);
        Ok(())
    }

    fn member(&mut self, team: &str) -> Uuid {
        let members: Vec<Uuid> = self.staff.of_team(team).collect();
        *self.dice.pick(&members)
    }

    async fn cancel(&mut self) -> Result<(), DeskError> {
        if !self.later(300) {
            return Ok(());
        }
        let by = self.member("service-desk");
        self.run(by, |env, sql, cause, actor, target| cancel::cancel(env, sql, cause, actor, target, "withdrawn", Some("用户来电说已恢复")))
            .await
    }

    /// Classifies and dispatches; false when it is too early for that.
    async fn dispatch(&mut self) -> Result<bool, DeskError> {
        if !self.later(40) {
            return Ok(false);
        }
        let title = self.title().await?;
        let trouble = TROUBLES.iter().find(|trouble| trouble.0 == title).unwrap_or(&TROUBLES[0]);
        let severe = trouble.4 && self.dice.chance(35);
        let criticality = SERVICES.iter().find(|service| service.0 == trouble.3).map_or("normal", |service| service.4);
        let scope = if severe { *self.dice.pick(&["department", "several_departments", "site"]) } else { "single_user" };
        let users = if severe { 20 + self.dice.below(300) } else { 1 };
        let process = if severe && self.dice.chance(50) {
            "stopped"
        } else if severe {
            "partial"
        } else {
            "none"
        };
        let fields = json!({
            "category": trouble.2, "service": trouble.3, "service_criticality": criticality, "scope": scope, "users_affected": users,
            "business_process": process,
        });
        let by = self.member("service-desk");
        if !severe && self.dice.chance(18) {
            let mut fields = object(fields);
            fields.insert("resolution".to_owned(), json!("电话指导用户自行解决。"));
            fields.insert("closure_code".to_owned(), json!("user_guided"));
            self.outcome(by, "resolve", fields).await?;
            self.after_solution().await?;
            return Ok(false);
        }
        self.outcome(by, "dispatch", object(fields)).await?;
        Ok(true)
    }

    async fn title(&self) -> Result<String, DeskError> {
        Ok(self.row().await?.title)
    }

    pub(super) async fn row(&self) -> Result<store::record::RecordRow, DeskError> {
        let id = self.record.unwrap_or_default();
        self.desk.query(move |_, sql| store::record::find(sql, id)?.ok_or_else(|| DeskError::NotFound("record".to_owned()))).await
    }

    pub(super) async fn outcome(&self, by: Uuid, outcome: &'static str, fields: Map<String, Value>) -> Result<(), DeskError> {
        self.run(by, move |env, sql, cause, actor, target| {
            let command = Complete { target: target.clone(), activity: None, outcome: outcome.to_owned(), fields: fields.clone() };
            complete::complete(env, sql, cause, actor, &command)
        })
        .await
    }

    /// A member of the team that has it now.
    async fn worker(&mut self) -> Result<Uuid, DeskError> {
        let row = self.row().await?;
        let env = self.desk.env();
        let team = env.directory.key_of(row.team).unwrap_or("service-desk").to_owned();
        Ok(self.member(&team))
    }

    async fn is_accepted(&self) -> Result<bool, DeskError> {
        let id = self.record.unwrap_or_default();
        let tasks = self.desk.query(move |_, sql| Ok(store::task::of_record(sql, id)?)).await?;
        Ok(tasks.iter().all(|task| task.accepted_at.is_some()))
    }

    async fn work(&mut self, recent: bool) -> Result<(), DeskError> {
        for _ in 0..3 {
            if (recent && self.dice.chance(20)) || !self.later(120) {
                return Ok(());
            }
            let by = match self.row().await?.assignee {
                Some(given) => given,
                None => self.worker().await?,
            };
            if !self.is_accepted().await? {
                self.run(by, accept::accept).await?;
            }
            if self.dice.chance(60) && self.later(90) {
                let words = Comment { body: (*self.dice.pick(WORDS)).to_owned(), internal: self.dice.chance(60), mentions: Vec::new() };
                self.run(by, move |env, sql, cause, actor, target| comment::comment(env, sql, cause, actor, target, &words)).await?;
            }
            if recent && self.dice.chance(15) {
                return self.hold(by).await;
            }
            if self.dice.chance(8) && self.later(60) {
                let row = self.row().await?;
                let team = self.desk.env().directory.key_of(row.team).map(str::to_owned);
                let other = self.worker().await?;
                let command = Assign {
                    team,
                    assignee: Some(other.to_string()),
                    reason: Some("shift".to_owned()),
                    note: Some("交班，请继续跟进。".to_owned()),
                };
                self.run(by, move |env, sql, cause, actor, target| assign::assign(env, sql, cause, actor, target, &command)).await?;
                continue;
            }
            let tier = self.row().await?.state;
            if tier != "l3" && self.dice.chance(22) && self.later(240) {
                let note = object(json!({ "handover_note": "一线处理未果，已收集日志，请二线协助。" }));
                self.outcome(by, "escalate", note).await?;
                continue;
            }
            break;
        }
        if (recent && self.dice.chance(40)) || !self.later(600) {
            return Ok(());
        }
        self.solve().await
    }

    async fn hold(&mut self, by: Uuid) -> Result<(), DeskError> {
        if !self.later(60) {
            return Ok(());
        }
        let reason = *self.dice.pick(&["user_info", "vendor", "spare_part"]);
        self.run(by, move |env, sql, cause, actor, target| hold::hold(env, sql, cause, actor, target, reason, Some("等待答复后继续。")))
            .await
    }

    async fn solve(&mut self) -> Result<(), DeskError> {
        let row = self.row().await?;
        let by = match row.assignee {
            Some(id) => id,
            None => self.worker().await?,
        };
        let fields = object(json!({ "resolution": *self.dice.pick(ANSWERS), "closure_code": *self.dice.pick(CODES) }));
        self.outcome(by, "resolve", fields).await?;
        self.after_solution().await
    }

    async fn after_solution(&mut self) -> Result<(), DeskError> {
        let row = self.row().await?;
        if self.dice.chance(60) && self.later(2000) {
            if self.dice.chance(5) {
                return self.outcome(row.requester, "reopen", object(json!({ "reopen_reason": "今天又出现了同样的问题。" }))).await;
            }
            self.outcome(row.requester, "confirm", Map::new()).await?;
            if self.dice.chance(70) && self.later(60) {
                let score = 3 + self.dice.below(3) as i64;
                self.run(row.requester, move |env, sql, cause, actor, target| rate::rate(env, sql, cause, actor, target, score, None))
                    .await?;
            }
        } else {
            self.silence().await?;
        }
        if self.row().await?.state == "review" && self.later(3000) {
            let by = self.member("service-desk");
            let priority = row.priority.clone().unwrap_or_else(|| "p2".to_owned());
            self.outcome(by, "close", object(json!({ "reviewed_priority": priority, "review_note": "处理及时，已补充监控。" }))).await?;
        }
        Ok(())
    }

    /// The requester says nothing: the timers that came due since then do their work, at the time they were due.
    async fn silence(&mut self) -> Result<(), DeskError> {
        let record = self.record.unwrap_or_default();
        for _ in 0..10 {
            let timers = self.desk.query(move |_, sql| Ok(store::timer::of_record(sql, record)?)).await?;
            let due = timers.into_iter().min_by_key(|(_, due)| *due).filter(|(_, due)| *due < self.desk.world().now());
            let Some((timer, at)) = due else { return Ok(()) };
            self.at = self.at.max(at);
            let cause = Cause { occurred_at: Some(self.at), ..Cause::system(self.desk.world(), "demo") };
            self.desk
                .execute(move |env, sql| {
                    let loaded = read::load(env, sql, &Target::Id(record))?;
                    let command = pack::Command::FireTimer { timer };
                    let event = write::Event::internal("timer_fired");
                    let written = write::perform(env, sql, &cause, &loaded, &command, &event, Content::default())?;
                    Ok((written.set, ()))
                })
                .await?;
        }
        Ok(())
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
