//! Just enough of Rust, TypeScript and SQL to tell names, string literals and comments apart.

/// A piece of source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its text; of a string literal what stands between the quotes.
    pub text: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// What a piece of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    /// A string literal.
    Text,
    /// One character of anything else; numbers and white space are left out.
    Mark,
}

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// TypeScript, with or without JSX.
    TypeScript,
    /// SQL, as in migrations.
    Sql,
}

impl Language {
    /// The language that a file's ending means.
    pub fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "rs" => Some(Self::Rust),
            "ts" | "tsx" => Some(Self::TypeScript),
            "sql" => Some(Self::Sql),
            _ => None,
        }
    }
}

/// Takes a source apart. Comments are left out.
pub fn lex(source: &str, language: Language) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1, language, tokens: Vec::new() };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.tokens
}

/// Leaves out what only tests are made of: items under `#[cfg(test)]`.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const HEAD: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].iter().take(HEAD.len()).map(|t| t.text.as_str());
        if here.eq(HEAD) {
            at = end_of_item(tokens, at + HEAD.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Where the item that begins here ends: after its `;` or its closing brace.
pub fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let (mut depth, mut at) = (0_usize, from);
    while let Some(token) = tokens.get(at) {
        at += 1;
        if token.kind != Kind::Mark {
            continue;
        }
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            ";" if depth == 0 => return at,
            _ => {}
        }
    }
    at
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    language: Language,
    tokens: Vec<Token>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn next(&mut self) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        c
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn step(&mut self) {
        let (c, after) = (self.peek(0), self.peek(1));
        match (self.language, c, after) {
            (_, c, _) if c.is_whitespace() => {
                self.next();
            }
            (Language::Sql, '-', '-') | (Language::Rust | Language::TypeScript, '/', '/') => self.skip_line(),
            (_, '/', '*') => self.skip_block(),
            (Language::Rust, 'r', '"' | '#') if self.is_raw(1) => self.raw(1),
            (Language::Rust, 'b' | 'c', 'r') if self.is_raw(2) => self.raw(2),
            (Language::Rust, 'b' | 'c', '"') => {
                self.next();
                self.quoted('"', true);
            }
            (Language::Rust, '\'', _) => self.char_or_lifetime(),
            (Language::TypeScript, '`', _) => self.template(),
            (Language::TypeScript, '/', _) if self.may_begin_regex() => self.regex(),
            (_, '"', _) => self.quoted('"', self.language == Language::Rust),
            (Language::TypeScript | Language::Sql, '\'', _) => self.quoted('\'', false),
            (_, c, _) if c.is_alphabetic() || c == '_' => self.name(),
            (_, c, _) if c.is_ascii_digit() => self.number(),
            _ => {
                let line = self.line;
                let text = self.next().to_string();
                self.tokens.push(Token { kind: Kind::Mark, text, line });
            }
        }
    }

    fn skip_line(&mut self) {
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            self.next();
        }
    }

    fn skip_block(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') if depth == 0 || self.language == Language::Rust => {
                    depth += 1;
                    self.next();
                }
                ('*', '/') => {
                    depth -= 1;
                    self.next();
                }
                _ => {}
            }
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    fn is_raw(&self, from: usize) -> bool {
        let hashes = (from..).take_while(|&n| self.peek(n) == '#').count();
        self.peek(from + hashes) == '"'
    }

    fn raw(&mut self, prefix: usize) {
        let line = self.line;
        self.skip(prefix);
        let hashes = (0..).take_while(|&n| self.peek(n) == '#').count();
        self.skip(hashes + 1);
        let mut text = String::new();
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|n| self.peek(n) == '#') {
                self.skip(hashes + 1);
                break;
            }
            text.push(self.next());
        }
        self.tokens.push(Token { kind: Kind::Text, text, line });
    }

    fn quoted(&mut self, quote: char, many_lines: bool) {
        let line = self.line;
        self.next();
        let mut text = String::new();
        while self.at < self.chars.len() {
            match self.peek(0) {
                c if c == quote => {
                    self.next();
                    break;
                }
                // A quote that was none (an apostrophe in JSX) does harm to its own line only.
                '\n' if !many_lines => break,
                '\\' if self.language != Language::Sql => {
                    text.push(self.next());
                    text.push(self.next());
                }
                _ => text.push(self.next()),
            }
        }
        self.tokens.push(Token { kind: Kind::Text, text, line });
    }

    fn char_or_lifetime(&mut self) {
        let lifetime = (self.peek(1).is_alphabetic() || self.peek(1) == '_') && self.peek(2) != '\'';
        if lifetime {
            self.next();
            return;
        }
        self.next();
        if self.next() == '\\' {
            self.next();
        }
        while self.at < self.chars.len() && self.next() != '\'' {}
    }

    /// A template literal; what stands in `${…}` is code.
    fn template(&mut self) {
        let line = self.line;
        self.next();
        let mut text = String::new();
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('`', _) => {
                    self.next();
                    break;
                }
                ('\\', _) => {
                    text.push(self.next());
                    text.push(self.next());
                }
                ('$', '{') => {
                    text.push_str("${}");
                    self.next();
                    self.next();
                    self.code_until_brace();
                }
                _ => text.push(self.next()),
            }
        }
        self.tokens.push(Token { kind: Kind::Text, text, line });
    }

    fn code_until_brace(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match self.peek(0) {
                '}' if depth == 0 => {
                    self.next();
                    return;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            self.step();
        }
    }

    fn may_begin_regex(&self) -> bool {
        match self.tokens.last() {
            None => true,
            Some(last) if last.kind == Kind::Mark => "(,=:[!&|?{};>".contains(&last.text) && self.peek(1) != '>',
            Some(last) => last.kind == Kind::Name && last.text == "return",
        }
    }

    fn regex(&mut self) {
        self.next();
        let mut class = false;
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            match self.next() {
                '\\' => self.skip(1),
                '[' => class = true,
                ']' => class = false,
                '/' if !class => break,
                _ => {}
            }
        }
    }

    fn name(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' || (self.peek(0) == '$' && self.language == Language::TypeScript) {
            text.push(self.next());
        }
        self.tokens.push(Token { kind: Kind::Name, text, line });
    }

    fn number(&mut self) {
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str, language: Language, kind: Kind) -> Vec<String> {
        lex(source, language).into_iter().filter(|token| token.kind == kind).map(|token| token.text).collect()
    }

    #[test]
    fn rust_strings_are_told_from_comments_chars_and_lifetimes() {
        let source = r####"
            // "not this" nor 'that'
            /* nested /* "nor this" */ still */
            fn f<'a>(x: &'a str) -> char { let _ = ("one\"", r#"two "quoted""#, b"three", 'c', '\'', '"'); 'x' }
        "####;
        assert_eq!(texts(source, Language::Rust, Kind::Text), ["one\\\"", "two \"quoted\"", "three"]);
    }

    #[test]
    fn typescript_templates_hold_code_and_regexes_hold_no_strings() {
        let source = "const a = `x ${b ? 'inner' : `deep ${c}`} y`; // 'no'\nconst r = /[\"'`]/; const s = \"end\"; const q = a / 2 / 'n';";
        let found = texts(source, Language::TypeScript, Kind::Text);
        assert_eq!(found, ["inner", "deep ${}", "x ${} y", "end", "n"]);
    }

    #[test]
    fn an_apostrophe_in_jsx_harms_its_own_line_only() {
        let source = "<p>don't</p>\nconst a = 'fine';";
        assert_eq!(texts(source, Language::TypeScript, Kind::Text), ["t</p>", "fine"]);
    }

    #[test]
    fn sql_comments_are_left_out_and_lines_are_counted() {
        let tokens = lex("-- a comment's text\nCREATE TABLE record (id);", Language::Sql);
        assert_eq!(tokens.first().map(|token| (token.text.as_str(), token.line)), Some(("CREATE", 2)));
    }

    #[test]
    fn items_under_cfg_test_are_left_out() {
        let source = "fn a() { \"kept\"; } #[cfg(test)] mod tests { fn b() { \"gone\"; } } #[cfg(test)] use x::y; fn c() { \"kept too\"; }";
        let kept = without_tests(&lex(source, Language::Rust));
        let kept: Vec<&str> = kept.iter().filter(|token| token.kind == Kind::Text).map(|token| token.text.as_str()).collect();
        assert_eq!(kept, ["kept", "kept too"]);
    }
}
