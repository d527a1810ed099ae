//! What a client may offer, and the sentences it gets when it may not.
//!
//! Owns the screening of an SDP offer before the WebRTC library sees it. Pure. Refuses offers that are too
//! large, and takes out every remote candidate: this server answers checks and never starts one, so an
//! address written into an offer is never contacted.

use crate::limits::{MAX_SDP_BYTES, MAX_SDP_LINES, MAX_SDP_MEDIA};

/// Why a join was refused. Each sentence can be shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    #[error("The connection request could not be read. Reload the page and join again.")]
    NotSdp,
    #[error("The connection request is too large. Reload the page and join again.")]
    TooLarge,
    #[error("The connection request has no sound or picture this server can carry. Use a current browser.")]
    NoMedia,
    #[error("This room is full. Ask the host to let somebody leave first.")]
    RoomFull,
    #[error("The media server is busy. Wait a moment and join again.")]
    Busy,
    #[error("The media server has stopped. Ask the practice to restart it.")]
    Stopped,
}

/// A screened offer: text without remote candidates, and the names of its media lines in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Screened {
    pub text: String,
    pub mids: Vec<String>,
}

pub fn screen(offer: &str) -> Result<Screened, JoinError> {
    if offer.len() > MAX_SDP_BYTES {
        return Err(JoinError::TooLarge);
    }
    if !offer.starts_with("v=0") {
        return Err(JoinError::NotSdp);
    }
    let mut text = String::with_capacity(offer.len());
    let mut mids = Vec::new();
    let mut media = 0;
    for (number, line) in offer.lines().enumerate() {
        if number >= MAX_SDP_LINES {
            return Err(JoinError::TooLarge);
        }
        let line = line.trim_end();
        if line.is_empty() || CANDIDATE_LINES.iter().any(|start| line.starts_with(start)) {
            continue;
        }
        if line.starts_with("m=") {
            media += 1;
            if media > MAX_SDP_MEDIA {
                return Err(JoinError::TooLarge);
            }
            if !line.starts_with("m=audio ") && !line.starts_with("m=video ") {
                return Err(JoinError::NoMedia);
            }
        }
        if let Some(mid) = line.strip_prefix("a=mid:") {
            if mid.is_empty() || mid.len() > MAX_MID_BYTES || !mid.is_ascii() {
                return Err(JoinError::NotSdp);
            }
            mids.push(mid.to_owned());
        }
        text.push_str(line);
        text.push_str("\r\n");
    }
    if media == 0 {
        return Err(JoinError::NoMedia);
    }
    if mids.len() != media {
        return Err(JoinError::NotSdp);
    }
    Ok(Screened { text, mids })
}

const CANDIDATE_LINES: [&str; 3] = ["a=candidate:", "a=end-of-candidates", "a=remote-candidates"];
/// What the WebRTC library can hold of a media line's name.
const MAX_MID_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    //! Screening alone; whole offers are tried in the simulation.
    use super::*;

    #[test]
    fn candidates_are_taken_out() {
        let offer = "v=0\r\nm=audio 9 X 1\r\na=mid:0\r\na=candidate:1 1 udp 1 203.0.113.9 9 typ host\r\n";
        let screened = screen(offer).unwrap();
        assert!(!screened.text.contains("203.0.113.9"));
        assert_eq!(screened.mids, ["0"]);
    }

    #[test]
    fn each_refusal_has_its_own_reason() {
        assert_eq!(screen("hello"), Err(JoinError::NotSdp));
        assert_eq!(screen("v=0\r\n"), Err(JoinError::NoMedia));
        assert_eq!(screen("v=0\r\nm=application 9 X 1\r\na=mid:0\r\n"), Err(JoinError::NoMedia));
        assert_eq!(screen("v=0\r\nm=audio 9 X 1\r\n"), Err(JoinError::NotSdp));
        assert_eq!(screen(&format!("v=0{}", "\r\ns=x".repeat(20_000))), Err(JoinError::TooLarge));
        let many: String = (0..40).map(|n| format!("m=audio 9 X 1\r\na=mid:{n}\r\n")).collect();
        assert_eq!(screen(&format!("v=0\r\n{many}")), Err(JoinError::TooLarge));
    }
}
