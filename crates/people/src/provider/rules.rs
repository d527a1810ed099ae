//! What an identity token must say before anybody is believed (OpenID Connect Core 1.0 section 3.1.3.7).
//! Pure: time is an argument, and the signature was checked before.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use vocabulary::{SECOND_MS, UnixMillis};

/// Clocks of two machines differ.
pub const LEEWAY_S: i64 = 60;

/// An identity token's claims that anything here reads. Names somebody, so it has no `Debug`.
#[derive(Clone, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub azp: Option<String>,
    /// Seconds since 1970.
    pub exp: i64,
    /// Seconds since 1970.
    pub iat: i64,
    pub nonce: Option<String>,
    /// When the person was asked there, seconds since 1970.
    pub auth_time: Option<i64>,
    #[serde(default)]
    pub amr: Vec<String>,
    pub acr: Option<String>,
    pub email: Option<String>,
    /// Some providers write it as a word.
    pub email_verified: Option<serde_json::Value>,
    pub preferred_username: Option<String>,
}

impl Claims {
    /// Whose account it is, for the person to read: a mail address only when the provider has verified it,
    /// since anybody may type a colleague's into their own profile.
    pub fn account(&self) -> &str {
        let verified = self.email_verified.as_ref().is_some_and(|it| *it == true || *it == "true");
        let email = self.email.as_deref().filter(|_| verified);
        let name = email.or(self.preferred_username.as_deref()).filter(|name| !name.trim().is_empty());
        name.unwrap_or(&self.sub)
    }
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    /// The person was asked there no longer ago than this.
    pub max_age_s: i64,
}

/// What is wrong with a token; its code stands in the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrue {
    Issuer,
    Audience,
    Expired,
    Early,
    Nonce,
    Stale,
    Subject,
}

impl Untrue {
    pub fn code(self) -> &'static str {
        match self {
            Untrue::Issuer => "issuer",
            Untrue::Audience => "audience",
            Untrue::Expired => "expired",
            Untrue::Early => "early",
            Untrue::Nonce => "nonce",
            Untrue::Stale => "stale",
            Untrue::Subject => "subject",
        }
    }
}

pub fn check(claims: &Claims, expected: &Expected<'_>, now: UnixMillis) -> Result<(), Untrue> {
    let now_s = now.0.div_euclid(SECOND_MS);
    let for_us = match &claims.aud {
        Audience::One(client) => client == expected.client,
        Audience::Many(clients) => clients.iter().any(|client| client == expected.client),
    };
    let several = matches!(&claims.aud, Audience::Many(clients) if clients.len() > 1);
    let party = claims.azp.as_deref();
    let refusals = [
        (claims.iss != expected.issuer, Untrue::Issuer),
        (!for_us || (several && party.is_none()), Untrue::Audience),
        (party.is_some_and(|party| party != expected.client), Untrue::Audience),
        (claims.exp.saturating_add(LEEWAY_S) <= now_s, Untrue::Expired),
        (claims.iat > now_s.saturating_add(LEEWAY_S), Untrue::Early),
        (claims.nonce.as_deref() != Some(expected.nonce), Untrue::Nonce),
        (claims.sub.is_empty() || claims.sub.len() > SUBJECT_MAX, Untrue::Subject),
        (
            claims
                .auth_time
                .is_none_or(|at| at.saturating_add(expected.max_age_s).saturating_add(LEEWAY_S) < now_s),
            Untrue::Stale,
        ),
    ];
    match refusals.into_iter().find(|(wrong, _)| *wrong) {
        Some((_, why)) => Err(why),
        None => Ok(()),
    }
}

/// Whether the provider says it saw more than a password.
pub fn proves_more(claims: &Claims, accepted: &[String]) -> bool {
    let said = claims.amr.iter().chain(&claims.acr);
    said.into_iter().any(|value| accepted.contains(value))
}

/// `S256` of a verifier (RFC 7636 section 4.2).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

/// What is looked up for a subject: two providers may call two people the same.
pub fn subject(issuer: &str, sub: &str) -> String {
    format!("{issuer} {sub}")
}

/// Section 2 of the same: "MUST NOT exceed 255 ASCII characters".
const SUBJECT_MAX: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);
    const NOW_S: i64 = NOW.0 / SECOND_MS;

    fn claims() -> Claims {
        Claims {
            iss: "https://id.example.org".into(),
            sub: "7f3a".into(),
            aud: Audience::One("alcove".into()),
            azp: None,
            exp: NOW_S + 300,
            iat: NOW_S,
            nonce: Some("once".into()),
            auth_time: Some(NOW_S),
            amr: vec!["pwd".into(), "otp".into(), "mfa".into()],
            acr: None,
            email: None,
            email_verified: None,
            preferred_username: None,
        }
    }

    fn verdict(change: impl FnOnce(&mut Claims)) -> Result<(), Untrue> {
        let mut claims = claims();
        change(&mut claims);
        let expected =
            Expected { issuer: "https://id.example.org", client: "alcove", nonce: "once", max_age_s: 900 };
        check(&claims, &expected, NOW)
    }

    #[test]
    fn a_token_counts_for_its_own_question_its_own_client_and_its_own_time() {
        assert_eq!(verdict(|_| {}), Ok(()));
        assert_eq!(verdict(|it| it.iss.push('/')), Err(Untrue::Issuer));
        assert_eq!(verdict(|it| it.aud = Audience::One("other".into())), Err(Untrue::Audience));
        let both = || Audience::Many(vec!["other".into(), "alcove".into()]);
        assert_eq!(verdict(|it| it.aud = both()), Err(Untrue::Audience), "for whom of the two?");
        let party = |party: &str| {
            let party = Some(party.to_owned());
            verdict(|it| (it.aud, it.azp) = (both(), party))
        };
        assert_eq!((party("alcove"), party("other")), (Ok(()), Err(Untrue::Audience)));
        assert_eq!(verdict(|it| it.nonce = Some("twice".into())), Err(Untrue::Nonce));
        assert_eq!(verdict(|it| it.nonce = None), Err(Untrue::Nonce));
        assert_eq!(verdict(|it| it.sub.clear()), Err(Untrue::Subject));
        assert_eq!(verdict(|it| it.auth_time = None), Err(Untrue::Stale), "we asked for it");
    }

    /// Just before, at, and well after each limit.
    #[test]
    fn every_limit_of_time_is_kept_to_the_second() {
        let expires = |late: i64| verdict(|it| it.exp = NOW_S - LEEWAY_S + 1 - late);
        assert_eq!((expires(0), expires(1)), (Ok(()), Err(Untrue::Expired)));
        assert_eq!(verdict(|it| it.exp = i64::MIN), Err(Untrue::Expired));
        let made = |early: i64| verdict(|it| it.iat = NOW_S + LEEWAY_S + early);
        assert_eq!((made(0), made(1)), (Ok(()), Err(Untrue::Early)));
        let asked = |late: i64| verdict(|it| it.auth_time = Some(NOW_S - 900 - LEEWAY_S - late));
        assert_eq!((asked(0), asked(1)), (Ok(()), Err(Untrue::Stale)));
    }

    #[test]
    fn an_account_is_called_by_what_its_owner_cannot_have_made_up() {
        let called = |email: Option<&str>, verified: Option<bool>, name: Option<&str>| {
            let claims = Claims {
                email: email.map(str::to_owned),
                email_verified: verified.map(Into::into),
                preferred_username: name.map(str::to_owned),
                ..claims()
            };
            claims.account().to_owned()
        };
        assert_eq!(called(Some("theo@harbor.example"), Some(true), Some("theo")), "theo@harbor.example");
        assert_eq!(called(Some("theo@harbor.example"), Some(false), Some("theo")), "theo");
        assert_eq!(called(Some("theo@harbor.example"), None, None), "7f3a", "never nobody");
    }

    #[test]
    fn a_password_alone_proves_no_more() {
        let accepted = ["mfa".to_owned(), "phr".to_owned()];
        let with = |amr: &[&str], acr: Option<&str>| {
            let amr = amr.iter().map(|one| (*one).to_owned()).collect();
            proves_more(&Claims { amr, acr: acr.map(str::to_owned), ..claims() }, &accepted)
        };
        assert!(with(&["pwd", "mfa"], None) && with(&[], Some("phr")));
        assert!(!with(&["pwd"], None) && !with(&[], None) && !with(&["pwd", "otp"], Some("0")));
    }

    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "RFC 7636 B");
    }
}
