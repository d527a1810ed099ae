//! One agreement: where its sheet is printed, and the form on which staff record the paper that came back.

use super::rules::{self, Around, By, Paper, Said, Typed, last_day};
use crate::before::booking::when::{day_of, span_of};
use crate::before::check_in::{authority_of, settle};
use crate::before::consent::rules::Method;
use crate::before::consent::{self, Filed, How, Of, Scope, Signing};
use crate::before::rules::{Part, ParticipantState};
use crate::before::schedule::{clinicians, staff_name};
use crate::before::store::{VisitRow, participants, visits_of};
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, Hint, KeepError, Object, Tx, Viewing};
use people::patients::{self, Names, day_in, lang_of};
use people::representatives::{self, Representative};
use people::staff::acting;
use people::standing;
use policy::{Access, Act, RecordClass};
use vocabulary::{ConsentId, Lang, PatientId, PersonId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// `/patients/{id}/papers/{scope}`
pub(super) async fn page(ctx: Ctx, Path((id, scope)): Path<(String, String)>) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id).await?;
    let scope = Scope::parse(&scope).ok_or(Failure::NotFound)?;
    let lang = lang_of(&mut *ctx.keep.read().await?, patient).await?;
    let typed = Typed { lang: lang.code().into(), signer: "patient".into(), ..Typed::default() };
    draw(&ctx, &access, (patient, scope), (typed, Faults::default())).await
}

/// `POST /patients/{id}/papers/{scope}`: a consent like any other, from the day on the paper.
pub(super) async fn record(
    ctx: Ctx,
    Path((id, scope)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id).await?;
    let scope = Scope::parse(&scope).ok_or(Failure::NotFound)?;
    let by = acting(&ctx)?;
    let mut view = ctx.keep.view(&access, object(patient)).await?;
    let known = Known::load(&ctx, &mut view, &access, (patient, scope)).await?;
    let clinician = known.clinician(&typed);
    let signer = known.signer(&typed);
    let today = day_in(ctx.now, ctx.zone());
    let born = patients::birth_date(&mut view, &access, patient).await?;
    let seen = newest_id(&mut view, (patient, scope, clinician)).await?;
    let around = Around {
        scope,
        today,
        langs: &known.langs,
        by: signer.as_ref().map(|signer| signer.by(&ctx, &typed)),
        clinician: clinician.is_some(),
        for_minor: !born.is_of_age(typed.signed_on.parse().unwrap_or(today)),
        of_age: born.is_of_age(today),
        said: said(&ctx, &mut view, &access, (patient, scope, clinician)).await?,
    };
    let (paper, signer) = match (rules::read(&typed, &around), signer) {
        (Ok(paper), Some(signer)) => (paper, signer),
        (read, _) => {
            drop(view);
            return again(&ctx, &access, (patient, scope), (typed, &read.err().unwrap_or_default())).await;
        }
    };
    let Paper { lang, signed_on, named, teach_back, basis, kept } = paper;
    let text = translations::consent(&mut view, &ctx, scope, lang).await?;
    let filled = (text, patient, clinician);
    let mut filling = consent::filling(&ctx, &mut view, &access, filled, named).await?;
    drop(view);
    let midnight = |day| span_of(day, ctx.zone()).map(|(start, _)| start).map_err(|_| Failure::BadInput);
    let signed_at = midnight(signed_on)?;
    let words = ctx.words.in_lang(lang).plain();
    filling.until = words.date(midnight(last_day(signed_on).ok_or(Failure::BadInput)?)?, ctx.zone());
    let filed = Filed { signed_at, day: &words.date(signed_at, ctx.zone()), kept: &kept };
    let taken_by = staff_name(&ctx, by);
    let mut tx = ctx.keep.begin().await?;
    // Somebody answered since it was looked at: a late no is overruled by nothing.
    if newest_id(&mut tx, (patient, scope, clinician)).await? != seen {
        drop(tx);
        let late = [("signed_on", "paper-fault-meanwhile")];
        return again(&ctx, &access, (patient, scope), (typed, &late)).await;
    }
    let signing = Signing {
        of: Of { clinician, ..Of::in_portal(patient) },
        text,
        filling: &filling,
        signed_name: signer.name(),
        authority: signer.authority(),
        how: How::Paper { taken_by: &taken_by, basis: &basis, filed: Some(filed) },
        staff: (Some(by), None),
        teach_back,
        state: None,
        for_minor: around.for_minor,
        renews: consent::renewed(&mut tx, &access, patient, (scope, &filling.named)).await?,
        words: &ctx.words,
        zone: ctx.zone(),
    };
    let (consent, entry) = consent::give(&mut tx, &signing).await?;
    let entry = entry.detail("signed_on", signed_on.to_string());
    let entry = if typed.newer == "yes" { entry.detail("newer", "yes") } else { entry };
    let entry = by_signer(&mut tx, entry, (consent, &signer)).await?;
    if let Some(clinician) = clinician {
        go_on(&ctx, &mut tx, (patient, clinician)).await?;
    }
    tx.commit(&access, entry).await?;
    Ok(see_other(&format!("/patients/{}/papers?done=recorded", patient.text())))
}

/// Whose signature it is, in the row and in the trail.
async fn by_signer(
    tx: &mut Tx,
    entry: Entry,
    (consent, signer): (ConsentId, &Signer<'_>),
) -> Result<Entry, KeepError> {
    let Signer::Acting(one) = signer else { return Ok(entry) };
    consent::signer::put(tx, consent, one.id).await?;
    Ok(entry.detail("representative", one.id.text()))
}

/// The form as it was, with what is wrong beside the fields.
async fn again(
    ctx: &Ctx,
    access: &Access,
    of: (PatientId, Scope),
    (typed, slips): (Typed, &[(&'static str, &'static str)]),
) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    for (field, key) in slips {
        faults.add(field, ctx.words.t(key));
    }
    let wrong = !typed.means.is_empty() && !faults.of("means").is_empty();
    let again = if wrong { "yes".into() } else { typed.again.clone() };
    draw(ctx, access, of, (Typed { again, ..typed }, faults)).await
}

/// Whoever is in check-in for a visit to this clinician goes on at once.
async fn go_on(ctx: &Ctx, tx: &mut Tx, (patient, clinician): (PatientId, PersonId)) -> Result<(), KeepError> {
    let mut visits = Vec::new();
    for visit in coming(tx, (patient, clinician)).await? {
        let mut checking = participants(tx, visit.id).await?;
        checking.retain(|one| {
            let by_consent = matches!(one.part, Part::Patient | Part::Representative);
            by_consent && one.state == ParticipantState::CheckingIn
        });
        visits.push((visit, checking));
    }
    // The paper is for the visit that waits for it, and of several for the nearest.
    let now = tx.now();
    visits.sort_by_key(|(visit, checking)| (checking.is_empty(), visit.starts_at.since(now).abs()));
    for (visit, checking) in &visits {
        // Where they are was asked before the paper came: it is one for that state (R64).
        if let Some(here) = consent::here(tx, visit.id).await? {
            consent::bind_state(tx, visit, &here).await?;
        }
        for one in checking {
            settle(tx, (visit, one), &ctx.settings.house_rules).await?;
        }
        tx.hint(Hint::Visit(visit.id));
    }
    Ok(())
}

/// The patient, and the proof that this person keeps their papers.
pub(super) async fn of(ctx: &Ctx, id: &str) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(Act::WitnessConsent, &facts).await?, patient))
}

pub(super) fn object(patient: PatientId) -> Object {
    Object::of("papers", patient.text()).patient(patient)
}

pub(super) fn patient_name(ctx: &Ctx, access: &Access, patient: PatientId) -> Result<String, Failure> {
    let name = ctx.plugged::<Names>().patient(access, patient).ok_or(Failure::NotFound)?;
    Ok(name.reveal().to_owned())
}

/// Languages in which this text may be handed out.
pub(super) async fn langs(ctx: &Ctx, view: &mut Viewing, scope: Scope) -> Result<Vec<Lang>, KeepError> {
    let mut usable = Vec::new();
    for lang in Lang::ALL {
        if translations::consent(view, ctx, scope, lang).await?.lang == lang {
            usable.push(lang);
        }
    }
    Ok(usable)
}

async fn newest_id(
    conn: &mut Conn,
    (patient, scope, clinician): (PatientId, Scope, Option<PersonId>),
) -> Result<Option<ConsentId>, KeepError> {
    Ok(consent::newest(conn, patient, scope, clinician).await?.map(|row| row.id))
}

/// What was answered before: the newest, about each person that it names.
async fn said(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    (patient, scope, clinician): (PatientId, Scope, Option<PersonId>),
) -> Result<Vec<Said>, Failure> {
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    let house = &ctx.settings.house_rules;
    let rows = consent::of_patient(view, patient).await?;
    let mut all = Vec::new();
    for row in consent::current(&rows).filter(|row| row.scope == scope && row.of.clinician == clinician) {
        // Where it was given, and where they say they are: on a screen it may not count there.
        let mut places = vec![row.state.clone()];
        if let Some(clinician) = clinician {
            for visit in coming(view, (patient, clinician)).await? {
                places.push(consent::here(view, visit.id).await?);
            }
        }
        // Before they say where they are nobody knows whether a screen counts there.
        let may_want_paper = clinician.is_some()
            && row.method != Method::Paper
            && house.paper_consent_states.split_whitespace().next().is_some();
        let counts = |state: &Option<String>| {
            let asked = consent::Asked { clinician, state: state.as_deref(), house, now: ctx.now };
            consent::lapse(Some(&row.standing()), &asked).is_none()
        };
        let yes = rows.iter().find(|one| one.id == row.yes());
        all.push(Said {
            outcome: row.outcome,
            since: day_of(row.since(), ctx.zone()).map_err(broken)?,
            in_force: !may_want_paper && places.iter().all(counts),
            named: yes.map(|yes| consent::named(view, access, yes)).transpose()?.flatten(),
        });
    }
    Ok(all)
}

/// Visits to this clinician that are not over.
async fn coming(
    conn: &mut Conn,
    (patient, clinician): (PatientId, PersonId),
) -> Result<Vec<VisitRow>, KeepError> {
    let mut all = visits_of(conn, patient).await?;
    all.retain(|it| !it.state.is_over() && it.clinician == clinician);
    Ok(all)
}

/// Somebody who can have signed. Holds a name, so it has no `Debug`.
enum Signer<'a> {
    Patient(&'a str),
    Acting(&'a Representative),
}

impl Signer<'_> {
    fn name(&self) -> &str {
        match self {
            Signer::Patient(name) => name,
            Signer::Acting(one) => one.name.reveal(),
        }
    }

    /// The key of what they sign as.
    fn authority(&self) -> &'static str {
        match self {
            Signer::Patient(_) => authority_of(Part::Patient),
            Signer::Acting(one) => consent::signer::acts_as(one.authority),
        }
    }

    fn by(&self, ctx: &Ctx, typed: &Typed) -> By {
        let Signer::Acting(one) = self else { return By::Patient };
        let day = typed.signed_on.parse().ok().and_then(|day| span_of(day, ctx.zone()).ok());
        // The paper says no hour: at the beginning of its day, or at the end, or by now.
        let held =
            day.is_some_and(|(day, next)| holds(one, day) || holds(one, next.plus_ms(-1).min(ctx.now)));
        By::Acting { held, chart: one.scope.has(RecordClass::Chart) }
    }
}

fn holds(one: &Representative, at: UnixMillis) -> bool {
    representatives::rules::holds(one.begins_at, one.ends_at, at)
}

/// What the form is drawn from and read against.
struct Known {
    name: String,
    langs: Vec<Lang>,
    /// Who may sign consents for the patient, or could on a day that a paper bears.
    acting: Vec<Representative>,
    clinicians: Vec<PersonId>,
}

impl Known {
    async fn load(
        ctx: &Ctx,
        view: &mut Viewing,
        access: &Access,
        (patient, scope): (PatientId, Scope),
    ) -> Result<Known, Failure> {
        let name = patients::name(view, access, patient).await?.reveal().to_owned();
        let mut acting = representatives::list(view, access, patient).await?;
        acting.retain(|one| one.scope.has(RecordClass::Consent));
        let clinicians = if scope.is_to_a_clinician() { clinicians(view).await? } else { Vec::new() };
        Ok(Known { name, langs: langs(ctx, view, scope).await?, acting, clinicians })
    }

    fn clinician(&self, typed: &Typed) -> Option<PersonId> {
        let id = PersonId::parse(&typed.clinician)?;
        self.clinicians.contains(&id).then_some(id)
    }

    fn signer(&self, typed: &Typed) -> Option<Signer<'_>> {
        if typed.signer == "patient" {
            return Some(Signer::Patient(&self.name));
        }
        self.acting.iter().find(|one| one.id.text() == typed.signer).map(Signer::Acting)
    }
}

async fn draw(
    ctx: &Ctx,
    access: &Access,
    (patient, scope): (PatientId, Scope),
    (typed, faults): (Typed, Faults),
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, object(patient)).await?;
    let known = Known::load(ctx, &mut view, access, (patient, scope)).await?;
    drop(view);
    let as_who = |part| ctx.words.t(authority_of(part));
    let patient_signs = ("patient".to_owned(), format!("{} ({})", known.name, as_who(Part::Patient)));
    let acts = |one: &Representative| {
        (one.id.text(), format!("{} ({})", one.name.reveal(), as_who(Part::Representative)))
    };
    let page = One {
        id: patient.text(),
        scope,
        note: note(scope),
        langs: known.langs.iter().map(|lang| (lang.code(), lang_key(*lang))).collect(),
        spanish_waits: !known.langs.contains(&Lang::Es),
        signers: std::iter::once(patient_signs).chain(known.acting.iter().map(acts)).collect(),
        clinicians: known.clinicians.iter().map(|id| (id.text(), staff_name(ctx, *id))).collect(),
        name: known.name,
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t(scope.title())).rail("rail-patients").status(status), &page))
}

/// The key of what has to be said about a scope before its paper is handed out; empty for none.
pub(super) fn note(scope: Scope) -> &'static str {
    match scope {
        Scope::Recording => "paper-note-recording",
        Scope::Images => "paper-note-images",
        Scope::Monitoring => "paper-note-monitoring",
        Scope::PlainMessages => "paper-note-plain",
        Scope::ESign => "paper-note-e-sign",
        Scope::Telehealth | Scope::ThirdParty | Scope::Authorization | Scope::Part2 => "",
    }
}

fn lang_key(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "lang-en",
        Lang::Es => "lang-es",
    }
}

#[derive(Template)]
#[template(path = "before/papers/one.html")]
struct One {
    id: String,
    name: String,
    scope: Scope,
    note: &'static str,
    /// Code and key of the word.
    langs: Vec<(&'static str, &'static str)>,
    /// Nobody has approved the Spanish text yet.
    spanish_waits: bool,
    signers: Vec<(String, String)>,
    clinicians: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
}
