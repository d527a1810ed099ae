//! Signed reports: the bytes of a frozen analysis, page and PDF, under the installation's own key (R46).
//!
//! Owns the tables `report_key`, `past_report_key`, `signed_report` and `signed_risk`, the page of a
//! past report, which checks hash and signature whenever it is opened, and the page that replaces the
//! key. The key is Ed25519 (RFC 8032), made once, and again when an official says so; its private part
//! is sealed. It signs each file's bytes, so any tool that knows Ed25519 can check them, and a
//! statement of who signed which report when. Refuses to show bytes that are not the signed ones.

mod pages;
pub mod proof;
mod renewal;
mod store;
#[cfg(test)]
mod tests;

pub use pages::files;
pub use store::{Frozen, Stood, freeze, keep_register, key, register_of, sign_bytes};

use keep::{Entry, Keep, KeepError, Object};
use policy::{Act, Facts, decide};
use vocabulary::Principal;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    Routes::new()
        .get("/practice/analysis/past/{number}", see, pages::past)
        .get("/practice/analysis/signed/{number}", see, pages::html)
        .get("/practice/analysis/signed/{number}/pdf", see, pages::pdf)
        .get("/practice/analysis/signed/{number}/proof", see, pages::proof)
        .get("/practice/report-key", Rule::Act(Act::ReplaceReportKey), renewal::page)
        .post("/practice/report-key", Rule::Act(Act::ReplaceReportKey), renewal::replace)
}

/// Makes the installation's key where there is none yet. Called whenever a practice opens, and before it
/// signs.
pub async fn ensure_key(keep: &Keep) -> Result<(), KeepError> {
    if key(&mut *keep.read().await?).await?.is_some() {
        return Ok(());
    }
    let program =
        decide(&Principal::System, &Facts::default(), Act::MakeReportKey).map_err(|_| KeepError::Proof)?;
    let mut tx = keep.begin().await?;
    if key(&mut tx).await?.is_some() {
        return Ok(());
    }
    let public = store::make_key(&mut tx).await?;
    tx.commit(&program, Entry::new(Object::of("report_key", "practice")).detail("public_key", public))
        .await?;
    Ok(())
}
