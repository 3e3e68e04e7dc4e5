//! A small HTTP/1.1 client: one connection, kept alive, one request at a time. Small, so that its own use of the
//! processor takes little from the server beside it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::who::Session;

/// A connection to the server.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    body: usize,
}

/// A request as bytes, ready to be sent.
#[derive(Clone)]
pub struct Request(pub Vec<u8>);

impl Request {
    /// A read.
    pub fn get(path: &str, session: &Session) -> Self {
        let cookie = &session.cookie;
        Self(
            format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: yuheng_session={cookie}\r\naccept: application/json\r\n\r\n")
                .into_bytes(),
        )
    }

    /// A write with a JSON body.
    pub fn post(path: &str, session: &Session, body: &serde_json::Value) -> Self {
        Self::write("POST", path, session, body)
    }

    /// A write in a place.
    pub fn put(path: &str, session: &Session, body: &serde_json::Value) -> Self {
        Self::write("PUT", path, session, body)
    }

    fn write(method: &str, path: &str, session: &Session, body: &serde_json::Value) -> Self {
        let (cookie, csrf, body) = (&session.cookie, &session.csrf, body.to_string());
        Self(
            format!(
                "{method} {path} HTTP/1.1\r\nhost: bench\r\ncookie: yuheng_session={cookie}\r\nx-csrf-token: {csrf}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        )
    }

    /// A read without a session.
    pub fn open(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes())
    }
}

impl Client {
    /// Connects.
    pub async fn connect(port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024), body: 0 })
    }

    /// Sends a request, reads the whole answer and gives its status.
    pub async fn send(&mut self, request: &Request) -> Outcome<u16> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let (status, length) = parse(&self.buffer[..head])?;
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        self.body = head;
        Ok(status)
    }

    async fn more(&mut self) -> Outcome<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body..]
    }

    /// Sends a request and reads the answer as JSON; other statuses than 2xx are errors.
    pub async fn json(&mut self, request: &Request) -> Outcome<serde_json::Value> {
        let status = self.send(request).await?;
        if !(200..300).contains(&status) {
            return Err(format!("{status}: {}", String::from_utf8_lossy(self.body())).into());
        }
        Ok(serde_json::from_slice(self.body())?)
    }
}

/// Status and length of the body.
fn parse(head: &[u8]) -> Outcome<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status line")?.parse()?;
    if status == 204 {
        return Ok((status, 0));
    }
    for line in lines {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok((status, value.trim().parse()?));
        }
    }
    Err(format!("an answer without content-length: {head}").into())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn status_and_length_are_read_from_the_head() {
        let head = b"HTTP/1.1 201 Created\r\netag: \"1\"\r\nContent-Length: 17\r\n\r\n";
        assert_eq!(parse(head).unwrap(), (201, 17));
    }
}
