//! Nothing of the machine it was written on, and no address of anybody else's.
//!
//! Files name no folder of a developer's machine and no host but this one and the names reserved for examples (RFC 2606).
//! Names that only look like addresses (XML name spaces, schemas, the licence) stand in `xtask/hosts-allowed.txt` with their
//! reason. Lock files say what is installed, not where it came from.

use super::Finding;
use crate::repo::Repo;

const LIST: &str = "xtask/hosts-allowed.txt";

/// Beginnings of folders that exist on one machine only.
const FOLDERS: [&str; 4] = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!(":\\Us", "ers\\")];

/// Schemes after which a host stands.
const SCHEMES: [&str; 14] =
    ["http", "https", "ws", "wss", "ftp", "ssh", "git", "smtp", "smtps", "imap", "ldap", "ldaps", "postgres", "postgresql"];

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let allowed = allowed(&repo.need(LIST)?)?;
    let mut found = Vec::new();
    for path in repo.files() {
        let Some(text) = repo.text(path)? else { continue };
        match path.rsplit('/').next().unwrap_or(path) {
            "package-lock.json" => npm_lock(&mut found, path, &text)?,
            "Cargo.lock" => cargo_lock(&mut found, path, &text),
            ".npmrc" => settings(&mut found, path, &text, "registry="),
            "config.toml" => settings(&mut found, path, &text, "replace-with"),
            _ => lines(&mut found, path, &text, &allowed),
        }
    }
    Ok(found)
}

/// The list: a host and the reason why it may be named.
fn allowed(text: &str) -> Result<Vec<String>, String> {
    let mut hosts = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some(host), Some(_)) => hosts.push(host.to_owned()),
            _ => return Err(format!("{LIST}:{}: write '<host> <reason>'", n + 1)),
        }
    }
    Ok(hosts)
}

fn lines(found: &mut Vec<Finding>, path: &str, text: &str, allowed: &[String]) {
    for (n, line) in text.lines().enumerate() {
        for folder in FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
            found.push(Finding::new(path, n + 1, format!("'{folder}…' is a folder of one machine: write it relative to the repository")));
        }
        for host in hosts(line).filter(|host| !is_reserved(host) && !allowed.iter().any(|known| known == host)) {
            found.push(Finding::new(path, n + 1, format!("the host '{host}' is neither this machine nor an example; see {LIST}")));
        }
    }
}

/// Whether a line names something in the folder, not merely a longer path that contains its name.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "./-_$}*".contains(c)) || folder.starts_with(':')
    })
}

/// The hosts of all addresses in a line; parts that a program fills in are no hosts.
fn hosts(line: &str) -> impl Iterator<Item = String> + '_ {
    line.match_indices("://").filter_map(|(at, mark)| {
        let scheme: String =
            line[..at].chars().rev().take_while(char::is_ascii_alphanumeric).collect::<Vec<_>>().into_iter().rev().collect();
        if !SCHEMES.contains(&scheme.as_str()) {
            return None;
        }
        let rest = &line[at + mark.len()..];
        // Punctuation of any script ends an address; '…' stands for a part that is left out.
        let ends = |c: char| c.is_whitespace() || "/?#\"'`<>|,;)(}{\\".contains(c) || !(c.is_ascii() || c == '…');
        let end = rest.find(ends).unwrap_or(rest.len());
        let authority = rest[..end].rsplit('@').next().unwrap_or_default();
        let host = if authority.starts_with('[') { authority.split_inclusive(']').next() } else { authority.split(':').next() };
        let host = host.unwrap_or_default().trim_end_matches(['.', '*']).to_ascii_lowercase();
        let real = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        real.then_some(host)
    })
}

/// This machine, and names that belong to nobody.
fn is_reserved(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let loopback = host.starts_with("127.") || matches!(host, "localhost" | "0.0.0.0" | "[::1]" | "[::]");
    let example = matches!(last, "example" | "invalid" | "test" | "localhost")
        || ["example.com", "example.org", "example.net"].iter().any(|known| host == *known || host.ends_with(&format!(".{known}")));
    loopback || example
}

fn npm_lock(found: &mut Vec<Finding>, path: &str, text: &str) -> Result<(), String> {
    let lock: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("{path}: {error}"))?;
    let packages = lock.get("packages").and_then(|v| v.as_object()).ok_or_else(|| format!("{path} has no packages"))?;
    let fetched = packages.iter().filter(|(_, package)| package.get("resolved").is_some());
    found.extend(fetched.map(|(name, _)| {
        Finding::new(
            path,
            1,
            format!("{name} says where it came from: set omit-lockfile-registry-resolved in web/.npmrc and install again"),
        )
    }));
    Ok(())
}

fn cargo_lock(found: &mut Vec<Finding>, path: &str, text: &str) {
    const INDEX: &str = concat!("source = \"registry+https", "://github.com/rust-lang/crates.io-index\"");
    for (n, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("source = ") && *line != INDEX) {
        found.push(Finding::new(path, n + 1, format!("{line}: crates come from the common index only")));
    }
}

fn settings(found: &mut Vec<Finding>, path: &str, text: &str, word: &str) {
    for (n, line) in text.lines().enumerate().filter(|(_, line)| line.replace(' ', "").contains(word)) {
        found.push(Finding::new(path, n + 1, format!("{line}: which mirror to use is a matter of the machine, not of the repository")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_hosts_of_others_are_found() {
        let found: Vec<String> =
            hosts(concat!("see https", "://Some.Host.cn/x, http://127.0.0.1:8080 and http://${host}/ or {scheme}://x")).collect();
        assert_eq!(found, ["some.host.cn", "127.0.0.1"]);
        assert_eq!(hosts("postgres://user:…@db.example:5432/y").collect::<Vec<_>>(), ["db.example"]);
        assert_eq!(hosts("https://…").count(), 0);
        assert_eq!(hosts("见（https://a.example）").collect::<Vec<_>>(), ["a.example"]);
        assert_eq!(hosts("sqlite://PATH").count(), 0);
        for host in ["127.0.0.1", "localhost", "[::1]", "mail.example", "www.example.com", "demo.invalid"] {
            assert!(is_reserved(host), "{host}");
        }
        assert!(!is_reserved("some.host.cn"));
    }

    #[test]
    fn folders_of_a_machine_are_told_from_parts_of_a_path() {
        let home = concat!("/ho", "me/");
        assert!(names_folder(&format!("cd {home}somebody/yuheng"), home));
        assert!(!names_folder(&format!("import './pages{home}page'"), home));
    }
}
