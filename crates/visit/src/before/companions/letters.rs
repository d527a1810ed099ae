//! The letters of supporters and interpreters: come, at another time, called off. In their own language, and
//! without a word of whose visit it is. The entry code is in none of them.

use super::acting::may_come;
use super::store;
use crate::before::booking::{Dress, invitation_ends, invitation_link};
use crate::before::store::{VisitRow, participants};
use keep::{KeepError, Tx};
use people::representatives::refused_by;
use policy::Access;
use vocabulary::{ParticipantId, Secret};
use web::mail::Mail;

/// Mails the link. Gives `false` when there is no address or the house sends no mail: then somebody hands
/// it over.
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

/// The visit is at another time: their links stay the same and hold until then. Whoever may not come any more
/// learns nothing, and no link of theirs is left. Gives to how many no letter goes: somebody calls them.
pub(crate) async fn tell_moved(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<usize, KeepError> {
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    let mut unreached = 0;
    for to in expected(tx, visit).await? {
        if !may_hear(tx, access, (visit, to)).await? {
            people::invitations::withdraw(tx, to).await?;
            continue;
        }
        people::invitations::extend(tx, to, ends).await?;
        let told = post(tx, access, (visit, to), Mail::JoiningMoved { when: visit.starts_at }, dress).await?;
        unreached += usize::from(!told);
    }
    Ok(unreached)
}

/// Gives to how many no letter goes, as `tell_moved`.
pub(crate) async fn tell_cancelled(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<usize, KeepError> {
    let mut unreached = 0;
    for to in expected(tx, visit).await? {
        people::invitations::cancel(tx, to).await?;
        if !may_hear(tx, access, (visit, to)).await? {
            continue;
        }
        let mail = Mail::JoiningCancelled { when: visit.starts_at };
        unreached += usize::from(!post(tx, access, (visit, to), mail, dress).await?);
    }
    Ok(unreached)
}

/// Neither refused for this patient nor of an authority that is over, or will be when the visit begins (R74,
/// R76): the day and hour of a visit are told to nobody who may not come to it.
pub(super) async fn may_hear(
    tx: &mut Tx,
    access: &Access,
    (visit, to): (&VisitRow, ParticipantId),
) -> Result<bool, KeepError> {
    let when = (tx.now(), visit.starts_at);
    if !may_come(tx, to, when).await? {
        return Ok(false);
    }
    let whose = (to, visit.patient);
    let Some(name) = store::name(tx, access, whose).await? else { return Ok(true) };
    let email = store::contact(tx, access, whose).await?.and_then(|contact| contact.email);
    let named = (name.reveal(), email.as_ref().map(|email| email.reveal()));
    Ok(refused_by(tx, access, visit.patient, named).await?.is_none())
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
    let Some(email) = contact.email.filter(|_| tx.settings().house_rules.send_mail) else { return Ok(false) };
    let theirs = Dress { words: &dress.words.in_lang(contact.lang), ..dress };
    people::contact::to_companion(tx, visit.patient, email.reveal(), mail, theirs).await?;
    Ok(true)
}
