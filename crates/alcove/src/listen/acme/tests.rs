//! Against Debian's `pebble`, an authority for tests, which really comes and looks.

use super::*;
use crate::listen::{Doors, Limits, Stage};
use axum::Router;
use axum::routing::get;
use keep::testing::TempFolder;
use rcgen::{BasicConstraints, CertifiedIssuer, IsCa};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vocabulary::DAY_MS;

const HOST: &str = "visits.example.test";

/// The authority and the names it looks up, as processes; both end with it.
struct Authority {
    folder: TempFolder,
    port: u16,
    management: u16,
    running: Vec<Child>,
}

impl Authority {
    /// `looks_at` is the port where it expects the practice.
    async fn open(looks_at: u16) -> Authority {
        let folder = TempFolder::new();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let root = KeyPair::generate().unwrap();
        let mut about = CertificateParams::new(Vec::new()).unwrap();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(about, root).unwrap();
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
        std::fs::write(at("root.pem"), pem("CERTIFICATE", root.der())).unwrap();
        std::fs::write(at("cert.pem"), pem("CERTIFICATE", own.der())).unwrap();
        std::fs::write(at("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
        let [port, management, dns, told] = free_ports();
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": at("cert.pem"), "privateKey": at("key.pem"),
            "httpPort": 1, "tlsPort": looks_at, "ocspResponderURL": "",
            "externalAccountBindingRequired": false, "domainBlocklist": ["blocked.example.test"],
        }});
        std::fs::write(at("pebble.json"), config.to_string()).unwrap();
        let names = run(
            "pebble-challtestsrv",
            &[
                "-dns01",
                &format!("127.0.0.1:{dns}"),
                "-management",
                &format!("127.0.0.1:{told}"),
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
            ],
        );
        let pebble =
            run("pebble", &["-config", &at("pebble.json"), "-dnsserver", &format!("127.0.0.1:{dns}")]);
        let authority = Authority { folder, port, management, running: vec![names, pebble] };
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, management)).await.is_ok() {
                return authority;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("pebble did not open");
    }

    fn own_root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    fn keeper(&self, host: &str, folder: &Path) -> Keeper {
        let terms = Acme {
            directory: format!("https://localhost:{}/dir", self.port),
            contact: Some("amara@example.org".into()),
            root: Some(self.own_root()),
        };
        let tls = Tls::awaiting(files(folder, host)).unwrap();
        Keeper { terms, host: host.into(), folder: folder.into(), tls }
    }

    /// The root of the certificates it gives.
    async fn gives(&self) -> CertificateDer<'static> {
        let address = format!("https://localhost:{}", self.management);
        let server = Server::at(&address, Some(&self.own_root())).unwrap();
        let answer = server.send(Request::get("/roots/0").body(Body::empty()).unwrap()).await.unwrap();
        CertificateDer::from_pem_slice(&answer.body).unwrap()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn run(program: &str, arguments: &[&str]) -> Child {
    Command::new(program)
        .args(arguments)
        // Without pauses, with a fresh look at each order, and no nonce refused by chance: the library takes
        // two refusals in a row (RFC 8555 section 6.5), after a third `Keeper::run` waits for its pause.
        .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_AUTHZREUSE", "0"), ("PEBBLE_WFE_NONCEREJECT", "0")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|why| panic!("{program}: {why}; `apt-get install pebble` brings it"))
}

fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

/// The serial number of the certificate that a browser trusting `root` is shown, with the page behind it.
async fn visit(at: SocketAddr, root: &CertificateDer<'static>) -> Result<Vec<u8>, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(at).await.map_err(in_words)?;
    let name = ServerName::try_from(HOST).unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(name, stream).await.map_err(in_words)?;
    let shown = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.map_err(in_words)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok();
    assert!(answer.ends_with("here"), "{answer}");
    Ok(shown)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_got_served_and_renewed_and_a_refusal_says_what_to_change() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let authority = Authority::open(address.port()).await;
    let data = TempFolder::new();
    let keeper = authority.keeper(HOST, data.path());
    let router = Router::new().route("/", get(async || "here"));
    let limits = Limits { connections: 50, per_address: 50 };
    let doors = Doors { tls: Some(keeper.tls.clone()), ..Doors::plain(Stage::new(router), limits) };
    tokio::spawn(doors.serve(listener));

    // Before the first: nobody is answered, in the clear or with a certificate of our own making.
    assert_eq!((keeper.tls.span(), due_in_ms(None, UnixMillis(0))), (None, 0));
    let root = authority.gives().await;
    assert!(visit(address, &root).await.is_err());

    keeper.renew().await.unwrap();
    let first = visit(address, &root).await.unwrap();
    let span = keeper.tls.span().unwrap();
    let now = SystemClock::default().now();
    assert!(span.from <= now && now.plus_ms(DAY_MS) < span.until, "{span:?}");
    let soon = |before_ms: i64| keeper.tls.ends_soon(span.until.plus_ms(-before_ms));
    assert_eq!((soon(14 * DAY_MS), soon(14 * DAY_MS - 1)), (None, Some(span.until)));
    for secret in ["acme.json", "certificate.pem"] {
        let mode = std::fs::metadata(data.path().join(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }

    // A restart finds it, and the same account gets the next; connections of before live on.
    let restarted = Keeper {
        tls: Tls::awaiting(files(data.path(), HOST)).unwrap(),
        ..authority.keeper(HOST, data.path())
    };
    assert!(restarted.tls.look_again().unwrap() && restarted.tls.span() == Some(span));
    let account = std::fs::read(data.path().join("acme.json")).unwrap();
    keeper.renew().await.unwrap();
    let second = visit(address, &root).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(std::fs::read(data.path().join("acme.json")).unwrap(), account);

    // Refused: the sentence says what to change, and the one in use stays.
    let elsewhere = TempFolder::new();
    let why = authority.keeper("blocked.example.test", elsewhere.path()).renew().await.unwrap_err();
    assert!(why.contains("gives nothing for blocked.example.test: check `origin`"), "{why}");
    // The authority comes to the doors of another: they show no answer to its question.
    let why = authority.keeper("other.example.test", elsewhere.path()).renew().await.unwrap_err();
    assert!(why.contains("its name must lead to this machine, and port 443"), "{why}");
    let lost = Keeper {
        terms: Acme { directory: "https://localhost:1/dir".into(), ..keeper.terms.clone() },
        ..authority.keeper(HOST, elsewhere.path())
    };
    assert!(lost.renew().await.unwrap_err().contains("directory https://localhost:1/dir"));
    assert_eq!(visit(address, &root).await.unwrap(), second);

    // An authority that was set up anew knows neither the account nor the order.
    drop(authority);
    let authority = Authority::open(address.port()).await;
    let moved = Keeper { tls: keeper.tls.clone(), ..authority.keeper(HOST, data.path()) };
    moved.renew().await.unwrap();
    assert!(visit(address, &authority.gives().await).await.is_ok());
}

#[test]
fn the_next_is_asked_for_in_time_and_a_refusal_doubles_the_pause() {
    let span = Span { from: UnixMillis(0), until: UnixMillis(90 * DAY_MS) };
    let due = |day: i64| due_in_ms(Some(span), UnixMillis(day * DAY_MS));
    assert_eq!((due(0), due(59), due(60), due(120)), (60 * DAY_MS, DAY_MS, 0, 0));
    let short = Span { from: UnixMillis(0), until: UnixMillis(6 * DAY_MS) };
    assert_eq!(due_in_ms(Some(short), UnixMillis(0)), 4 * DAY_MS, "certificates of six days");
    let minutes: Vec<i64> = (1..=10).map(|failures| pause_ms(failures) / MINUTE_MS).collect();
    assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 640, 720, 720]);
    assert_eq!(pause_ms(u32::MAX), 12 * HOUR_MS);
}
