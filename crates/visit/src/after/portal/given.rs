//! `/portal/given`: to whom one's own record was given in the last six years (45 CFR 164.528).

use super::pages::own;
use askama::Template;
use axum::response::Response;
use keep::Object;
use people::disclosures::{of_patient, rules::Said};
use policy::Act;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Page, filters};

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::SeeOwnDisclosures).await?;
    let mut view = ctx.keep.view(&access, Object::of("disclosures", patient.text())).await?;
    let mut copies = Vec::new();
    for given in of_patient(&mut view, patient, ctx.now).await? {
        copies.push(Copy {
            at: given.at,
            said: given.said(&view, &access)?,
            purpose: ctx.words.t(&format!("give-for-{}", given.purpose.code())),
            parts: given.parts.split_whitespace().map(|part| ctx.words.t(&format!("given-{part}"))).collect(),
            // Why it was so much is told where the patient did not ask for the copy.
            told: given.purpose.must_be_accounted(),
        });
    }
    Ok(ctx.page(Page::new(ctx.words.t("given-title")), &Copies { copies }))
}

struct Copy {
    at: UnixMillis,
    said: Said,
    purpose: String,
    parts: Vec<String>,
    told: bool,
}

#[derive(Template)]
#[template(path = "after/portal/given.html")]
struct Copies {
    copies: Vec<Copy>,
}
