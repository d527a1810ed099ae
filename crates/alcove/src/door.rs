//! The one TCP door: pages and ICE-TCP media arrive on the same port and are told apart by their first bytes
//! (RFC 4571 framing around a STUN message, RFC 8489 section 5, against the letters of an HTTP request).

use axum::serve::Listener;
use media::Sfu;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Accepts, looks at the first bytes, hands media to the SFU and yields the rest to axum.
pub struct Door {
    pages: mpsc::Receiver<(TcpStream, SocketAddr)>,
    local: SocketAddr,
}

impl Door {
    pub fn open(listener: TcpListener, sfu: Sfu) -> std::io::Result<Door> {
        let local = listener.local_addr()?;
        let (to_pages, pages) = mpsc::channel(PAGES_WAITING);
        tokio::spawn(accept(listener, sfu, to_pages));
        Ok(Door { pages, local })
    }
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        match self.pages.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.local)
    }
}

async fn accept(listener: TcpListener, sfu: Sfu, to_pages: mpsc::Sender<(TcpStream, SocketAddr)>) {
    let looking = std::sync::Arc::new(Semaphore::new(LOOKING_AT));
    loop {
        let Ok(permit) = looking.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, from)) => {
                tokio::spawn(sort(stream, from, sfu.clone(), to_pages.clone(), permit));
            }
            // Out of file descriptors, most likely: wait for some to come back.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn sort(
    stream: TcpStream,
    from: SocketAddr,
    sfu: Sfu,
    to_pages: mpsc::Sender<(TcpStream, SocketAddr)>,
    looking: OwnedSemaphorePermit,
) {
    match tokio::time::timeout(FIRST_BYTES_WITHIN, look(&stream)).await {
        Ok(Some(true)) => {
            if let Err(refused) = sfu.accept_tcp(stream, &[]) {
                tracing::warn!(%refused, "a media connection over TCP was closed");
            }
        }
        Ok(Some(false)) => drop(to_pages.send((stream, from)).await),
        // Silent or gone: nobody is owed an answer.
        Ok(None) | Err(_) => {}
    }
    drop(looking);
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
/// Connections whose first bytes we wait for. More than this and new ones queue in the kernel.
const LOOKING_AT: usize = 256;
/// Sorted connections that axum has not taken yet.
const PAGES_WAITING: usize = 64;
/// Browsers open spare connections and keep them silent for a while; ten seconds bounds the idle ones.
const FIRST_BYTES_WITHIN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
