//! Cameras in layers: who gets which, and that a decoder never notices more than a key frame.

use std::time::Duration;

use super::*;
use crate::core::Size;
use crate::limits::{KEY_FRAME_EVERY, LINK_GOOD_REPORTS};
use crate::names::Kind;

const GOOD: Conditions =
    Conditions { lost_per_mille: 0, delay: Duration::from_millis(20), jitter: Duration::ZERO };
const LOSSY: Conditions = Conditions { lost_per_mille: 250, ..GOOD };

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// The layers that somebody was shown of somebody, in order, each once per change.
fn shown(world: &World, place: usize, from: u8) -> Vec<usize> {
    let mut ranks: Vec<usize> = world.clients[place].of(from, Kind::Video).map(|got| got.rank()).collect();
    ranks.dedup();
    ranks
}

fn now_shown(world: &World, place: usize, from: u8) -> usize {
    world.clients[place].of(from, Kind::Video).last().unwrap().rank()
}

/// What a decoder relies on: one stream, numbers without a gap, layers that change at key frames, pictures
/// numbered one after the other.
fn assert_decodable(world: &World, place: usize, from: u8) {
    let got: Vec<_> = world.clients[place].of(from, Kind::Video).collect();
    assert!(got.len() > 50, "{} packets", got.len());
    for pair in got.windows(2) {
        let [before, after] = [pair[0], pair[1]];
        assert!(after.intact(), "sealed bytes were changed");
        assert_eq!(after.sequence, before.sequence + 1);
        let step = after.picture().wrapping_sub(before.picture()) & 0x7FFF;
        assert!(step <= 1, "pictures {} and {}", before.picture(), after.picture());
        if after.rank() != before.rank() {
            assert!(after.starts_key_frame(), "a change to layer {} in mid-stream", after.rank());
            assert_eq!(step, 1);
        }
        assert!(after.time.wrapping_sub(before.time) < 2 * 90_000, "time runs on");
    }
}

#[test]
fn two_people_are_shown_one_another_in_the_largest_layer() {
    let mut world = World::new(1, GOOD);
    let ann = world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    world.run(seconds(3));
    for (me, other) in [(ann, 2), (ben, 1)] {
        assert_eq!(now_shown(&world, me, other), 2);
        assert_decodable(&world, me, other);
    }
}

#[test]
fn each_receiver_gets_the_layer_of_the_size_it_draws() {
    let mut world = World::new(2, GOOD);
    let ann = world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    let cam = world.join(1, 3).unwrap();
    world.run(seconds(2));
    assert_eq!(now_shown(&world, ben, 1), 1, "three people, and nothing was said");
    world.core.draw(peer_key(2), &[Size::Small]);
    world.core.draw(peer_key(3), &[Size::Large, Size::Small]);
    world.run(seconds(2));
    assert_eq!(now_shown(&world, ben, 1), 0);
    assert_eq!([now_shown(&world, cam, 1), now_shown(&world, cam, 2)], [2, 0]);
    assert_decodable(&world, ben, 1);
    assert_decodable(&world, cam, 1);
    assert!(world.clients[ann].heard(3, Kind::Video) > 100, "a camera without layers goes as before");
    assert!(world.clients[ann].got.iter().all(client::Got::intact));
}

#[test]
fn a_layer_its_sender_leaves_out_is_replaced_and_comes_back() {
    let mut world = World::new(3, GOOD);
    world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    // Somebody else looks at a smaller one, so that there is another one to go on with.
    world.join_layered(1, 3);
    world.core.draw(peer_key(2), &[Size::Large]);
    world.core.draw(peer_key(3), &[Size::Medium]);
    world.run(seconds(3));
    assert_eq!(now_shown(&world, ben, 1), 2);
    world.clients[0].layers = Some([true, true, false]);
    world.run(seconds(4));
    assert_eq!(now_shown(&world, ben, 1), 1);
    world.clients[0].layers = Some([true; 3]);
    world.run(seconds(3));
    assert_eq!(now_shown(&world, ben, 1), 2);
    assert_decodable(&world, ben, 1);
}

#[test]
fn a_lossy_way_down_gets_smaller_layers_and_larger_ones_when_it_is_good_again() {
    let mut world = World::new(4, GOOD);
    world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    world.run(seconds(3));
    world.set_conditions(LOSSY);
    world.run(seconds(8));
    assert_eq!(now_shown(&world, ben, 1), 0, "{:?}", shown(&world, ben, 1));
    world.set_conditions(GOOD);
    world.run(seconds(6 * u64::from(LINK_GOOD_REPORTS)));
    assert_eq!(now_shown(&world, ben, 1), 2, "{:?}", shown(&world, ben, 1));
}

#[test]
fn a_layer_whose_key_frame_never_comes_is_asked_for_twice_a_second_and_the_picture_goes_on() {
    let mut world = World::new(5, GOOD);
    world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    for size in [Size::Small, Size::Large] {
        world.core.draw(peer_key(2), &[size]);
        world.run(seconds(3));
    }
    world.clients[0].deaf = true;
    world.core.draw(peer_key(2), &[Size::Small]);
    world.clients[0].key_frames_asked.clear();
    let before = world.clients[ben].heard(1, Kind::Video);
    world.run(seconds(4));
    let asked = world.clients[0].key_frames_asked.len() as u128;
    let most = seconds(4).as_millis() / KEY_FRAME_EVERY.as_millis();
    assert!((most - 2..=most + 1).contains(&asked), "{asked} in 4 s");
    assert_eq!(now_shown(&world, ben, 1), 2);
    assert!(world.clients[ben].heard(1, Kind::Video) > before + 300);
}

/// What a sender was told last.
fn needed_of(world: &World, peer: u8) -> Vec<Size> {
    let mut told = world.events.iter().filter_map(|event| match event {
        MediaEvent::Sizes { peer: of, sizes, .. } if *of == peer_key(peer) => Some(sizes.clone()),
        _ => None,
    });
    told.next_back().unwrap()
}

#[test]
fn one_viewer_costs_one_layer_and_small_tiles_cost_small_ones() {
    let mut world = World::new(7, GOOD);
    let ann = world.join_layered(1, 1);
    world.run(seconds(1));
    assert_eq!(needed_of(&world, 1), [Size::Small], "nobody looks");
    let ben = world.join_layered(1, 2);
    world.run(seconds(3));
    assert_eq!(needed_of(&world, 1), [Size::Large]);
    assert_eq!([now_shown(&world, ann, 2), now_shown(&world, ben, 1)], [2, 2]);
    world.core.draw(peer_key(2), &[Size::Small]);
    world.run(seconds(3));
    assert_eq!([needed_of(&world, 1), needed_of(&world, 2)], [[Size::Small], [Size::Large]]);
    assert_eq!(now_shown(&world, ben, 1), 0);
    let cam = world.join_layered(1, 3);
    world.core.draw(peer_key(3), &[Size::Large, Size::Medium]);
    world.run(seconds(3));
    assert_eq!(needed_of(&world, 1), [Size::Small, Size::Large]);
    assert_eq!(now_shown(&world, cam, 1), 2);
    world.leave(3);
    world.run(seconds(3));
    assert_eq!(needed_of(&world, 1), [Size::Small]);
    assert_decodable(&world, ben, 1);
}

#[test]
fn whoever_changes_over_on_a_lossy_way_up_gets_whole_key_frames() {
    let mut world = World::new(8, Conditions { lost_per_mille: 60, ..GOOD });
    world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    world.run(seconds(3));
    for turn in 0..40 {
        world.core.draw(peer_key(2), &[[Size::Large, Size::Medium][turn % 2]]);
        world.run(Duration::from_millis(1_500));
    }
    let mut got: Vec<_> = world.clients[ben].of(1, Kind::Video).collect();
    got.sort_by_key(|got| got.sequence);
    let changes: Vec<usize> = (1..got.len()).filter(|at| got[*at].rank() != got[at - 1].rank()).collect();
    assert!(changes.len() > 20, "{} changes", changes.len());
    for at in changes {
        let first = got[at];
        let parts = got[at..].iter().take_while(|got| got.picture() == first.picture()).count();
        assert!(first.starts_key_frame(), "in mid-stream");
        assert_eq!(parts, [1, 2, 4][first.rank()], "packets of the first picture of a layer");
    }
}

#[test]
fn a_sender_that_joins_again_is_shown_from_its_first_key_frame() {
    let mut world = World::new(6, GOOD);
    world.join_layered(1, 1);
    let ben = world.join_layered(1, 2);
    world.run(seconds(3));
    world.join_layered(1, 1);
    world.run(seconds(3));
    assert_eq!(now_shown(&world, ben, 1), 2);
    assert_decodable(&world, ben, 1);
}
