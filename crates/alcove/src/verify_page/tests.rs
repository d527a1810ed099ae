//! A true practice is believed; one changed byte, header or name is not. Over real sockets.

use super::compare::{Report, whole_page};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use keep::testing::TempFolder;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use vocabulary::Principal;
use web::fetch::Server;

/// The pages of a practice at a free port of this machine, with `between` on the way to the visitor.
async fn practice_behind<F>(between: F) -> String
where
    F: Fn(&Uri, Response) -> BoxedAnswer + Clone + Send + Sync + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let router = pages_of(&origin).await.layer(middleware::from_fn(move |request: Request, next: Next| {
        let (between, uri) = (between.clone(), request.uri().clone());
        async move { between(&uri, next.run(request).await).await }
    }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

type BoxedAnswer = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

fn untouched(answer: Response) -> BoxedAnswer {
    Box::pin(async move { answer })
}

async fn pages_of(origin: &str) -> Router {
    let (keep, _) = keep::testing::keep(&[]).await;
    crate::demo::furnish::save_face(&keep, origin).await.unwrap();
    web::routes().into_router(web::testing::site(keep, Principal::Anonymous, &[]))
}

async fn looked_at(origin: &str) -> Report {
    whole_page(&Server::at(origin, None).unwrap()).await.unwrap()
}

fn words_about(report: &Report, path: &str) -> (&'static str, String) {
    let file = report.files.iter().find(|file| file.path == path).unwrap();
    (file.word, file.faults.join("; "))
}

#[tokio::test]
async fn the_page_of_this_program_is_the_published_one() {
    let origin = practice_behind(|_, answer| untouched(answer)).await;
    let report = looked_at(&format!("{origin}/day?x=1")).await;
    assert_eq!(report.findings(), []);
    assert!(report.is_the_published_page());
    assert_eq!(report.files.len(), web::room_page::files().len());
    assert!(super::table(&report).contains("This is the published page: "));
}

#[tokio::test]
async fn one_changed_byte_of_any_file_is_found() {
    for file in web::room_page::files() {
        let changed = file.path.clone();
        let origin = practice_behind(move |uri, answer| {
            let touch = uri.path() == changed;
            Box::pin(async move { if touch { with_one_byte_changed(answer).await } else { answer } })
        })
        .await;
        let report = looked_at(&origin).await;
        assert!(!report.is_the_published_page(), "{}", file.path);
        assert_eq!(words_about(&report, &file.path).0, "CHANGED");
        assert!(super::warning(&report).contains("Hold no visit"));
    }
}

async fn with_one_byte_changed(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    let mut bytes = to_bytes(body, 4_000_000).await.unwrap().to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    Response::from_parts(parts, Body::from(bytes))
}

#[tokio::test]
async fn a_page_that_differs_for_one_language_alone_is_found() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let spanish = |request: &Request| request.headers()["accept-language"].as_bytes().starts_with(b"es");
    let router = pages_of(&origin).await.layer(middleware::from_fn(move |request: Request, next: Next| {
        let touch = spanish(&request) && request.uri().path() == "/room/room.js";
        async move {
            let answer = next.run(request).await;
            if touch { with_one_byte_changed(answer).await } else { answer }
        }
    }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    assert_eq!(words_about(&looked_at(&origin).await, "/room/room.js").0, "CHANGED");
}

#[tokio::test]
async fn an_added_a_missing_and_an_empty_file_are_found() {
    let origin = practice_behind(|uri, answer| {
        let path = uri.path().to_owned();
        Box::pin(async move {
            match path.as_str() {
                "/room/" => with_another_script(answer).await,
                "/room/secrecy.js" => axum::http::StatusCode::NOT_FOUND.into_response(),
                _ => answer,
            }
        })
    })
    .await;
    let report = looked_at(&origin).await;
    assert_eq!(words_about(&report, "/room/").0, "CHANGED");
    assert_eq!(words_about(&report, "/room/more.js").0, "ADDED");
    assert_eq!(words_about(&report, "/room/secrecy.js").0, "MISSING");
    assert!(!report.is_the_published_page());
}

async fn with_another_script(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, 4_000_000).await.unwrap();
    let html = String::from_utf8_lossy(&bytes).replace("</head>", "<script src=\"more.js\"></script></head>");
    let (mut parts, body) = (parts, Body::from(html));
    parts.headers.remove("content-length");
    Response::from_parts(parts, body)
}

#[tokio::test]
async fn every_weakened_doubled_or_foreign_header_is_found() {
    let wanted = web::room_page::headers("http://localhost:1");
    for (name, _) in &wanted {
        let name = HeaderName::from_static(name);
        for weaken in [removed, doubled, loosened] {
            let name = name.clone();
            let origin = practice_behind(move |uri, mut answer| {
                if uri.path() == "/room/" {
                    weaken(&mut answer, &name);
                }
                untouched(answer)
            })
            .await;
            assert!(!looked_at(&origin).await.is_the_published_page(), "{wanted:?}");
        }
    }
    let origin = practice_behind(|_, mut answer| {
        answer.headers_mut().insert("link", HeaderValue::from_static("</x.js>; rel=modulepreload"));
        untouched(answer)
    })
    .await;
    assert!(words_about(&looked_at(&origin).await, "/room/").1.contains("the header link is none of ours"));
}

fn removed(answer: &mut Response, name: &HeaderName) {
    answer.headers_mut().remove(name);
}

fn doubled(answer: &mut Response, name: &HeaderName) {
    let value = answer.headers()[name].clone();
    answer.headers_mut().append(name, value);
}

fn loosened(answer: &mut Response, name: &HeaderName) {
    let value = answer.headers()[name].to_str().unwrap().to_owned();
    let looser = HeaderValue::from_str(&format!("{value} https://elsewhere.example")).unwrap();
    answer.headers_mut().insert(name, looser);
}

/// TLS with an authority of one's own: believed when it is named, refused when it is not.
#[tokio::test]
async fn over_tls_only_a_trusted_certificate_counts() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let folder = TempFolder::new();
    let file = folder.path().join("ca.pem");
    let text = base64::engine::general_purpose::STANDARD.encode(made.cert.der());
    std::fs::write(&file, format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"))
        .unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let router = pages_of(&origin).await;
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let pages = hyper_util::service::TowerToHyperService::new(router);
                let io = hyper_util::rt::TokioIo::new(stream);
                let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, pages).await;
            });
        }
    });
    let trusting = Server::at(&origin, Some(&file)).unwrap();
    let report = whole_page(&trusting).await.unwrap();
    assert_eq!(report.findings(), []);
    assert!(report.files.len() > 5);
    if let Ok(unknowing) = Server::at(&origin, None) {
        assert!(whole_page(&unknowing).await.err().unwrap().contains("certificate"));
    }
}

#[test]
fn an_address_that_anybody_on_the_way_could_change_is_refused() {
    let why = |url: &str| Server::at(url, None).err().unwrap();
    assert!(why("http://visits.example").contains("write https://"));
    assert!(why("visits.example").contains("https://HOST"));
    assert!(why("ftp://visits.example").contains("not for this"));
    assert_eq!(Server::at("http://LOCALHOST:80/room/", None).unwrap().origin(), "http://localhost");
}
