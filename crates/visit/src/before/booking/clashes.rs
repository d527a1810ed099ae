//! What speaks against a time, said before anything is written. Nothing of it blocks: whoever books reads it,
//! ticks that it is meant, and books. What came up since then is asked anew, and so is another time, another
//! clinician, or another visit in the way.

use super::store;
use crate::before::availability::{self, rules::Fit};
use crate::before::interpreting;
use aws_lc_rs::digest::{SHA256, digest};
use keep::{Conn, KeepError};
use practice::interpreters::is_qualified;
use vocabulary::{PatientId, PersonId, SiteId, UnixMillis, VisitId};
use web::Words;

/// A time somebody would like to have.
pub(crate) struct Slot {
    pub clinician: PersonId,
    pub patient: PatientId,
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub site: Option<SiteId>,
    /// The visit that is moved: it does not stand in its own way.
    pub except: Option<VisitId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    /// The other visits of this clinician at that time.
    Taken(Vec<VisitId>),
    /// The other visits of this patient at that time.
    PatientBusy(Vec<VisitId>),
    /// Other visits at that time of an interpreter who is booked for the one that is moved.
    InterpreterBusy(Vec<VisitId>),
    /// How many interpreters of the visit that is moved may not interpret then.
    InterpreterUnqualified(usize),
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
    if !theirs.is_empty() {
        found.push(Clash::Taken(theirs));
    }
    if !patients.is_empty() {
        found.push(Clash::PatientBusy(patients));
    }
    if let Some(moved) = slot.except {
        let (mut busy, mut unqualified) = (Vec::new(), 0);
        for one in interpreting::of_visit(conn, moved).await? {
            unqualified += usize::from(!is_qualified(conn, one.interpreter, slot.starts_at).await?);
            busy.extend(interpreting::at_that_time(conn, one.interpreter, time, moved).await?);
        }
        if !busy.is_empty() {
            found.push(Clash::InterpreterBusy(busy));
        }
        if unqualified > 0 {
            found.push(Clash::InterpreterUnqualified(unqualified));
        }
    }
    match availability::fit(conn, slot.clinician, (time, slot.site), zone).await? {
        Fit::Fits => {}
        Fit::Away => found.push(Clash::Away),
        Fit::OutsideHours => found.push(Clash::OutsideHours),
    }
    Ok(found)
}

/// `None` when all of it was read and is meant. `time` is what `Slot::time` or `Slot::at_once` says.
pub(crate) fn still_to_confirm(
    found: &[Clash],
    (time, confirmed): (String, &str),
    words: &Words,
) -> Option<Warned> {
    let value = asked(found, &time);
    if found.is_empty() || confirmed == value {
        return None;
    }
    Some(Warned { sentences: found.iter().map(|clash| words.t(clash.word())).collect(), value })
}

/// What is in the way, and of what: 16 hex digits, so that a yes counts for nothing else.
fn asked(found: &[Clash], time: &str) -> String {
    let mut whole = time.to_owned();
    for clash in found {
        whole.push(' ');
        whole.push_str(&clash.code());
        let mut visits: Vec<String> = clash.visits().iter().map(|id| id.text()).collect();
        visits.sort();
        visits.iter().for_each(|id| whole.push_str(id));
    }
    let digest = digest(&SHA256, whole.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// For the trail: `taken-1 hours`.
pub(crate) fn codes(found: &[Clash]) -> String {
    found.iter().map(|clash| clash.code()).collect::<Vec<_>>().join(" ")
}

impl Slot {
    /// This time of this clinician.
    pub fn time(&self) -> String {
        format!("{} {} {}", self.clinician.text(), self.starts_at.0, self.length_min)
    }

    /// Whenever it is pressed: between two presses "now" is another minute.
    pub fn at_once(&self) -> String {
        format!("{} now", self.clinician.text())
    }
}

impl Clash {
    fn code(&self) -> String {
        match self {
            Clash::Taken(visits) => format!("taken-{}", visits.len()),
            Clash::PatientBusy(visits) => format!("patient-{}", visits.len()),
            Clash::InterpreterBusy(visits) => format!("interpreter-{}", visits.len()),
            Clash::InterpreterUnqualified(number) => format!("unqualified-{number}"),
            Clash::Away => "away".into(),
            Clash::OutsideHours => "hours".into(),
        }
    }

    fn visits(&self) -> &[VisitId] {
        match self {
            Clash::Taken(visits) | Clash::PatientBusy(visits) | Clash::InterpreterBusy(visits) => visits,
            Clash::InterpreterUnqualified(_) | Clash::Away | Clash::OutsideHours => &[],
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Clash::Taken(_) => "book-overlap",
            Clash::PatientBusy(_) => "book-patient-busy",
            Clash::InterpreterBusy(_) => "book-interpreter-busy",
            Clash::InterpreterUnqualified(_) => "book-interpreter-unqualified",
            Clash::Away => "book-away",
            Clash::OutsideHours => "book-outside-hours",
        }
    }
}
