//! Sign-in with an account that staff have elsewhere: OpenID Connect Core 1.0 by authorization code, with
//! PKCE (RFC 7636), a state bound to the browser, a nonce, and the check of who answers (RFC 9207).
//!
//! Owns the table `provider_login` and the pages `/sign-in/provider...` and `/me/provider...`. Refuses to
//! match people by a mail address: a member of staff who is signed in connects their account, once. Refuses
//! whoever proved no more there than a password, until our own code joins it. Keeps no token.

mod pages;
pub mod rules;
mod speak;
mod store;
#[cfg(test)]
mod tests;

pub use store::{connected, forget};

pub(crate) use pages::{at_the_door, way_out};
pub(crate) use store::used;

use crate::waiting::Waiting;
use keep::{BoxFuture, Conn, KeepError};
use policy::Act;
use speak::Known;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use vocabulary::{MINUTE_MS, PersonId, Secret, SessionId, UnixMillis};
use web::{Ctx, Routes, Rule};
use zeroize::Zeroizing;

pub fn routes() -> Routes {
    let (sign_in, change) = (Rule::Act(Act::SignIn), Rule::Act(Act::ChangeOwnProofs));
    Routes::new()
        .get("/sign-in/provider", sign_in, pages::go)
        .get("/sign-in/provider/back", sign_in, pages::back)
        .post("/sign-in/provider/code", sign_in, pages::code)
        .get("/me/provider", change, pages::connect)
        .post("/me/provider", change, pages::connected)
        .post("/me/provider/remove", change, pages::remove)
}

/// What the configuration says of the provider. Holds a password, so it has no `Debug`.
pub struct Terms {
    /// As its discovery document spells it: `https://id.example.org`.
    pub issuer: String,
    pub client: String,
    pub secret: Zeroizing<String>,
    /// What people call it: "Harbor account".
    pub name: String,
    /// Values of `amr` or `acr` that stand for more than a password (RFC 8176).
    pub proves_more: Vec<String>,
    /// Trust this authority alone (PEM) instead of those of this machine.
    pub ca: Option<PathBuf>,
}

/// Whether the practice may use a provider that somebody else runs: `alcove` asks the list of vendors.
pub trait Agreement: Send + Sync {
    fn in_force<'a>(&'a self, conn: &'a mut Conn, now: UnixMillis) -> BoxFuture<'a, Result<bool, KeepError>>;
}

/// Plugged into the site: `ctx.plugged::<Provider>()`. Without terms nothing of it is seen.
pub struct Provider {
    terms: Option<Terms>,
    agreement: Option<Box<dyn Agreement>>,
    known: Mutex<Option<Arc<Known>>>,
    /// One question to the provider at a time; when the last one failed.
    asking: tokio::sync::Mutex<Option<UnixMillis>>,
    open: Waiting<Stage>,
}

/// Where somebody is on the way.
enum Stage {
    Asked(Asked),
    /// The provider has said who it is, by a password alone.
    Half {
        person: PersonId,
        subject: Vec<u8>,
        back: String,
    },
    /// To be connected after one more press, in the session that asked.
    Named {
        person: PersonId,
        session: SessionId,
        subject: Vec<u8>,
    },
}

struct Asked {
    browser: Secret,
    nonce: String,
    verifier: String,
    purpose: Purpose,
}

#[derive(Clone)]
enum Purpose {
    SignIn { back: String },
    Connect { person: PersonId, session: SessionId },
}

impl Default for Provider {
    fn default() -> Provider {
        Provider {
            terms: None,
            agreement: None,
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            open: Waiting::for_ms(OPEN_MS),
        }
    }
}

impl Provider {
    /// `agreement` is absent for a provider on the practice's own machines.
    pub fn new(terms: Terms, agreement: Option<Box<dyn Agreement>>) -> Provider {
        Provider { terms: Some(terms), agreement, ..Provider::default() }
    }

    /// The terms, while the provider may be used.
    async fn offered(&self, ctx: &Ctx) -> Result<Option<&Terms>, KeepError> {
        match (&self.terms, &self.agreement) {
            (Some(terms), Some(agreement)) => {
                let mut conn = ctx.keep.read().await?;
                Ok(agreement.in_force(&mut conn, ctx.now).await?.then_some(terms))
            }
            (terms, _) => Ok(terms.as_ref()),
        }
    }
}

/// A person needs this long at most to sign in elsewhere.
const OPEN_MS: i64 = 10 * MINUTE_MS;
