//! Every bound of the media server, in one place, each with what it costs to raise it.
//!
//! Owns numbers only.

use std::time::Duration;

/// People in one room. Each one more adds a copy of every packet for everybody else.
pub const MAX_PEERS_PER_ROOM: usize = 8;
/// Remote people of one kind that one offer can ask for; more receive lines are answered but stay empty.
pub const MAX_SLOTS_PER_KIND: usize = 7;
/// Send lines of one offer that are read: microphone, camera and, later, a screen.
pub const MAX_TRACKS: usize = 4;
pub const MAX_ROOMS: usize = 1_000;
/// About 2 MB of memory each, mostly packets kept for resending.
pub const MAX_PEERS: usize = 2_000;

/// A browser's offer of eight lines with all its codecs is 23 KiB; with only ours it is a third of that.
pub const MAX_SDP_BYTES: usize = 32 * 1024;
pub const MAX_SDP_LINES: usize = 2_000;
pub const MAX_SDP_MEDIA: usize = 32;

/// No WebRTC packet is longer than an Ethernet frame; what is longer is junk.
pub const MAX_DATAGRAM: usize = 1_600;
/// Source addresses one connection may prove in its life; a phone that changes networks uses a handful.
pub const MAX_PATHS_PER_PEER: usize = 64;
/// Remembered check numbers per peer, against replay from another address: about 20 minutes of a browser's.
pub const MAX_REMEMBERED_CHECKS: usize = 512;
/// Streams one peer may send, resends not counted.
pub const MAX_STREAMS_PER_PEER: usize = 16;
/// Layers of one picture: 180, 360 and 720 lines.
pub const LAYERS: usize = 3;
/// A layer this many pictures behind the others is not sent any more: a second, or a little more.
pub const LAYER_BEHIND_PICTURES: u32 = 40;
/// How often the library tells loss and round trip of a way down.
pub const LINK_REPORT_EVERY: Duration = Duration::from_secs(1);
/// More loss than this, or a queue longer than this, is a way down that carries too much.
pub const LINK_LOSS_BAD: f32 = 0.1;
pub const LINK_QUEUE: Duration = Duration::from_millis(500);
/// Reports after which the shortest round trip is forgotten, unless it is measured again: up to a minute.
pub const LINK_SHORTEST_FOR: u32 = 30;
/// Below this it may carry more.
pub const LINK_LOSS_GOOD: f32 = 0.02;
/// Bad reports until one layer down, good ones until one layer up; the latter double after each relapse.
pub const LINK_BAD_REPORTS: u32 = 2;
pub const LINK_GOOD_REPORTS: u32 = 8;
pub const LINK_GOOD_REPORTS_MAX: u32 = 64;
/// Outputs one mutation may cause before the peer is taken for broken.
pub const MAX_OUTPUTS_PER_DRAIN: usize = 4_096;
/// Timer turns one peer may ask for within one instant before its next one is put off by a millisecond.
pub const MAX_TURNS_PER_INSTANT: usize = 64;

/// One picture-loss request per layer and this time; a storm of them costs the sender its picture quality.
pub const KEY_FRAME_EVERY: Duration = Duration::from_millis(500);
/// Between requests to one sender, whichever layer they name: browsers ignore one that follows another within
/// 300 ms (libwebrtc, `EncoderRtcpFeedback`), and would ignore the same layer every time.
pub const KEY_FRAME_SPACING: Duration = Duration::from_millis(350);
/// Time to bring up ICE and DTLS.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// Time a peer whose network went away keeps its place.
pub const LOST_FOR: Duration = Duration::from_secs(30);
/// A path without an authenticated check for this long gives way to a nominated path that has one. Browsers
/// check every 2.5 s.
pub const PATH_STALE_AFTER: Duration = Duration::from_secs(4);
/// A track whose stream was silent this long may continue under another stream number.
pub const STREAM_IDLE_AFTER: Duration = Duration::from_secs(2);

/// Packets of one kind kept for resending, per outgoing stream.
pub const RESEND_AUDIO_PACKETS: usize = 64;
pub const RESEND_VIDEO_PACKETS: usize = 512;

/// Packets read from one source before the loop looks at the others.
pub const MAX_READS_PER_TURN: usize = 64;
pub const MAX_COMMANDS_WAITING: usize = 256;
pub const MAX_EVENTS_WAITING: usize = 4_096;
/// Key-frame bursts are lost in the kernel below this (str0m #368).
pub const SOCKET_BUFFER_BYTES: usize = 8 * 1024 * 1024;

pub const MAX_TCP_CONNECTIONS: usize = 512;
/// Of one address: a whole building behind it, and still no caller who takes every place.
pub const MAX_TCP_PER_ADDRESS: usize = 100;
/// A connection that has proved no peer by then is closed.
pub const TCP_PROVE_WITHIN: Duration = Duration::from_secs(10);
pub const MAX_TCP_FRAMES_WAITING: usize = 256;
/// Above this, video for that connection is dropped: about a second of one camera.
pub const TCP_QUEUE_VIDEO_BYTES: usize = 128 * 1024;
/// Above this, everything is.
pub const TCP_QUEUE_BYTES: usize = 192 * 1024;

/// What a tap writes down before it stops: ten minutes of three cameras.
#[cfg(debug_assertions)]
pub const MAX_TAP_BYTES: usize = 256 * 1024 * 1024;
