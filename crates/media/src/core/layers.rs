//! Which of a sender's layers one receiver gets.
//!
//! Owns four small rules: the choice among the layers that flow, how a line changes over, how far a weak
//! link takes the choice down, and which layers a sender has to make at all. Pure, and knows nothing of
//! packets.
//!
//! A rank is the place of a layer: 0 the smallest picture. Senders name them `q`, `h` and `f` (RFC 8851).

use std::time::Duration;

use crate::limits::{
    LAYERS, LINK_BAD_REPORTS, LINK_GOOD_REPORTS, LINK_GOOD_REPORTS_MAX, LINK_LOSS_BAD, LINK_LOSS_GOOD,
    LINK_QUEUE, LINK_SHORTEST_FOR,
};

/// How large a receiver draws a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    Small,
    Medium,
    Large,
}

impl Size {
    /// For receivers that have not said it: the more people, the smaller each of them is drawn.
    pub fn among(people: usize) -> Size {
        match people {
            0..=2 => Size::Large,
            3..=4 => Size::Medium,
            _ => Size::Small,
        }
    }

    /// The layer made for it.
    pub fn rank(self) -> usize {
        match self {
            Size::Small => 0,
            Size::Medium => 1,
            Size::Large => 2,
        }
    }

    /// From the smallest, as layers are.
    pub const ALL: [Size; LAYERS] = [Size::Small, Size::Medium, Size::Large];
}

pub fn rank_of(rid: Option<&str>) -> Option<usize> {
    match rid {
        None => Some(0),
        Some(name) => RIDS.iter().position(|known| *known == name),
    }
}

/// What one receiver shows of a sender now, and the layer it is to be shown.
pub type Look = (Option<usize>, usize);

/// The layers a sender must make: those that somebody sees, and those that somebody is to see next. The
/// smallest where nobody looks, so that there is a picture to begin with.
pub fn needed(looks: impl IntoIterator<Item = Look>) -> [bool; LAYERS] {
    let mut needed = [false; LAYERS];
    for (shown, target) in looks {
        needed[target] = true;
        if let Some(shown) = shown {
            needed[shown] = true;
        }
    }
    needed[0] |= needed == [false; LAYERS];
    needed
}

/// The largest layer that flows and is not larger than wanted and allowed; failing that, the smallest above.
pub fn choose(wanted: Size, ceiling: usize, flows: [bool; LAYERS]) -> Option<usize> {
    let most = target(wanted, ceiling);
    let fitting = (0..=most).rev().find(|rank| flows[*rank]);
    fitting.or_else(|| (most + 1..LAYERS).find(|rank| flows[*rank]))
}

/// The layer a receiver is to be shown, whether it flows or not.
pub fn target(wanted: Size, ceiling: usize) -> usize {
    wanted.rank().min(ceiling)
}

/// What to do with one packet of a layer for one receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It belongs to what is shown.
    Pass,
    /// From here on this layer is shown.
    Switch,
    /// This layer would be shown if its sender gave a key frame.
    Ask,
    Skip,
}

/// `shown` is what the receiver's decoder works on; it can only change at a key frame. A receiver that has
/// nothing yet takes the first key frame of any layer.
pub fn step(shown: Option<usize>, target: Option<usize>, rank: usize, starts_key_frame: bool) -> Step {
    match shown {
        Some(shown) if shown == rank => Step::Pass,
        None if starts_key_frame => Step::Switch,
        _ if target != Some(rank) => Step::Skip,
        _ if starts_key_frame => Step::Switch,
        _ => Step::Ask,
    }
}

/// The way down to one receiver, as its reports tell: a ladder. Loss or a growing queue leads one layer down
/// at once; up again only after a good while, and a longer one each time that was too early.
pub struct Link {
    ceiling: usize,
    bad: u32,
    good: u32,
    patience: u32,
    /// The shortest round trip of this span of reports, and of the one before it.
    shortest: [Option<Duration>; 2],
    measured: u32,
}

impl Default for Link {
    fn default() -> Link {
        let (ceiling, patience) = (LAYERS - 1, LINK_GOOD_REPORTS);
        Link { ceiling, bad: 0, good: 0, patience, shortest: [None; 2], measured: 0 }
    }
}

impl Link {
    /// No layer above this one.
    pub fn ceiling(&self) -> usize {
        self.ceiling
    }

    /// One report; a receiver that reported nothing changes nothing.
    pub fn report(&mut self, loss: Option<f32>, round_trip: Option<Duration>) {
        let Some(loss) = loss else { return };
        let queue = round_trip.map_or(Duration::ZERO, |now| now - self.shortest(now));
        if loss > LINK_LOSS_BAD || queue > LINK_QUEUE {
            (self.bad, self.good) = (self.bad + 1, 0);
        } else if loss < LINK_LOSS_GOOD {
            (self.bad, self.good) = (0, self.good + 1);
        }
        if self.bad >= LINK_BAD_REPORTS && self.ceiling > 0 {
            if self.ceiling < LAYERS - 1 {
                self.patience = (self.patience * 2).min(LINK_GOOD_REPORTS_MAX);
            }
            (self.ceiling, self.bad) = (self.ceiling - 1, 0);
        } else if self.good >= self.patience && self.ceiling < LAYERS - 1 {
            (self.ceiling, self.good) = (self.ceiling + 1, 0);
        }
    }

    /// The packets take another way: what the old one was like says nothing about it.
    pub fn moved(&mut self) {
        *self = Link { ceiling: self.ceiling, ..Link::default() };
    }

    /// The way without a queue, as far as it is known: a path may become longer for good, so what was
    /// measured long ago is forgotten.
    fn shortest(&mut self, now: Duration) -> Duration {
        if self.measured == LINK_SHORTEST_FOR {
            self.shortest = [None, self.shortest[0]];
            self.measured = 0;
        }
        self.measured += 1;
        let [current, _] = &mut self.shortest;
        *current = Some(current.map_or(now, |before| before.min(now)));
        self.shortest.iter().flatten().min().copied().unwrap_or(now)
    }
}

const RIDS: [&str; LAYERS] = ["q", "h", "f"];

#[cfg(test)]
mod tests {
    //! The rules, by hand.
    use super::*;

    #[test]
    fn the_largest_layer_that_is_wanted_and_allowed_and_flows_is_chosen() {
        let all = [true; 3];
        assert_eq!(choose(Size::Large, 2, all), Some(2));
        assert_eq!(choose(Size::Large, 1, all), Some(1));
        assert_eq!(choose(Size::Small, 2, all), Some(0));
        assert_eq!(choose(Size::Large, 2, [true, true, false]), Some(1));
        assert_eq!(choose(Size::Medium, 2, [true, false, true]), Some(0));
        // A sender that gives one size only is seen at that size.
        assert_eq!(choose(Size::Small, 0, [false, false, true]), Some(2));
        assert_eq!(choose(Size::Large, 2, [false; 3]), None);
    }

    #[test]
    fn a_sender_makes_what_somebody_sees_or_is_to_see_and_nothing_else() {
        assert_eq!(needed([]), [true, false, false], "nobody looks");
        assert_eq!(needed([(None, 2)]), [false, false, true], "one viewer, one layer");
        assert_eq!(needed([(Some(0), 2)]), [true, false, true], "until it changed over");
        assert_eq!(needed([(Some(2), 0)]), [true, false, true]);
        assert_eq!(needed([(Some(0), 0), (Some(0), 0)]), [true, false, false], "small tiles");
        assert_eq!(needed([(Some(1), 1), (Some(2), 2)]), [false, true, true]);
    }

    #[test]
    fn people_who_did_not_say_their_sizes_get_smaller_pictures_in_larger_rooms() {
        let sizes = [2, 3, 4, 5, 8].map(Size::among);
        assert_eq!(sizes, [Size::Large, Size::Medium, Size::Medium, Size::Small, Size::Small]);
    }

    #[test]
    fn layers_change_at_key_frames_only() {
        assert_eq!(step(None, Some(2), 0, true), Step::Switch, "anything is better than nothing");
        assert_eq!(step(None, Some(2), 0, false), Step::Skip);
        assert_eq!(step(Some(0), Some(2), 0, false), Step::Pass, "until the other one can be shown");
        assert_eq!(step(Some(0), Some(2), 2, false), Step::Ask);
        assert_eq!(step(Some(0), Some(2), 2, true), Step::Switch);
        assert_eq!(step(Some(0), Some(2), 1, true), Step::Skip);
        assert_eq!(step(Some(2), Some(0), 0, true), Step::Switch);
    }

    #[test]
    fn loss_leads_down_at_once_and_up_after_a_while_that_grows() {
        let mut link = Link::default();
        let mut reports = |count: u32, loss: f32| {
            (0..count).for_each(|_| link.report(Some(loss), None));
            link.ceiling()
        };
        assert_eq!(reports(1, 0.3), 2, "one bad second is no trend");
        assert_eq!(reports(1, 0.3), 1);
        assert_eq!(reports(LINK_GOOD_REPORTS - 1, 0.0), 1);
        assert_eq!(reports(1, 0.0), 2);
        assert_eq!(reports(20, 0.3), 0, "never below the smallest picture");
        assert_eq!(reports(LINK_GOOD_REPORTS, 0.0), 0);
        assert_eq!(reports(LINK_GOOD_REPORTS, 0.0), 1);
        assert_eq!(reports(100, 0.04), 1, "neither good nor bad: nothing changes");
    }

    #[test]
    fn a_growing_queue_leads_down_as_loss_does() {
        let mut link = Link::default();
        for round_trip_ms in [60, 60, 90, 700, 900] {
            link.report(Some(0.0), Some(Duration::from_millis(round_trip_ms)));
        }
        assert_eq!(link.ceiling(), 1);
        link.report(None, Some(Duration::from_secs(2)));
        assert_eq!(link.ceiling(), 1, "no report, no change");
    }

    #[test]
    fn a_way_that_became_longer_for_good_is_forgiven_after_a_minute() {
        let mut link = Link::default();
        let mut reports = |count: u32, round_trip_ms| {
            (0..count).for_each(|_| link.report(Some(0.0), Some(Duration::from_millis(round_trip_ms))));
            link.ceiling()
        };
        assert_eq!(reports(5, 60), 2);
        assert_eq!(reports(LINK_SHORTEST_FOR, 700), 0);
        assert_eq!(reports(LINK_SHORTEST_FOR + 2 * LINK_GOOD_REPORTS_MAX, 700), 2);
    }

    #[test]
    fn another_way_is_measured_anew_and_keeps_the_layer_it_carries() {
        let mut link = Link::default();
        let report = |link: &mut Link, round_trip_ms| {
            link.report(Some(0.0), Some(Duration::from_millis(round_trip_ms)));
        };
        [60, 60, 700, 700].into_iter().for_each(|ms| report(&mut link, ms));
        assert_eq!(link.ceiling(), 1);
        link.moved();
        [700, 700, 700].into_iter().for_each(|ms| report(&mut link, ms));
        assert_eq!(link.ceiling(), 1, "700 ms are all that is known of it");
    }
}
