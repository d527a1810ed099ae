//! The doors of the program: TCP listeners, who may hold how many connections, TLS, and HTTP/1.1 over it.
//!
//! Pages and ICE-TCP media arrive on the same port and are told apart by their first bytes (RFC 4571 framing
//! around a STUN message, RFC 8489 section 5, against an HTTP request or a TLS ClientHello). Refuses whoever
//! is slow on purpose: each step of a connection has its time, and one address has its share of the seats.
//! Media over TCP are counted by the media server, which has a bound of its own.

pub mod acme;
mod forwarded;
mod pace;
mod seats;
#[cfg(test)]
mod tests;
pub mod tls;

pub use seats::{Limits, Seats};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use media::Sfu;
use pace::{PacedPieces, PacedStream};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// What the doors lead to. It can change while they are open: from the sealed page to the house.
pub struct Stage {
    house: RwLock<(Router, Option<Sfu>)>,
}

/// How this program's doors are kept. Cheap to clone.
#[derive(Clone)]
pub struct Doors {
    pub stage: Arc<Stage>,
    pub seats: Arc<Seats>,
    pub tls: Option<Arc<tls::Tls>>,
    /// Proxies in front: nobody else is listened to, and they say whom they speak for.
    pub proxies: Arc<[IpAddr]>,
}

impl Stage {
    pub fn new(router: Router) -> Arc<Stage> {
        Arc::new(Stage { house: RwLock::new((router, None)) })
    }

    pub fn put(&self, router: Router, sfu: Sfu) {
        *self.house.write().unwrap_or_else(PoisonError::into_inner) = (router, Some(sfu));
    }

    fn router(&self) -> Router {
        self.house.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn sfu(&self) -> Option<Sfu> {
        self.house.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl Doors {
    /// Without TLS and without a proxy, for this machine alone.
    pub fn plain(stage: Arc<Stage>, limits: Limits) -> Doors {
        Doors { stage, seats: Seats::new(limits), tls: None, proxies: Arc::new([]) }
    }

    /// Accepts until the task is dropped.
    pub async fn serve(self, listener: TcpListener) {
        loop {
            let place = self.seats.place().await;
            let (stream, from) = match listener.accept().await {
                Ok(accepted) => accepted,
                // Out of file descriptors, most likely: wait for some to come back.
                Err(_) => {
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let proxied = self.proxies.contains(&from.ip().to_canonical());
            if !self.proxies.is_empty() && !proxied {
                continue;
            }
            // A proxy speaks for everybody, so its address has no share of its own.
            let seat =
                if proxied { Some(self.seats.shared(place)) } else { self.seats.sit(place, from.ip()) };
            let Some(seat) = seat else { continue };
            let doors = self.clone();
            tokio::spawn(async move {
                doors.receive(stream, from, seat).await;
            });
        }
    }

    async fn receive(self, stream: TcpStream, from: SocketAddr, seat: seats::Seat) {
        // Small messages of a live visit must not wait for each other; without this they are only slower.
        let _ = stream.set_nodelay(true);
        match tokio::time::timeout(FIRST_BYTES_WITHIN, look(&stream)).await {
            Ok(Some(true)) => {
                let Some(sfu) = self.stage.sfu() else { return };
                if let Err(refused) = sfu.accept_tcp(stream, &[]) {
                    tracing::warn!(%refused, "a media connection over TCP was closed");
                }
            }
            Ok(Some(false)) => match self.tls.clone() {
                None => self.answer(stream, from, seat).await,
                // Plain HTTP on the port of TLS fails here, unanswered.
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                        self.answer(stream, from, seat).await;
                    }
                }
            },
            // Silent or gone: nobody is owed an answer.
            Ok(None) | Err(_) => {}
        }
    }

    async fn answer<S>(&self, stream: S, from: SocketAddr, seat: seats::Seat)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let router = self.stage.router();
            let from = forwarded::caller(from, request.headers(), &self.proxies);
            let mut request: Request = request.map(|body| Body::from_stream(PacedPieces::new(body)));
            request.extensions_mut().insert(ConnectInfo(from));
            router.oneshot(request)
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_WITHIN)
            .max_buf_size(HEADER_MAX_BYTES)
            .serve_connection(TokioIo::new(PacedStream::new(stream, seat)), service)
            .with_upgrades();
        // A connection that broke off is the network's doing or the caller's, and says nothing new.
        let _ = served.await;
    }
}

/// Hands every connection to the media server: the port of its own that a practice behind a proxy has.
pub async fn media_alone(listener: TcpListener, doors: Doors) {
    loop {
        let place = doors.seats.place().await;
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Some(seat) = doors.seats.sit(place, from.ip()) else { continue };
        let stage = doors.stage.clone();
        tokio::spawn(async move {
            let looked = tokio::time::timeout(FIRST_BYTES_WITHIN, look(&stream)).await;
            if let (Ok(Some(true)), Some(sfu)) = (looked, stage.sfu()) {
                let _ = sfu.accept_tcp(stream, &[]);
            }
            drop(seat);
        });
    }
}

/// `Some(true)` for media, `Some(false)` for pages, `None` when the peer closed.
async fn look(stream: &TcpStream) -> Option<bool> {
    let mut first = [0; FIRST_BYTES];
    loop {
        let seen = stream.peek(&mut first).await.ok()?;
        if seen == 0 {
            return None;
        }
        if let Some(is_media) = media::looks_like_ice_tcp(&first[..seen]) {
            return Some(is_media);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Enough to see the framed STUN header.
const FIRST_BYTES: usize = 16;
/// Browsers open spare connections and keep them silent for a while; ten seconds bounds the idle ones.
const FIRST_BYTES_WITHIN: Duration = Duration::from_secs(10);
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// From the first moment of waiting for a request to the end of its header; also how long an idle connection
/// is kept. Shorter, and a slow phone does not get through.
const HEADER_WITHIN: Duration = Duration::from_secs(10);
const HEADER_MAX_BYTES: usize = 16 * 1024;
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
