//! The one way out: whoever writes, to whomever, posts here. It reads what the person asked for before a word
//! is written, and gives each message its code.

use super::codes;
use super::plain::Chosen;
use super::rules::{OnFile, Open, Way, safe_from, way};
use super::store;
use crate::patients;
use keep::{Face, KeepError, Owner, Tx};
use policy::Access;
use vocabulary::{Health, PatientId, UnixMillis};
use web::mail::{Event, Mail, Reach, calendar};
use web::{Ctx, Words};

/// What messages are dressed with: the practice's face and the catalogue.
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

/// Writes to a patient by the way they chose, at an hour they chose, to the address they chose (R69, R70).
/// What no message may tell waits for the desk as an errand.
pub async fn to_patient(
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
    (mail, event): (Mail<'_>, Option<Event>),
    dress: Dress<'_>,
) -> Result<Way, KeepError> {
    let contact = patients::contact(tx, access, patient).await?;
    let asked = &contact.asked;
    let due = safe_from(asked, tx.now(), &dress.face.zone);
    let in_time = due == tx.now() || mail.when().is_none_or(|when| due < when);
    let has = OnFile { email: contact.email.is_some(), phone: contact.phone.is_some() };
    let chosen = way(asked, has, open(tx), in_time);
    let address = match (chosen, &contact.email) {
        (Way::Mail, Some(email)) => email.reveal(),
        _ => {
            store::put_errand(tx, patient, mail.kind(), chosen).await?;
            return Ok(chosen);
        }
    };
    let code = codes::make(tx).await?;
    let phrase = contact.check_phrase.as_ref().map(|phrase| phrase.reveal());
    let reach = Reach::asked_for(address, phrase, &code, asked.bare);
    let words = dress.words.in_lang(contact.lang);
    let mut letter = mail.letter(&reach, dress.face, &words);
    // A calendar is shown to whoever looks at the phone.
    letter.calendar = event.filter(|_| !asked.bare).map(|it| calendar(&it, tx.now(), (dress.face, &words)));
    tx.post(letter.of(Owner::Patient(patient)), due).await?;
    Ok(chosen)
}

/// A copy of what is in the portal, without a lock, at an hour that is safe. `chosen` proves that the patient
/// wants it at this address. Gives `false`, and sends nothing, while the house sends no mail.
pub(super) async fn post_copy(
    tx: &mut Tx,
    access: &Access,
    (chosen, copy): (&Chosen, &Health),
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    if !open(tx).mail {
        return Ok(false);
    }
    let contact = patients::contact(tx, access, chosen.patient).await?;
    let due = safe_from(&contact.asked, tx.now(), &dress.face.zone);
    let code = codes::make(tx).await?;
    let phrase = contact.check_phrase.as_ref().map(|phrase| phrase.reveal());
    let reach = Reach::asked_for(chosen.address.reveal(), phrase, &code, contact.asked.bare);
    let words = dress.words.in_lang(contact.lang);
    let letter = web::mail::copy(&reach, copy, dress.face, &words);
    tx.post(letter.of(Owner::Patient(chosen.patient)), due).await.map(|_| true)
}

/// Writes to somebody who comes along to a patient's visit. `dress.words` speak their language.
pub async fn to_companion(
    tx: &mut Tx,
    patient: PatientId,
    address: &str,
    mail: Mail<'_>,
    dress: Dress<'_>,
) -> Result<(), KeepError> {
    post(tx, Owner::Patient(patient), address, mail, dress).await
}

/// Writes to an account of the practice. `dress.words` speak its language.
pub async fn to_staff(tx: &mut Tx, address: &str, mail: Mail<'_>, dress: Dress<'_>) -> Result<(), KeepError> {
    post(tx, Owner::Practice, address, mail, dress).await
}

async fn post(
    tx: &mut Tx,
    owner: Owner,
    address: &str,
    mail: Mail<'_>,
    dress: Dress<'_>,
) -> Result<(), KeepError> {
    let code = codes::make(tx).await?;
    let letter = mail.letter(&Reach::asked_for(address, None, &code, false), dress.face, dress.words);
    let due: UnixMillis = tx.now();
    tx.post(letter.of(owner), due).await.map(|_| ())
}

/// The house's rule for channels, read in this one place.
fn open(tx: &Tx) -> Open {
    Open { mail: tx.settings().house_rules.send_mail, texts: false }
}
