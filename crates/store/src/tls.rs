//! Encryption on the way to PostgreSQL, as the address asks for it: `sslmode=require`, or `sslmode=verify-full` with
//! `sslrootcert=FILE`.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::StoreError;

/// An address as the driver understands it, and how its connections are encrypted.
pub(crate) struct Route {
    pub url: String,
    /// None where the address does not ask for encryption.
    pub tls: Option<MakeRustlsConnect>,
}

/// Takes apart what an address says about encryption.
pub(crate) fn route(url: &str) -> Result<Route, StoreError> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut kept, mut mode, mut roots) = (Vec::new(), None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => roots = Some(decoded(value)?),
            _ => kept.push(pair),
        }
    }
    let wrong = |why: &str| Err(StoreError::Address(why.to_owned()));
    let tls = match (mode, roots) {
        (None | Some("disable" | "prefer"), None) => None,
        (Some("require"), None) => Some(client(trusting_anybody()?)),
        (Some("verify-full"), Some(file)) => Some(client(trusting(Path::new(&file))?)),
        (Some("verify-full"), None) => {
            return wrong("sslmode=verify-full needs sslrootcert=FILE, the certificate that vouches for the server");
        }
        (Some("disable" | "prefer" | "require") | None, Some(_)) => return wrong("sslrootcert goes with sslmode=verify-full"),
        (Some(_), _) => return wrong("sslmode is one of disable, prefer, require and verify-full"),
    };
    let sslmode = if tls.is_some() { "require" } else { "disable" };
    kept.push(if sslmode == "require" { "sslmode=require" } else { "sslmode=disable" });
    Ok(Route { url: format!("{base}?{}", kept.join("&")), tls })
}

/// A value of the address without its `%2F`.
fn decoded(value: &str) -> Result<String, StoreError> {
    let wrong = || StoreError::Address(format!("sslrootcert={value} is no file name"));
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.as_bytes());
    while let [first, tail @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = tail;
            continue;
        }
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        bytes.push(digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(wrong)?);
        rest = tail.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn client(config: ClientConfig) -> MakeRustlsConnect {
    MakeRustlsConnect::new(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn unusable(error: &rustls::Error) -> StoreError {
    StoreError::Address(format!("encryption: {error}"))
}

/// The server's certificate must be vouched for by one of the file, and be for its name.
fn trusting(file: &Path) -> Result<ClientConfig, StoreError> {
    let wrong = |why: String| StoreError::Address(format!("sslrootcert {}: {why}", file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| wrong(error.to_string()))? {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("no certificate is in it: it must be PEM".to_owned()));
    }
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    Ok(builder.map_err(|error| unusable(&error))?.with_root_certificates(roots).with_no_client_auth())
}

/// Encrypted, whoever answers: what `require` means everywhere.
fn trusting_anybody() -> Result<ClientConfig, StoreError> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| unusable(&error))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider()))).with_no_client_auth())
}

#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
