//! What the officials see: which charts were opened in an emergency, why, what was looked at, and what
//! another person says about it.

use super::rules::{self, Outcome, Refused, WORDS_MAX, WORDS_MIN};
use super::store::{self, Opening};
use crate::patients::{Names, rules::tidy};
use crate::staff::{self, acting};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::trail::{Filter, Search, search};
use keep::{Entry, Object, Viewing};
use policy::{Access, Act, Facts, RecordClass};
use serde::Deserialize;
use vocabulary::{BreakGlassId, Health, PatientId, PersonId, Role, Roles, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Looks shown of one opening. Half an hour holds no more.
const LOOKS: u32 = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    outcome: String,
    words: String,
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeBreakGlass, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("emergencies", "")).await?;
    let theirs = to_look_at(&ctx).await?;
    let mut waiting = store::unreviewed(&mut view, UnixMillis(i64::MAX)).await?;
    let mut reviewed = store::reviewed(&mut view).await?;
    waiting.retain(|one| theirs(one));
    reviewed.retain(|one| theirs(one));
    let line = |opening: &Opening| Line::of(&ctx, &access, opening);
    let page = List {
        waiting: waiting.iter().map(line).collect(),
        reviewed: reviewed.iter().map(line).collect(),
        hours: rules::OVERDUE_MS / vocabulary::HOUR_MS,
    };
    Ok(ctx.page(Page::new(ctx.words.t("emergencies-title")).rail("rail-practice"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    draw(&ctx, &id, Typed::default(), Faults::default()).await
}

pub(super) async fn review(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let opening = load(&ctx, &id).await?;
    let access = ctx.decide(Act::ReviewBreakGlass, &about(opening.patient)).await?;
    let mut faults = Faults::default();
    let outcome = Outcome::parse(&typed.outcome);
    if outcome.is_none() {
        faults.add("outcome", ctx.words.t("emergency-fault-outcome"));
    }
    let words = tidy(&typed.words);
    if !(WORDS_MIN..=WORDS_MAX).contains(&words.chars().count()) {
        faults.add("words", ctx.words.t("emergency-fault-words"));
    }
    let Some(outcome) = outcome.filter(|_| !faults.any()) else {
        return draw(&ctx, &id, typed, faults).await;
    };
    let by = acting(&ctx)?;
    let alone = opening.person == by && nobody_else(&ctx, by).await?;
    rules::may_review((opening.person, &opening.span), by, alone, opening.review.is_some(), ctx.now)
        .map_err(refused)?;
    let mut tx = ctx.keep.begin().await?;
    store::review(&mut tx, &opening, by, (outcome, &words)).await?;
    let object = Object::of("emergency", opening.id.text()).patient(opening.patient);
    let entry = Entry::new(object).detail("outcome", outcome.code());
    tx.commit(&access, if alone { entry.detail("by", "themselves, alone") } else { entry }).await?;
    Ok(see_other("/practice/emergency"))
}

async fn draw(ctx: &Ctx, id: &str, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let opening = load(ctx, id).await?;
    let access = ctx.decide(Act::SeeBreakGlass, &about(opening.patient)).await?;
    let object = Object::of("emergency", opening.id.text()).patient(opening.patient);
    let mut view = ctx.keep.view(&access, object).await?;
    let (reason, words) = store::reason(&view, &access, &opening)?;
    // What a clinician writes about a patient is the privacy official's to read (R116): who answers for the
    // machines sees that it was done, by whom, when and of which kind.
    let clinical = access.grounds() != Role::SecurityOfficial.code();
    let hidden = || Health::new(ctx.words.t("emergency-words-hidden"));
    let by = acting(ctx)?;
    let alone = opening.person == by && nobody_else(ctx, by).await?;
    let may =
        rules::may_review((opening.person, &opening.span), by, alone, opening.review.is_some(), ctx.now);
    let page = One {
        line: Line::of(ctx, &access, &opening),
        ended: ctx.words.day_and_time(opening.span.over_at(), ctx.zone()),
        by_hand: opening.span.closed.is_some(),
        reason: ctx.words.t(&format!("emergency-why-{}", reason.code())),
        words: if clinical { words } else { hidden() },
        looks: looks(ctx, &access, &mut view, &opening).await?,
        found: store::review_words(&view, &access, &opening)?.filter(|_| clinical),
        refused: match may {
            Ok(()) | Err(Refused::Done) => "",
            Err(Refused::Oneself) => "emergency-review-oneself",
            Err(Refused::StillOpen) => "emergency-review-open",
        },
        may: may.is_ok(),
        alone,
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("emergency-one-title")).rail("rail-practice").status(status), &page))
}

/// What this person did with this record while it was open, from the trail itself.
async fn looks(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    of: &Opening,
) -> Result<Vec<(String, String)>, Failure> {
    let filter = Filter {
        actor: Some(of.person.text()),
        from: Some(of.span.opened),
        until: Some(of.span.over_at()),
        ..Filter::default()
    };
    let asked = Search { patient: Some(of.patient), limit: LOOKS, ..Search::default() };
    let mut found = search(view, access, asked, &filter).await?.events;
    found.reverse();
    let line = |event: keep::trail::Event| {
        let act = event.body.map(|body| crate::act_word(ctx, &body.act)).unwrap_or_default();
        (ctx.words.time(event.at, ctx.zone()), act)
    };
    Ok(found.into_iter().map(line).collect())
}

async fn load(ctx: &Ctx, id: &str) -> Result<Opening, Failure> {
    ctx.decide(Act::SeeBreakGlass, &Facts::default()).await?;
    let id = BreakGlassId::parse(id).ok_or(Failure::NotFound)?;
    let opening = store::load(&mut *ctx.keep.read().await?, id).await?;
    let theirs = to_look_at(ctx).await?;
    if theirs(&opening) { Ok(opening) } else { Err(Failure::NotFound) }
}

/// The officials look at all of them; the owner at those that no official but the person themselves could.
async fn to_look_at(ctx: &Ctx) -> Result<impl Fn(&Opening) -> bool + use<>, Failure> {
    let by = acting(ctx)?;
    let active = active(ctx).await?;
    let is_official = |roles: &Roles| roles.has(Role::PrivacyOfficial) || roles.has(Role::SecurityOfficial);
    let official = active.iter().any(|(person, roles)| *person == by && is_official(roles));
    Ok(move |one: &Opening| official || rules::to_tell(one.person, &active).contains(&by))
}

/// Where one person is everything, nobody else could review what they did.
async fn nobody_else(ctx: &Ctx, person: PersonId) -> Result<bool, Failure> {
    Ok(rules::to_tell(person, &active(ctx).await?).is_empty())
}

async fn active(ctx: &Ctx) -> Result<Vec<(PersonId, Roles)>, Failure> {
    let staff = staff::list(&mut *ctx.keep.read().await?).await?;
    let active = staff.into_iter().filter(|one| one.state == staff::State::Active);
    Ok(active.map(|one| (one.id, one.roles)).collect())
}

fn about(patient: PatientId) -> Facts {
    Facts { patient: Some(patient), ..Facts::default() }
}

fn refused(refused: Refused) -> Failure {
    Failure::told(
        StatusCode::CONFLICT,
        match refused {
            Refused::Oneself => "emergency-review-oneself",
            Refused::StillOpen => "emergency-review-open",
            Refused::Done => "emergency-review-done",
        },
    )
}

/// One opening in a list.
struct Line {
    id: String,
    who: String,
    patient: String,
    at: UnixMillis,
    when: String,
    /// What the badge says, and its tone.
    badge: String,
    tone: &'static str,
    reviewer: String,
}

impl Line {
    fn of(ctx: &Ctx, access: &Access, of: &Opening) -> Line {
        let names = ctx.plugged::<Names>();
        let name = |id: PersonId| names.staff(id).map(|name| name.reveal().to_owned()).unwrap_or_default();
        // R116: only an official who needs to know it reads whose chart it was.
        let patient = match access.shows(RecordClass::Demographics) {
            true => names.patient(access, of.patient).map(|name| name.reveal().to_owned()),
            false => None,
        };
        let (tone, badge) = match &of.review {
            Some(review) => match review.outcome {
                Outcome::Justified => ("ok", ctx.words.t("emergency-justified")),
                Outcome::NotJustified => ("bad", ctx.words.t("emergency-not-justified")),
            },
            None => {
                let tone = if of.span.is_overdue(ctx.now) { "bad" } else { "warn" };
                (tone, ctx.words.with("emergency-waits", &[("n", of.span.days(ctx.now).into())]))
            }
        };
        Line {
            id: of.id.text(),
            who: name(of.person),
            patient: patient.unwrap_or_else(|| ctx.words.t("emergency-a-patient")),
            at: of.span.opened,
            when: ctx.words.day_and_time(of.span.opened, ctx.zone()),
            reviewer: of.review.as_ref().map(|review| name(review.reviewer)).unwrap_or_default(),
            badge,
            tone,
        }
    }
}

#[derive(Template)]
#[template(path = "break_glass/list.html")]
struct List {
    waiting: Vec<Line>,
    reviewed: Vec<Line>,
    hours: i64,
}

#[derive(Template)]
#[template(path = "break_glass/one.html")]
struct One {
    line: Line,
    ended: String,
    by_hand: bool,
    reason: String,
    words: Health,
    looks: Vec<(String, String)>,
    found: Option<Health>,
    refused: &'static str,
    may: bool,
    alone: bool,
    typed: Typed,
    faults: Faults,
}
