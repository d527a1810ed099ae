//! The paper with a link, as it comes out of the printer.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::HOUR_MS;
use web::testing::post;

/// What is printed speaks to the patient, in their language, and says no more than a letter may: R102 (part:
/// the paper that is handed over).
#[tokio::test]
async fn the_printed_link_is_a_letter_to_the_patient_in_their_language() {
    let house = House::open().await;
    let desk = house.as_desk();
    let booked = house.booked_for(house.other_patient, HOUR_MS).await;
    let link = format!("/visits/{}/link", booked.visit.text());
    let (screen, paper) = of_paper(&post(&desk, &link, &[]).await.text);
    assert!(screen.contains("A link to hand over") && screen.contains("What the paper says"), "{screen}");
    assert!(paper.starts_with("<div class=\"stack\" lang=\"es\""), "{paper}");
    let code = paper.split_once("<strong class=\"digits\">").unwrap().1.split_once('<').unwrap().0;
    assert!(code.len() == 9 && screen.contains(code), "{code}");
    for word in [
        "Harbor Family Practice",
        "555-0142",
        "sábado, 21 de noviembre de 2026, 4:00\u{a0}p.\u{a0}m. (hora del Este)",
        "/i#",
        "class=\"qr\"",
        "/join y escriba esta clave:",
        "fecha de nacimiento",
        "¿Lo perdió? Llámenos.",
        "Nunca le pedimos datos",
    ] {
        assert!(paper.contains(word), "{word}: {paper}");
    }
    // Nobody is told by the paper who it is, with whom and why; nor does it speak as to staff.
    for word in ["Otto", "Osei", REASON, "patient", "paciente", "que usted eligió"] {
        assert!(!paper.contains(word), "{word}: {paper}");
    }

    let wishes = [("channel", "post"), ("post", "Box 7"), ("phrase", PHRASE), ("bare", "yes")];
    let theirs = format!("/patients/{}/contact", house.other_patient.text());
    let said = post(&desk, &theirs, &wishes).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    let (_, bare) = of_paper(&post(&desk, &link, &[]).await.text);
    for word in ["Algo le espera", "555-0142", "/i#", "que usted eligió"] {
        assert!(bare.contains(word), "{word}: {bare}");
    }
    for word in ["Harbor", "noviembre", "visita", PHRASE] {
        assert!(!bare.contains(word), "whoever wants nothing named: {word}: {bare}");
    }
}

/// What stays on the screen, and what is printed.
fn of_paper(page: &str) -> (String, String) {
    let page = plain(page);
    let (screen, rest) = page.split_once("<article").unwrap();
    let paper = rest.split_once('>').unwrap().1;
    (screen.to_owned(), paper.split_once("</article>").unwrap().0.to_owned())
}
