//! The card that says what covers the state, and the host's press that goes on without.

use super::store::{ForVisit, decide, for_visit};
use crate::before::asked;
use crate::before::booking::patient_of;
use crate::before::check_in::answers::state_name;
use crate::before::check_in::settle;
use crate::before::store::VisitRow;
use axum::extract::Path;
use axum::response::Response;
use keep::{Conn, Entry, Hint, KeepError, Object};
use people::licences::Cover;
use people::patients::Names;
use policy::{Act, Facts};
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::Principal;
use web::{Ctx, Failure, Form, see_other};

const REASON_MAX: usize = 1_000;

/// The card on the visit page.
#[derive(Default)]
pub(crate) struct Card {
    /// In words; empty before anybody has said where the patient is.
    pub line: String,
    /// `ok`, `warn` or `bad`.
    pub tone: &'static str,
    pub icon: &'static str,
    pub may_override: bool,
}

pub(crate) async fn card(
    ctx: &Ctx,
    conn: &mut Conn,
    (visit, facts): (&VisitRow, &Facts),
) -> Result<Card, KeepError> {
    let standing = for_visit(conn, visit, ctx.now).await?;
    let (tone, icon) = match (standing.lets_in(), standing.decided) {
        (false, _) => ("bad", "ban"),
        (true, Some(_)) => ("warn", "hand"),
        (true, None) => ("ok", "check"),
    };
    let may_override = !standing.lets_in() && !visit.state.is_over();
    Ok(Card {
        line: line(ctx, visit, &standing),
        tone,
        icon,
        may_override: may_override && ctx.allowed(Act::OverrideLicence, facts),
    })
}

/// One sentence about the licence and the place.
pub(crate) fn line(ctx: &Ctx, visit: &VisitRow, standing: &ForVisit) -> String {
    let Some((code, cover)) = standing.state.as_deref().zip(standing.cover) else { return String::new() };
    let who = |person| {
        let name = ctx.plugged::<Names>().staff(person);
        name.map(|name| name.reveal().to_owned()).unwrap_or_default()
    };
    let state = state_name(code).unwrap_or(code);
    let with = |key: &str, more: Vec<(&str, String)>| {
        let mut given = vec![("state", state.into()), ("who", who(visit.clinician).into())];
        given.extend(more.into_iter().map(|(name, value)| (name, value.into())));
        ctx.words.with(key, &given)
    };
    let until = |ends: Option<vocabulary::UnixMillis>| {
        ends.map(|ends| ctx.words.date(ends.plus_ms(-1), ctx.zone())).unwrap_or_default()
    };
    match (cover, standing.decided) {
        (Cover::Yes { compact: None, ends_at: None }, _) => with("licence-covers", vec![]),
        (Cover::Yes { compact: None, ends_at }, _) => {
            with("licence-covers-until", vec![("day", until(ends_at))])
        }
        (Cover::Yes { compact: Some(compact), ends_at }, _) => {
            let compact = ctx.words.t(&format!("compact-{compact}"));
            with("licence-covers-compact", vec![("compact", compact), ("day", until(ends_at))])
        }
        (_, Some(decided)) => {
            let at = ctx.words.day_and_time(decided.at, ctx.zone());
            with("licence-decided", vec![("by", who(decided.by)), ("at", at)])
        }
        (Cover::RunOut, None) => with("licence-over", vec![]),
        (Cover::No, None) => with("licence-missing", vec![]),
    }
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    reason: String,
}

/// `POST /visits/{id}/licence`
pub(super) async fn go_on(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::OverrideLicence).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let reason = typed.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(Failure::BadInput);
    }
    let mut tx = ctx.keep.begin().await?;
    let standing = for_visit(&mut tx, &visit, ctx.now).await?;
    let Some(state) = standing.state.as_deref().filter(|_| !standing.lets_in() && !visit.state.is_over())
    else {
        // Pressed twice, or the patient is somewhere else by now: nothing is left to decide.
        return Ok(see_other(&format!("/visits/{}", visit.id.text())));
    };
    decide(&mut tx, (&visit, state), (person, reason)).await?;
    let me = patient_of(&mut tx, &visit).await?;
    settle(&mut tx, (&visit, &me), &ctx.settings.house_rules).await?;
    findings::raise(&mut tx, Kind::LicenceOverridden, Source::Visit(visit.id)).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("visit", visit.id.text()).patient(visit.patient).visit(visit.id);
    tx.commit(&access, Entry::new(object).detail("state", state).detail("reason", reason)).await?;
    Ok(see_other(&format!("/visits/{}?done=licence", visit.id.text())))
}
