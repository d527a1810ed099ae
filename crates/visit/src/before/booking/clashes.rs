//! What speaks against a time, said before anything is written. Nothing of it blocks: whoever books reads it,
//! ticks that it is meant, and books. What came up since then is asked anew.

use super::store;
use crate::before::availability::{self, rules::Fit};
use keep::{Conn, KeepError};
use vocabulary::{PatientId, PersonId, UnixMillis, VisitId};
use web::Words;

/// A time somebody would like to have.
pub(crate) struct Slot {
    pub clinician: PersonId,
    pub patient: PatientId,
    pub starts_at: UnixMillis,
    pub length_min: i64,
    /// The visit that is moved: it does not stand in its own way.
    pub except: Option<VisitId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    /// As many other visits of this clinician at that time.
    Taken(i64),
    /// As many other visits of this patient at that time.
    PatientBusy(i64),
    Away,
    OutsideHours,
}

/// What the form shows: the sentences, and the value that says they were read.
#[derive(Default)]
pub(crate) struct Warned {
    pub sentences: Vec<String>,
    pub value: String,
}

pub(crate) async fn clashes(conn: &mut Conn, slot: &Slot, zone: &str) -> Result<Vec<Clash>, KeepError> {
    let mut found = Vec::new();
    let time = (slot.starts_at, slot.length_min);
    let (theirs, patients) =
        store::at_that_time(conn, (slot.clinician, slot.patient), time, slot.except).await?;
    if theirs > 0 {
        found.push(Clash::Taken(theirs));
    }
    if patients > 0 {
        found.push(Clash::PatientBusy(patients));
    }
    match availability::fit(conn, slot.clinician, time, zone).await? {
        Fit::Fits => {}
        Fit::Away => found.push(Clash::Away),
        Fit::OutsideHours => found.push(Clash::OutsideHours),
    }
    Ok(found)
}

/// `None` when all of it was read and is meant.
pub(crate) fn still_to_confirm(found: &[Clash], confirmed: &str, words: &Words) -> Option<Warned> {
    let said: Vec<&str> = confirmed.split(' ').collect();
    if found.iter().all(|clash| said.contains(&clash.code().as_str())) {
        return None;
    }
    Some(Warned { sentences: found.iter().map(|clash| words.t(clash.word())).collect(), value: codes(found) })
}

/// For the form and for the trail: `taken-1 hours`.
pub(crate) fn codes(found: &[Clash]) -> String {
    found.iter().map(|clash| clash.code()).collect::<Vec<_>>().join(" ")
}

impl Clash {
    /// With the number, so that a yes to one visit at that time is no yes to two.
    fn code(self) -> String {
        match self {
            Clash::Taken(n) => format!("taken-{n}"),
            Clash::PatientBusy(n) => format!("patient-{n}"),
            Clash::Away => "away".into(),
            Clash::OutsideHours => "hours".into(),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Clash::Taken(_) => "book-overlap",
            Clash::PatientBusy(_) => "book-patient-busy",
            Clash::Away => "book-away",
            Clash::OutsideHours => "book-outside-hours",
        }
    }
}
