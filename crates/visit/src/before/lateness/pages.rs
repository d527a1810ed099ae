//! The form on the day page, and what it sets off: a word in each lobby, a letter to whoever is due.

use super::store;
use crate::before::booking::{Dress, post_late, when};
use crate::before::lobby_messages::{From, say};
use crate::before::rules::{Part, ParticipantState};
use crate::before::schedule::{Choice, Filter, clinicians, staff_name};
use crate::before::store::{Span, VisitRow, participants, visits_in};
use axum::response::Response;
use jiff::civil::Date;
use keep::{Conn, Entry, Hint, KeepError, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{HOUR_MS, Lang, MINUTE_MS, PersonId, Principal, Role, UnixMillis};
use web::{Ctx, Failure, Form, see_other};

/// What can be said. 0: on time again.
const MINUTES: [i64; 6] = [10, 15, 20, 30, 45, 60];
/// Somebody may still come so long after their time.
const DUE_MS: i64 = HOUR_MS;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    with: String,
    minutes: String,
}

/// What the day page shows of today.
#[derive(Default)]
pub(crate) struct Card {
    pub rows: Vec<Row>,
    /// Whose lateness this reader may say; empty on other days.
    pub people: Vec<Choice>,
    pub minutes: Vec<(i64, String)>,
}

pub(crate) struct Row {
    pub clinician: String,
    pub name: String,
    pub minutes: i64,
    pub said_at: UnixMillis,
    /// This reader may say that it is over.
    pub may_end: bool,
}

pub(crate) async fn card(ctx: &Ctx, conn: &mut Conn, filter: &Filter, day: Date) -> Result<Card, KeepError> {
    if !ctx.allowed(Act::SayLate, &Facts::default()) {
        return Ok(Card::default());
    }
    let theirs = |id: &PersonId| filter.with.is_none_or(|with| with == *id);
    let late = store::of_day(conn, day).await?.into_iter().filter(|one| theirs(&one.clinician));
    let rows = late.map(|one| Row {
        clinician: one.clinician.text(),
        name: staff_name(ctx, one.clinician),
        minutes: one.minutes,
        said_at: one.said_at,
        may_end: may_speak_for(ctx, one.clinician),
    });
    let known = clinicians(conn).await?.into_iter().filter(|id| may_speak_for(ctx, *id));
    let choice = |id: PersonId| Choice { value: id.text(), label: staff_name(ctx, id), chosen: false };
    let words = |n: i64| ctx.words.with("visit-minutes", &[("n", n.into())]);
    Ok(Card {
        rows: rows.collect(),
        people: known.map(choice).collect(),
        minutes: MINUTES.iter().map(|n| (*n, words(*n))).collect(),
    })
}

/// How late this clinician runs on this day, for whoever waits.
pub(crate) async fn late_min(
    conn: &mut Conn,
    clinician: PersonId,
    day: Date,
) -> Result<Option<i64>, KeepError> {
    let all = store::of_day(conn, day).await?;
    Ok(all.iter().find(|one| one.clinician == clinician).map(|one| one.minutes))
}

/// `POST /day/late`
pub(super) async fn say_late(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SayLate, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let whom = PersonId::parse(&typed.with).ok_or(Failure::BadInput)?;
    let minutes = typed.minutes.parse::<i64>().ok();
    let minutes = minutes.filter(|n| *n == 0 || MINUTES.contains(n)).ok_or(Failure::BadInput)?;
    if !may_speak_for(&ctx, whom) {
        let object = Object::of("lateness", whom.text());
        ctx.keep.refused(&ctx.who, Act::SayLate, object, "not_yours").await?;
        return Err(Failure::NotFound);
    }
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    let day = when::day_of(ctx.now, ctx.zone()).map_err(broken)?;
    let (from, until) = when::span_of(day, ctx.zone()).map_err(broken)?;
    let mut tx = ctx.keep.begin().await?;
    if !clinicians(&mut tx).await?.contains(&whom) {
        return Err(Failure::NotFound);
    }
    store::put(&mut tx, (whom, day), (minutes, person)).await?;
    let (mut in_lobby, mut by_letter) = (0, 0);
    for visit in
        visits_in(&mut tx, Span { clinician: Some((whom, ctx.now)), ..Span::of((from, until)) }).await?
    {
        if visit.clinician != whom || !visit.state.can_begin() {
            continue;
        }
        let people = participants(&mut tx, visit.id).await?;
        let told = if people.iter().any(|one| one.state == ParticipantState::Waiting) {
            let lang = people::patients::lang_of(&mut tx, visit.patient).await?;
            say(&mut tx, &visit, From::Practice(person), &words(&ctx, lang, minutes)).await?;
            in_lobby += 1;
            Some("lobby")
        } else if minutes > 0 && is_due(&ctx, &visit) && people.iter().any(|one| one.part == Part::Patient) {
            let to = (visit.patient, visit.starts_at.plus_ms(minutes * MINUTE_MS));
            by_letter += i64::from(post_late(&mut tx, &access, to, Dress::of(&ctx)).await?);
            Some("letter")
        } else {
            None
        };
        if let Some(told) = told {
            let object = Object::of("visit", visit.id.text()).patient(visit.patient).visit(visit.id);
            tx.note(&access, Entry::new(object).detail("late_min", minutes.to_string()).detail("by", told));
            tx.hint(Hint::Visit(visit.id));
        }
    }
    let entry = Entry::new(Object::of("lateness", whom.text())).detail("minutes", minutes.to_string());
    let entry = entry.detail("lobbies", in_lobby.to_string()).detail("letters", by_letter.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/day"))
}

/// Desk and assistants for everybody; a clinician for themselves.
fn may_speak_for(ctx: &Ctx, whom: PersonId) -> bool {
    match ctx.who {
        Principal::Staff { person, roles, .. } => {
            person == whom || roles.has_any(&[Role::Desk, Role::Assistant])
        }
        _ => false,
    }
}

fn is_due(ctx: &Ctx, visit: &VisitRow) -> bool {
    visit.starts_at.plus_ms(DUE_MS) > ctx.now
}

/// In the language of whoever waits.
fn words(ctx: &Ctx, lang: Lang, minutes: i64) -> String {
    let words = ctx.words.in_lang(lang).plain();
    match minutes {
        0 => words.t("late-over"),
        n => words.with("late-said", &[("n", n.into())]),
    }
}
