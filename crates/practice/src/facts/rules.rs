//! What an observation says, and whether it fits what somebody declared. Pure.

use crate::findings::rules::SMALLEST_COUNTED;
use crate::risk::rules::Choice;

/// What an observer counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// How many of how many are as the question wants them.
    Share {
        part: i64,
        whole: i64,
    },
    /// The same about patients: small groups are not counted out.
    Patients {
        part: i64,
        whole: i64,
    },
    Days(i64),
    /// There is nothing of it in this practice yet; always so of what the program never does, as copies.
    Nothing,
    /// The observer failed; the log knows why.
    Unseen,
}

/// What a page may say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    /// So few patients that a number could name one.
    TooFew,
    /// A few patients of this many.
    Few(i64),
    /// All but a few patients of this many.
    AllButFew(i64),
    Share(i64, i64),
    Days(i64),
    Unseen,
}

impl Seen {
    pub fn said(self) -> Said {
        let few = |count: i64| 0 < count && count < SMALLEST_COUNTED;
        match self {
            Seen::Nothing | Seen::Share { whole: 0, .. } | Seen::Patients { whole: 0, .. } => Said::Nothing,
            Seen::Patients { whole, .. } if few(whole) => Said::TooFew,
            Seen::Patients { part, whole } if few(whole - part) => Said::AllButFew(whole),
            Seen::Patients { part, whole } if few(part) => Said::Few(whole),
            Seen::Share { part, whole } | Seen::Patients { part, whole } => Said::Share(part, whole),
            Seen::Days(days) => Said::Days(days),
            Seen::Unseen => Said::Unseen,
        }
    }

    /// The answer this would be. Nothing, too little, an age and a failed look are none.
    pub fn choice(self) -> Option<Choice> {
        match self.said() {
            Said::Share(part, whole) if part == whole => Some(Choice::Yes),
            Said::Share(0, _) => Some(Choice::No),
            Said::Share(..) | Said::Few(_) | Said::AllButFew(_) => Some(Choice::Partly),
            Said::Nothing | Said::TooFew | Said::Days(_) | Said::Unseen => None,
        }
    }
}

/// Declared and observed cannot both be right. A declared answer may be worse than what the program sees of
/// itself, because it also speaks of what lies outside; "no" beside a full "yes" is still worth a look.
pub fn contradict(declared: Choice, observed: Choice) -> bool {
    use Choice::{No, NotApplicable, Partly, Yes};
    matches!((declared, observed), (Yes | NotApplicable, Partly | No) | (Partly, No) | (No, Yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_an_answer_and_an_age_is_none() {
        let share = |part, whole| Seen::Share { part, whole }.choice();
        assert_eq!(
            [share(4, 4), share(1, 4), share(0, 4), share(0, 0)],
            [Some(Choice::Yes), Some(Choice::Partly), Some(Choice::No), None]
        );
        assert_eq!([Seen::Days(3), Seen::Nothing, Seen::Unseen].map(Seen::choice), [None; 3]);
    }

    #[test]
    fn few_patients_are_not_counted_out() {
        let said = |part, whole| Seen::Patients { part, whole }.said();
        assert_eq!(said(2, 2), Said::TooFew);
        assert_eq!([said(18, 20), said(19, 20)], [Said::AllButFew(20); 2]);
        assert_eq!([said(1, 20), said(2, 20)], [Said::Few(20); 2]);
        assert_eq!([said(0, 20), said(17, 20), said(20, 20)], [0, 17, 20].map(|n| Said::Share(n, 20)));
        assert_eq!(said(1, 3), Said::AllButFew(3), "two are missing: they are not counted out");
    }

    #[test]
    fn a_better_answer_than_what_is_seen_is_a_contradiction() {
        use Choice::{No, NotApplicable, NotSure, Partly, Yes};
        let fits =
            [(Yes, Yes), (Partly, Yes), (Partly, Partly), (No, No), (No, Partly), (NotApplicable, Yes)];
        assert!(fits.iter().all(|(declared, observed)| !contradict(*declared, *observed)));
        let not = [(Yes, Partly), (Yes, No), (Partly, No), (No, Yes), (NotApplicable, No)];
        assert!(not.iter().all(|(declared, observed)| contradict(*declared, *observed)));
        assert!(![Yes, Partly, No].iter().any(|observed| contradict(NotSure, *observed)));
    }
}
