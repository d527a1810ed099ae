//! One person's WebSocket: the hello, the rate, the frames. Refuses other origins, whoever does not say hello
//! in time, and floods; what a message does is the visit's business.

use super::live::{Joined, Live};
use super::problem::Trouble;
use super::visit_task::REFUSED_IN_A_ROW;
use super::wire::{self, FromPage, Hello, ToPage};
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep_until, timeout};
use vocabulary::{IncidentId, UnixMillis};
use web::{Ctx, Failure, Words};

/// `GET /ws`. Who it is says the first message; until then nobody is anybody here.
pub async fn open(ctx: Ctx, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Result<Response, Failure> {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    if origin != Some(ctx.settings.face.origin.as_str()) {
        return Err(Failure::OtherSite);
    }
    let live = ctx.plugged::<Live>();
    let permit = live.socket_permit().ok_or(Failure::Busy)?;
    let page = Page { live: (*live).clone(), words: ctx.words, _permit: permit };
    Ok(upgrade
        .max_message_size(READ_MAX_BYTES)
        .max_frame_size(READ_MAX_BYTES)
        .max_write_buffer_size(WRITE_MAX_BYTES)
        .on_upgrade(|socket| page.serve(socket)))
}

struct Page {
    live: Live,
    /// In the browser's language until the hello says whose page it is.
    words: Words,
    _permit: OwnedSemaphorePermit,
}

/// Why a socket ends.
enum End {
    /// The other side went, or the connection broke.
    Gone,
    /// Everything is said.
    Said,
    Trouble(Trouble),
}

impl Page {
    async fn serve(mut self, mut socket: WebSocket) {
        let end = match self.hello(&mut socket).await {
            Ok(mut joined) => {
                let end = self.converse(&mut socket, &mut joined).await;
                joined.gone().await;
                end
            }
            Err(end) => end,
        };
        let code = match end {
            End::Gone => return,
            End::Said => close_code::NORMAL,
            End::Trouble(trouble) => {
                self.problem(&mut socket, trouble, None).await.ok();
                close_code::POLICY
            }
        };
        close(socket, code).await;
    }

    async fn hello(&mut self, socket: &mut WebSocket) -> Result<Joined, End> {
        let first = timeout(HELLO_WITHIN, next_frame(socket)).await;
        let text = match first {
            Ok(Some(Frame::Text(text))) => text,
            Ok(Some(Frame::Binary)) => return Err(End::Trouble(Trouble::HelloFirst)),
            Ok(None) => return Err(End::Gone),
            Err(_) => return Err(End::Trouble(Trouble::HelloFirst)),
        };
        let (seq, hello) = match wire::read(&text) {
            Ok((seq, FromPage::Hello(hello))) => (seq, hello),
            Ok(_) => return Err(End::Trouble(Trouble::HelloFirst)),
            Err((_, flaw)) => return Err(End::Trouble(Trouble::of(flaw))),
        };
        match self.join(hello).await {
            Ok(joined) => Ok(joined),
            Err(trouble) => {
                self.problem(socket, trouble, Some(seq)).await?;
                Err(End::Said)
            }
        }
    }

    async fn join(&mut self, hello: Hello) -> Result<Joined, Trouble> {
        let Hello { ticket, resume, after } = hello;
        let pass = match (ticket, resume) {
            (Some(ticket), _) => self.live.by_ticket(&ticket).await?,
            (None, resume) => self.live.by_resume(&resume.unwrap_or_default()).await?,
        };
        self.words = self.words.in_lang(pass.lang);
        self.live.enter(pass, after).await
    }

    async fn converse(&self, socket: &mut WebSocket, joined: &mut Joined) -> End {
        let mut rate = Rate::new(self.now());
        let mut mistakes = 0;
        let mut silent_until = Instant::now() + SILENT_FOR;
        let mut stoppable = true;
        loop {
            tokio::select! {
                biased;
                stop = &mut joined.outlet.stopped, if stoppable => match stop {
                    Ok(trouble) => return End::Trouble(trouble),
                    Err(_) => stoppable = false,
                },
                text = joined.outlet.frames.recv() => match text {
                    Some(text) => if send(socket, text).await.is_err() { return End::Gone },
                    None => return End::Said,
                },
                frame = next_frame(socket) => {
                    let Some(frame) = frame else { return End::Gone };
                    silent_until = Instant::now() + SILENT_FOR;
                    let heard = self.hear(frame, &mut rate, joined).await;
                    let Err((seq, trouble)) = heard else { mistakes = 0; continue };
                    if let Err(end) = self.problem(socket, trouble, seq).await {
                        return end;
                    }
                    mistakes += 1;
                    if mistakes >= REFUSED_IN_A_ROW {
                        return End::Trouble(Trouble::TooMany);
                    }
                },
                () = sleep_until(silent_until) => return End::Gone,
            }
        }
    }

    async fn hear(&self, frame: Frame, rate: &mut Rate, to: &Joined) -> Result<(), (Option<u64>, Trouble)> {
        if !rate.take(self.now()) {
            return Err((None, Trouble::TooFast));
        }
        let Frame::Text(text) = frame else { return Err((None, Trouble::Malformed)) };
        let (seq, message) = wire::read(&text).map_err(|(seq, flaw)| (seq, Trouble::of(flaw)))?;
        if matches!(message, FromPage::Hello(_)) {
            return Err((Some(seq), Trouble::Malformed));
        }
        // A visit whose task is gone closes this socket through its outlet.
        to.say(seq, message).await;
        Ok(())
    }

    async fn problem(&self, socket: &mut WebSocket, trouble: Trouble, seq: Option<u64>) -> Result<(), End> {
        let keep = self.live.keep();
        let incident = (trouble == Trouble::TryAgain).then(|| {
            let incident = IncidentId::new(keep.clock().now(), keep.entropy());
            tracing::error!(incident = incident.short(), "a hello failed");
            incident
        });
        let problem = ToPage::Problem(trouble.told(&self.words, seq, incident));
        send(socket, wire::write(0, &problem).into()).await
    }

    fn now(&self) -> UnixMillis {
        self.live.keep().clock().now()
    }
}

enum Frame {
    Text(Utf8Bytes),
    Binary,
}

/// `None` when the socket is over. Pings are answered by the library.
async fn next_frame(socket: &mut WebSocket) -> Option<Frame> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => return Some(Frame::Text(text)),
            Message::Binary(_) => return Some(Frame::Binary),
            Message::Close(_) => return None,
            Message::Ping(_) | Message::Pong(_) => {}
        }
    }
}

async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), End> {
    match timeout(SEND_WITHIN, socket.send(Message::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}

/// Says goodbye and waits a moment for the same, so that the last words are read before the connection ends.
async fn close(mut socket: WebSocket, code: u16) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static("") };
    if timeout(SEND_WITHIN, socket.send(Message::Close(Some(frame)))).await.is_ok() {
        let farewell = async { while next_frame(&mut socket).await.is_some() {} };
        timeout(CLOSE_WITHIN, farewell).await.ok();
    }
}

/// A bucket of whole messages, counted in thousandths.
struct Rate {
    thousandths: i64,
    at: UnixMillis,
}

impl Rate {
    fn new(now: UnixMillis) -> Rate {
        Rate { thousandths: BURST * 1_000, at: now }
    }

    fn take(&mut self, now: UnixMillis) -> bool {
        let earned = now.since(self.at).max(0).saturating_mul(PER_SECOND);
        self.thousandths = self.thousandths.saturating_add(earned).min(BURST * 1_000);
        self.at = now;
        let enough = self.thousandths >= 1_000;
        if enough {
            self.thousandths -= 1_000;
        }
        enough
    }
}

/// What one socket may send.
const PER_SECOND: i64 = 20;
const BURST: i64 = 60;
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Pages say `alive` every 15 seconds.
const SILENT_FOR: Duration = Duration::from_secs(45);
const SEND_WITHIN: Duration = Duration::from_secs(10);
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// A frame over the wire's bound is answered with a problem; one over this ends the connection unread.
const READ_MAX_BYTES: usize = 4 * wire::FRAME_BYTES;
const WRITE_MAX_BYTES: usize = 16 * wire::FRAME_BYTES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_at_once_and_twenty_a_second_is_the_rate() {
        let start = UnixMillis(1_000_000);
        let mut rate = Rate::new(start);
        assert!((0..60).all(|_| rate.take(start)));
        assert!(!rate.take(start));
        assert!(!rate.take(start.plus_ms(49)));
        assert!(rate.take(start.plus_ms(50)));
        assert!((0..20).filter(|n| rate.take(start.plus_ms(50 + n * 50))).count() == 19);
    }
}
