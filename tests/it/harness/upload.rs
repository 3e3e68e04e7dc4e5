//! Uploads: `multipart/form-data` by hand.

use super::client::Call;

const BORDER: &str = "----a-border-that-no-test-file-contains";

/// A part of an upload.
pub struct Part<'a> {
    /// Name of the part.
    pub name: &'a str,
    /// Name of the file; none for a plain value.
    pub file: Option<&'a str>,
    /// Content.
    pub content: &'a [u8],
}

/// An upload of a file, with a visibility if given.
pub fn upload(path: &str, file: &str, content: &[u8], visibility: Option<&str>) -> Call {
    let mut parts = vec![Part { name: "file", file: Some(file), content }];
    if let Some(visibility) = visibility {
        parts.push(Part { name: "visibility", file: None, content: visibility.as_bytes() });
    }
    parts_of(path, &parts)
}

/// An upload of these parts.
pub fn parts_of(path: &str, parts: &[Part<'_>]) -> Call {
    let mut body = Vec::new();
    for part in parts {
        let file = part.file.map(|file| format!("; filename=\"{}\"", file.replace('"', "%22"))).unwrap_or_default();
        body.extend(format!("--{BORDER}\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\n\r\n", part.name).into_bytes());
        body.extend(part.content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BORDER}--\r\n").into_bytes());
    Call::new("POST", path).raw(&format!("multipart/form-data; boundary={BORDER}"), body)
}
