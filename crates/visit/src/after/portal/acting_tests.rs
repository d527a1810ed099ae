//! The portal as somebody sees it who acts for the patient: what their authority covers, and no more.

use crate::before::companions::acting_tests::{FATHER, acts_for, invited};
use crate::before::rules::Part;
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use keep::args;
use vocabulary::{HOUR_MS, Principal, RepresentativeId, SessionId};
use web::testing::{get, post};

const SUMMARY: &str = "canary summary: rest the elbow, call if it swells";

async fn only(house: &House) -> RepresentativeId {
    let mut conn = house.keep.read().await.unwrap();
    let row = conn.row("SELECT id FROM representative", args![]).await.unwrap().unwrap();
    row.parsed("id", RepresentativeId::parse).unwrap()
}

async fn acting(house: &House) -> Router {
    let session = SessionId::from_bytes([8; 16]);
    house.router(Principal::Representative {
        representative: only(house).await,
        patient: house.patient,
        session,
    })
}

/// R15 (part: a proxy's portal shows what their scope covers, each part alone, never what is the patient's)
/// R74 (part: by scope, in the portal, until the end date)
#[tokio::test]
async fn whoever_acts_for_a_patient_sees_what_the_scope_covers_and_the_patient_sees_that_they_did() {
    for scope in ["chart", "consent"] {
        let house = House::open().await;
        let booked = house.booked().await;
        sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
        house.held(&booked).await;
        let write = format!("/visits/{}/summary", booked.visit.text());
        post(&house.as_doctor(), &write, &[("body", SUMMARY)]).await;
        acts_for(&house, FATHER, &[scope]).await;
        let theirs = acting(&house).await;
        let visit = format!("/portal/visits/{}", booked.visit.text());
        let (read, signed) = match scope {
            "chart" => (StatusCode::OK, StatusCode::NOT_FOUND),
            _ => (StatusCode::NOT_FOUND, StatusCode::OK),
        };
        let home = get(&theirs, "/portal").await;
        let called = if scope == "consent" { "You act for" } else { "You help" };
        assert!(home.status == StatusCode::OK && plain(&home.text).contains(called), "{}", home.text);
        assert!(!home.text.contains(NAME), "the full name is another class");
        assert_eq!(home.text.contains("Summary ready"), scope == "chart", "{scope}");
        assert_eq!(home.text.contains("/portal/agreements"), scope == "consent", "{scope}");
        for kept in ["/portal/opened", "/portal/given", "/portal/contact"] {
            assert!(!home.text.contains(kept), "{kept}");
            assert_eq!(get(&theirs, kept).await.status, StatusCode::NOT_FOUND, "{kept} is the patient's");
        }
        let page = get(&theirs, &visit).await;
        assert_eq!((page.status, page.text.contains(SUMMARY)), (read, scope == "chart"), "{scope}");
        assert!(!page.text.contains("/mail") && !page.text.contains("/survey"), "{}", page.text);
        assert_eq!(post(&theirs, &format!("{visit}/mail"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(&theirs, "/portal/agreements").await.status, signed, "{scope}");

        // The trail names who it was and for whom; so does the patient's own page.
        let told = house.trail().await.into_iter().rfind(|body| body.act == "portal.open").unwrap();
        let one = only(&house).await.text();
        assert_eq!((told.who.kind.as_str(), &told.who.id), ("representative", &one));
        assert_eq!((told.grounds.as_str(), told.on_behalf_of), ("representative", Some(house.patient)));
        let opened = get(&house.as_patient(house.patient), "/portal/opened").await.text;
        assert!(opened.contains(FATHER) && opened.contains("Opened your portal for you"), "{opened}");
        assert!(opened.contains("Acts for you"), "{opened}");

        house.clock.advance_ms(24 * HOUR_MS);
        for path in ["/portal", visit.as_str(), "/portal/agreements"] {
            assert_eq!(get(&theirs, path).await.status, StatusCode::NOT_FOUND, "{path} after the end");
        }
    }
}

/// R60 (part: an agreement is taken back by a proxy whose authority covers it, on behalf of the patient)
#[tokio::test]
async fn a_proxy_takes_an_agreement_back_on_behalf_of_the_patient() {
    let house = House::open().await;
    let booked = house.booked().await;
    sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
    acts_for(&house, FATHER, &["consent"]).await;
    let theirs = acting(&house).await;
    let list = get(&theirs, "/portal/agreements").await.text;
    let (_, rest) = list.split_once("/portal/take-back/").expect("something to take back");
    let path = format!("/portal/take-back/{}", &rest[..36]);
    assert_eq!(get(&theirs, &path).await.status, StatusCode::OK);
    let done = post(&theirs, &path, &[]).await;
    assert_eq!(done.location(), "/portal/agreements?done=taken-back", "{}", done.text);
    let told = house.trail().await.into_iter().rfind(|body| body.act == "consent.withdraw").unwrap();
    assert_eq!(told.on_behalf_of, Some(house.patient));
    assert_eq!(told.who.kind, "representative");
    let opened = get(&house.as_patient(house.patient), "/portal/opened").await.text;
    assert!(opened.contains("Signed or took back an agreement"), "{opened}");
}

/// R11 (part: beyond the scope of somebody who acts for this very patient)
#[tokio::test]
async fn beyond_the_scope_what_is_there_looks_like_what_is_not() {
    let absent = SessionId::from_bytes([7; 16]).text();
    for (scope, paths) in [
        ("consent", &["/portal/visits/"][..]),
        ("chart", &["/portal/consents/", "/portal/take-back/", "POST /portal/take-back/"][..]),
    ] {
        let house = House::open().await;
        let booked = house.booked().await;
        sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
        house.held(&booked).await;
        let list = get(&house.as_patient(house.patient), "/portal/agreements").await.text;
        let (_, rest) = list.split_once("/portal/take-back/").expect("something to take back");
        let consent = rest[..36].to_owned();
        acts_for(&house, FATHER, &[scope]).await;
        let theirs = acting(&house).await;
        for path in paths {
            let there = if path.contains("visits") { booked.visit.text() } else { consent.clone() };
            let mut seen = Vec::new();
            for id in [there.as_str(), absent.as_str(), "x%27--"] {
                let answer = match path.strip_prefix("POST ") {
                    Some(path) => post(&theirs, &format!("{path}{id}"), &[]).await,
                    None => get(&theirs, &format!("{path}{id}")).await,
                };
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}{id} with {scope}");
                let text = answer.text.replace(id, "ID");
                seen.push(text.split("class=\"center soft small\"").next().unwrap_or_default().to_owned());
            }
            assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{path} with {scope}: {seen:?}");
        }
    }
}

/// R74 (part: whoever may sign, but not read the chart, lets nobody have it: it could be themselves)
#[tokio::test]
async fn a_proxy_gives_out_nothing_that_they_may_not_see() {
    for (scope, may) in [(&["consent"][..], false), (&["consent", "chart"][..], true)] {
        let house = House::open().await;
        let booked = house.booked().await;
        sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
        acts_for(&house, FATHER, scope).await;
        let theirs = acting(&house).await;
        let list = get(&theirs, "/portal/agreements").await.text;
        for out in ["third_party", "authorization", "part_2"] {
            let path = format!("/portal/agree/{out}");
            let page = get(&theirs, &path).await;
            assert!(may || page.status == StatusCode::NOT_FOUND, "{out}: {}", page.status);
            assert!(may || !list.contains(&path), "{list}");
        }
        let path = "/portal/agree/authorization";
        assert_eq!(list.contains(path), may, "{list}");
        let text = match may {
            true => hidden(&get(&theirs, path).await.text, "text"),
            false => hidden(&get(&house.as_patient(house.patient), path).await.text, "text"),
        };
        let fields = [
            ("who", FATHER),
            ("what", "everything"),
            ("why", "I want it"),
            ("name", FATHER),
            ("agree", "yes"),
            ("means", "stop"),
            ("text", text.as_str()),
        ];
        let signed = post(&theirs, path, &fields).await;
        let expected = if may { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND };
        assert_eq!(signed.status, expected, "{scope:?}: {}", signed.text);
        // Beside the typed name stands whose it is, and the patient reads it.
        let list = plain(&get(&house.as_patient(house.patient), "/portal/agreements").await.text);
        assert_eq!(list.contains(&format!("Signed by {FATHER}")), may, "{list}");
        if may {
            let one = only(&house).await.text();
            let mut conn = house.keep.read().await.unwrap();
            let kept = conn.row("SELECT representative FROM consent_signer", args![]).await.unwrap().unwrap();
            assert_eq!(kept.text("representative").unwrap(), one);
            let told = house.trail().await.into_iter().rfind(|body| body.act == "consent.give").unwrap();
            assert_eq!(told.details["representative"], one);
        }
    }
}

/// R74 (part: whoever may sign, but not read the chart, reads no name and no copy of what lets somebody have
/// it, and takes back nothing that they cannot tell from another)
#[tokio::test]
async fn a_proxy_reads_no_copy_of_what_they_may_not_see() {
    for (scope, may) in [(&["consent"][..], false), (&["consent", "chart"][..], true)] {
        let house = House::open().await;
        let booked = house.booked().await;
        sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
        let patient = house.as_patient(house.patient);
        let path = "/portal/agree/authorization";
        let text = hidden(&get(&patient, path).await.text, "text");
        let fields = [
            ("who", "Lou Canarylawyer"),
            ("what", "my canary records"),
            ("why", "a claim"),
            ("name", NAME),
            ("agree", "yes"),
            ("means", "stop"),
            ("text", text.as_str()),
        ];
        assert_eq!(post(&patient, path, &fields).await.status, StatusCode::SEE_OTHER);
        let mut conn = house.keep.read().await.unwrap();
        let sql = "SELECT id FROM consent WHERE scope = 'authorization'";
        let id = conn.row(sql, args![]).await.unwrap().unwrap().text("id").unwrap().to_owned();
        drop(conn);
        acts_for(&house, FATHER, scope).await;
        let theirs = acting(&house).await;
        let list = get(&theirs, "/portal/agreements").await.text;
        assert!(list.contains("Sharing your record"), "that there is one: {list}");
        let pages = [list, get(&theirs, "/portal").await.text];
        for (page, has_name) in pages.iter().zip([may, false]) {
            assert_eq!(page.contains("Lou Canarylawyer"), has_name, "{scope:?}: {page}");
            assert_eq!(page.contains(&id), may, "{scope:?}: {page}");
        }
        let expected = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
        for path in [format!("/portal/consents/{id}"), format!("/portal/take-back/{id}")] {
            let answer = get(&theirs, &path).await;
            assert_eq!(answer.status, expected, "{scope:?} {path}");
            assert_eq!(answer.text.contains("Lou Canarylawyer"), may, "{scope:?} {path}");
        }
        let back = post(&theirs, &format!("/portal/take-back/{id}"), &[]).await;
        assert_eq!(back.status == StatusCode::SEE_OTHER, may, "{scope:?}: {}", back.text);
    }
}

/// R61 (part: a signature by hand, in the portal), 45 CFR 164.508(c)(1)(vi): whoever draws and types nothing
/// has their own name beside the strokes, the one on file, with the right by which they sign.
#[tokio::test]
async fn beside_what_was_drawn_stands_the_name_of_whoever_drew_it() {
    let house = House::open().await;
    let booked = house.booked().await;
    sign_papers(&house.as_guest(&booked), &house.door(&booked).await).await;
    acts_for(&house, FATHER, &["consent", "chart"]).await;
    let path = "/portal/agree/third_party";
    let patient = house.as_patient(house.patient);
    for (who, name, right) in [
        (acting(&house).await, FATHER, "the guardian, who acts for the patient"),
        (patient.clone(), NAME, "the patient"),
    ] {
        let text = hidden(&get(&who, path).await.text, "text");
        let strokes = "M10 60 L60 20 L80 90 M100 60 L180 60";
        let mut fields =
            vec![("drawn", strokes), ("agree", "yes"), ("means", "stop"), ("text", text.as_str())];
        fields.extend([("who", name), ("what", "times"), ("why", "rides")]);
        assert_eq!(post(&who, path, &fields).await.location(), "/portal/agreements?done=given", "{name}");
        let told = house.trail().await.into_iter().rfind(|body| body.act == "consent.give").unwrap();
        assert_eq!(told.details["hand"], "drew");
        let mut conn = house.keep.read().await.unwrap();
        let sql = "SELECT id FROM consent WHERE scope = 'third_party' ORDER BY number DESC LIMIT 1";
        let id = conn.row(sql, args![]).await.unwrap().unwrap().text("id").unwrap().to_owned();
        drop(conn);
        let copy = get(&patient, &format!("/portal/consents/{id}")).await.text;
        let (_, signature) = copy.split_once("data-element=\"signature\"").unwrap();
        for part in [format!("<dd>{name}</dd>"), format!("<dd>{right}</dd>"), format!("d=\"{strokes}\"")] {
            assert!(signature.contains(&part), "{part}: {signature}");
        }
    }
}

/// R15 (part: a proxy enrols from an invitation of their own, after its second fact; nobody else's does)
#[tokio::test]
async fn a_proxy_goes_from_the_visit_to_the_portal_of_whom_they_act_for() {
    let house = House::open().await;
    let booked = house.booked().await;
    acts_for(&house, FATHER, &["consent"]).await;
    let (_, theirs, door) = invited(&house, booked.visit, Part::Representative).await;
    let as_patient = post(&theirs, &format!("/g/{door}/portal"), &[]).await;
    assert_ne!(as_patient.status, StatusCode::SEE_OTHER, "never as the patient");
    house.held(&booked).await;
    let after = get(&theirs, &format!("/g/{door}/after")).await.text;
    assert!(after.contains(&format!("/g/{door}/acting")), "{after}");
    let gone = post(&theirs, &format!("/g/{door}/acting"), &[]).await;
    assert_eq!(gone.location(), "/portal/keys", "{}", gone.text);
    let told = house.trail().await.into_iter().rfind(|body| body.act == "portal.open").unwrap();
    assert_eq!(told.details["representative"], only(&house).await.text());
    assert_eq!(told.on_behalf_of, Some(house.patient));
    // Of two who act for her the patient must see which one it was: coming in here, and at the visit itself.
    let opened = get(&house.as_patient(house.patient), "/portal/opened").await.text;
    assert!(opened.contains(FATHER), "{opened}");
    assert!(!plain(&opened).contains("Somebody who acts for you"), "{opened}");
    let own = house.door(&booked).await;
    let patients = post(&house.as_guest(&booked), &format!("/g/{own}/acting"), &[]).await;
    assert_eq!(patients.status, StatusCode::NOT_FOUND, "the patient acts for nobody");
    house.clock.advance_ms(24 * HOUR_MS);
    assert_ne!(post(&theirs, &format!("/g/{door}/acting"), &[]).await.location(), "/portal/keys");
}
