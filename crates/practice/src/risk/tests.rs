//! The analysis through its pages: who may see it, what it refuses, what it freezes.

use super::bank::{Area, Evidence, bank};
use super::rules::{Choice, Element, Level, RiskState, Slip, Treatment, Trigger};
use super::store::{analyses, answers, risks};
use crate::facts::Observers;
use crate::findings::{self, Kind, Source};
use crate::print::{Paper, Printer, Printing};
use crate::{SCHEMA, WORDS};
use axum::Router;
use keep::testing::START;
use keep::{Entry, Keep, Object, Schema};
use people::staff::{self, NewPerson};
use policy::{Access, Act, Facts, decide};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{Lang, PersonId, Principal, Role, Roles, SessionId, VisitId};
use web::testing::{Answer, get, missing_words, post, site};

mod changes;
mod first;
mod home;
mod refusals;
mod signing;
mod spanish;
mod together;
mod years;

/// Prints titles and texts, one a line: what a PDF would say.
struct Paperless;

impl Printer for Paperless {
    fn print(&self, paper: &Paper) -> Result<Vec<u8>, String> {
        let said: Vec<String> = paper.parts.iter().map(|part| format!("{part:?}")).collect();
        if said.iter().any(|part| part.contains("UNPRINTABLE")) {
            return Err("more pages than a printer has".into());
        }
        Ok(format!("{} ({})\n{}", paper.title, paper.lang.code(), said.join("\n")).into_bytes())
    }
}

pub(crate) const TABLES: [Schema; 5] =
    [people::SCHEMA, people::NEEDS, SCHEMA, crate::vendors::SCHEMA, crate::INTERPRETERS];

pub(crate) struct House {
    pub keep: Keep,
    pub official: PersonId,
    pub doctor: PersonId,
}

impl House {
    pub async fn open() -> House {
        House::with_clock().await.0
    }

    pub async fn with_clock() -> (House, Arc<TestClock>) {
        let (keep, clock) = keep::testing::keep(&TABLES).await;
        (House::staffed(keep).await, clock)
    }

    pub async fn staffed(keep: Keep) -> House {
        let mut tx = keep.begin().await.unwrap();
        let mut hire = Vec::new();
        for (name, role) in [("Grace Lindqvist", Role::PrivacyOfficial), ("Amara Osei", Role::Clinician)] {
            let roles = Roles::NONE.with(role);
            let new = NewPerson { name, credentials: "", licensed_in: "", roles, lang: Lang::En };
            hire.push(staff::add(&mut tx, &new).await.unwrap());
        }
        tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
        House { keep, official: hire[0], doctor: hire[1] }
    }

    pub fn as_role(&self, person: PersonId, role: Role) -> Router {
        self.seen_by(staff_of(person, role), Observers::default())
    }

    /// The official, with other parts of the program that look.
    pub fn official_with(&self, observers: Observers) -> Router {
        self.seen_by(staff_of(self.official, Role::PrivacyOfficial), observers)
    }

    /// Nobody is signed in.
    pub fn as_nobody(&self) -> Router {
        self.seen_by(Principal::Anonymous, Observers::default())
    }

    fn seen_by(&self, who: Principal, observers: Observers) -> Router {
        let site = site(self.keep.clone(), who, &[WORDS]).plug(Arc::new(observers));
        let site = site.plug(Arc::new(Printing(Some(Arc::new(Paperless)))));
        let site = site.plug(Arc::new(people::invitations::Limits::default()));
        let site = site.plug(Arc::new(people::patients::Names::default()));
        crate::routes().into_router(site)
    }

    pub fn official(&self) -> Router {
        self.as_role(self.official, Role::PrivacyOfficial)
    }

    pub async fn start(&self) -> Router {
        let router = self.official();
        sent(post(&router, "/practice/analysis/start", &[]).await);
        router
    }

    async fn register(&self) -> Vec<(risks::Risk, risks::Story)> {
        let access = self.access();
        let mut view = self.keep.view(&access, Object::of("risks", "")).await.unwrap();
        risks::all(&mut view, &access).await.unwrap()
    }

    fn access(&self) -> Access {
        let who = staff_of(self.official, Role::PrivacyOfficial);
        decide(&who, &Facts::default(), Act::SeeRisks).unwrap()
    }
}

fn staff_of(person: PersonId, role: Role) -> Principal {
    let session = SessionId::new(START, &TestEntropy::seeded(1));
    Principal::Staff { person, session, roles: Roles::NONE.with(role) }
}

pub(crate) fn program() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

pub(crate) fn sent(answer: Answer) {
    assert_eq!(answer.status, 303, "{}", answer.text);
}

/// Signs what the page shows now.
pub(crate) async fn sign(router: &Router) -> Answer {
    let seen = seen(&get(router, "/practice/analysis/sign").await);
    post(router, "/practice/analysis/sign", &[("name", "Grace Lindqvist"), ("seen", &seen)]).await
}

/// What the form of a page to sign says was seen.
fn seen(page: &Answer) -> String {
    let mark = page.text.split("name=\"seen\" value=\"").nth(1).unwrap_or_else(|| panic!("{}", page.text));
    mark.split('"').next().unwrap().to_owned()
}

const FIRST: &str = "/practice/analysis/questions/a01";
const PAIR: [(&str, &str); 3] =
    [("threat", "credential-theft"), ("vulnerability", "no-mfa"), ("what", "One password for the desk")];

async fn add_risk(house: &House, router: &Router) -> String {
    sent(post(router, "/practice/risks/new", &PAIR).await);
    let register = house.register().await;
    format!("/practice/risks/{}", register.last().unwrap().0.id.text())
}

#[tokio::test]
async fn only_the_officials_see_the_analysis() {
    let house = House::open().await;
    let _ = house.start().await;
    let pages = ["/practice", "/practice/analysis", FIRST, "/practice/risks", "/practice/analysis/report"];
    for role in [Role::Administrator, Role::Clinician, Role::Desk, Role::Owner, Role::Assistant] {
        let router = house.as_role(house.doctor, role);
        for page in pages {
            assert_eq!(get(&router, page).await.status, 404, "{role:?} {page}");
        }
        assert_eq!(post(&router, "/practice/risks/new", &PAIR).await.status, 404, "{role:?}");
    }
    for role in [Role::PrivacyOfficial, Role::SecurityOfficial] {
        let router = house.as_role(house.official, role);
        for page in pages {
            assert_eq!(get(&router, page).await.status, 200, "{role:?} {page}");
        }
    }
}

#[tokio::test]
async fn the_security_official_answers_the_technical_half_and_signs_nothing() {
    let house = House::open().await;
    let _ = house.start().await;
    let router = house.as_role(house.official, Role::SecurityOfficial);
    assert_eq!(post(&router, FIRST, &[("choice", "yes"), ("version", "0")]).await.status, 404);
    let technical = "/practice/analysis/questions/b01";
    sent(post(&router, technical, &[("choice", "yes"), ("version", "0")]).await);
    assert_eq!(post(&router, "/practice/analysis/sign", &[("name", "Ivan")]).await.status, 404);
}

#[tokio::test]
async fn an_answer_needs_a_choice_and_not_applicable_a_reason() {
    let house = House::open().await;
    let router = house.start().await;
    let empty = post(&router, FIRST, &[("version", "0")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("Choose an answer"), "{}", empty.text);
    let bare = post(&router, FIRST, &[("choice", "not-applicable"), ("version", "0")]).await;
    assert!(bare.text.contains("why this does not apply"));
    let future = [("choice", "yes"), ("evidence_date", "2031-01-01"), ("version", "0")];
    assert_eq!(post(&router, FIRST, &future).await.status, 422);
    let noted = [("choice", "not-applicable"), ("note", "<b>No minors</b>"), ("version", "0")];
    sent(post(&router, FIRST, &noted).await);
    let page = get(&router, FIRST).await;
    assert!(page.text.contains("No minors") && !page.text.contains("<b>No minors"));
}

/// Two people at once: the second to save sees both texts and loses neither.
#[tokio::test]
async fn two_officials_at_once_lose_no_words() {
    let house = House::open().await;
    let router = house.start().await;
    sent(post(&router, FIRST, &[("choice", "no"), ("note", "from Grace"), ("version", "0")]).await);
    let second = post(&router, FIRST, &[("choice", "yes"), ("note", "from Ivan"), ("version", "0")]).await;
    assert_eq!(second.status, 409);
    assert!(second.text.contains("from Grace") && second.text.contains("from Ivan"));
    assert!(second.text.contains("name=\"version\" value=\"1\""), "the way to save over it");
    sent(post(&router, FIRST, &[("choice", "yes"), ("note", "from Ivan"), ("version", "1")]).await);
    assert!(get(&router, FIRST).await.text.contains("from Ivan"));
}

#[tokio::test]
async fn a_whole_area_is_answered_at_once_and_a_faster_colleague_is_not_overwritten() {
    let house = House::open().await;
    let router = house.start().await;
    let area = "/practice/analysis/areas/policies";
    sent(post(&router, FIRST, &[("choice", "no"), ("note", "kept"), ("version", "0")]).await);
    let both = [("c-a01", "yes"), ("v-a01", "0"), ("c-a02", "not-sure"), ("v-a02", "0"), ("c-b01", "yes")];
    let clashed = post(&router, area, &both).await;
    assert_eq!(clashed.status, 409);
    assert!(clashed.text.contains("A colleague answered this first"));
    sent(post(&router, area, &[("c-a01", "yes"), ("v-a01", "1")]).await);
    let first = get(&router, FIRST).await;
    assert!(first.text.contains("value=\"yes\" checked") && first.text.contains("kept"));
    let mut conn = house.keep.read().await.unwrap();
    let open = analyses::list(&mut conn).await.unwrap().remove(0);
    assert_eq!(answers::of(&mut conn, open.id).await.unwrap().len(), 2, "nothing of another area");
}

#[tokio::test]
async fn a_colleague_answers_the_question_they_were_asked_and_no_other() {
    let house = House::open().await;
    let router = house.start().await;
    let doctor = house.doctor.text();
    sent(post(&router, FIRST, &[("asked_of", &doctor), ("due", "2026-12-01"), ("version", "0")]).await);
    let asked = house.as_role(house.doctor, Role::Clinician);
    assert!(get(&asked, "/practice/asked").await.text.contains("/practice/asked/a01"));
    assert_eq!(get(&asked, "/practice/asked/a01").await.status, 200);
    assert_eq!(get(&asked, "/practice/asked/a02").await.status, 404);
    assert_eq!(post(&asked, "/practice/asked/a02", &[("choice", "yes")]).await.status, 404);
    sent(post(&asked, "/practice/asked/a01", &[("choice", "partly"), ("version", "1")]).await);
    let page = get(&router, FIRST).await;
    assert!(page.text.contains("value=\"partly\" checked"));
    assert!(page.text.contains("2026-12-01"), "who asked and until when stays");
}

/// R45 (part: through the pages): a high risk closes only after treatment verified by somebody else, or after
/// a signed acceptance.
#[tokio::test]
async fn a_high_risk_does_not_close_by_itself() {
    let house = House::open().await;
    let router = house.official();
    let path = add_risk(&house, &router).await;
    let rated = [("likelihood", "high"), ("impact", "very-high"), ("version", "1")];
    sent(post(&router, &path, &rated).await);
    let close = format!("{path}/close");
    let refused = post(&router, &close, &[("version", "2")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Choose a treatment") && refused.text.contains("Name who does it"));
    let nameless = post(&router, &format!("{path}/accept"), &[("reason", "small"), ("version", "2")]).await;
    assert_eq!(nameless.status, 422);
    let signed = [("reason", "We move out in May"), ("name", "Grace Lindqvist"), ("version", "2")];
    sent(post(&router, &format!("{path}/accept"), &signed).await);
    sent(post(&router, &close, &[("version", "3")]).await);
    let register = house.register().await;
    assert_eq!(register[0].0.state, RiskState::Closed);
    let late = post(&router, &path, &[("likelihood", "low"), ("impact", "low"), ("version", "4")]).await;
    assert_eq!(late.status, 422, "a closed risk is opened again first");
}

/// R44 (part: through the page): an override without a reason is refused, with one it stands.
#[tokio::test]
async fn an_override_is_kept_with_its_reason() {
    let house = House::open().await;
    let router = house.official();
    let path = add_risk(&house, &router).await;
    let bare = [("likelihood", "high"), ("impact", "high"), ("level_override", "low"), ("version", "1")];
    assert_eq!(post(&router, &path, &bare).await.status, 422);
    let reason = [&bare[..], &[("override_reason", "The desk is closed")]].concat();
    sent(post(&router, &path, &reason).await);
    assert_eq!(house.register().await[0].0.rating.level(), Some(Level::Low));
    let stale = post(&router, &path, &reason).await;
    assert_eq!(stale.status, 409);
}

pub(crate) async fn fill(house: &House, router: &Router) {
    let access = house.access();
    let mut tx = house.keep.begin().await.unwrap();
    let open = analyses::list(&mut tx).await.unwrap().remove(0);
    for question in &bank().questions {
        let saved = answers::Saved {
            choice: Some(Choice::Yes),
            flagged: false,
            asked_of: None,
            due_at: None,
            remarks: answers::Remarks::default(),
            by: house.official,
            answered_at: tx.now(),
        };
        answers::save(&mut tx, open.id, &question.id, 0, &saved).await.unwrap();
    }
    tx.commit(&access, Entry::new(Object::of("analysis", ""))).await.unwrap();
    let path = add_risk(house, router).await;
    let rated = [("likelihood", "low"), ("impact", "low"), ("version", "1")];
    sent(post(router, &path, &[&PAIR[2..], &rated].concat()).await);
    let about = [
        ("scope", "All of it"),
        ("flows", "Phones, the server"),
        ("documentation", "Two meetings"),
        ("review", "2027-10-01"),
        ("version", "1"),
    ];
    sent(post(router, "/practice/analysis/about", &about).await);
}

/// R42 (part: through the page) and R46 (part: frozen bytes and their hash; the HTML): signing is refused
/// while an element is empty, and a signed report is shown again byte for byte, whatever changes after it.
#[tokio::test]
async fn a_signed_report_stays_as_it_was() {
    let house = House::open().await;
    let router = house.start().await;
    let early = sign(&router).await;
    assert_eq!(early.status, 422);
    assert!(early.text.contains("Answer every question"));
    fill(&house, &router).await;
    let signed = sign(&router).await;
    assert_eq!(signed.location(), "/practice/analysis/past/1", "{}", signed.text);
    let first = get(&router, "/practice/analysis/signed/1").await;
    assert_eq!(first.status, 200);
    for part in ["All of it", "Phones, the server", "Two meetings", "Grace Lindqvist", "One password"] {
        assert!(first.text.contains(part), "{part}");
    }
    sent(post(&router, "/practice/analysis/changed", &[("trigger", "vendor")]).await);
    add_risk(&house, &router).await;
    let again = get(&router, "/practice/analysis/signed/1").await;
    assert!(again.text == first.text, "the same bytes");
    let mut conn = house.keep.read().await.unwrap();
    let all = analyses::list(&mut conn).await.unwrap();
    assert_eq!(all.len(), 2, "the change began the next analysis");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, first.text.as_bytes());
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(all[1].report_sha256.as_deref(), Some(hex.as_str()));
    let given = answers::of(&mut conn, all[0].id).await.unwrap();
    let stale = given.iter().filter(|one| one.reopened_by == Some(Trigger::Vendor)).count();
    let touched = bank().of_area(Area::Vendors).count() + bank().of_area(Area::Technology).count();
    assert_eq!((given.len(), stale), (bank().questions.len(), touched));
}

#[tokio::test]
async fn a_group_of_findings_becomes_a_risk_or_is_closed_with_a_reason() {
    let house = House::open().await;
    let visit = VisitId::new(START, house.keep.entropy());
    for kind in [Kind::PoorLight, Kind::PoorLight, Kind::PoorNoise] {
        let mut tx = house.keep.begin().await.unwrap();
        findings::raise(&mut tx, kind, Source::Visit(visit)).await.unwrap();
        tx.commit(&program(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
    }
    let router = house.official();
    let form = get(&router, "/practice/risks/new?finding=poor-light").await;
    assert!(form.text.contains("Too dark or too bright"));
    let seen = START.0.to_string();
    let pair = [("threat", "eavesdropper"), ("vulnerability", "overheard-room")];
    let fields = [&pair[..], &[("finding", "poor-light"), ("seen", &seen)]].concat();
    sent(post(&router, "/practice/risks/new", &fields).await);
    assert_eq!(house.register().await[0].0.came_from, "finding poor-light");
    let bare = post(&router, "/practice/findings/poor-noise/close", &[("reason", " ")]).await;
    assert_eq!(bare.status, 422);
    let closed = [("reason", "Road works outside, over since Friday"), ("seen", &seen)];
    sent(post(&router, "/practice/findings/poor-noise/close", &closed).await);
    assert!(findings::groups(&mut house.keep.read().await.unwrap()).await.unwrap().is_empty());
}

#[test]
fn every_code_has_its_words() {
    let catalog = web::Catalog::new(&[WORDS]).unwrap();
    let mut keys = Vec::new();
    let mut all = |kind: &str, codes: Vec<&str>| {
        keys.extend(codes.into_iter().map(|code| format!("risk-{kind}-{code}")));
    };
    all("level", Level::ALL.iter().map(|one| one.code()).collect());
    all("choice", Choice::ALL.iter().map(|one| one.code()).collect());
    all("element", Element::ALL.iter().map(|one| one.code()).collect());
    all("gap", Element::ALL.iter().map(|one| one.code()).collect());
    all("treatment", Treatment::ALL.iter().map(|one| one.code()).collect());
    all("state", RiskState::ALL.iter().map(|one| one.code()).collect());
    all("trigger", Trigger::ALL.iter().map(|one| one.code()).collect());
    all("fault", Slip::ALL.iter().map(|one| one.code()).collect());
    all("area", Area::ALL.iter().map(|one| one.code()).collect());
    all("audience", bank().questions.iter().map(|one| one.audience.code()).collect());
    all("evidence", bank().questions.iter().map(|one| Evidence::code(one.evidence)).collect());
    for key in keys {
        assert!(catalog.has(&key), "{key}");
    }
    assert!(missing_words(env!("CARGO_MANIFEST_DIR"), &[people::WORDS, WORDS]).is_empty());
}
