//! The officials' pages in Spanish say nothing in English: neither a sentence of the word files, nor
//! one of the bank and the lists beside it.

use super::*;
use axum::body::Body;
use axum::http::Request;
use web::Locale;
use web::testing::send;

/// Shorter pieces, such as names and codes, are the same in both languages.
const LEAST_LETTERS: usize = 14;
const LEAST_WORDS: usize = 3;

async fn get_es(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).header("accept-language", "es").body(Body::empty());
    send(router, request.unwrap()).await
}

/// As it is read: without the marks around arguments, and with its letters as they are.
fn read(html: &str) -> String {
    let text = html.replace(['\u{2068}', '\u{2069}'], "").replace("&#39;", "'").replace("&#34;", "\"");
    text.replace("&quot;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}

/// What stands between the arguments of each line that is not the same in Spanish.
fn sentences(words: &Locale) -> Vec<String> {
    let spanish: Vec<&str> = words.es.lines().collect();
    let lines = words.en.lines().filter(|line| !line.starts_with('#') && !spanish.contains(line));
    let said = lines.filter_map(|line| line.split_once(" = ")).map(|(_, said)| said);
    let pieces = said.flat_map(|said| said.split(['{', '}']).step_by(2));
    let whole = |piece: &&str| {
        piece.chars().count() >= LEAST_LETTERS && piece.split_whitespace().count() >= LEAST_WORDS
    };
    pieces.map(str::trim).filter(whole).map(str::to_owned).collect()
}

fn lists() -> Vec<String> {
    let bank = bank();
    let questions = bank
        .questions
        .iter()
        .flat_map(|one| [one.text(Lang::En), one.why(Lang::En), one.advice(Lang::En)].map(str::to_owned));
    let spots = bank.vulnerabilities.iter().map(|one| one.text(Lang::En).to_owned());
    let threats = bank.threats.iter().map(|one| one.what(Lang::En).to_owned());
    let lists = crate::safeguards::lists();
    let specifications = lists.specifications.iter().map(|one| one.text(Lang::En).to_owned());
    let proposals = lists.proposals.iter().map(|one| one.text(Lang::En).to_owned());
    let tips = lists.tips.iter().map(|one| one.text(Lang::En).to_owned());
    let all = questions.chain(spots).chain(threats).chain(specifications).chain(proposals).chain(tips);
    all.filter(|said| said.chars().count() >= LEAST_LETTERS).collect()
}

/// In Spanish no sentence of any page is English.
#[tokio::test]
async fn no_page_of_the_practice_says_a_sentence_in_english_to_whoever_reads_spanish() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    sent(sign(&router).await);
    sent(post(&router, "/practice/analysis/start", &[]).await);
    sent(post(&router, FIRST, &[("choice", "no"), ("flagged", "yes"), ("version", "1")]).await);
    let mut tx = house.keep.begin().await.unwrap();
    for kind in Kind::ALL {
        findings::raise(&mut tx, *kind, Source::Survey).await.unwrap();
    }
    tx.commit(&program(), Entry::new(Object::of("findings", ""))).await.unwrap();
    assert_eq!(post(&router, "/incident", &[("kind", "lost-device")]).await.status, 200);
    let asset = [("kind", "device"), ("name", "Portátil"), ("data", "Nombres"), ("protection", "Cifrado")];
    sent(post(&router, "/practice/inventory/assets/new", &asset).await);
    let rated = [("likelihood", "high"), ("impact", "high"), ("due", "2026-11-25"), ("version", "1")];
    let path = add_risk(&house, &router).await;
    sent(post(&router, &path, &rated).await);
    let vendor = [("name", "NubeFax"), ("service", "mail"), ("gets", "Nombres"), ("state", "wanted")];
    sent(post(&router, "/practice/vendors/new", &vendor).await);
    let list = get(&router, "/practice/vendors").await.text;
    let vendor = list.split("href=\"/practice/vendors/0").nth(1).unwrap().split('"').next().unwrap();
    let insight = [("ease", "2"), ("clear", "4"), ("subject", ""), ("words", "La luz")];
    assert_eq!(post(&router, "/insight", &insight).await.status, 200);
    let pages = [
        "",
        "/analysis",
        "/analysis/about",
        "/analysis/areas/technology",
        "/analysis/questions/a01",
        "/analysis/questions/b07",
        "/analysis/report",
        "/analysis/sign",
        "/analysis/past/1",
        "/analysis/compare/2",
        "/asked",
        "/evaluations",
        "/evaluations/new",
        "/evidence",
        "/evidence/export",
        "/findings",
        "/house-rules",
        "/incidents",
        "/insights",
        "/inventory",
        "/inventory/assets/new",
        "/inventory/import",
        "/plan",
        "/report-key",
        "/risks",
        "/risks/new?finding=poor-light",
        "/safeguards",
        "/safeguards/proposed",
        "/safeguards/tips",
        "/trail",
        "/trail/patient",
        "/trail/reviews",
        "/trail/reviews/2026-11",
        "/vendors",
        "/vendors/new",
    ];
    let english: Vec<String> =
        [web::WORDS, people::WORDS, WORDS].iter().flat_map(sentences).chain(lists()).collect();
    assert!(english.len() > 1_000);
    let whole = [path, format!("/practice/vendors/0{vendor}"), "/incident".into(), "/insight".into()];
    let whole = whole.into_iter().chain(["/report-message".into()]);
    for page in pages.map(|page| format!("/practice{page}")).into_iter().chain(whole) {
        no_english(&router, &page, &english).await;
    }
}

async fn no_english(router: &Router, page: &str, english: &[String]) {
    let shown = get_es(router, page).await;
    assert_eq!(shown.status, 200, "{page}: {}", shown.text);
    let text = read(&shown.text);
    for said in english {
        assert!(!text.contains(said.as_str()), "{page}: {said}");
    }
}
