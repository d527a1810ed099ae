//! Who is shown in which slot.
//!
//! Owns the rule: a person keeps the slot they have; free slots go to those not shown yet, in order of
//! joining. Pure, and knows nothing of packets.

use crate::names::{Kind, PeerKey};

/// Brings one receiver's slots of one kind up to date. `senders` are the others in the room who send this
/// kind, in order of joining. Returns the places that changed.
pub fn assign(slots: &mut [Option<PeerKey>], senders: &[PeerKey]) -> Vec<usize> {
    let before = slots.to_vec();
    for slot in slots.iter_mut() {
        if slot.is_some_and(|shown| !senders.contains(&shown)) {
            *slot = None;
        }
    }
    for sender in senders {
        if slots.contains(&Some(*sender)) {
            continue;
        }
        let Some(free) = slots.iter_mut().find(|slot| slot.is_none()) else { break };
        *free = Some(*sender);
    }
    (0..slots.len()).filter(|place| slots[*place] != before[*place]).collect()
}

/// Ticks of RTP time per second: Opus is always 48 kHz (RFC 7587), video always 90 kHz.
pub fn ticks_per_s(kind: Kind) -> u32 {
    match kind {
        Kind::Audio => 48_000,
        Kind::Video => 90_000,
    }
}

#[cfg(test)]
mod tests {
    //! The rule, by hand.
    use super::*;

    #[test]
    fn a_person_keeps_the_slot_and_a_waiting_one_takes_the_free_one() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| PeerKey([n; 16]));
        let mut slots = [None, None];
        assert_eq!(assign(&mut slots, &[a, b, c]), [0, 1]);
        assert_eq!(slots, [Some(a), Some(b)]);
        assert_eq!(assign(&mut slots, &[b, c, d]), [0]);
        assert_eq!(slots, [Some(c), Some(b)]);
        assert_eq!(assign(&mut slots, &[b, c, d]), [0; 0]);
        assert_eq!(assign(&mut slots, &[]), [0, 1]);
    }
}
