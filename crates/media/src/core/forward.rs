//! Passing packets on, and asking senders for key frames.
//!
//! Owns the way of one media packet from its sender to everybody who is shown it. The payload is handed on as
//! the same shared bytes; there is no code here that could read it.

use std::time::Instant;

use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

use super::Core;
use super::peer::State;
use super::rewrite::Source;
use crate::limits::KEY_FRAME_EVERY;
use crate::names::{Kind, PeerKey};

impl Core {
    pub(super) fn forward(&mut self, now: Instant, from: PeerKey, packet: &RtpPacket) {
        let Some(publisher) = self.peers.get_mut(&from) else { return };
        let ssrc = *packet.header.ssrc;
        let track = match publisher.track_of(&mut self.sink, ssrc) {
            Ok(Some(track)) => track,
            Ok(None) => return,
            Err(why) => {
                self.failed.push_back((from, why));
                return;
            }
        };
        let kind = publisher.tracks[track].kind;
        // A second camera or screen of the same person has no slot yet.
        let first = publisher.tracks.iter().position(|other| other.kind == kind) == Some(track);
        if !first || !publisher.tracks[track].admit(now, ssrc) {
            self.sink.counts.dropped += 1;
            return;
        }
        let source = Source { connection: publisher.connection, ssrc };
        let room = publisher.room;
        let members = self.rooms.get(&room).map_or(0, Vec::len);
        for place in 0..members {
            let Some(receiver) = self.rooms.get(&room).and_then(|all| all.get(place)).copied() else { break };
            if receiver != from {
                self.pass_on(now, (from, receiver), (kind, source), packet);
            }
        }
    }

    fn pass_on(
        &mut self,
        now: Instant,
        (from, to): (PeerKey, PeerKey),
        (kind, source): (Kind, Source),
        packet: &RtpPacket,
    ) {
        let Some(receiver) = self.peers.get_mut(&to).filter(|peer| peer.state == State::Connected) else {
            return;
        };
        let lane = receiver.lane_mut(kind);
        let Some(slot) = lane.shown.iter().position(|shown| *shown == Some(from)) else { return };
        let line = &mut lane.lines[slot];
        let Some(numbered) = line.rewriter.number(now, source, *packet.seq_no, packet.header.timestamp)
        else {
            self.sink.counts.dropped += 1;
            return;
        };
        let (mid, payload_type) = (line.mid, line.payload_type);
        let extensions = ExtensionValues {
            video_orientation: packet.header.ext_vals.video_orientation,
            ..ExtensionValues::default()
        };
        let write = RtpWrite::new(
            payload_type,
            numbered.sequence.into(),
            numbered.time,
            packet.timestamp,
            packet.payload.clone(),
        )
        .marker(packet.header.marker)
        .nackable(kind == Kind::Video)
        .ext_vals(extensions);
        self.sink.counts.forwarded += 1;
        self.turn(to, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                stream.write_rtp(write);
            }
            Ok(())
        });
    }

    /// A receiver cannot show the picture on this line: its sender is asked for a key frame.
    pub(super) fn pass_key_frame_request(&mut self, now: Instant, receiver: PeerKey, mid: Mid) {
        let Some(peer) = self.peers.get(&receiver) else { return };
        let lane = peer.lane(Kind::Video);
        let slot = lane.lines.iter().position(|line| line.mid == mid);
        if let Some(publisher) = slot.and_then(|slot| lane.shown[slot]) {
            self.want_key_frame(now, publisher);
        }
    }

    /// A receiver starts to see everybody in its slots.
    pub(super) fn ask_key_frames_for(&mut self, now: Instant, receiver: PeerKey) {
        let Some(peer) = self.peers.get(&receiver) else { return };
        let shown: Vec<PeerKey> = peer.video.shown.iter().flatten().copied().collect();
        for publisher in shown {
            self.want_key_frame(now, publisher);
        }
    }

    pub(super) fn want_key_frame(&mut self, now: Instant, publisher: PeerKey) {
        let Some(peer) = self.peers.get_mut(&publisher) else { return };
        if let Some(track) = peer.tracks.iter_mut().find(|track| track.kind == Kind::Video) {
            track.key_frame_wanted = true;
        }
        self.ask_key_frames_due(now, publisher);
    }

    /// Sends what may be sent now; what came too early waits for its time (one request per 500 ms and track).
    pub(super) fn ask_key_frames_due(&mut self, now: Instant, publisher: PeerKey) {
        let Some(peer) = self.peers.get_mut(&publisher) else { return };
        let due = peer.tracks.iter_mut().find(|track| {
            let early = track.key_frame_asked_at.is_some_and(|asked| now < asked + KEY_FRAME_EVERY);
            track.key_frame_wanted && track.current.is_some() && !early
        });
        let Some((track, (ssrc, _))) = due.and_then(|track| track.current.map(|current| (track, current)))
        else {
            self.deadlines.set(publisher, peer.deadline());
            return;
        };
        track.key_frame_wanted = false;
        track.key_frame_asked_at = Some(now);
        self.sink.counts.key_frames_asked += 1;
        self.turn(publisher, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_rx(&ssrc.into()) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
            Ok(())
        });
    }
}
