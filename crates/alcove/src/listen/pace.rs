//! Bodies that must come at some pace, and answers that must be taken at all.

use super::seats::Seat;
use axum::body::Bytes;
use futures_util::Stream;
use http_body_util::{BodyDataStream, BodyExt};
use hyper::body::Incoming;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A body is given this long, and then must have brought this much for every second more.
const BODY_GRACE: Duration = Duration::from_secs(10);
const BODY_BYTES_PER_S: u64 = 500;
/// A caller that takes nothing of an answer for this long is gone.
pub const STALLED_AFTER: Duration = Duration::from_secs(30);

/// The pieces of a body; fails when the caller sends slower than a bad telephone line would.
pub struct PacedPieces {
    inner: BodyDataStream<Incoming>,
    came: u64,
    since: Instant,
    due: Pin<Box<Sleep>>,
}

impl PacedPieces {
    pub fn new(body: Incoming) -> PacedPieces {
        let since = Instant::now();
        let due = Box::pin(tokio::time::sleep_until(since + BODY_GRACE));
        PacedPieces { inner: body.into_data_stream(), came: 0, since, due }
    }
}

impl Stream for PacedPieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match Pin::new(&mut self.inner).poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.came += piece.len() as u64;
                let earned = Duration::from_secs(self.came / BODY_BYTES_PER_S);
                let due = self.since + BODY_GRACE + earned;
                self.due.as_mut().reset(due);
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(io::Error::other(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => match self.due.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into()))),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}

/// A stream whose writes fail once the other side has taken nothing for a while. It carries its seat with it:
/// a connection that became a WebSocket goes on taking one.
pub struct PacedStream<S> {
    inner: S,
    stalled: Option<Pin<Box<Sleep>>>,
    _seat: Seat,
}

impl<S> PacedStream<S> {
    pub fn new(inner: S, seat: Seat) -> PacedStream<S> {
        PacedStream { inner, stalled: None, _seat: seat }
    }

    fn watch<T>(&mut self, context: &mut Context<'_>, went: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if went.is_ready() {
            self.stalled = None;
            return went;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED_AFTER)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PacedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let went = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, went)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let went = Pin::new(&mut self.inner).poll_flush(context);
        self.watch(context, went)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let went = Pin::new(&mut self.inner).poll_shutdown(context);
        self.watch(context, went)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let went = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.watch(context, went)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
