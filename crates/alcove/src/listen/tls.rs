//! TLS 1.2 and 1.3 (RFC 8446, SP 800-52r2) with a certificate from files that is read again when it changes.
//!
//! Refuses a key that everybody on the machine can read, a certificate that is not for the practice's own
//! name, and a key that does not belong to it. A changed file with such a fault changes nothing: the one in
//! use stays, and the log says why.

use crate::house::Failure;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A renewed certificate is in use after this, or at once after SIGHUP.
pub const LOOK_EVERY: Duration = Duration::from_secs(30);

pub struct Tls {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
    files: Files,
}

/// Where the certificate lies and whose it must be.
#[derive(Clone)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub host: String,
}

#[derive(Debug)]
struct Shown {
    now: RwLock<(Arc<CertifiedKey>, Marks)>,
}

/// What tells a file that was replaced.
type Marks = [(i64, i64, u64); 2];

impl Tls {
    pub fn open(files: Files) -> Result<Arc<Tls>, Failure> {
        let marks = files.marks()?;
        let shown = Arc::new(Shown { now: RwLock::new((files.read()?, marks)) });
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Other(format!("TLS does not start: {error}")))?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), shown, files }))
    }

    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }

    /// Reads the files if they are others than those in use. `true` when another certificate is shown now.
    pub fn look_again(&self) -> Result<bool, Failure> {
        let marks = self.files.marks()?;
        if self.shown.now.read().unwrap_or_else(PoisonError::into_inner).1 == marks {
            return Ok(false);
        }
        let fresh = self.files.read()?;
        *self.shown.now.write().unwrap_or_else(PoisonError::into_inner) = (fresh, marks);
        Ok(true)
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now.read().unwrap_or_else(PoisonError::into_inner).0.clone())
    }
}

impl Files {
    fn read(&self) -> Result<Arc<CertifiedKey>, Failure> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|error| Failure::Other(format!("no certificate in {certificate}: {error}")))?;
        let first = chain.first().ok_or(Failure::Other(format!("no certificate in {certificate}")))?;
        let name = ServerName::try_from(self.host.as_str());
        let name = name.map_err(|_| Failure::Other(format!("origin: `{}` is no host name", self.host)))?;
        ParsedCertificate::try_from(first).and_then(|parsed| verify_server_name(&parsed, &name)).map_err(
            |_| {
                Failure::Other(format!(
                    "the certificate in {certificate} is not for {}: get one for the host of `origin`, or \
                     change `origin`",
                    self.host
                ))
            },
        )?;
        if self.mode()? & 0o007 != 0 {
            return Err(Failure::Other(format!("everybody can read {key}: run `chmod o-rwx {key}`")));
        }
        let secret = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| Failure::Other(format!("no key in {key}: {error}")))?;
        let signing = aws_lc_rs::sign::any_supported_type(&secret)
            .map_err(|_| Failure::Other(format!("the key in {key} is of no kind that TLS takes")))?;
        let both = CertifiedKey::new(chain, signing);
        both.keys_match().map_err(|_| {
            Failure::Other(format!("the key in {key} is not the one of the certificate in {certificate}"))
        })?;
        Ok(Arc::new(both))
    }

    fn marks(&self) -> Result<Marks, Failure> {
        let mark = |path: &Path| {
            let about = std::fs::metadata(path)
                .map_err(Failure::system(format!("[tls] files: cannot read {}", path.display())))?;
            Ok::<_, Failure>((about.mtime(), about.mtime_nsec(), about.ino()))
        };
        Ok([mark(&self.certificate)?, mark(&self.key)?])
    }

    fn mode(&self) -> Result<u32, Failure> {
        let about = std::fs::metadata(&self.key);
        Ok(about.map_err(Failure::system(format!("cannot read {}", self.key.display())))?.mode())
    }
}
