//! `POST /visits/{id}/summary`. The form itself stands on the visit's page; what was typed survives every
//! fault.

use super::BODY_MAX;
use super::store;
use crate::before::asked;
use crate::before::booking::{Dress, visit_page_with_draft};
use crate::before::store::still_of;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Act;
use serde::Deserialize;
use vocabulary::Health;
use web::{Ctx, Failure, Faults, Form, see_other};

/// What stands in the form. Cannot be printed.
pub struct Draft {
    pub body: Health,
    pub faults: Faults,
}

impl Default for Draft {
    fn default() -> Draft {
        Draft { body: Health::new(String::new()), faults: Faults::default() }
    }
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    body: String,
}

pub(super) async fn publish_it(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::WriteSummary).await?;
    let id = visit.id;
    if !visit.state.has_happened() {
        return Err(Failure::told(StatusCode::CONFLICT, "summary-too-early"));
    }
    let mut faults = Faults::default();
    if typed.body.trim().is_empty() {
        faults.add("body", ctx.words.t("summary-empty"));
    }
    if typed.body.chars().count() > BODY_MAX {
        faults.add("body", ctx.words.t("summary-long"));
    }
    if faults.any() {
        return visit_page_with_draft(&ctx, id, Draft { body: Health::new(typed.body), faults }).await;
    }
    let mut tx = ctx.keep.begin().await?;
    let same = still_of(&mut tx, (id, visit.patient)).await.is_ok();
    let lang = people::patients::lang_of(&mut tx, visit.patient).await?;
    let words = (typed.body.trim(), lang);
    let published = store::publish(&mut tx, &access, &visit, words, Dress::of(&ctx)).await;
    let (_, entry) = match published {
        Ok(published) => published,
        Err(keep::KeepError::Conflict) => {
            drop(tx);
            faults.add("body", ctx.words.t(if same { "summary-there" } else { "summary-moved" }));
            return visit_page_with_draft(&ctx, id, Draft { body: Health::new(typed.body), faults }).await;
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit(&access, entry).await?;
    Ok(see_other(&format!("/visits/{}?done=summary", id.text())))
}
