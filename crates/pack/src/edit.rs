//! Changes of a pack's files that leave all else as its author wrote it, comments included.

/// `pack.yaml` with another version; `None` where the version does not stand on a line of its own.
pub fn with_version(manifest: &str, version: u32) -> Option<String> {
    let mut found = false;
    let lines = manifest.split_inclusive('\n').map(|line| {
        let is_it = !found && line.strip_prefix("version:").is_some_and(|rest| rest.starts_with([' ', '\t']));
        if !is_it {
            return line.to_owned();
        }
        found = true;
        let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
        let comment = line.find(" #").map_or("", |at| line[at..].trim_end());
        format!("version: {version}{comment}{end}")
    });
    let text: String = lines.collect();
    found.then_some(text)
}

/// A file of cases in which the one that begins on `line` (counted from 1) is left out for this reason; `None` where no item of a
/// list begins there.
pub fn with_skip(cases: &str, line: u32, reason: &str) -> Option<String> {
    let at = usize::try_from(line).ok()?.checked_sub(1)?;
    let mut lines: Vec<String> = cases.split_inclusive('\n').map(str::to_owned).collect();
    let begin = lines.get(at)?.clone();
    let indent = begin.len() - begin.trim_start_matches(' ').len();
    let dash = begin[indent..].strip_prefix("- ")?;
    let rest = dash.trim_start_matches(' ');
    // A map in braces cannot take a line of its own.
    if rest.starts_with(['{', '[']) {
        return None;
    }
    // The keys of an item stand below its first one.
    let (before, blanks) = (&begin[..begin.len() - rest.len()], " ".repeat(begin.len() - rest.len()));
    // JSON's text is YAML's too.
    let reason = serde_json::Value::from(reason);
    lines[at] = format!("{before}skip: {reason}\n{blanks}{rest}");
    Some(lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_raised_where_it_stands() {
        let before = "# Faults.\nkey: fault\nversion: 2 # since spring\nnumbering: { version: 3 }\n";
        let after = "# Faults.\nkey: fault\nversion: 7 # since spring\nnumbering: { version: 3 }\n";
        assert_eq!(with_version(before, 7).as_deref(), Some(after));
        assert_eq!(with_version("key: fault\n", 7), None);
        assert_eq!(with_version("versions: 1\n", 7), None);
    }

    #[test]
    fn a_case_is_left_out_where_it_stands() {
        let before = "# Tiers.\n\n- name: one\n  do: []\n- name: two\n  do: []\n";
        let after = "# Tiers.\n\n- name: one\n  do: []\n- skip: \"said \\\"so\\\"\"\n  name: two\n  do: []\n";
        assert_eq!(with_skip(before, 5, "said \"so\"").as_deref(), Some(after));
        assert_eq!(with_skip(before, 6, "x"), None);
        assert_eq!(with_skip("-   name: one\n    do: []\n", 1, "x").as_deref(), Some("-   skip: \"x\"\n    name: one\n    do: []\n"));
        assert_eq!(with_skip("- { name: one }\n", 1, "x"), None);
        assert_eq!(with_skip(before, 0, "x"), None);
    }
}
