//! Something a peer sends: one sound, or one picture in up to three layers.
//!
//! Owns which of its streams count, which of them flow, and how often their sender is asked for key frames.
//! Pure.

use std::time::Instant;

use str0m::media::Mid;

use crate::limits::{KEY_FRAME_EVERY, LAYER_BEHIND_PICTURES, LAYERS, STREAM_IDLE_AFTER};
use crate::names::Kind;

pub struct Track {
    pub mid: Mid,
    pub kind: Kind,
    /// It comes in layers; who is shown what is decided layer by layer.
    pub layered: bool,
    streams: [Stream; LAYERS],
}

#[derive(Default)]
struct Stream {
    /// The stream being forwarded, and when it was last heard.
    current: Option<(u32, Instant)>,
    /// Pictures of other layers that ended since it was heard.
    behind: u32,
    wanted: bool,
    asked_at: Option<Instant>,
}

impl Track {
    pub fn new(mid: Mid, kind: Kind, layered: bool) -> Track {
        Track { mid, kind, layered, streams: Default::default() }
    }

    /// Whether a packet of this stream is forwarded: one stream at a time and rank, so that a second source
    /// cannot be mixed into one picture.
    pub fn admit(&mut self, now: Instant, rank: usize, ssrc: u32, ends_picture: bool) -> bool {
        let stream = &mut self.streams[rank];
        let admitted = match stream.current {
            Some((current, heard)) => current == ssrc || now >= heard + STREAM_IDLE_AFTER,
            None => {
                // A fresh encoder starts with a key frame by itself.
                stream.wanted = false;
                true
            }
        };
        if admitted {
            stream.current = Some((ssrc, now));
            for (other, stream) in self.streams.iter_mut().enumerate() {
                stream.behind = if other == rank { 0 } else { stream.behind + u32::from(ends_picture) };
            }
        }
        admitted
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

    /// The next stream to be asked for a key frame now; it counts as asked.
    pub fn take_key_frame_due(&mut self, now: Instant) -> Option<u32> {
        let due = self.streams.iter_mut().find(|stream| stream.due().is_some_and(|at| now >= at))?;
        (due.wanted, due.asked_at) = (false, Some(now));
        due.current.map(|(ssrc, _)| ssrc)
    }

    /// When a request that came too early may be sent.
    pub fn key_frame_due(&self) -> Option<Instant> {
        self.streams.iter().filter_map(Stream::due).min()
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

    #[test]
    fn a_layer_that_stays_behind_the_others_no_longer_flows_and_a_pause_of_all_is_no_end() {
        let start = start();
        let mut track = Track::new("1".into(), Kind::Video, true);
        assert_eq!(track.flows(), [false; 3]);
        for rank in 0..3 {
            assert!(track.admit(start, rank, rank as u32, true));
        }
        assert_eq!(track.flows(), [true; 3]);
        let later = start + Duration::from_secs(60);
        track.admit(later, 0, 0, true);
        assert_eq!(track.flows(), [true; 3], "they all paused");
        for _ in 0..LAYER_BEHIND_PICTURES {
            track.admit(later, 0, 0, true);
            track.admit(later, 1, 1, false);
        }
        assert_eq!(track.flows(), [true, true, false]);
        track.admit(later, 2, 2, false);
        assert_eq!(track.flows(), [true; 3], "it came back");
    }

    #[test]
    fn each_layer_is_asked_for_a_key_frame_twice_a_second_at_most() {
        let start = start();
        let mut track = Track::new("1".into(), Kind::Video, true);
        track.want_key_frame(1);
        assert_eq!(track.take_key_frame_due(start), None, "nobody to ask yet");
        for rank in 0..3 {
            track.admit(start, rank, rank as u32, true);
        }
        track.want_key_frame(1);
        track.want_key_frame(2);
        assert_eq!([0, 1, 2].map(|_| track.take_key_frame_due(start)), [Some(1), Some(2), None]);
        track.want_key_frame(1);
        assert_eq!(track.take_key_frame_due(start), None);
        assert_eq!(track.key_frame_due(), Some(start + KEY_FRAME_EVERY));
        track.key_frame_came(1);
        assert_eq!(track.key_frame_due(), None);
    }

    #[expect(clippy::disallowed_methods, reason = "a test needs some instant to start from")]
    fn start() -> Instant {
        Instant::now()
    }
}
