//! A mail server that takes everything and keeps it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Recipient of the envelope.
    pub to: String,
    /// Headers and text as they came.
    pub text: String,
}

impl Mail {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{}:", name.to_lowercase());
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        head.lines().find(|line| line.to_lowercase().starts_with(&prefix)).map(|line| line[prefix.len()..].trim())
    }
}

impl Mail {
    /// The text as its reader sees it.
    pub fn body(&self) -> String {
        let body = self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let bytes = match self.header("content-transfer-encoding") {
            Some("base64") => base64(body),
            Some("quoted-printable") => quoted_printable(body),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for value in text.bytes().filter_map(|byte| alphabet.iter().position(|known| *known == byte)) {
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'=').then(|| tail.get(..2)).flatten().and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

/// How it behaves.
#[derive(Clone)]
struct Manner {
    answers: bool,
    /// What `AUTH PLAIN` must say before anything is taken.
    wants: Option<String>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { answers: true, wants: None }
    }
}

/// The server; it lives as long as the test run.
#[derive(Clone)]
pub struct MailServer {
    /// Where it listens.
    pub port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl MailServer {
    /// Starts it.
    pub fn start() -> Self {
        Self::start_as(Manner::default())
    }

    /// Starts one that takes everything and never says so.
    pub fn start_without_answers() -> Self {
        Self::start_as(Manner { answers: false, ..Manner::default() })
    }

    /// Starts one that takes nothing from whom it does not know.
    pub fn start_guarded(username: &str, password: &str) -> Self {
        Self::start_as(Manner { wants: Some(format!("\0{username}\0{password}")), ..Manner::default() })
    }

    fn start_as(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), taken: Arc::default() };
        let taken = Arc::clone(&server.taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (taken, manner) = (Arc::clone(&taken), manner.clone());
                // A sender that goes away in the middle is a sender's matter.
                std::thread::spawn(move || drop(talk(stream, &taken, &manner)));
            }
        });
        server
    }

    /// All mails that were taken so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }

    /// The mails to one address.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }
}

fn talk(mut stream: TcpStream, taken: &Mutex<Vec<Mail>>, manner: &Manner) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes());
    say("220 test")?;
    let mut to = String::new();
    let mut known = manner.wants.is_none();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let word = line.split([' ', '\r']).next().unwrap_or_default().to_uppercase();
        match word.as_str() {
            "EHLO" | "HELO" if manner.wants.is_some() => say("250-test\r\n250 AUTH PLAIN")?,
            "EHLO" | "HELO" => say("250 test")?,
            "AUTH" => {
                let said = base64(line.trim_end().rsplit(' ').next().unwrap_or_default());
                known = manner.wants.as_ref().is_some_and(|wanted| wanted.as_bytes() == said);
                say(if known { "235 welcome" } else { "535 who are you" })?;
            }
            "MAIL" if !known => say("530 who are you")?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                let text = text_of(&mut lines)?;
                taken.lock().unwrap().push(Mail { to: to.clone(), text });
                if !manner.answers {
                    return Ok(());
                }
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok")?,
        }
    }
}

fn text_of(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
