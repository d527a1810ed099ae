//! A consent with the help of staff: read aloud and answered aloud before a witness (R62), or signed on
//! paper; and the host's way on without one in an emergency (R58).
//!
//! Refuses a spoken consent that nobody but the reader has heard, one by voice where only paper counts, and
//! an emergency without a reason.

use super::rules::{Accepts, Method, TeachBack, accepts, teach_back};
use super::texts::{Named, Text};
use super::{ForVisit, How, Of, Scope, Signing, for_visit};
use crate::before::asked;
use crate::before::booking::visit_page_with_consent;
use crate::before::check_in::answers::{STATES, state_name};
use crate::before::check_in::{authority_of, settle, store};
use crate::before::companions::{self, acting};
use crate::before::privacy_notice::{self, Outcome as NoticeOutcome};
use crate::before::rules::Part;
use crate::before::store::{ParticipantRow, VisitRow, participants};
use crate::before::translations;
use axum::extract::Path;
use axum::response::Response;
use keep::{Entry, Hint, Object, Viewing};
use people::patients::{self, Names, lang_of};
use people::staff;
use policy::{Access, Act};
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Relations};
use web::{Ctx, Failure, Faults, Form, see_other};

const REASON_MAX: usize = 1_000;

/// As typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Typed {
    /// `voice` or `paper`.
    pub how: String,
    /// Who says yes: `patient`, or the id of a participant who acts for them.
    pub signer: String,
    pub witness: String,
    pub state: String,
    pub basis: String,
    pub said_yes: String,
    /// What the patient answered to the short question, and whether this is after a wrong answer (R79).
    pub means: String,
    pub again: String,
    pub text: String,
    /// What came of the notice of privacy practices; empty where it is settled.
    pub notice: String,
    pub notice_why: String,
}

#[derive(Deserialize)]
pub(crate) struct Emergency {
    #[serde(default)]
    reason: String,
}

/// The card on the visit page.
#[derive(Default)]
pub(crate) struct Card {
    pub may_take: bool,
    pub may_override: bool,
    /// What can be taken back through staff; empty for whoever may not write it down.
    pub scopes: Vec<Scope>,
    /// Where agreements on paper are printed and recorded; empty for whoever may not.
    pub papers: String,
    pub overridden: bool,
    /// The words to read aloud, in the patient's language where it is approved.
    pub article: String,
    pub article_lang: &'static str,
    pub demo_approved: bool,
    pub tag: String,
    pub states: &'static [(&'static str, &'static str)],
    /// Who can say yes: value and name.
    pub signers: Vec<(String, String)>,
    /// Who can have heard it: id and name.
    pub witnesses: Vec<(String, String)>,
    pub notice_open: bool,
    pub typed: Typed,
    pub faults: Faults,
}

pub(crate) async fn card(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, access): (&VisitRow, &Access),
    (typed, faults): (Typed, Faults),
) -> Result<Card, Failure> {
    let standing = for_visit(view, visit, (&ctx.settings.house_rules, ctx.now)).await?;
    let wanted = !visit.state.is_over() && standing.lapse.is_some();
    let may_take = wanted && ctx.allowed(Act::WitnessConsent, access.facts());
    let may_override = wanted && !standing.overridden && ctx.allowed(Act::OverrideConsent, access.facts());
    let may_stop = ctx.allowed(Act::WitnessConsent, access.facts());
    let scopes = Scope::ALL.into_iter().filter(|_| may_stop).collect();
    // A host who is not on the care team takes this visit's consent, and no other paper of the patient.
    let theirs = people::standing::of(view, &ctx.who, visit.patient, ctx.now).await?;
    let papers = format!("/patients/{}/papers", visit.patient.text());
    let papers = if ctx.allowed(Act::WitnessConsent, &theirs) { papers } else { String::new() };
    let overridden = standing.overridden;
    let card = Card { may_take, may_override, scopes, papers, overridden, ..Card::default() };
    if !may_take {
        return Ok(card);
    }
    let text = text_for(ctx, view, visit).await?;
    let filled = (text, visit.patient, Some(visit.clinician));
    let filling = super::filling(ctx, view, access, filled, Named::default()).await?;
    let names = ctx.plugged::<Names>();
    // Whoever reads the words is not the one who hears the answer.
    let reads = |one: &staff::Person| matches!(ctx.who, Principal::Staff { person, .. } if person == one.id);
    let may_hear = |one: &staff::Person| one.state == staff::State::Active && !reads(one);
    let here = super::here(view, visit.id).await?;
    let state = if typed.state.is_empty() { here.unwrap_or_default() } else { typed.state };
    let typed = Typed { state, ..typed };
    let colleagues = staff::list(view).await?.into_iter().filter(may_hear);
    let named = colleagues.filter_map(|one| Some((one.id.text(), names.staff(one.id)?.reveal().to_owned())));
    Ok(Card {
        article: text.fill(&filling),
        article_lang: text.lang.code(),
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        tag: text.tag(),
        states: STATES,
        signers: signers(ctx, view, (visit, access)).await?.into_iter().map(|it| it.shown(ctx)).collect(),
        witnesses: named.collect(),
        notice_open: privacy_notice::newest(view, visit.patient).await?.is_none(),
        typed,
        faults,
        ..card
    })
}

/// `POST /visits/{id}/consent`
pub(crate) async fn take(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::WitnessConsent).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let back = see_other(&format!("/visits/{}?done=consent", visit.id.text()));
    let mut view = ctx.keep.view(&access, Object::of("visit", visit.id.text())).await?;
    let standing = for_visit(&mut view, &visit, (&ctx.settings.house_rules, ctx.now)).await?;
    // Pressed twice, or signed by the patient in the meantime.
    if visit.state.is_over() || standing.lapse.is_none() {
        return Ok(see_other(&format!("/visits/{}", visit.id.text())));
    }
    let text = text_for(&ctx, &mut view, &visit).await?;
    let asked = Around {
        reader: person,
        signers: signers(&ctx, &mut view, (&visit, &access)).await?,
        for_minor: super::is_minor(&ctx, &mut view, &access, visit.patient).await?,
        notice_open: privacy_notice::newest(&mut view, visit.patient).await?.is_none(),
        here: super::here(&mut view, visit.id).await?,
    };
    let for_minor = asked.for_minor;
    let read = match read(&ctx, &mut view, (&typed, text), asked).await? {
        Ok(read) => read,
        Err(faults) => {
            drop(view);
            let wrong = !faults.of("means").is_empty() && !typed.means.is_empty();
            let again = if wrong { "yes".into() } else { typed.again.clone() };
            return visit_page_with_consent(&ctx, visit.id, (Typed { again, ..typed }, faults)).await;
        }
    };
    let filled = (text, visit.patient, Some(visit.clinician));
    let filling = super::filling(&ctx, &mut view, &access, filled, Named::default()).await?;
    drop(view);
    let names = ctx.plugged::<Names>();
    let name = |id| names.staff(id).map(|name| name.reveal().to_owned()).unwrap_or_default();
    let (taken_by, heard_by) = (name(person), read.witness.map(name).unwrap_or_default());
    let how = match read.method {
        Method::Paper => How::Paper { taken_by: &taken_by, basis: &read.basis, filed: None },
        _ => How::Voice { taken_by: &taken_by, witness: &heard_by, basis: &read.basis },
    };
    let mut tx = ctx.keep.begin().await?;
    let me = patient_of(participants(&mut tx, visit.id).await?)?;
    let signing = Signing {
        of: Of::at_visit(Scope::Telehealth, &visit, &read.signer.row),
        text,
        filling: &filling,
        signed_name: &read.signer.name,
        authority: read.signer.authority(),
        how,
        staff: (Some(person), read.witness),
        teach_back: read.teach_back,
        state: Some(&read.state),
        for_minor,
        renews: None,
        words: &ctx.words,
        zone: ctx.zone(),
    };
    let (_, entry) = super::give(&mut tx, &signing).await?;
    if let Some((outcome, why)) = &read.notice {
        let shown = translations::notice(&mut tx, &ctx, text.lang).await?;
        let whose = (visit.patient, visit.id);
        let noted = privacy_notice::record(&mut tx, whose, (shown, *outcome), (Some(person), why)).await?;
        tx.note(&access, noted);
    }
    settle(&mut tx, (&visit, &me), &ctx.settings.house_rules).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(&access, entry).await?;
    Ok(back)
}

/// `POST /visits/{id}/consent/emergency`
pub(crate) async fn go_on(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Emergency>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::OverrideConsent).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let reason = typed.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(Failure::BadInput);
    }
    let back = see_other(&format!("/visits/{}?done=emergency", visit.id.text()));
    let mut tx = ctx.keep.begin().await?;
    let standing: ForVisit = for_visit(&mut tx, &visit, (&ctx.settings.house_rules, ctx.now)).await?;
    if visit.state.is_over() || standing.lets_in() {
        return Ok(see_other(&format!("/visits/{}", visit.id.text())));
    }
    let me = patient_of(participants(&mut tx, visit.id).await?)?;
    store::put_emergency(&mut tx, &me, visit.patient, (person, reason)).await?;
    settle(&mut tx, (&visit, &me), &ctx.settings.house_rules).await?;
    findings::raise(&mut tx, Kind::ConsentOverridden, Source::Visit(visit.id)).await?;
    let object = Object::of("check_in", me.id.text()).patient(visit.patient).visit(visit.id);
    tx.commit(&access, Entry::new(object).detail("reason", reason)).await?;
    Ok(back)
}

/// Somebody who can say yes. Holds a name, so it has no `Debug`.
struct Signer {
    row: ParticipantRow,
    name: String,
}

impl Signer {
    /// The form's word for them.
    fn value(&self) -> String {
        if self.row.part == Part::Patient { "patient".into() } else { self.row.id.text() }
    }

    /// The key of what they may sign as.
    fn authority(&self) -> &'static str {
        authority_of(self.row.part)
    }

    fn shown(self, ctx: &Ctx) -> (String, String) {
        (self.value(), format!("{} ({})", self.name, ctx.words.t(self.authority())))
    }
}

/// The patient, and whoever of this visit acts for them at this moment.
async fn signers(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, access): (&VisitRow, &Access),
) -> Result<Vec<Signer>, Failure> {
    let mut all = Vec::new();
    for row in participants(view, visit.id).await? {
        let name = match row.part {
            Part::Patient => Some(patients::name(view, access, visit.patient).await?),
            Part::Representative if row.is_expected() => {
                let authority = acting::facts_of(view, row.id, ctx.now).await?;
                let holds = authority.is_some_and(|facts| facts.relations != Relations::NONE);
                if holds { companions::name(view, access, (row.id, visit.patient)).await? } else { None }
            }
            _ => None,
        };
        all.extend(name.map(|name| Signer { row, name: name.reveal().to_owned() }));
    }
    Ok(all)
}

/// What a form is read against.
struct Around {
    reader: PersonId,
    signers: Vec<Signer>,
    for_minor: bool,
    notice_open: bool,
    /// Where the patient said that they are.
    here: Option<String>,
}

/// What a right form says.
struct Read {
    method: Method,
    signer: Signer,
    witness: Option<PersonId>,
    state: String,
    basis: String,
    teach_back: Option<TeachBack>,
    notice: Option<(NoticeOutcome, String)>,
}

async fn read(
    ctx: &Ctx,
    view: &mut Viewing,
    (typed, text): (&Typed, &Text),
    Around { reader, signers, for_minor, notice_open, here }: Around,
) -> Result<Result<Read, Faults>, Failure> {
    let mut faults = Faults::default();
    let mut fault = |field, key: &str| faults.add(field, ctx.words.t(key));
    let method = Method::parse(&typed.how).filter(|method| *method != Method::Electronic);
    if method.is_none() {
        fault("how", "by-voice-how-missing");
    }
    let signer = signers.into_iter().find(|one| one.value() == typed.signer);
    if signer.is_none() {
        fault("signer", "by-voice-signer-missing");
    }
    let alone = for_minor && signer.as_ref().is_some_and(|one| one.row.part == Part::Patient);
    if alone && typed.basis.trim().is_empty() {
        fault("basis", "by-voice-minor-basis");
    }
    let witness = witness(view, &typed.witness).await?;
    if method == Some(Method::Voice) && witness.is_none() {
        fault("witness", "by-voice-witness-missing");
    } else if method == Some(Method::Voice) && witness == Some(reader) {
        fault("witness", "by-voice-witness-self");
    }
    if state_name(&typed.state).is_none() {
        fault("state", "location-state-missing");
    } else if here.is_some_and(|here| here != typed.state) {
        fault("state", "by-voice-state-differs");
    } else if let Some(method) = method {
        match accepts(&ctx.settings.house_rules, &typed.state, method) {
            Accepts::No => fault("how", "by-voice-not-here"),
            Accepts::Unsettled if typed.basis.trim().is_empty() => fault("basis", "by-voice-basis-missing"),
            _ => {}
        }
    }
    if typed.basis.chars().count() > REASON_MAX || typed.notice_why.chars().count() > REASON_MAX {
        fault("basis", "by-voice-long");
    }
    if typed.said_yes != "yes" {
        fault("said_yes", "by-voice-yes-missing");
    }
    let taught = teach_back(&typed.means, &typed.again);
    // Whoever signs on paper answers it there, or when the paper comes in.
    if taught.is_none() && (method == Some(Method::Voice) || !typed.means.is_empty()) {
        fault(
            "means",
            if typed.means.is_empty() { "by-voice-means-missing" } else { "by-voice-means-wrong" },
        );
    }
    if typed.text != text.tag() {
        fault("how", "consent-text-changed");
    }
    let notice = NoticeOutcome::parse(&typed.notice);
    let why = typed.notice_why.trim();
    if notice_open && notice.is_none() {
        fault("notice", "by-voice-notice-missing");
    }
    if notice_open && why.is_empty() && notice.is_some_and(|it| it != NoticeOutcome::Acknowledged) {
        fault("notice_why", "by-voice-why-missing");
    }
    match (method, signer, faults.any()) {
        (Some(method), Some(signer), false) => Ok(Ok(Read {
            method,
            signer,
            witness: witness.filter(|_| method == Method::Voice),
            state: typed.state.clone(),
            basis: typed.basis.trim().to_owned(),
            teach_back: taught,
            notice: notice.filter(|_| notice_open).map(|outcome| (outcome, why.to_owned())),
        })),
        _ => Ok(Err(faults)),
    }
}

/// Somebody who works here now.
async fn witness(view: &mut Viewing, typed: &str) -> Result<Option<PersonId>, Failure> {
    let Some(id) = PersonId::parse(typed) else { return Ok(None) };
    let found = staff::load(view, id).await?;
    Ok(found.filter(|one| one.state == staff::State::Active).map(|one| one.id))
}

async fn text_for(ctx: &Ctx, view: &mut Viewing, visit: &VisitRow) -> Result<&'static Text, Failure> {
    let lang = lang_of(view, visit.patient).await?;
    Ok(translations::consent(view, ctx, Scope::Telehealth, lang).await?)
}

fn patient_of(people: Vec<ParticipantRow>) -> Result<ParticipantRow, Failure> {
    people.into_iter().find(|row| row.part == Part::Patient).ok_or(Failure::NotFound)
}
