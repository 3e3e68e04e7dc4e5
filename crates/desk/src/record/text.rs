//! Texts of people: what cannot be seen is none; and as one line, where they are printed as such.

/// Characters that turn the direction of what follows: a name that shows itself backwards.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that have no width and, alone, show nothing.
fn has_no_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' | '\u{180e}' | '\u{3164}') || turns(c)
}

/// Whether nobody would see anything of it.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || has_no_width(c))
}

/// The text as one line: breaks and other control characters become spaces, what turns its direction goes.
pub fn one_line(text: &str) -> String {
    let spaced = text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    spaced.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for text in ["", "  \n", "\u{200b}", "\u{feff} \u{202e}", "\u{7}"] {
            assert!(is_blank(text), "{text:?}");
        }
        assert!(!is_blank("a\u{200b}") && !is_blank("打印机"));
    }

    #[test]
    fn a_line_is_one_line_in_its_own_direction() {
        assert_eq!(one_line("a\nb\u{7}c"), "a b c");
        assert_eq!(one_line("a\u{202e}txt.exe.txt"), "atxt.exe.txt");
        assert_eq!(one_line(" שלום 打印机 👨\u{200d}👩 "), "שלום 打印机 👨\u{200d}👩", "what joins letters stays");
    }
}
