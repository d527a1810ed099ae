//! Signed reports through their pages, and the proof that goes with them.

use super::proof::{Broken, File, Proof, sha256, verify};
use super::{ensure_key, key};
use crate::findings::{self, Kind, Source};
use crate::risk::tests::{House, TABLES, fill, program, sent, sign};
use axum::Router;
use keep::testing::{START, TempFolder};
use keep::{Entry, Object, Owner, args};
use policy::{Act, Facts, decide};
use vocabulary::{DAY_MS, Principal, Role, VisitId};
use web::testing::{get, post};

async fn signed() -> (House, Router) {
    let house = House::open().await;
    ensure_key(&house.keep).await.unwrap();
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    (house, official)
}

const PAGE: &str = "/practice/analysis/signed/1";
const PDF: &str = "/practice/analysis/signed/1/pdf";

/// Rates the risk of the register above tolerance, with what is planned.
async fn plan(house: &House, official: &Router) {
    let mut conn = house.keep.read().await.unwrap();
    let row = conn.row("SELECT id FROM risk", args![]).await.unwrap().unwrap();
    let path = format!("/practice/risks/{}", row.text("id").unwrap());
    drop(conn);
    let owner = house.doctor.text();
    let rated = [("likelihood", "moderate"), ("impact", "moderate"), ("what", "One password")];
    let planned = [("treatment", "reduce"), ("plan", "A second password"), ("owner", owner.as_str())];
    let planned = [&rated[..], &planned, &[("due", "2026-12-20"), ("version", "2")]].concat();
    sent(post(official, &path, &planned).await);
}

/// R46: a finalised analysis is frozen under its signer's name, hash and signature; more than a year, another
/// signed analysis and a renewed data key later page and PDF come out byte for byte, they say scope, method,
/// assets, findings, ratings and plan, and the signature still fits. (Tests print words; the journey through
/// the browser prints a real PDF.)
#[tokio::test]
async fn last_years_report_is_reproduced_unchanged_and_its_signature_is_valid() {
    let (house, clock) = House::with_clock().await;
    ensure_key(&house.keep).await.unwrap();
    let official = house.start().await;
    let asset = [("kind", "device"), ("name", "Front desk laptop"), ("data", "Names"), ("version", "0")];
    sent(post(&official, "/practice/inventory/assets/new", &asset).await);
    fill(&house, &official).await;
    let mut tx = house.keep.begin().await.unwrap();
    findings::raise(&mut tx, Kind::PoorLight, Source::Visit(VisitId::new(START, house.keep.entropy())))
        .await
        .unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    plan(&house, &official).await;
    sent(sign(&official).await);
    let (page, pdf) = (get(&official, PAGE).await.text, get(&official, PDF).await.text);
    let found = ["All of it", "NIST SP 800-30", "Front desk laptop", "Too dark or too bright"];
    for part in [&found[..], &["Moderate", "A second password", "Two meetings", "Grace Lindqvist"]].concat() {
        assert!(page.contains(part) && pdf.contains(part), "{part}");
    }
    let looked = get(&official, "/practice/analysis/past/1").await.text;
    assert_eq!(looked.matches("Signature valid").count(), 2, "{looked}");
    clock.advance_ms(400 * DAY_MS);
    let access = decide(&Principal::System, &Facts::default(), Act::RotateKeys).unwrap();
    let renewed = house.keep.renew_data_keys(&access, &[Owner::Practice], "yearly").await.unwrap();
    assert!(renewed.owners == 1 && renewed.damaged == 0);
    sent(post(&official, "/practice/inventory/assets/new", &asset).await);
    sent(post(&official, "/practice/analysis/start", &[]).await);
    let about = [("scope", "Less"), ("flows", "Phones"), ("documentation", "Log"), ("review", "2028-11-01")];
    sent(post(&official, "/practice/analysis/about", &[&about[..], &[("version", "1")]].concat()).await);
    sent(sign(&official).await);
    assert_eq!(get(&official, PAGE).await.text, page);
    assert_eq!(get(&official, PDF).await.text, pdf);
    let looked = get(&official, "/practice/analysis/past/1").await.text;
    assert_eq!(looked.matches("Signature valid").count(), 2, "{looked}");
    let proof = get(&official, "/practice/analysis/signed/1/proof").await.text;
    assert_eq!(verify(page.as_bytes(), proof.as_bytes()).unwrap().0, File::Html);
    let (file, proof) = verify(pdf.as_bytes(), proof.as_bytes()).unwrap();
    assert_eq!((file, proof.signed_as.as_str()), (File::Pdf, "Grace Lindqvist"));
    let known = key(&mut house.keep.read().await.unwrap()).await.unwrap();
    assert_eq!(known.as_deref(), Some(proof.public_key.as_str()));
    assert!(page.contains(&proof.public_key) && pdf.contains(&proof.public_key), "the key is printed");
}

/// R46 (part: after the program was stopped and started again)
#[tokio::test]
async fn a_signed_report_outlives_the_program() {
    let temp = TempFolder::new();
    let house = House::staffed(temp.open(&TABLES).await.unwrap()).await;
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    let (page, pdf) = (get(&official, PAGE).await.text, get(&official, PDF).await.text);
    let (first, doctor) = (house.official, house.doctor);
    drop((official, house));
    let keep = temp.open(&TABLES).await.unwrap();
    let house = House { keep, official: first, doctor };
    let official = house.official();
    assert_eq!(get(&official, PAGE).await.text, page);
    assert_eq!(get(&official, PDF).await.text, pdf);
    let looked = get(&official, "/practice/analysis/past/1").await.text;
    assert_eq!(looked.matches("Signature valid").count(), 2, "{looked}");
}

/// Saving a shown page changes its bytes; the link takes them as they are.
#[tokio::test]
async fn the_page_is_taken_along_as_it_was_signed() {
    let (_house, official) = signed().await;
    let looked = get(&official, "/practice/analysis/past/1").await.text;
    let link = format!("href=\"{PAGE}\" download=\"risk-analysis-1.html\"");
    assert!(looked.contains(&link), "{looked}");
}

#[tokio::test]
async fn a_proof_fits_its_own_files_and_key_alone() {
    let (_house, official) = signed().await;
    let page = get(&official, PAGE).await.text;
    let proof = get(&official, "/practice/analysis/signed/1/proof").await.text;
    let other = page.replace("All of it", "Half of it");
    assert_eq!(verify(other.as_bytes(), proof.as_bytes()).unwrap_err(), Broken::OtherFile);
    let mut forged: Proof = serde_json::from_str(&proof).unwrap();
    forged.html.sha256 = sha256(other.as_bytes());
    let forged = serde_json::to_vec(&forged).unwrap();
    assert_eq!(verify(other.as_bytes(), &forged).unwrap_err(), Broken::Signature);
    assert_eq!(verify(page.as_bytes(), b"{}").unwrap_err(), Broken::NoProof);
    let newer = proof.replace("proof-2", "proof-3");
    assert_eq!(verify(page.as_bytes(), newer.as_bytes()).unwrap_err(), Broken::NoProof);
}

/// R46 (part: who signed which report, when and with which files is signed too)
#[tokio::test]
async fn a_proof_of_which_one_word_was_changed_is_refused() {
    let (_house, official) = signed().await;
    let page = get(&official, PAGE).await.text;
    let proof = get(&official, "/practice/analysis/signed/1/proof").await.text;
    let proof: Proof = serde_json::from_str(&proof).unwrap();
    assert_eq!(proof.check(page.as_bytes()), Ok(File::Html));
    let changes: [fn(&mut Proof); 6] = [
        |proof| proof.signed_as = "Mallory Smith".into(),
        |proof| proof.signed_at = "2020-01-01T00:00:00Z".into(),
        |proof| proof.practice.push('s'),
        |proof| proof.report = 2,
        |proof| proof.pdf = None,
        |proof| proof.pdf.as_mut().unwrap().sha256 = proof.html.sha256.clone(),
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut changed = proof.clone();
        change(&mut changed);
        assert_eq!(changed.check(page.as_bytes()), Err(Broken::Statement), "change {at}");
    }
    let mut other = proof.clone();
    other.statement_signature = other.html.signature.clone();
    assert_eq!(other.check(page.as_bytes()), Err(Broken::Statement));
}

/// R46 (part: files and signatures of another year, or of another key, are not this report)
#[tokio::test]
async fn a_report_put_in_the_place_of_another_is_not_shown() {
    let (house, official) = signed().await;
    sent(post(&official, "/practice/analysis/start", &[]).await);
    let about = [("scope", "All"), ("flows", "Phones"), ("documentation", "Log"), ("review", "2027-10-01")];
    sent(post(&official, "/practice/analysis/about", &[&about[..], &[("version", "1")]].concat()).await);
    sent(sign(&official).await);
    let second = "/practice/analysis/signed/2";
    assert_eq!(get(&official, second).await.status, 200);
    let mut tx = house.keep.begin().await.unwrap();
    for sql in [
        "UPDATE analysis SET report = (SELECT a.report FROM analysis a WHERE a.number = 1),
             report_sha256 = (SELECT a.report_sha256 FROM analysis a WHERE a.number = 1) WHERE number = 2",
        "UPDATE signed_report SET html_signature = (SELECT s.html_signature FROM signed_report s
             JOIN analysis a ON a.id = s.id WHERE a.number = 1)",
    ] {
        tx.run(sql, args![]).await.unwrap();
    }
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(get(&official, second).await.status, 500);
    assert!(get(&official, "/practice/analysis/past/2").await.text.contains("Not the file that was signed"));
    assert_eq!(get(&official, PAGE).await.status, 200);
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE report_key SET public_key = 'ab'", args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(get(&official, PAGE).await.status, 500, "no key of this practice");
}

/// R46 (part: nothing but the signed bytes is shown)
#[tokio::test]
async fn a_report_whose_hash_or_signature_does_not_fit_is_not_shown() {
    let (house, official) = signed().await;
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE signed_report SET html_signature = pdf_signature", args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(get(&official, PAGE).await.status, 500);
    let looked = get(&official, "/practice/analysis/past/1").await.text;
    assert!(looked.contains("Not the file that was signed") && looked.contains("Signature valid"));
}

#[tokio::test]
async fn the_key_is_made_once_and_reports_are_the_officials_business() {
    let (house, official) = signed().await;
    let first = key(&mut house.keep.read().await.unwrap()).await.unwrap();
    ensure_key(&house.keep).await.unwrap();
    assert_eq!(key(&mut house.keep.read().await.unwrap()).await.unwrap(), first);
    assert_eq!(get(&official, "/practice/analysis/past/2").await.status, 404);
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk] {
        let other = house.as_role(house.doctor, role);
        for page in [PAGE, PDF, "/practice/analysis/past/1", "/practice/analysis/signed/1/proof"] {
            assert_eq!(get(&other, page).await.status, 404, "{role:?} {page}");
        }
    }
}

/// R46 (part: a replaced key): what the old key signed keeps its own proof and stays valid, the next report
/// is signed by the new one, and only the privacy official replaces it.
#[tokio::test]
async fn a_replaced_key_leaves_old_reports_valid_and_signs_the_next() {
    let (house, official) = signed().await;
    let old = key(&mut house.keep.read().await.unwrap()).await.unwrap().unwrap();
    let before = get(&official, "/practice/analysis/signed/1/proof").await.text;
    let seen = [("seen", old.as_str())];
    for role in [Role::SecurityOfficial, Role::Owner, Role::Administrator, Role::Clinician] {
        let other = house.as_role(house.doctor, role);
        assert_eq!(post(&other, "/practice/report-key", &seen).await.status, 404, "{role:?}");
    }
    assert!(get(&official, "/practice/report-key").await.text.contains(&old));
    sent(post(&official, "/practice/report-key", &seen).await);
    sent(post(&official, "/practice/report-key", &seen).await);
    let new = key(&mut house.keep.read().await.unwrap()).await.unwrap().unwrap();
    assert_ne!(old, new);
    let keys = get(&official, "/practice/report-key").await.text;
    assert!(keys.contains(&new) && keys.contains(&old), "{keys}");
    assert_eq!(keys.matches("Signed from").count(), 1, "pressed twice, replaced once");
    let past = get(&official, "/practice/analysis/past/1").await.text;
    assert!(past.contains("Signature valid") && past.contains(&old), "{past}");
    assert_eq!(get(&official, "/practice/analysis/signed/1/proof").await.text, before);
    sent(post(&official, "/practice/analysis/start", &[]).await);
    let about = [
        ("scope", "All of it"),
        ("flows", "Phones"),
        ("documentation", "One meeting"),
        ("review", "2027-10-01"),
        ("version", "1"),
    ];
    sent(post(&official, "/practice/analysis/about", &about).await);
    sent(sign(&official).await);
    let second: Proof =
        serde_json::from_str(&get(&official, "/practice/analysis/signed/2/proof").await.text).unwrap();
    assert_eq!(second.public_key, new);
    let page = get(&official, "/practice/analysis/past/2").await.text;
    assert!(page.contains("Signature valid"), "{page}");
    keep::trail::verify(&house.keep).await.unwrap();
}
