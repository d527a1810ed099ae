//! Whom somebody in the lobby will see, and who else comes, over real sockets.

use super::house::{House, clinician, furnish, seat};
use crate::before::rules::ParticipantState as S;
use crate::before::store::{load_visit, participant, set_clinician, set_participant};
use keep::{Entry, Hint, Object, Tx};
use people::licences::{self, rules::New};
use people::staff;
use serde_json::Value;
use vocabulary::{HOUR_MS, VisitId};

fn host(coming: &Value) -> String {
    plain(&coming["host"])
}

/// Without the invisible marks around names.
fn plain(text: &Value) -> String {
    text.as_str().unwrap().replace(['\u{2068}', '\u{2069}'], "")
}

fn named(coming: &Value, name: &str) -> bool {
    coming["others"].as_array().unwrap().iter().any(|one| plain(&one["name"]).contains(name))
}

/// As a page of the practice ends: its change, the hint, its entry.
async fn written(mut tx: Tx, visit: VisitId) {
    tx.hint(Hint::Visit(visit));
    tx.commit(&furnish(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
}

/// R86 (part: while they wait in the room's own document): a colleague is added, the visit is handed over, a
/// licence is entered, and the socket of whoever waits says so at once. Who comes along is told of nobody.
#[tokio::test]
async fn whoever_waits_reads_who_comes_as_soon_as_the_practice_has_changed_it() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut companion = house.page(&meeting, meeting.supporter).await;
    let door = patient.welcome["elsewhere"].as_str().unwrap();
    assert!(door.starts_with("/g/") && door.ends_with("/other-device"), "{door}");
    let first = patient.next("coming").await;
    assert_eq!(host(&first), "You will see Dr. Amara Osei, MD, licensed in Massachusetts.");
    assert_eq!(first["others"][0]["part"], "Supporter");
    assert!(!named(&first, "Ben Hart"));

    let mut tx = house.keep.begin().await.unwrap();
    let new = staff::NewPerson { name: "Dr. Ben Hart", ..clinician() };
    let ben = staff::add(&mut tx, &new).await.unwrap();
    let deputy = seat(&mut tx, meeting.visit, ("deputy", "invited"), (Some(ben), None)).await;
    written(tx, meeting.visit).await;
    patient.until("coming", |told| named(told, "Dr. Ben Hart, MD, licensed in Massachusetts")).await;

    let mut tx = house.keep.begin().await.unwrap();
    let visit = load_visit(&mut tx, meeting.visit).await.unwrap();
    set_clinician(&mut tx, &visit, ben).await.unwrap();
    let (row, now) = (participant(&mut tx, deputy).await.unwrap(), tx.now());
    set_participant(&mut tx, &row, S::Removed, now).await.unwrap();
    written(tx, meeting.visit).await;
    let handed = patient.until("coming", |told| told["clinician"] == "Dr. Ben Hart").await;
    assert_eq!(host(&handed), "You will see Dr. Ben Hart, MD, licensed in Massachusetts.");
    assert!(!named(&handed, "Ben Hart"), "{handed}");

    // The page of the licences knows nothing of visits.
    let mut tx = house.keep.begin().await.unwrap();
    let licence = New { state: "NH", compact: None, ends_at: tx.now().plus_ms(HOUR_MS) };
    licences::add(&mut tx, (ben, None), &licence).await.unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("licence", ""))).await.unwrap();
    patient.until("coming", |told| host(told).contains("New Hampshire")).await;

    patient.say("language", serde_json::json!({ "lang": "es" })).await;
    patient.until("coming", |told| host(told).starts_with("Su consulta es con Dr. Ben Hart")).await;
    let told = patient.kinds().iter().filter(|kind| **kind == "coming").count();
    house.desk_says(&meeting, "Un momento.").await;
    patient.until("lobby", |lobby| lobby["said"][0]["text"] == "Un momento.").await;
    patient.caught_up().await;
    assert_eq!(
        patient.kinds().iter().filter(|kind| **kind == "coming").count(),
        told,
        "nothing is said twice"
    );
    // The practice goes on working on this visit, and the trail says nothing of who only waits.
    house.clock.advance_ms(HOUR_MS);
    let looks = async || {
        let acts = house.acts().await;
        acts.iter().filter(|(act, _)| act == policy::Act::EnterLobby.code()).count()
    };
    let before = looks().await;
    house.desk_says(&meeting, "Ya casi.").await;
    patient.until("lobby", |lobby| lobby["said"].as_array().is_some_and(|all| all.len() == 2)).await;
    patient.caught_up().await;
    assert_eq!(looks().await, before, "{:?}", house.acts().await);
    companion.until("lobby", |lobby| lobby["said"][0]["text"] == "Un momento.").await;
    companion.caught_up().await;
    assert!(!companion.kinds().contains(&"coming"), "{:?}", companion.kinds());
}
