//! What can go wrong in keeping, told apart as far as a caller can act on it. Engine errors never leave this
//! crate: they are logged once under an incident id, without any bound value.

use vocabulary::{Clock, Entropy, IncidentId};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// A uniqueness rule or an optimistic version stood in the way.
    #[error("somebody else changed this first, or it exists already: load it again")]
    Conflict,
    #[error("there is no such thing here")]
    NotFound,
    #[error("the store is busy: try again in a moment")]
    Busy,
    /// The proof is for another patient than the value.
    #[error("this proof does not cover that patient")]
    Proof,
    /// A sealed value is damaged, or is not in the place it was sealed for.
    #[error("a sealed value does not belong to its place")]
    Sealed,
    /// The key of this value was destroyed on purpose. Nobody can open it, and nothing new is sealed for its
    /// owner.
    #[error("this was shredded: nobody can open it any more")]
    Shredded,
    /// A bound named in the message was passed.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// A mistake in the code that called: the message names the column or rule.
    #[error("the code asked for something the store does not hold: {0}")]
    Shape(&'static str),
    /// Opening failed; the message says what to change.
    #[error("{0}")]
    Setup(String),
    /// Anything else, logged once under this id.
    #[error("the store failed; the log knows more under this incident")]
    Broken(IncidentId),
}

/// Logs `what` once and gives the error that names the incident. `what` must hold no bound value.
pub(crate) fn broken(clock: &dyn Clock, entropy: &dyn Entropy, what: &str) -> KeepError {
    let incident = IncidentId::new(clock.now(), entropy);
    tracing::error!(incident = incident.short(), what, "the store failed");
    KeepError::Broken(incident)
}
