//! The few words beside a waiting person's name: consent, where they are, how they can be seen and heard,
//! their language. Made for the day page and for the host's queue in the room, so that both say the same.

use super::check_in::answers::{Device, Location, Place, Readiness, Verdict, state_name};
use super::check_in::store::{Answer, CheckInRow, load, open};
use super::companions;
use super::consent::{self, ForVisit, Lapse};
use super::identity;
use super::rules::Part;
use super::store::{ParticipantRow, VisitRow};
use super::{emergency, interpreting, licence};
use keep::{KeepError, Viewing};
use people::needs::{self, Needs};
use policy::{Access, HouseRules};
use serde::Serialize;
use vocabulary::{Lang, UnixMillis};
use web::Words;

/// Never colour alone: a tone goes with an icon and a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// Stable: consent, identity, location, readiness, place or language.
    pub kind: &'static str,
    pub text: String,
    /// Empty for grey, else `ok`, `warn` or `bad`.
    pub tone: &'static str,
    /// A file of the icon set.
    pub icon: &'static str,
}

/// What the badges are made from.
#[derive(Clone, Default)]
pub struct Seen {
    /// None for those who are not asked.
    pub consent: Option<ForVisit>,
    pub location: Option<Location>,
    pub place: Option<Place>,
    pub readiness: Option<Readiness>,
    /// Somebody of the staff let them go on without the checks.
    pub waived: bool,
    /// In a state that the house does not serve.
    pub outside: bool,
    /// The house holds no visits without a picture.
    pub picture_needed: bool,
    /// No licence covers the state; whether the host goes on all the same.
    pub unlicensed: Option<bool>,
    /// Nobody has entered whom to call there in an emergency.
    pub no_emergency_number: bool,
    pub lang: Lang,
    /// What the patient needs to understand and be understood; nothing for whoever comes along.
    pub needs: Needs,
    /// The newest look at who they are.
    pub identity: Option<identity::Checked>,
    /// Somebody is booked who interprets into their language.
    pub interpreted: bool,
}

/// Loads and opens what the badges of one participant need.
pub async fn load_seen(
    view: &mut Viewing,
    access: &Access,
    (visit, who): (&VisitRow, &ParticipantRow),
    (house, now): (&HouseRules, UnixMillis),
) -> Result<Seen, KeepError> {
    let row: CheckInRow = load(view, who.id).await?;
    let of = (who.id, visit.patient);
    let consent = consent::for_visit(view, visit, (house, now)).await?;
    let lang = match companions::lang_of(view, who.id).await? {
        Some(lang) => lang,
        None => people::patients::lang_of(view, visit.patient).await?,
    };
    let location: Option<Location> = open(view, access, of, (Answer::Location, row.location.as_ref()))?;
    let (mut unlicensed, mut no_emergency_number) = (None, false);
    if let Some(here) = &location {
        let standing = licence::for_visit(view, visit, now).await?;
        unlicensed = standing.is_uncovered().then_some(standing.lets_in());
        no_emergency_number = emergency::for_place(view, &here.state, &here.zip).await?.is_none();
    }
    let own = who.part == Part::Patient || who.part == Part::Representative;
    let needs = if own {
        needs::of_patient(view, access, visit.patient).await?.unwrap_or_default()
    } else {
        Needs::default()
    };
    let interpreted =
        needs.interpreter && interpreting::covers(view, access, (visit.id, &needs.tongue)).await?;
    Ok(Seen {
        identity: identity::newest(view, who.id).await?,
        needs,
        interpreted,
        unlicensed,
        no_emergency_number,
        outside: location.as_ref().is_some_and(|it| !house.serves(&it.state)),
        picture_needed: !house.audio_only,
        waived: row.waived_at.is_some(),
        consent: (!who.part.accompanies()).then_some(consent),
        location,
        place: open(view, access, of, (Answer::Place, row.place.as_ref()))?,
        readiness: open(view, access, of, (Answer::Readiness, row.readiness.as_ref()))?,
        lang,
    })
}

pub fn badges(seen: &Seen, words: &Words) -> Vec<Badge> {
    let mut all = Vec::new();
    all.extend(seen.consent.map(|consent| consent_badge(consent, words)));
    all.push(identity::badge(seen.identity.as_ref(), words));
    if let Some(location) = &seen.location {
        let state = state_name(&location.state).unwrap_or_default();
        let (key, tone) = if seen.outside { ("badge-outside", "bad") } else { ("badge-location", "ok") };
        all.push(badge("location", words.with(key, &[("state", state.into())]), tone, "map-pin"));
    }
    all.extend(seen.unlicensed.map(|decided| match decided {
        true => badge("licence", words.t("badge-licence-decided"), "warn", "hand"),
        false => badge("licence", words.t("badge-licence-missing"), "bad", "ban"),
    }));
    if seen.no_emergency_number {
        all.push(badge("emergency", words.t("badge-no-emergency-number"), "warn", "siren"));
    }
    if seen.place.is_some_and(|place| !place.is_private()) {
        all.push(badge("place", words.t("badge-place-open"), "warn", "users"));
    }
    if let Some(readiness) = &seen.readiness {
        all.extend(readiness_badges(readiness, !seen.picture_needed, words));
    }
    if seen.readiness.and_then(|it| it.device).is_some_and(|device| !device.is_safe()) {
        all.push(badge("device", words.t("badge-unsafe-device"), "", "shield-alert"));
    }
    if seen.readiness.is_some_and(|it| it.browser == Verdict::Poor) {
        all.push(badge("browser", words.t("badge-browser"), "warn", "globe"));
    }
    if seen.waived {
        all.push(badge("readiness", words.t("badge-waived"), "warn", "hand"));
    }
    if seen.lang != words.lang() || seen.lang == Lang::Es {
        let text = words.t(&format!("lang-{}", seen.lang.code()));
        all.push(badge("language", text, "", "languages"));
    }
    all.extend(need_badges(&seen.needs, seen.interpreted, words));
    all
}

pub(crate) fn consent_badge(consent: ForVisit, words: &Words) -> Badge {
    let (key, tone, icon) = match consent.lapse {
        None => ("badge-consent", "ok", "check"),
        Some(_) if consent.overridden => ("badge-consent-emergency", "warn", "siren"),
        Some(Lapse::Withdrawn) => ("badge-consent-back", "bad", "undo-2"),
        Some(_) => ("badge-consent-missing", "bad", "circle-alert"),
    };
    badge("consent", words.t(key), tone, icon)
}

/// What a patient needs, in as few badges as say it: the interpreter by itself, since somebody must book one.
pub(crate) fn need_badges(needs: &Needs, interpreted: bool, words: &Words) -> Vec<Badge> {
    let mut all = Vec::new();
    if needs.interpreter {
        let tongue = words.t(&needs::tongue_word(&needs.tongue));
        let icon = if needs.is_signed() { "hand" } else { "languages" };
        let (key, tone) = match interpreted {
            true => ("badge-interpreter-booked", "ok"),
            false => ("badge-interpreter-missing", "warn"),
        };
        all.push(badge("interpreter", words.with(key, &[("tongue", tongue.into())]), tone, icon));
    } else if !needs.tongue.is_empty() && !matches!(needs.tongue.as_str(), "eng" | "spa") {
        all.push(badge("tongue", words.t(&needs::tongue_word(&needs.tongue)), "", "languages"));
    }
    if !needs.aids.is_empty() {
        let aids: Vec<String> = needs.aids.iter().map(|aid| words.t(&needs::aid_word(aid))).collect();
        all.push(badge("aids", aids.join(", "), "", "accessibility"));
    }
    all
}

fn readiness_badges(readiness: &Readiness, sound_only: bool, words: &Words) -> Vec<Badge> {
    if readiness.is_unmeasured() {
        return vec![badge("readiness", words.t("badge-unmeasured"), "", "circle-question-mark")];
    }
    let mut all = Vec::new();
    if readiness.camera != Device::Ok {
        let tone = if sound_only { "warn" } else { "bad" };
        all.push(badge("readiness", words.t("badge-no-camera"), tone, "video-off"));
    }
    let mut warn = |key: &str, icon| all.push(badge("readiness", words.t(key), "warn", icon));
    if readiness.microphone != Device::Ok {
        warn("badge-no-microphone", "mic-off");
    }
    if readiness.light == Verdict::Poor {
        warn("badge-dim", "sun-dim");
    }
    if readiness.noise == Verdict::Poor {
        warn("badge-noisy", "volume-2");
    }
    if readiness.voice == Verdict::Poor {
        warn("badge-quiet-voice", "mic");
    }
    if readiness.connection() == Verdict::Poor {
        warn("badge-weak-network", "wifi-off");
    }
    if readiness.speaker == Verdict::Poor {
        warn("badge-no-sound", "volume-x");
    }
    if all.is_empty() {
        all.push(badge("readiness", words.t("badge-ready"), "ok", "check"));
    }
    all
}

fn badge(kind: &'static str, text: String, tone: &'static str, icon: &'static str) -> Badge {
    Badge { kind, text, tone, icon }
}
