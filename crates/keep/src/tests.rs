//! Journeys through the whole crate: what slices rely on.

use crate::testing::{self, TempFolder};
use crate::trail::{self, Search};
use crate::*;
use policy::{Access, Act, Facts, decide};
use std::path::Path;
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{Entropy, PatientId, PersonId, Principal, Relation, Relations, Role, Roles, SessionId, UnixMillis};

pub(crate) const NOTES: Schema = Schema {
    owner: "notes",
    steps: &[Step {
        number: 1,
        name: "first",
        sql: "CREATE TABLE note (
                id TEXT PRIMARY KEY, -- plain: random id
                version BIGINT NOT NULL, -- plain: optimistic version
                body BYTEA NOT NULL, -- sealed: what was written, as long as the chart
                tag BYTEA UNIQUE -- blind: exact match
              );",
    }],
};

pub(crate) fn system() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

pub(crate) fn clinician(entropy: &dyn Entropy, patient: PatientId, act: Act) -> Access {
    let who = Principal::Staff {
        person: PersonId::new(UnixMillis(1), entropy),
        session: SessionId::new(UnixMillis(1), entropy),
        roles: Roles::NONE.with(Role::Clinician),
    };
    let relations = Relations::NONE.with(Relation::CareTeam);
    decide(&who, &Facts { relations, patient: Some(patient), ..Facts::default() }, act).unwrap()
}

pub(crate) fn patient(keep: &Keep) -> PatientId {
    PatientId::new(keep.clock().now(), keep.entropy())
}

pub(crate) fn body<'a>(row: &'a str, version: i64, owner: Owner) -> Place<'a> {
    Place { table: "note", column: "body", row, version, owner }
}

/// Writes one note and commits it.
pub(crate) async fn write(keep: &Keep, row: &str, owner: Owner, text: &str) -> Result<u64, KeepError> {
    let mut tx = keep.begin().await?;
    let sealed = tx.seal_text(&body(row, 1, owner), text)?;
    tx.run("INSERT INTO note (id, version, body) VALUES ($1, 1, $2)", args![row, sealed]).await?;
    tx.commit(&system(), Entry::new(Object::of("note", row)).detail("words", "1")).await
}

#[tokio::test]
async fn what_was_committed_is_read_back_and_opens_in_its_place() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let patient = patient(&keep);
    write(&keep, "n1", Owner::Patient(patient), "asthma").await.unwrap();
    let access = clinician(keep.entropy(), patient, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", patient.text())).await.unwrap();
    let row = viewing.row("SELECT body FROM note WHERE id = $1", args!["n1"]).await.unwrap().unwrap();
    let text = viewing.unseal_text(&access, &body("n1", 1, Owner::Patient(patient)), row.blob("body").unwrap());
    assert_eq!(text.unwrap().reveal(), "asthma");
}
