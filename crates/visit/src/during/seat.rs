//! One person's end of a live visit: their pass, their socket while there is one, and what they may have
//! missed.

use super::problem::Trouble;
use super::way_in::Pass;
use super::wire::{self, Coming, ToPage};
use axum::extract::ws::Utf8Bytes;
use std::collections::VecDeque;
use tokio::sync::{mpsc, oneshot};
use vocabulary::{ParticipantId, PersonId, UnixMillis};

pub struct Seat {
    pub pass: Pass,
    pub socket: Option<Attached>,
    /// The number of the last message. Starts at the clock, so that it grows over restarts as well.
    seq: u64,
    /// Sealed payloads that are worth repeating; everything else is told whole each time.
    missed: VecDeque<Missed>,
    /// When this socket last counted as activity of the session.
    pub marked_at: UnixMillis,
    /// The number of the page's message that is looked at now.
    pub heard: u64,
    /// Messages refused in a row.
    pub refused: u32,
    /// What this page was last told of who comes.
    pub coming: Option<Coming>,
    /// Who was expected then; none: look again, whoever is.
    pub crowd: Option<Crowd>,
}

/// The clinician, and everybody else who is expected, each with whether they are there for a check alone.
pub type Crowd = (PersonId, Vec<(ParticipantId, bool)>);

struct Missed {
    seq: u64,
    text: Utf8Bytes,
    /// Only for people with a place.
    of_room: bool,
}

/// A socket, as the visit holds it. Dropping it lets the socket send what is queued and close.
pub struct Attached {
    pub number: u64,
    frames: mpsc::Sender<Utf8Bytes>,
    /// Closes the socket without waiting for its queue.
    stop: Option<oneshot::Sender<Trouble>>,
}

/// A socket, as its own task holds it.
pub struct Outlet {
    pub frames: mpsc::Receiver<Utf8Bytes>,
    pub stopped: oneshot::Receiver<Trouble>,
}

pub fn connect(number: u64) -> (Attached, Outlet) {
    let (frames, receiver) = mpsc::channel(OUTBOX);
    let (stop, stopped) = oneshot::channel();
    (Attached { number, frames, stop: Some(stop) }, Outlet { frames: receiver, stopped })
}

impl Seat {
    pub fn new(pass: Pass, now: UnixMillis) -> Seat {
        let seq = u64::try_from(now.0).unwrap_or(0);
        let (coming, crowd) = (None, None);
        let (missed, heard, refused) = (VecDeque::new(), 0, 0);
        Seat { pass, socket: None, seq, missed, marked_at: now, heard, refused, coming, crowd }
    }

    /// False when the socket read too slowly and is gone now.
    pub fn tell(&mut self, message: &ToPage) -> bool {
        let seq = if message.is_numbered() {
            self.seq += 1;
            self.seq
        } else {
            0
        };
        let text = Utf8Bytes::from(wire::write(seq, message));
        if message.is_told_once() {
            self.missed.push_back(Missed { seq, text: text.clone(), of_room: message.is_for_room() });
            if self.missed.len() > RING {
                self.missed.pop_front();
            }
        }
        self.send(text)
    }

    /// For this socket alone: without a number, and not kept.
    pub fn answer(&mut self, message: &ToPage) -> bool {
        self.send(Utf8Bytes::from(wire::write(0, message)))
    }

    /// Repeats the payloads after this number, as far back as they are kept; those of the room only to who
    /// has a place in it.
    pub fn repeat(&mut self, after: u64, inside: bool) -> bool {
        let theirs = |missed: &&Missed| missed.seq > after && (inside || !missed.of_room);
        let texts: Vec<Utf8Bytes> =
            self.missed.iter().filter(theirs).map(|missed| missed.text.clone()).collect();
        texts.into_iter().all(|text| self.send(text))
    }

    /// Out of the room: what was said in it is no longer theirs.
    pub fn forget(&mut self) {
        self.missed.clear();
    }

    pub fn is_at(&self, socket: u64) -> bool {
        self.socket.as_ref().is_some_and(|attached| attached.number == socket)
    }

    fn send(&mut self, text: Utf8Bytes) -> bool {
        let Some(attached) = &mut self.socket else { return true };
        if attached.frames.try_send(text).is_ok() {
            return true;
        }
        if let Some(stop) = attached.stop.take() {
            // A socket that is gone already needs no word.
            stop.send(Trouble::TooSlow).ok();
        }
        self.socket = None;
        false
    }
}

/// Messages a socket may be behind; more means it reads too slowly.
pub const OUTBOX: usize = 512;
/// Sealed payloads kept for a page that comes back.
const RING: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::during::wire::{BlobFrom, Nothing};
    use vocabulary::testing::TestEntropy;
    use vocabulary::{Lang, ParticipantId, Principal, Secret, SessionId, VisitId};

    fn seat() -> Seat {
        let pass = Pass {
            who: Principal::Anonymous,
            participant: ParticipantId::from_bytes([1; 16]),
            visit: VisitId::from_bytes([2; 16]),
            session: SessionId::from_bytes([3; 16]),
            lang: Lang::En,
            door: None,
            resume: Secret::new(&TestEntropy::seeded(1)),
        };
        Seat::new(pass, UnixMillis(1_000))
    }

    fn blob(text: &str) -> ToPage {
        ToPage::Note(BlobFrom { from: ParticipantId::from_bytes([4; 16]), blob: text.into() })
    }

    #[test]
    fn a_socket_that_reads_too_slowly_is_let_go_and_told_why() {
        let mut seat = seat();
        let (attached, mut outlet) = connect(1);
        seat.socket = Some(attached);
        assert!((0..OUTBOX).all(|_| seat.tell(&ToPage::Alive(Nothing {}))));
        assert!(!seat.tell(&ToPage::Alive(Nothing {})));
        assert!(seat.socket.is_none());
        assert_eq!(outlet.stopped.try_recv(), Ok(Trouble::TooSlow));
    }

    #[test]
    fn only_the_newest_payloads_are_kept_and_none_after_going_out() {
        let mut seat = seat();
        for n in 0..RING + 5 {
            seat.tell(&blob(&n.to_string()));
        }
        assert_eq!(seat.missed.len(), RING);
        seat.forget();
        let (attached, mut outlet) = connect(1);
        seat.socket = Some(attached);
        assert!(seat.repeat(0, true));
        assert!(outlet.frames.try_recv().is_err());
    }
}
