//! The patient's letters about a visit: invitation, new time, cancelled. Posted in the transaction of the
//! act.
//!
//! Refuses to say more than `web::mail` can: a time, a link and the patient's own words (R102, R105).

use keep::{Face, KeepError, Owner, Tx};
use policy::Access;
use vocabulary::{PatientId, Secret, UnixMillis};
use web::mail::Mail;
use web::{Ctx, Words};

/// What letters are dressed with: the practice's face and the catalogue.
#[derive(Clone, Copy)]
pub struct Dress<'a> {
    pub face: &'a Face,
    pub words: &'a Words,
}

impl<'a> Dress<'a> {
    pub fn of(ctx: &'a Ctx) -> Dress<'a> {
        Dress { face: &ctx.settings.face, words: &ctx.words }
    }
}

/// Mails the link. Gives `false` when the patient has no address or the house sends no mail: then
/// somebody hands the link over.
pub async fn post_invitation(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    secret: &Secret,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let link = invitation_link(dress.face, secret);
    post(tx, access, patient, Mail::Invitation { when, link: &link }, dress).await
}

/// `secret`: of a new link, when the old one opened nothing any more.
pub(super) async fn post_moved(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    secret: Option<&Secret>,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let Some(secret) = secret else {
        return post(tx, access, patient, Mail::MovedKept { when }, dress).await;
    };
    let link = invitation_link(dress.face, secret);
    post(tx, access, patient, Mail::Moved { when, link: &link }, dress).await
}

pub(super) async fn post_restored(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    post(tx, access, patient, Mail::Restored { when }, dress).await
}

/// It gets later: `when` is the hour that is expected now.
pub(crate) async fn post_late(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    post(tx, access, patient, Mail::Late { when }, dress).await
}

pub(super) async fn post_cancelled(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    post(tx, access, patient, Mail::Cancelled { when }, dress).await
}

/// "Something is waiting": the way to the portal.
pub(crate) async fn post_notice(
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
    secret: &Secret,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let link = notice_link(dress.face, secret);
    post(tx, access, patient, Mail::Waiting { link: &link }, dress).await
}

/// The secret stands in the fragment, which no browser sends to a server.
pub fn invitation_link(face: &Face, secret: &Secret) -> String {
    format!("{}/i#{}", face.origin, secret.reveal())
}

pub fn notice_link(face: &Face, secret: &Secret) -> String {
    format!("{}/n#{}", face.origin, secret.reveal())
}

async fn post(
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
    mail: Mail<'_>,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let contact = people::patients::contact(tx, access, patient).await?;
    let Some(to) = contact.email.filter(|_| tx.settings().house_rules.send_mail) else { return Ok(false) };
    let phrase = contact.check_phrase.as_ref().map(|phrase| phrase.reveal());
    let letter = mail.letter(to.reveal(), phrase, dress.face, &dress.words.in_lang(contact.lang));
    let due = tx.now();
    tx.post(letter.of(Owner::Patient(patient)), due).await?;
    Ok(true)
}
