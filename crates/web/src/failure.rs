//! What went wrong, as a person reads it: a sentence, what to do, and an incident to name on the phone.
//!
//! A handler returns a `Failure`; `armour` draws it in the reader's language, as a page or as RFC 9457 JSON.
//! What is absent and what is forbidden look the same (404). Causes go to the log, never to the page.

use crate::Words;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keep::KeepError;
use policy::Refusal;
use serde::Serialize;
use std::sync::Arc;
use vocabulary::IncidentId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody is signed in. A page of the practice leads to `/sign-in`, a guest's page back to the
    /// invitation.
    SignIn,
    /// A guest must first prove the second fact.
    SecondFact,
    /// Allowed, once the person has proven again who they are: a page leads to `/sign-in/again` and back.
    ProveAgain,
    /// The practice is being set up; the owner finishes that first. A page leads to `/set-up`.
    SetUpFirst,
    /// Absent or forbidden: the reader cannot tell which.
    NotFound,
    /// What was sent cannot be read.
    BadInput,
    /// The form belongs to a session that is over.
    StaleForm,
    /// The request came from another site.
    OtherSite,
    WrongMethod,
    WrongKind,
    TooLarge,
    /// Somebody else changed it first.
    Changed,
    TooMany {
        retry_after_s: u64,
    },
    Busy,
    /// A slice's own refusal: the words `{code}` (title) and `{code}-detail` (what to do).
    Told {
        status: StatusCode,
        code: &'static str,
    },
    /// Our fault. The cause is for the log and holds no value a person entered.
    Broken {
        cause: String,
    },
}

/// RFC 9457 fields, the same on pages and on the socket.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// `urn:alcove:` and the stable code.
    pub r#type: String,
    pub title: String,
    pub detail: String,
    pub status: u16,
    pub incident: String,
}

impl Failure {
    /// A refusal with its own words: `Failure::told(StatusCode::GONE, "invitation-over")`.
    pub fn told(status: StatusCode, code: &'static str) -> Failure {
        Failure::Told { status, code }
    }

    pub fn broken(cause: impl Into<String>) -> Failure {
        Failure::Broken { cause: cause.into() }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Failure::SignIn | Failure::SecondFact | Failure::ProveAgain => StatusCode::UNAUTHORIZED,
            Failure::SetUpFirst => StatusCode::CONFLICT,
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::BadInput | Failure::StaleForm => StatusCode::BAD_REQUEST,
            Failure::OtherSite => StatusCode::FORBIDDEN,
            Failure::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Failure::WrongKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::Changed => StatusCode::CONFLICT,
            Failure::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Told { status, .. } => *status,
            Failure::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code, also the key of its title; `{code}-detail` says what to do.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::SignIn => "failure-sign-in",
            Failure::SecondFact => "failure-second-fact",
            Failure::ProveAgain => "failure-prove-again",
            Failure::SetUpFirst => "failure-set-up",
            Failure::NotFound => "failure-not-found",
            Failure::BadInput => "failure-bad-input",
            Failure::StaleForm => "failure-stale-form",
            Failure::OtherSite => "failure-other-site",
            Failure::WrongMethod => "failure-wrong-method",
            Failure::WrongKind => "failure-wrong-kind",
            Failure::TooLarge => "failure-too-large",
            Failure::Changed => "failure-changed",
            Failure::TooMany { .. } => "failure-too-many",
            Failure::Busy => "failure-busy",
            Failure::Told { code, .. } => code,
            Failure::Broken { .. } => "failure-broken",
        }
    }

    pub fn problem(&self, words: &Words, incident: IncidentId) -> Problem {
        let code = self.code();
        Problem {
            r#type: format!("urn:alcove:{code}"),
            title: words.t(code),
            detail: words.t(&format!("{code}-detail")),
            status: self.status().as_u16(),
            incident: incident.short(),
        }
    }

    /// What a bare status from the framework means to a person.
    pub(crate) fn from_status(status: StatusCode) -> Failure {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Failure::WrongMethod,
            StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::WrongKind,
            StatusCode::TOO_MANY_REQUESTS => Failure::TooMany { retry_after_s: 60 },
            // An address with an id that is none is an address of nothing.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => Failure::NotFound,
            status if status.is_client_error() => Failure::BadInput,
            status => Failure::broken(format!("the framework answered {}", status.as_u16())),
        }
    }
}

/// Rides on a bare response until `armour` draws it.
#[derive(Clone)]
pub(crate) struct Untold(pub(crate) Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Untold(Arc::new(self)));
        response
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        match refusal {
            Refusal::SignIn => Failure::SignIn,
            Refusal::SecondFact => Failure::SecondFact,
            _ => Failure::NotFound,
        }
    }
}

impl From<KeepError> for Failure {
    fn from(error: KeepError) -> Failure {
        match error {
            KeepError::Conflict => Failure::Changed,
            KeepError::NotFound | KeepError::Proof | KeepError::Shredded => Failure::NotFound,
            KeepError::Busy => Failure::Busy,
            KeepError::TooLarge(_) => Failure::TooLarge,
            other => Failure::broken(other.to_string()),
        }
    }
}
