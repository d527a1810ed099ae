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
use vocabulary::{DAY_MS, SECOND_MS, UnixMillis};

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

#[derive(Debug, Default)]
struct Shown {
    /// Nothing, until an authority has given the first certificate.
    now: RwLock<Option<(Arc<CertifiedKey>, Marks)>>,
    /// What an authority that asks whether this is the right machine is shown (RFC 8737).
    challenge: RwLock<Option<Arc<CertifiedKey>>>,
}

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: UnixMillis,
    pub until: UnixMillis,
}

/// The protocol by which an authority asks (RFC 8737 section 6.2).
const ACME_TLS: &[u8] = b"acme-tls/1";

/// What tells a file that was replaced.
type Marks = [(i64, i64, u64); 2];

impl Tls {
    pub fn open(files: Files) -> Result<Arc<Tls>, Failure> {
        let tls = Tls::awaiting(files)?;
        tls.look_again()?;
        Ok(tls)
    }

    /// With files that are not there yet: until they are, nobody gets an answer but the authority.
    pub fn awaiting(files: Files) -> Result<Arc<Tls>, Failure> {
        let shown = Arc::new(Shown::default());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Other(format!("TLS does not start: {error}")))?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec(), ACME_TLS.to_vec()];
        Ok(Arc::new(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), shown, files }))
    }

    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = self.acceptor.accept(stream).await?;
        // The handshake was the whole conversation (RFC 8737 section 3).
        if stream.get_ref().1.alpn_protocol() == Some(ACME_TLS) {
            return Err(std::io::ErrorKind::ConnectionAborted.into());
        }
        Ok(stream)
    }

    /// While an authority asks; `None` when it has.
    pub fn answer_challenge(&self, with: Option<Arc<CertifiedKey>>) {
        *self.shown.challenge.write().unwrap_or_else(PoisonError::into_inner) = with;
    }

    /// From when until when the certificate in use is good; `None` without one.
    pub fn span(&self) -> Option<Span> {
        let now = self.shown.now.read().unwrap_or_else(PoisonError::into_inner);
        let first = now.as_ref()?.0.cert.first()?.clone();
        let (_, read) = x509_parser::parse_x509_certificate(&first).ok()?;
        let at = |time: &x509_parser::time::ASN1Time| UnixMillis(time.timestamp().saturating_mul(SECOND_MS));
        let validity = &read.tbs_certificate.validity;
        Some(Span { from: at(&validity.not_before), until: at(&validity.not_after) })
    }

    /// When the certificate ends, once it should have been renewed long ago and somebody has to look.
    pub fn ends_soon(&self, now: UnixMillis) -> Option<UnixMillis> {
        let span = self.span()?;
        let life = span.until.since(span.from);
        (span.until.since(now) < (life / 6).min(14 * DAY_MS)).then_some(span.until)
    }

    /// Reads the files if they are others than those in use. `true` when another certificate is shown now.
    pub fn look_again(&self) -> Result<bool, Failure> {
        let marks = self.files.marks()?;
        let now = self.shown.now.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|it| it.1);
        if now == Some(marks) {
            return Ok(false);
        }
        let fresh = self.files.read()?;
        *self.shown.now.write().unwrap_or_else(PoisonError::into_inner) = Some((fresh, marks));
        Ok(true)
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().is_some_and(|mut offered| offered.any(|one| one == ACME_TLS)) {
            return self.challenge.read().unwrap_or_else(PoisonError::into_inner).clone();
        }
        self.now.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|it| it.0.clone())
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
