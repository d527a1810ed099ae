//! The letters of supporters and interpreters: come, at another time, called off. In their own language, and
//! without a word of whose visit it is. The entry code is in none of them.

use super::store;
use crate::before::booking::{Dress, invitation_ends, invitation_link};
use crate::before::store::{VisitRow, participants};
use keep::{KeepError, Owner, Tx};
use policy::Access;
use vocabulary::{ParticipantId, Secret};
use web::mail::Mail;

/// Mails the link. Gives `false` when there is no address: then somebody hands it over.
pub(super) async fn post_link(
    tx: &mut Tx,
    access: &Access,
    (visit, to): (&VisitRow, ParticipantId),
    secret: &Secret,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let link = invitation_link(dress.face, secret);
    post(tx, access, (visit, to), Mail::Joining { when: visit.starts_at, link: &link }, dress).await
}

/// The visit is at another time: their links stay the same and hold until then.
pub(crate) async fn tell_moved(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<(), KeepError> {
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    for to in expected(tx, visit).await? {
        people::invitations::extend(tx, to, ends).await?;
        post(tx, access, (visit, to), Mail::JoiningMoved { when: visit.starts_at }, dress).await?;
    }
    Ok(())
}

pub(crate) async fn tell_cancelled(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<(), KeepError> {
    for to in expected(tx, visit).await? {
        people::invitations::withdraw(tx, to).await?;
        post(tx, access, (visit, to), Mail::JoiningCancelled { when: visit.starts_at }, dress).await?;
    }
    Ok(())
}

async fn expected(tx: &mut Tx, visit: &VisitRow) -> Result<Vec<ParticipantId>, KeepError> {
    let all = participants(tx, visit.id).await?;
    let theirs = all.iter().filter(|row| row.part.comes_by_code() && row.is_expected());
    Ok(theirs.map(|row| row.id).collect())
}

async fn post(
    tx: &mut Tx,
    access: &Access,
    (visit, to): (&VisitRow, ParticipantId),
    mail: Mail<'_>,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let Some(contact) = store::contact(tx, access, (to, visit.patient)).await? else { return Ok(false) };
    let Some(email) = contact.email else { return Ok(false) };
    let letter = mail.letter(email.reveal(), None, dress.face, &dress.words.in_lang(contact.lang));
    let due = tx.now();
    tx.post(letter.of(Owner::Patient(visit.patient)), due).await?;
    Ok(true)
}
