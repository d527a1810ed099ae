//! Callers of the sweep in the portal: a patient, and those who act for one within a scope.

use crate::sweep::{Caller, caller, program};
use crate::tests::Practice;
use axum::body::Body;
use axum::http::{Request, header};
use keep::{Entry, Object, args};
use people::portal_keys::Whose;
use people::representatives::{
    self,
    rules::{Authority, Evidence, Identity, New},
};
use people::sessions;
use policy::{RecordClass, Scope};
use vocabulary::{ConsentId, PatientId, Principal, RepresentativeId, UnixMillis};
use web::testing::send;

/// Scope and name of those who act for the target itself: each may do one thing, and nothing of the other's.
pub(crate) const ACTING: [(RecordClass, &str); 2] = [
    (RecordClass::Consent, "acts for the target in consents alone"),
    (RecordClass::Chart, "acts for the target in the chart alone"),
];

/// In the portal of this patient, with an authority that covers this much.
pub(crate) async fn acting(practice: &Practice, whose: (PatientId, &'static str), scope: Scope) -> Caller {
    let mut tx = practice.keep.begin().await.unwrap();
    let new = New {
        name: "Petra Example".into(),
        contact: None,
        authority: Authority::Agent,
        identity: Identity::PhotoId,
        evidence: Evidence::PowerOfAttorney,
        scope,
        begins_at: UnixMillis(0),
        ends_at: UnixMillis(i64::MAX / 2),
    };
    let seen_by = practice.person("owner");
    let representative = representatives::add(&mut tx, whose.0, seen_by, &new).await.unwrap();
    tx.commit(&program(Some(whose.0)), Entry::new(Object::of("representative", ""))).await.unwrap();
    in_portal(practice, whose, Some(representative), Some(scope)).await
}

/// The patient, or whoever acts for them.
pub(crate) async fn in_portal(
    practice: &Practice,
    (patient, name): (PatientId, &'static str),
    representative: Option<RepresentativeId>,
    acts: Option<Scope>,
) -> Caller {
    let mut tx = practice.keep.begin().await.unwrap();
    let house = practice.keep.settings().house_rules.clone();
    let how = (Whose { patient, representative }, sessions::How::Invitation);
    let started = sessions::start_portal(&mut tx, &house, how, None).await.unwrap();
    tx.commit(&program(Some(patient)), Entry::new(Object::of("session", ""))).await.unwrap();
    let session = started.session;
    let who = match representative {
        Some(representative) => Principal::Representative { representative, patient, session },
        None => Principal::Patient { patient, session },
    };
    Caller { acts, ..caller(practice, name, who, &started) }
}

/// The patient agrees to sign on a screen, in the portal.
pub(crate) async fn signs(practice: &Practice, patient: PatientId) -> ConsentId {
    let own = in_portal(practice, (patient, "target"), None, None).await;
    let page = "/portal/agree/e_sign";
    let asked = |method: &'static str, path: &'static str, fields: String| {
        let request = Request::builder().method(method).uri(path).header(header::COOKIE, &own.cookie);
        let request = request
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(&practice.router, request.body(Body::from(fields)).unwrap())
    };
    asked("GET", "/portal/sample", String::new()).await;
    let seen = asked("GET", page, String::new()).await.text;
    let tag = seen.split("name=\"text\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = format!("form_token={}&name=Maria&agree=yes&means=stop&text={tag}", own.token);
    let signed = asked("POST", page, fields).await;
    assert_eq!(signed.location(), "/portal/agreements?done=given", "{}", signed.text);
    let mut conn = practice.keep.read().await.unwrap();
    let row = conn.row("SELECT id FROM consent WHERE patient = $1", args![patient]).await.unwrap().unwrap();
    row.parsed("id", ConsentId::parse).unwrap()
}
