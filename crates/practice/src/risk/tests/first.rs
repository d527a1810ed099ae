//! A practice that was opened today: from nothing to a signed analysis, by three people, area by area.

#![expect(clippy::print_stdout, reason = "prints what a newcomer presses through")]

use super::*;
use crate::signed_reports::ensure_key;

/// So many screens take a newcomer to a whole draft: one for each area, and those for what no list can ask.
const SCREENS_AT_MOST: usize = 20;

/// Answers a whole area at once, all but `left`: every ninth "not sure".
async fn area_at_once(router: &Router, area: Area, left: &str) {
    let page = format!("/practice/analysis/areas/{}", area.code());
    assert_eq!(get(router, &page).await.status, 200);
    let mut fields = Vec::new();
    for (at, question) in bank().of_area(area).enumerate().filter(|(_, one)| one.id != left) {
        let choice = if at % 9 == 8 { "not-sure" } else { "yes" };
        fields.push((format!("c-{}", question.id), choice.to_owned()));
        fields.push((format!("v-{}", question.id), "0".to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent(post(router, &page, &fields).await);
}

/// R42 (part: a fresh practice, three people), R46 (part: page and PDF of the first analysis): the official
/// answers area by area, a colleague answers what was passed on, the desk says what gets in the way; nothing
/// is signed before all nine elements are there, and then page and PDF say what all three have said.
#[tokio::test]
async fn three_people_bring_a_fresh_practice_to_its_first_signed_analysis() {
    let house = House::open().await;
    ensure_key(&house.keep).await.unwrap();
    let mut tx = house.keep.begin().await.unwrap();
    let roles = Roles::NONE.with(Role::Desk);
    let new = NewPerson { name: "Theo Marchetti", credentials: "", licensed_in: "", roles, lang: Lang::Es };
    let theo = staff::add(&mut tx, &new).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    let official = house.official();
    assert!(get(&official, "/practice").await.text.contains("No reminder has gone out yet"));
    sent(post(&official, "/practice/analysis/start", &[]).await);
    let mut screens = 1;
    for area in Area::ALL {
        area_at_once(&official, *area, "d05").await;
        screens += 1;
    }
    let doctor = house.doctor.text();
    let asked = [("asked_of", doctor.as_str()), ("due", "2026-12-01"), ("version", "0")];
    sent(post(&official, "/practice/analysis/questions/d05", &asked).await);
    let path = add_risk(&house, &official).await;
    let rated = [("likelihood", "low"), ("impact", "moderate"), ("what", "One password for the desk")];
    sent(post(&official, &path, &[&rated[..], &[("version", "1")]].concat()).await);
    let about = [("scope", "All records"), ("flows", "Visits, letters"), ("documentation", "A walk")];
    let review = [("review", "2027-10-01"), ("version", "1")];
    sent(post(&official, "/practice/analysis/about", &[&about[..], &review].concat()).await);
    screens += 4;
    let draft = get(&official, "/practice/analysis/report").await;
    assert!(draft.status == 200 && draft.text.contains("All records"), "a draft at any time");
    assert!(!draft.text.contains("This report is signed"), "nobody has signed it: {}", draft.text);
    let home = get(&official, "/practice").await.text.replace(['\u{2068}', '\u{2069}'], "");
    let seen = home.split("Questions Alcove sees an answer to: ").nth(1).unwrap().split(' ').next().unwrap();
    let seen: usize = seen.parse().unwrap();
    assert!(seen > 0, "{home}");
    let all = bank().questions.len();
    println!("a newcomer's first draft: {screens} screens, {all} questions, {seen} of them observed");
    for area in Area::ALL {
        println!("  {}: {} questions", area.code(), bank().of_area(*area).count());
    }
    assert!(screens <= SCREENS_AT_MOST);

    let early = sign(&official).await;
    assert_eq!(early.status, 422);
    assert!(early.text.contains("Answer every question"), "{}", early.text);
    let colleague = house.as_role(house.doctor, Role::Clinician);
    let answer = [("choice", "partly"), ("note", "The door of room 3 is thin."), ("version", "1")];
    sent(post(&colleague, "/practice/asked/d05", &answer).await);
    let insight = [("ease", "2"), ("clear", "4"), ("subject", ""), ("words", "")];
    assert_eq!(post(&house.as_role(theo, Role::Desk), "/insight", &insight).await.status, 200);
    let signed = sign(&official).await;
    assert_eq!(signed.location(), "/practice/analysis/past/1", "{}", signed.text);
    let page = get(&official, "/practice/analysis/signed/1").await.text;
    let pdf = get(&official, "/practice/analysis/signed/1/pdf").await.text;
    for said in ["All records", "The door of room 3 is thin.", "Staff are not at ease", "Grace Lindqvist"] {
        assert!(page.contains(said) && pdf.contains(said), "{said}");
    }
    assert!(!page.contains("Theo") && !pdf.contains("Theo"), "an insight has no name");
    assert!(get(&official, "/practice/analysis/past/1").await.text.contains("Signature valid"));
}

/// A question is set aside without an answer, seen as such wherever it is listed, and taken up again; a save
/// of its area keeps the mark.
#[tokio::test]
async fn a_question_is_flagged_seen_and_taken_up_again() {
    let house = House::open().await;
    let router = house.start().await;
    let area = "/practice/analysis/areas/policies";
    let marks = async || {
        let (overview, rows) = (get(&router, "/practice/analysis").await.text, get(&router, area).await.text);
        let page = get(&router, FIRST).await.text;
        let set = page.split("name=\"flagged\" value=\"yes\"").nth(1).unwrap().starts_with(" checked");
        let of_rows = rows.matches("Come back to this").count();
        (overview.replace(['\u{2068}', '\u{2069}'], "").contains("1 flagged"), of_rows, set)
    };
    assert_eq!(marks().await, (false, 0, false));
    sent(post(&router, FIRST, &[("flagged", "yes"), ("version", "0")]).await);
    assert_eq!(marks().await, (true, 1, true));
    let overview = get(&router, "/practice/analysis").await.text.replace(['\u{2068}', '\u{2069}'], "");
    assert!(overview.contains(&format!("0 of {}", bank().questions.len())), "a flag is no answer");
    sent(post(&router, area, &[("c-a01", "yes"), ("v-a01", "1")]).await);
    assert_eq!(marks().await, (true, 1, true));
    sent(post(&router, FIRST, &[("choice", "yes"), ("version", "2")]).await);
    assert_eq!(marks().await, (false, 0, false));
}
