//! Health data by plain mail: only after a plain warning, and only to the address the patient chose it for
//! (R103; 78 FR 5634, 45 CFR 164.522(b), 164.524(c)(2)).
//!
//! Owns the table `plain_choice` and `/portal/contact/plain`. A letter with health data in it cannot be made
//! without a `Chosen`, which is found here alone; another address asks again.

use super::gate::{Dress, post_copy};
use super::pages::{mine, object};
use crate::patients::{self, rules::normal_email};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Tx, Viewing, args};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, JobId, PatientId};
use web::{Ctx, Failure, Form, Page, filters};

/// Where the warning stands and the choice is made.
pub const ASK: &str = "/portal/contact/plain";

/// The address in use today, for which the patient chose plain mail. Cannot be printed.
pub struct Chosen {
    pub(super) patient: PatientId,
    pub(super) address: Health,
}

/// `None`: no address, or no choice for exactly this one. Then nothing may be sent.
pub async fn chosen(
    open: &mut Viewing,
    access: &Access,
    patient: PatientId,
    keep: &keep::Keep,
) -> Result<Option<Chosen>, KeepError> {
    let contact = patients::contact(open, access, patient).await?;
    let Some(address) = contact.email else { return Ok(None) };
    let index = keep.blind(INDEX.0, INDEX.1, &normal_email(address.reveal()));
    let sql = "SELECT id FROM plain_choice WHERE patient = $1 AND address_index = $2 AND ended_at IS NULL";
    let stands = open.row(sql, args![patient, index]).await?.is_some();
    Ok(stands.then_some(Chosen { patient, address }))
}

/// Sends `copy`, which may say anything about the patient's health, in a letter without a lock. Gives `false`
/// while the house sends no mail: nothing went out.
pub async fn send(
    tx: &mut Tx,
    access: &Access,
    (chosen, copy): (&Chosen, &Health),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    post_copy(tx, access, (chosen, copy), dress).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    /// `yes` after the warning, `stop` to take it back.
    plain: String,
}

pub(super) async fn page(ctx: Ctx) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::SeePreferences).await?;
    let mut view = ctx.keep.view(&access, object(patient)).await?;
    let chosen = chosen(&mut view, &access, patient, &ctx.keep).await?.is_some();
    let contact = patients::contact(&mut view, &access, patient).await?;
    let address = contact.email.map(|email| email.reveal().to_owned()).unwrap_or_default();
    Ok(ctx.page(Page::new(ctx.words.t("plain-title")), &Warning { address, chosen }))
}

pub(super) async fn choose(ctx: Ctx, Form(pressed): Form<Pressed>) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::ChangePreferences).await?;
    let mut tx = ctx.keep.begin().await?;
    let contact = patients::contact(&mut tx, &access, patient).await?;
    end(&mut tx, patient).await?;
    if pressed.plain == "yes" {
        let Some(address) = contact.email else {
            return Err(Failure::told(StatusCode::CONFLICT, "plain-no-address"));
        };
        let index = tx.blind(INDEX.0, INDEX.1, &normal_email(address.reveal()));
        let id = JobId::new(tx.now(), tx.entropy());
        let sql = "INSERT INTO plain_choice (id, patient, address_index, chosen_at) VALUES ($1, $2, $3, $4)";
        tx.run(sql, args![id, patient, index, tx.now()]).await?;
    }
    let said = if pressed.plain == "yes" { "chosen" } else { "taken back" };
    tx.commit(&access, Entry::new(object(patient)).detail("plain_mail", said)).await?;
    Ok(web::see_other(ASK))
}

/// Whatever was chosen before is over. The caller's entry in the trail names the act.
pub async fn end(tx: &mut Tx, patient: PatientId) -> Result<(), KeepError> {
    let sql = "UPDATE plain_choice SET ended_at = $2 WHERE patient = $1 AND ended_at IS NULL";
    tx.run(sql, args![patient, tx.now()]).await.map(|_| ())
}

const INDEX: (&str, &str) = ("plain_choice", "address_index");

#[derive(Template)]
#[template(path = "contact/plain.html")]
struct Warning {
    address: String,
    chosen: bool,
}
