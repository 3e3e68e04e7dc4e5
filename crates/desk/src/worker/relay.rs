//! A mail server that takes messages: one connection for a round, and an answer that tells a refusal from not knowing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

/// Longest time to reach the server.
const REACHING: Duration = Duration::from_secs(20);

/// Why nobody can say that a message has left.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It has not: it can be sent again.
    NotSent(String),
    /// The server had it all, or nearly, and did not say what became of it.
    Unknown(String),
}

/// The server, and the connection to it while there is one.
pub(super) struct Relay {
    host: String,
    port: u16,
    credentials: Option<Credentials>,
    connection: Option<AsyncSmtpConnection>,
}

impl Relay {
    /// A server to which nothing was sent yet.
    pub fn new(host: String, port: u16, credentials: Option<Credentials>) -> Self {
        Self { host, port, credentials, connection: None }
    }

    /// Hands a message over, within `patience`.
    pub async fn send(&mut self, message: &Message, patience: Duration) -> Result<(), Failure> {
        let handing_over = AtomicBool::new(false);
        let why = match tokio::time::timeout(patience, self.hand_over(message, &handing_over)).await {
            Ok(Ok(connection)) => {
                self.connection = Some(connection);
                return Ok(());
            }
            // An answer is an answer, also to the whole of it.
            Ok(Err(error)) if error.is_permanent() || error.is_transient() => return Err(Failure::NotSent(error.to_string())),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("the mail server took more than {} s", patience.as_secs()),
        };
        Err(if handing_over.load(Ordering::Relaxed) { Failure::Unknown(why) } else { Failure::NotSent(why) })
    }

    /// Gives the connection back when all went well; else it is closed, with whatever was half said on it.
    async fn hand_over(&mut self, message: &Message, handing_over: &AtomicBool) -> Result<AsyncSmtpConnection, Error> {
        let mut connection = self.connect().await?;
        let envelope = message.envelope();
        let wide = needs_wide(envelope) && connection.server_info().supports_feature(Extension::SmtpUtfEight);
        let parameters = if wide { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
        connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
        for to in envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
        }
        connection.command(Data).await?;
        handing_over.store(true, Ordering::Relaxed);
        connection.message(&message.formatted()).await?;
        Ok(connection)
    }

    async fn connect(&mut self) -> Result<AsyncSmtpConnection, Error> {
        if let Some(mut connection) = self.connection.take()
            && connection.test_connected().await
        {
            return Ok(connection);
        }
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(REACHING), &ClientId::default(), None, None).await?;
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    /// Says goodbye; a server that is gone needs none.
    pub async fn close(mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
        }
    }
}

/// Whether an address needs more than ASCII. A server that takes no such address refuses it when it is named.
fn needs_wide(envelope: &Envelope) -> bool {
    envelope.to().iter().chain(envelope.from()).any(|address| !address.to_string().is_ascii())
}

#[cfg(test)]
mod tests;
