//! What a role may allow apart from records, whose rights stand in their packs: the closed list, explained.

use serde::Deserialize;
use serde_json::{Map, Value};
use store::Sql;
use store::journal::Sight;
use store::user::UserRow;

use crate::directory::{Directory, Item, UserChange};
use crate::journal::{self, Edit};
use crate::{Actor, DeskError, setup};

/// An action that roles may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Word in roles and in code.
    pub key: &'static str,
    /// Name in Chinese and English.
    pub label: (&'static str, &'static str),
    /// What it opens, in Chinese and English.
    pub help: (&'static str, &'static str),
}

impl Grant {
    /// The name in a language.
    pub fn label(&self, lang: &str) -> &'static str {
        if lang == "en" { self.label.1 } else { self.label.0 }
    }

    /// What it opens, in a language.
    pub fn help(&self, lang: &str) -> &'static str {
        if lang == "en" { self.help.1 } else { self.help.0 }
    }
}

const fn grant(key: &'static str, zh: &'static str, en: &'static str, zh_help: &'static str, en_help: &'static str) -> Grant {
    Grant { key, label: (zh, en), help: (zh_help, en_help) }
}

/// Everything that can be allowed. `*` is all of it, what comes later included.
pub const GRANTS: &[Grant] = &[
    grant("*", "全部权限", "Everything", "系统管理员：以下全部，以及以后新增的权限", "Administrator: all below, and what comes later"),
    grant(
        "workspace",
        "进入工作台",
        "Work in the workspace",
        "使用工作台，查看支持组和成员",
        "Use the workspace, see teams and their members",
    ),
    grant("user.read", "查看人员", "See people", "查找人员和联系方式", "Find people and how to reach them"),
    grant(
        "user.write",
        "维护人员",
        "Maintain people",
        "新建、修改、停用账号，结束会话，导入人员",
        "Create, change and end accounts and their sessions; import people",
    ),
    grant("team.write", "维护支持组", "Maintain teams", "成员、值班人、层级", "Members, person on duty, tier"),
    grant("site.write", "维护办公区域", "Maintain sites", "办公区域及其上下级", "Sites and what lies within what"),
    grant("service.write", "维护服务", "Maintain services", "服务及其负责人和支持组", "Services, who owns and who supports them"),
    grant("department.write", "维护部门", "Maintain departments", "部门及其上下级", "Departments and what belongs to what"),
    grant("category.write", "维护分类", "Maintain categories", "记录的分类树", "The tree of what records are about"),
    grant("skill.write", "维护技能", "Maintain skills", "技能、掌握者和后备人员", "Skills, who has them, who is the backup"),
    grant(
        "role.write",
        "维护角色",
        "Maintain roles",
        "角色及其权限；不能授予自己没有的权限",
        "Roles and what they allow; never more than one's own",
    ),
    grant("setting.write", "修改设置", "Change settings", "邮件、保留期等系统设置", "Mail, retention and other settings"),
    grant(
        "pack.write",
        "发布流程包",
        "Publish packs",
        "发布新版本的流程、表单和规则",
        "Publish new versions of processes, forms and rules",
    ),
    grant("job.read", "查看后台作业", "See jobs", "所有人的作业及结果", "Everybody's jobs and what came of them"),
    grant("job.write", "控制后台作业", "Control jobs", "停止或继续他人的作业", "Stop others' jobs or let them go on"),
    grant("outbox.read", "查看发件箱", "See the outbox", "等待发出、已发出和失败的消息", "Messages that wait, have left or failed"),
    grant("outbox.write", "处理发件箱", "Decide on the outbox", "放行或丢弃消息", "Release or drop messages"),
    grant(
        "access.read",
        "查看谁有权限",
        "See who may what",
        "谁能看到一条记录、凭哪条规则；一个人能做什么",
        "Who can see a record and through which rule; what a person may do",
    ),
    grant(
        "audit.read",
        "查看审计",
        "See the audit trail",
        "谁在什么时候改了账号、角色、设置、支持组等",
        "Who changed accounts, roles, settings, teams and the like, and when",
    ),
    grant(
        "health.read",
        "查看运行状况",
        "See the system's health",
        "模式、队列、迟到的任务，以及该做什么",
        "Mode, queues, what is late, and what to do",
    ),
    grant(
        "dispatch.read",
        "派单试算",
        "Dispatch test bench",
        "用历史记录试算派单规则和组内分派；不写入任何内容",
        "Try on past records what tables and teams would do with them; nothing is written",
    ),
    grant("view.share", "共享列表", "Share lists", "把保存的列表共享给支持组或所有人", "Share saved lists with teams or everybody"),
    grant(
        "template.write",
        "维护回复模板",
        "Maintain reply templates",
        "服务台和工程师回复时可选的模板和常用语",
        "The templates and phrases that agents reply with",
    ),
    grant(
        "macro.write",
        "维护宏",
        "Maintain macros",
        "把几个操作合为一步；执行时仍按执行人的权限",
        "Several actions as one; whoever runs one does it with their own rights",
    ),
    grant(
        "checklist.write",
        "维护检查清单",
        "Maintain checklists",
        "环节上要逐项核对的内容，可设为必做",
        "What is to be gone through in a step, mandatory or not",
    ),
    grant("announcement.write", "发布公告", "Write announcements", "发布、修改和结束公告", "Publish, change and end announcements"),
    grant("archive.read", "查看归档", "Read archives", "查看和下载到期归档的记录", "See and download records that were archived"),
    grant("archive.write", "删除归档", "Remove archives", "删除归档的记录", "Remove records that were archived"),
    grant(
        "legal_hold.write",
        "法律保全",
        "Legal hold",
        "保全记录，不受保留期规则影响",
        "Keep records, whatever the rules of retention say",
    ),
];

/// Whether there is such an action.
pub fn exists(key: &str) -> bool {
    GRANTS.iter().any(|grant| grant.key == key)
}

/// Rights that the preset of a role has in this program and the role has not, where nobody has shaped its rights by hand: each
/// change of them since its beginning took more of the preset. A newer program brings rights that an older one did not know; they
/// are offered, and never given silently.
pub fn offered(sql: &mut dyn Sql, role: &Item) -> Result<Vec<&'static str>, DeskError> {
    #[derive(Deserialize)]
    struct Changed {
        #[serde(default)]
        edits: Vec<Edit>,
    }
    let Some(preset) = setup::preset(&role.key).filter(|_| role.active) else { return Ok(Vec::new()) };
    let held = actions(role.data.get("actions"));
    let more: Vec<&'static str> = preset.iter().copied().filter(|action| !held.iter().any(|it| it == action || it == "*")).collect();
    if more.is_empty() {
        return Ok(more);
    }
    let edits = journal::meanwhile(sql, role.id, 0, Sight::All, |content: Changed| content.edits)?;
    let by_hand = edits.iter().filter(|edit| edit.field == "actions").any(|edit| {
        let (old, new) = (actions(Some(&edit.old)), actions(Some(&edit.new)));
        old.iter().any(|action| !new.contains(action)) || new.iter().any(|action| !preset.contains(&action.as_str()))
    });
    Ok(if by_hand { Vec::new() } else { more })
}

fn actions(value: Option<&Value>) -> Vec<String> {
    value.and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default()
}

/// Refuses to give, or to take from somebody, what the actor may not do: nobody rises above themselves, and nobody takes over
/// the account of somebody above.
pub fn require_covers(actor: &Actor, directory: &Directory, roles: &[String], pointer: &str) -> Result<(), DeskError> {
    let beyond = |role: &&String| directory.role(role).is_some_and(|role| !covers(&actor.actions, &role.actions));
    match roles.iter().find(beyond) {
        Some(role) => {
            let message = format!("the role '{role}' allows more than you may do yourself: ask somebody who may all of it");
            Err(DeskError::field(pointer, "beyond", message))
        }
        None => Ok(()),
    }
}

/// Whether all of the wanted actions are among the held ones.
pub fn covers(held: &[String], wanted: &[String]) -> bool {
    held.iter().any(|action| action == "*") || wanted.iter().all(|action| held.contains(action))
}

/// Refuses a change of an account by somebody who may less than the account, or who gives it more than they may.
pub fn require_account(actor: &Actor, directory: &Directory, before: Option<&UserRow>, values: &UserChange) -> Result<(), DeskError> {
    if let Some(before) = before.filter(|before| before.id != actor.user.id) {
        let roles: Vec<String> = serde_json::from_str(&before.roles).unwrap_or_default();
        if require_covers(actor, directory, &roles, "/roles").is_err() {
            return Err(DeskError::Forbidden("this account may more than you: ask somebody who may all of it".to_owned()));
        }
    }
    let roles: Option<Vec<String>> = values.get("roles").and_then(|roles| serde_json::from_value(roles.clone()).ok());
    roles.map_or(Ok(()), |roles| require_covers(actor, directory, &roles, "/roles"))
}

/// Refuses a role that allows, before or after, what the actor may not do.
pub fn require_role(actor: &Actor, before: Option<&Item>, values: &Map<String, Value>) -> Result<(), DeskError> {
    if !covers(&actor.actions, &actions(before.and_then(|item| item.data.get("actions")))) {
        return Err(DeskError::Forbidden("this role allows more than you may do yourself: ask somebody who may all of it".to_owned()));
    }
    if !covers(&actor.actions, &actions(values.get("actions"))) {
        return Err(DeskError::field("/actions", "beyond", "give no more than you may do yourself"));
    }
    Ok(())
}
