//! One participant's connection: its WebRTC state, what it sends, what it is shown, where it may be reached.
//!
//! Owns the one rule of the library (str0m): every mutation is followed by a full drain of its outputs. Owns
//! the wall around it as well: a panic in here ends this peer and nobody else. Pure.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use str0m::format::{Codec, CodecSpec};
use str0m::ice::TransId;
use str0m::media::{Direction, MediaKind, Mid, Pt, Rids};
use str0m::net::Protocol;
use str0m::{Event, Output, Rtc, RtcError};

use super::event::{Failure, SlotMap};
use super::layers::{Link, Look, Size, rank_of, target};
use super::path::{Outgoing, Path, PathState, Transport};
use super::rewrite::{Pictures, Rewriter};
use super::slots::ticks_per_s;
use super::track::Track;
use super::{Counts, Sink};
use crate::framing::Worth;
use crate::limits::{
    CONNECT_WITHIN, LAYERS, LOST_FOR, MAX_OUTPUTS_PER_DRAIN, MAX_PATHS_PER_PEER, MAX_REMEMBERED_CHECKS,
    MAX_SLOTS_PER_KIND, MAX_STREAMS_PER_PEER, MAX_TRACKS, PATH_STALE_AFTER,
};
use crate::names::{Kind, PeerKey, RoomKey};

pub struct Peer {
    pub key: PeerKey,
    pub room: RoomKey,
    /// Counts connections of this process, so that a re-join is a new source for the receivers' numbering.
    pub connection: u64,
    pub state: State,
    pub tracks: Vec<Track>,
    pub audio: Lane,
    pub video: Lane,
    pub link: Link,
    /// The layers it was told to make, once it was told.
    pub needed: Option<[bool; LAYERS]>,
    /// When the library wants to be called.
    pub wake_at: Instant,
    pub local_ufrag: String,
    pub local_pass: String,
    rtc: Rtc,
    streams: Vec<(u32, Place)>,
    paths: Vec<PathState>,
    paths_learned: usize,
    /// Where everything but checks goes.
    way: Option<Path>,
    checks: VecDeque<(TransId, Path)>,
    video_types: Vec<Pt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Joining { since: Instant },
    Connected,
    Lost { since: Instant },
}

/// Where a stream belongs: its track, and its layer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub track: usize,
    pub rank: usize,
}

/// What the peer is shown of one kind: `shown[n]` arrives on `lines[n]`.
#[derive(Default)]
pub struct Lane {
    pub shown: Vec<Option<PeerKey>>,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub mid: Mid,
    /// One for each codec the receiver takes.
    pub payload_types: Vec<(CodecSpec, Pt)>,
    pub rewriter: Rewriter,
    pub pictures: Pictures,
    /// The connection and the layer that its decoder works on.
    pub showing: Option<(u64, usize)>,
    /// How large it is drawn, where the receiver has said it.
    pub size: Option<Size>,
}

impl Peer {
    pub fn new(
        now: Instant,
        (room, key, connection): (RoomKey, PeerKey, u64),
        mut rtc: Rtc,
        mids: &[String],
    ) -> Peer {
        let credentials = rtc.direct_api().local_ice_credentials();
        let mut peer = Peer {
            key,
            room,
            connection,
            state: State::Joining { since: now },
            tracks: Vec::new(),
            audio: Lane::default(),
            video: Lane::default(),
            link: Link::default(),
            needed: None,
            wake_at: now,
            local_ufrag: credentials.ufrag,
            local_pass: credentials.pass,
            streams: Vec::new(),
            paths: Vec::new(),
            paths_learned: 0,
            way: None,
            checks: VecDeque::new(),
            video_types: Vec::new(),
            rtc,
        };
        for mid in mids {
            peer.read_line(Mid::from(mid.as_str()));
        }
        let types = peer.rtc.codec_config().iter().filter(|params| params.spec().codec.is_video());
        peer.video_types = types.flat_map(|params| [Some(params.pt()), params.resend()]).flatten().collect();
        peer
    }

    /// One media line of the answered offer becomes a track, a slot, or nothing.
    fn read_line(&mut self, mid: Mid) {
        let Some(media) = self.rtc.media(mid) else { return };
        if media.disabled() || media.stopped() {
            return;
        }
        let (kind, codecs): (Kind, &[Codec]) = match media.kind() {
            MediaKind::Audio => (Kind::Audio, &[Codec::Opus]),
            MediaKind::Video => (Kind::Video, &[Codec::Vp8, Codec::Vp9]),
        };
        let (direction, offered) = (media.direction(), media.remote_pts());
        let layered = matches!(media.rids_rx(), Rids::Specific(_));
        let spoken = self.rtc.codec_config().iter().filter(|params| {
            let (codec, number) = (params.spec().codec, params.pt());
            codecs.contains(&codec) && (offered.is_empty() || offered.contains(&number))
        });
        let payload_types: Vec<_> = spoken.map(|params| (params.spec(), params.pt())).collect();
        if payload_types.is_empty() {
            return;
        }
        if direction.is_receiving() && self.tracks.len() < MAX_TRACKS {
            self.tracks.push(Track::new(mid, kind, layered));
        }
        let lane = self.lane_mut(kind);
        if matches!(direction, Direction::SendOnly | Direction::SendRecv)
            && lane.lines.len() < MAX_SLOTS_PER_KIND
        {
            lane.shown.push(None);
            lane.lines.push(Line::new(mid, kind, payload_types));
        }
    }

    /// The codec behind a payload type of this connection.
    pub fn codec_of(&self, number: Pt) -> Option<CodecSpec> {
        self.rtc.codec_config().iter().find(|params| params.pt() == number).map(|params| params.spec())
    }

    pub fn lane(&self, kind: Kind) -> &Lane {
        match kind {
            Kind::Audio => &self.audio,
            Kind::Video => &self.video,
        }
    }

    pub fn lane_mut(&mut self, kind: Kind) -> &mut Lane {
        match kind {
            Kind::Audio => &mut self.audio,
            Kind::Video => &mut self.video,
        }
    }

    pub fn sends(&self, kind: Kind) -> bool {
        self.track(kind).is_some()
    }

    /// The one of this kind that others are shown.
    pub fn track(&self, kind: Kind) -> Option<&Track> {
        self.tracks.iter().find(|track| track.kind == kind)
    }

    /// How this peer looks at the camera of another one, if it is shown it: `people` are in the room.
    pub fn look_at(&self, publisher: &Peer, people: usize) -> Option<Look> {
        let slot = self.video.shown.iter().position(|shown| *shown == Some(publisher.key))?;
        let line = &self.video.lines[slot];
        let shown = line.showing.filter(|(connection, _)| *connection == publisher.connection);
        let wanted = line.size.unwrap_or(Size::among(people));
        Some((shown.map(|(_, rank)| rank), target(wanted, self.link.ceiling())))
    }

    /// In which its camera is needed.
    pub fn sizes(&self) -> Vec<Size> {
        let needed = self.needed.unwrap_or_default();
        Size::ALL.into_iter().filter(|size| needed[size.rank()]).collect()
    }

    pub fn slot_map(&self) -> Vec<SlotMap> {
        let of = |kind| {
            let shown = self.lane(kind).shown.iter().enumerate();
            shown.filter_map(move |(slot, who)| who.map(|publisher| SlotMap { slot, kind, publisher }))
        };
        of(Kind::Audio).chain(of(Kind::Video)).collect()
    }

    /// Does one thing to the library, then drains it. The only way to its outputs.
    pub fn turn(
        &mut self,
        sink: &mut Sink,
        mutation: impl FnOnce(&mut Rtc) -> Result<(), RtcError>,
    ) -> Result<(), Failure> {
        let attempt = AssertUnwindSafe(|| {
            sink.panic_when_asked(self.key);
            if mutation(&mut self.rtc).is_err() {
                // A packet that fails authentication must not end a call (W2); what really broke shows below.
                sink.counts.junk += 1;
            }
            self.drain(sink)
        });
        let outcome = catch_unwind(attempt).unwrap_or_else(|_| {
            sink.counts.panics += 1;
            Err(Failure::Panicked)
        });
        outcome.and_then(|()| if self.rtc.is_alive() { Ok(()) } else { Err(Failure::Broken) })
    }

    fn drain(&mut self, sink: &mut Sink) -> Result<(), Failure> {
        for _ in 0..MAX_OUTPUTS_PER_DRAIN {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.wake_at = at;
                    return Ok(());
                }
                Ok(Output::Event(Event::Closed)) => return Err(Failure::Closed),
                Ok(Output::Event(event)) => sink.work.push_back((self.key, self.connection, event)),
                Ok(Output::Transmit(transmit)) => {
                    let path = match transmit.proto {
                        Protocol::Udp => Path { transport: Transport::Udp, remote: transmit.destination },
                        _ => Path { transport: Transport::Tcp, remote: transmit.destination },
                    };
                    let worth = self.worth(&transmit.contents);
                    let is_check = transmit.contents.first().is_some_and(|byte| *byte < 2);
                    let path = if is_check { path } else { self.way(path) };
                    sink.send(Outgoing { path, worth, bytes: transmit.contents.into() });
                }
                Err(_) => return Err(Failure::Broken),
            }
        }
        Err(Failure::Broken)
    }

    /// Says goodbye, so that the other side need not wait for silence. Whatever fails here does not matter.
    pub fn close(&mut self, sink: &mut Sink) {
        let _ = self.turn(sink, Rtc::close);
    }

    /// The track a stream belongs to, and its layer; asks the library once per stream.
    pub fn place_of(&mut self, sink: &mut Sink, ssrc: u32) -> Result<Option<Place>, Failure> {
        if let Some((_, place)) = self.streams.iter().find(|(known, _)| *known == ssrc) {
            return Ok(Some(*place));
        }
        let mut named = None;
        self.turn(sink, |rtc| {
            named = rtc.direct_api().stream_rx(&ssrc.into()).map(|stream| (stream.mid(), stream.rid()));
            Ok(())
        })?;
        let Some((mid, rid)) = named else { return Ok(None) };
        let track = self.tracks.iter().position(|track| track.mid == mid);
        let found = track.zip(rank_of(rid.as_deref())).map(|(track, rank)| Place { track, rank });
        if let Some(place) = found
            && self.streams.len() < MAX_STREAMS_PER_PEER
        {
            self.streams.push((ssrc, place));
        }
        Ok(found)
    }

    /// When this peer must be looked at again.
    pub fn deadline(&self) -> Instant {
        let patience = match self.state {
            State::Joining { since } => Some(since + CONNECT_WITHIN),
            State::Lost { since } => Some(since + LOST_FOR),
            State::Connected => None,
        };
        let key_frame = self.tracks.iter().filter_map(Track::key_frame_due).min();
        [patience, key_frame].into_iter().flatten().fold(self.wake_at, Instant::min)
    }

    pub fn overdue(&self, now: Instant) -> Option<Failure> {
        match self.state {
            State::Joining { since } if now >= since + CONNECT_WITHIN => Some(Failure::NeverConnected),
            State::Lost { since } if now >= since + LOST_FOR => Some(Failure::LostTooLong),
            _ => None,
        }
    }

    /// Takes note of an authenticated check. `None`: refused, as a replay or as one address too many.
    pub fn learn_path(&mut self, now: Instant, path: Path, check: TransId, nominated: bool) -> Option<()> {
        let seen = self.checks.iter().find(|(id, _)| *id == check);
        match seen {
            // A retransmission comes from the same place. From elsewhere it is a replay (RFC 8489 has no
            // guard against it) and would steer the media there.
            Some((_, from)) if *from != path => return None,
            Some(_) => {}
            None => {
                if self.checks.len() >= MAX_REMEMBERED_CHECKS {
                    self.checks.pop_front();
                }
                self.checks.push_back((check, path));
            }
        }
        if let Some(known) = self.paths.iter_mut().find(|known| known.path == path) {
            known.checked_at = now;
            known.nominated |= nominated;
            return Some(());
        }
        if self.paths_learned >= MAX_PATHS_PER_PEER {
            return None;
        }
        self.paths_learned += 1;
        self.paths.push(PathState { path, checked_at: now, nominated });
        Some(())
    }

    pub fn forget_path(&mut self, path: Path) {
        self.paths.retain(|known| known.path != path);
    }

    pub fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.paths.iter().map(|known| known.path)
    }

    /// The way for everything but checks; another one than before is measured anew.
    fn way(&mut self, chosen: Path) -> Path {
        let best = self.best_path(chosen);
        if self.way.replace(best).is_some_and(|before| before != best) {
            self.link.moved();
        }
        best
    }

    /// The library's choice, unless it has gone stale while the client nominated another one: an ICE-lite
    /// agent would hold on to a dead UDP path for 15 s after the browser moved to TCP.
    fn best_path(&self, chosen: Path) -> Path {
        let newest = self.paths.iter().map(|known| known.checked_at).max();
        let known = self.paths.iter().find(|known| known.path == chosen);
        let fresh =
            |known: &PathState| newest.is_some_and(|newest| newest < known.checked_at + PATH_STALE_AFTER);
        if known.is_some_and(fresh) {
            return chosen;
        }
        let other = self.paths.iter().filter(|known| known.nominated && fresh(known));
        other.max_by_key(|known| known.checked_at).map_or(chosen, |known| known.path)
    }

    fn worth(&self, packet: &[u8]) -> Worth {
        match packet {
            // RTP and RTCP (RFC 7983); payload types 64-95 are RTCP (RFC 5761).
            [128..=191, second, ..] => match second & 0x7F {
                64..=95 => Worth::Control,
                payload_type if self.video_types.iter().any(|known| **known == payload_type) => Worth::Video,
                _ => Worth::Audio,
            },
            _ => Worth::Control,
        }
    }

    pub fn accepts(&self, counts: &mut Counts, input: &str0m::Input) -> bool {
        catch_unwind(AssertUnwindSafe(|| self.rtc.accepts(input))).unwrap_or_else(|_| {
            counts.panics += 1;
            false
        })
    }
}

impl Line {
    fn new(mid: Mid, kind: Kind, payload_types: Vec<(CodecSpec, Pt)>) -> Line {
        let (rewriter, pictures) = (Rewriter::new(ticks_per_s(kind)), Pictures::default());
        Line { mid, payload_types, rewriter, pictures, showing: None, size: None }
    }

    pub fn payload_type(&self, codec: CodecSpec) -> Option<Pt> {
        let same = |known: &CodecSpec| {
            known.codec == codec.codec && known.format.profile_id == codec.format.profile_id
        };
        self.payload_types.iter().find(|(known, _)| same(known)).map(|(_, number)| *number)
    }
}
