//! The first account of a practice: its owner, whose link is printed where the practice was made.
//!
//! Refuses a second first owner, and a new link once the owner has signed in: from then on the way back is a
//! saved code or two colleagues.

use super::store::{self, NewPerson, State};
use crate::enrolments::{self, JOIN_MS, Purpose};
use crate::grants::{Given, Kind};
use crate::proofs;
use keep::{KeepError, Tx};
use vocabulary::{Lang, PersonId, Role, Roles, Secret};

/// Gives the owner and the secret of their link.
pub async fn first_owner(
    tx: &mut Tx,
    (name, email): (&str, &str),
    lang: Lang,
) -> Result<(PersonId, Secret), KeepError> {
    if !store::list(tx).await?.is_empty() {
        return Err(KeepError::Conflict);
    }
    let roles = Roles::NONE.with(Role::Owner).with(Role::Administrator);
    let opened = Given { kind: Kind::Opened, roles, approver: None, why: "" };
    let new = NewPerson { name, credentials: "", licensed_in: "", roles, lang };
    let person = store::add_as(tx, &new, State::Invited, &opened).await?;
    proofs::give_name(tx, person, email).await?;
    Ok((person, issue(tx, person).await?))
}

/// A new link for the owner who was invited and never came; the one before opens nothing any more.
pub async fn link_for_owner(tx: &mut Tx) -> Result<Option<(PersonId, Secret)>, KeepError> {
    let people = store::list(tx).await?;
    let waits = |one: &&store::Person| one.roles.has(Role::Owner) && one.state == State::Invited;
    let Some(owner) = people.iter().find(waits) else { return Ok(None) };
    Ok(Some((owner.id, issue(tx, owner.id).await?)))
}

async fn issue(tx: &mut Tx, person: PersonId) -> Result<Secret, KeepError> {
    let span = (tx.now(), tx.now().plus_ms(JOIN_MS));
    enrolments::issue(tx, person, Purpose::Join, span).await
}
