//! One WebRTC connection to the practice's media server, by str0m: own sound and picture out, slots in, whole
//! frames on both sides. Owns its UDP socket; knows nothing of keys.

use crate::Outcome;
use crate::frames::Codec;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec as Format;
use str0m::media::{Direction, KeyframeRequestKind, MediaData, MediaKind, MediaTime, Mid};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

pub struct Media {
    rtc: Rtc,
    socket: UdpSocket,
    local: SocketAddr,
    sound: Mid,
    picture: Mid,
    slots: Vec<(Mid, Codec)>,
    pending: Option<SdpPendingOffer>,
    pub connected: bool,
    /// Somebody cannot decode until our next key frame.
    pub key_frame_wanted: bool,
}

/// A whole frame as it came out of its packets, still sealed.
pub struct Arrived {
    pub codec: Codec,
    pub time: MediaTime,
    pub bytes: Vec<u8>,
}

impl Media {
    /// The connection and its one offer, in the order that `docs/protocol.md` asks for.
    pub fn offer(slots_per_kind: usize) -> Outcome<(Media, String)> {
        let socket = UdpSocket::bind("127.0.0.1:0").map_err(|why| format!("no UDP socket: {why}"))?;
        socket.set_nonblocking(true).map_err(|why| format!("no UDP socket: {why}"))?;
        let local = socket.local_addr().map_err(|why| format!("no UDP socket: {why}"))?;
        let config = RtcConfig::new().clear_codecs().enable_opus(true, false).enable_vp8(true);
        let mut rtc = config.build(now());
        rtc.add_local_candidate(Candidate::host(local, "udp").map_err(told)?);
        let mut changes = rtc.sdp_api();
        let sound = changes.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let picture = changes.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        let mut slots = Vec::new();
        for (kind, codec) in [(MediaKind::Audio, Codec::Opus), (MediaKind::Video, Codec::Vp8)] {
            for _ in 0..slots_per_kind {
                slots.push((changes.add_media(kind, Direction::RecvOnly, None, None, None), codec));
            }
        }
        let (offer, pending) = changes.apply().ok_or("nothing to offer")?;
        let pending = Some(pending);
        let (connected, key_frame_wanted) = (false, false);
        let media = Media { rtc, socket, local, sound, picture, slots, pending, connected, key_frame_wanted };
        Ok((media, offer.to_sdp_string()))
    }

    pub fn answered(&mut self, sdp: &str) -> Outcome<()> {
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(told)?;
        let pending = self.pending.take().ok_or("an answer without an offer")?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(told)
    }

    /// Lets the connection work: packets in, packets out, time. Answers the frames that became whole.
    pub fn turn(&mut self) -> Outcome<Vec<Arrived>> {
        let mut buffer = [0; DATAGRAM_BYTES];
        let mut arrived = Vec::new();
        for _ in 0..PACKETS_A_TURN {
            let Ok((length, from)) = self.socket.recv_from(&mut buffer) else { break };
            if let Ok(packet) = Receive::new(Protocol::Udp, from, self.local, &buffer[..length]) {
                self.rtc.handle_input(Input::Receive(now(), packet)).map_err(told)?;
            }
            self.drain(&mut arrived)?;
        }
        self.rtc.handle_input(Input::Timeout(now())).map_err(told)?;
        self.drain(&mut arrived)?;
        Ok(arrived)
    }

    pub fn send(&mut self, codec: Codec, time: MediaTime, frame: Vec<u8>) -> Outcome<()> {
        // The server may end the line a moment before its word why arrives, which the caller waits for.
        if !self.rtc.is_alive() {
            self.connected = false;
            return Ok(());
        }
        let (mid, format) = match codec {
            Codec::Opus => (self.sound, Format::Opus),
            Codec::Vp8 => (self.picture, Format::Vp8),
        };
        let writer = self.rtc.writer(mid).ok_or("no line to send on")?;
        let payload_type = writer
            .payload_params()
            .find(|one| one.spec().codec == format)
            .ok_or("the media server takes no such codec")?
            .pt();
        writer.write(payload_type, now(), time, frame).map_err(told)
    }

    /// Of everybody we see: the next frame shall stand for itself.
    pub fn ask_for_key_frames(&mut self) {
        for (mid, _) in self.slots.iter().filter(|(_, codec)| *codec == Codec::Vp8) {
            if let Some(mut writer) = self.rtc.writer(*mid) {
                // A slot that shows nobody has nobody to ask.
                let _ = writer.request_keyframe(None, KeyframeRequestKind::Pli);
            }
        }
    }

    fn drain(&mut self, arrived: &mut Vec<Arrived>) -> Outcome<()> {
        loop {
            match self.rtc.poll_output().map_err(told)? {
                Output::Timeout(_) => return Ok(()),
                Output::Transmit(packet) => {
                    // A packet that the machine cannot take is a lost packet.
                    let _ = self.socket.send_to(&packet.contents, packet.destination);
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::KeyframeRequest(_)) => self.key_frame_wanted = true,
                Output::Event(Event::MediaData(frame)) => arrived.extend(self.whole(frame)),
                Output::Event(_) => {}
            }
        }
    }

    fn whole(&self, frame: MediaData) -> Option<Arrived> {
        let (_, codec) = self.slots.iter().find(|(mid, _)| *mid == frame.mid)?;
        Some(Arrived { codec: *codec, time: frame.time, bytes: frame.data.to_vec() })
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of its own, at the edge: it has a real clock")]
pub fn now() -> Instant {
    Instant::now()
}

fn told(why: impl std::fmt::Display) -> String {
    why.to_string()
}

const DATAGRAM_BYTES: usize = 2_000;
const PACKETS_A_TURN: usize = 256;
/// How long the caller may sleep between two turns.
pub const TURN_EVERY: Duration = Duration::from_millis(5);
