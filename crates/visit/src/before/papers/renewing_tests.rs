//! What is signed again, at the same moment as something else, or for a visit beside others.

use super::standing_tests::{LAWYER, SISTER, answers_from, authorize, authorized, signs, who};
use super::tests::{PLACE, fields, in_force, papers, record, title, today};
use crate::before::companions::acting_tests::{FATHER, acts_for};
use crate::before::consent::rules::{Lapse, Method};
use crate::before::consent::staff_tests::rule;
use crate::before::consent::tests::lapsed;
use crate::before::consent::{Scope, newest, take_back_for};
use crate::before::merging_tests::sent_while;
use crate::test_house::*;
use axum::http::StatusCode;
use keep::Tx;
use vocabulary::{DAY_MS, MINUTE_MS};
use web::testing::{get, post};

/// R63 (part: what was signed anew), R60 (part: one agreement is one object): the same thing for the same
/// person, signed twice on a screen, on paper after that, or again when its year is over, is one agreement:
/// it stands once and ends with one no, in the portal and by word.
#[tokio::test]
async fn what_is_signed_anew_for_the_same_person_is_one_agreement_and_ends_as_one() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    for _ in 0..2 {
        signs(&portal, SISTER).await;
        assert_eq!(who(&portal).await, [SISTER], "a double tap");
    }
    let (_, second) = authorized(&portal).await.remove(0);
    let back = post(&portal, &format!("/portal/take-back/{second}"), &[]).await;
    assert_eq!(back.location(), "/portal/agreements?done=taken-back");
    assert!(who(&portal).await.is_empty(), "one no ends both");
    let trail = house.trail().await;
    let no = trail.iter().rfind(|body| body.details.contains_key("ends")).unwrap();
    let renewed = trail.iter().rfind(|body| body.details.contains_key("renews")).unwrap();
    assert_eq!(no.details["ends"], renewed.details["renews"], "both name the first yes");
    // After a no it begins as a new one; renewed on paper, and once more when its year is over.
    signs(&portal, SISTER).await;
    house.clock.advance_ms(DAY_MS);
    assert_eq!(authorize(&house, &desk, SISTER, &today(&house)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(who(&portal).await, [SISTER]);
    house.clock.advance_ms(366 * DAY_MS);
    assert!(who(&portal).await.is_empty(), "a year has passed");
    signs(&portal, &SISTER.to_lowercase()).await;
    let page = get(&portal, "/portal/agreements").await.text;
    assert_eq!(page.matches("over, asked again").count(), 1, "the visit's own, and not this one: {page}");
    let told = format!("/visits/{}/consent/taken-back", booked.visit.text());
    let ended = post(&desk, &told, &[("scope", "authorization"), ("how", "voice")]).await;
    assert!(
        ended.location().ends_with("?done=taken-back"),
        "one of a kind is not asked about: {}",
        ended.text
    );
    let mut given = in_force(&portal).await;
    given.retain(|(scope, _)| *scope == Scope::Authorization);
    assert!(given.is_empty(), "{given:?}");
}

/// What is over by itself is nothing to ask about beside one that is in force, and its paper lies under those
/// that count no more.
#[tokio::test]
async fn an_agreement_whose_year_is_over_stands_in_no_question() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    assert_eq!(authorize(&house, &desk, SISTER, &today(&house)).await.status, StatusCode::SEE_OTHER);
    house.clock.advance_ms(300 * DAY_MS);
    assert_eq!(authorize(&house, &desk, LAWYER, &today(&house)).await.status, StatusCode::SEE_OTHER);
    house.clock.advance_ms(66 * DAY_MS);
    assert_eq!(who(&portal).await, [LAWYER]);
    let kept = get(&desk, &papers(&house)).await.text;
    let (kept, over) = kept.split_once("No longer in force").expect(&kept);
    assert!(kept.contains(LAWYER) && !kept.contains(SISTER) && over.contains(SISTER), "{over}");
    let told = format!("/visits/{}/consent/taken-back", booked.visit.text());
    let ended = post(&desk, &told, &[("scope", "authorization"), ("how", "voice")]).await;
    assert!(ended.location().ends_with("?done=taken-back"), "{}", ended.text);
    assert!(who(&portal).await.is_empty(), "the one that was in force");
}

/// 45 CFR 164.508(c)(1)(v): the end stands on the sheet that is signed, in its own language, and the copy has
/// the same day whatever the clocks did in between.
#[tokio::test]
async fn a_sheet_says_when_it_ends_and_leaves_nothing_to_the_practice() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    let sheet = get(&desk, &format!("{}/authorization/sheet?lang=en", papers(&house))).await.text;
    assert!(sheet.contains("It ends on the day one year after the date of your signature, or"), "{sheet}");
    let article = sheet.split("<article").nth(1).and_then(|rest| rest.split("</article>").next()).unwrap();
    let blanks = article.split(|letter| letter != '_').filter(|blank| !blank.is_empty());
    assert_eq!(blanks.count(), 3, "who, what and why alone: {article}");
    assert!(!sheet.contains("The practice writes it in"), "{sheet}");
    // Before the clocks of spring in the one year, and after them in the other.
    let done = post(&desk, &format!("{}/recording", papers(&house)), &fields("2026-03-10", "")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let (_, id) = in_force(&portal).await.remove(0);
    let copy = get(&portal, &format!("/portal/consents/{id}")).await.text;
    assert!(copy.contains("until March 10, 2027"), "{copy}");
}

/// R58, R64 (part: several visits to one clinician): the paper that was signed because of a state belongs to
/// the visit that waits for it, and not to a later one whose place is known already.
#[tokio::test]
async fn of_several_visits_the_nearest_has_the_paper() {
    let house = House::open().await;
    rule(&house, |rules| rules.paper_consent_states = "MA".into()).await;
    let today = house.booked().await;
    let later = house.booked_for(house.patient, 90 * MINUTE_MS).await;
    for (visit, state) in [(&later, "NH"), (&today, "MA")] {
        let (guest, door) = (house.as_guest(visit), house.door(visit).await);
        sign_papers(&guest, &door).await;
        answers_from(&guest, &door, state).await;
    }
    assert!(lapsed(&house, &today).await.is_some(), "a screen does not count there");
    let done = record(&house, &house.as_desk(), Scope::Telehealth).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(lapsed(&house, &today).await, None);
    assert_eq!(lapsed(&house, &later).await, Some(Lapse::NewState));
}

/// R58 (part: a paper that comes before anybody says where they are): where some state wants paper, a
/// signature on a screen does not stand in its way.
#[tokio::test]
async fn a_paper_mailed_ahead_is_recorded_beside_a_signature_on_a_screen() {
    for states in ["", "MA"] {
        let house = House::open().await;
        rule(&house, |rules| rules.paper_consent_states = states.into()).await;
        let booked = house.booked().await;
        sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
        let at = format!("{}/telehealth", papers(&house));
        let done = post(&house.as_desk(), &at, &fields("2026-11-20", &house.doctor.text())).await;
        if states.is_empty() {
            assert!(done.text.contains("in force already"), "no state wants it: {}", done.text);
            continue;
        }
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut read = house.keep.read().await.unwrap();
        let row = newest(&mut read, house.patient, Scope::Telehealth, Some(house.doctor)).await.unwrap();
        assert_eq!(row.unwrap().method, Method::Paper);
    }
}

/// R74 (part: the last day of an authority): signed in its morning, the paper counts, though the authority
/// ended before the day did.
#[tokio::test]
async fn whoever_could_sign_in_the_morning_has_signed() {
    let house = House::open().await;
    house.booked().await;
    acts_for(&house, FATHER, &["consent"]).await;
    let desk = house.as_desk();
    let at = format!("{}/recording", papers(&house));
    let form = get(&desk, &at).await.text;
    let (signer, _) = form.split_once(&format!("\">{FATHER}")).expect(&form);
    let signer = &signer[signer.len() - 36..];
    let end = format!("/patients/{}/representatives/{signer}/end", house.patient.text());
    assert_eq!(post(&house.as_doctor(), &end, &[]).await.status, StatusCode::SEE_OTHER);
    house.clock.advance_ms(30 * MINUTE_MS);
    let day = today(&house);
    let mut all = fields(&day, "");
    all.retain(|(name, _)| *name != "signer");
    all.push(("signer", signer));
    let done = post(&desk, &at, &all).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    house.clock.advance_ms(DAY_MS);
    let day = today(&house);
    all.retain(|(name, _)| *name != "signed_on");
    all.push(("signed_on", day.as_str()));
    let late = post(&desk, &at.replace("recording", "images"), &all).await;
    assert!(late.text.contains("On that day this person could not sign"), "{}", late.text);
}

/// R63 (part: a no while a paper is typed in): the patient takes it back after the desk's page was read and
/// before its row is written; the older paper does not overrule that.
#[tokio::test]
async fn a_no_while_a_paper_is_typed_in_counts() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    let at = format!("{}/recording", papers(&house));
    assert_eq!(post(&desk, &at, &fields("2026-11-10", "")).await.status, StatusCode::SEE_OTHER);
    let mut read = house.keep.read().await.unwrap();
    let yes = newest(&mut read, house.patient, Scope::Recording, None).await.unwrap().unwrap();
    drop(read);
    let day = today(&house);
    let typed: Vec<_> = fields(&day, "").into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    let late = sent_while(&house, (desk, at), typed, async |tx: &mut Tx| {
        take_back_for(tx, &yes, (Method::Voice, house.desk)).await.unwrap();
    })
    .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("a moment ago") && late.text.contains(PLACE), "{}", late.text);
    assert!(in_force(&portal).await.is_empty(), "{} stays taken back", title(Scope::Recording));
}

/// Two who record one paper at the same moment: one of them is asked to look again.
#[tokio::test]
async fn one_paper_is_recorded_once_however_many_hands_do_it() {
    let house = House::open().await;
    let desk = house.as_desk();
    let one = || record(&house, &desk, Scope::Recording);
    let (first, second) = tokio::join!(one(), one());
    let mut all = [first.status, second.status];
    all.sort_unstable();
    assert_eq!(all, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
}
