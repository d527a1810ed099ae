//! What the pages of check-in say about themselves: which page it is, how long it takes, what it needs, why.

use crate::test_house::*;
use vocabulary::{Lang, MINUTE_MS};
use web::Catalog;
use web::testing::{get, post, way_back};

#[tokio::test]
async fn a_step_with_faults_can_be_read_in_the_other_language_and_in_large_letters() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    sign_papers(&guest, &door).await;
    for (step, answers) in [("place", PLACE), ("readiness", NOTHING), ("location", NOTHING)] {
        let path = format!("/g/{door}/check-in/{step}");
        // A form that is no page of its own leads to the step that is next.
        assert_eq!(get(&guest, &format!("/g/{door}")).await.location(), path);
        if step != "readiness" {
            let slip = post(&guest, &path, &[]).await;
            assert_eq!((slip.status.as_u16(), way_back(&slip.text)), (422, path.as_str()));
            assert!(slip.text.contains(&format!("action=\"/g/{door}/simple\"")), "{}", slip.text);
            let spanish = get_es(&guest, way_back(&slip.text)).await;
            assert!(spanish.status == 200 && spanish.text.contains("<html lang=\"es\""), "{}", spanish.text);
        }
        post(&guest, &path, answers).await;
    }
}

#[tokio::test]
async fn the_minutes_are_those_of_what_still_waits() {
    let house = House::open().await;
    let first = house.booked().await;
    let (guest, door) = (house.as_guest(&first), house.door(&first).await);
    let welcome = format!("/g/{door}/check-in/welcome");
    let told = plain(&get(&guest, &welcome).await.text);
    assert!(told.contains("7 steps, about 15 minutes."), "{told}");
    let told = plain(&get_es(&guest, &welcome).await.text);
    assert!(told.contains("7 pasos, unos 15 minutos."), "{told}");
    check_in(&guest, &door).await;

    let second = house.booked_for(house.patient, 25 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&second), house.door(&second).await);
    let welcome = format!("/g/{door}/check-in/welcome");
    let told = plain(&get(&guest, &welcome).await.text);
    assert!(told.contains("5 steps, about 4 minutes."), "{told}");
    let told = plain(&get_es(&guest, &welcome).await.text);
    assert!(told.contains("5 pasos, unos 4 minutos."), "{told}");

    // Before it is known who comes: both, and the letter asks to come early enough for the longer one.
    let door = plain(&get(&guest, "/i").await.text);
    assert!(door.contains("about 15 minutes") && door.contains("about 4 minutes"), "{door}");
    let door = plain(&get_es(&guest, "/i").await.text);
    assert!(door.contains("unos 15 minutos") && door.contains("unos 4 minutos"), "{door}");
    let words = Catalog::new(&LOCALES).unwrap();
    for (lang, early) in [(Lang::En, "15 minutes before"), (Lang::Es, "15 minutos antes")] {
        for letter in ["mail-invitation-text", "mail-moved-text", "mail-moved-kept-text"] {
            assert!(words.words(lang).t(letter).contains(early), "{letter}");
        }
    }
}

/// Whoever has no script hears it before the papers, not at the door of the room; and why a browser asks
/// for the camera once more is said above the button that makes it ask.
#[tokio::test]
async fn what_the_visit_needs_is_said_on_the_way_to_it() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let number = "<span class=\"whole\">555-0142</span>";
    for page in ["check-in/welcome", "check-in/readiness", "lobby"] {
        let path = format!("/g/{door}/{page}");
        for (answer, needs) in [
            (get(&guest, &path).await, "A video visit needs JavaScript"),
            (get_es(&guest, &path).await, "La visita por video necesita JavaScript"),
        ] {
            let (_, told) = answer.text.split_once("<noscript>").expect(page);
            let (told, _) = told.split_once("</noscript>").unwrap();
            assert!(told.contains(needs) && told.contains(number), "{page}: {told}");
        }
    }
    for (lobby, asks) in [
        (get(&guest, &format!("/g/{door}/lobby")).await, "Your browser may ask for your camera"),
        (get_es(&guest, &format!("/g/{door}/lobby")).await, "Su navegador puede pedirle otra vez la cámara"),
    ] {
        let (above, _) = lobby.text.split_once("/enter\"").unwrap();
        assert!(above.contains(asks), "{}", lobby.text);
    }
}

const NOTHING: &[(&str, &str)] = &[];
const PLACE: &[(&str, &str)] = &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")];
