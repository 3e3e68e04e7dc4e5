//! How a name is read and found: pinyin for Chinese names, since people type what they hear.

use pinyin::ToPinyin;
use store::user::UserRow;

/// Characters that are read in another way when they are a surname.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('朴', "piao"),
    ('查', "zha"),
    ('盖', "ge"),
    ('区', "ou"),
    ('乐', "yue"),
    ('缪', "miao"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('宓', "mi"),
    ('繁', "po"),
    ('种', "chong"),
    ('员', "yun"),
    ('召', "shao"),
    ('黑', "he"),
    ('折', "she"),
    ('秘', "bi"),
    ('洗', "xian"),
    ('逄', "pang"),
    ('葛', "ge"),
    ('任', "ren"),
    ('纪', "ji"),
    ('宁', "ning"),
    ('牟', "mu"),
    ('尉', "wei"),
];

/// Surnames of two characters whose reading no single character gives.
const LONG_SURNAMES: &[(&str, &str)] =
    &[("尉迟", "yu chi"), ("万俟", "mo qi"), ("长孙", "zhang sun"), ("澹台", "tan tai"), ("令狐", "ling hu"), ("单于", "chan yu")];

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The key by which lists sort a name: syllables in lower case, or the name itself where nothing in it is Chinese.
///
/// A surname may be read in yet another way; so the key can be written by hand.
pub fn sort_key(name: &str) -> String {
    let name = name.trim();
    if !name.chars().any(is_han) {
        return name.to_lowercase();
    }
    let (mut syllables, rest) = surname(name);
    let mut word = String::new();
    for c in rest.chars() {
        match c.to_pinyin() {
            Some(syllable) => {
                end(&mut word, &mut syllables);
                syllables.push(syllable.plain().replace('ü', "v"));
            }
            None if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            None => end(&mut word, &mut syllables),
        }
    }
    end(&mut word, &mut syllables);
    syllables.join(" ")
}

fn end(word: &mut String, syllables: &mut Vec<String>) {
    if !word.is_empty() {
        syllables.push(std::mem::take(word));
    }
}

/// What of a surname is read in its own way, and the rest of the name. A single character is a name of something else.
fn surname(name: &str) -> (Vec<String>, &str) {
    if !(2..=4).contains(&name.chars().count()) {
        return (Vec::new(), name);
    }
    let of = |reading: &str| reading.split(' ').map(str::to_owned).collect();
    if let Some((surname, reading)) = LONG_SURNAMES.iter().find(|(surname, _)| name.starts_with(surname)) {
        return (of(reading), &name[surname.len()..]);
    }
    match SURNAMES.iter().find(|(surname, _)| name.starts_with(*surname)) {
        Some((surname, reading)) => (of(reading), &name[surname.len_utf8()..]),
        None => (Vec::new(), name),
    }
}

/// All that a person is found by: name, how it is read (whole, and the first letters), username, e-mail, phone and number.
pub fn find_text(row: &UserRow) -> String {
    let whole: String = row.sort_name.split_whitespace().collect();
    let letters: String = row.sort_name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let digits: String = row.phone.iter().flat_map(|phone| phone.chars()).filter(char::is_ascii_digit).collect();
    let parts = [
        row.name.as_str(),
        &row.sort_name,
        &whole,
        &letters,
        &row.username,
        row.email.as_deref().unwrap_or_default(),
        row.phone.as_deref().unwrap_or_default(),
        &digits,
        row.number.as_deref().unwrap_or_default(),
    ];
    let mut text = String::from("|");
    for part in parts {
        text.push_str(&part.to_lowercase());
        text.push('|');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_their_bearers_read_them() {
        for (name, key) in [
            ("张伟", "zhang wei"),
            ("单雄信", "shan xiong xin"),
            ("曾晓明", "zeng xiao ming"),
            ("解珍", "xie zhen"),
            ("仇英", "qiu ying"),
            ("区小燕", "ou xiao yan"),
            ("尉迟恭", "yu chi gong"),
            ("长孙无忌", "zhang sun wu ji"),
            ("吕布", "lv bu"),
            ("简单", "jian dan"),
            ("单", "dan"),
            ("Zhang Wei", "zhang wei"),
            ("李Anna", "li anna"),
            ("阿里·买买提", "a li mai mai ti"),
        ] {
            assert_eq!(sort_key(name), key, "{name}");
        }
    }
}
