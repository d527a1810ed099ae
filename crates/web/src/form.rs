//! Forms: bounded, with the token that ties them to the session that got the page.
//!
//! `armour` has already refused what comes from another site. The token covers browsers that send neither
//! `Sec-Fetch-Site` nor a usable `Origin`.

use crate::{Ctx, Failure, Site};
use aws_lc_rs::hmac;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

/// The name of the hidden field.
pub(crate) const TOKEN_FIELD: &str = "form_token";

/// An HTML form of at most 256 KiB with a valid token.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Form<T>, Failure> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::of(site, &mut parts).await?;
        if !is_form(&parts.headers) {
            return Err(Failure::BadInput);
        }
        let again = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(again, site).await.map_err(|_| Failure::TooLarge)?;
        if !token_matches(&bytes, &ctx.form_token()) {
            return Err(Failure::StaleForm);
        }
        let whole = Request::from_parts(parts, Body::from(bytes));
        match axum::Form::<T>::from_request(whole, site).await {
            Ok(axum::Form(form)) => Ok(Form(form)),
            Err(_) => Err(Failure::BadInput),
        }
    }
}

/// HMAC-SHA-256 over the purpose, under the session's key: nothing to store, gone with the session.
pub fn form_token(form_key: &[u8; 32]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, form_key), b"form");
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is wrong with a form, field by field, for the page that shows it again.
///
/// `faults.add("when", ctx.words.t("book-when-past"))`, then `faults.of("when")` in the template.
/// `f::summary` lists them with links to the fields.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    pub fn add(&mut self, field: &'static str, sentence: String) {
        self.0.push((field, sentence));
    }

    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The sentence for one field, empty when it is right.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| *name == field).map_or("", |(_, sentence)| sentence)
    }

    pub fn list(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

fn is_form(headers: &axum::http::HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The token is hexadecimal, so it arrives without percent-encoding.
fn token_matches(body: &[u8], expected: &str) -> bool {
    let prefix = format!("{TOKEN_FIELD}=");
    body.split(|byte| *byte == b'&')
        .filter_map(|pair| pair.strip_prefix(prefix.as_bytes()))
        .any(|given| is_token(given, expected))
}

pub(crate) fn is_token(given: &[u8], expected: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(given, expected.as_bytes()).is_ok()
}
