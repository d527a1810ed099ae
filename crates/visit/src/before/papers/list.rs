//! The papers of one patient that the practice keeps, and the nine sheets that can be printed.

use super::pages::{note, object, of, patient_name};
use crate::before::consent::rules::Method;
use crate::before::consent::signer::Signers;
use crate::before::consent::{self, ConsentRow, Outcome, Scope};
use crate::before::schedule::staff_name;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use people::representatives;
use people::staff::acting;
use serde::Deserialize;
use vocabulary::{ConsentId, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters, see_other};

/// What an address may say has just happened, and the sentence for it.
const DONE: [(&str, &str); 3] = [
    ("recorded", "papers-recorded"),
    ("taken-back", "visit-done-taken-back"),
    ("not-standing", "visit-done-not-standing"),
];

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct Told {
    /// `voice` or `paper`.
    how: String,
}

/// `/patients/{id}/papers`
pub(super) async fn page(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id).await?;
    let name = patient_name(&ctx, &access, patient)?;
    consent::end_those_of_minors(&ctx, &access, patient).await?;
    let mut view = ctx.keep.view(&access, object(patient)).await?;
    let rows = consent::of_patient(&mut view, patient).await?;
    let signers = Signers::of(&mut view, patient).await?;
    let all = representatives::list(&mut view, &access, patient).await?;
    let (mut kept, mut over) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| is_paper(row)) {
        let stands =
            consent::current(&rows).any(|one| one.id == row.id) && consent::why_not(&ctx, row).is_none();
        let with = row.of.clinician.map(|id| staff_name(&ctx, id));
        let named = consent::named(&view, &access, row)?.map(|named| named.who);
        let by = signers.who(row).and_then(|id| all.iter().find(|one| one.id == id));
        let one = Kept {
            id: row.id.text(),
            title: row.scope.title(),
            with: with.or(named).unwrap_or_default(),
            at: row.since(),
            signed_by: by.map_or_else(|| name.clone(), |one| one.name.reveal().to_owned()),
            place: consent::kept_at(&mut view, &access, row).await?,
        };
        if stands { kept.push(one) } else { over.push(one) }
    }
    let page = List {
        id: patient.text(),
        name,
        done: DONE.iter().find(|(word, _)| *word == asked.done).map_or("", |(_, key)| *key),
        kept,
        over,
        scopes: Scope::ALL.map(|scope| (scope, note(scope))).into(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("papers-title")).rail("rail-patients"), &page))
}

/// `POST /patients/{id}/papers/{consent}/taken-back`: they said or wrote so. Counts at once (R63).
pub(super) async fn take_back(
    ctx: Ctx,
    Path((id, one)): Path<(String, String)>,
    Form(told): Form<Told>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id).await?;
    let one = ConsentId::parse(&one).ok_or(Failure::NotFound)?;
    let method = Method::parse(&told.how).filter(|method| *method != Method::Electronic);
    let method = method.ok_or(Failure::BadInput)?;
    let by = acting(&ctx)?;
    let back = |done: &str| see_other(&format!("/patients/{}/papers?done={done}", patient.text()));
    let mut tx = ctx.keep.begin().await?;
    let rows = consent::of_patient(&mut tx, patient).await?;
    if !rows.iter().any(|row| row.id == one && is_paper(row)) {
        return Err(Failure::NotFound);
    }
    let Some(row) = consent::current(&rows).find(|row| row.id == one) else {
        return Ok(back("not-standing"));
    };
    for twin in consent::twins(&tx, &access, (&rows[..], row))? {
        let noted = consent::take_back_for(&mut tx, twin, (method, by)).await?;
        tx.note(&access, noted);
    }
    let entry = consent::take_back_for(&mut tx, row, (method, by)).await?;
    consent::follow_no(&mut tx, row).await?;
    tx.commit(&access, entry).await?;
    Ok(back("taken-back"))
}

fn is_paper(row: &ConsentRow) -> bool {
    row.method == Method::Paper && row.outcome == Outcome::Given
}

/// A paper in the practice's hands. Holds names, so it has no `Debug`.
struct Kept {
    id: String,
    title: &'static str,
    /// To which clinician, or whom it names.
    with: String,
    at: UnixMillis,
    signed_by: String,
    /// Empty where nobody wrote it down.
    place: String,
}

#[derive(Template)]
#[template(path = "before/papers/list.html")]
struct List {
    id: String,
    name: String,
    done: &'static str,
    kept: Vec<Kept>,
    /// What a newer answer or a no has replaced, or what is over: the paper is kept all the same (45 CFR
    /// 164.530(j)).
    over: Vec<Kept>,
    /// With the key of what has to be said first.
    scopes: Vec<(Scope, &'static str)>,
}
