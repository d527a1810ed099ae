//! Two entries of one person, from the list to the one chart, and back.

use super::rules::UNDO_MS;
use super::{formerly, leads_to};
use crate::sessions::{How, start_patient};
use crate::testing::{Browser, CANARY, House, system};
use crate::{care_team, patients};
use keep::{Entry, Object, args};
use vocabulary::{DAY_MS, MINUTE_MS, PatientId, PersonId, Role};

const WHY: &str = "asked by phone, spelled wrong when booked";

async fn desk(house: &House) -> Browser {
    let person = house.hire(&[Role::Desk]).await;
    house.signed_in(person).await
}

async fn two(house: &House) -> (PatientId, PatientId) {
    (house.patient_named("Maria Lopez").await, house.patient_named("Maria Lopes").await)
}

async fn on_the_team(house: &House, patient: PatientId, person: PersonId) {
    let mut tx = house.keep.begin().await.unwrap();
    let until = tx.now().plus_ms(90 * DAY_MS);
    care_team::put(&mut tx, patient, person, person, until).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("care_team", ""))).await.unwrap();
}

async fn merge(desk: &mut Browser, (gone, stays): (PatientId, PatientId)) -> web::testing::Answer {
    let path = format!("/patients/alike/{}/{}", gone.text(), stays.text());
    desk.submit(&path, &path, &[("stays", &stays.text()), ("why", WHY)]).await
}

#[tokio::test]
async fn two_entries_of_one_person_become_one_chart() {
    let house = House::open().await;
    let (gone, stays) = two(&house).await;
    let doctor = house.hire(&[Role::Clinician]).await;
    on_the_team(&house, gone, doctor).await;
    let mut desk = desk(&house).await;
    let list = desk.get("/patients/alike").await.text;
    assert!(list.contains("Maria Lopez") && list.contains("Maria Lopes"));
    let path = format!("/patients/alike/{}/{}", gone.text(), stays.text());
    let shown = desk.get(&path).await.text;
    assert!(
        shown.contains("555-010-0142") && !shown.contains(&format!("blue {CANARY}")),
        "contact data alone"
    );
    let bare = desk.submit(&path, &path, &[("stays", ""), ("why", "short")]).await;
    assert_eq!(bare.status, 422);
    assert!(
        bare.text.contains("Choose which entry stays.") && bare.text.contains("Write 10 to 500 letters.")
    );
    assert_eq!(merge(&mut desk, (gone, stays)).await.location(), "/patients/alike?done=merged");

    let mut conn = house.keep.read().await.unwrap();
    assert_eq!(leads_to(&mut conn, gone).await.unwrap(), Some(stays));
    assert_eq!(formerly(&mut conn, stays).await.unwrap(), [gone]);
    drop(conn);
    let mut theirs = house.signed_in(doctor).await;
    let old = theirs.get(&format!("/patients/{}", gone.text())).await;
    assert_eq!(old.location(), format!("/patients/{}", stays.text()), "the old address leads to it");
    assert!(theirs.get(old.location()).await.text.contains("Maria Lopes"), "the team moved along");
    let stranger = house.hire(&[Role::Administrator]).await;
    let refused = house.signed_in(stranger).await.get(&format!("/patients/{}", gone.text())).await;
    assert_eq!(refused.status, 404, "who may open neither learns nothing");
    let found = desk.submit("/patients", "/patients", &[("name", "Maria")]).await.text;
    assert!(found.contains("Maria Lopes") && !found.contains("Maria Lopez"), "one entry is left");
    assert!(!desk.get("/patients/alike").await.text.contains("Maria Lopez"));
    assert_eq!(desk.get(&path).await.status, 404, "once");
    for id in [gone, stays] {
        assert!(house.acts(Some(id)).await.contains(&"patient.merge done".to_owned()), "under both");
    }
    let names = patients::Names::build(&house.keep).await.unwrap();
    assert!(names.patient(&system(), gone).is_none() && names.patient(&system(), stays).is_some());
}

#[tokio::test]
async fn a_merge_is_taken_back_for_a_while() {
    let house = House::open().await;
    let (gone, stays) = two(&house).await;
    let doctor = house.hire(&[Role::Clinician]).await;
    on_the_team(&house, gone, doctor).await;
    let mut desk = desk(&house).await;
    merge(&mut desk, (gone, stays)).await;
    let list = desk.get("/patients/alike").await.text;
    assert!(list.contains(WHY));
    let (_, rest) = list.split_once("/patients/merges/").unwrap();
    let undo = format!("/patients/merges/{}/undo", rest.split('/').next().unwrap());
    assert_eq!(desk.submit("/patients/alike", &undo, &[]).await.location(), "/patients/alike?done=undone");
    let mut theirs = house.signed_in(doctor).await;
    assert!(theirs.get(&format!("/patients/{}", gone.text())).await.text.contains("Maria Lopez"));
    let other = theirs.get(&format!("/patients/{}", stays.text())).await.text;
    assert!(!other.contains("Maria Lopes"), "not theirs any more");
    let mut conn = house.keep.read().await.unwrap();
    let now = house.keep.clock().now();
    assert!(!care_team::is_member(&mut conn, stays, doctor, now).await.unwrap(), "only of the one again");
    drop(conn);
    assert!(desk.get("/patients/alike").await.text.contains("Maria Lopez"), "asked again");
    assert_eq!(desk.submit("/patients/alike", &undo, &[]).await.status, 404, "once");

    merge(&mut desk, (gone, stays)).await;
    let list = desk.get("/patients/alike").await.text;
    let (_, rest) = list.split_once("/patients/merges/").unwrap();
    let undo = format!("/patients/merges/{}/undo", rest.split('/').next().unwrap());
    house.clock.advance_ms(UNDO_MS);
    let mut late = self::desk(&house).await;
    assert!(!late.get("/patients/alike").await.text.contains("/undo"));
    assert_eq!(late.submit("/patients/alike", &undo, &[]).await.status, 409, "too late");
}

#[tokio::test]
async fn two_who_are_two_people_are_not_asked_about_again() {
    let house = House::open().await;
    let (one, other) = two(&house).await;
    let mut desk = desk(&house).await;
    let path = format!("/patients/alike/{}/{}", one.text(), other.text());
    let said = desk.submit(&path, &format!("{path}/apart"), &[]).await;
    assert_eq!(said.location(), "/patients/alike?done=apart");
    assert!(desk.get("/patients/alike").await.text.contains("No double entries"));
    let same = format!("/patients/alike/{}/{}", one.text(), one.text());
    assert_eq!(desk.get(&same).await.status, 404);
}

#[tokio::test]
async fn the_desk_alone_merges_and_after_a_fresh_proof() {
    let house = House::open().await;
    let (one, other) = two(&house).await;
    let path = format!("/patients/alike/{}/{}", one.text(), other.text());
    for role in [Role::Administrator, Role::Clinician, Role::Owner, Role::PrivacyOfficial] {
        let person = house.hire(&[role]).await;
        let mut browser = house.signed_in(person).await;
        assert_eq!(browser.get(&path).await.status, 404, "{role:?}");
        assert_eq!(browser.get("/patients/alike").await.status, 404, "{role:?}");
    }
    let mut desk = desk(&house).await;
    house.clock.advance_ms(6 * MINUTE_MS);
    assert!(desk.get(&path).await.location().starts_with("/sign-in/again"));
}

/// R15 (part: no way into the portal of the one becomes a way into the other, by mistake or by a made-up
/// double entry; whoever has either address hears of it)
#[tokio::test]
async fn ways_into_both_charts_end_and_both_addresses_are_told() {
    let house = House::open().await;
    let gone = house.patient_named("Maria Lopez").await;
    let mut new = crate::testing::new_patient("Maria Lopes");
    new.email = Some("another@example.org".into());
    let mut tx = house.keep.begin().await.unwrap();
    let stays = patients::add(&mut tx, &new).await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    for (name, patient) in [("x", gone), ("y", stays)] {
        let link = "INSERT INTO portal_link (id, patient, secret_index, tries, issued_at, expires_at)
                    VALUES ($1, $2, $3, 0, 0, $4)";
        tx.run(link, args![name, patient, name.as_bytes().to_vec(), i64::MAX]).await.unwrap();
        let key = "INSERT INTO portal_passkey (id, patient, credential_index, record, made_at, version)
                   VALUES ($1, $2, $3, $4, 0, 1)";
        let bytes = name.as_bytes().to_vec();
        tx.run(key, args![name, patient, bytes, Vec::<u8>::new()]).await.unwrap();
        start_patient(&mut tx, &rules, patient, How::Passkey).await.unwrap();
    }
    tx.commit(&system(), Entry::new(Object::of("portal_link", ""))).await.unwrap();
    house.names.put(&house.keep, stays, &new);
    let mut desk = desk(&house).await;
    merge(&mut desk, (gone, stays)).await;
    let mut conn = house.keep.read().await.unwrap();
    for sql in [
        "SELECT id FROM portal_link WHERE over_at IS NULL",
        "SELECT id FROM portal_passkey WHERE removed_at IS NULL",
        "SELECT id FROM session WHERE kind = 'patient' AND ended_at IS NULL",
    ] {
        assert!(conn.rows(sql, args![]).await.unwrap().is_empty(), "{sql}");
    }
    drop(conn);
    let both = [format!("{CANARY}@example.org"), "another@example.org".to_owned()];
    assert_eq!(addresses(&house).await, both);

    let page = format!("/patients/{}/portal", stays.text());
    let refused = desk.submit(&page, &format!("{page}/link"), &[]).await;
    assert!(refused.status == 409 && refused.text.contains("put together a short while ago"));
    let list = desk.get("/patients/alike").await.text;
    let (_, rest) = list.split_once("/patients/merges/").unwrap();
    let undo = format!("/patients/merges/{}/undo", rest.split('/').next().unwrap());
    desk.submit("/patients/alike", &undo, &[]).await;
    assert_eq!(addresses(&house).await, both, "told of it too");
    merge(&mut desk, (gone, stays)).await;
    house.clock.advance_ms(super::rules::LATELY_MS);
    let mut later = self::desk(&house).await;
    let sent = later.submit(&page, &format!("{page}/link"), &[]).await;
    assert_eq!(sent.location(), format!("{page}?done=sent"));
}

/// To whom letters went since the last look.
async fn addresses(house: &House) -> Vec<String> {
    let letters = keep::testing::posted(&house.keep).await;
    let mut all: Vec<String> = letters.into_iter().map(|letter| letter.to).collect();
    all.sort();
    all
}

/// R76 (part: a refusal in either of two charts counts in the one they become)
#[tokio::test]
async fn a_merge_brings_nobody_back_who_was_refused() {
    for refused_in_gone in [true, false] {
        let house = House::open().await;
        let (gone, stays) = two(&house).await;
        let (refusing, other) = if refused_in_gone { (gone, stays) } else { (stays, gone) };
        let doctor = house.hire(&[Role::Clinician]).await;
        for patient in [gone, stays] {
            on_the_team(&house, patient, doctor).await;
        }
        let mut theirs = house.signed_in(doctor).await;
        let page = format!("/patients/{}/representatives", other.text());
        let father = [
            ("name", "Ramon Lopez"),
            ("authority", "guardian"),
            ("identity", "photo_id"),
            ("evidence", "court_paper"),
            ("consent", "yes"),
            ("from", "2026-11-01"),
            ("until", "2027-11-01"),
        ];
        assert!(theirs.submit(&page, &page, &father).await.location().ends_with("done=added"));
        let place = format!("/patients/{}", refusing.text());
        let why = [("who", "Ramon Lopez"), ("why", "The patient is afraid of him")];
        let form = format!("{place}/representatives");
        let refused = theirs.submit(&form, &format!("{place}/refusals"), &why).await;
        assert!(refused.location().ends_with("done=refused"), "{}", refused.text);
        merge(&mut desk(&house).await, (gone, stays)).await;

        let mut conn = house.keep.read().await.unwrap();
        let row =
            conn.row("SELECT id, ends_at, patient FROM representative", args![]).await.unwrap().unwrap();
        assert_eq!(row.parsed("patient", PatientId::parse).unwrap(), stays);
        let id = row.parsed("id", vocabulary::RepresentativeId::parse).unwrap();
        let now = house.keep.clock().now();
        let facts = crate::standing::of_representative(&mut conn, (stays, id), now).await.unwrap();
        assert_eq!(facts.relations, vocabulary::Relations::NONE, "refused in gone: {refused_in_gone}");
    }
}
