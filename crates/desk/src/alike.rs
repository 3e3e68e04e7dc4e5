//! How alike two short texts are: what both say, as a part of what the shorter says. Pure, and the same for Chinese and English.
//!
//! A text is compared by pieces: pairs of Chinese characters, which need no dictionary, words of letters and digits, and words that mean
//! the same here (setting `search_words`), which count as one. Words that are said of everything count little, and tie nothing alone.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::FieldError;
use crate::directory::Directory;

/// The setting that says which words mean the same, and which are said of everything.
pub const SETTING: &str = "search_words";
/// Most words on a line of the setting.
const MOST_WORDS: usize = 30;
/// Which part of the shorter text the two must share.
const SHARED: f64 = 0.35;
/// Among fewer texts nothing is called frequent.
const FEW: usize = 50;
/// What a word, or words that mean the same, weigh beside a pair of characters.
const WORD: f64 = 2.0;
/// What words that are said of everything weigh.
const COMMON: f64 = 0.25;
/// English words that only hold a sentence together.
const JOINTS: [&str; 25] = [
    "the", "is", "my", "in", "on", "at", "to", "of", "for", "it", "and", "or", "an", "be", "has", "not", "no", "does", "do", "can",
    "cannot", "with", "are", "our", "we",
];
/// Chinese characters that do, and belong to no word beside them.
const PARTICLES: [char; 12] = ['的', '了', '吗', '呢', '吧', '啊', '我', '您', '你', '请', '们', '被'];

/// One thing that a text says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// One of the words that mean the same.
    Same(usize),
    /// One of those that are said of everything.
    Common(usize),
    /// A word of letters and digits.
    Word(String),
    /// Two Chinese characters that follow each other.
    Pair(char, char),
}

impl Piece {
    fn weight(&self) -> f64 {
        match self {
            Self::Common(_) => COMMON,
            Self::Same(_) => WORD,
            // Rooms and floors.
            Self::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => 1.0,
            Self::Word(_) => WORD,
            Self::Pair(..) => 1.0,
        }
    }
}

/// What a text says, in order and each once.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    all: Vec<Piece>,
    weight: f64,
}

/// What words mean here.
#[derive(Debug, Default)]
pub struct Words {
    /// By their first character, the longest first.
    phrases: HashMap<char, Vec<(Vec<char>, usize)>>,
    /// Whether the words of a group are said of everything.
    common: Vec<bool>,
}

impl Words {
    /// The words that hold now.
    pub fn of(directory: &Directory) -> Self {
        let value = directory.setting(SETTING).cloned().unwrap_or_else(default);
        let lines = |part: &str| -> Vec<String> {
            let lines = value.get(part).and_then(Value::as_array).into_iter().flatten();
            lines.filter_map(|line| line.as_str().map(str::to_owned)).collect()
        };
        Self::new(&lines("same"), &lines("common"))
    }

    /// Lines of words that mean the same, and lines of words that are said of everything; commas divide them.
    pub fn new(same: &[String], common: &[String]) -> Self {
        let mut words = Self::default();
        for line in same {
            words.common.push(false);
            let group = words.common.len() - 1;
            for word in split(line) {
                words.put(&word, group);
            }
        }
        for word in common.iter().flat_map(|line| split(line)) {
            let known = words.group(&word);
            let group = known.unwrap_or(words.common.len());
            if known.is_none() {
                words.common.push(true);
                words.put(&word, group);
            }
            if let Some(common) = words.common.get_mut(group) {
                *common = true;
            }
        }
        for phrases in words.phrases.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        words
    }

    fn group(&self, word: &[char]) -> Option<usize> {
        let phrases = self.phrases.get(word.first()?)?;
        phrases.iter().find(|(phrase, _)| phrase == word).map(|(_, group)| *group)
    }

    fn put(&mut self, word: &[char], group: usize) {
        if let Some(first) = word.first().filter(|_| self.group(word).is_none()) {
            self.phrases.entry(*first).or_default().push((word.to_vec(), group));
        }
    }

    /// The longest phrase that begins at `at`: its length and its piece.
    fn phrase(&self, text: &[char], at: usize) -> Option<(usize, Piece)> {
        let phrases = self.phrases.get(text.get(at)?)?;
        let (length, group) = phrases.iter().find_map(|(phrase, group)| Some((length(text, at, phrase)?, *group)))?;
        let common = self.common.get(group).copied().unwrap_or_default();
        Some((length, if common { Piece::Common(group) } else { Piece::Same(group) }))
    }

    /// What a text says.
    pub fn pieces(&self, text: &str) -> Pieces {
        let text = plain(text);
        let (mut all, mut word, mut before, mut at) = (Vec::new(), String::new(), None, 0);
        while let Some(c) = text.get(at).copied() {
            if let Some((length, piece)) = self.phrase(&text, at) {
                end(&mut word, &mut all);
                all.push(piece);
                (before, at) = (None, at + length);
                continue;
            }
            if is_letter(c) {
                word.push(c);
                before = None;
            } else {
                end(&mut word, &mut all);
                let here = (c != ' ' && !PARTICLES.contains(&c)).then_some(c);
                all.extend(before.zip(here).map(|(first, second)| Piece::Pair(first, second)));
                before = here;
            }
            at += 1;
        }
        end(&mut word, &mut all);
        all.sort_unstable();
        all.dedup();
        let weight = all.iter().map(Piece::weight).sum();
        Pieces { all, weight }
    }
}

/// How much of a text a phrase takes at `at`, if it stands there as a whole, be it in the plural.
fn length(text: &[char], at: usize, phrase: &[char]) -> Option<usize> {
    let follows = |left: Option<usize>| left.and_then(|left| text.get(left)).is_some_and(|c| is_letter(*c));
    let (first, last) = (phrase.first()?, phrase.last()?);
    if text.get(at..at + phrase.len()) != Some(phrase) || is_letter(*first) && follows(at.checked_sub(1)) {
        return None;
    }
    let end = at + phrase.len();
    let plural = usize::from(last.is_ascii_alphabetic() && text.get(end) == Some(&'s'));
    (!is_letter(*last) || !follows(Some(end + plural))).then_some(phrase.len() + plural)
}

/// Ends a word: English ones in the singular, those that say nothing not at all.
fn end(word: &mut String, all: &mut Vec<Piece>) {
    let said = std::mem::take(word);
    if said.chars().nth(1).is_none() || JOINTS.contains(&said.as_str()) {
        return;
    }
    let single = said.strip_suffix('s').filter(|single| single.len() > 2 && single.is_ascii() && !single.ends_with('s'));
    all.push(Piece::Word(single.unwrap_or(&said).to_owned()));
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// A text in small letters of normal width, all that is no character of a word being a space.
fn plain(text: &str) -> Vec<char> {
    let mut plain = Vec::new();
    for c in text.chars() {
        let narrow = if matches!(c, '\u{ff01}'..='\u{ff5e}') { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c };
        if narrow.is_alphanumeric() {
            plain.extend(narrow.to_lowercase());
        } else if plain.last().is_some_and(|last| *last != ' ') {
            plain.push(' ');
        }
    }
    plain
}

/// The words of a line of the setting.
fn split(line: &str) -> impl Iterator<Item = Vec<char>> {
    let words = line.split([',', '，', '、', ';', '；']).map(plain).map(|mut word| {
        if word.last() == Some(&' ') {
            word.pop();
        }
        word
    });
    words.filter(|word| !word.is_empty())
}

/// How alike two texts are, from above 0 to 1; 0 when it is too little to mean anything.
pub fn likeness(one: &Pieces, other: &Pieces) -> f64 {
    by(one, other, |_| 1.0)
}

/// Which texts are like what is said, with how much: what few of them say counts more. In no order.
pub fn among(said: &Pieces, texts: &[Pieces]) -> Vec<(usize, f64)> {
    let all = texts.len().max(FEW) as f64;
    let share = |piece: &Piece| texts.iter().filter(|text| text.all.binary_search(piece).is_ok()).count() as f64 / all;
    let rarity: Vec<f64> = said.all.iter().map(|piece| 1.0 - 0.5 * share(piece).sqrt()).collect();
    let likeness = |text: &Pieces| by(said, text, |at| rarity.get(at).copied().unwrap_or(1.0));
    texts.iter().map(likeness).enumerate().filter(|(_, likeness)| *likeness > 0.0).collect()
}

/// Whether they are alike is measured without `rarity`: it orders what is found.
fn by(said: &Pieces, other: &Pieces, rarity: impl Fn(usize) -> f64) -> f64 {
    let (mut shared, mut ranked, mut ties) = (0.0, 0.0, false);
    for (at, piece) in said.all.iter().enumerate().filter(|(_, piece)| other.all.binary_search(piece).is_ok()) {
        shared += piece.weight();
        ranked += piece.weight() * rarity(at);
        ties |= !matches!(piece, Piece::Common(_));
    }
    let lighter = said.weight.min(other.weight);
    if ties && shared >= SHARED * lighter { ranked / lighter } else { 0.0 }
}

/// What words mean while nothing is set.
pub(crate) fn default() -> Value {
    json!({
        "same": [
            "无线网络, 无线网, 无线, wifi, wi-fi, wlan, wireless network, wireless",
            "连不上, 连接不上, 无法连接, 不能连接, 断开, 断了, 断线, 断网, 掉线, 中断, 不通, 没网, 上不了网, offline, disconnected, down, outage",
            "登录, 登陆, 登不上, 登不进, 密码, 口令, login, log in, sign in, sign-in, logon, password",
            "打印机, 打印, 打不出, printer, print, printing",
            "邮件, 邮箱, 电子邮件, mail, email, e-mail",
            "电脑, 计算机, 笔记本, computer, laptop, pc",
            "网络, 上网, network, internet",
            "投影仪, 投影, projector",
            "会议室, meeting room",
            "电话, 座机, phone, telephone",
            "很慢, 太慢, 缓慢, 慢, 卡顿, 卡死, slow"
        ],
        "common": [
            "连不上, 慢, 坏, 坏了, 故障, 异常, 失败, 错误, 报错, 出错, 无法, 不能, 不了, 没反应, 没有反应, 打不开, 用不了, 使用不了, 不工作",
            "broken, error, fails, failed, failure, issue, trouble, not working, does not work"
        ]
    })
}

/// Words that mean the same are at least two.
pub(crate) fn check(value: &Value) -> Vec<FieldError> {
    let lines = |part: &'static str| {
        value.get(part).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).enumerate().map(move |line| (part, line))
    };
    let mut errors = Vec::new();
    for (part, (at, line)) in lines("same").chain(lines("common")) {
        let (count, least) = (split(line).count(), if part == "same" { 2 } else { 1 });
        if !(least..=MOST_WORDS).contains(&count) {
            let message = format!("write {least} to {MOST_WORDS} words with commas between them");
            errors.push(FieldError::new(format!("/value/{part}/{at}"), "words", message));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let lines = |part: &str| -> Vec<String> { serde_json::from_value(default()[part].clone()).unwrap() };
        Words::new(&lines("same"), &lines("common"))
    }

    fn like(one: &str, other: &str) -> f64 {
        let words = words();
        likeness(&words.pieces(one), &words.pieces(other))
    }

    #[test]
    fn the_same_in_other_words_is_alike() {
        for (one, other) in [
            ("打印机连不上", "打印机无法连接"),
            ("打印机没反应", "打印机无法打印"),
            ("OA 登录不了", "OA 无法登录"),
            ("忘记密码", "登录不了"),
            ("The printer on floor 3 is offline", "printer offline"),
            ("Printers do not print", "3 楼打印机坏了"),
            ("VPN", "VPN 登录失败"),
            ("会议室无线网络连不上", "无线网络"),
            ("会议室无线网络连不上", "办公区无线网络中断"),
            ("无线连不上", "办公区无线网络中断"),
            ("办公室无线连不上", "办公区无线网络中断"),
            ("WiFi 连不上", "办公区无线网络中断"),
            ("ＷｉＦｉ坏了", "办公区无线网络中断"),
            ("会议室无线断开", "办公区无线网络中断"),
            ("行政楼三楼会议室无线断开", "教学楼二楼无线网连不上"),
            ("The wi-fi does not work", "Office wireless network outage"),
            ("笔记本的屏幕", "笔记本屏幕碎了"),
        ] {
            assert!(like(one, other) > 0.0, "{one} / {other}");
            assert!((like(one, other) - like(other, one)).abs() < 1e-9, "{one} / {other}");
        }
    }

    #[test]
    fn what_shares_only_words_that_are_said_of_everything_is_not() {
        for (one, other) in [
            ("打印机连不上", "电脑开机蓝屏"),
            ("打印机连不上", "办公区无线网络中断"),
            ("连不上", "办公区无线网络中断"),
            ("办公室灯坏了", "办公区无线网络中断"),
            ("the mail is not there", "the door is not open"),
            ("the scanner is down", "the lift is down"),
            ("shutdown", "the lift is down"),
            ("", "打印机"),
            ("坏", "坏"),
        ] {
            assert!(like(one, other) == 0.0, "{one} / {other}");
        }
    }

    #[test]
    fn what_few_say_counts_more() {
        let words = words();
        let texts: Vec<Pieces> = ["机房空调漏水", "机房门禁坏了"]
            .iter()
            .copied()
            .chain(std::iter::repeat_n("机房巡检", 60))
            .map(|text| words.pieces(text))
            .collect();
        let found = among(&words.pieces("机房空调"), &texts);
        let of = |at: usize| found.iter().find(|(it, _)| *it == at).map_or(0.0, |(_, likeness)| *likeness);
        assert!(of(0) > of(2), "{found:?}");
    }

    #[test]
    fn the_setting_is_held_to_words() {
        assert_eq!(check(&default()), []);
        let wrong = check(&json!({ "same": ["wifi, 无线", "wifi"], "common": [" , "] }));
        assert_eq!(wrong.iter().map(|it| it.pointer.as_str()).collect::<Vec<_>>(), ["/value/same/1", "/value/common/0"]);
    }
}
