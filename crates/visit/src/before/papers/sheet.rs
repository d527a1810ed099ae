//! The sheet itself: the exact words, lines to write on, and which text it is in the foot.

use super::pages::{langs, object, of};
use crate::before::consent::texts::Named;
use crate::before::consent::{self, Scope};
use crate::before::schedule::clinicians;
use crate::before::translations;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use vocabulary::{Lang, PersonId};
use web::{Ctx, Failure, Page, filters};

/// What somebody fills in by hand.
const BLANK: &str = "______________________________";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lang: String,
    /// Random id of the account, for a telehealth consent.
    clinician: String,
}

/// `/patients/{id}/papers/{scope}/sheet`
pub(super) async fn page(
    ctx: Ctx,
    Path((id, scope)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id).await?;
    let scope = Scope::parse(&scope).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, object(patient)).await?;
    let lang = Lang::parse(&asked.lang).ok_or(Failure::BadInput)?;
    // A text that nobody has approved leaves the practice on no paper either (R96).
    if !langs(&ctx, &mut view, scope).await?.contains(&lang) {
        return Err(Failure::NotFound);
    }
    let clinician = PersonId::parse(&asked.clinician).filter(|_| scope.is_to_a_clinician());
    let sees_patients = match clinician {
        Some(id) => clinicians(&mut view).await?.contains(&id),
        None => !scope.is_to_a_clinician(),
    };
    if !sees_patients {
        return Err(Failure::BadInput);
    }
    let text = translations::consent(&mut view, &ctx, scope, lang).await?;
    let named = || Named { who: BLANK.into(), what: BLANK.into(), why: BLANK.into() };
    let mut filling = consent::filling(&ctx, &mut view, &access, (text, patient, clinician), named()).await?;
    drop(view);
    // What is signed has its end in it (45 CFR 164.508(c)(1)(v)): a year from the day beside the signature.
    filling.until = ctx.words.in_lang(lang).t("paper-sheet-last-day");
    let page = Sheet {
        back: format!("/patients/{}/papers/{}", patient.text(), scope.code()),
        title: scope.title(),
        lang: lang.code(),
        practice: ctx.settings.face.name.clone(),
        phone: ctx.settings.face.phone.clone(),
        article: text.fill(&filling),
        has_term: scope.has_term(),
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        tag: format!("{} {} ({})", scope.code(), text.version, lang.code()),
        hash: consent::hex(&consent::text_hash(text)),
    };
    Ok(ctx.page(Page::new(ctx.words.in_lang(lang).t(scope.title())).rail("rail-patients"), &page))
}

#[derive(Template)]
#[template(path = "before/papers/sheet.html")]
struct Sheet {
    back: String,
    title: &'static str,
    /// Of the sheet, not of whoever prints it.
    lang: &'static str,
    practice: String,
    phone: String,
    /// Finished HTML: our own text, values escaped.
    article: String,
    has_term: bool,
    demo_approved: bool,
    tag: String,
    /// SHA-256 of the text's source, hexadecimal.
    hash: String,
}
