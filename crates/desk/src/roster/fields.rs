//! The fields that a file can have for each thing, and the words by which their columns are known.

use std::collections::BTreeMap;

use super::{About, Sheet};

/// A field of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the API.
    pub key: &'static str,
    /// Name in Chinese and English; the header of the template.
    pub label: (&'static str, &'static str),
    /// Other words that headers have for it.
    pub words: &'static [&'static str],
    /// What the template shows below it.
    pub example: &'static str,
}

impl Field {
    /// The name in a language.
    pub fn label(&self, lang: &str) -> &'static str {
        if lang == "en" { self.label.1 } else { self.label.0 }
    }
}

const fn field(key: &'static str, zh: &'static str, en: &'static str, words: &'static [&'static str], example: &'static str) -> Field {
    Field { key, label: (zh, en), words, example }
}

const KEY: Field = field("key", "标识", "Key", &["编码", "代码", "code", "id"], "north");
const LABEL_ZH: Field = field("label_zh", "中文名称", "Name (zh)", &["名称", "name", "label", "中文名"], "北区");
const LABEL_EN: Field = field("label_en", "英文名称", "Name (en)", &["英文名", "englishname"], "North");
const ACTIVE: Field = field("active", "启用", "Active", &["状态", "在职", "有效", "status", "enabled"], "是");
const DESCRIPTION: Field = field("description", "说明", "Description", &["描述", "备注", "remark", "note"], "");
const PARENT: Field = field("parent", "上级", "Belongs to", &["上级部门", "上级区域", "parent", "parentkey"], "");

const USERS: &[Field] = &[
    field("username", "用户名", "Username", &["账号", "登录名", "帐号", "account", "login", "user"], "zhang.wei"),
    field("name", "姓名", "Name", &["名字", "显示名", "fullname", "displayname"], "张伟"),
    field("sort_name", "拼音", "Sorted as", &["pinyin", "sortname"], "zhang wei"),
    field("number", "工号", "Number", &["员工编号", "人员编号", "学工号", "employeenumber", "employeeid", "staffno"], "10023"),
    field("email", "邮箱", "E-mail", &["电子邮件", "电子邮箱", "mail", "emailaddress"], "zhang.wei@example.org"),
    field("phone", "电话", "Phone", &["手机", "手机号", "联系电话", "mobile", "telephone"], "13800012345"),
    field("department", "部门", "Department", &["所属部门", "单位", "dept"], "it"),
    field("site", "办公区域", "Site", &["办公地点", "区域", "校区", "location", "office"], "hq"),
    field("roles", "角色", "Roles", &["role"], "requester"),
    field("employer", "用工单位", "Employer", &["外包公司", "公司", "company"], ""),
    field("area", "负责范围", "Area of work", &["外包范围", "area"], ""),
    field("expires_at", "账号有效期至", "Account ends at", &["有效期", "到期日", "截止日期", "expires", "expiry", "enddate"], "2027-12-31"),
    field("locale", "语言", "Language", &["locale"], "zh"),
    field("capacity", "个人手头上限", "Most open records", &["手头上限", "容量", "capacity"], ""),
    field("kind", "账号类型", "Kind of account", &["类型", "type"], "person"),
    ACTIVE,
];
const DEPARTMENTS: &[Field] = &[KEY, LABEL_ZH, LABEL_EN, PARENT, ACTIVE];
const TEAMS: &[Field] = &[
    KEY,
    LABEL_ZH,
    LABEL_EN,
    field("members", "成员", "Members", &["组员", "人员"], "zhang.wei;li.na"),
    field("duty", "值班人", "Person on duty", &["值班", "组长", "duty", "lead"], "zhang.wei"),
    field("tier", "层级", "Tier", &["级别", "level"], "1"),
    field("dispatch", "组内分派", "Work within the team", &["分派方式", "dispatch"], "queue"),
    field("capacity", "每人上限", "Most per person", &["容量", "capacity"], ""),
    field("site", "办公区域", "Site", &["区域", "location"], ""),
    field("employer", "用工单位", "Employer", &["公司", "company"], ""),
    DESCRIPTION,
    ACTIVE,
];
const SITES: &[Field] = &[
    KEY,
    LABEL_ZH,
    LABEL_EN,
    PARENT,
    field("address", "地址", "Address", &["详细地址"], ""),
    field("timezone", "时区", "Time zone", &["timezone"], "Asia/Shanghai"),
    ACTIVE,
];
const SERVICES: &[Field] = &[
    KEY,
    LABEL_ZH,
    LABEL_EN,
    field("owner", "负责人", "Owner", &["服务负责人"], "zhang.wei"),
    field("team", "支持组", "Team", &["负责支持组", "supportteam"], "network-l1"),
    field("criticality", "重要程度", "Criticality", &["重要性", "等级"], "important"),
    DESCRIPTION,
    ACTIVE,
];
const SKILLS: &[Field] = &[
    KEY,
    LABEL_ZH,
    LABEL_EN,
    field("holders", "掌握者", "Who has it", &["人员", "holders"], "zhang.wei"),
    field("backup", "后备人员", "Backup", &["后备", "备份", "backups"], "li.na"),
    field("categories", "适用分类", "For categories", &["分类", "categories"], "network"),
    field("services", "适用服务", "For services", &["服务", "services"], ""),
    DESCRIPTION,
    ACTIVE,
];

const CATEGORIES: &[Field] = &[
    field("key", "路径", "Path", &["标识", "编码", "代码", "code", "id", "key"], "network/wifi"),
    LABEL_ZH,
    LABEL_EN,
    field("position", "顺序", "Position", &["排序", "序号", "order", "sort"], "10"),
    field("types", "适用类型", "For", &["记录类型", "type"], ""),
    ACTIVE,
];

/// The fields of what a file is about; the first tells rows apart.
pub fn fields(about: About) -> &'static [Field] {
    match about {
        About::Users => USERS,
        About::Departments => DEPARTMENTS,
        About::Teams => TEAMS,
        About::Sites => SITES,
        About::Services => SERVICES,
        About::Skills => SKILLS,
        About::Categories => CATEGORIES,
    }
}

/// A header word without what people write differently.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The position of the column of each field that a header word names; the first column with the word has it.
pub fn guess(about: About, columns: &[String]) -> BTreeMap<String, usize> {
    let columns: Vec<String> = columns.iter().map(|column| plain(column)).collect();
    let mut found = BTreeMap::new();
    // Its own names first, so that another field's loose word does not take its column.
    for loose in [false, true] {
        for field in fields(about) {
            if found.contains_key(field.key) {
                continue;
            }
            let own = [field.key, field.label.0, field.label.1];
            let words: Vec<String> = if loose { field.words } else { &own[..] }.iter().map(|word| plain(word)).collect();
            let free = |at: &usize| !found.values().any(|taken| taken == at);
            if let Some(at) = (0..columns.len()).filter(free).find(|at| words.contains(&columns[*at])) {
                found.insert(field.key.to_owned(), at);
            }
        }
    }
    found
}

/// A table to begin with: the header and one line of examples. The mark in front tells spreadsheets that it is UTF-8.
pub fn template(about: About, lang: &str) -> String {
    let line = |of: &dyn Fn(&Field) -> &'static str| fields(about).iter().map(of).collect::<Vec<_>>().join(",");
    format!("\u{feff}{}\r\n{}\r\n", line(&|field| field.label(lang)), line(&|field| field.example))
}

impl Sheet {
    /// The first rows, to look at.
    pub fn beginning(&self, rows: usize) -> Vec<&[String]> {
        self.rows.iter().take(rows).map(|(_, cells)| cells.as_slice()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_words() {
        let columns = ["工号", "Full Name", "登录名", "部门", "手机号", "什么", "E-mail"].map(str::to_owned);
        let found = guess(About::Users, &columns);
        let wanted = [("department", 3), ("email", 6), ("name", 1), ("number", 0), ("phone", 4), ("username", 2)];
        assert_eq!(found, wanted.map(|(field, at)| (field.to_owned(), at)).into());
    }

    #[test]
    fn every_template_is_understood_again() {
        for about in About::ALL {
            for lang in ["zh", "en"] {
                let sheet = Sheet::read(template(about, lang).as_bytes()).unwrap();
                let found = guess(about, &sheet.columns);
                for (n, field) in fields(about).iter().enumerate() {
                    assert_eq!(found.get(field.key), Some(&n), "{about:?} {lang} {}", field.key);
                }
            }
        }
    }
}
