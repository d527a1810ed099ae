//! What people answer to a text: STOP, START and HELP, brought by the gateway (R104; 47 CFR 64.1200(a)(10)).
//!
//! Owns `/hooks/texts`. Refuses whoever does not show the secret of the configuration. Keeps nothing of what
//! somebody wrote: a text is no way to reach the practice, and says so to HELP alone.

use super::texting::Texting;
use crate::invitations::{From, Limits};
use crate::patients;
use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::FromRequest;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keep::outbox::texts;
use keep::{Entry, KeepError, Object, Owner};
use policy::{Act, Facts, decide};
use serde::Deserialize;
use vocabulary::{Lang, Principal};
use web::{Ctx, Failure};

/// What a gateway says; several spell it in their own way.
#[derive(Deserialize)]
struct Heard {
    #[serde(alias = "From", alias = "msisdn", alias = "sender")]
    from: String,
    #[serde(alias = "Body", alias = "body", alias = "message")]
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Stop,
    Start,
    Help,
}

pub(super) async fn hear(ctx: Ctx, from: From, headers: HeaderMap, body: Bytes) -> Result<Response, Failure> {
    let texting = ctx.plugged::<Texting>();
    let Some(terms) = texting.terms() else { return Err(Failure::NotFound) };
    let shown = secret_of(&headers).unwrap_or_default();
    // Compared as keyed hashes, which tells nobody how much of it was right.
    let hash = |secret: &str| ctx.keep.blind("text_stop", "secret", secret);
    if shown.is_empty() || hash(&shown) != hash(&terms.secret) {
        ctx.plugged::<Limits>().take(&from, ctx.now)?;
        return Err(Failure::NotFound);
    }
    let heard = read(&headers, body).await.ok_or(Failure::BadInput)?;
    let number = texting.sender(&heard.from).ok_or(Failure::BadInput)?;
    if let Some(wish) = wish(&heard.text) {
        follow(&ctx, &texting, &number, wish).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn follow(ctx: &Ctx, texting: &Texting, number: &str, wish: Wish) -> Result<(), Failure> {
    let mut tx = ctx.keep.begin().await?;
    let owner = texts::last_owner(&mut tx, &ctx.keep, number).await?;
    let patient = match owner {
        Some(Owner::Patient(patient)) => Some(patient),
        Some(Owner::Practice) | None => None,
    };
    let access = decide(&Principal::System, &Facts { patient, ..Facts::default() }, Act::HearReply)
        .map_err(|_| KeepError::Proof)?;
    // A STOP is confirmed once (47 CFR 64.1200(a)(12)), however often a gateway brings it.
    let (key, is_new) = match wish {
        Wish::Stop => ("mail-text-stopped", tx.stop_texts(number).await?),
        Wish::Start => ("mail-text-started", tx.start_texts(number).await?),
        Wish::Help => ("mail-text-help", true),
    };
    let (now, house) = (tx.now(), tx.settings().house_rules.clone());
    if is_new && tx.may_answer(number).await? && texting.is_open(&mut tx, &house, now).await? {
        let (lang, phrase) = match patient {
            Some(patient) => match patients::contact(&mut tx, &access, patient).await {
                Ok(contact) => {
                    let theirs = contact.phone.as_ref().and_then(|phone| texting.number(phone.reveal()));
                    (contact.lang, contact.check_phrase.filter(|_| theirs.as_deref() == Some(number)))
                }
                // Whatever became of their words, the STOP holds.
                Err(_) => (patients::lang_of(&mut tx, patient).await?, None),
            },
            None => (Lang::En, None),
        };
        let face = &ctx.settings.face;
        super::gate::post_answer(
            &mut tx,
            (number, key, phrase.as_ref()),
            (texting.name(face), face),
            &ctx.words.in_lang(lang),
        )
        .await?;
    }
    let object = Object::of("texts", "");
    let object = patient.map_or(object.clone(), |patient| object.patient(patient));
    let said = match wish {
        Wish::Stop => "stop",
        Wish::Start => "start",
        Wish::Help => "help",
    };
    tx.commit(&access, Entry::new(object).detail("said", said)).await?;
    Ok(())
}

/// `Bearer SECRET`, or the password of `Basic`: gateways know one or the other.
fn secret_of(headers: &HeaderMap) -> Option<String> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = shown.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().to_owned()),
        "basic" => {
            let plain = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            Some(plain.split_once(':')?.1.to_owned())
        }
        _ => None,
    }
}

async fn read(headers: &HeaderMap, body: Bytes) -> Option<Heard> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        return serde_json::from_slice(&body).ok();
    }
    let form = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = Form::<Heard>::from_request(form.body(Body::from(body)).ok()?, &()).await;
    form.ok().map(|Form(heard)| heard)
}

/// The words that CTIA's guide and the FCC's rule of 2024 name (47 CFR 64.1200(a)(10)(i)), and Spanish ones.
/// A STOP is heard in whatever goes on behind it; a START is that word alone, for it asks for something.
fn wish(text: &str) -> Option<Wish> {
    let text = text.to_uppercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        ["PLEASE", rest @ ..] | ["POR", "FAVOR", rest @ ..] => rest,
        all => all,
    };
    let words = match words {
        [rest @ .., "PLEASE"] | [rest @ .., "POR", "FAVOR"] => rest,
        all => all,
    };
    match words {
        ["OPT", "OUT", ..] => Some(Wish::Stop),
        ["NO", "MORE", "TEXTS" | "MESSAGES", ..] => Some(Wish::Stop),
        ["NO", "MAS" | "MÁS", "TEXTOS" | "MENSAJES", ..] => Some(Wish::Stop),
        [
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" | "ALTO"
            | "PARAR" | "PARE" | "CANCELAR" | "BAJA",
            ..,
        ] => Some(Wish::Stop),
        ["START" | "UNSTOP" | "ALTA" | "INICIAR"] => Some(Wish::Start),
        ["HELP" | "INFO" | "AYUDA", ..] => Some(Wish::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_count() {
        for (text, expected) in [
            ("STOP", Some(Wish::Stop)),
            (" stop. please", Some(Wish::Stop)),
            ("Alto", Some(Wish::Stop)),
            ("start", Some(Wish::Start)),
            ("¿Ayuda?", Some(Wish::Help)),
            ("OPT OUT", Some(Wish::Stop)),
            ("opt-out of all this", Some(Wish::Stop)),
            ("Please stop", Some(Wish::Stop)),
            ("Por favor, pare", Some(Wish::Stop)),
            ("No more texts!", Some(Wish::Stop)),
            ("No más mensajes", Some(Wish::Stop)),
            ("Start, please", Some(Wish::Start)),
            ("Start over at three?", None),
            ("Yes, thanks, I will call", None),
            ("YES", None),
            ("No more pain", None),
            ("please", None),
            ("Stopping by at three", None),
            ("I want to stop my tablets", None),
            ("", None),
        ] {
            assert_eq!(wish(text), expected, "{text}");
        }
    }
}
