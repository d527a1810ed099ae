//! After the visit, through the pages: the summary's way to the portal, the survey's way to a finding, and no
//! word of either anywhere else.

use crate::before::rules::SpokenCode;
use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use std::path::Path;
use web::testing::{get, post};

const SUMMARY: &str = "canary summary: rest the elbow, call if it swells";
const WORDS: &str = "canary words: my neighbour heard us";

#[tokio::test]
async fn a_summary_goes_to_the_portal_with_a_notice_that_says_nothing() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = format!("/visits/{}/summary", booked.visit.text());
    let doctor = house.as_doctor();
    let early = post(&doctor, &path, &[("body", SUMMARY)]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "not before the end");
    house.held(&booked).await;
    let empty = post(&doctor, &path, &[("body", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = format!("{SUMMARY}{}", "x".repeat(8_000));
    let kept = post(&doctor, &path, &[("body", &long)]).await;
    assert!(kept.text.contains(SUMMARY), "the draft survives the fault");
    assert_eq!(post(&house.as_desk(), &path, &[("body", SUMMARY)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        post(&house.as_other_doctor(), &path, &[("body", SUMMARY)]).await.status,
        StatusCode::NOT_FOUND
    );
    let published = post(&doctor, &path, &[("body", SUMMARY)]).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
    assert_eq!(house.state_of(booked.visit).await.0, "closed");
    let twice = post(&doctor, &path, &[("body", "another")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let entry = house.trail().await.into_iter().rfind(|body| body.act == "summary.write").unwrap();
    assert_eq!(entry.details["mailed"], "true");

    let portal = house.as_patient(house.patient);
    let list = get(&portal, "/portal").await.text;
    assert!(list.contains("Summary ready") && !list.contains(SUMMARY));
    let page = get(&portal, &format!("/portal/visits/{}", booked.visit.text())).await.text;
    assert!(page.contains(SUMMARY) && page.contains("Dr. Amara Osei"), "{page}");
    assert!(house.acts().await.contains(&"summary.read".to_owned()), "reading it is in the trail");
}

/// R103: a summary leaves by plain mail only after the plain warning and a recorded choice for that address;
/// without it, and for another address, nothing is sent.
#[tokio::test]
async fn plain_mail_with_health_data_waits_for_the_patients_choice_for_that_address() {
    let house = House::open().await;
    let booked = house.booked().await;
    house.held(&booked).await;
    let write = format!("/visits/{}/summary", booked.visit.text());
    post(&house.as_doctor(), &write, &[("body", SUMMARY)]).await;
    let portal = house.as_patient(house.patient);
    let send = format!("/portal/visits/{}/mail", booked.visit.text());
    let waiting = async || {
        let sql = "SELECT id FROM outbox WHERE state = 'waiting'";
        house.keep.read().await.unwrap().rows(sql, vec![]).await.unwrap().len()
    };
    let before = waiting().await;
    let asked = post(&portal, &send, &[]).await;
    assert_eq!(asked.location(), "/portal/contact/plain", "the warning comes first");
    assert_eq!(waiting().await, before);
    let warning = get(&portal, "/portal/contact/plain").await.text;
    assert!(warning.contains("Plain email has no lock") && warning.contains(EMAIL), "{warning}");
    post(&portal, "/portal/contact/plain", &[("plain", "yes")]).await;
    let entry = house.trail().await.into_iter().rfind(|body| body.act == "contact.change").unwrap();
    assert_eq!(entry.details["plain_mail"], "chosen");
    assert_eq!(
        post(&portal, &send, &[]).await.location(),
        format!("/portal/visits/{}?done=mailed", booked.visit.text())
    );
    // Where the house sends no mail, nothing is called sent.
    let mail = async |sends: bool| {
        let mut settings = (*house.keep.settings()).clone();
        settings.house_rules.send_mail = sends;
        let mut tx = house.keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
    };
    mail(false).await;
    let off = post(&portal, &send, &[]).await;
    assert_eq!(off.status, StatusCode::CONFLICT);
    assert!(off.text.contains("The practice sends no email now"), "{}", off.text);
    mail(true).await;
    assert_eq!(waiting().await, before + 1);
    // Another address: the choice does not go along.
    let page = get(&portal, "/portal/contact").await.text;
    let elsewhere = [("channel", "mail"), ("email", "other@example.org"), ("base", &hidden(&page, "base"))];
    assert_eq!(post(&portal, "/portal/contact", &elsewhere).await.status, StatusCode::SEE_OTHER);
    assert_eq!(post(&portal, &send, &[]).await.location(), "/portal/contact/plain");
    assert_eq!(waiting().await, before + 1);
    // Taken back, it is over at once, and nobody else asks for it.
    post(&portal, "/portal/contact/plain", &[("plain", "yes")]).await;
    post(&portal, "/portal/contact/plain", &[("plain", "stop")]).await;
    assert_eq!(post(&portal, &send, &[]).await.location(), "/portal/contact/plain");
    assert_eq!(post(&house.as_patient(house.other_patient), &send, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(waiting().await, before + 1);
}

/// For the clinician and for the patient, in both languages; of whom nobody has said anything it says so.
#[tokio::test]
async fn what_came_of_the_digits_is_in_the_record_of_the_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    let own = format!("/portal/visits/{}", booked.visit.text());
    let before = get(&house.as_doctor(), &page).await.text;
    assert!(!before.contains("hecked by voice"), "nobody was in the room yet");
    house.comes_in(&booked).await;
    house.held(&booked).await;
    assert!(get(&house.as_doctor(), &page).await.text.contains("Not checked by voice"));
    assert!(!get(&house.as_patient(house.patient), &own).await.text.contains("Private room"));
    for (code, staff, es, patient) in [
        (SpokenCode::Skipped, "Not checked by voice, skipped", "Sin comprobar", "were not compared"),
        (SpokenCode::Mismatch, "Digits did not match", "no eran iguales", "They did not match"),
        (SpokenCode::KnownDevice, "Known device", "Dispositivo conocido", "in an earlier visit"),
        (SpokenCode::Matches, "Digits matched, checked by voice", "Cifras iguales", "you read aloud matched"),
    ] {
        house.spoken(&booked, code).await;
        let told = get(&house.as_doctor(), &page).await.text;
        assert!(told.contains(staff), "{told}");
        assert!(get_es(&house.as_doctor(), &page).await.text.contains(es));
        assert!(get(&house.as_patient(house.patient), &own).await.text.contains(patient));
    }
}

/// R41: the list is in the portal, with names, and nobody else's.
#[tokio::test]
async fn a_patient_sees_who_opened_the_record() {
    let house = House::open().await;
    let booked = house.booked().await;
    house.held(&booked).await;
    let path = format!("/visits/{}/summary", booked.visit.text());
    post(&house.as_doctor(), &path, &[("body", SUMMARY)]).await;
    let portal = house.as_patient(house.patient);
    let page = get(&portal, "/portal/opened").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["Who opened your record", "Wrote your summary", "Dr. Amara Osei"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains(SUMMARY));
    let other = get(&house.as_patient(house.other_patient), "/portal/opened").await.text;
    assert!(!other.contains("Wrote your summary"), "{other}");
    assert!(get(&house.as_doctor(), "/portal/opened").await.location().starts_with("/portal/sign-in"));
    assert!(house.acts().await.contains(&"trail.read_own".to_owned()), "looking is in the trail");
    assert!(get(&portal, "/portal").await.text.contains("/portal/opened"));
}

/// Visit, consent with its signed page, summary, trail: all of it stands in the one chart afterwards.
#[tokio::test]
async fn two_charts_of_one_patient_become_one_with_all_that_was_written() {
    let house = House::open().await;
    let again = house.entered_again("Maria Canarynam").await;
    let earlier = house.booked_for(again, 20 * vocabulary::MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&earlier), house.door(&earlier).await);
    check_in(&guest, &door).await;
    let path = format!("/patients/alike/{}/{}", again.text(), house.patient.text());
    let stays = house.patient.text();
    let fields = [("stays", stays.as_str()), ("why", "asked at the desk, spelled wrong")];
    {
        let mut tx = house.keep.begin().await.unwrap();
        let sql = "UPDATE visit SET state = 'waiting' WHERE id = $1";
        tx.run(sql, keep::args![earlier.visit]).await.unwrap();
        let refused = {
            let pair = (again, house.patient);
            people::merges::Follow::may_move(&crate::before::merging::OfVisits, &mut tx, pair).await
        };
        assert_eq!(refused, Ok(false), "somebody waits");
    }
    house.held(&earlier).await;
    let write = format!("/visits/{}/summary", earlier.visit.text());
    post(&house.as_doctor(), &write, &[("body", SUMMARY)]).await;
    let own = house.booked().await;
    let (guest, door) = (house.as_guest(&own), house.door(&own).await);
    check_in(&guest, &door).await;

    let stranger = format!("/patients/alike/{}/{}", house.patient.text(), house.other_patient.text());
    let none = get(&house.as_desk(), &stranger).await.status;
    assert_eq!(none, StatusCode::NOT_FOUND, "born on one day is not enough");
    let merged = post(&house.as_desk(), &path, &fields).await;
    assert_eq!(merged.location(), "/patients/alike?done=merged", "{}", merged.text);
    let portal = house.as_patient(house.patient);
    let list = get(&portal, "/portal").await.text;
    assert_eq!(list.matches("/portal/consents/").count(), 4, "both of both signed: {list}");
    let read = get(&portal, &format!("/portal/visits/{}", earlier.visit.text())).await.text;
    assert!(read.contains(SUMMARY), "{read}");
    let copies: Vec<&str> = list.split("/portal/consents/").skip(1).map(|at| &at[..36]).collect();
    for id in copies {
        let copy = get(&portal, &format!("/portal/consents/{id}")).await;
        assert_eq!(copy.status, StatusCode::OK, "the file's key went along");
    }
    let opened = get(&portal, "/portal/opened").await.text;
    assert!(opened.contains("Wrote your summary"), "what was done with the chart that is gone: {opened}");
    let mut conn = house.keep.read().await.unwrap();
    let rows = conn.rows("SELECT number FROM consent WHERE patient = $1", keep::args![house.patient]).await;
    let mut numbers: Vec<i64> = rows.unwrap().iter().map(|row| row.int("number").unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let gone = conn.rows("SELECT id FROM visit WHERE patient = $1", keep::args![again]).await.unwrap();
    assert!(gone.is_empty(), "nothing is left behind");
    drop(conn);
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert!(deep.altered.is_empty() && deep.unknown.is_empty() && deep.gone.is_empty());

    let list = get(&house.as_desk(), "/patients/alike").await.text;
    let (_, rest) = list.split_once("/patients/merges/").unwrap();
    let undo = format!("/patients/merges/{}/undo", &rest[..36]);
    assert_eq!(post(&house.as_desk(), &undo, &[]).await.location(), "/patients/alike?done=undone");
    let path = format!("/portal/visits/{}", earlier.visit.text());
    assert!(get(&house.as_patient(again), &path).await.text.contains(SUMMARY));
    assert_eq!(get(&portal, &path).await.status, StatusCode::NOT_FOUND, "two again");
    assert_eq!(get(&portal, "/portal").await.text.matches("/portal/consents/").count(), 2);
}

/// R113 (part: the patient reads the accounting of copies)
#[tokio::test]
async fn a_patient_sees_who_got_a_copy_of_the_record() {
    let house = House::open().await;
    house.booked().await;
    let copy = format!("/patients/{}/copy", house.patient.text());
    let fields =
        [("recipient", "County court"), ("purpose", "law"), ("words", "A subpoena for it"), ("aids", "yes")];
    assert_eq!(post(&house.as_doctor(), &copy, &fields).await.status, StatusCode::OK);
    let portal = house.as_patient(house.patient);
    let page = get(&portal, "/portal/given").await.text;
    for part in ["Who got a copy", "County court", "The law requires it", "A subpoena", "what helps"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let other = get(&house.as_patient(house.other_patient), "/portal/given").await.text;
    assert!(other.contains("Nobody got a copy") && !other.contains("County court"));
    assert!(get(&house.as_doctor(), "/portal/given").await.location().starts_with("/portal/sign-in"));
}

#[tokio::test]
async fn a_portal_shows_its_own_patient_and_nobody_else() {
    let house = House::open().await;
    let booked = house.booked().await;
    house.held(&booked).await;
    let other = house.as_patient(house.other_patient);
    let path = format!("/portal/visits/{}", booked.visit.text());
    assert_eq!(get(&other, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&other, &format!("{path}/survey")).await.status, StatusCode::NOT_FOUND);
    assert!(!get(&other, "/portal").await.text.contains(&booked.visit.text()));
    assert!(get(&house.as_doctor(), "/portal").await.location().starts_with("/portal/sign-in"));
    let nobody = house.router(vocabulary::Principal::Anonymous);
    assert_eq!(get(&nobody, "/portal").await.location(), "/portal/sign-in?back=/portal");
}

/// R106 (part: asked after the visit, optional, once, apart from the chart): the answers stand in a table of
/// their own, no page of the visit or the portal shows them, and a low one is a finding that names no visit.
#[tokio::test]
async fn the_survey_is_asked_once_and_stays_out_of_the_chart() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let path = format!("/g/{door}/survey");
    assert_eq!(get(&guest, &path).await.status, StatusCode::NOT_FOUND, "not before the end");
    house.held(&booked).await;
    let ended = get(&guest, &format!("/g/{door}/after")).await.text;
    assert!(ended.contains(&path), "{ended}");
    let half = post(&guest, &path, &[("comfort", "5"), ("words", WORDS)]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text.contains(WORDS), "what was typed stays");
    assert_eq!(
        post(&guest, &path, &[("comfort", "6"), ("privacy", "0")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let thanks = post(&guest, &path, &[("comfort", "5"), ("privacy", "2"), ("words", WORDS)]).await;
    assert!(thanks.text.contains("Thank you"), "{}", thanks.text);
    assert_eq!(house.findings().await, [("not-private", 1)]);
    let again = post(&guest, &path, &[("comfort", "1"), ("privacy", "1")]).await;
    assert!(again.text.contains("Thank you"));
    assert_eq!(house.findings().await, [("not-private", 1)], "the first answer counts");
    assert!(!get(&guest, &format!("/g/{door}/after")).await.text.contains(&path));
    let visit = booked.visit.text();
    for (router, address) in [
        (house.as_doctor(), format!("/visits/{visit}")),
        (house.as_patient(house.patient), format!("/portal/visits/{visit}")),
    ] {
        assert!(!get(&router, &address).await.text.contains(WORDS), "{address}");
    }
}

#[tokio::test]
async fn the_survey_can_be_answered_from_the_portal() {
    let house = House::open().await;
    let booked = house.booked().await;
    house.held(&booked).await;
    let portal = house.as_patient(house.patient);
    let path = format!("/portal/visits/{}/survey", booked.visit.text());
    assert!(get(&portal, &path).await.text.contains("How private did it feel?"));
    assert!(get_es(&portal, &path).await.text.contains("¿Qué tan privada le pareció?"));
    let thanks = post(&portal, &path, &[("comfort", "4"), ("privacy", "5")]).await;
    assert!(thanks.text.contains("Thank you"));
    assert!(house.findings().await.is_empty());
}

#[test]
fn no_word_is_missing() {
    let slices = [people::WORDS, practice::WORDS, crate::WORDS];
    let mut missing = web::testing::missing_words(env!("CARGO_MANIFEST_DIR"), &slices);
    // A value of the attribute `autocomplete`, not a key.
    missing.retain(|line| !line.ends_with(": street-address"));
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What holds of SQLite's files alone.
mod in_files {
    use super::*;

    #[tokio::test]
    async fn no_word_about_health_stands_on_disk_in_the_clear() {
        let house = House::open().await;
        let booked = house.booked().await;
        let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
        check_in(&guest, &door).await;
        house.held(&booked).await;
        let visit = booked.visit.text();
        post(&house.as_doctor(), &format!("/visits/{visit}/summary"), &[("body", SUMMARY)]).await;
        post(&guest, &format!("/g/{door}/survey"), &[("comfort", "1"), ("privacy", "1"), ("words", WORDS)])
            .await;
        let mut read = house.keep.read().await.unwrap();
        let file = read.row("SELECT file FROM pragma_database_list WHERE name = 'main'", keep::args![]).await;
        let file = file.unwrap().unwrap().text("file").unwrap().to_owned();
        let folder = Path::new(&file).parent().unwrap().to_owned();
        let mut seen = 0;
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                seen += bytes.len();
                for canary in [
                    "Canaryname",
                    "itchy elbow",
                    "Canary Street",
                    CALL_BACK,
                    "rest the elbow",
                    "neighbour",
                    EMAIL,
                ] {
                    let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                    assert!(!found, "{canary} stands in {}", entry.path().display());
                }
            }
        }
        assert!(seen > 100_000, "there was something to search");
    }
}
