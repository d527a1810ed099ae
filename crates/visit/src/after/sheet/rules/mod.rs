//! What each step of a private visit came to. Pure: everything known of the visit goes in, lines come out.
//! Refuses to call a step done that nobody has done, and to call one missing whose time has not come.

mod findings;

use super::{ParticipantRow, VisitRow};
use crate::before::check_in::answers::{Device, Place, Readiness, Verdict};
use crate::before::check_in::rules::{Papers, Step, steps};
use crate::before::consent::Outcome as Answer;
use crate::before::identity::rules::Outcome as Looked;
use crate::before::identity::seats::met_host;
use crate::before::licence::ForVisit;
use crate::before::privacy_notice::{NoticeRow, Outcome as Noticed};
use crate::before::rules::{Part, SpokenCode};
use crate::before::staff_readiness::OwnCheck;
use policy::HouseRules;
use vocabulary::{ParticipantId, PersonId, UnixMillis};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Done,
    /// Somebody decided to go on without it.
    Waived,
    /// It was tried, and the answer was no.
    Failed,
    /// Its time is over and nobody did it.
    Missing,
    /// Its time has not come.
    Later,
}

impl Outcome {
    pub const ALL: [Outcome; 5] =
        [Outcome::Done, Outcome::Waived, Outcome::Failed, Outcome::Missing, Outcome::Later];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The program, or nobody yet.
    Nobody,
    Participant(ParticipantId),
    Staff(PersonId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// A key of the words.
    pub step: &'static str,
    pub outcome: Outcome,
    pub by: By,
    pub at: Option<UnixMillis>,
}

/// What one participant left behind.
pub struct Checked {
    pub row: ParticipantRow,
    pub place: Option<Place>,
    pub readiness: Option<Readiness>,
    pub waived: Option<(UnixMillis, Option<PersonId>)>,
    pub promised_at: Option<UnixMillis>,
    /// Said where they are, and whether the house serves that state.
    pub located: Option<Located>,
    pub done_at: Option<UnixMillis>,
    /// The newest look at who they are.
    pub identity: Option<Look>,
}

#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub outcome: Looked,
    pub by: PersonId,
    pub at: UnixMillis,
    /// A document was seen.
    pub document: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Located {
    Served,
    Outside,
}

/// Who interprets, by which right (R94, R95).
#[derive(Default)]
pub struct Interpreted {
    pub needed: bool,
    /// Those who came from the register, and whether they may interpret.
    pub booked: Vec<(ParticipantId, bool)>,
    /// Who decided for somebody else, and when.
    pub excepted: Vec<(PersonId, UnixMillis)>,
}

/// Who wrote something down, none for the patient, and when.
pub type Said = (Option<PersonId>, UnixMillis);

pub struct Known<'a> {
    pub visit: &'a VisitRow,
    pub people: &'a [Checked],
    /// How the patient wants to be reached, as far as it was written down by the end of the visit (R69).
    pub preferences: Option<Said>,
    /// What they need to understand and be understood, likewise (R92).
    pub needs: Option<Said>,
    /// The newest answer to the telehealth consent up to the end of the visit, and whether it was in force.
    pub consent: Option<(Answer, bool, UnixMillis)>,
    /// When they agreed to sign on a screen.
    pub e_sign: Option<UnixMillis>,
    pub notice: Option<NoticeRow>,
    /// The host went on without a consent, in an emergency.
    pub overridden: Option<(UnixMillis, Option<PersonId>)>,
    pub summary: Option<(Option<PersonId>, UnixMillis)>,
    /// Who holds the visit, and what they found of their own devices and place that day before it began.
    pub host: (PersonId, Option<OwnCheck>),
    pub licence: ForVisit,
    /// Whether somebody has entered whom to call where the patient is; none before that is known.
    pub emergency: Option<bool>,
    /// A plan for a visit that is cut off was agreed.
    pub drop_out: bool,
    pub interpreted: Interpreted,
    pub house: &'a HouseRules,
}

impl Known<'_> {
    pub fn before(&self) -> Vec<Line> {
        let booked_by = self.visit.booked_by.map_or(By::Nobody, By::Staff);
        let mut lines = vec![line("sheet-booked", Outcome::Done, booked_by, Some(self.visit.created_at))];
        lines.extend(self.asked());
        lines.extend(self.guests().flat_map(|who| self.check_in(who)));
        lines.extend(self.interpreting());
        lines.extend(self.hosting());
        lines
    }

    /// What is asked once and kept with the chart.
    fn asked(&self) -> Vec<Line> {
        let patient = self.people.iter().find(|who| who.row.patient.is_some());
        let patient = patient.map_or(By::Nobody, |who| By::Participant(who.row.id));
        let told = |step, said: Option<Said>| match said {
            Some((by, at)) => line(step, Outcome::Done, by.map_or(patient, By::Staff), Some(at)),
            None => line(step, self.unless_begun(), By::Nobody, None),
        };
        vec![told("sheet-preferences", self.preferences), told("sheet-aids", self.needs)]
    }

    fn interpreting(&self) -> Vec<Line> {
        let it = &self.interpreted;
        let booked = it.booked.iter().map(|(who, may)| {
            let outcome = if *may { Outcome::Done } else { Outcome::Failed };
            line("sheet-interpreter", outcome, By::Participant(*who), None)
        });
        let excepted = it
            .excepted
            .iter()
            .map(|(by, at)| line("sheet-exception", Outcome::Waived, By::Staff(*by), Some(*at)));
        let lines: Vec<Line> = booked.chain(excepted).collect();
        if lines.is_empty() && it.needed {
            return vec![line("sheet-interpreter", self.unless_begun(), By::Nobody, None)];
        }
        lines
    }

    /// The practice's side of the same checks (R29, R90).
    fn hosting(&self) -> Vec<Line> {
        let (host, own) = self.host;
        let (by, at) = (By::Staff(host), own.map(|own| own.at));
        let judged = |outcome: Option<Outcome>| outcome.unwrap_or(self.unless_begun());
        let passed = |yes: bool| if yes { Outcome::Done } else { Outcome::Failed };
        let place = own.map(|own| passed(own.place.is_private()));
        let checks = own.and_then(|own| {
            let it = own.readiness;
            let verdicts = [it.light, it.noise, it.voice, it.speaker, it.connection()];
            let devices = it.camera == Device::Ok && it.microphone == Device::Ok;
            (!it.is_unmeasured()).then(|| passed(devices && !verdicts.contains(&Verdict::Poor)))
        });
        let device = own.and_then(|own| own.readiness.device).map(|device| passed(device.is_safe()));
        [("sheet-host-place", place), ("sheet-host-checks", checks), ("sheet-host-device", device)]
            .map(|(step, outcome)| line(step, judged(outcome), by, outcome.and(at)))
            .to_vec()
    }

    pub fn during(&self) -> Vec<Line> {
        let host = By::Staff(self.visit.clinician);
        let mut lines = Vec::new();
        for who in self.guests() {
            // To be looked at ahead of the host is not the visit.
            let came = |_: &UnixMillis| self.visit.started_at.is_none() || met_host(&who.row, self.visit);
            let came = who.row.admitted_at.filter(came);
            let outcome = came.map_or(self.unless_over(), |_| Outcome::Done);
            // Admission is the host's act; the sheet names who was let in.
            lines.push(line("sheet-admitted", outcome, By::Participant(who.row.id), came));
            lines.push(self.identified(who));
        }
        let sealed = self.visit.started_at.map_or(self.unless_over(), |_| Outcome::Done);
        lines.push(line("sheet-encrypted", sealed, By::Nobody, self.visit.started_at));
        lines.extend(self.people.iter().filter(|who| self.compares(who)).map(|who| self.spoken(who)));
        let ended = if self.visit.state.is_over() { Outcome::Done } else { Outcome::Later };
        lines.push(line("sheet-ended", ended, host, self.visit.ended_at));
        lines
    }

    pub fn after(&self) -> Vec<Line> {
        let (outcome, by, at) = match self.summary {
            Some((author, at)) => (Outcome::Done, author.map_or(By::Nobody, By::Staff), Some(at)),
            None if self.visit.state.has_happened() => (Outcome::Missing, By::Nobody, None),
            None => (Outcome::Later, By::Nobody, None),
        };
        vec![line("sheet-summary", outcome, by, at)]
    }

    fn guests(&self) -> impl Iterator<Item = &Checked> {
        self.people.iter().filter(|who| who.row.patient.is_some() || who.row.part.comes_by_code())
    }

    fn check_in(&self, who: &Checked) -> Vec<Line> {
        let me = By::Participant(who.row.id);
        let mut lines = Vec::new();
        // Whoever agreed by voice or on paper was not asked to sign on a screen.
        let papers = Papers { e_sign: self.e_sign.is_some() || self.consent.is_none(), notice: true };
        for step in steps(self.house, who.row.part, papers) {
            match step {
                Step::Welcome => {}
                Step::ESign => {
                    let outcome = self.e_sign.map_or(self.unless_begun(), |_| Outcome::Done);
                    lines.push(line("sheet-screen", outcome, me, self.e_sign));
                }
                Step::Notice => lines.push(self.noticed(me)),
                Step::Consent => lines.push(self.consented(me)),
                Step::Promise => {
                    let outcome = who.promised_at.map_or(self.unless_begun(), |_| Outcome::Done);
                    lines.push(line("sheet-promise", outcome, me, who.promised_at));
                }
                Step::Place => {
                    let outcome = match who.place {
                        Some(place) if place.is_private() => Outcome::Done,
                        Some(_) => Outcome::Failed,
                        None => self.unless_begun(),
                    };
                    lines.push(line("sheet-place", outcome, me, who.done_at));
                }
                Step::Readiness => lines.extend(self.checks(who, me)),
                Step::Location => {
                    let outcome = match who.located {
                        Some(Located::Served) => Outcome::Done,
                        Some(Located::Outside) => Outcome::Failed,
                        None => self.unless_begun(),
                    };
                    lines.push(line("sheet-location", outcome, me, who.done_at));
                    // Where somebody is who was put out counts no more.
                    if who.row.part == Part::Patient && who.row.is_expected() {
                        lines.extend(self.whereabouts(me, who.done_at));
                    }
                }
            }
        }
        let waited = who.row.arrived_at.map_or(self.unless_begun(), |_| Outcome::Done);
        lines.push(line("sheet-lobby", waited, me, who.row.arrived_at));
        lines
    }

    /// What follows from where the patient is: the licence, the emergency number, the plan for a drop-out.
    fn whereabouts(&self, me: By, at: Option<UnixMillis>) -> [Line; 3] {
        let missing = self.unless_begun();
        let licence = match (self.licence.cover, self.licence.decided) {
            (None, _) => line("sheet-licence", missing, By::Nobody, None),
            (Some(cover), _) if cover.is_yes() => line("sheet-licence", Outcome::Done, By::Nobody, at),
            (_, Some(it)) => line("sheet-licence", Outcome::Waived, By::Staff(it.by), Some(it.at)),
            _ => line("sheet-licence", Outcome::Failed, By::Nobody, None),
        };
        let emergency = self.emergency.map_or(missing, |is| if is { Outcome::Done } else { Outcome::Failed });
        let plan = if self.drop_out { Outcome::Done } else { missing };
        [
            licence,
            line("sheet-emergency", emergency, By::Nobody, None),
            line("sheet-drop-out", plan, me, if self.drop_out { at } else { None }),
        ]
    }

    /// Shown and not confirmed is shown: the reason stands with it.
    fn noticed(&self, me: By) -> Line {
        let outcome = match self.notice.map(|it| it.outcome) {
            Some(Noticed::Acknowledged) => Outcome::Done,
            Some(Noticed::Declined | Noticed::NotPossible) => Outcome::Waived,
            None => self.unless_begun(),
        };
        line("sheet-notice", outcome, me, self.notice.map(|it| it.at))
    }

    fn consented(&self, me: By) -> Line {
        let given = matches!(self.consent, Some((Answer::Given, true, _)));
        if let (false, Some((at, by))) = (given, self.overridden) {
            return line("sheet-consent", Outcome::Waived, by.map_or(By::Nobody, By::Staff), Some(at));
        }
        let (outcome, at) = match self.consent {
            Some((Answer::Given, true, at)) => (Outcome::Done, Some(at)),
            // Too old, or of another text: it counts as not given.
            Some((Answer::Given, false, _)) | None => (self.unless_begun(), None),
            Some((Answer::Refused | Answer::Withdrawn | Answer::Ended, _, at)) => (Outcome::Failed, Some(at)),
        };
        line("sheet-consent", outcome, me, at)
    }

    fn checks(&self, who: &Checked, me: By) -> Vec<Line> {
        let measured_at = who.readiness.and_then(|it| it.at).or(who.done_at);
        let judged = |outcome: Option<Outcome>| match (outcome, who.waived) {
            (Some(Outcome::Done), _) => (Outcome::Done, me, measured_at),
            (_, Some((at, by))) => (Outcome::Waived, by.map_or(By::Nobody, By::Staff), Some(at)),
            (Some(outcome), None) => (outcome, me, measured_at),
            (None, None) => (self.unless_begun(), By::Nobody, None),
        };
        let known = who.readiness.filter(|readiness| !readiness.is_unmeasured());
        let device = |it: Device| if it == Device::Ok { Outcome::Done } else { Outcome::Failed };
        let verdict = |it: Verdict| match it {
            Verdict::Good | Verdict::Fair => Some(Outcome::Done),
            Verdict::Poor => Some(Outcome::Failed),
            Verdict::Unknown => None,
        };
        [
            ("sheet-camera", known.map(|it| device(it.camera))),
            ("sheet-microphone", known.map(|it| device(it.microphone))),
            ("sheet-light", known.and_then(|it| verdict(it.light))),
            ("sheet-voice", known.and_then(|it| verdict(it.voice))),
            ("sheet-noise", known.and_then(|it| verdict(it.noise))),
            ("sheet-speaker", known.and_then(|it| verdict(it.speaker))),
            ("sheet-network", known.and_then(|it| verdict(it.connection()))),
            ("sheet-browser", who.readiness.and_then(|it| verdict(it.browser))),
        ]
        .map(|(step, outcome)| {
            let (outcome, by, at) = judged(outcome);
            line(step, outcome, by, at)
        })
        .into_iter()
        .chain([self.device(who, me)])
        .collect()
    }

    /// The five questions about the device, answered by whoever uses it (R29).
    fn device(&self, who: &Checked, me: By) -> Line {
        let step = "sheet-device";
        let at = who.readiness.and_then(|it| it.at);
        match (who.readiness.and_then(|it| it.device), who.waived) {
            (Some(device), _) if device.is_safe() => line(step, Outcome::Done, me, at),
            (_, Some((at, by))) => line(step, Outcome::Waived, by.map_or(By::Nobody, By::Staff), Some(at)),
            (Some(_), None) => line(step, Outcome::Failed, me, at),
            (None, None) => line(step, self.unless_begun(), By::Nobody, None),
        }
    }

    fn identified(&self, who: &Checked) -> Line {
        let Some(look) = who.identity else {
            return line("sheet-identity", self.unless_over(), By::Nobody, None);
        };
        let outcome = match look.outcome {
            Looked::Passed => Outcome::Done,
            Looked::Failed => Outcome::Failed,
            Looked::Waived => Outcome::Waived,
        };
        // After the room had closed: heard on the phone, or a document that was seen while it was open.
        let closed = self.visit.ended_at.is_some_and(|ended| look.at > ended);
        let by_phone = closed && !look.document && look.outcome != Looked::Waived;
        let step = if by_phone { "sheet-identity-phone" } else { "sheet-identity" };
        line(step, outcome, By::Staff(look.by), Some(look.at))
    }

    /// Whoever came for the visit. Of colleagues who might have and did not nothing is open.
    fn compares(&self, who: &Checked) -> bool {
        let stayed_out = who.row.admitted_at.is_none() && who.row.spoken.is_none();
        let idle = who.row.person.is_some() && stayed_out && self.visit.state.is_over();
        who.row.part != Part::Clinician && !idle
    }

    fn spoken(&self, who: &Checked) -> Line {
        let (outcome, at) = match who.row.spoken {
            Some((SpokenCode::Matches | SpokenCode::KnownDevice, at)) => (Outcome::Done, Some(at)),
            Some((SpokenCode::Mismatch, at)) => (Outcome::Failed, Some(at)),
            Some((SpokenCode::Skipped, at)) => (Outcome::Waived, Some(at)),
            None if who.row.admitted_at.is_some() && self.visit.state.is_over() => (Outcome::Missing, None),
            None => (self.unless_over(), None),
        };
        line("sheet-code", outcome, By::Participant(who.row.id), at)
    }

    /// Of a step whose time ends when the visit begins.
    fn unless_begun(&self) -> Outcome {
        if self.visit.started_at.is_some() || self.visit.state.is_over() {
            Outcome::Missing
        } else {
            Outcome::Later
        }
    }

    fn unless_over(&self) -> Outcome {
        if self.visit.state.is_over() { Outcome::Missing } else { Outcome::Later }
    }
}

fn line(step: &'static str, outcome: Outcome, by: By, at: Option<UnixMillis>) -> Line {
    let (by, at) = if outcome == Outcome::Later { (By::Nobody, None) } else { (by, at) };
    Line { step, outcome, by, at }
}
