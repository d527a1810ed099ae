//! The way in: the page that says the chart is not yours, the reason, half an hour, and "end now".

use super::rules::{FIND_TRIES, Reason, WORDS_MAX, WORDS_MIN, to_tell};
use super::store;
use crate::patients::{self, BirthDate, day_in, rules::tidy};
use crate::sign_in::tell;
use crate::staff::{self, acting};
use crate::standing;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object, Outcome, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use vocabulary::{HOUR_MS, PatientId, PersonId, Role, UnixMillis};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Wrong look-ups by person in the running hour. Lives in memory: a restart gives nobody more than an hour's.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<PersonId, (i64, u32)>>);

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    reason: String,
    words: String,
    name: String,
    month: String,
    day: String,
    year: String,
}

/// The answer to a chart that is not one's own, and to one that is not there: they look the same.
pub fn not_yours(ctx: &Ctx, id: PatientId) -> Response {
    let page = NotYours { ask: format!("/patients/{}/emergency", id.text()) };
    let frame = Page::new(ctx.words.t("emergency-not-yours")).rail("rail-patients");
    ctx.page(frame.status(StatusCode::NOT_FOUND), &page)
}

pub(super) async fn find(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::FindInEmergency, &Facts::default()).await?;
    Ok(draw(&ctx, None, Typed::default(), Faults::default()))
}

/// Full name and birth date, both right, or nobody: this is no second list of patients.
pub(super) async fn found(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::FindInEmergency, &Facts::default()).await?;
    let person = acting(&ctx)?;
    let tries = ctx.plugged::<Tries>();
    tries.look(person, ctx.now)?;
    let mut faults = reason_faults(&ctx, &typed);
    let today = day_in(ctx.now, ctx.zone());
    let born = BirthDate::read(&typed.month, &typed.day, &typed.year, today);
    if let Err(wrong) = &born {
        faults.add("month", ctx.words.t(&format!("patient-fault-{}", wrong.code())));
    }
    if tidy(&typed.name).is_empty() {
        faults.add("name", ctx.words.t("patient-fault-name-missing"));
    }
    let Some(born) = born.ok().filter(|_| !faults.any()) else { return Ok(draw(&ctx, None, typed, faults)) };
    let (why, told) = match *patients::find_named(&ctx, &access, &typed.name, born).await? {
        [patient] => return open_now(&ctx, patient, typed).await,
        [] => ("nobody by that name and birth date", "emergency-nobody"),
        _ => ("several of that name and birth date", "emergency-several"),
    };
    tries.wrong(person, ctx.now);
    let name: String = typed.name.chars().take(patients::rules::NAME_MAX).collect();
    let entry = Entry::new(Object::of("patients", "")).outcome(Outcome::Refused).detail("why", why);
    ctx.keep.begin().await?.commit(&access, entry.query(&name)).await?;
    faults.add("name", ctx.words.t(told));
    Ok(draw(&ctx, None, typed, faults))
}

pub(super) async fn ask(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let patient = PatientId::parse(&id).ok_or(Failure::NotFound)?;
    ctx.decide(Act::BreakGlass, &about(patient)).await?;
    Ok(draw(&ctx, Some(patient), Typed::default(), Faults::default()))
}

pub(super) async fn open(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let patient = PatientId::parse(&id).ok_or(Failure::NotFound)?;
    ctx.decide(Act::BreakGlass, &about(patient)).await?;
    let faults = reason_faults(&ctx, &typed);
    if faults.any() {
        return Ok(draw(&ctx, Some(patient), typed, faults));
    }
    open_now(&ctx, patient, typed).await
}

pub(super) async fn end(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(staff::Empty {}): Form<staff::Empty>,
) -> Result<Response, Failure> {
    let patient = PatientId::parse(&id).ok_or(Failure::NotFound)?;
    let access = ctx.decide(Act::EndBreakGlass, &about(patient)).await?;
    let mut tx = ctx.keep.begin().await?;
    store::close(&mut tx, patient, acting(&ctx)?).await?;
    tx.commit(&access, Entry::new(Object::of("chart", patient.text()).patient(patient))).await?;
    Ok(see_other("/patients?done=ended"))
}

/// Opens, tells the officials in the same commit, and leads to the chart.
async fn open_now(ctx: &Ctx, patient: PatientId, typed: Typed) -> Result<Response, Failure> {
    let person = acting(ctx)?;
    let chart = format!("/patients/{}", patient.text());
    let standing = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    if ctx.allowed(Act::OpenChart, &standing) {
        return Ok(see_other(&chart));
    }
    let access = ctx.decide(Act::BreakGlass, &about(patient)).await?;
    let reason = Reason::parse(&typed.reason).ok_or(Failure::BadInput)?;
    let mut tx = ctx.keep.begin().await?;
    patients::lang_of(&mut tx, patient).await?;
    let opening = store::open(&mut tx, (patient, person), (reason, tidy(&typed.words).as_str())).await?;
    let told = tell_officials(ctx, &mut tx, (&access, person), "/practice").await?;
    let entry = Entry::new(Object::of("chart", patient.text()).patient(patient))
        .detail("reason", reason.code())
        .detail("opening", opening.id.text())
        .detail("ends_at", opening.span.ends.0.to_string())
        .detail("told", told.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other(&chart))
}

/// A letter to those who look after what `person` has just done. It says that something waits, and neither
/// what nor, in its link, of which kind. The owner, who is told where nobody else can look, has no other
/// page of the practice than that of emergencies. Gives how many are told.
pub(crate) async fn tell_officials(
    ctx: &Ctx,
    tx: &mut Tx,
    (access, person): (&Access, PersonId),
    page: &str,
) -> Result<usize, Failure> {
    let active = staff::list(tx).await?.into_iter().filter(|one| one.state == staff::State::Active);
    let active: Vec<_> = active.map(|one| (one.id, one.roles)).collect();
    let told = to_tell(person, &active);
    let officials = [Role::PrivacyOfficial, Role::SecurityOfficial];
    for one in &told {
        let is_official = active.iter().any(|(id, roles)| id == one && roles.has_any(&officials));
        let page = if is_official { page } else { "/practice/emergency" };
        let link = format!("{}{page}", ctx.settings.face.origin);
        tell(ctx, tx, access, *one, Mail::Attention { link: &link }).await?;
    }
    Ok(told.len())
}

fn reason_faults(ctx: &Ctx, typed: &Typed) -> Faults {
    let mut faults = Faults::default();
    if Reason::parse(&typed.reason).is_none() {
        faults.add("reason", ctx.words.t("emergency-fault-reason"));
    }
    if !(WORDS_MIN..=WORDS_MAX).contains(&tidy(&typed.words).chars().count()) {
        faults.add("words", ctx.words.t("emergency-fault-words"));
    }
    faults
}

fn draw(ctx: &Ctx, patient: Option<PatientId>, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = match patient {
        Some(id) => format!("/patients/{}/emergency", id.text()),
        None => "/patients/emergency".to_owned(),
    };
    let page = Ask { action, find: patient.is_none(), typed, faults };
    ctx.page(Page::new(ctx.words.t("emergency-title")).rail("rail-patients").status(status), &page)
}

fn about(patient: PatientId) -> Facts {
    Facts { patient: Some(patient), ..Facts::default() }
}

impl Tries {
    fn look(&self, person: PersonId, now: UnixMillis) -> Result<(), Failure> {
        let (hour, tries) = self.of(person, now);
        if tries < FIND_TRIES {
            return Ok(());
        }
        let left = UnixMillis((hour + 1) * HOUR_MS).since(now).max(0) / vocabulary::SECOND_MS;
        Err(Failure::TooMany { retry_after_s: left.unsigned_abs() + 1 })
    }

    fn wrong(&self, person: PersonId, now: UnixMillis) {
        let (hour, tries) = self.of(person, now);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (of, _)| *of == hour);
        all.insert(person, (hour, tries + 1));
    }

    fn of(&self, person: PersonId, now: UnixMillis) -> (i64, u32) {
        let hour = now.0.div_euclid(HOUR_MS);
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&person).copied().filter(|(of, _)| *of == hour).unwrap_or((hour, 0))
    }
}

#[derive(Template)]
#[template(path = "break_glass/not_yours.html")]
struct NotYours {
    ask: String,
}

#[derive(Template)]
#[template(path = "break_glass/ask.html")]
struct Ask {
    action: String,
    /// The patient is still to be found.
    find: bool,
    typed: Typed,
    faults: Faults,
}
