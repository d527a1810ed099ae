//! What stands in front of the frames of a layered picture: whether a key frame starts, and its number.
//!
//! Owns the reading of payload descriptors (RFC 7741 4.2 for VP8, RFC 9628 4.2 for VP9), and of one clear bit
//! behind that of VP8. Nothing else of a payload is ever read. Pure.

use std::sync::Arc;

use str0m::format::Codec;
use str0m::rtp::Vp8Descriptor;

#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    pub starts_key_frame: bool,
    pub number: PictureNumber,
    vp8: Option<Vp8Descriptor>,
    base_at: Option<usize>,
}

/// A picture, and its last one of the lowest temporal layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureNumber {
    pub picture: u16,
    pub base: u8,
}

impl Descriptor {
    /// `None`: it cannot be read, or its pictures have no number of fifteen bits, as those of browsers have.
    pub fn read(codec: Codec, payload: &[u8]) -> Option<Descriptor> {
        match codec {
            Codec::Vp8 => Self::vp8(payload),
            Codec::Vp9 => Self::vp9(payload),
            _ => None,
        }
    }

    fn vp8(payload: &[u8]) -> Option<Descriptor> {
        let vp8 = Vp8Descriptor::parse(payload).ok()?;
        let number =
            PictureNumber { picture: vp8.picture_id()?, base: vp8.tl0_pic_idx().unwrap_or_default() };
        let starts_key_frame = vp8.starts_keyframe(payload);
        Some(Descriptor { starts_key_frame, number, vp8: Some(vp8), base_at: None })
    }

    fn vp9(payload: &[u8]) -> Option<Descriptor> {
        let (flags, high, low) = (*payload.first()?, *payload.get(1)?, *payload.get(2)?);
        if flags & VP9_NUMBERED == 0 || high & VP9_WIDE == 0 {
            return None;
        }
        // Layer indices come with the number of the base picture unless references are listed one by one.
        let base_at = (flags & VP9_LAYERS != 0 && flags & VP9_FLEXIBLE == 0).then_some(4);
        let base = base_at.map_or(Some(0), |at| payload.get(at).copied())?;
        let number = PictureNumber { picture: u16::from_be_bytes([high & !VP9_WIDE, low]), base };
        let starts_key_frame = flags & VP9_PREDICTED == 0 && flags & VP9_BEGINS != 0;
        Some(Descriptor { starts_key_frame, number, vp8: None, base_at })
    }

    /// The same payload under another number.
    pub fn renumbered(&self, payload: &Arc<[u8]>, to: PictureNumber) -> Renumbered {
        if let Some(vp8) = &self.vp8 {
            let patch = vp8.patch().picture_id(to.picture);
            let patch = if vp8.tl0_pic_idx().is_some() { patch.tl0_pic_idx(to.base) } else { patch };
            return Renumbered::Patch(patch.build().ok());
        }
        let mut bytes = payload.to_vec();
        let [high, low] = to.picture.to_be_bytes();
        (bytes[1], bytes[2]) = (high | VP9_WIDE, low);
        if let Some(at) = self.base_at {
            bytes[at] = to.base;
        }
        Renumbered::Bytes(bytes.into())
    }
}

pub enum Renumbered {
    /// Written over a shared payload as it leaves.
    Patch(Option<str0m::rtp::Vp8Patch>),
    Bytes(Arc<[u8]>),
}

const VP9_NUMBERED: u8 = 0x80;
const VP9_PREDICTED: u8 = 0x40;
const VP9_LAYERS: u8 = 0x20;
const VP9_FLEXIBLE: u8 = 0x10;
const VP9_BEGINS: u8 = 0x08;
const VP9_WIDE: u8 = 0x80;

#[cfg(test)]
mod tests {
    //! By hand, bit by bit.
    use super::*;

    #[test]
    fn a_vp9_key_frame_begins_where_nothing_is_predicted() {
        let read = |flags: u8| Descriptor::read(Codec::Vp9, &[flags, 0x81, 2, 0, 7, 99]);
        let key = read(0x80 | 0x20 | 0x08).unwrap();
        assert!(key.starts_key_frame);
        assert_eq!(key.number, PictureNumber { picture: 0x102, base: 7 });
        assert!(!read(0xA0).unwrap().starts_key_frame, "a later packet of it");
        assert!(!read(0xE8).unwrap().starts_key_frame, "predicted");
        assert_eq!(read(0x98).unwrap().number.base, 0, "flexible mode has no base number");
        assert!(read(0x08).is_none(), "without a number");
        assert!(Descriptor::read(Codec::Vp9, &[0x88, 0x81]).is_none());
        assert!(Descriptor::read(Codec::Opus, &[0x88, 0x81, 2]).is_none());
    }

    #[test]
    fn another_number_changes_nothing_behind_the_descriptor() {
        let payload: Arc<[u8]> = Arc::from([0xA8, 0x81, 2, 0x11, 7, 99, 98].as_slice());
        let descriptor = Descriptor::read(Codec::Vp9, &payload).unwrap();
        let to = PictureNumber { picture: 0x7FFF, base: 200 };
        let Renumbered::Bytes(bytes) = descriptor.renumbered(&payload, to) else { panic!("a copy") };
        assert_eq!(*bytes, [0xA8, 0xFF, 0xFF, 0x11, 200, 99, 98]);
    }
}
