//! The one way out: whoever writes, to whomever, posts here. It reads what the person asked for before a word
//! is written, and gives each message its code.

use super::codes;
use super::hours;
use super::plain::Chosen;
use super::rules::{OnFile, Open, Way, safe_from, way};
use super::store;
use super::texting::Texting;
use crate::patients::{self, Contact};
use keep::{Face, KeepError, Letter, Owner, Tx};
use policy::Access;
use vocabulary::{Health, MINUTE_MS, PatientId, UnixMillis};
use web::mail::{Event, Mail, Reach, calendar};
use web::{Ctx, Words};

/// "We are ready for you" says nothing of use once somebody else was seen.
const TURN_HOLDS_MS: i64 = 5 * MINUTE_MS;

/// A confirmation of a STOP comes within five minutes or not at all (47 CFR 64.1200(a)(12)).
const ANSWER_HOLDS_MS: i64 = 5 * MINUTE_MS;

/// What messages are dressed with: the practice's face and the catalogue.
#[derive(Clone, Copy)]
pub struct Dress<'a> {
    pub face: &'a Face,
    pub words: &'a Words,
    /// Whether texts leave the house.
    pub texting: &'a Texting,
}

impl<'a> Dress<'a> {
    pub fn of(ctx: &'a Ctx) -> Dress<'a> {
        Dress { face: &ctx.settings.face, words: &ctx.words, texting: ctx.part() }
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
    let chosen = way(asked, has, open(tx, dress).await?, in_time);
    if chosen == Way::Text && post_text(tx, patient, &contact, mail, dress).await? {
        return Ok(chosen);
    }
    let address = match (chosen, &contact.email) {
        (Way::Mail, Some(email)) => email.reveal(),
        _ => {
            // A text that may not go, or says too much for one, is told by phone.
            let told = if chosen == Way::Text { Way::Call } else { chosen };
            store::put_errand(tx, patient, mail.kind(), told).await?;
            return Ok(told);
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
    if !open(tx, dress).await?.mail {
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

/// Sends it as a text when one may go to this number in time. Gives `false` when somebody must tell it.
async fn post_text(
    tx: &mut Tx,
    patient: PatientId,
    contact: &Contact,
    mail: Mail<'_>,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let phone = contact.phone.as_ref().map(|phone| phone.reveal()).unwrap_or_default();
    let Some(number) = dress.texting.number(phone) else { return Ok(false) };
    let Some(from) = tx.text_from(&number).await? else { return Ok(false) };
    let zone = &dress.face.zone;
    let Some(due) = hours::text_from(&contact.asked, from, zone) else { return Ok(false) };
    if mail.when().is_some_and(|when| due >= when) {
        return Ok(false);
    }
    let code = codes::draw(tx.entropy());
    let spelled = codes::spelled(&code);
    let phrase = contact.check_phrase.as_ref().map(|phrase| phrase.reveal());
    let reach = Reach::asked_for(&number, phrase, &spelled, contact.asked.bare);
    let words = dress.words.in_lang(contact.lang);
    let text = mail.text(&reach, (dress.texting.name(dress.face), dress.face), &words);
    let Some(letter) = text else { return Ok(false) };
    store::put_code(tx, &code).await?;
    let turn = matches!(mail, Mail::Turn).then(|| due.plus_ms(TURN_HOLDS_MS));
    // A retry keeps their hours too: what cannot go within them is given up, and the desk sees it.
    let closes = hours::safe_until(&contact.asked, due, zone);
    let until = [letter.until, turn, closes].into_iter().flatten().min();
    let letter = Letter { until, ..letter };
    tx.post(letter.of(Owner::Patient(patient)), due).await.map(|_| true)
}

/// "We are ready for you", to the phone of who waits and asked for texts. Now or not at all: nobody is called
/// for it, and gives `false` when it does not go.
pub async fn turn_text(
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
    dress: Dress<'_>,
) -> Result<bool, KeepError> {
    let contact = patients::contact(tx, access, patient).await?;
    let now = tx.now();
    let asked = contact.asked.texts && safe_from(&contact.asked, now, &dress.face.zone) == now;
    if !asked || !open(tx, dress).await?.texts {
        return Ok(false);
    }
    let phone = contact.phone.as_ref().map(|phone| phone.reveal()).unwrap_or_default();
    let number = dress.texting.number(phone);
    match number {
        Some(number) if tx.text_from(&number).await? == Some(now) => {
            post_text(tx, patient, &contact, Mail::Turn, dress).await
        }
        _ => Ok(false),
    }
}

/// What is said to a STOP, START or HELP; with a patient's own words where it is their number still.
pub(super) async fn post_answer(
    tx: &mut Tx,
    (number, key, phrase): (&str, &str, Option<&Health>),
    from: (&str, &Face),
    words: &Words,
) -> Result<(), KeepError> {
    let now = tx.now();
    let reach = Reach::asked_for(number, phrase.map(|phrase| phrase.reveal()), "", false);
    let answer = web::mail::text::answer(&reach, key, from, words);
    let letter = Letter { until: Some(now.plus_ms(ANSWER_HOLDS_MS)), ..answer };
    tx.post(letter, now).await.map(|_| ())
}

/// The house's rule for channels, read in this one place.
async fn open(tx: &mut Tx, dress: Dress<'_>) -> Result<Open, KeepError> {
    let (house, now) = (tx.settings().house_rules.clone(), tx.now());
    Ok(Open { mail: house.send_mail, texts: dress.texting.is_open(tx, &house, now).await? })
}
