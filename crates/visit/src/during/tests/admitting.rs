//! Who is let in from the lobby, and who not any more.

use super::house::{Guest, House, Meeting, furnish};
use crate::before::consent::{Scope, bind_state, leave_coming_visits};
use crate::before::rules::ParticipantState as S;
use crate::before::store::load_visit;
use keep::{Entry, Object, Tx, args};
use people::licences::rules::New;
use people::{sessions, staff};
use policy::Act;
use serde_json::json;
use vocabulary::{ConsentId, Lang, ParticipantId, PatientId, PersonId, Role, Roles};

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

/// R88 (part: from the lobby into the room): a licence that ended while the patient waited lets nobody in,
/// the host is told so, and the trail keeps the refusal; once the host has decided to go on, it does.
#[tokio::test]
async fn nobody_is_admitted_from_a_state_that_no_licence_covers() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    licensed_for_a_second(&house, &meeting).await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut host = house.page(&meeting, meeting.host).await;
    host.next("queue").await;
    let whom = json!({ "participant": meeting.patient.id.text() });
    house.clock.advance_ms(1_000);
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "licence-missing-here");
    assert_eq!(house.state(meeting.patient.id).await, S::Waiting);
    assert!(house.acts().await.contains(&(Act::Admit.code().to_owned(), false)));
    host.say("admit", json!({ "participant": meeting.supporter.id.text() })).await;
    host.caught_up().await;
    assert_eq!(house.state(meeting.supporter.id).await, S::Admitted, "the licence is about the patient");
    goes_on_without(&house, &meeting).await;
    host.say("admit", whom).await;
    patient.next("admitted").await;
}

/// The patient waits in Massachusetts, and the clinician's licence for it ends in a second.
async fn licensed_for_a_second(house: &House, meeting: &Meeting) {
    let mut tx = house.keep.begin().await.unwrap();
    let visit = load_visit(&mut tx, meeting.visit).await.unwrap();
    let new = New { state: "MA", compact: None, ends_at: tx.now().plus_ms(1_000) };
    people::licences::add(&mut tx, (meeting.person, None), &new).await.unwrap();
    let sql = "INSERT INTO check_in (participant, state, version) VALUES ($1, 'MA', 1)";
    tx.run(sql, args![meeting.patient.id]).await.unwrap();
    bind_state(&mut tx, &visit, "MA").await.unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("licence", ""))).await.unwrap();
}

async fn goes_on_without(house: &House, meeting: &Meeting) {
    let mut tx = house.keep.begin().await.unwrap();
    let patient = load_visit(&mut tx, meeting.visit).await.unwrap().patient;
    tx.run(
        "INSERT INTO licence_override (id, patient, visit, state, clinician, reason, by_person, at)
         VALUES ('one', $1, $2, 'MA', $3, $4, $5, $6)",
        args![patient, meeting.visit, meeting.person, vec![0_u8], meeting.person, tx.now()],
    )
    .await
    .unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("visit", meeting.visit.text()))).await.unwrap();
}

async fn answered(house: &House, visit: vocabulary::VisitId, outcome: &str) {
    let mut tx = house.keep.begin().await.unwrap();
    let row = load_visit(&mut tx, visit).await.unwrap();
    answers(&mut tx, (row.patient, row.clinician), outcome).await;
    tx.commit(&furnish(), Entry::new(Object::of("consent", ""))).await.unwrap();
}

/// R63 (part: who waits): whose consent is taken back hears that they are out by no press of the practice,
/// and their own page, which says why, is where they go: also after a reload.
#[tokio::test]
async fn a_consent_taken_back_while_waiting_leads_to_their_own_page() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut tx = house.keep.begin().await.unwrap();
    let row = load_visit(&mut tx, meeting.visit).await.unwrap();
    leave_coming_visits(&mut tx, row.patient, row.clinician).await.unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("consent", ""))).await.unwrap();
    patient.next("left").await;
    patient.closed().await;
    assert_eq!(house.state(meeting.patient.id).await, S::Refused);
    let mut again = house.resumed(&patient.resume, None).await;
    assert_eq!(again.welcome["stage"], "left");
    again.closed().await;
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
    looked_at(&house, &meeting, (meeting.supporter.id, "failed")).await;
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "identity-failed");
    assert_eq!(house.state(meeting.supporter.id).await, S::Waiting);
    assert!(house.acts().await.contains(&(Act::Admit.code().to_owned(), false)));
    house.clock.advance_ms(1_000);
    looked_at(&house, &meeting, (meeting.supporter.id, "waived")).await;
    host.say("admit", whom).await;
    guest.next("admitted").await;
}

/// R83 (part: whoever is inside already): the page that writes down a failed check puts them out, and the
/// room follows: they hear that they wait again, and nobody in it sees or hears them any more.
#[tokio::test]
async fn whoever_failed_inside_is_in_the_lobby_again() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    looked_at(&house, &meeting, (meeting.patient.id, "failed")).await;
    house.steps_in(meeting.patient.id).await;
    patient.next("returned").await;
    patient.next("lobby").await;
    host.until("room", |room| room["people"].as_array().unwrap().len() == 1).await;
    host.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
    assert_eq!(host.problem().await, "identity-failed");
    assert_eq!(house.state(meeting.patient.id).await, S::Waiting);
}

/// R83 (part: the second look): before the host is there a deputy may see them again, alone; with the host in
/// the room they are outside.
#[tokio::test]
async fn a_deputy_alone_looks_again_and_the_host_meets_nobody_who_failed() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let (mut patient, mut guest) =
        (house.page(&meeting, meeting.patient).await, house.page(&meeting, meeting.supporter).await);
    let mut deputy = house.page(&meeting, deputy_of(&house, &meeting).await).await;
    deputy.next("queue").await;
    looked_at(&house, &meeting, (meeting.patient.id, "failed")).await;
    let whom = json!({ "participant": meeting.patient.id.text() });
    let other = json!({ "participant": meeting.supporter.id.text() });
    deputy.say("admit", other.clone()).await;
    guest.next("admitted").await;
    deputy.say("admit", whom.clone()).await;
    assert_eq!(deputy.problem().await, "one-until-host", "not beside somebody else");
    deputy.say("back_to_lobby", other).await;
    guest.next("returned").await;
    deputy.say("admit", whom.clone()).await;
    patient.next("admitted").await;
    let mut host = house.page(&meeting, meeting.host).await;
    patient.next("returned").await;
    assert_eq!(house.state(meeting.patient.id).await, S::Waiting);
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "identity-failed");
    deputy.say("admit", whom).await;
    assert_eq!(deputy.problem().await, "identity-failed", "the host is there");
}

/// A deputy who looked at somebody before the host was there cannot end what has not begun: the patient
/// stays, and the deputy's page stays usable. Once the host was there they may.
#[tokio::test]
async fn a_deputy_ends_nothing_before_the_host_was_there() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut deputy = house.page(&meeting, deputy_of(&house, &meeting).await).await;
    assert_eq!(deputy.next("room").await["since"], 0);
    deputy.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
    patient.next("admitted").await;
    deputy.say("end", json!({})).await;
    assert_eq!(deputy.problem().await, "visit-not-begun");
    assert_eq!(house.state(meeting.patient.id).await, S::Admitted);
    deputy.say("say", json!({ "text": "The doctor comes in a moment." })).await;
    deputy.caught_up().await;
    let _host = house.page(&meeting, meeting.host).await;
    deputy.until("room", |room| room["since"] != 0).await;
    deputy.say("end", json!({})).await;
    patient.next("ended").await;
}

/// Somebody of the desk, as deputy.
pub async fn deputy_of(house: &House, meeting: &Meeting) -> Guest {
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let roles = Roles::NONE.with(Role::Desk);
    let new = staff::NewPerson { name: "Dana Desk", credentials: "", licensed_in: "", roles, lang: Lang::En };
    let person = staff::add(&mut tx, &new).await.unwrap();
    let id = ParticipantId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO participant (id, visit, role, person, state, arrived_at, version)
         VALUES ($1, $2, 'deputy', $3, 'admitted', $4, 1)",
        args![id, meeting.visit, person, tx.now()],
    )
    .await
    .unwrap();
    let session = sessions::start_staff(&mut tx, &rules, person, sessions::How::Link).await.unwrap().session;
    tx.commit(&furnish(), Entry::new(Object::of("participant", ""))).await.unwrap();
    Guest { id, session }
}

pub async fn looked_at(house: &House, meeting: &Meeting, (whom, outcome): (ParticipantId, &str)) {
    let mut tx = house.keep.begin().await.unwrap();
    let row = load_visit(&mut tx, meeting.visit).await.unwrap();
    let id = vocabulary::IdentityCheckId::new(tx.now(), tx.entropy()).text();
    tx.run(
        "INSERT INTO identity_check (id, patient, visit, participant, outcome, level, flagged, facts,
             by_person, at) VALUES ($1, $2, $3, $4, $5, 'none', 0, $6, $7, $8)",
        args![&id, row.patient, meeting.visit, whom, outcome, vec![0_u8], meeting.person, tx.now()],
    )
    .await
    .unwrap();
    tx.hint(keep::Hint::Visit(meeting.visit));
    tx.commit(&furnish(), Entry::new(Object::of("participant", ""))).await.unwrap();
}
