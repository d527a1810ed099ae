//! Joining a room with one offer, and the slots that follow from who is there.
//!
//! Owns admission to the media server: the bounds on rooms and people, the answer, replacing an old
//! connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use str0m::change::SdpOffer;
use str0m::net::TcpType;
use str0m::rtp::Extension;
use str0m::{Candidate, Input, Rtc, RtcConfig};

use super::Core;
use super::event::MediaEvent;
use super::peer::{Peer, State};
use super::slots::assign;
use crate::limits::{
    LINK_REPORT_EVERY, MAX_PEERS, MAX_PEERS_PER_ROOM, MAX_ROOMS, RESEND_AUDIO_PACKETS, RESEND_VIDEO_PACKETS,
};
use crate::names::{Kind, PeerKey, Picture, RoomKey};
use crate::offer::{JoinError, screen};

impl Core {
    /// Answers an offer and puts the peer into the room. A peer that is somewhere already is replaced, but
    /// only by an offer that works.
    pub fn join(
        &mut self,
        now: Instant,
        room: RoomKey,
        key: PeerKey,
        offer: &str,
    ) -> Result<String, JoinError> {
        let screened = screen(offer)?;
        self.room_for(room, key)?;
        let parsed = AssertUnwindSafe(|| self.answer(now, &screened.text));
        let (rtc, answer) = catch_unwind(parsed).unwrap_or_else(|_| {
            self.sink.counts.panics += 1;
            Err(JoinError::NotSdp)
        })?;
        let connection = self.connections + 1;
        let peer = Peer::new(now, (room, key, connection), rtc, &screened.mids);
        if peer.tracks.is_empty() && peer.audio.lines.is_empty() && peer.video.lines.is_empty() {
            return Err(JoinError::NoMedia);
        }
        self.connections = connection;

        let place = self.replace(now, room, key);
        self.demux.add(&peer.local_ufrag, key);
        self.deadlines.set(key, now);
        self.peers.insert(key, peer);
        let members = self.rooms.entry(room).or_default();
        members.insert(place.min(members.len()), key);
        self.turn(key, |rtc| rtc.handle_input(Input::Timeout(now)));
        self.reassign(now, room);
        self.settle(now);
        if !self.peers.contains_key(&key) {
            return Err(JoinError::NotSdp);
        }
        Ok(answer)
    }

    fn room_for(&self, room: RoomKey, key: PeerKey) -> Result<(), JoinError> {
        let others = self.rooms.get(&room).map_or(0, |all| all.iter().filter(|other| **other != key).count());
        if others >= MAX_PEERS_PER_ROOM {
            return Err(JoinError::RoomFull);
        }
        let new_peer = !self.peers.contains_key(&key);
        let new_room = !self.rooms.contains_key(&room);
        if (new_peer && self.peers.len() >= MAX_PEERS) || (new_room && self.rooms.len() >= MAX_ROOMS) {
            return Err(JoinError::Busy);
        }
        Ok(())
    }

    fn answer(&self, now: Instant, offer: &str) -> Result<(Rtc, String), JoinError> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(|_| JoinError::NotSdp)?;
        let mut rtc = self.config().build(now);
        for address in &self.addresses.udp {
            if let Ok(candidate) = Candidate::builder().udp().host(*address).build() {
                rtc.add_local_candidate(candidate);
            }
        }
        for address in &self.addresses.tcp {
            if let Ok(candidate) = Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build()
            {
                rtc.add_local_candidate(candidate);
            }
        }
        let answer = rtc.sdp_api().accept_offer(offer).map_err(|_| JoinError::NotSdp)?;
        Ok((rtc, answer.to_sdp_string()))
    }

    /// What every connection has in common. Opus, and VP8 or VP9; no audio levels, which would tell the
    /// server who is speaking; transport-wide feedback, so that browsers can judge their way up and we, by
    /// their reports once a second, the way down.
    fn config(&self) -> RtcConfig {
        RtcConfig::new()
            .set_crypto_provider(self.identity.provider.clone())
            .set_dtls_cert(self.identity.certificate.clone())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(LINK_REPORT_EVERY))
            .set_send_buffer_audio(RESEND_AUDIO_PACKETS)
            .set_send_buffer_video(RESEND_VIDEO_PACKETS)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(self.picture == Picture::Vp8)
            .enable_vp9(self.picture == Picture::Vp9)
            .clear_extension_map()
            .set_extension(2, Extension::AbsoluteSendTime)
            .set_extension(3, Extension::TransportSequenceNumber)
            .set_extension(4, Extension::RtpMid)
            .set_extension(10, Extension::RtpStreamId)
            .set_extension(11, Extension::RepairedRtpStreamId)
            .set_extension(13, Extension::VideoOrientation)
    }

    /// Ends the connection this peer had and gives back its place in the room, or the end of the line.
    fn replace(&mut self, now: Instant, room: RoomKey, key: PeerKey) -> usize {
        let Some(before) = self.peers.get_mut(&key) else { return usize::MAX };
        before.close(&mut self.sink);
        if before.room != room {
            self.detach(now, key);
            return usize::MAX;
        }
        let (ufrag, paths) = (before.local_ufrag.clone(), before.paths().collect::<Vec<_>>());
        self.demux.remove(&ufrag, key, paths.into_iter());
        self.peers.remove(&key);
        // The others keep this peer in their slots: the new connection continues the same streams.
        let Some(members) = self.rooms.get_mut(&room) else { return usize::MAX };
        let place = members.iter().position(|member| *member == key).unwrap_or(members.len());
        members.retain(|member| *member != key);
        place
    }

    /// Brings every receiver's slots in this room up to date and tells who changed.
    pub(super) fn reassign(&mut self, now: Instant, room: RoomKey) {
        let members = self.rooms.get(&room).cloned().unwrap_or_default();
        let senders = |core: &Core, kind, but: PeerKey| {
            let sends = |key: &PeerKey| core.peers.get(key).is_some_and(|peer| peer.sends(kind));
            members.iter().copied().filter(|key| *key != but && sends(key)).collect::<Vec<_>>()
        };
        for receiver in &members {
            let (audio, video) =
                (senders(self, Kind::Audio, *receiver), senders(self, Kind::Video, *receiver));
            let Some(peer) = self.peers.get_mut(receiver) else { continue };
            let heard = assign(&mut peer.audio.shown, &audio);
            let seen = assign(&mut peer.video.shown, &video);
            if heard.is_empty() && seen.is_empty() {
                continue;
            }
            self.events.push_back(MediaEvent::Slots { room, peer: *receiver, map: peer.slot_map() });
            for slot in &seen {
                // What was shown before is gone with whoever had the slot.
                peer.video.lines[*slot].showing = None;
            }
            if peer.state == State::Connected {
                for slot in seen {
                    self.ask_key_frame_for(now, *receiver, slot);
                }
            }
        }
        self.say_all_needed(room);
    }
}
