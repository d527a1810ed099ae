//! A browser, as far as the media server can tell: one offer, own sound and picture out, slots in.
//!
//! Owns what it sent and got, so that the tests can compare byte by byte. Every payload can be made again
//! from who sent it and its number.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::layered::{self, Layered};
use crate::core::Size;
use crate::identity::Identity;
use crate::names::Kind;

pub struct Client {
    pub peer: u8,
    pub address: SocketAddr,
    /// Where others see its packets come from.
    pub outside: SocketAddr,
    pub transport: Protocol,
    pub connected: bool,
    pub silent: bool,
    pub wake_at: Instant,
    pub got: Vec<Got>,
    pub sent_audio: u32,
    pub sent_video: u32,
    pub key_frames_asked: Vec<Instant>,
    /// The layers of the picture that can be sent; none for a picture that has no layers.
    pub layers: Option<[bool; 3]>,
    /// Those the server needs.
    pub needed: [bool; 3],
    /// Hears requests for key frames and does nothing.
    pub deaf: bool,
    layered: Layered,
    rtc: Rtc,
    sound: Mid,
    picture: Mid,
    slots: Vec<(Mid, Kind, usize)>,
    sends: Vec<Vec<u8>>,
    next_sound: Instant,
    next_picture: Instant,
}

/// One received packet.
#[derive(Clone, Debug)]
pub struct Got {
    pub at: Instant,
    pub kind: Kind,
    pub slot: usize,
    pub sequence: u64,
    pub time: u32,
    pub payload: Arc<[u8]>,
}

impl Got {
    pub fn from(&self) -> u8 {
        self.body()[0]
    }

    pub fn number(&self) -> u32 {
        u32::from_be_bytes(self.body()[2..6].try_into().unwrap())
    }

    pub fn intact(&self) -> bool {
        *self.body() == *payload(self.from(), self.kind, self.number())
    }

    /// Behind what a layered picture has in front.
    pub fn body(&self) -> &[u8] {
        if self.payload[0] & 0x80 == 0 { &self.payload } else { &self.payload[layered::FRONT_BYTES..] }
    }
}

impl Client {
    pub fn new(now: Instant, peer: u8, address: SocketAddr) -> Client {
        let provider = Identity::of_this_process().unwrap().provider;
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(provider)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        Client {
            peer,
            address,
            outside: address,
            transport: Protocol::Udp,
            connected: false,
            silent: false,
            wake_at: now,
            got: Vec::new(),
            sent_audio: 0,
            sent_video: 0,
            key_frames_asked: Vec::new(),
            layers: None,
            needed: [true, false, false],
            deaf: false,
            layered: Layered::default(),
            rtc,
            sound: Mid::new(),
            picture: Mid::new(),
            slots: Vec::new(),
            sends: Vec::new(),
            next_sound: now,
            next_picture: now,
        }
    }

    /// Makes the layers for these sizes and no others.
    pub fn give(&mut self, sizes: &[Size]) {
        self.needed = Size::ALL.map(|size| sizes.contains(&size));
    }

    /// The same over a TCP connection that is already open.
    pub fn over_tcp(mut self) -> Client {
        self.transport = Protocol::Tcp;
        let ours = Candidate::builder().tcp().host(self.address).tcptype(TcpType::Active).build().unwrap();
        self.rtc.add_local_candidate(ours);
        self
    }

    pub fn offer(&mut self) -> (String, SdpPendingOffer) {
        let mut changes = self.rtc.sdp_api();
        self.sound = changes.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let layers = self.layers.map(|_| layered::offered());
        self.picture = changes.add_media(MediaKind::Video, Direction::SendOnly, None, None, layers);
        for (kind, named) in [(MediaKind::Audio, Kind::Audio), (MediaKind::Video, Kind::Video)] {
            for slot in 0..3 {
                let mid = changes.add_media(kind, Direction::RecvOnly, None, None, None);
                self.slots.push((mid, named, slot));
            }
        }
        let (offer, pending) = changes.apply().unwrap();
        (offer.to_sdp_string(), pending)
    }

    pub fn accept(&mut self, now: Instant, pending: SdpPendingOffer, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
        self.drain(now);
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain(now);
    }

    pub fn receive(&mut self, now: Instant, from: SocketAddr, packet: &[u8]) {
        if self.silent {
            return;
        }
        let Ok(receive) = Receive::new(self.transport, from, self.address, packet) else { return };
        // What the client makes of hostile packets is not under test here.
        let _ = self.rtc.handle_input(Input::Receive(now, receive));
        self.drain(now);
    }

    /// Lets time pass, and speaks and moves when it is time to.
    pub fn tick(&mut self, now: Instant) {
        if self.silent || !self.rtc.is_alive() {
            return;
        }
        if now >= self.wake_at {
            self.rtc.handle_input(Input::Timeout(now)).unwrap();
            self.drain(now);
        }
        if !self.connected {
            (self.next_sound, self.next_picture) = (now, now);
            return;
        }
        if now >= self.next_sound {
            self.next_sound += SOUND_EVERY;
            self.sent_audio += 1;
            self.write(now, Kind::Audio, self.sent_audio, (self.sent_audio * 960, true));
        }
        if now >= self.next_picture {
            self.next_picture += PICTURE_EVERY;
            if let Some(able) = self.layers {
                let sent = [0, 1, 2].map(|rank| able[rank] && self.needed[rank]);
                for packet in self.layered.picture(self.peer, sent) {
                    self.write_layer(now, packet);
                }
                return;
            }
            let time = self.sent_video / PACKETS_PER_PICTURE * 3_000;
            for part in 1..=PACKETS_PER_PICTURE {
                self.sent_video += 1;
                self.write(now, Kind::Video, self.sent_video, (time, part == PACKETS_PER_PICTURE));
            }
        }
    }

    pub fn take_sends(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.sends)
    }

    pub fn alive(&self) -> bool {
        self.rtc.is_alive()
    }

    pub fn close(&mut self, now: Instant) {
        self.rtc.close().unwrap();
        self.drain(now);
    }

    /// Asks the sender in this slot for a key frame.
    pub fn ask_key_frame(&mut self, now: Instant, slot: usize) {
        let mid = self.slots.iter().find(|(_, kind, n)| *kind == Kind::Video && *n == slot).unwrap().0;
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
        self.drain(now);
    }

    /// How many packets of this sender and kind came, each counted once.
    pub fn heard(&self, from: u8, kind: Kind) -> usize {
        let mut numbers: Vec<u32> = self.of(from, kind).map(Got::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len()
    }

    pub fn of(&self, from: u8, kind: Kind) -> impl Iterator<Item = &Got> {
        self.got.iter().filter(move |got| got.from() == from && got.kind == kind)
    }

    fn write(&mut self, now: Instant, kind: Kind, number: u32, (time, marker): (u32, bool)) {
        let (mid, codec) = match kind {
            Kind::Audio => (self.sound, Codec::Opus),
            Kind::Video => (self.picture, Codec::Vp8),
        };
        let payload_type = self.payload_type(codec);
        let bytes = payload(self.peer, kind, number);
        let packet = RtpWrite::new(payload_type, u64::from(number).into(), time, now, bytes)
            .marker(marker)
            .nackable(kind == Kind::Video);
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(packet);
        }
        self.drain(now);
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain(now);
    }

    fn write_layer(&mut self, now: Instant, packet: layered::Packet) {
        let payload_type = self.payload_type(Codec::Vp8);
        let write = RtpWrite::new(payload_type, packet.number.into(), packet.time, now, packet.payload)
            .marker(packet.ends)
            .nackable(true);
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.picture, Some(packet.rid)) {
            stream.write_rtp(write);
        }
        self.drain(now);
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain(now);
    }

    fn payload_type(&self, codec: Codec) -> Pt {
        self.rtc.codec_config().iter().find(|params| params.spec().codec == codec).unwrap().pt()
    }

    fn drain(&mut self, now: Instant) {
        let mut packets = Vec::new();
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.wake_at = at.max(now + Duration::from_millis(1));
                    break;
                }
                Ok(Output::Transmit(transmit)) => self.sends.push(transmit.contents.into()),
                Ok(Output::Event(Event::Connected)) => self.connected = true,
                Ok(Output::Event(Event::KeyframeRequest(asked))) => {
                    self.key_frames_asked.push(now);
                    if !self.deaf {
                        self.layered.asked(asked.rid);
                    }
                }
                Ok(Output::Event(Event::RtpPacket(packet))) => packets.push(packet),
                Ok(Output::Event(_)) => {}
                Err(_) => break,
            }
        }
        for packet in packets {
            self.note(now, &packet);
        }
    }

    fn note(&mut self, now: Instant, packet: &RtpPacket) {
        let Some(mid) = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid())
        else {
            return;
        };
        let (_, kind, slot) = *self.slots.iter().find(|(slot, _, _)| *slot == mid).unwrap();
        self.got.push(Got {
            at: now,
            kind,
            slot,
            sequence: *packet.seq_no,
            time: packet.header.timestamp,
            payload: packet.payload.clone(),
        });
    }
}

/// What this person sends as this number: any bytes, so that nothing can depend on their meaning.
pub fn payload(peer: u8, kind: Kind, number: u32) -> Vec<u8> {
    let length = if kind == Kind::Audio { 90 + number % 60 } else { 900 + number % 200 };
    let mut bytes = vec![peer, kind as u8];
    bytes.extend_from_slice(&number.to_be_bytes());
    let mut state = u32::from(peer) * 7 + number * 31 + kind as u32 + 1;
    bytes.extend((0..length).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    bytes
}

const SOUND_EVERY: Duration = Duration::from_millis(20);
const PICTURE_EVERY: Duration = Duration::from_millis(33);
const PACKETS_PER_PICTURE: u32 = 3;
