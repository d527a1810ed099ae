//! The notice of privacy practices, before the first service (45 CFR 164.520(c)(2)(i)-(ii), R73).
//!
//! Refuses to go on without an answer, and takes "I would rather not confirm" for one: the law asks the
//! practice to try, not the patient to sign.

use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use crate::before::privacy_notice::{self, NoticeRow, Outcome};
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Act;
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    answer: String,
    /// The version that was on the page.
    #[serde(default)]
    version: String,
    /// And its language; the original's where none is named.
    #[serde(default)]
    lang: String,
}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Notice) {
        return Ok(elsewhere);
    }
    show(&ctx, &guest, Faults::default()).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::AnswerNotice).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Notice) {
        return Ok(elsewhere);
    }
    let mut read = ctx.keep.read().await?;
    let text = translations::notice(&mut read, &ctx, ctx.lang).await?;
    let before = privacy_notice::newest(&mut read, guest.visit.patient).await?;
    drop(read);
    let mut faults = Faults::default();
    let lang = if typed.lang.is_empty() { vocabulary::Lang::En.code() } else { typed.lang.as_str() };
    if (typed.version.as_str(), lang) != (text.version, text.lang.code()) {
        faults.add("answer", ctx.words.t("privacy-changed"));
    }
    let (outcome, why) = match typed.answer.as_str() {
        "yes" => (Outcome::Acknowledged, String::new()),
        "no" => (Outcome::Declined, ctx.words.in_lang(vocabulary::Lang::En).plain().t("privacy-declined")),
        _ => return Err(Failure::BadInput),
    };
    // Pressed twice. Another answer is kept beside the one before.
    if before.is_some_and(|row| row.outcome == outcome) {
        return Ok(see_other(&onward(&guest, Step::Notice)));
    }
    if faults.any() {
        return show(&ctx, &guest, faults).await;
    }
    let mut tx = ctx.keep.begin().await?;
    let whose = (guest.visit.patient, guest.visit.id);
    let entry = privacy_notice::record(&mut tx, whose, (text, outcome), (None, &why)).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, entry).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Notice)))
}

async fn show(ctx: &Ctx, guest: &Guest, faults: Faults) -> Result<Response, Failure> {
    let mut read = ctx.keep.read().await?;
    let (article, text) = privacy_notice::article(ctx, &mut read).await?;
    let before = privacy_notice::newest(&mut read, guest.visit.patient).await?;
    drop(read);
    let progress = guest.progress(Step::Notice);
    let page = NoticeStep {
        door: guest.door.clone(),
        back: guest.back_address(Step::Notice),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        article,
        article_lang: text.lang.code(),
        translated: text.lang == ctx.lang,
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        version: text.version,
        answered: before.as_ref().map(|row| answered(ctx, row)),
        may_confirm: before.is_none_or(|row| row.outcome != Outcome::Acknowledged),
        may_decline: before.is_none_or(|row| row.outcome != Outcome::Declined),
        onward: onward(guest, Step::Notice),
        phone: ctx.settings.face.phone.clone(),
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("privacy-title")).status(status), &page))
}

fn answered(ctx: &Ctx, row: &NoticeRow) -> String {
    let key = match row.outcome {
        Outcome::Acknowledged => "privacy-said-yes",
        Outcome::Declined => "privacy-said-no",
        Outcome::NotPossible => "privacy-said-nothing",
    };
    ctx.words.with(key, &[("when", ctx.words.day_and_time(row.at, ctx.zone()).into())])
}

#[derive(Template)]
#[template(path = "before/check_in/notice.html")]
struct NoticeStep {
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
    version: &'static str,
    /// What they said before, and when.
    answered: Option<String>,
    may_confirm: bool,
    may_decline: bool,
    onward: String,
    phone: String,
    faults: Faults,
}
