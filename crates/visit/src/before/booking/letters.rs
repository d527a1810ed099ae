//! The patient's letters about a visit: invitation, new time, cancelled. Posted in the transaction of the
//! act.
//!
//! Refuses to say more than `web::mail` can: a time, a link and the patient's own words (R102, R105).

use crate::before::store::VisitRow;
use keep::{Face, KeepError, Tx};
use people::contact::{self, Way};
use policy::Access;
use vocabulary::{PatientId, Secret, UnixMillis};
use web::mail::{Event, Mail};

pub use people::contact::Dress;

/// Sends the link, with an entry for the calendar. Gives `false` when no message goes out: then somebody
/// hands the link over, and the desk finds it among its errands.
pub async fn post_invitation(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    secret: &Secret,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let link = invitation_link(dress.face, secret);
    let mail = Mail::Invitation { when: visit.starts_at, link: &link };
    post(tx, access, visit.patient, (mail, Some(event(visit, false))), dress).await
}

/// `visit` has its new time and its new version; `secret`: of a new link, when the old one opened nothing any
/// more.
pub(crate) async fn post_moved(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    secret: Option<&Secret>,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let Some(secret) = secret else {
        let mail = Mail::MovedKept { when: visit.starts_at };
        return post(tx, access, visit.patient, (mail, Some(event(visit, false))), dress).await;
    };
    let link = invitation_link(dress.face, secret);
    let mail = Mail::Moved { when: visit.starts_at, link: &link };
    post(tx, access, visit.patient, (mail, Some(event(visit, false))), dress).await
}

/// It takes place after all, and stands in the calendar again.
pub(super) async fn post_restored(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let mail = Mail::Restored { when: visit.starts_at };
    post(tx, access, visit.patient, (mail, Some(event(visit, false))), dress).await
}

/// It gets later: `when` is the hour that is expected now. The calendar keeps the hour that was agreed.
pub(crate) async fn post_late(
    tx: &mut Tx,
    access: &Access,
    (patient, when): (PatientId, UnixMillis),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    post(tx, access, patient, (Mail::Late { when }, None), dress).await
}

/// `visit` as it was before it was called off, or after: its entry leaves the calendar.
pub(crate) async fn post_cancelled(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let mail = Mail::Cancelled { when: visit.starts_at };
    post(tx, access, visit.patient, (mail, Some(event(visit, true))), dress).await
}

/// The number rises with every change of the visit, and once more when it is called off.
fn event(visit: &VisitRow, cancelled: bool) -> Event {
    Event {
        id: visit.id.text(),
        start: visit.starts_at,
        minutes: visit.length_min,
        sequence: visit.version + i64::from(cancelled),
        cancelled,
    }
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
    post(tx, access, patient, (Mail::Waiting { link: &link }, None), dress).await
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
    note: (Mail<'_>, Option<Event>),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let way = contact::to_patient(tx, access, patient, note, dress).await?;
    Ok(matches!(way, Way::Mail | Way::Text))
}
