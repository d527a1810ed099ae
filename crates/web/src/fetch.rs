//! A question to another server: one request, one connection, one bounded answer, over HTTP/1.1 and TLS.
//!
//! Owns every request that this program makes by itself: a page that is compared, a sign-in provider, a
//! certificate authority. Follows nothing and keeps nothing: no redirect, no cookie, no cache. Refuses plain
//! HTTP to any machine but this one.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// The server that is asked.
pub struct Server {
    origin: String,
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Server {
    /// Takes the origin of `url`; whatever stands behind it is left out.
    pub fn at(url: &str, ca: Option<&Path>) -> Result<Server, String> {
        let Named { scheme, host, bare, port } = named(url)?;
        let (usual, tls) = if scheme == "https" { (443, Some(tls_to(&bare, ca)?)) } else { (80, None) };
        let port = port.unwrap_or(usual);
        let shown = if port == usual { String::new() } else { format!(":{port}") };
        Ok(Server { origin: format!("{scheme}://{host}{shown}"), host: bare, port, tls })
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `request` has a path alone, without scheme and host. The error is a sentence for the operator.
    pub async fn send(&self, request: Request<Body>) -> Result<Answer, String> {
        let path = request.uri().path().to_owned();
        let asked = tokio::time::timeout(ANSWER_WITHIN, self.ask(request)).await;
        let answer = asked.unwrap_or_else(|_| Err(format!("no whole answer within {ANSWER_WITHIN:?}")));
        answer.map_err(|why| format!("{}{path}: {why}", self.origin))
    }

    async fn ask(&self, request: Request<Body>) -> Result<Answer, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(in_words)?;
        match &self.tls {
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await.map_err(in_words)?;
                self.exchange(stream, request).await
            }
            None => self.exchange(stream, request).await,
        }
    }

    async fn exchange<S>(&self, stream: S, mut request: Request<Body>) -> Result<Answer, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(in_words)?;
        let (_, host) = self.origin.split_once("://").unwrap_or_default();
        let host = HeaderValue::from_str(host).map_err(in_words)?;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        let asking = async {
            let answer = sender.send_request(request).await.map_err(in_words)?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, BODY_MAX_BYTES).collect().await.map_err(|why| why.to_string())?;
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes().into() })
        };
        tokio::pin!(asking);
        tokio::select! {
            biased;
            answer = &mut asking => answer,
            // The connection ends by itself after the last byte; what it has read is still to be handed over.
            _ = connection => asking.await,
        }
    }
}

/// Whether this program may ask `url`, or send a browser there: by https, or by http on this machine alone.
pub fn check(url: &str) -> Result<(), String> {
    named(url).map(|_| ())
}

struct Named {
    scheme: String,
    host: String,
    /// Without the brackets of an IPv6 address.
    bare: String,
    port: Option<u16>,
}

fn named(url: &str) -> Result<Named, String> {
    let uri: Uri = url.parse().map_err(|_| format!("{url} is no address: write https://HOST"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(format!("{url} is no whole address: write https://HOST"));
    };
    let host = authority.host().to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    match scheme {
        "https" => {}
        "http" if ["localhost", "127.0.0.1", "::1"].contains(&bare.as_str()) => {}
        "http" => return Err("over http anybody on the way can change the answer: write https://".into()),
        other => return Err(format!("{other}:// is not for this: write https://HOST")),
    }
    Ok(Named { scheme: scheme.to_owned(), host, bare, port: authority.port_u16() })
}

fn tls_to(host: &str, ca: Option<&Path>) -> Result<(TlsConnector, ServerName<'static>), String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no host name"))?;
    let mut roots = RootCertStore::empty();
    let found: Vec<CertificateDer<'static>> = match ca {
        Some(file) => CertificateDer::pem_file_iter(file)
            .and_then(Iterator::collect)
            .map_err(|why| format!("{}: {why}", file.display()))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let (added, _) = roots.add_parsable_certificates(found);
    if added == 0 {
        return Err("no certificate authority to trust was found: name the file of one".into());
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(in_words)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), name))
}

fn in_words(why: impl std::fmt::Display) -> String {
    why.to_string()
}

const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// The largest answer that anything here waits for has 0.2 MB.
const BODY_MAX_BYTES: usize = 4 * 1024 * 1024;
