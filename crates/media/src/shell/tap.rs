//! A look from outside at what the media server holds after SRTP: every payload it gets, as it is.
//!
//! Owns the record. For the proof that nothing readable arrives here. Exists in debug builds alone, so the
//! program that a practice runs has no code that could keep a packet. What it writes ends at a bound.

use std::io::Write;

use crate::core::Tap;
use crate::limits::MAX_TAP_BYTES;

/// Each record: stream number (4 bytes), payload type (1), length (2), payload; numbers big-endian.
pub fn writing_to(mut out: impl Write + Send + 'static) -> Tap {
    let mut left = MAX_TAP_BYTES;
    Box::new(move |packet| {
        let Ok(length) = u16::try_from(packet.payload.len()) else { return };
        let mut record = Vec::with_capacity(HEADER_BYTES + packet.payload.len());
        record.extend_from_slice(&packet.header.ssrc.to_be_bytes());
        record.push(*packet.header.payload_type);
        record.extend_from_slice(&length.to_be_bytes());
        record.extend_from_slice(&packet.payload);
        // A record in part would make the rest unreadable: the first that does not fit or fails is the last.
        let written = record.len() <= left && out.write_all(&record).is_ok();
        left = if written { left - record.len() } else { 0 };
    })
}

const HEADER_BYTES: usize = 7;
