//! The page of the house rules, and who may save it.

use crate::risk::tests::{House, fill, sent};
use axum::Router;
use vocabulary::Role;
use web::testing::{get, post};

const PAGE: &str = "/practice/house-rules";

fn seen(html: &str) -> String {
    html.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn form(router: &Router, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mark = seen(&get(router, PAGE).await.text);
    let fixed = [
        ("seen", mark.as_str()),
        ("ask_place", "yes"),
        ("ask_readiness", "yes"),
        ("send_mail", "yes"),
        ("phone_fallback", "yes"),
        ("audio_only", "yes"),
        ("lobby_opens_before_min", "30"),
        ("drop_out_within_min", "5"),
        ("second_fact_tries", "5"),
        ("care_team_days", "365"),
        ("staff_idle_min", "15"),
        ("staff_overall_h", "12"),
        ("patient_idle_min", "30"),
        ("remind_hour", "8"),
    ];
    let kept = fixed.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn save(router: &Router, fields: &[(String, String)]) -> web::testing::Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    post(router, PAGE, &fields).await
}

#[tokio::test]
async fn a_saved_rule_holds_at_once_and_its_change_is_in_the_trail() {
    let house = House::open().await;
    let official = house.official();
    let fields =
        form(&official, &[("checks_must_run", "yes"), ("staff_idle_min", "10"), ("states", "ma nh")]);
    sent(save(&official, &fields.await).await);
    let rules = house.keep.settings().house_rules.clone();
    assert!(rules.checks_must_run && !rules.desk_may_waive && !rules.ask_survey);
    assert_eq!((rules.staff_idle_min, rules.states.as_str()), (10, "MA NH"));
    let page = get(&official, PAGE).await.text;
    assert!(page.contains("value=\"MA NH\"") && page.contains("value=\"10\""));
}

#[tokio::test]
async fn a_number_beyond_its_ceiling_is_said_beside_its_field_and_nothing_is_saved() {
    let house = House::open().await;
    let official = house.official();
    let wrong = save(&official, &form(&official, &[("staff_idle_min", "90")]).await).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("staff_idle_min-fault") && wrong.text.contains("value=\"90\""));
    assert_eq!(house.keep.settings().house_rules, policy::HouseRules::default());
}

/// R47 (part: a new feature): a channel that is switched on reopens what it touches, and says which it was;
/// one that is switched off, or another rule, does not.
#[tokio::test]
async fn a_channel_switched_on_asks_for_a_review_with_its_name() {
    let house = House::open().await;
    let official = house.start().await;
    fill(&house, &official).await;
    let page = "/practice/analysis/questions/b01";
    sent(save(&official, &form(&official, &[("states", "MA")]).await).await);
    let off: Vec<_> =
        form(&official, &[]).await.into_iter().filter(|(name, _)| name != "send_mail").collect();
    sent(save(&official, &off).await);
    assert!(!house.keep.settings().house_rules.send_mail);
    assert!(!get(&official, page).await.text.contains("Please answer again"));
    sent(save(&official, &form(&official, &[("send_sms", "yes")]).await).await);
    let asked = get(&official, page).await.text;
    assert!(asked.contains("A new feature") && asked.contains("Text messages to patients"), "{asked}");
}

/// Two people at once: the second to save is shown what differs, and overwrites nothing unseen.
#[tokio::test]
async fn rules_that_changed_meanwhile_are_not_overwritten_unseen() {
    let house = House::open().await;
    let official = house.official();
    let (first, second) =
        (form(&official, &[("states", "MA")]).await, form(&official, &[("states", "NH")]).await);
    sent(save(&official, &first).await);
    let clash = save(&official, &second).await;
    assert_eq!(clash.status, 409);
    assert!(clash.text.contains("MA -&gt; NH") || clash.text.contains("MA -&#62; NH"), "{}", clash.text);
    assert_eq!(house.keep.settings().house_rules.states, "MA");
    let again = [("seen".to_owned(), seen(&clash.text))].into_iter();
    let again: Vec<_> = again.chain(second.into_iter().filter(|(name, _)| name != "seen")).collect();
    sent(save(&official, &again).await);
    assert_eq!(house.keep.settings().house_rules.states, "NH");
}

/// A number that has to be mended first changes nothing about that.
#[tokio::test]
async fn rules_that_changed_before_a_fault_was_mended_are_not_overwritten_unseen() {
    let house = House::open().await;
    let official = house.official();
    let first = form(&official, &[("states", "MA")]).await;
    let wrong = form(&official, &[("staff_idle_min", "90")]).await;
    sent(save(&official, &first).await);
    let faulty = save(&official, &wrong).await;
    assert_eq!(faulty.status, 422);
    let mark = seen(&faulty.text);
    let mended = form(&official, &[("staff_idle_min", "10"), ("seen", &mark)]).await;
    let clash = save(&official, &mended).await;
    assert_eq!(clash.status, 409);
    assert!(clash.text.contains("MA -&gt;") || clash.text.contains("MA -&#62;"), "{}", clash.text);
    assert_eq!(house.keep.settings().house_rules.states, "MA");
}

#[tokio::test]
async fn the_security_official_reads_the_rules_and_everybody_else_sees_none() {
    let house = House::open().await;
    let security = house.as_role(house.official, Role::SecurityOfficial);
    assert!(!get(&security, PAGE).await.text.contains("Save the rules"));
    assert_eq!(save(&security, &form(&security, &[]).await).await.status, 404);
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        assert_eq!(get(&house.as_role(house.doctor, role), PAGE).await.status, 404, "{role:?}");
    }
}
