//! Two people at once, form by form: the second to save sees what differs, and nobody's words are lost.

use super::*;
use keep::args;

/// The page shows all of these words.
fn shows(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.status, 409, "{}", answer.text);
    for said in words {
        assert!(answer.text.contains(said), "{said} is lost: {}", answer.text);
    }
}

#[tokio::test]
async fn an_answer_that_changed_shows_every_field_that_differs() {
    let house = House::open().await;
    let router = house.start().await;
    let doctor = house.doctor.text();
    let theirs = [
        ("choice", "no"),
        ("note", "from Grace"),
        ("evidence", "The signed list"),
        ("evidence_date", "2026-03-01"),
        ("asked_of", doctor.as_str()),
        ("due", "2026-12-01"),
        ("version", "0"),
    ];
    sent(post(&router, FIRST, &theirs).await);
    let yours = [
        ("choice", "yes"),
        ("note", "from Ivan"),
        ("evidence", "A photo"),
        ("evidence_date", "2026-04-01"),
        ("flagged", "yes"),
        ("due", "2026-12-24"),
        ("version", "0"),
    ];
    let clash = post(&router, FIRST, &yours).await;
    let rows = ["from Grace", "The signed list", "2026-03-01", "Amara Osei", "2026-12-01"];
    shows(&clash, &[&rows[..], &["from Ivan", "A photo", "2026-04-01", "2026-12-24"]].concat());
    assert!(clash.text.contains("Come back to this"));
    let same = [&theirs[..6], &[("version", "0")]].concat();
    let same = post(&router, FIRST, &same).await;
    assert!(same.text.contains("wrote the same") && !same.text.contains("class=\"kept\""), "{}", same.text);
}

/// R45 (part: the register and its plan, changed by two at once)
#[tokio::test]
async fn a_risk_and_its_plan_that_changed_show_every_field_that_differs() {
    let house = House::open().await;
    let router = house.official();
    let path = add_risk(&house, &router).await;
    let (doctor, grace) = (house.doctor.text(), house.official.text());
    let theirs = [
        ("what", "Thin door"),
        ("likelihood", "high"),
        ("impact", "high"),
        ("level_override", "low"),
        ("override_reason", "Empty until May"),
        ("treatment", "reduce"),
        ("plan", "A second door"),
        ("owner", doctor.as_str()),
        ("due", "2026-12-01"),
        ("version", "1"),
    ];
    sent(post(&router, &path, &theirs).await);
    let yours = [
        ("what", "Thin wall"),
        ("likelihood", "moderate"),
        ("impact", "high"),
        ("treatment", "avoid"),
        ("plan", "Another room"),
        ("owner", grace.as_str()),
        ("due", "2026-12-24"),
        ("residual", "very-low"),
        ("evidence", "The lease"),
        ("version", "1"),
    ];
    let clash = post(&router, &path, &yours).await;
    let rows =
        ["Thin door", "Empty until May", "Make it smaller", "A second door", "Amara Osei", "2026-12-01"];
    shows(&clash, &rows);
    let rows = ["Thin wall", "Stop doing it", "Another room", "Grace Lindqvist", "2026-12-24", "The lease"];
    shows(&clash, &rows);
    assert!(!clash.text.contains("<h2>Harm</h2>"), "what is the same is no choice");

    let old = [("reason", "We move out in May"), ("name", "Grace Lindqvist"), ("version", "1")];
    let late = post(&router, &format!("{path}/accept"), &old).await;
    shows(&late, &["changed this risk while you wrote", ">We move out in May</textarea>"]);
    shows(&late, &["value=\"Grace Lindqvist\"", "Thin door"]);
    let bare = [("reason", "We move out in May"), ("name", " "), ("version", "2")];
    let bare = post(&router, &format!("{path}/accept"), &bare).await;
    assert!(bare.status == 422 && bare.text.contains(">We move out in May</textarea>"), "{}", bare.text);
    assert_eq!(house.register().await[0].0.state, RiskState::Open, "signed by nobody");

    let closed = "UPDATE risk SET state = 'closed' WHERE number = $1";
    let number = house.register().await[0].0.number;
    let mut tx = house.keep.begin().await.unwrap();
    tx.run(closed, args![number]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("risk", ""))).await.unwrap();
    let signed = [("reason", "We move out in May"), ("name", "Grace Lindqvist"), ("version", "2")];
    let late = post(&router, &format!("{path}/accept"), &signed).await;
    shows(&late, &["This risk is closed", "We move out in May", "Grace Lindqvist"]);
    assert!(!late.text.contains("#reason"), "the page leads to no field that is not there");
}

#[tokio::test]
async fn the_written_parts_show_another_day_of_review_too() {
    let house = House::open().await;
    let router = house.start().await;
    let about = [("scope", "All"), ("flows", "Phones"), ("documentation", "Log"), ("version", "1")];
    let page = "/practice/analysis/about";
    sent(post(&router, page, &[&about[..], &[("review", "2027-05-01")]].concat()).await);
    let late = post(&router, page, &[&about[..], &[("review", "2027-06-01")]].concat()).await;
    shows(&late, &["2027-05-01", "2027-06-01"]);
}

#[tokio::test]
async fn words_for_an_analysis_that_was_signed_meanwhile_can_be_copied() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    sent(sign(&router).await);
    let typed = [("choice", "yes"), ("note", "Too late"), ("evidence", "The list"), ("version", "1")];
    let late = post(&router, FIRST, &typed).await;
    shows(&late, &["was signed while you wrote", "Too late", "The list"]);
    let about = [("scope", "All of it, and the wallpaper"), ("review", "2027-06-01"), ("version", "2")];
    shows(&post(&router, "/practice/analysis/about", &about).await, &["All of it, and the wallpaper"]);
    let signed = get(&router, "/practice/analysis/signed/1").await.text;
    assert!(!signed.contains("Too late") && !signed.contains("and the wallpaper"));
}

#[tokio::test]
async fn choices_without_a_word_are_given_back_too() {
    let house = House::open().await;
    let router = house.start().await;
    let doctor = house.doctor.text();
    sent(post(&router, FIRST, &[("asked_of", &doctor), ("due", "2026-12-01"), ("version", "0")]).await);
    sent(post(&router, FIRST, &[("choice", "yes"), ("version", "1")]).await);
    let asked = house.as_role(house.doctor, Role::Clinician);
    let late = post(&asked, "/practice/asked/a01", &[("choice", "not-sure"), ("version", "1")]).await;
    shows(&late, &["no longer yours", "Not sure"]);
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("DELETE FROM answer", args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    fill(&house, &router).await;
    sent(sign(&router).await);
    shows(&post(&router, FIRST, &[("choice", "partly"), ("version", "1")]).await, &["was signed", "Partly"]);
    let area = [("c-a01", "not-sure"), ("v-a01", "1"), ("c-a02", "partly"), ("v-a02", "1")];
    let late = post(&router, "/practice/analysis/areas/policies", &area).await;
    let first = bank().question("a01").unwrap().text(Lang::En).replace('\'', "&#39;");
    shows(&late, &["was signed", "Not sure", "Partly", &first]);
}

#[tokio::test]
async fn a_question_taken_back_while_it_was_answered_gives_the_words_back() {
    let house = House::open().await;
    let router = house.start().await;
    let doctor = house.doctor.text();
    sent(post(&router, FIRST, &[("asked_of", &doctor), ("due", "2026-12-01"), ("version", "0")]).await);
    sent(post(&router, FIRST, &[("choice", "yes"), ("note", "I know it"), ("version", "1")]).await);
    let asked = house.as_role(house.doctor, Role::Clinician);
    let late = [("choice", "no"), ("note", "The door is thin"), ("version", "1")];
    let late = post(&asked, "/practice/asked/a01", &late).await;
    shows(&late, &["no longer yours", "The door is thin"]);
    assert!(!late.text.contains("I know it"), "what others wrote is not theirs to read");
    assert!(get(&router, FIRST).await.text.contains("I know it"));
    assert_eq!(get(&asked, "/practice/asked/a01").await.status, 404);
}

#[tokio::test]
async fn a_reason_for_findings_that_a_colleague_closed_is_not_lost() {
    let house = House::open().await;
    let visit = VisitId::new(START, house.keep.entropy());
    let mut tx = house.keep.begin().await.unwrap();
    findings::raise(&mut tx, Kind::PoorNoise, Source::Visit(visit)).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
    let router = house.official();
    let close = "/practice/findings/poor-noise/close";
    let long = "z".repeat(1_001);
    for reason in [" ", long.as_str()] {
        let refused = post(&router, close, &[("reason", reason)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("at most 1,000 letters") && refused.text.contains(reason.trim()));
    }
    let seen = START.0.to_string();
    let fields = [("reason", "Road works, over since Friday"), ("seen", seen.as_str())];
    sent(post(&router, close, &fields).await);
    let late = post(&router, close, &[("reason", "The window was open"), ("seen", &seen)]).await;
    shows(&late, &["closed these findings", "The window was open"]);
}

/// A decision, the findings of a month, and the rules of the house have their own tests beside their pages.
#[tokio::test]
async fn a_second_decision_on_a_safeguard_shows_both() {
    let house = House::open().await;
    let router = house.official();
    let page = format!("/practice/safeguards/of/{}", crate::safeguards::lists().specifications[0].id);
    let first = [("decision", "done"), ("how", "Every laptop is encrypted."), ("seen", "0")];
    sent(post(&router, &page, &first).await);
    let second = [("decision", "done"), ("how", "Only the phones are encrypted."), ("seen", "0")];
    let clash = post(&router, &page, &second).await;
    shows(&clash, &["Every laptop is encrypted.", "Only the phones are encrypted."]);
}

#[tokio::test]
async fn a_list_that_is_full_keeps_what_was_typed() {
    let house = House::open().await;
    let router = house.official();
    let rows: String = (0..400).map(|n| format!("device,Tablet {n},Names\r\n")).collect();
    let table = format!("kind,name,health data\r\n{rows}");
    sent(post(&router, "/practice/inventory/import", &[("table", table.as_str())]).await);
    let out = post(&router, "/practice/inventory/csv", &[]).await.text;
    sent(post(&router, "/practice/inventory/import", &[("table", out.as_str())]).await);
    let one = [("kind", "device"), ("name", "One more"), ("data", "Names"), ("protection", "Locked")];
    let full = post(&router, "/practice/inventory/assets/new", &one).await;
    assert!(full.status == 422 && full.text.contains("400 entries at most"), "{}", full.text);
    assert!(full.text.contains("value=\"One more\"") && full.text.contains("Locked"));
    let mut conn = house.keep.read().await.unwrap();
    let count = conn.row("SELECT count(*) AS n FROM asset", args![]).await.unwrap().unwrap();
    assert_eq!(count.int("n"), Ok(400));
}
