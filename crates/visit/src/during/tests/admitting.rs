//! Who is let in from the lobby, and who not any more.

use super::house::{House, furnish};
use crate::before::consent::Scope;
use crate::before::rules::ParticipantState as S;
use keep::{Entry, Object, Tx, args};
use policy::Act;
use serde_json::json;
use vocabulary::{ConsentId, PatientId, PersonId};

/// The patient answers the telehealth consent to this clinician; the newest answer counts.
pub async fn answers(tx: &mut Tx, (patient, clinician): (PatientId, PersonId), outcome: &str) {
    let id = ConsentId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO consent (id, patient, number, clinician, scope, template, template_version, lang,
             outcome, method, for_minor, text_hash, at)
         VALUES ($1, $2, (SELECT count(*) + 1 FROM consent), $3, 'telehealth', 'telehealth', $4, 'en', $5,
             'electronic', 0, $6, $7)",
        args![id, patient, clinician, Scope::Telehealth.version(), outcome, vec![0_u8; 32], tx.now()],
    )
    .await
    .unwrap();
}

/// R58 (part: from the lobby into the room): a consent that was taken back while the patient waited lets
/// nobody in, the host is told so, and the trail keeps the refusal; signed again, it does.
#[tokio::test]
async fn nobody_is_admitted_on_a_consent_that_counts_no_more() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut host = house.page(&meeting, meeting.host).await;
    host.next("queue").await;
    let whom = json!({ "participant": meeting.patient.id.text() });
    answered(&house, meeting.visit, "withdrawn").await;
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "consent-missing");
    assert_eq!(house.state(meeting.patient.id).await, S::Waiting);
    assert!(house.acts().await.contains(&(Act::Admit.code().to_owned(), false)));
    host.say("admit", json!({ "participant": meeting.supporter.id.text() })).await;
    host.caught_up().await;
    assert_eq!(house.state(meeting.supporter.id).await, S::Admitted, "companions are asked for a promise");
    answered(&house, meeting.visit, "given").await;
    host.say("admit", whom).await;
    patient.next("admitted").await;
}

async fn answered(house: &House, visit: vocabulary::VisitId, outcome: &str) {
    let mut tx = house.keep.begin().await.unwrap();
    let row = crate::before::store::load_visit(&mut tx, visit).await.unwrap();
    answers(&mut tx, (row.patient, row.clinician), outcome).await;
    tx.commit(&furnish(), Entry::new(Object::of("consent", ""))).await.unwrap();
}

/// R83 (part: at the door of the room): whoever was checked and failed is not let in, the trail keeps the
/// refusal, and the host's decision opens the door again.
#[tokio::test]
async fn nobody_is_admitted_on_a_failed_check_of_who_they_are() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut guest = house.page(&meeting, meeting.supporter).await;
    let mut host = house.page(&meeting, meeting.host).await;
    host.next("queue").await;
    let whom = json!({ "participant": meeting.supporter.id.text() });
    looked_at(&house, &meeting, "failed").await;
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "identity-failed");
    assert_eq!(house.state(meeting.supporter.id).await, S::Waiting);
    assert!(house.acts().await.contains(&(Act::Admit.code().to_owned(), false)));
    house.clock.advance_ms(1_000);
    looked_at(&house, &meeting, "waived").await;
    host.say("admit", whom).await;
    guest.next("admitted").await;
}

async fn looked_at(house: &House, meeting: &super::house::Meeting, outcome: &str) {
    let mut tx = house.keep.begin().await.unwrap();
    let row = crate::before::store::load_visit(&mut tx, meeting.visit).await.unwrap();
    let id = vocabulary::IdentityCheckId::new(tx.now(), tx.entropy()).text();
    tx.run(
        "INSERT INTO identity_check (id, patient, visit, participant, outcome, level, flagged, facts,
             by_person, at) VALUES ($1, $2, $3, $4, $5, 'none', 0, $6, $7, $8)",
        args![
            &id,
            row.patient,
            meeting.visit,
            meeting.supporter.id,
            outcome,
            vec![0_u8],
            meeting.person,
            tx.now()
        ],
    )
    .await
    .unwrap();
    tx.hint(keep::Hint::Visit(meeting.visit));
    tx.commit(&furnish(), Entry::new(Object::of("participant", ""))).await.unwrap();
}
