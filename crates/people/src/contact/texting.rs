//! Whether texts leave this house at all: one place decides, for the gate that writes and the carrier that
//! sends. Off until the configuration names a gateway, the house rules say yes, and the vendor that runs it
//! is active today.

use crate::provider::Agreement;
use keep::{Conn, KeepError};
use policy::HouseRules;
use vocabulary::UnixMillis;
use zeroize::Zeroizing;

/// What the configuration says of the gateway. Holds a secret, so it has no `Debug`.
pub struct Terms {
    /// What texts call the practice; empty: its name.
    pub name: String,
    /// Calling code of numbers that are written without one.
    pub country: String,
    /// What the gateway shows when it brings us an answer.
    pub secret: Zeroizing<String>,
}

/// Plugged into the site: `ctx.plugged::<Texting>()`.
#[derive(Default)]
pub struct Texting {
    terms: Option<Terms>,
    agreement: Option<Box<dyn Agreement>>,
}

/// No texts.
pub static OFF: Texting = Texting { terms: None, agreement: None };

impl Texting {
    /// `agreement` is absent for a gateway on the practice's own machine.
    pub fn new(terms: Terms, agreement: Option<Box<dyn Agreement>>) -> Texting {
        Texting { terms: Some(terms), agreement }
    }

    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    pub async fn is_open(
        &self,
        conn: &mut Conn,
        house: &HouseRules,
        now: UnixMillis,
    ) -> Result<bool, KeepError> {
        match (&self.terms, &self.agreement) {
            (Some(_), Some(agreement)) if house.send_sms => agreement.in_force(conn, now).await,
            (Some(_), None) => Ok(house.send_sms),
            _ => Ok(false),
        }
    }

    /// As carriers want it; none when no text can go there.
    pub fn number(&self, typed: &str) -> Option<String> {
        keep::outbox::texts::number(typed, self.terms.as_ref().map_or("1", |terms| &terms.country))
    }

    /// The number an answer came from.
    pub fn sender(&self, typed: &str) -> Option<String> {
        keep::outbox::texts::sender(typed, self.terms.as_ref().map_or("1", |terms| &terms.country))
    }

    /// What texts call the practice.
    pub fn name<'a>(&'a self, face: &'a keep::Face) -> &'a str {
        match &self.terms {
            Some(terms) if !terms.name.is_empty() => &terms.name,
            _ => &face.name,
        }
    }
}
