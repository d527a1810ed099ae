//! Every place that shows a critical text to a patient: in Spanish once a qualified person has read that text
//! with the sentences beside it, in English until then and again when it is taken back.

use super::tests::{approve, catalog_of, post_es, spanish_article};
use super::texts::{EMERGENCY, NOTICE, beside};
use crate::before::consent::{self, Scope};
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use std::collections::{BTreeSet, HashMap};
use vocabulary::{Lang, MINUTE_MS, Principal, Role};
use web::testing::{get, post};

/// The sentences beside each text, filled as the practice fills them.
struct Sayings(HashMap<(&'static str, Lang), Vec<String>>);

impl Sayings {
    fn of(house: &House) -> Sayings {
        let catalog = catalog_of(house);
        let settings = house.keep.settings();
        let minutes = settings.house_rules.drop_out_within_min;
        let given = [("phone", settings.face.phone.as_str().into()), ("n", minutes.into())];
        let mut all = HashMap::new();
        for code in Scope::ALL.into_iter().map(Scope::code).chain([EMERGENCY, NOTICE]) {
            for lang in Lang::ALL {
                let words = catalog.words(lang).plain();
                all.insert(
                    (code, lang),
                    beside(code).into_iter().map(|key| words.with(key, &given)).collect(),
                );
            }
        }
        Sayings(all)
    }

    fn are(&self, code: &'static str, lang: Lang) -> &[String] {
        &self.0[&(code, lang)]
    }

    /// Spanish ones on this page, without those that stand beside the text of `but`.
    fn spanish(&self, html: &str, but: Option<&'static str>) -> Vec<&String> {
        let html = read(html);
        let may = but.map_or(&[][..], |code| self.are(code, Lang::Es));
        let all = self.0.iter().filter(|((_, lang), _)| *lang == Lang::Es).flat_map(|(_, said)| said);
        all.filter(|one| !may.contains(one) && html.contains(one.as_str())).collect()
    }
}

fn read(html: &str) -> String {
    plain(html).replace("&#39;", "'").replace("&#34;", "\"").replace("&quot;", "\"")
}

/// One place: who reads it, its address, the text it shows.
struct At<'a> {
    reader: &'a Router,
    path: String,
    code: &'static str,
}

/// English and marked so, then Spanish, then English again; never a sentence of a text nobody has read.
async fn waits_for_its_reader(sayings: &Sayings, official: &Router, at: &At<'_>) {
    let At { reader, path, code } = at;
    let english = async |when: &str| {
        let page = get_es(reader, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!spanish_article(&page.text), "{path} {when}: the text");
        assert_eq!(sayings.spanish(&page.text, None), Vec::<&String>::new(), "{path} {when}");
        let said = sayings.are(code, Lang::En);
        let shown = said.iter().filter(|one| read(&page.text).contains(one.as_str())).count();
        assert!(
            shown > 0 || page.text.contains("<article class=\"paper consent\" lang=\"en\""),
            "{path} {when}"
        );
        assert!(page.text.contains("lang=\"en\""), "{path} {when}: it says in which language");
    };
    english("unread").await;
    approve(official, code).await;
    let page = get_es(reader, path).await.text;
    let others = sayings.spanish(&page, Some(*code));
    assert_eq!(others, Vec::<&String>::new(), "{path}: nothing else came with it");
    let shown = sayings.are(code, Lang::Es).iter().filter(|one| read(&page).contains(one.as_str())).count();
    assert!(shown > 0 || spanish_article(&page), "{path} is Spanish now: {page}");
    let taken_back = format!("/practice/translations/{code}/withdraw");
    assert_eq!(post(official, &taken_back, &[]).await.status, StatusCode::SEE_OTHER);
    english("taken back").await;
}

/// R96: no word of a consent, of the notice or about an emergency reaches a patient in Spanish on any page
/// before a named, qualified person has read exactly these words: check-in, portal, lobby, the end of a
/// visit, and the page where something is taken back. What has no page yet has no address that shows it.
#[tokio::test]
async fn unread_critical_text_reaches_no_patient_on_any_page() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let portal = house.as_patient(house.other_patient);
    let step = |step: &str| format!("/g/{door}/check-in/{step}");
    let sayings = Sayings::of(&house);
    let (mut seen, mut without_page) = (BTreeSet::new(), BTreeSet::new());
    let mut look = async |reader: &Router, path: String, code: &'static str| {
        waits_for_its_reader(&sayings, &official, &At { reader, path, code }).await;
        seen.insert(code);
    };
    post(&guest, &step("welcome"), &[]).await;
    look(&guest, step("screen"), "e_sign").await;
    look(&portal, "/portal/agree/e_sign".into(), "e_sign").await;
    get(&guest, &step("sample")).await;
    let text = hidden(&get(&guest, &step("screen")).await.text, "text");
    post(&guest, &step("screen"), &[("agree", "yes"), ("text", &text)]).await;
    look(&guest, step("notice"), NOTICE).await;
    look(&house.router(Principal::Anonymous), "/privacy-notice".into(), NOTICE).await;
    look(&portal, "/privacy-notice".into(), NOTICE).await;
    let version = crate::before::privacy_notice::texts::VERSION;
    post(&guest, &step("notice"), &[("answer", "yes"), ("version", version)]).await;
    look(&guest, step("consent"), "telehealth").await;
    let wrong = [("agree", "yes"), ("means", "pay"), ("name", "Otto")];
    let page = get_es(&guest, &step("consent")).await.text;
    let told = post_es(&guest, &step("consent"), (&page, &wrong)).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sayings.spanish(&told.text, None), Vec::<&String>::new(), "what is said of a wrong answer");
    assert!(told.text.contains("You can stop at any time, at no cost"));
    sign_papers_as(&guest, &door, "Otto Other").await;
    for (at, answer) in [("place", ("near", "alone")), ("readiness", ("camera", "ok"))] {
        post(&guest, &step(at), &[answer, ("door_is", "closed"), ("headphones", "yes")]).await;
    }
    look(&guest, step("location"), EMERGENCY).await;
    look(&guest, format!("/g/{door}/word"), EMERGENCY).await;
    for scope in Scope::ALL.into_iter().filter(|scope| !scope.is_to_a_clinician() && !scope.comes_first()) {
        let path = format!("/portal/agree/{}", scope.code());
        if scope.is_offered() {
            look(&portal, path, scope.code()).await;
        } else {
            assert_eq!(get_es(&portal, &path).await.status, StatusCode::NOT_FOUND, "{path}");
            without_page.insert(scope.code());
        }
    }
    let mut conn = house.keep.read().await.unwrap();
    let given = consent::of_patient(&mut conn, house.other_patient).await.unwrap();
    drop(conn);
    assert_eq!(given.len(), 2, "the screen and the visit");
    for row in given {
        look(&portal, format!("/portal/take-back/{}", row.id.text()), row.scope.code()).await;
    }
    house.held(&booked).await;
    look(&guest, format!("/g/{door}/after"), EMERGENCY).await;
    look(&portal, format!("/portal/visits/{}", booked.visit.text()), EMERGENCY).await;
    let all = super::all(&catalog_of(&house));
    seen.extend(without_page);
    assert_eq!(seen, all.iter().map(|text| text.code).collect(), "every critical text was looked for");
}

/// What a reader approves holds the sentences beside a text as well: another word of them is another text.
#[tokio::test]
async fn the_sentences_beside_a_text_are_read_and_approved_with_it() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let catalog = catalog_of(&house);
    for text in super::all(&catalog) {
        let page = read(&get(&official, &format!("/practice/translations/{}", text.code)).await.text);
        for key in beside(text.code) {
            let hole = [("phone", "{phone}".into()), ("n", "{n}".into())];
            for lang in Lang::ALL {
                let said = catalog.words(lang).plain().with(key, &hole);
                assert!(page.contains(&said), "{} {key}: {said}", text.code);
                assert!(plain(&text.original).contains(&said) || plain(&text.translation).contains(&said));
            }
        }
    }
}

/// The notice is answered in the language in which it was read: a page that turned Spanish meanwhile is asked
/// again.
#[tokio::test]
async fn a_notice_that_changed_its_language_is_read_again() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let step = |step: &str| format!("/g/{door}/check-in/{step}");
    get(&guest, &step("sample")).await;
    let text = hidden(&get(&guest, &step("screen")).await.text, "text");
    post(&guest, &step("screen"), &[("agree", "yes"), ("text", &text)]).await;
    let english = get_es(&guest, &step("notice")).await.text;
    let version = hidden(&english, "version");
    let fields = [("answer", "yes"), ("version", version.as_str()), ("lang", "en")];
    approve(&official, NOTICE).await;
    let late = post_es(&guest, &step("notice"), (&english, &fields)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    assert!(spanish_article(&late.text));
    let fields = [("answer", "yes"), ("version", version.as_str()), ("lang", "es")];
    assert_eq!(post_es(&guest, &step("notice"), (&late.text, &fields)).await.status, StatusCode::SEE_OTHER);
}
