//! Names as the words they are made of.

/// The words of a name or a text, in lower case: `RecordBody`, `record_body`, `record-body` and `record body` are the same two.
pub fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (n, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = n.checked_sub(1).and_then(|n| chars.get(n)).copied().unwrap_or(' ');
        let after = chars.get(n + 1).copied().unwrap_or(' ');
        let begins =
            c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit() || (before.is_uppercase() && after.is_lowercase()));
        if begins {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether these words hold the wanted ones side by side, the last one perhaps in the plural.
pub fn hold(words: &[String], wanted: &[String]) -> bool {
    !wanted.is_empty() && words.windows(wanted.len()).any(|part| same(part, wanted))
}

/// Whether these words are the wanted ones and nothing else, the last one perhaps in the plural.
pub fn same(words: &[String], wanted: &[String]) -> bool {
    let Some((last, rest)) = wanted.split_last() else { return false };
    match words.split_last() {
        Some((end, begin)) => begin == rest && (end == last || end.strip_suffix('s') == Some(last)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn names_of_all_styles_split_alike() {
        for text in ["ServiceRequestList", "service_request_list", "service-request/list", "SERVICE_REQUEST_LIST"] {
            assert_eq!(split(text), ["service", "request", "list"], "{text}");
        }
        assert_eq!(split("HTTPServer2Go"), ["http", "server2", "go"]);
    }

    #[test]
    fn a_key_is_found_in_the_singular_and_the_plural() {
        let key = of(&["service", "request"]);
        assert!(hold(&split("open ServiceRequests now"), &key));
        assert!(!hold(&split("request a service"), &key));
        assert!(same(&split("service-requests"), &key));
        assert!(!same(&split("my service request"), &key));
    }
}
