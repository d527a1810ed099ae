//! Before anything is signed on a screen: what that means, the right to paper, and a sample page that shows
//! that this screen can do it (15 U.S.C. 7001(c), R78).
//!
//! Refuses the agreement until the sample page was opened.

use super::guest::{Guest, load_guest};
use super::rules::Step;
use super::why_out::why_out;
use super::{consent_step, onward};
use crate::before::consent::texts::{self, Named};
use crate::before::consent::{self, Hand, How, Of, Outcome, Scope, Signing};
use crate::before::rules::Part;
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use keep::{Entry, Hint, Object};
use policy::Act;
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    agree: String,
    /// Which text was on the page: version and language.
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::ESign) {
        return Ok(elsewhere);
    }
    show(&ctx, &guest, Faults::default()).await
}

pub(super) async fn agree(
    ctx: Ctx,
    Path(door): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::GiveConsent).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::ESign) {
        return Ok(elsewhere);
    }
    if guest.done.e_sign {
        return Ok(see_other(&onward(&guest, Step::ESign)));
    }
    let patient = guest.visit.patient;
    let text = text_for(&ctx).await?;
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", guest.visit.id.text())).await?;
    let mut faults = Faults::default();
    if !consent::sample_is_open(&mut view, patient).await? {
        faults.add("agree", ctx.words.t("screen-sample-missing"));
    } else if typed.text != text.tag() {
        faults.add("agree", ctx.words.t("consent-text-changed"));
    } else if typed.agree != "yes" {
        faults.add("agree", ctx.words.t("screen-agree-missing"));
    }
    let for_minor = consent::is_minor(&ctx, &mut view, &guest.access, patient).await?;
    if for_minor && guest.me.part == Part::Patient {
        faults.add("agree", consent::minor_alone(&ctx, text));
    }
    if faults.any() {
        drop(view);
        return show(&ctx, &guest, faults).await;
    }
    let filled = (text, patient, None);
    let filling = consent::filling(&ctx, &mut view, &guest.access, filled, Named::default()).await?;
    drop(view);
    let signing = Signing {
        of: Of::at_visit(Scope::ESign, &guest.visit, &guest.me),
        text,
        filling: &filling,
        signed_name: &filling.patient,
        authority: consent_step::authority_of(guest.me.part),
        how: How::Screen { device: consent_step::device(&headers), hand: Hand::Ticked },
        staff: (None, None),
        teach_back: None,
        state: None,
        for_minor,
        renews: None,
        words: &ctx.words,
        zone: ctx.zone(),
    };
    let mut tx = ctx.keep.begin().await?;
    let (_, entry) = consent::give(&mut tx, &signing).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, entry).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::ESign)))
}

/// Rather paper, or a voice: nothing is refused but the screen, and the desk sees it.
pub(super) async fn refuse(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RefuseConsent).await?;
    if guest.done.e_sign || guest.elsewhere(Step::ESign).is_some() {
        return Ok(see_other(&guest.next_address()));
    }
    let text = text_for(&ctx).await?;
    let of = Of::at_visit(Scope::ESign, &guest.visit, &guest.me);
    let mut tx = ctx.keep.begin().await?;
    let (_, entry) = consent::say_no(&mut tx, of, (text, Outcome::Refused)).await?;
    guest.stepped(&mut tx).await?;
    tx.hint(Hint::Visit(guest.visit.id));
    tx.commit(&guest.access, entry).await?;
    Ok(see_other(&format!("/g/{door}/refused")))
}

/// A page like the ones that are kept. That it was opened is written down.
pub(super) async fn sample(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::OpenSample).await?;
    let mut tx = ctx.keep.begin().await?;
    consent::open_sample(&mut tx, guest.visit.patient).await?;
    tx.commit(&guest.access, Entry::new(Object::of("sample", guest.me.id.text()))).await?;
    Ok(consent::sample_page(&ctx, guest.address(Step::ESign)))
}

async fn text_for(ctx: &Ctx) -> Result<&'static texts::Text, Failure> {
    Ok(translations::consent(&mut *ctx.keep.read().await?, ctx, Scope::ESign, ctx.lang).await?)
}

async fn show(ctx: &Ctx, guest: &Guest, faults: Faults) -> Result<Response, Failure> {
    let text = text_for(ctx).await?;
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", guest.visit.id.text())).await?;
    let opened = consent::sample_is_open(&mut view, guest.visit.patient).await?;
    let filled = (text, guest.visit.patient, None);
    let filling = consent::filling(ctx, &mut view, &guest.access, filled, Named::default()).await?;
    let why_out = why_out(ctx, &mut view, &guest.visit).await?;
    let progress = guest.progress(Step::ESign);
    let page = ESignPage {
        door: guest.door.clone(),
        back: guest.back_address(Step::ESign),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        article: text.fill(&filling),
        article_lang: text.lang.code(),
        translated: text.lang == ctx.lang,
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        tag: text.tag(),
        why_out,
        opened,
        given: guest.done.e_sign,
        onward: onward(guest, Step::ESign),
        phone: ctx.settings.face.phone.clone(),
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("screen-title")).status(status), &page))
}

#[derive(Template)]
#[template(path = "before/check_in/e_sign.html")]
struct ESignPage {
    door: String,
    back: String,
    now: usize,
    of: usize,
    left: String,
    /// Finished HTML: our own text, values escaped.
    article: String,
    article_lang: &'static str,
    translated: bool,
    demo_approved: bool,
    tag: String,
    /// A consent given aloud or on paper that was taken back.
    why_out: String,
    /// The sample page.
    opened: bool,
    given: bool,
    onward: String,
    phone: String,
    faults: Faults,
}
