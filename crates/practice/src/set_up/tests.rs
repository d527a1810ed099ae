//! The set-up on its pages: what is missing keeps the practice shut.

use super::{rules, store};
use crate::{SCHEMA, WORDS};
use axum::Router;
use keep::{Entry, Keep, Object, Settings};
use people::staff::{self, NewPerson};
use policy::{Access, Act, Facts, decide};
use vocabulary::{Lang, Principal, Role, Roles, SessionId};
use web::testing::{get, missing_words, post, site};

fn program(act: Act) -> Access {
    decide(&Principal::System, &Facts::default(), act).unwrap()
}

struct Practice {
    keep: Keep,
    owner: Router,
    desk: Router,
}

impl Practice {
    async fn begun() -> Practice {
        let keep = keep::testing::keep(&[people::SCHEMA, SCHEMA, crate::vendors::SCHEMA]).await.0;
        let mut tx = keep.begin().await.unwrap();
        tx.save_settings(&Settings { opening: true, ..Settings::default() }).await.unwrap();
        let new = |roles, name| NewPerson { name, credentials: "", licensed_in: "", roles, lang: Lang::En };
        let owner = Roles::NONE.with(Role::Owner).with(Role::Administrator);
        let desk = Roles::NONE.with(Role::Desk);
        let persons = [
            staff::add(&mut tx, &new(owner, "Amara Osei")).await.unwrap(),
            staff::add(&mut tx, &new(desk, "Theo Marchetti")).await.unwrap(),
        ];
        tx.commit(&program(Act::BeginPractice), Entry::new(Object::of("practice", ""))).await.unwrap();
        let router = async |person, roles| {
            let session = SessionId::new(keep::testing::START, keep.entropy());
            let who = Principal::Staff { person, session, roles };
            let names = people::patients::Names::build(&keep).await.unwrap();
            let site = site(keep.clone(), who, &[people::WORDS, WORDS]).plug(names);
            crate::routes().merge(web::routes()).into_router(site)
        };
        let (owner, desk) = (router(persons[0], owner).await, router(persons[1], desk).await);
        Practice { keep, owner, desk }
    }

    async fn forget_the_contact(&self) {
        let mut tx = self.keep.begin().await.unwrap();
        store::save_complaints(&mut tx, "", "", "").await.unwrap();
        tx.commit(&program(Act::FollowConfig), Entry::new(Object::of("practice", ""))).await.unwrap();
    }

    async fn try_the_kit(&self) {
        let mut tx = self.keep.begin().await.unwrap();
        store::kit_tried(&mut tx).await.unwrap();
        tx.commit(&program(Act::TryKit), Entry::new(Object::of("kit", ""))).await.unwrap();
    }
}

const PRACTICE: [(&str, &str); 3] =
    [("name", "Harbor Family Health"), ("phone", "617-555-0142"), ("zone", "America/New_York")];
const LAW: [(&str, &str); 3] = [("covered_entity", "yes"), ("part_2", "no"), ("federal_funds", "unsure")];
const OFFICIALS: [(&str, &str); 4] = [
    ("i_am_privacy", "yes"),
    ("i_am_security", "yes"),
    ("complaints_to", "Amara Osei"),
    ("complaints_phone", "617-555-0142"),
];
const SITE: [(&str, &str); 3] = [("site_name", "Main"), ("address", "1 Harbor Street"), ("state", "ma")];

/// R53: set-up is blocked while the privacy official, the security official or the contact for complaints is
/// missing: whichever it is, the practice does not open and every page of the staff leads to the set-up.
#[tokio::test]
async fn a_practice_without_named_officials_does_not_open() {
    let without = |fields: &[&'static str]| {
        OFFICIALS.into_iter().filter(|(name, _)| !fields.contains(name)).collect::<Vec<_>>()
    };
    let short = [without(&["i_am_privacy"]), without(&["i_am_security"]), OFFICIALS.to_vec()];
    for (at, officials) in short.into_iter().enumerate() {
        let practice = Practice::begun().await;
        practice.try_the_kit().await;
        let owner = &practice.owner;
        for (page, fields) in [
            ("/set-up/practice", &PRACTICE[..]),
            ("/set-up/law", &LAW),
            ("/set-up/sites", &SITE),
            ("/set-up/officials", &officials),
        ] {
            assert_eq!(post(owner, page, fields).await.status, 303, "{page}");
        }
        if at == 2 {
            practice.forget_the_contact().await;
        }
        let page = get(owner, "/set-up").await.text;
        assert!(!page.contains("action=\"/set-up/open\""), "no button");
        assert_eq!(post(owner, "/set-up/open", &[]).await.status, 409);
        assert!(practice.keep.settings().opening);
        assert_eq!(get(&practice.desk, "/practice/asked").await.location(), "/set-up?back=/practice/asked");
        assert!(get(&practice.desk, "/set-up").await.text.contains("This practice is not open yet"));
    }
}

#[tokio::test]
async fn the_owner_sets_everything_up_and_opens_once() {
    let practice = Practice::begun().await;
    let owner = &practice.owner;
    assert_eq!(get(owner, "/").await.location(), "/set-up");
    let list = get(owner, "/set-up").await.text;
    assert_eq!(list.matches("To do").count(), 7);
    for (page, fields) in [
        ("/set-up/practice", &PRACTICE[..]),
        ("/set-up/law", &LAW),
        ("/set-up/officials", &OFFICIALS),
        ("/set-up/sites", &SITE),
    ] {
        assert_eq!(get(owner, page).await.status, 200, "{page}");
        let wrong = post(owner, page, &[]).await;
        assert_eq!(wrong.status, 422, "{page}");
        assert!(wrong.text.contains("id=\"faults\""));
        assert_eq!(post(owner, page, fields).await.status, 303, "{page}");
    }
    assert_eq!(post(owner, "/set-up/open", &[]).await.status, 409, "the kit was not tried");
    practice.try_the_kit().await;
    assert!(get(owner, "/set-up").await.text.contains("action=\"/set-up/open\""));
    assert_eq!(post(&practice.desk, "/set-up/open", &[]).await.status, 404, "the owner's");
    assert_eq!(post(owner, "/set-up/open", &[]).await.status, 303);
    assert_eq!(post(owner, "/set-up/open", &[]).await.status, 409, "once");
    assert!(!practice.keep.settings().opening);
    assert_eq!(get(&practice.desk, "/practice/asked").await.status, 200);
    assert_eq!(practice.keep.settings().face.name, "Harbor Family Health");
    // From now on a role is given on the page of the staff alone.
    let later: Vec<_> = OFFICIALS.into_iter().chain([("i_am_clinician", "yes")]).collect();
    assert!(!get(owner, "/set-up/officials").await.text.contains("i_am_clinician"));
    assert_eq!(post(owner, "/set-up/officials", &later).await.status, 303);
    let people = staff::list(&mut practice.keep.read().await.unwrap()).await.unwrap();
    assert!(people.iter().all(|one| !one.roles.has(Role::Clinician)));
    let places = store::sites(&mut practice.keep.read().await.unwrap()).await.unwrap();
    assert_eq!((places.len(), places[0].state.as_str()), (1, "MA"));
}

#[test]
fn nothing_may_be_missing() {
    let whole = rules::Standing {
        practice: true,
        law: true,
        privacy: true,
        security: true,
        complaints: true,
        site: true,
        kit: true,
    };
    assert!(whole.whole() && !rules::Standing::default().whole());
}

#[test]
fn the_pages_use_no_word_that_is_missing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/set_up");
    assert_eq!(missing_words(folder, &[web::WORDS, people::WORDS, WORDS]), Vec::<String>::new());
}
