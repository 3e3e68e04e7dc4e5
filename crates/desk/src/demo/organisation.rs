//! Sites, departments, teams and services of the invented organisation.

use serde_json::json;

use super::entry;
use super::people::Staff;
use crate::directory::EntryKind;
use crate::{Desk, DeskError};

/// Sites: key, zh, en.
pub const SITES: &[(&str, &str, &str)] = &[
    ("hq", "总部大楼", "Headquarters"),
    ("east", "东区办公楼", "East building"),
    ("west", "西区办公楼", "West building"),
    ("campus", "培训中心", "Training campus"),
    ("plant", "生产基地", "Plant"),
];

/// Departments: key, zh, en.
pub const DEPARTMENTS: &[(&str, &str, &str)] = &[
    ("office", "办公室", "General office"),
    ("hr", "人力资源部", "Human resources"),
    ("finance", "财务部", "Finance"),
    ("purchasing", "采购部", "Purchasing"),
    ("it", "信息中心", "IT centre"),
    ("sales", "市场部", "Sales"),
    ("service", "客户服务部", "Customer service"),
    ("legal", "法务部", "Legal"),
    ("planning", "规划发展部", "Planning"),
    ("production", "生产部", "Production"),
    ("quality", "质量管理部", "Quality"),
    ("logistics", "物流部", "Logistics"),
    ("research", "研究院", "Research"),
    ("training", "培训部", "Training"),
    ("security", "安全保卫部", "Safety and security"),
];

/// Teams: key, zh, en, tier.
pub const TEAMS: &[(&str, &str, &str, i64)] = &[
    ("service-desk", "服务台", "Service desk", 0),
    ("desktop-l1", "桌面一线", "Desktop, first line", 1),
    ("network-l1", "网络一线", "Network, first line", 1),
    ("application-l1", "应用一线", "Applications, first line", 1),
    ("network-l2", "网络二线", "Network, second line", 2),
    ("system-l2", "系统二线", "Systems, second line", 2),
    ("application-l2", "应用二线", "Applications, second line", 2),
    ("database-l2", "数据库二线", "Databases, second line", 2),
    ("security-l2", "安全二线", "Security, second line", 2),
    ("vendor-l3", "厂商三线", "Vendors, third line", 3),
    ("rnd-l3", "研发三线", "Development, third line", 3),
];

/// Services: key, zh, en, team, criticality.
pub const SERVICES: &[(&str, &str, &str, &str, &str)] = &[
    ("erp", "企业资源计划 ERP", "ERP", "application-l2", "critical"),
    ("finance", "财务核算系统", "Finance system", "application-l2", "critical"),
    ("oa", "协同办公 OA", "Office automation", "application-l2", "important"),
    ("mail", "电子邮件", "E-mail", "system-l2", "critical"),
    ("hr-system", "人事系统", "HR system", "application-l2", "important"),
    ("payroll", "薪酬系统", "Payroll", "application-l2", "important"),
    ("crm", "客户关系管理 CRM", "CRM", "application-l2", "important"),
    ("mes", "生产执行 MES", "Manufacturing execution", "application-l2", "critical"),
    ("wms", "仓储管理 WMS", "Warehouse management", "application-l2", "important"),
    ("srm", "供应商门户", "Supplier portal", "application-l2", "normal"),
    ("portal", "门户网站", "Web portal", "application-l2", "important"),
    ("sso", "统一认证", "Single sign-on", "security-l2", "critical"),
    ("vpn", "远程接入 VPN", "Remote access", "network-l2", "important"),
    ("wifi", "无线网络", "Wi-Fi", "network-l2", "important"),
    ("lan", "办公网络", "Office network", "network-l2", "critical"),
    ("internet", "互联网出口", "Internet access", "network-l2", "critical"),
    ("wan", "专线网络", "Leased lines", "network-l2", "critical"),
    ("print", "打印服务", "Printing", "desktop-l1", "normal"),
    ("desktop", "桌面终端", "Desktops", "desktop-l1", "normal"),
    ("file", "文件共享", "File sharing", "system-l2", "important"),
    ("backup", "备份服务", "Backup", "system-l2", "important"),
    ("virtual", "虚拟化平台", "Virtualisation", "system-l2", "critical"),
    ("database", "数据库平台", "Database platform", "database-l2", "critical"),
    ("bi", "数据分析平台", "Analytics", "database-l2", "normal"),
    ("video", "视频会议", "Video meetings", "network-l2", "normal"),
    ("phone", "语音电话", "Telephony", "network-l2", "important"),
    ("archive", "档案系统", "Records archive", "application-l2", "normal"),
    ("learning", "在线学习", "E-learning", "application-l2", "normal"),
    ("contract", "合同管理", "Contracts", "application-l2", "normal"),
    ("antivirus", "终端安全", "Endpoint security", "security-l2", "important"),
];

/// Skills: key, zh, en, the team whose people have it, how many have it and how many are backup.
const SKILLS: &[(&str, &str, &str, &str, usize, usize)] = &[
    ("routing", "路由与交换", "Routing and switching", "network-l2", 2, 1),
    ("firewall", "防火墙策略", "Firewall rules", "security-l2", 1, 1),
    ("oracle", "Oracle 数据库", "Oracle databases", "database-l2", 1, 0),
    ("virtualisation", "虚拟化平台", "Virtualisation", "system-l2", 2, 0),
    ("payroll", "薪酬系统", "Payroll", "application-l2", 1, 1),
    ("printing", "打印机维修", "Printer repair", "desktop-l1", 2, 1),
];

/// Writes skills: one of them hangs on a single person, as it does everywhere.
pub async fn skills(desk: &Desk, staff: &Staff) -> Result<(), DeskError> {
    for (key, zh, en, team, holders, backup) in SKILLS {
        let people: Vec<String> = staff.of_team(team).map(|id| id.to_string()).collect();
        let some = |from: usize, count: usize| people.iter().skip(from).take(count).collect::<Vec<_>>();
        let values = json!({ "label": {"zh": zh, "en": en}, "holders": some(0, *holders), "backup": some(*holders, *backup) });
        entry(desk, EntryKind::Skill, (*key).to_owned(), values).await?;
    }
    Ok(())
}

/// Writes sites and departments.
pub async fn places(desk: &Desk) -> Result<(), DeskError> {
    for (key, zh, en) in SITES {
        let values = json!({ "label": {"zh": zh, "en": en}, "timezone": "Asia/Shanghai" });
        entry(desk, EntryKind::Site, (*key).to_owned(), values).await?;
    }
    for (key, zh, en) in DEPARTMENTS {
        entry(desk, EntryKind::Department, (*key).to_owned(), json!({ "label": {"zh": zh, "en": en} })).await?;
    }
    Ok(())
}

/// Writes teams with their members; the first member of a team is on duty.
pub async fn teams(desk: &Desk, staff: &Staff) -> Result<(), DeskError> {
    for (key, zh, en, tier) in TEAMS {
        let members: Vec<String> = staff.of_team(key).map(|id| id.to_string()).collect();
        let values = json!({ "label": {"zh": zh, "en": en}, "tier": tier.max(&1), "duty": members.first(), "members": members });
        entry(desk, EntryKind::Team, (*key).to_owned(), values).await?;
    }
    Ok(())
}

/// Writes services.
pub async fn services(desk: &Desk) -> Result<(), DeskError> {
    for (key, zh, en, team, criticality) in SERVICES {
        let values = json!({ "label": {"zh": zh, "en": en}, "team": team, "criticality": criticality });
        entry(desk, EntryKind::Service, (*key).to_owned(), values).await?;
    }
    Ok(())
}
