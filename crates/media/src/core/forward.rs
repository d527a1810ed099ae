//! Passing packets on, and asking senders for key frames.
//!
//! Owns the way of one media packet from its sender to everybody who is shown it. The payload is handed on as
//! the same shared bytes. Only where a sender gives several layers, the payload descriptor and at most one
//! clear bit behind it are read: layers change at key frames alone.

use std::time::Instant;

use str0m::format::CodecSpec;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

use super::Core;
use super::descriptor::{Descriptor, Renumbered};
use super::layers::{Size, Step, choose, step};
use super::peer::{Peer, Place, State};
use super::rewrite::Source;
use super::track::{Admitted, Arrived};
use crate::limits::LAYERS;
use crate::names::{Kind, PeerKey};

/// One packet on its way, with what its sender's side knows of it.
struct Passing<'a> {
    from: PeerKey,
    kind: Kind,
    codec: CodecSpec,
    source: Source,
    /// Of a sender with several layers.
    layer: Option<Layer>,
    people: usize,
    packet: &'a RtpPacket,
}

struct Layer {
    rank: usize,
    flows: [bool; LAYERS],
    /// It can be read: a line can change over to it.
    descriptor: Option<Descriptor>,
    starts_key_frame: bool,
}

impl Core {
    pub(super) fn forward(&mut self, now: Instant, from: PeerKey, packet: &RtpPacket) {
        let Some(publisher) = self.peers.get_mut(&from) else { return };
        let place = match publisher.place_of(&mut self.sink, *packet.header.ssrc) {
            Ok(Some(place)) => place,
            Ok(None) => return,
            Err(why) => {
                self.failed.push_back((from, why));
                return;
            }
        };
        let room = publisher.room;
        let people = self.rooms.get(&room).map_or(0, Vec::len);
        let Some(passing) = passing(now, publisher, place, packet) else {
            self.sink.counts.dropped += 1;
            return;
        };
        let passing = Passing { people, ..passing };
        for at in 0..people {
            let Some(receiver) = self.rooms.get(&room).and_then(|all| all.get(at)).copied() else { break };
            if receiver != from {
                self.pass_on(now, receiver, &passing);
            }
        }
        if std::mem::take(&mut self.changed_over) {
            self.say_needed(from);
        }
    }

    fn pass_on(&mut self, now: Instant, to: PeerKey, passing: &Passing) {
        let Passing { from, kind, source, packet, .. } = *passing;
        let Some(receiver) = self.peers.get_mut(&to).filter(|peer| peer.state == State::Connected) else {
            return;
        };
        let ceiling = receiver.link.ceiling();
        let lane = receiver.lane_mut(kind);
        let Some(slot) = lane.shown.iter().position(|shown| *shown == Some(from)) else { return };
        let line = &mut lane.lines[slot];
        let Some(payload_type) = line.payload_type(passing.codec) else { return };
        if let Some(layer) = &passing.layer {
            let shown = line.showing.filter(|(connection, _)| *connection == source.connection);
            let wanted = line.size.unwrap_or(Size::among(passing.people));
            let target = choose(wanted, ceiling, layer.flows);
            match step(shown.map(|(_, rank)| rank), target, layer.rank, layer.starts_key_frame) {
                Step::Pass => {}
                Step::Switch => {
                    line.showing = Some((source.connection, layer.rank));
                    self.changed_over = true;
                }
                Step::Ask => return self.want_key_frame(now, from, layer.rank),
                Step::Skip => return,
            }
        }
        let Some(numbered) = line.rewriter.number(now, source, *packet.seq_no, packet.header.timestamp)
        else {
            self.sink.counts.dropped += 1;
            return;
        };
        let extensions = ExtensionValues {
            video_orientation: packet.header.ext_vals.video_orientation,
            ..ExtensionValues::default()
        };
        let descriptor = passing.layer.as_ref().and_then(|layer| layer.descriptor.as_ref());
        let renumbered = descriptor.and_then(|one| {
            line.pictures.number(source, one.number).map(|to| one.renumbered(&packet.payload, to))
        });
        let (patch, payload) = match renumbered {
            Some(Renumbered::Bytes(bytes)) => (None, bytes),
            Some(Renumbered::Patch(patch)) => (patch, packet.payload.clone()),
            None => (None, packet.payload.clone()),
        };
        let sequence = numbered.sequence.into();
        let mut write = RtpWrite::new(payload_type, sequence, numbered.time, packet.timestamp, payload)
            .marker(packet.header.marker)
            .nackable(kind == Kind::Video)
            .ext_vals(extensions);
        if let Some(patch) = patch {
            write = write.vp8_patch(patch);
        }
        let mid = line.mid;
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
        if let Some(slot) = peer.video.lines.iter().position(|line| line.mid == mid) {
            self.ask_key_frame_for(now, receiver, slot);
        }
    }

    /// A receiver starts to see everybody in its slots.
    pub(super) fn ask_key_frames_for(&mut self, now: Instant, receiver: PeerKey) {
        let slots = self.peers.get(&receiver).map_or(0, |peer| peer.video.shown.len());
        for slot in 0..slots {
            self.ask_key_frame_for(now, receiver, slot);
        }
    }

    /// Of the layer that is shown; of the smallest that flows where nothing is, since it is there first.
    pub(super) fn ask_key_frame_for(&mut self, now: Instant, receiver: PeerKey, slot: usize) {
        let Some(peer) = self.peers.get(&receiver) else { return };
        let Some(publisher) = peer.video.shown[slot] else { return };
        let shown = peer.video.lines[slot].showing.filter(|(connection, _)| {
            self.peers.get(&publisher).is_some_and(|peer| peer.connection == *connection)
        });
        let track = self.peers.get(&publisher).and_then(|peer| peer.track(Kind::Video));
        let flows = track.and_then(|track| track.flows().iter().position(|flows| *flows));
        let rank = shown.map(|(_, rank)| rank).or(flows).unwrap_or(0);
        self.want_key_frame(now, publisher, rank);
    }

    fn want_key_frame(&mut self, now: Instant, publisher: PeerKey, rank: usize) {
        let Some(peer) = self.peers.get_mut(&publisher) else { return };
        if let Some(track) = peer.tracks.iter_mut().find(|track| track.kind == Kind::Video) {
            track.want_key_frame(rank);
        }
        self.ask_key_frames_due(now, publisher);
    }

    /// Sends what may be sent now; what came too early waits for its time (one request per 500 ms and layer).
    pub(super) fn ask_key_frames_due(&mut self, now: Instant, publisher: PeerKey) {
        loop {
            let Some(peer) = self.peers.get_mut(&publisher) else { return };
            let Some(ssrc) = peer.tracks.iter_mut().find_map(|track| track.take_key_frame_due(now)) else {
                self.deadlines.set(publisher, peer.deadline());
                return;
            };
            self.sink.counts.key_frames_asked += 1;
            self.turn(publisher, |rtc| {
                if let Some(stream) = rtc.direct_api().stream_rx(&ssrc.into()) {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                }
                Ok(())
            });
        }
    }
}

/// `None`: it has no place.
fn passing<'a>(
    now: Instant,
    publisher: &mut Peer,
    Place { track: at, rank }: Place,
    packet: &'a RtpPacket,
) -> Option<Passing<'a>> {
    let ssrc = *packet.header.ssrc;
    let codec = publisher.codec_of(packet.header.payload_type)?;
    let kind = publisher.tracks[at].kind;
    // A second camera or screen of the same person has no slot yet.
    let first = publisher.tracks.iter().position(|other| other.kind == kind) == Some(at);
    let source = Source { connection: publisher.connection, ssrc };
    let track = &mut publisher.tracks[at];
    let arrived = Arrived { ssrc, sequence: *packet.seq_no, ends_picture: packet.header.marker };
    let admitted = if first { track.admit(now, rank, arrived) } else { Admitted::No };
    if admitted == Admitted::No {
        return None;
    }
    let layer = track.layered.then(|| {
        let descriptor = Descriptor::read(codec.codec, &packet.payload);
        // A beginning that was overtaken has lost what came behind it: whoever changed over here would wait
        // for packets that were passed on to nobody.
        let in_order = admitted == Admitted::InOrder;
        let starts_key_frame = in_order && descriptor.is_some_and(|one| one.starts_key_frame);
        if starts_key_frame {
            track.key_frame_came(rank);
        }
        Layer { rank, flows: track.flows(), descriptor, starts_key_frame }
    });
    Some(Passing { from: publisher.key, kind, codec, source, layer, people: 0, packet })
}
