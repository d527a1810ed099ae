//! Booking somebody of the register for a visit, and the two exceptions.

use super::card::Drafts;
use super::rules::{self, Booking, Exception, REFERENCE_MAX};
use super::store::{self, New, NewException};
use crate::before::booking::{load_for, visit_page_with_interpreter};
use crate::before::companions::{self, rules::Companion};
use crate::before::rules::Part;
use crate::before::store::{VisitRow, still_of};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, Object, Tx};
use policy::{Access, Act};
use practice::ids::InterpreterId;
use practice::interpreters::{Interpreter, load};
use serde::Deserialize;
use vocabulary::{Health, Lang, Principal};
use web::{Ctx, Failure, Faults, Form, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /visits/{id}/interpreter`: the link goes to them by mail, the code is shown once.
pub(super) async fn book(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Booking>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::BookInterpreter).await?;
    let mut tx = ctx.keep.begin().await?;
    let mut faults = Faults::default();
    let found = qualified(&ctx, &mut tx, (&visit, &access), &typed.interpreter).await?;
    match &found {
        None => faults.add("interpreter", ctx.words.t("interpreting-fault-who")),
        Some(one) if !one.speaks(&typed.tongue) => {
            faults.add("tongue", ctx.words.t("interpreting-fault-into"));
        }
        Some(_) => {}
    }
    let reference = typed.reference.trim().to_owned();
    if reference.chars().count() > REFERENCE_MAX || reference.contains(char::is_control) {
        faults.add("reference", ctx.words.t("interpreting-fault-reference"));
    }
    let Some(one) = found.filter(|_| !faults.any()) else {
        drop(tx);
        return again(&ctx, &visit, Drafts { booking: (typed, faults), ..Drafts::default() }).await;
    };
    if store::of_visit(&mut tx, visit.id).await?.iter().any(|row| row.interpreter == one.id) {
        return Ok(see_other(&format!("/visits/{}", visit.id.text())));
    }
    let time = (visit.starts_at, visit.length_min);
    let busy = store::at_that_time(&mut tx, one.id, time, visit.id).await?;
    if !busy.is_empty() && typed.anyway != "yes" {
        drop(tx);
        faults.add("anyway", ctx.words.t("interpreting-fault-clash"));
        let drafts = Drafts { booking: (typed, faults), warned: true, ..Drafts::default() };
        return again(&ctx, &visit, drafts).await;
    }
    let companion = Companion {
        part: Part::Interpreter,
        name: one.words.name.clone(),
        // Letters and pages come in these two; whoever signs or speaks another reads English.
        lang: if typed.tongue == "spa" { Lang::Es } else { Lang::En },
        email: (!one.words.email.is_empty()).then(|| one.words.email.clone()),
    };
    let Some((participant, sent)) = companions::add(&ctx, &mut tx, (&visit, &access), &companion).await?
    else {
        drop(tx);
        faults.add("interpreter", ctx.words.t("interpreting-fault-refused"));
        return again(&ctx, &visit, Drafts { booking: (typed, faults), ..Drafts::default() }).await;
    };
    let new = New {
        participant: Some(participant),
        interpreter: Some(one.id),
        tongue: &typed.tongue,
        reference: &reference,
        ..blank(&ctx, &visit)?
    };
    store::insert(&mut tx, &new).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("participant", participant.text()).patient(visit.patient).visit(visit.id);
    let entry = Entry::new(object).detail("interpreter", one.id.text()).detail("tongue", &typed.tongue);
    let clash = if busy.is_empty() { "no" } else { "yes" };
    tx.commit(&access, entry.detail("mailed", sent.mailed.to_string()).detail("in_spite_of", clash)).await?;
    Ok(sent.page(&ctx, &visit, (Health::new(companion.name), Part::Interpreter.word())))
}

/// `POST /visits/{id}/interpreter/exception`
pub(super) async fn except(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Exception>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::BookInterpreter).await?;
    if visit.state.is_over() {
        return Err(Failure::told(StatusCode::CONFLICT, "visit-too-late"));
    }
    let mut tx = ctx.keep.begin().await?;
    let confirmed = qualified(&ctx, &mut tx, (&visit, &access), &typed.confirmed_by)
        .await?
        .filter(|one| one.speaks(&typed.lay_tongue));
    let granted = match rules::exception(&typed, confirmed.is_some()) {
        Ok(granted) => granted,
        Err(slips) => {
            drop(tx);
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return again(&ctx, &visit, Drafts { exception: (typed, faults), ..Drafts::default() }).await;
        }
    };
    still_of(&mut tx, (visit.id, visit.patient)).await?;
    let new = New {
        tongue: &typed.lay_tongue,
        exception: Some(NewException {
            grounds: granted.grounds,
            is_minor: granted.is_minor,
            confirmed_by: match granted.grounds {
                rules::Grounds::PrivateRequest => confirmed.map(|one| one.id),
                rules::Grounds::Emergency => None,
            },
            lay: &granted.lay,
        }),
        ..blank(&ctx, &visit)?
    };
    let row = store::insert(&mut tx, &new).await?;
    let entry = entry(&visit, row).detail("grounds", granted.grounds.code());
    let age = if granted.is_minor { "minor" } else { "adult" };
    tx.commit(&access, entry.detail("age", age).detail("reason", &granted.lay.reason)).await?;
    Ok(see_other(&format!("/visits/{}?done=excepted", visit.id.text())))
}

/// `POST /visits/{id}/interpreter/{row}/end`: from here on they interpret no more.
pub(super) async fn end(
    ctx: Ctx,
    Path((id, row)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::BookInterpreter).await?;
    let mut tx = ctx.keep.begin().await?;
    store::end(&mut tx, visit.id, &row).await?;
    tx.commit(&access, entry(&visit, row).detail("ended", "yes")).await?;
    Ok(see_other(&format!("/visits/{}?done=exception-over", visit.id.text())))
}

/// The one of this id, if they are in the register, covered, and qualified when the visit begins.
async fn qualified(
    ctx: &Ctx,
    tx: &mut Tx,
    (visit, access): (&VisitRow, &Access),
    id: &str,
) -> Result<Option<Interpreter>, Failure> {
    let Some(id) = InterpreterId::parse(id) else { return Ok(None) };
    let at = visit.starts_at.max(ctx.now);
    Ok(load(tx, access, (id, at)).await?.filter(|one| one.is_qualified(at)))
}

fn blank<'a>(ctx: &Ctx, visit: &VisitRow) -> Result<New<'a>, Failure> {
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    Ok(New {
        visit: visit.id,
        patient: visit.patient,
        participant: None,
        interpreter: None,
        tongue: "",
        reference: "",
        exception: None,
        by: person,
    })
}

fn entry(visit: &VisitRow, row: String) -> Entry {
    Entry::new(Object::of("interpreting", row).patient(visit.patient).visit(visit.id))
}

async fn again(ctx: &Ctx, visit: &VisitRow, drafts: Drafts) -> Result<Response, Failure> {
    visit_page_with_interpreter(ctx, visit.id, drafts).await
}
