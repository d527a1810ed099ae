//! The signature under an analysis: what is about to be signed, what stands in the way, and the bytes that
//! are frozen.

use super::person;
use super::report::{gather, printed};
use super::seen::{Draft, Seen};
use crate::risk::rules::{self, RiskState};
use crate::risk::store::risks::Risk;
use crate::signed_reports::{self, Frozen};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, filters, see_other};

const NAME_MAX: usize = 120;
/// A whole bank with the longest notes stays far below.
const REPORT_MAX_BYTES: usize = 8 * 1024 * 1024;
/// So many changes are named one by one; the rest is counted.
const CHANGES_SHOWN: usize = 12;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Signature {
    name: String,
    /// What was on the page, as [`Seen`] writes it.
    seen: String,
}

/// What is about to be signed, and by whom. Reaching it takes a fresh proof of who they are.
pub async fn sign_form(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SignAnalysis, &Facts::default()).await?;
    draw(&ctx, None, Vec::new()).await
}

/// The form, with what was typed and what changed since it was opened.
async fn draw(ctx: &Ctx, sent: Option<&Signature>, refused: Vec<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let draft = Draft::load(&mut view, &access).await?;
    let standing = draft.standing();
    let seen = sent.map(|sent| Seen::parse(&sent.seen));
    let changed = seen.as_ref().is_some_and(|seen| *seen != draft.seen);
    let status = match (changed, refused.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    let mut changes = seen.map(|seen| draft.changed_since(ctx, &seen)).unwrap_or_default();
    let more = changes.len().saturating_sub(CHANGES_SHOWN);
    changes.truncate(CHANGES_SHOWN);
    let page = SignPage {
        number: draft.analysis.number,
        answered: standing.answered,
        questions: standing.questions,
        risks: draft.register.iter().filter(|(risk, _)| risk.state != RiskState::Closed).count(),
        review: draft.analysis.review_due,
        gaps: gaps(ctx, &draft),
        key: signed_reports::key(&mut view).await?.unwrap_or_default(),
        typed: sent.map(|sent| sent.name.clone()).unwrap_or_default(),
        seen: draft.seen.text(),
        refused,
        changed,
        changes,
        more,
    };
    Ok(ctx.page(Page::new(ctx.words.t("risk-sign-title")).rail("rail-practice").status(status), &page))
}

fn gaps(ctx: &Ctx, draft: &Draft) -> Vec<String> {
    let gaps = rules::may_sign(draft.analysis.state, &draft.standing(), ctx.now).err().unwrap_or_default();
    gaps.iter().map(|gap| super::word(ctx, "gap", gap.code())).collect()
}

/// Refuses while an element is empty, and what the official has not seen; otherwise keeps page and PDF, their
/// hashes and signatures, and who signed under which name, in one commit (R46).
pub async fn sign(ctx: Ctx, Form(sent): Form<Signature>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SignAnalysis, &Facts::default()).await?;
    let by = person(&ctx)?;
    signed_reports::ensure_key(&ctx.keep).await?;
    let see = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&see, Object::of("risks", "")).await?;
    let draft = Draft::load(&mut view, &see).await?;
    let mut refused = gaps(&ctx, &draft);
    let name = sent.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains(char::is_control) {
        refused.push(ctx.words.t("risk-sign-missing"));
    }
    if !refused.is_empty() || draft.seen != Seen::parse(&sent.seen) {
        drop(view);
        return draw(&ctx, Some(&sent), refused).await;
    }
    // Everything slow happens before the one connection that writes is taken.
    let report = gather(&ctx, &mut view, &see, &draft, Some(name.clone())).await?;
    drop(view);
    // A look that failed says nothing of the practice, and would say so for ever.
    if !report.saw_all() {
        return draw(&ctx, Some(&sent), vec![ctx.words.t("risk-sign-unseen")]).await;
    }
    let drawn = ctx.page(Page::new(report.title.clone()), &report);
    let html = axum::body::to_bytes(drawn.into_body(), REPORT_MAX_BYTES).await;
    let (Ok(html), Ok(pdf)) = (html, printed(&ctx, &report).await) else {
        return draw(&ctx, Some(&sent), vec![ctx.words.t("risk-sign-unprinted")]).await;
    };
    let mut tx = ctx.keep.begin().await?;
    let now = Draft::load(&mut tx, &see).await?;
    if now.seen != draft.seen {
        drop(tx);
        return draw(&ctx, Some(&sent), Vec::new()).await;
    }
    let practice = &ctx.settings.face.name;
    let frozen = Frozen { html: html.to_vec(), pdf, by, signed_as: &name, practice };
    let open = now.analysis;
    let (sha256, pdf_sha256) = signed_reports::freeze(&mut tx, &access, (&open, &now.about), frozen).await?;
    let risks: Vec<Risk> = now.register.into_iter().map(|(risk, _)| risk).collect();
    signed_reports::keep_register(&mut tx, open.id, &risks).await?;
    let mut entry = Entry::new(Object::of("analysis", open.id.text()).version(open.version + 1))
        .detail("signed_as", name.as_str())
        .detail("sha256", sha256)
        .detail("report_key", report.key);
    if let Some(sha256) = pdf_sha256 {
        entry = entry.detail("pdf_sha256", sha256);
    }
    tx.commit(&access, entry).await?;
    Ok(see_other(&format!("/practice/analysis/past/{}", open.number)))
}

#[derive(Template)]
#[template(path = "risk/sign.html")]
struct SignPage {
    number: i64,
    answered: usize,
    questions: usize,
    risks: usize,
    review: Option<UnixMillis>,
    gaps: Vec<String>,
    key: String,
    typed: String,
    seen: String,
    refused: Vec<String>,
    changed: bool,
    /// What is not as the person saw it, and where to look.
    changes: Vec<(String, String)>,
    more: usize,
}
