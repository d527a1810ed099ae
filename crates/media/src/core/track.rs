//! Something a peer sends: one sound, or one picture in up to three layers.
//!
//! Owns which of its streams count, which of them flow, and how often their sender is asked for key frames.
//! Pure.

use std::time::Instant;

use str0m::media::Mid;

use crate::limits::{KEY_FRAME_EVERY, KEY_FRAME_SPACING, LAYER_BEHIND_PICTURES, LAYERS, STREAM_IDLE_AFTER};
use crate::names::Kind;

pub struct Track {
    pub mid: Mid,
    pub kind: Kind,
    /// It comes in layers; who is shown what is decided layer by layer.
    pub layered: bool,
    streams: [Stream; LAYERS],
    /// The last request for a key frame, of any layer.
    asked_at: Option<Instant>,
}

/// A packet of the track, as far as it matters here.
#[derive(Clone, Copy)]
pub struct Arrived {
    pub ssrc: u32,
    pub sequence: u64,
    pub ends_picture: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    No,
    /// Everything of its stream that came before it has a lower number.
    InOrder,
    /// Later ones are gone by already.
    Late,
}

#[derive(Default)]
struct Stream {
    /// The stream being forwarded, and when it was last heard.
    current: Option<(u32, Instant)>,
    /// The highest number of the current stream.
    newest: u64,
    /// Pictures of other layers that ended since it was heard.
    behind: u32,
    wanted: bool,
    asked_at: Option<Instant>,
}

impl Track {
    pub fn new(mid: Mid, kind: Kind, layered: bool) -> Track {
        Track { mid, kind, layered, streams: Default::default(), asked_at: None }
    }

    /// Whether a packet of this stream is forwarded: one stream at a time and rank, so that a second source
    /// cannot be mixed into one picture.
    pub fn admit(&mut self, now: Instant, rank: usize, arrived: Arrived) -> Admitted {
        let stream = &mut self.streams[rank];
        match stream.current {
            Some((current, _)) if current == arrived.ssrc => {}
            Some((_, heard)) if now < heard + STREAM_IDLE_AFTER => return Admitted::No,
            Some(_) => stream.newest = 0,
            // A fresh encoder starts with a key frame by itself.
            None => stream.wanted = false,
        }
        stream.current = Some((arrived.ssrc, now));
        let in_order = arrived.sequence > stream.newest;
        stream.newest = stream.newest.max(arrived.sequence);
        for (other, stream) in self.streams.iter_mut().enumerate() {
            stream.behind = if other == rank { 0 } else { stream.behind + u32::from(arrived.ends_picture) };
        }
        if in_order { Admitted::InOrder } else { Admitted::Late }
    }

    /// The layers that are sent now. A sender whose way up is narrow leaves the large ones out; one that
    /// pauses as a whole still has them all.
    pub fn flows(&self) -> [bool; LAYERS] {
        self.streams.each_ref().map(|one| one.current.is_some() && one.behind < LAYER_BEHIND_PICTURES)
    }

    pub fn want_key_frame(&mut self, rank: usize) {
        self.streams[rank].wanted = true;
    }

    /// It came.
    pub fn key_frame_came(&mut self, rank: usize) {
        self.streams[rank].wanted = false;
    }

    /// The next stream to be asked for a key frame now; it counts as asked. Whoever was asked longest ago
    /// comes first, so that no layer waits for ever behind another one.
    pub fn take_key_frame_due(&mut self, now: Instant) -> Option<u32> {
        self.key_frame_due().filter(|at| now >= *at)?;
        let due = self.streams.iter_mut().filter(|stream| stream.due().is_some_and(|at| now >= at));
        let first = due.min_by_key(|stream| stream.asked_at)?;
        (first.wanted, first.asked_at, self.asked_at) = (false, Some(now), Some(now));
        first.current.map(|(ssrc, _)| ssrc)
    }

    /// When a request that came too early may be sent.
    pub fn key_frame_due(&self) -> Option<Instant> {
        let due = self.streams.iter().filter_map(Stream::due).min()?;
        Some(self.asked_at.map_or(due, |asked| due.max(asked + KEY_FRAME_SPACING)))
    }
}

impl Stream {
    fn due(&self) -> Option<Instant> {
        let (_, heard) = self.current.filter(|_| self.wanted)?;
        Some(self.asked_at.map_or(heard, |asked| asked + KEY_FRAME_EVERY))
    }
}

#[cfg(test)]
mod tests {
    //! What flows, and what is asked for.
    use std::time::Duration;

    use super::*;

    fn picture(ssrc: u32, sequence: u64) -> Arrived {
        Arrived { ssrc, sequence, ends_picture: true }
    }

    /// A track whose three layers sent one picture each.
    fn flowing(now: Instant) -> Track {
        let mut track = Track::new("1".into(), Kind::Video, true);
        for rank in 0..3 {
            assert_eq!(track.admit(now, rank, picture(rank as u32, 9)), Admitted::InOrder);
        }
        track
    }

    #[test]
    fn a_layer_that_stays_behind_the_others_no_longer_flows_and_a_pause_of_all_is_no_end() {
        let start = start();
        assert_eq!(Track::new("1".into(), Kind::Video, true).flows(), [false; 3]);
        let mut track = flowing(start);
        assert_eq!(track.flows(), [true; 3]);
        let later = start + Duration::from_secs(60);
        track.admit(later, 0, picture(0, 10));
        assert_eq!(track.flows(), [true; 3], "they all paused");
        for number in 0..u64::from(LAYER_BEHIND_PICTURES) {
            track.admit(later, 0, picture(0, 11 + number));
            track.admit(later, 1, Arrived { ends_picture: false, ..picture(1, 11 + number) });
        }
        assert_eq!(track.flows(), [true, true, false]);
        track.admit(later, 2, picture(2, 10));
        assert_eq!(track.flows(), [true; 3], "it came back");
    }

    #[test]
    fn a_packet_that_later_ones_overtook_is_late_and_another_stream_starts_anew() {
        let start = start();
        let mut track = flowing(start);
        assert_eq!(track.admit(start, 2, picture(2, 12)), Admitted::InOrder);
        assert_eq!(track.admit(start, 2, picture(2, 11)), Admitted::Late);
        assert_eq!(track.admit(start, 2, picture(7, 1)), Admitted::No, "a second source");
        let later = start + STREAM_IDLE_AFTER;
        assert_eq!(track.admit(later, 2, picture(7, 1)), Admitted::InOrder);
    }

    #[test]
    fn each_layer_is_asked_for_a_key_frame_twice_a_second_at_most() {
        let start = start();
        let mut track = Track::new("1".into(), Kind::Video, true);
        track.want_key_frame(1);
        assert_eq!(track.take_key_frame_due(start), None, "nobody to ask yet");
        let mut track = flowing(start);
        track.want_key_frame(1);
        assert_eq!([0, 1].map(|_| track.take_key_frame_due(start)), [Some(1), None]);
        track.want_key_frame(1);
        assert_eq!(track.take_key_frame_due(start), None);
        assert_eq!(track.key_frame_due(), Some(start + KEY_FRAME_EVERY));
        track.key_frame_came(1);
        assert_eq!(track.key_frame_due(), None);
    }

    #[test]
    fn layers_that_are_all_wanted_all_the_time_are_asked_in_turn_and_never_close_together() {
        let start = start();
        let mut track = flowing(start);
        let mut asked: Vec<(u32, Instant)> = Vec::new();
        for step in 0..600 {
            let now = start + Duration::from_millis(5 * step);
            for rank in [0, 2] {
                track.want_key_frame(rank);
            }
            asked.extend(track.take_key_frame_due(now).map(|ssrc| (ssrc, now)));
        }
        assert!(asked.len() >= 8, "{} in 3 s", asked.len());
        for pair in asked.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "one after the other");
            assert!(pair[1].1 - pair[0].1 >= KEY_FRAME_SPACING);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a test needs some instant to start from")]
    fn start() -> Instant {
        Instant::now()
    }
}
