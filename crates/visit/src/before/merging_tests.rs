//! Two charts put together by mistake: what was written for a visit in between goes back with it.

use crate::before::consent::Scope;
use crate::before::papers::tests::{fields, in_force};
use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object, Tx, Which, args};
use people::sessions::{How, start_patient};
use policy::Act;
use vocabulary::{MINUTE_MS, PatientId};
use web::testing::{get, post};

const SUMMARY: &str = "canary summary: rest the elbow";

async fn merged(house: &House, (gone, stays): (PatientId, PatientId)) {
    let path = format!("/patients/alike/{}/{}", gone.text(), stays.text());
    let stays = stays.text();
    let fields = [("stays", stays.as_str()), ("why", "asked at the desk, spelled wrong")];
    let done = post(&house.as_desk(), &path, &fields).await;
    assert_eq!(done.location(), "/patients/alike?done=merged", "{}", done.text);
}

async fn undone(house: &House) {
    let list = get(&house.as_desk(), "/patients/alike").await.text;
    let (_, rest) = list.split_once("/patients/merges/").unwrap();
    let undo = format!("/patients/merges/{}/undo", &rest[..36]);
    let done = post(&house.as_desk(), &undo, &[]).await;
    assert_eq!(done.location(), "/patients/alike?done=undone", "{}", done.text);
}

async fn count(house: &House, sql: &'static str, args: Vec<keep::Arg>) -> i64 {
    house.keep.read().await.unwrap().row(sql, args).await.unwrap().unwrap().int("n").unwrap()
}

#[tokio::test]
async fn what_was_written_for_a_visit_goes_back_with_it_and_no_key_is_left() {
    let house = House::open().await;
    let (gone, stays) = (house.entered_again("Maria Canarynam").await, house.patient);
    let visit = house.booked_for(gone, 20 * MINUTE_MS).await;
    merged(&house, (gone, stays)).await;
    let (guest, door) = (house.as_guest(&visit), house.door(&visit).await);
    check_in(&guest, &door).await;
    let page = format!("/visits/{}", visit.visit.text());
    let sent = post(&house.as_desk(), &format!("{page}/invite"), &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    house.held(&visit).await;
    let wrote = post(&house.as_doctor(), &format!("{page}/summary"), &[("body", SUMMARY)]).await;
    assert_eq!(wrote.status, StatusCode::SEE_OTHER, "{}", wrote.text);
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    let portal = start_patient(&mut tx, &rules, stays, How::Invitation).await.unwrap().session;
    let key = "INSERT INTO portal_passkey (id, patient, credential_index, record, made_at, version)
               VALUES ('k', $1, $2, $3, 0, 1)";
    tx.run(key, args![stays, vec![1_u8; 32], Vec::<u8>::new()]).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("session", portal.text()))).await.unwrap();
    undone(&house).await;

    for sql in [
        "SELECT CAST(count(*) AS BIGINT) AS n FROM participant WHERE visit = $1 AND patient = $2",
        "SELECT CAST(count(*) AS BIGINT) AS n FROM consent WHERE visit = $1 AND patient = $2",
        "SELECT CAST(count(*) AS BIGINT) AS n FROM privacy_notice WHERE visit = $1 AND patient = $2",
        "SELECT CAST(count(*) AS BIGINT) AS n FROM summary WHERE visit = $1 AND patient = $2",
        "SELECT CAST(count(*) AS BIGINT) AS n FROM invitation WHERE visit = $1 AND patient = $2",
    ] {
        assert_eq!(count(&house, sql, args![visit.visit, stays]).await, 0, "left behind: {sql}");
        assert!(count(&house, sql, args![visit.visit, gone]).await > 0, "came back: {sql}");
    }
    let links = "SELECT CAST(count(*) AS BIGINT) AS n FROM invitation
                 WHERE visit = $1 AND state <> 'withdrawn'";
    assert_eq!(count(&house, links, args![visit.visit]).await, 0, "links that went to the other's address");
    let keys = "SELECT CAST(count(*) AS BIGINT) AS n FROM portal_passkey WHERE removed_at IS NULL";
    assert_eq!(count(&house, keys, args![]).await, 0, "a passkey made in between");
    let open = "SELECT CAST(count(*) AS BIGINT) AS n FROM session WHERE ended_at IS NULL";
    assert_eq!(count(&house, open, args![]).await, 0, "a portal opened in between");

    let own = format!("/portal/visits/{}", visit.visit.text());
    let theirs = house.as_patient(gone);
    assert!(get(&theirs, &own).await.text.contains(SUMMARY));
    assert_eq!(get(&house.as_patient(stays), &own).await.status, StatusCode::NOT_FOUND);
    let list = get(&theirs, "/portal").await.text;
    let copies: Vec<&str> = list.split("/portal/consents/").skip(1).map(|at| &at[..36]).collect();
    assert!(!copies.is_empty(), "{list}");
    for id in copies {
        let copy = get(&theirs, &format!("/portal/consents/{id}")).await;
        assert_eq!(copy.status, StatusCode::OK, "the signed page opens");
    }
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert!(deep.altered.is_empty() && deep.unknown.is_empty() && deep.gone.is_empty());
}

/// R63 (part: two charts that were one for a while): what was taken back in between stays taken back in the
/// chart that it was given in, what was signed anew goes back with its copy, and the other chart says nothing
/// of either.
#[tokio::test]
async fn an_agreement_goes_back_with_what_became_of_it() {
    let house = House::open().await;
    let (gone, stays) = (house.entered_again("Maria Canarynam").await, house.patient);
    let desk = house.as_desk();
    let signs = async |patient: PatientId, who: &'static str, day: &'static str| {
        let mut all = fields(day, "");
        all.retain(|(name, _)| *name != "who");
        all.push(("who", who));
        let at = format!("/patients/{}/papers/authorization", patient.text());
        let done = post(&desk, &at, &all).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    };
    for who in ["Elena", "Lou"] {
        signs(gone, who, "2026-11-10").await;
    }
    merged(&house, (gone, stays)).await;
    let both = house.as_patient(stays);
    let all = in_force(&both).await;
    assert_eq!(all.len(), 2);
    for (_, id) in all {
        let page = format!("/portal/take-back/{id}");
        if get(&both, &page).await.text.contains("Elena") {
            assert_eq!(post(&both, &page, &[]).await.status, StatusCode::SEE_OTHER);
        }
    }
    signs(stays, "Lou", "2026-11-20").await;
    undone(&house).await;
    let theirs = house.as_patient(gone);
    let all = in_force(&theirs).await;
    assert_eq!(all.len(), 1, "taken back stays taken back");
    assert_eq!(all[0].0, Scope::Authorization);
    let copy = get(&theirs, &format!("/portal/consents/{}", all[0].1)).await;
    assert!(copy.status == StatusCode::OK && copy.text.contains("Lou"), "{}", copy.text);
    assert!(plain(&get(&theirs, "/portal/agreements").await.text).contains("taken back November 21, 2026"));
    let other = get(&house.as_patient(stays), "/portal/agreements").await.text;
    assert!(!other.contains("taken back") && !other.contains("Lou"), "{other}");
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert!(deep.altered.is_empty() && deep.unknown.is_empty() && deep.gone.is_empty());
}

/// R63 (part: of two charts that are one): where each let the same person have the same, one take-back ends
/// both, in the portal, by word, and on the page of papers; what says otherwise stands.
#[tokio::test]
async fn what_both_charts_let_the_same_person_have_ends_with_one_no() {
    for way in ["portal", "by word", "paper"] {
        let house = House::open().await;
        let (gone, stays) = (house.entered_again("Maria Canarynam").await, house.patient);
        let desk = house.as_desk();
        for (patient, who) in [(gone, "Elena"), (stays, "elena"), (stays, "Lou")] {
            let mut all = fields("2026-11-10", "");
            all.retain(|(name, _)| *name != "who");
            all.push(("who", who));
            let at = format!("/patients/{}/papers/authorization", patient.text());
            assert_eq!(post(&desk, &at, &all).await.status, StatusCode::SEE_OTHER);
        }
        merged(&house, (gone, stays)).await;
        let portal = house.as_patient(stays);
        let mut given = Vec::new();
        for (_, id) in in_force(&portal).await {
            let page = get(&portal, &format!("/portal/take-back/{id}")).await.text.to_lowercase();
            given.push((page.contains("elena"), id));
        }
        assert_eq!(given.iter().filter(|(elena, _)| *elena).count(), 2, "{way}");
        let (_, elena) = given.iter().find(|(elena, _)| *elena).unwrap();
        let done = match way {
            "portal" => post(&portal, &format!("/portal/take-back/{elena}"), &[]).await,
            "paper" => {
                let at = format!("/patients/{}/papers/{elena}/taken-back", stays.text());
                post(&desk, &at, &[("how", "voice")]).await
            }
            _ => {
                let visit = house.booked().await;
                let at = format!("/visits/{}/consent/taken-back", visit.visit.text());
                let said = [("scope", "authorization"), ("how", "voice")];
                let which = post(&desk, &at, &said).await.text;
                assert_eq!(which.matches("name=\"one\"").count(), 2, "Elena once, and Lou: {which}");
                let one = given.iter().find(|(elena, id)| *elena && which.contains(id.as_str())).unwrap();
                post(&desk, &at, &[said[0], said[1], ("one", one.1.as_str())]).await
            }
        };
        assert!(done.location().ends_with("done=taken-back"), "{way}: {}", done.text);
        let left = in_force(&portal).await;
        assert_eq!(left.len(), 1, "{way}: {left:?}");
        let page = get(&portal, &format!("/portal/take-back/{}", left[0].1)).await.text;
        assert!(page.contains("Lou"), "{way}: {page}");
        let ended = house.trail().await.iter().filter(|body| body.details.contains_key("ends")).count();
        assert_eq!(ended, 2, "{way}: each no is in the trail");
    }
}

#[tokio::test]
async fn simple_mode_is_sealed_and_comes_along_into_the_chart_that_stays() {
    let house = House::open().await;
    let (gone, stays) = (house.entered_again("Maria Canarynam").await, house.patient);
    let before = house.booked_for(gone, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&before), house.door(&before).await);
    let simple = format!("/g/{door}/simple");
    for on in ["no", "yes"] {
        post(&guest, &simple, &[("on", on), ("back", "/try")]).await;
    }
    let kept = house.keep.read().await.unwrap().row("SELECT chosen FROM simple_mode", args![]).await.unwrap();
    let kept = kept.unwrap().blob("chosen").unwrap().to_vec();
    assert!(!kept.windows(3).any(|bytes| bytes == b"yes"), "what was chosen is sealed");
    let told = house.trail().await.into_iter().rfind(|body| body.object == "simple_mode").unwrap();
    assert!(told.details.is_empty(), "that it was chosen is told, not what: {:?}", told.details);
    merged(&house, (gone, stays)).await;
    let booked = house.booked_for(stays, 180 * MINUTE_MS).await;
    let welcome = format!("/g/{}/check-in/welcome", house.door(&booked).await);
    let follows = get(&house.as_guest(&booked), &welcome).await;
    assert_eq!(follows.location(), welcome, "{}", follows.text);
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert!(deep.altered.is_empty() && deep.unknown.is_empty() && deep.gone.is_empty());
}

/// Sends a form while the writer is busy with `meanwhile`.
pub(super) async fn sent_while(
    house: &House,
    (router, path): (axum::Router, String),
    fields: Vec<(&'static str, String)>,
    meanwhile: impl AsyncFnOnce(&mut Tx),
) -> web::testing::Answer {
    let mut tx = house.keep.begin().await.unwrap();
    let sent = tokio::spawn(async move {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&router, &path, &fields).await
    });
    // Long enough for it to have read the chart and to wait for the writer.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    meanwhile(&mut tx).await;
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("patient_merge", ""))).await.unwrap();
    sent.await.unwrap()
}

#[tokio::test]
async fn what_waited_for_a_merge_is_not_written_into_the_chart_that_is_gone() {
    let house = House::open().await;
    let (gone, stays) = (house.entered_again("Maria Canarynam").await, house.patient);
    let visit = house.booked_for(gone, 20 * MINUTE_MS).await;
    house.held(&visit).await;
    // The doctor is on the team of both, as after a merge.
    house.booked_for(stays, 180 * MINUTE_MS).await;
    let write = (house.as_doctor(), format!("/visits/{}/summary", visit.visit.text()));
    let pair = (gone, stays);
    let wrote = sent_while(&house, write, vec![("body", SUMMARY.into())], async |tx: &mut Tx| {
        tx.hand_over(pair, Which::AllBut(&["patient", "care_team"])).await.unwrap();
    })
    .await;
    assert_eq!(wrote.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrote.text.contains("put together with another") && wrote.text.contains(SUMMARY),
        "nothing is lost"
    );
    let none = "SELECT CAST(count(*) AS BIGINT) AS n FROM summary";
    assert_eq!(count(&house, none, args![]).await, 0);

    let form = [
        ("patient", gone.text()),
        ("clinician", house.doctor.text()),
        ("day", "2026-11-21".into()),
        ("hour", "16:00".into()),
        ("length", "20".into()),
        ("kind", "follow_up".into()),
    ];
    let booking = (house.as_desk(), "/day/book".to_owned());
    let booked = sent_while(&house, booking, form.to_vec(), async |tx: &mut Tx| {
        let merges = "INSERT INTO patient_merge (id, gone, patient, words, merged_by, merged_at)
                      VALUES ('m', $1, $2, $3, $4, 0)";
        tx.run(merges, args![gone, stays, Vec::<u8>::new(), house.desk]).await.unwrap();
    })
    .await;
    assert_eq!(booked.status, StatusCode::CONFLICT, "{}", booked.text);
    let visits = "SELECT CAST(count(*) AS BIGINT) AS n FROM visit WHERE patient = $1";
    assert_eq!(count(&house, visits, args![gone]).await, 0);
}
