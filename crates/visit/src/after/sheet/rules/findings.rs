//! Which lines of a sheet become findings at the end of a visit. Pure.
//!
//! Refuses to tell twice what a step told where it happened: a place that is not private, a poor check, a
//! failed or waived look at who it is, a consent that was refused, a state without a licence.

use super::{Checked, Known, Line, Outcome};
use crate::before::identity::seats::met_host;
use crate::before::rules::{Part, VisitState};
use practice::findings::Kind;

impl Known<'_> {
    /// Of a visit that has just ended, each kind once: what nobody did, or somebody decided to do without,
    /// before it or in it. Nothing of a visit at which nobody met, nor of people who never met the host. The
    /// summary has no last day, so what comes after the visit is no finding.
    pub fn findings(&self) -> Vec<Kind> {
        let met: Vec<&Checked> = self.guests().filter(|who| met_host(&who.row, self.visit)).collect();
        if met.is_empty() {
            return Vec::new();
        }
        let mut lines = self.asked();
        for who in met {
            let told = who.has_told_of_checks(&self.checks(who, super::By::Nobody));
            let its = self.check_in(who).into_iter().filter(|line| !(told && CHECKS.contains(&line.step)));
            lines.extend(its.chain([self.identified(who)]));
        }
        lines.extend(self.compared());
        lines.extend(self.interpreting());
        lines.extend(self.hosting());
        let mut kinds: Vec<Kind> = Vec::new();
        for kind in lines.iter().filter_map(|line| self.kind(line)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The digits of everybody who was in the room. Colleagues need not read theirs aloud: a deputy who
    /// leads has nobody to do it with.
    fn compared(&self) -> Vec<Line> {
        let is_deputy = |who: &Checked| who.row.part == Part::Deputy && who.row.admitted_at.is_some();
        let inside = |who: &&Checked| is_deputy(who) || met_host(&who.row, self.visit);
        let expected =
            |(who, line): &(&Checked, Line)| line.outcome != Outcome::Missing || who.row.person.is_none();
        let lines = self.people.iter().filter(inside).map(|who| (who, self.spoken(who)));
        lines.filter(expected).map(|(_, line)| line).collect()
    }

    fn kind(&self, line: &Line) -> Option<Kind> {
        use Outcome as O;
        let here = self.notice.is_some_and(|it| it.visit == Some(self.visit.id));
        match (line.step, line.outcome) {
            (_, O::Done | O::Later) => None,
            ("sheet-preferences" | "sheet-aids", _) => Some(Kind::NotAsked),
            ("sheet-notice", O::Waived) => here.then_some(Kind::NoticeDeclined),
            // Where the host goes on without a consent, nobody signs on a screen either.
            ("sheet-screen", _) if self.overridden.is_some() => None,
            // What was not read aloud by then falls away with the video.
            ("sheet-code", O::Missing) if self.visit.state == VisitState::MovedToPhone => None,
            ("sheet-code", O::Failed) => Some(Kind::CodeMismatch),
            ("sheet-code", _) => Some(Kind::CodeSkipped),
            // That can be done by phone, and is found open once the summary is written.
            ("sheet-identity", O::Missing) if self.visit.state == VisitState::MovedToPhone => None,
            ("sheet-identity", O::Missing) => Some(Kind::NotIdentified),
            // Somebody of the register came, and another one stood by.
            ("sheet-interpreter", _) if self.interpreted.booked.iter().any(|(_, came)| *came) => None,
            ("sheet-interpreter", _) => Some(Kind::InterpreterMissing),
            ("sheet-exception", _) => Some(Kind::InterpreterException),
            ("sheet-host-place" | "sheet-host-checks" | "sheet-host-device", O::Missing) => {
                Some(Kind::HostUnchecked)
            }
            (_, O::Missing) => Some(Kind::StepMissing),
            (_, O::Failed | O::Waived) => None,
        }
    }
}

impl Checked {
    /// The step of the checks, or whoever waived them, raised a finding of its own: one that could not run
    /// for want of a camera is part of it.
    fn has_told_of_checks(&self, lines: &[Line]) -> bool {
        let told = |line: &Line| matches!(line.outcome, Outcome::Failed | Outcome::Waived);
        self.readiness.is_some_and(|it| it.is_unmeasured()) || lines.iter().any(told)
    }
}

/// The lines of the step that checks devices and line.
const CHECKS: [&str; 9] = [
    "sheet-camera",
    "sheet-microphone",
    "sheet-light",
    "sheet-voice",
    "sheet-noise",
    "sheet-speaker",
    "sheet-network",
    "sheet-browser",
    "sheet-device",
];

#[cfg(test)]
mod tests;
