//! The twelve months through their pages.

use crate::risk::tests::{House, fill, sent, sign};
use crate::signed_reports::proof::{is_valid, sha256};
use axum::body::Body;
use axum::http::{Request, header};
use std::io::Read;
use tower::ServiceExt;
use vocabulary::{DAY_MS, Role};
use web::testing::{FORM_KEY, get, post};

async fn bundle(router: &axum::Router) -> (String, Vec<(String, Vec<u8>)>) {
    let request = Request::post("/practice/evidence/export")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("form_token={}", web::form_token(&FORM_KEY))));
    let answer = router.clone().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let name = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    let bytes = axum::body::to_bytes(answer.into_body(), 16 << 20).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    (name, files)
}

fn file<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    &files.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("{name}")).1
}

/// R51: a dated bundle holds what was done for each recognised practice in the last twelve months, by day and
/// by month, with the signed reports; it says who took it, every file is in a signed list of hashes, nothing
/// older is in it, and no cell is a formula.
#[tokio::test]
async fn twelve_months_of_proof_leave_as_a_dated_signed_bundle() {
    let (house, clock) = House::with_clock().await;
    let official = house.start().await;
    let vendor = [("name", "=Old()"), ("service", "mail"), ("gets", "Names"), ("state", "wanted")];
    let signed = [("signed", "2024-01-01"), ("version", "0")];
    sent(post(&official, "/practice/vendors/new", &[&vendor[..], &signed].concat()).await);
    let asset = [("kind", "device"), ("name", "=HYPERLINK(\"x\")"), ("data", "Names"), ("version", "0")];
    sent(post(&official, "/practice/inventory/assets/new", &asset).await);
    fill(&house, &official).await;
    sent(sign(&official).await);
    clock.advance_ms(40 * DAY_MS);
    let (name, files) = bundle(&official).await;
    assert!(name.contains("security-practices-20") && name.ends_with(".zip\""), "{name}");
    let text = |name: &str| String::from_utf8(file(&files, name).to_vec()).unwrap();
    let all = text("evidence.csv");
    assert!(all.contains("'=HYPERLINK") && !all.contains("Old()"), "{all}");
    assert!(all.contains(",Risk analysis 1\r\n"), "no marks of direction: {all}");
    assert!(all.lines().count() > 60 && text("practices.csv").lines().count() == 11);
    assert!(text("months.csv").lines().next().unwrap().split(',').count() >= 14, "twelve months and more");
    assert!(text("observed.csv").contains("strong-sign-in"));
    assert!(text("READ-ME.txt").contains("Grace Lindqvist"));
    file(&files, "risk-analysis-1.html");
    file(&files, "risk-analysis-1.pdf");
    file(&files, "risk-analysis-1.proof.json");
    let manifest = text("manifest.sha256");
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("manifest")) {
        assert!(manifest.contains(&format!("{}  {name}\n", sha256(bytes))), "{name}");
    }
    let seal = text("manifest.sha256.ed25519");
    let field = |name: &str| seal.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    assert!(is_valid(&field("key "), manifest.as_bytes(), &field("signature ")));
    clock.advance_ms(400 * DAY_MS);
    let (_, later) = bundle(&official).await;
    let rows = String::from_utf8(file(&later, "evidence.csv").to_vec()).unwrap();
    assert_eq!(rows.lines().count(), 1, "what lies further back is no proof: {rows}");
}

/// R51 (part: every answer has the day it was given, whatever was carried forward or reopened since)
#[tokio::test]
async fn an_answer_that_is_carried_forward_was_given_on_its_own_day() {
    let (house, clock) = House::with_clock().await;
    let official = house.start().await;
    fill(&house, &official).await;
    let question = "/practice/analysis/questions/a01";
    let noted = [("choice", "yes"), ("evidence", "The binder"), ("version", "1")];
    sent(post(&official, question, &noted).await);
    sent(sign(&official).await);
    let days = async |official: &axum::Router| {
        let (_, files) = bundle(official).await;
        let all = String::from_utf8(file(&files, "evidence.csv").to_vec()).unwrap();
        let given = |line: &&str| line.contains("Answer of the analysis") || line.contains("The binder");
        let given: Vec<String> = all.lines().filter(given).map(str::to_owned).collect();
        given.into_iter().map(|line| line.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = days(&official).await;
    assert!(before.len() > 60 && before.iter().all(|day| day == "2026-11-21"), "{before:?}");
    clock.advance_ms(120 * DAY_MS);
    sent(post(&official, "/practice/analysis/changed", &[("trigger", "year")]).await);
    assert_eq!(days(&official).await, before, "each once, on its day, though a change asks again");
    sent(post(&official, "/practice/analysis/questions/a02", &[("choice", "yes"), ("version", "1")]).await);
    let after = days(&official).await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after.iter().filter(|day| *day == "2027-03-21").count(), 1, "{after:?}");
    clock.advance_ms(300 * DAY_MS);
    assert_eq!(days(&official).await, ["2027-03-21"], "what was carried is no proof of the year");
}

/// R51 (part: what is dated back shows the day it was entered)
#[tokio::test]
async fn a_declared_day_stands_beside_the_day_it_was_recorded() {
    let house = House::open().await;
    let official = house.official();
    let done = [("what", "Doors"), ("by", "Ivan"), ("scope", "technical"), ("occasion", "change")];
    let days = [("evaluated", "2026-02-01"), ("next", "2027-03-01"), ("findings", "None")];
    sent(post(&official, "/practice/evaluations/new", &[&done[..], &days].concat()).await);
    let vendor = [("name", "CloudFax"), ("service", "mail"), ("gets", "Names"), ("state", "wanted")];
    let signed = [("signed", "2026-03-01"), ("version", "0")];
    sent(post(&official, "/practice/vendors/new", &[&vendor[..], &signed].concat()).await);
    let (_, files) = bundle(&official).await;
    let all = String::from_utf8(file(&files, "evidence.csv").to_vec()).unwrap();
    assert!(all.starts_with("practice,day,recorded,source,what\r\n"), "{all}");
    assert!(all.contains("10,2026-02-01,2026-11-21,"), "{all}");
    assert!(all.contains("10,2026-03-01,,") && !all.contains('\u{2068}'), "{all}");
}

#[tokio::test]
async fn the_page_shows_what_there_is_and_where_there_is_nothing() {
    let house = House::open().await;
    let official = house.official();
    let page = get(&official, "/practice/evidence").await.text;
    assert!(page.contains("Protect e-mail") && page.contains("Nothing in these twelve months"));
    assert!(!page.contains("<form method=\"post\" action=\"/practice/evidence/export\""));
    assert!(get(&official, "/practice/evidence/export").await.text.contains("/practice/evidence/export\""));
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk] {
        let other = house.as_role(house.doctor, role);
        assert_eq!(get(&other, "/practice/evidence").await.status, 404, "{role:?}");
        assert_eq!(post(&other, "/practice/evidence/export", &[]).await.status, 404, "{role:?}");
    }
}

#[test]
fn every_source_has_its_word() {
    let catalog = web::Catalog::new(&[crate::WORDS]).unwrap();
    for source in super::rules::Source::ALL {
        assert!(catalog.has(&format!("evidence-source-{}", source.code())));
    }
}
