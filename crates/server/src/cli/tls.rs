//! HTTPS without a proxy: connections are encrypted here, with a certificate and a key from files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Why certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM.
    #[error("{what} {path}: {why}")]
    File {
        /// `--tls-cert` or `--tls-key`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// They do not belong together, or are of a kind that is not supported.
    #[error("--tls-cert and --tls-key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
}

/// Reads a certificate chain, the server's own first, and its key, both PEM.
pub fn config(cert: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let wrong = |what, path: &Path, why: String| TlsError::File { what, path: path.to_owned(), why };
    let no_cert = |why: String| wrong("--tls-cert", cert, why);
    let chain = CertificateDer::pem_file_iter(cert).map_err(|error| no_cert(error.to_string()))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(|error| no_cert(error.to_string()))?;
    if chain.is_empty() {
        return Err(no_cert("no certificate is in it: it must be PEM".to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong("--tls-key", key, error.to_string()))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, secret)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
