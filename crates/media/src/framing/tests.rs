//! Framing: cutting, telling apart, and what is dropped when a queue is full.

use proptest::prelude::*;

use super::*;

#[test]
fn a_framed_stun_request_is_told_from_http_and_tls() {
    let stun = [0, 100, 0, 1, 0, 80, 0x21, 0x12, 0xA4, 0x42, 9, 9];
    assert_eq!(looks_like_ice_tcp(&stun), Some(true));
    for cut in 0..10 {
        assert_eq!(looks_like_ice_tcp(&stun[..cut]), None, "after {cut} bytes");
    }
    assert_eq!(looks_like_ice_tcp(b"GET / HTTP/1.1\r\n"), Some(false));
    assert_eq!(looks_like_ice_tcp(b"GET"), Some(false));
    assert_eq!(looks_like_ice_tcp(&[0x16, 0x03, 0x01, 0x02, 0x00]), Some(false));
}

#[test]
fn a_frame_longer_than_a_packet_closes_the_stream() {
    let mut reader = FrameReader::default();
    assert_eq!(reader.push(&[0xFF, 0xFF, 1, 2], |_| panic!("no packet")), Err(FrameTooLong));
}

#[test]
fn a_full_queue_drops_video_and_keeps_audio() {
    let mut queue = SendQueue::default();
    let mut dropped = 0;
    for _ in 0..1_000 {
        dropped += queue.push(Worth::Video, &[1; 1_000]);
    }
    assert!(dropped > 800);
    for _ in 0..250 {
        queue.push(Worth::Audio, &[2; 100]);
    }
    queue.push(Worth::Control, &[3; 50]);
    let kept: Vec<Vec<u8>> = std::iter::from_fn(|| queue.pop()).collect();
    assert_eq!(kept.iter().filter(|frame| frame[2] == 2).count(), 250);
    assert_eq!(kept.iter().filter(|frame| frame[2] == 3).count(), 1);
    assert!(kept.len() <= MAX_TCP_FRAMES_WAITING);
}

proptest! {
    #[test]
    fn packets_survive_any_cutting_of_the_stream(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..1500), 0..8),
        step in 1usize..700,
    ) {
        let mut queue = SendQueue::default();
        for packet in &packets {
            prop_assert_eq!(queue.push(Worth::Audio, packet), 0);
        }
        let stream: Vec<u8> = std::iter::from_fn(|| queue.pop()).flatten().collect();
        let mut reader = FrameReader::default();
        let mut seen = Vec::new();
        for piece in stream.chunks(step) {
            reader.push(piece, |packet| seen.push(packet.to_vec())).unwrap();
        }
        prop_assert_eq!(seen, packets);
    }

    #[test]
    fn hostile_streams_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
        let mut reader = FrameReader::default();
        let _ = reader.push(&bytes, |_| ());
        let _ = looks_like_ice_tcp(&bytes);
    }
}
