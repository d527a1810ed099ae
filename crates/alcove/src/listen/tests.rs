//! Real sockets: slow callers are put out, one address cannot take every seat, and others are answered
//! meanwhile.

use super::tls::{Files, Tls};
use super::{Doors, Limits, Stage};
use axum::Router;
use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::response::Response;
use axum::routing::{get, post};
use keep::testing::TempFolder;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

const PER_ADDRESS: usize = 20;

fn router() -> Router {
    Router::new()
        .route("/", get(async || "here"))
        .route("/form", post(async |body: Result<Bytes, _>| if body.is_ok() { "whole" } else { "cut" }))
        .route("/live", get(live))
        .route("/large", get(async || vec![b'x'; 64 * 1024 * 1024]))
}

async fn live(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| while socket.recv().await.is_some_and(|said| said.is_ok()) {})
}

async fn opened(limits: Limits, tls: Option<Arc<Tls>>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let doors = Doors { tls, ..Doors::plain(Stage::new(router()), limits) };
    tokio::spawn(doors.serve(listener));
    address
}

const WIDE: Limits = Limits { connections: 500, per_address: 500 };
const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

async fn fetch(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(GET).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok();
    answer
}

/// How long until the other side has closed, and what it said.
async fn until_closed(mut stream: TcpStream, since: Instant) -> (Duration, String) {
    let mut said = Vec::new();
    tokio::time::timeout(Duration::from_secs(40), stream.read_to_end(&mut said)).await.unwrap().ok();
    (since.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

/// Headers that never end, bodies that trickle, connections that say nothing or stay idle: each is closed in
/// its time, and 200 of them keep nobody waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_callers_are_put_out_and_others_are_answered_meanwhile() {
    let address = opened(WIDE, None).await;
    let since = Instant::now();
    let mut slow = Vec::new();
    for at in 0..200 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head: &[u8] = match at % 4 {
            0 => b"GET / HTTP/1.1\r\nx-slow: ",
            1 => b"POST /form HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\na=",
            2 => b"",
            _ => b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        };
        stream.write_all(head).await.unwrap();
        slow.push((at, stream));
    }
    let mut worst = Duration::ZERO;
    for _ in 0..50 {
        let asked = Instant::now();
        assert!(fetch(address).await.ends_with("here"));
        worst = worst.max(asked.elapsed());
    }
    assert!(worst < Duration::from_secs(2), "{worst:?}");
    let trickle = tokio::spawn(trickled(address));
    for (at, stream) in slow {
        let (took, said) = until_closed(stream, since).await;
        assert!(took > Duration::from_secs(8) && took < Duration::from_secs(25), "{at}: {took:?}");
        match at % 4 {
            1 => assert!(said.ends_with("cut"), "{said}"),
            3 => assert!(said.ends_with("here"), "{said}"),
            _ => assert!(!said.contains("200"), "{said}"),
        }
    }
    trickle.await.unwrap();
}

/// A byte a second is no body: the header's time is over, and the pace is under 500 bytes a second.
async fn trickled(address: SocketAddr) {
    let since = Instant::now();
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    write.write_all(b"POST /form HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\n").await.unwrap();
    let sends = tokio::spawn(async move {
        while write.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut said = Vec::new();
    tokio::time::timeout(Duration::from_secs(30), read.read_to_end(&mut said)).await.unwrap().ok();
    assert!(since.elapsed() < Duration::from_secs(20));
    assert!(String::from_utf8_lossy(&said).ends_with("cut"));
    sends.abort();
}

#[tokio::test]
async fn one_address_has_its_share_and_gets_it_back() {
    let request = b"GET / HTTP/1.1\r\nhost: a\r\n";
    share(request, "").await;
}

#[tokio::test]
async fn a_websocket_goes_on_taking_its_seat() {
    let request = b"GET /live HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    share(request, "HTTP/1.1 101").await;
}

async fn share(request: &[u8], answered: &str) {
    let address = opened(Limits { connections: 100, per_address: PER_ADDRESS }, None).await;
    let mut held = Vec::new();
    for _ in 0..PER_ADDRESS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = vec![0; answered.len()];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), answered);
        held.push(stream);
    }
    assert_eq!(fetch(address).await, "", "closed without an answer");
    held.truncate(PER_ADDRESS - 1);
    // The seat comes back as soon as the program has seen the end.
    for _ in 0..100 {
        if fetch(address).await.ends_with("here") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the seat did not come back");
}

#[tokio::test]
async fn a_caller_who_takes_nothing_of_an_answer_is_put_out() {
    let address = opened(WIDE, None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(super::pace::STALLED_AFTER + Duration::from_secs(3)).await;
    let (_, said) = until_closed(stream, Instant::now()).await;
    assert!(said.len() < 64 * 1024 * 1024, "what was on its way, and no more");
}

#[tokio::test]
async fn headers_beyond_their_bound_are_refused() {
    let address = opened(WIDE, None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(40_000));
    stream.write_all(long.as_bytes()).await.ok();
    let (_, said) = until_closed(stream, Instant::now()).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

struct Paper {
    folder: TempFolder,
    files: Files,
}

impl Paper {
    fn new() -> Paper {
        let folder = TempFolder::new();
        let at = |name| folder.path().join(name);
        let files =
            Files { certificate: at("cert.pem"), key: at("key.pem"), host: "visits.example.org".into() };
        Paper { folder, files }
    }

    /// Writes another certificate for this name, as whoever renews it does: beside, then renamed.
    fn renew(&self, name: &str) -> rustls::pki_types::CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let put = |path: &std::path::Path, text: String| {
            let next = self.folder.path().join("next");
            std::fs::write(&next, text).unwrap();
            std::fs::set_permissions(&next, std::fs::Permissions::from_mode(0o600)).unwrap();
            std::fs::rename(next, path).unwrap();
        };
        put(&self.files.certificate, pem("CERTIFICATE", made.cert.der()));
        put(&self.files.key, pem("PRIVATE KEY", &made.signing_key.serialize_der()));
        made.cert.der().clone()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

async fn shakes(address: SocketAddr, trusted: &rustls::pki_types::CertificateDer<'static>) -> bool {
    client(trusted, &[&rustls::version::TLS13, &rustls::version::TLS12], address).await
}

async fn client(
    trusted: &rustls::pki_types::CertificateDer<'static>,
    versions: &[&'static rustls::SupportedProtocolVersion],
    address: SocketAddr,
) -> bool {
    said(trusted, versions, address, GET).await.is_some_and(|answer| answer.ends_with("here"))
}

async fn asks(
    trusted: &rustls::pki_types::CertificateDer<'static>,
    address: SocketAddr,
    ask: &str,
) -> String {
    said(trusted, &[&rustls::version::TLS13], address, ask.as_bytes()).await.unwrap()
}

async fn said(
    trusted: &rustls::pki_types::CertificateDer<'static>,
    versions: &[&'static rustls::SupportedProtocolVersion],
    address: SocketAddr,
    ask: &[u8],
) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("visits.example.org").unwrap();
    let mut stream = connector.connect(name, stream).await.ok()?;
    stream.write_all(ask).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// R23: TLS 1.2 and 1.3 alone, for pages and the socket alike; what comes in the clear or with TLS 1.1 gets
/// no answer, and every page says to come by TLS for a year (RFC 6797).
#[tokio::test]
async fn pages_come_by_tls_or_not_at_all() {
    let paper = Paper::new();
    let trusted = paper.renew("visits.example.org");
    let address = opened(WIDE, Some(Tls::open(paper.files.clone()).unwrap())).await;
    assert!(client(&trusted, &[&rustls::version::TLS13], address).await);
    assert!(client(&trusted, &[&rustls::version::TLS12], address).await);
    assert!(!fetch(address).await.contains("here"), "plain HTTP");
    // A ClientHello whose highest version is TLS 1.1 (RFC 4346), by hand: no library here makes one.
    let mut hello = vec![0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x14, 1, 0]);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&hello).await.unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.ok();
    assert_eq!(said.first(), Some(&0x15), "an alert, nothing else: {said:?}");
    assert_eq!(said.len(), 7);

    // The same doors in front of the whole house.
    let practice = crate::tests::Practice::open_at("https://visits.example.org").await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = Some(Tls::open(paper.files.clone()).unwrap());
    let doors = Doors { tls, ..Doors::plain(Stage::new(practice.router.clone()), WIDE) };
    tokio::spawn(doors.serve(listener));
    for path in ["/sign-in", "/ws", "/room/", "/healthz", "/portal"] {
        let upgrade = if path == "/ws" { "upgrade: websocket\r\n" } else { "" };
        let ask =
            format!("GET {path} HTTP/1.1\r\nhost: visits.example.org\r\n{upgrade}connection: close\r\n\r\n");
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(ask.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        plain.read_to_end(&mut said).await.ok();
        assert!(!said.starts_with(b"HTTP"), "{path} in the clear: {}", String::from_utf8_lossy(&said));
        let said = asks(&trusted, address, &ask).await.to_lowercase();
        assert!(said.starts_with("http/1.1 "), "{path}: {said}");
        assert!(said.contains("strict-transport-security: max-age=31536000"), "{path}: {said}");
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_and_a_wrong_one_is_not() {
    let paper = Paper::new();
    let first = paper.renew("visits.example.org");
    let tls = Tls::open(paper.files.clone()).unwrap();
    let address = opened(WIDE, Some(tls.clone())).await;
    assert!(shakes(address, &first).await && !tls.look_again().unwrap());
    let second = paper.renew("visits.example.org");
    assert!(tls.look_again().unwrap());
    assert!(shakes(address, &second).await && !shakes(address, &first).await);
    paper.renew("another.example.org");
    let why = tls.look_again().unwrap_err().to_string();
    assert!(why.contains("is not for visits.example.org"), "{why}");
    assert!(shakes(address, &second).await, "the one in use stays");
    paper.renew("visits.example.org");
    std::fs::set_permissions(&paper.files.key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(tls.look_again().unwrap_err().to_string().contains("chmod o-rwx"));
}
