//! What the form about a signed paper has to say. Pure.

use crate::before::consent::rules::{CONSENT_DAYS, TeachBack, teach_back};
use crate::before::consent::texts::Named;
use crate::before::consent::{Outcome, Scope};
use jiff::{Span, civil::Date};
use people::patients::rules::tidy;
use serde::Deserialize;
use vocabulary::Lang;

/// The hint on the form says so.
pub const KEPT_MAX: usize = 200;
/// The same bound as on a screen.
const NAMED_MAX: usize = 300;
const BASIS_MAX: usize = 1_000;

/// As typed. Holds names, so it has no `Debug`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub lang: String,
    pub version: String,
    pub signed_on: String,
    /// It was signed after the patient's no of the same day.
    pub newer: String,
    /// `patient`, or the id of whoever acts for them.
    pub signer: String,
    pub clinician: String,
    pub who: String,
    pub what: String,
    pub why: String,
    pub basis: String,
    pub means: String,
    pub again: String,
    pub kept: String,
    pub holds: String,
}

/// Who signed, as far as it decides anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Patient,
    /// Whether their authority held on the day on the paper, and whether they may see the chart: whoever may
    /// not, gives nobody else what is in it.
    Acting {
        held: bool,
        chart: bool,
    },
}

/// What a form is read against.
pub struct Around<'a> {
    pub scope: Scope,
    pub today: Date,
    /// Languages in which somebody has approved the text.
    pub langs: &'a [Lang],
    pub by: Option<By>,
    /// The clinician of a telehealth consent was found.
    pub clinician: bool,
    /// The patient was not of age on the day on the paper.
    pub for_minor: bool,
    /// The patient is of age today.
    pub of_age: bool,
    /// The newest answer, or of a scope that names somebody the newest about each of them, newest first.
    pub said: Vec<Said>,
}

/// An answer that was there before the paper. Holds names, so it has no `Debug`.
#[derive(Clone)]
pub struct Said {
    pub outcome: Outcome,
    /// From which it counts.
    pub since: Date,
    pub in_force: bool,
    /// Whom it names; `None` where it names nobody.
    pub named: Option<Named>,
}

/// A right form. Holds names, so it has no `Debug`.
pub struct Paper {
    pub lang: Lang,
    pub signed_on: Date,
    pub named: Named,
    pub teach_back: Option<TeachBack>,
    pub basis: String,
    pub kept: String,
}

/// Field and key of the sentence.
pub type Slip = (&'static str, &'static str);

/// All slips at once.
pub fn read(typed: &Typed, around: &Around<'_>) -> Result<Paper, Vec<Slip>> {
    let mut slips = Vec::new();
    let mut check = |wrong: bool, field, key| {
        if wrong {
            slips.push((field, key));
        }
    };
    let lang = Lang::parse(&typed.lang).filter(|lang| around.langs.contains(lang));
    check(lang.is_none(), "lang", "paper-fault-lang");
    let version = typed.version.trim();
    check(version.is_empty(), "version", "paper-fault-version-missing");
    check(!version.is_empty() && version != around.scope.version(), "version", "paper-fault-version");
    let signed_on = typed.signed_on.parse::<Date>().ok();
    let named = Named { who: tidy(&typed.who), what: tidy(&typed.what), why: tidy(&typed.why) };
    if let Some((field, key)) = day_slip(signed_on, (typed.newer == "yes", &named), around) {
        check(true, field, key);
    }
    if around.scope.is_to_a_clinician() {
        check(!around.clinician, "clinician", "paper-fault-clinician");
    }
    match around.by {
        None => check(true, "signer", "paper-fault-signer"),
        Some(By::Acting { held: false, .. }) => check(true, "signer", "paper-fault-signer-day"),
        Some(By::Acting { chart: false, .. }) if around.scope.names_somebody() => {
            check(true, "signer", "paper-fault-signer-chart");
        }
        Some(_) => {}
    }
    if around.scope.names_somebody() {
        for (field, key, value) in [
            ("who", "agree-who-missing", &named.who),
            ("what", "agree-what-missing", &named.what),
            ("why", "agree-why-missing", &named.why),
        ] {
            check(value.is_empty() || value.chars().count() > NAMED_MAX, field, key);
        }
    }
    let basis = typed.basis.trim().to_owned();
    let alone = around.for_minor && around.by == Some(By::Patient);
    check(alone && basis.is_empty(), "basis", "by-voice-minor-basis");
    check(basis.chars().count() > BASIS_MAX, "basis", "by-voice-long");
    let taught = teach_back(&typed.means, &typed.again);
    check(taught.is_none() && !typed.means.is_empty(), "means", "by-voice-means-wrong");
    let kept = tidy(&typed.kept);
    check(kept.is_empty() || kept.chars().count() > KEPT_MAX, "kept", "paper-fault-kept");
    check(typed.holds != "yes", "holds", "paper-fault-holds");
    match (lang, signed_on) {
        (Some(lang), Some(signed_on)) if slips.is_empty() => {
            Ok(Paper { lang, signed_on, named, teach_back: taught, basis, kept })
        }
        _ => Err(slips),
    }
}

/// The last day of a paper that has a term, whatever the clocks did in between.
pub fn last_day(signed_on: Date) -> Option<Date> {
    signed_on.checked_add(Span::new().days(CONSENT_DAYS)).ok()
}

/// A day of the past on which these words were there, and on which nothing newer was said.
fn day_slip(signed_on: Option<Date>, (newer, named): (bool, &Named), around: &Around<'_>) -> Option<Slip> {
    let Some(day) = signed_on else { return Some(("signed_on", "paper-fault-day")) };
    if day > around.today {
        return Some(("signed_on", "paper-fault-day-future"));
    }
    if around.scope.since().parse::<Date>().is_ok_and(|since| day < since) {
        return Some(("signed_on", "paper-fault-day-early"));
    }
    if around.scope.has_term() && last_day(day).is_some_and(|last| last <= around.today) {
        return Some(("signed_on", "paper-fault-day-over"));
    }
    // Signed as a child, or for one: coming of age has ended that, whenever it is typed in (R64).
    if around.for_minor && around.of_age {
        return Some(("signed_on", "paper-fault-day-minor"));
    }
    let is_it = |one: &&Said| one.named.as_ref().is_none_or(|it| it.is_same(named));
    if around.said.iter().filter(is_it).any(|one| one.in_force && day <= one.since) {
        return Some(("signed_on", "paper-fault-in-force"));
    }
    // Ended by coming of age is a no of nobody's.
    let is_no = |one: &&Said| matches!(one.outcome, Outcome::Refused | Outcome::Withdrawn);
    let to_them = |one: &&Said| one.named.as_ref().is_none_or(|it| it.is_same_person(named));
    let no = around.said.iter().filter(is_no).find(to_them)?.since;
    match day {
        day if day < no => Some(("signed_on", "paper-fault-day-no")),
        day if day == no && !newer => Some(("newer", "paper-fault-newer")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn typed(signed_on: &str) -> Typed {
        Typed {
            lang: "en".into(),
            version: " 2026-1 ".into(),
            signed_on: signed_on.into(),
            signer: "patient".into(),
            kept: "Cabinet 2".into(),
            holds: "yes".into(),
            ..Typed::default()
        }
    }

    fn around(scope: Scope) -> Around<'static> {
        Around {
            scope,
            today: day("2026-11-21"),
            langs: &[Lang::En],
            by: Some(By::Patient),
            clinician: true,
            for_minor: false,
            of_age: true,
            said: Vec::new(),
        }
    }

    fn fields(typed: &Typed, around: &Around<'_>) -> Vec<Slip> {
        read(typed, around).err().unwrap_or_default()
    }

    #[test]
    fn the_day_on_a_paper_is_one_on_which_it_could_be_signed() {
        let it = around(Scope::Recording);
        assert!(read(&typed("2026-11-21"), &it).is_ok());
        assert!(read(&typed("2026-01-01"), &it).is_ok());
        for (day, key) in [
            ("", "paper-fault-day"),
            ("2026-02-30", "paper-fault-day"),
            ("2026-11-22", "paper-fault-day-future"),
            ("2025-12-31", "paper-fault-day-early"),
        ] {
            assert_eq!(fields(&typed(day), &it), [("signed_on", key)], "{day}");
        }
        let later = Around { today: day("2027-01-05"), ..around(Scope::Recording) };
        assert_eq!(fields(&typed("2026-01-05"), &later), [("signed_on", "paper-fault-day-over")]);
        let for_good = Around { today: day("2027-01-05"), ..around(Scope::ESign) };
        assert!(read(&typed("2026-01-05"), &for_good).is_ok(), "this one has no end");
    }

    #[test]
    fn a_paper_never_overrules_what_was_said_after_it() {
        let said = |outcome, in_force| Said { outcome, since: day("2026-11-10"), in_force, named: None };
        let after = |one: Said| Around { said: vec![one], ..around(Scope::Images) };
        let no = || said(Outcome::Withdrawn, false);
        assert_eq!(fields(&typed("2026-11-09"), &after(no())), [("signed_on", "paper-fault-day-no")]);
        assert_eq!(fields(&typed("2026-11-10"), &after(no())), [("newer", "paper-fault-newer")]);
        let newer = Typed { newer: "yes".into(), ..typed("2026-11-10") };
        assert!(read(&newer, &after(no())).is_ok());
        assert!(read(&typed("2026-11-11"), &after(no())).is_ok());
        let yes = || said(Outcome::Given, true);
        assert_eq!(fields(&typed("2026-11-10"), &after(yes())), [("signed_on", "paper-fault-in-force")]);
        assert!(read(&typed("2026-11-11"), &after(yes())).is_ok(), "signed anew");
        assert!(read(&typed("2026-11-10"), &after(said(Outcome::Given, false))).is_ok(), "it counts no more");
        assert!(read(&typed("2026-11-09"), &after(said(Outcome::Ended, false))).is_ok(), "nobody said no");
    }

    #[test]
    fn somebody_named_is_an_agreement_of_their_own() {
        let to = |who: &str, what: &str| Typed {
            who: who.into(),
            what: what.into(),
            why: "rides".into(),
            ..typed("2026-11-10")
        };
        let named = |who: &str, what: &str| Named { who: who.into(), what: what.into(), why: "rides".into() };
        let said = |outcome, in_force, who: &str, what: &str| Said {
            outcome,
            since: day("2026-11-12"),
            in_force,
            named: Some(named(who, what)),
        };
        let yes = Around {
            said: vec![said(Outcome::Given, true, "Elena", "times")],
            ..around(Scope::Authorization)
        };
        assert_eq!(fields(&to("elena ", "times"), &yes), [("signed_on", "paper-fault-in-force")], "the same");
        assert!(read(&to("Elena", "letters"), &yes).is_ok(), "something else");
        assert!(read(&to("A lawyer", "times"), &yes).is_ok(), "somebody else");
        let no = Around {
            said: vec![said(Outcome::Withdrawn, false, "Elena", "times")],
            ..around(Scope::Authorization)
        };
        assert_eq!(fields(&to("Elena", "letters"), &no), [("signed_on", "paper-fault-day-no")]);
        assert!(read(&to("A lawyer", "times"), &no).is_ok(), "that no was about somebody else");
    }

    #[test]
    fn what_was_signed_under_age_counts_no_more_once_they_are_of_age() {
        let child = Around { for_minor: true, of_age: true, ..around(Scope::Recording) };
        let slip = fields(&typed("2026-11-05"), &child)[0];
        assert_eq!(slip, ("signed_on", "paper-fault-day-minor"));
    }

    #[test]
    fn whoever_signs_for_another_was_covered_on_that_day() {
        let by = |by, scope| Around { by, ..around(scope) };
        let (held, chart) = (true, false);
        let paper = typed("2026-11-20");
        assert!(read(&paper, &by(Some(By::Acting { held, chart }), Scope::Recording)).is_ok());
        let late = by(Some(By::Acting { held: false, chart: true }), Scope::Recording);
        assert_eq!(fields(&paper, &late), [("signer", "paper-fault-signer-day")]);
        let out = Typed { who: "Elena".into(), what: "letters".into(), why: "rides".into(), ..paper.clone() };
        let unseen = by(Some(By::Acting { held, chart }), Scope::Authorization);
        assert_eq!(fields(&out, &unseen), [("signer", "paper-fault-signer-chart")]);
        assert_eq!(fields(&paper, &by(None, Scope::Recording)), [("signer", "paper-fault-signer")]);
        let child = Around { for_minor: true, of_age: false, ..around(Scope::Recording) };
        assert_eq!(fields(&paper, &child), [("basis", "by-voice-minor-basis")]);
    }

    #[test]
    fn what_is_missing_is_said_all_at_once() {
        let all = fields(&Typed::default(), &Around { by: None, clinician: false, ..around(Scope::Part2) });
        let all: Vec<&str> = all.into_iter().map(|(field, _)| field).collect();
        assert_eq!(all, ["lang", "version", "signed_on", "signer", "who", "what", "why", "kept", "holds"]);
        let blank = Typed { version: " ".into(), ..typed("2026-11-20") };
        assert_eq!(fields(&blank, &around(Scope::Images)), [("version", "paper-fault-version-missing")]);
        let older = Typed { version: "2025-9".into(), ..blank };
        assert_eq!(fields(&older, &around(Scope::Images)), [("version", "paper-fault-version")]);
        let nobody = Around { clinician: false, ..around(Scope::Telehealth) };
        assert_eq!(fields(&typed("2026-11-20"), &nobody), [("clinician", "paper-fault-clinician")]);
        let spanish = Typed { lang: "es".into(), ..typed("2026-11-20") };
        assert_eq!(fields(&spanish, &around(Scope::Images)), [("lang", "paper-fault-lang")], "not approved");
        let stay = Typed { means: "stay".into(), ..typed("2026-11-20") };
        assert_eq!(fields(&stay, &around(Scope::Images)), [("means", "by-voice-means-wrong")]);
    }
}
