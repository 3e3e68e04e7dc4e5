//! The people of the invented organisation: 3,960 who ask and 40 who work, 15 of these from suppliers.

use serde_json::{Value, json};
use store::WriteSet;
use uuid::Uuid;

use super::dice::Dice;
use super::organisation::{DEPARTMENTS, SITES};
use crate::directory::{self, NewUser, prepare_user};
use crate::journal::Cause;
use crate::{Desk, DeskError};

/// An account that newcomers are told to try.
pub struct Account {
    /// Name to sign in with.
    pub username: &'static str,
    /// Name in Chinese with its pinyin.
    name: (&'static str, &'static str),
    /// Role keys.
    roles: &'static [&'static str],
    /// Team, if the person works.
    team: Option<&'static str>,
    /// What the person is, in Chinese.
    pub role_zh: &'static str,
    /// What the person is, in English.
    pub role_en: &'static str,
    /// What to try, in Chinese.
    pub what_zh: &'static str,
    /// What to try, in English.
    pub what_en: &'static str,
}

/// Accounts that newcomers are told to try.
pub const ACCOUNTS: &[Account] = &[
    Account {
        username: "lilaoshi",
        name: ("李敏", "li min"),
        roles: &["requester"],
        team: None,
        role_zh: "普通用户",
        role_en: "Requester",
        what_zh: "报一个故障，看进度，确认解决并评价",
        what_en: "report a fault, follow it, confirm and rate it",
    },
    Account {
        username: "wangfang",
        name: ("王芳", "wang fang"),
        roles: &["desk", "requester"],
        team: Some("service-desk"),
        role_zh: "服务台座席",
        role_en: "Service-desk agent",
        what_zh: "受理新工单，分类并派单",
        what_en: "classify new records and dispatch them",
    },
    Account {
        username: "zhangwei",
        name: ("张伟", "zhang wei"),
        roles: &["agent", "requester"],
        team: Some("network-l1"),
        role_zh: "网络一线工程师",
        role_en: "Network engineer, first line",
        what_zh: "在“我的工作”里受理、处理、挂起、升级、解决",
        what_en: "accept, work, hold, escalate and resolve from My work",
    },
    Account {
        username: "chenjing",
        name: ("陈静", "chen jing"),
        roles: &["agent", "requester"],
        team: Some("network-l2"),
        role_zh: "网络二线工程师",
        role_en: "Network engineer, second line",
        what_zh: "接手升级上来的工单",
        what_en: "take what was escalated",
    },
    Account {
        username: "zhaolei",
        name: ("赵磊", "zhao lei"),
        roles: &["manager", "requester"],
        team: Some("service-desk"),
        role_zh: "运维经理",
        role_en: "Manager",
        what_zh: "查看所有队列和积压",
        what_en: "see all queues and what piles up",
    },
];

const SURNAMES: &[(&str, &str)] = &[
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("赵", "zhao"),
    ("黄", "huang"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("徐", "xu"),
    ("孙", "sun"),
    ("胡", "hu"),
    ("朱", "zhu"),
    ("高", "gao"),
    ("林", "lin"),
    ("何", "he"),
    ("郭", "guo"),
    ("马", "ma"),
    ("罗", "luo"),
    ("梁", "liang"),
    ("宋", "song"),
    ("郑", "zheng"),
    ("谢", "xie"),
    ("韩", "han"),
    ("唐", "tang"),
    ("冯", "feng"),
    ("于", "yu"),
    ("董", "dong"),
    ("萧", "xiao"),
    ("程", "cheng"),
    ("曹", "cao"),
    ("袁", "yuan"),
    ("邓", "deng"),
    ("许", "xu"),
    ("傅", "fu"),
    ("沈", "shen"),
    ("曾", "zeng"),
    ("彭", "peng"),
    ("吕", "lv"),
    ("苏", "su"),
    ("卢", "lu"),
    ("蒋", "jiang"),
    ("蔡", "cai"),
    ("贾", "jia"),
    ("丁", "ding"),
    ("魏", "wei"),
    ("薛", "xue"),
    ("叶", "ye"),
    ("阎", "yan"),
    ("单", "shan"),
    ("解", "xie"),
];

const GIVEN: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("娟", "juan"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("秀", "xiu"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("文", "wen"),
    ("辉", "hui"),
    ("玲", "ling"),
    ("宇", "yu"),
    ("浩", "hao"),
    ("凯", "kai"),
    ("欣", "xin"),
    ("雨", "yu"),
    ("晨", "chen"),
    ("佳", "jia"),
    ("思", "si"),
    ("瑞", "rui"),
    ("博", "bo"),
    ("子", "zi"),
    ("雪", "xue"),
    ("婷", "ting"),
    ("鹏", "peng"),
    ("飞", "fei"),
];

/// Suppliers whose engineers work in the house.
const EMPLOYERS: &[&str] = &["华信运维服务有限公司", "蓝桥信息技术有限公司"];

/// Where the other 35 who work belong: team, how many, from a supplier.
const STAFF: &[(&str, usize, bool)] = &[
    ("service-desk", 4, false),
    ("desktop-l1", 12, true),
    ("desktop-l1", 1, false),
    ("network-l1", 2, false),
    ("application-l1", 3, true),
    ("application-l1", 1, false),
    ("network-l2", 1, false),
    ("system-l2", 3, false),
    ("application-l2", 2, false),
    ("database-l2", 2, false),
    ("security-l2", 1, false),
    ("vendor-l3", 2, false),
    ("rnd-l3", 2, false),
];

/// Everybody who takes part in the story.
#[derive(Default)]
pub struct Staff {
    /// Who works, with the team.
    pub workers: Vec<(Uuid, &'static str)>,
    /// Who asks.
    pub requesters: Vec<Uuid>,
}

impl Staff {
    /// The members of a team.
    pub fn of_team<'a>(&'a self, team: &'a str) -> impl Iterator<Item = Uuid> + 'a {
        self.workers.iter().filter(move |(_, of)| *of == team).map(|(id, _)| *id)
    }
}

/// A person to be written.
struct Person {
    id: Uuid,
    username: String,
    values: Value,
}

/// Writes all people, 100 a transaction.
pub async fn fill(desk: &Desk) -> Result<Staff, DeskError> {
    let hash = tokio::task::spawn_blocking(|| directory::hash_password(super::PASSWORD))
        .await
        .map_err(|error| DeskError::outside("hash a password", error))??;
    let (people, staff) = invent(desk);
    for part in people.chunks(100) {
        let _keys = desk.keys_at_work().await;
        let env = desk.env();
        let cause = Cause::system(desk.world(), "demo");
        let mut set = WriteSet::default();
        for person in part {
            let values = person.values.as_object().cloned().unwrap_or_default();
            // One hash for all: hashing 4,000 passwords would take minutes, and this password is public anyway.
            let new = NewUser { username: person.username.clone(), values, password: Some(hash.clone()), ..NewUser::default() };
            set.statements.extend(prepare_user(&env, desk.db().dialect(), &cause, person.id, None, &new)?.0.statements);
        }
        desk.apply(set).await?;
    }
    Ok(staff)
}

fn invent(desk: &Desk) -> (Vec<Person>, Staff) {
    let mut dice = Dice(20_260_101);
    let (mut people, mut staff) = (Vec::new(), Staff::default());
    for (n, account) in ACCOUNTS.iter().enumerate() {
        let id = desk.world().id();
        match account.team {
            Some(team) => staff.workers.push((id, team)),
            None => staff.requesters.push(id),
        }
        let department = if account.team.is_some() { "it" } else { "training" };
        let (name, pinyin) = account.name;
        let values = person(n, name, pinyin, account.username, "hq", department, account.roles, None);
        people.push(Person { id, username: account.username.to_owned(), values });
    }
    let mut number = people.len();
    for (team, count, outside) in STAFF {
        for _ in 0..*count {
            let (name, pinyin) = name(&mut dice);
            let id = desk.world().id();
            staff.workers.push((id, team));
            let username = format!("{}{number}", pinyin.replace(' ', ""));
            let site = dice.pick(SITES).0;
            let roles: &[&str] = match (*team, outside) {
                ("service-desk", _) => &["desk", "requester"],
                (_, true) => &["contractor", "requester"],
                _ => &["agent", "requester"],
            };
            let employer = outside.then(|| (*dice.pick(EMPLOYERS), desk.world().now() + 300 * DAY));
            people.push(Person { id, values: person(number, &name, &pinyin, &username, site, "it", roles, employer), username });
            number += 1;
        }
    }
    while people.len() < 4000 {
        let (name, pinyin) = name(&mut dice);
        let id = desk.world().id();
        staff.requesters.push(id);
        let username = format!("{}{number}", pinyin.replace(' ', ""));
        let (site, department) = (dice.pick(SITES).0, dice.pick(DEPARTMENTS).0);
        people.push(Person { id, values: person(number, &name, &pinyin, &username, site, department, &["requester"], None), username });
        number += 1;
    }
    (people, staff)
}

const DAY: i64 = 24 * 3_600_000;

fn name(dice: &mut Dice) -> (String, String) {
    let surname = dice.pick(SURNAMES);
    let first = dice.pick(GIVEN);
    if dice.chance(35) {
        return (format!("{}{}", surname.0, first.0), format!("{} {}", surname.1, first.1));
    }
    let second = dice.pick(GIVEN);
    (format!("{}{}{}", surname.0, first.0, second.0), format!("{} {} {}", surname.1, first.1, second.1))
}

#[expect(clippy::too_many_arguments, reason = "the columns of one invented person, used here only")]
fn person(
    number: usize,
    name: &str,
    pinyin: &str,
    username: &str,
    site: &str,
    department: &str,
    roles: &[&str],
    employer: Option<(&str, i64)>,
) -> Value {
    json!({
        "name": name, "sort_name": pinyin, "email": format!("{username}@demo.invalid"), "phone": format!("8{number:04}"),
        "site": site, "department": department, "roles": roles, "employer": employer.map(|e| e.0), "expires_at": employer.map(|e| e.1),
    })
}
