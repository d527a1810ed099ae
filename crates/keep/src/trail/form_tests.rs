//! Every act of the house makes an entry that fits the form; one that does not fit is kept by nobody.

use super::entry::{Body, Outcome};
use super::form::check;
use super::{Caller, Entry, Object, Search, entries};
use crate::tests::{NOTES, patient};
use crate::{Keep, KeepError, args, testing};
use policy::{Access, Act, Facts, Scope, decide};
use std::net::{IpAddr, Ipv4Addr};
use vocabulary::{
    ParticipantId, PatientId, PersonId, Principal, Relation, Relations, Role, Roles, SessionId, VisitId,
};

fn somebody() -> PatientId {
    PatientId::from_bytes([4; 16])
}

fn some_visit() -> VisitId {
    VisitId::from_bytes([5; 16])
}

fn people() -> Vec<Principal> {
    let session = SessionId::from_bytes([1; 16]);
    let staff = |role| Principal::Staff {
        person: PersonId::from_bytes([2; 16]),
        session,
        roles: Roles::NONE.with(role),
    };
    let participant = ParticipantId::from_bytes([3; 16]);
    let guest = |known| Principal::Guest { participant, visit: some_visit(), session, known };
    let mut all: Vec<Principal> = Role::ALL.iter().map(|role| staff(*role)).collect();
    all.extend([Principal::Anonymous, Principal::System, guest(true), guest(false)]);
    all.push(Principal::Patient { patient: somebody(), session });
    all
}

fn proofs(act: Act) -> Vec<Access> {
    let mut found = Vec::new();
    for who in people() {
        for relation in Relation::ALL {
            let relations = Relations::NONE.with(*relation);
            let facts = Facts {
                relations,
                patient: Some(somebody()),
                visit: Some(some_visit()),
                scope: Scope::CLASSES.into_iter().fold(Scope::NONE, Scope::with),
                from_room: true,
                emergency: false,
                fresh: true,
                only_host_waives: false,
            };
            found.extend(decide(&who, &facts, act).ok());
        }
    }
    found
}

/// R36: every act, by everybody who may do it, gives an entry that carries the fields and fits the form.
#[test]
fn every_act_by_whoever_may_do_it_gives_an_entry_that_fits() {
    for act in Act::ALL {
        let proofs = proofs(*act);
        assert!(!proofs.is_empty(), "nobody may do {}", act.code());
        for access in proofs {
            let entry = Entry::new(Object::of("thing", "1").version(2));
            let body = Body::allowed(&access, &entry);
            assert_eq!(check(&body), Ok(()), "{} by {:?}", act.code(), access.who());
            let shown = serde_json::to_value(&body).unwrap();
            for field in ["act", "action", "purpose", "outcome", "who", "grounds", "object", "source"] {
                assert!(shown.get(field).is_some(), "{} has no {field}", act.code());
            }
            let behalf = matches!(access.grounds(), "representative" | "supporter");
            assert_eq!(body.on_behalf_of, behalf.then_some(somebody()));
        }
        for who in people() {
            let refused =
                Entry::new(Object::of("page", "")).outcome(Outcome::Refused).detail("why", "not_yours");
            assert_eq!(check(&Body::about(&who, *act, &refused)), Ok(()), "{} refused", act.code());
        }
    }
}

#[test]
fn an_entry_with_one_thing_wrong_does_not_fit() {
    let access = proofs(Act::OpenChart).remove(0);
    let good = Body::allowed(&access, &Entry::new(Object::of("patient", "1")));
    let wrong = |field: &str, change: fn(&mut Body)| {
        let mut body = good.clone();
        change(&mut body);
        assert_eq!(check(&body), Err(field), "{field}");
    };
    wrong("act", |body| body.act = "chart.steal".into());
    wrong("action", |body| body.action = "delete".into());
    wrong("purpose", |body| body.purpose = "FUN".into());
    wrong("source", |body| body.source.clear());
    wrong("object", |body| body.object = "Ann Smith".into());
    wrong("object_id", |body| body.object_id = "1\n2".into());
    wrong("grounds", |body| body.grounds.clear());
    wrong("details.why", |body| body.outcome = Outcome::Refused);
    wrong("details", |body| drop(body.details.insert("Why".into(), "x".into())));
    wrong("details", |body| drop(body.details.insert("why".into(), "x".repeat(4_001))));
    wrong("patient", |body| body.patient = None);
    wrong("who.kind", |body| body.who.kind = "ghost".into());
    wrong("who.id", |body| body.who.id.clear());
    wrong("who.session", |body| body.who.session.clear());
    wrong("who.level", |body| body.who.level = "sure".into());
    wrong("who.address", |body| body.who.address = "at home".into());
    wrong("who.device", |body| body.who.device = "a\nb".into());
}

#[tokio::test]
async fn an_entry_that_does_not_fit_takes_its_transaction_with_it() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let mut tx = keep.begin().await.unwrap();
    tx.run("INSERT INTO note (id, version, body) VALUES ('x', 1, $1)", args![vec![0]]).await.unwrap();
    let entry = Entry::new(Object::of("note of Ann", "x"));
    assert_eq!(tx.commit(&crate::tests::system(), entry).await, Err(KeepError::Shape("object")));
    assert!(keep.read().await.unwrap().row("SELECT id FROM note", args![]).await.unwrap().is_none());
    assert_eq!(super::verify(&keep).await.unwrap().size, 0);
}

/// R36 (part: address, device and the hashed query; a socket's acts carry what its session came with).
#[tokio::test]
async fn where_somebody_acts_from_and_what_they_searched_is_in_the_entry() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    let access = crate::tests::clinician(keep.entropy(), ann, Act::OpenChart);
    let commit = async |entry: Entry| keep.begin().await.unwrap().commit(&access, entry).await.unwrap();
    let entry = || Entry::new(Object::of("patient", ann.text()));
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    let caller = Caller { address: Some(address), device: format!("Browser\u{7} 1 {}", "x".repeat(400)) };
    caller.during(commit(entry().query(" Smith "))).await;
    commit(entry().query("smith")).await;
    commit(entry().query("Smithe")).await;
    let found = read(&keep, ann).await;
    for body in &found {
        assert_eq!(body.who.address, "192.0.2.7");
        assert!(body.who.device.starts_with("Browser 1 x") && body.who.device.len() == 200);
        assert!(body.query.len() == 64 && !body.query.contains("mith"));
    }
    assert_eq!(found[1].query, found[2].query);
    assert_ne!(found[0].query, found[1].query);
}

async fn read(keep: &Keep, of: PatientId) -> Vec<Body> {
    let access = crate::tests::clinician(keep.entropy(), of, Act::OpenChart);
    let mut viewing = crate::Viewing::new(keep.clone(), keep.read_conn().await.unwrap());
    let search = Search { patient: Some(of), limit: 10, ..Search::default() };
    let found = entries(&mut viewing, &access, search).await.unwrap();
    found.into_iter().map(|event| event.body.unwrap()).collect()
}
