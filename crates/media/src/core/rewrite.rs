//! One outgoing stream made of whatever a slot was showing.
//!
//! Owns the numbering: a receiver sees one stream per slot with continuous sequence numbers, time and picture
//! numbers, although the person or the layer in it changes. Pure. Never touches a sealed byte: the numbers of
//! pictures stand in the payload descriptor, in front of the frame.

use std::time::Instant;

use super::descriptor::PictureNumber;

/// Which incoming stream a packet belongs to: the sender's connection and its stream number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub connection: u64,
    pub ssrc: u32,
}

/// What the WebRTC library wants for one outgoing packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub sequence: u64,
    pub time: u32,
}

pub struct Rewriter {
    ticks_per_s: u32,
    current: Option<Current>,
    /// The highest number given out, its time, and when.
    last: Option<(u64, u32, Instant)>,
}

struct Current {
    source: Source,
    first_in: u64,
    first_out: u64,
    time_offset: u32,
}

impl Rewriter {
    pub fn new(ticks_per_s: u32) -> Rewriter {
        Rewriter { ticks_per_s, current: None, last: None }
    }

    /// Numbers one packet. `None`: it is older than the first packet of this source and has no place.
    pub fn number(&mut self, now: Instant, source: Source, sequence: u64, time: u32) -> Option<Numbered> {
        if self.current.as_ref().is_none_or(|current| current.source != source) {
            self.current = Some(self.start(now, source, sequence, time));
        }
        let current = self.current.as_ref()?;
        let step = sequence.checked_sub(current.first_in)?;
        let out =
            Numbered { sequence: current.first_out + step, time: time.wrapping_add(current.time_offset) };
        if self.last.is_none_or(|(highest, _, _)| out.sequence > highest) {
            self.last = Some((out.sequence, out.time, now));
        }
        Some(out)
    }

    fn start(&self, now: Instant, source: Source, sequence: u64, time: u32) -> Current {
        let Some((last_out, last_time, at)) = self.last else {
            return Current { source, first_in: sequence, first_out: FIRST_SEQUENCE, time_offset: 0 };
        };
        let passed = now.saturating_duration_since(at).as_micros() * u128::from(self.ticks_per_s) / 1_000_000;
        // Modular arithmetic is what RTP time is (RFC 3550 5.1), and a new source never starts at an old
        // time.
        let passed = u32::try_from(passed % (1 << 32)).unwrap_or(0).max(1);
        let first_time = last_time.wrapping_add(passed);
        Current {
            source,
            first_in: sequence,
            first_out: last_out + 1,
            time_offset: first_time.wrapping_sub(time),
        }
    }
}

/// Numbers of layered pictures, continuous across layers: a decoder takes them for the order of pictures.
#[derive(Default)]
pub struct Pictures {
    current: Option<(Source, PictureNumber)>,
    last: Option<PictureNumber>,
}

impl Pictures {
    /// The number this packet's picture has for the receiver. `None`: it is right as it is.
    pub fn number(&mut self, source: Source, came: PictureNumber) -> Option<PictureNumber> {
        let added = match self.current {
            Some((current, added)) if current == source => added,
            _ => self.start(source, came),
        };
        let out = PictureNumber {
            picture: came.picture.wrapping_add(added.picture) & PICTURE_BITS,
            base: came.base.wrapping_add(added.base),
        };
        let is_newer = |last: &PictureNumber| out.picture.wrapping_sub(last.picture) & PICTURE_BITS < HALF;
        if self.last.as_ref().is_none_or(is_newer) {
            self.last = Some(out);
        }
        (added != NOTHING).then_some(out)
    }

    fn start(&mut self, source: Source, first: PictureNumber) -> PictureNumber {
        let added = self.last.map_or(NOTHING, |last| PictureNumber {
            picture: last.picture.wrapping_add(1).wrapping_sub(first.picture) & PICTURE_BITS,
            base: last.base.wrapping_add(1).wrapping_sub(first.base),
        });
        self.current = Some((source, added));
        added
    }
}

const NOTHING: PictureNumber = PictureNumber { picture: 0, base: 0 };
const PICTURE_BITS: u16 = 0x7FFF;
const HALF: u16 = 0x4000;

/// Well below 2^15, so that neither side starts near a rollover (RFC 3711 3.3.1).
const FIRST_SEQUENCE: u64 = 1_000;

#[cfg(test)]
mod tests {
    //! Numbering across a change of source.
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_of_source_continues_numbers_and_time() {
        let start = sim_start();
        let mut rewriter = Rewriter::new(90_000);
        let ann = Source { connection: 1, ssrc: 7 };
        let ben = Source { connection: 2, ssrc: 7 };
        let first = rewriter.number(start, ann, 70_000, u32::MAX - 5).unwrap();
        assert_eq!(first.sequence, 1_000);
        assert_eq!(rewriter.number(start, ann, 70_002, 3_000).unwrap().sequence, 1_002);
        assert_eq!(rewriter.number(start, ann, 69_999, 0), None);
        let later = start + Duration::from_millis(100);
        let next = rewriter.number(later, ben, 5, 123).unwrap();
        assert_eq!(next, Numbered { sequence: 1_003, time: 12_000 });
        assert_eq!(
            rewriter.number(later, ben, 7, 3_123).unwrap(),
            Numbered { sequence: 1_005, time: 15_000 }
        );
    }

    #[test]
    fn a_change_of_layer_continues_the_picture_numbers() {
        let mut pictures = Pictures::default();
        let [small, large] = [7, 8].map(|ssrc| Source { connection: 1, ssrc });
        let at = |picture, base| PictureNumber { picture, base };
        assert_eq!(pictures.number(small, at(0x7FFE, 255)), None, "the first layer stays as it is");
        assert_eq!(pictures.number(small, at(0x7FFF, 255)), None);
        assert_eq!(pictures.number(large, at(500, 10)), Some(at(0, 0)));
        assert_eq!(pictures.number(large, at(503, 11)), Some(at(3, 1)));
        assert_eq!(pictures.number(large, at(501, 10)), Some(at(1, 0)), "late, and in its place");
        assert_eq!(pictures.number(small, at(3, 0)), Some(at(4, 2)));
    }

    #[expect(clippy::disallowed_methods, reason = "a test needs some instant to start from")]
    fn sim_start() -> Instant {
        Instant::now()
    }
}
