//! A small practice for the tests of `before` and `after`: two clinicians, a desk, a patient, and a router
//! for whoever is signed in.

use crate::before::booking::{Booked, Booking, book};
use crate::before::emergency;
use crate::before::merging::OfVisits;
use crate::before::privacy_notice;
use crate::before::rules::{Kind, ParticipantState, SpokenCode, VisitEvent};
use crate::before::store::{
    load_visit, participant, participants, set_participant, set_spoken, set_visit_state,
};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use keep::trail::{Body as Told, Search, entries};
use keep::{Entry, Keep, Object, Schema, Tx};
use people::merges::Followers;
use people::patients::{self, BirthDate, Names, NewPatient};
use people::portal_keys::Elsewhere;
use people::staff;
use policy::{Access, Act, Facts, decide};
use practice::findings::LockedLinks;
use std::sync::Arc;
use vocabulary::testing::TestClock;
use vocabulary::{
    Health, Lang, MINUTE_MS, PatientId, PersonId, Principal, Role, Roles, SessionId, UnixMillis, VisitId,
};
use web::testing::{Answer, get, send};
use web::{Locale, Site};

/// Canaries: no page but the right one, no address, no log and no byte on disk may show them.
pub const NAME: &str = "Maria Canaryname";
pub const REASON: &str = "canary reason: itchy elbow";
pub const ADDRESS: &str = "7 Canary Street, Boston";
pub const CALL_BACK: &str = "617-555-0199";
pub const PHRASE: &str = "blue kettle, canary Tuesday";
pub const EMAIL: &str = "canary@example.org";

pub struct House {
    pub keep: Keep,
    pub clock: Arc<TestClock>,
    pub names: Arc<Names>,
    pub doctor: PersonId,
    pub other_doctor: PersonId,
    pub desk: PersonId,
    pub patient: PatientId,
    pub other_patient: PatientId,
}

pub const LOCALES: [Locale; 3] = [people::WORDS, practice::WORDS, crate::WORDS];

/// The tables that a visit stands on.
pub const SCHEMAS: [Schema; 12] = [
    people::SCHEMA,
    people::NEEDS,
    practice::SCHEMA,
    practice::vendors::SCHEMA,
    practice::INTERPRETERS,
    crate::SCHEMA,
    crate::DESK,
    crate::READINESS,
    crate::LANGUAGE,
    crate::SIGNERS,
    crate::IDENTITY,
    crate::DELEGATES,
];

impl House {
    pub async fn open() -> House {
        let (keep, clock) = keep::testing::keep(&SCHEMAS).await;
        House::furnished(keep, clock).await
    }

    /// The same people in a practice that is open already.
    pub async fn furnished(keep: Keep, clock: Arc<TestClock>) -> House {
        let mut tx = keep.begin().await.unwrap();
        let mut settings = (*keep.settings()).clone();
        settings.face.name = "Harbor Family Practice".into();
        settings.face.phone = "555-0142".into();
        tx.save_settings(&settings).await.unwrap();
        let doctor = person(&mut tx, "Dr. Amara Osei", Role::Clinician).await;
        let other_doctor = person(&mut tx, "Dr. Ben Hart", Role::Clinician).await;
        let desk = person(&mut tx, "Dana Desk", Role::Desk).await;
        let patient = patients::add(&mut tx, &new_patient(NAME, Some(EMAIL), Lang::En)).await.unwrap();
        let other_patient = patients::add(&mut tx, &new_patient("Otto Other", None, Lang::Es)).await.unwrap();
        emergency::add(&mut tx, desk, &boston()).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
        let names = Names::build(&keep).await.unwrap();
        House { keep, clock, names, doctor, other_doctor, desk, patient, other_patient }
    }

    /// Another entry of a patient, born on the same day as all of them.
    pub async fn entered_again(&self, name: &str) -> PatientId {
        let new = new_patient(name, None, Lang::En);
        let mut tx = self.keep.begin().await.unwrap();
        let id = patients::add(&mut tx, &new).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("patient", id.text()))).await.unwrap();
        self.names.put(&self.keep, id, &new);
        id
    }

    /// A visit with the doctor, twenty minutes from now.
    pub async fn booked(&self) -> Booked {
        self.booked_for(self.patient, 20 * MINUTE_MS).await
    }

    pub async fn booked_for(&self, patient: PatientId, in_ms: i64) -> Booked {
        let mut tx = self.keep.begin().await.unwrap();
        let booking = Booking {
            patient,
            clinician: self.doctor,
            starts_at: tx.now().plus_ms(in_ms),
            length_min: 20,
            kind: Kind::FollowUp,
            reason: Some(Health::new(REASON.into())),
        };
        let access = program(Act::Furnish);
        let house = self.keep.settings().house_rules.clone();
        let booked = book(&mut tx, &access, &booking, &house).await.unwrap();
        tx.commit(&access, booked.entry.clone()).await.unwrap();
        booked
    }

    /// The visit was held and has ended.
    pub async fn held(&self, booked: &Booked) {
        let mut tx = self.keep.begin().await.unwrap();
        for event in [VisitEvent::HostEnters, VisitEvent::End] {
            let row = load_visit(&mut tx, booked.visit).await.unwrap();
            let next = row.state.step(event).unwrap();
            let now = tx.now();
            set_visit_state(&mut tx, &row, next, now).await.unwrap();
        }
        self.kept(tx, booked).await;
    }

    /// The patient, whose check-in is done, came into the lobby.
    pub async fn enters_lobby(&self, booked: &Booked) {
        let mut tx = self.keep.begin().await.unwrap();
        let rules = self.keep.settings().house_rules.clone();
        crate::before::check_in::enter_lobby(&mut tx, booked.participant, &rules).await.unwrap();
        self.kept(tx, booked).await;
    }

    /// The patient came into the lobby, as if check-in were done.
    pub async fn waits(&self, booked: &Booked) {
        let mut tx = self.keep.begin().await.unwrap();
        let (row, now) = (participant(&mut tx, booked.participant).await.unwrap(), tx.now());
        set_participant(&mut tx, &row, ParticipantState::Waiting, now).await.unwrap();
        let visit = load_visit(&mut tx, booked.visit).await.unwrap();
        let state = visit.state.step(VisitEvent::Arrive).unwrap();
        set_visit_state(&mut tx, &visit, state, now).await.unwrap();
        self.kept(tx, booked).await;
    }

    /// The patient was let into the room.
    pub async fn comes_in(&self, booked: &Booked) {
        let mut tx = self.keep.begin().await.unwrap();
        let (row, now) = (participant(&mut tx, booked.participant).await.unwrap(), tx.now());
        set_participant(&mut tx, &row, ParticipantState::Admitted, now).await.unwrap();
        self.kept(tx, booked).await;
    }

    /// As the live visit writes down what was said of the patient's digits.
    pub async fn spoken(&self, booked: &Booked, code: SpokenCode) {
        let mut tx = self.keep.begin().await.unwrap();
        let (row, now) = (participant(&mut tx, booked.participant).await.unwrap(), tx.now());
        set_spoken(&mut tx, &row, code, now).await.unwrap();
        self.kept(tx, booked).await;
    }

    async fn kept(&self, tx: Tx, booked: &Booked) {
        let entry = Entry::new(Object::of("visit", booked.visit.text()));
        tx.commit(&program(Act::KeepVisit), entry).await.unwrap();
    }

    pub async fn state_of(&self, visit: VisitId) -> (&'static str, &'static str) {
        let mut read = self.keep.read().await.unwrap();
        let row = load_visit(&mut read, visit).await.unwrap();
        let people = participants(&mut read, visit).await.unwrap();
        (row.state.code(), people[0].state.code())
    }

    pub fn staff(&self, person: PersonId, roles: &[Role]) -> Router {
        let roles: Roles = roles.iter().copied().collect();
        self.router(Principal::Staff { person, session: session(), roles })
    }

    pub fn as_doctor(&self) -> Router {
        self.staff(self.doctor, &[Role::Clinician])
    }

    pub fn as_other_doctor(&self) -> Router {
        self.staff(self.other_doctor, &[Role::Clinician])
    }

    pub fn as_desk(&self) -> Router {
        self.staff(self.desk, &[Role::Desk])
    }

    pub fn as_patient(&self, patient: PatientId) -> Router {
        self.router(Principal::Patient { patient, session: session() })
    }

    pub fn as_guest(&self, booked: &Booked) -> Router {
        self.router(guest(booked, true))
    }

    pub fn as_demo_guest(&self, booked: &Booked) -> Router {
        self.in_demo(guest(booked, true))
    }

    pub fn router(&self, who: Principal) -> Router {
        self.routed(who, false)
    }

    /// With the demo's approvals.
    pub fn in_demo(&self, who: Principal) -> Router {
        self.routed(who, true)
    }

    fn routed(&self, who: Principal, demo: bool) -> Router {
        self.on(web::testing::site(self.keep.clone(), who, &LOCALES).demo(demo))
    }

    pub fn on(&self, site: Site) -> Router {
        let site = site.plug(self.names.clone());
        let site = site.plug(Arc::new(people::invitations::Limits::heard_by(LockedLinks)));
        let site = site.plug(Arc::new(Followers::default().with(OfVisits)));
        let site = site.plug(Arc::new(Elsewhere::at(crate::before::companions::Seats)));
        let site = site.plug(Arc::new(people::contact::texting::Texting::default()));
        let slices = crate::before::routes()
            .merge(crate::after::routes())
            .merge(people::merges::routes())
            .merge(people::contact::routes());
        let people = people::disclosures::routes()
            .merge(people::invitations::routes())
            .merge(people::representatives::routes())
            .merge(people::portal_keys::routes())
            .merge(people::needs::routes())
            .merge(practice::interpreters::routes());
        slices.merge(people).into_router(site)
    }

    /// The number in the guest's addresses.
    pub async fn door(&self, booked: &Booked) -> String {
        let mut read = self.keep.read().await.unwrap();
        let newest = people::invitations::newest(&mut read, booked.participant).await.unwrap();
        newest.unwrap().door
    }

    /// All entries of the trail, oldest first.
    pub async fn trail(&self) -> Vec<Told> {
        let access = decide(&official(), &Facts::default(), Act::ReadTrail).unwrap();
        let mut viewing = self.keep.view(&access, Object::of("trail", "")).await.unwrap();
        let mut told = Vec::new();
        let mut before = None;
        loop {
            let search = Search { before, patient: None, limit: 200 };
            let events = entries(&mut viewing, &access, search).await.unwrap();
            let Some(last) = events.last() else { break };
            before = Some(last.index);
            told.extend(events.into_iter().filter_map(|event| event.body));
        }
        told.reverse();
        told
    }

    pub async fn acts(&self) -> Vec<String> {
        self.trail().await.into_iter().map(|body| body.act).collect()
    }

    /// How many open findings there are of each kind.
    pub async fn findings(&self) -> Vec<(&'static str, i64)> {
        let mut read = self.keep.read().await.unwrap();
        let groups = practice::findings::groups(&mut read).await.unwrap();
        groups.iter().map(|group| (group.kind.code(), group.count)).collect()
    }
}

/// What Fluent puts around arguments taken out again.
pub fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// The one place whose emergency number the practice has.
fn boston() -> emergency::rules::Typed {
    emergency::rules::Typed {
        state: "MA".into(),
        zip: String::new(),
        area: "Suffolk County".into(),
        emergency: "617-555-0190".into(),
        care: "Harbor Hospital, 617-555-0191".into(),
        crisis: String::new(),
    }
}

/// The same page in Spanish.
pub async fn get_es(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).header("accept-language", "es").body(Body::empty());
    send(router, request.unwrap()).await
}

/// Everything a guest answers before the lobby, all of it good.
pub async fn check_in(router: &Router, door: &str) {
    use web::testing::post;
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(router, door).await;
    post(router, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    let good =
        [("camera", "ok"), ("microphone", "ok"), ("light", "good"), ("voice", "good"), ("noise", "good")];
    post(router, &at("readiness"), &good).await;
    let here = [("address", ADDRESS), ("state", "MA"), ("call_back", CALL_BACK)];
    let last = post(router, &at("location"), &here).await;
    assert_eq!(last.location(), format!("/g/{door}/lobby"), "{}", last.text);
}

/// Everything that is signed on a first visit: on a screen at all, the notice, the telehealth consent.
pub async fn sign_papers(router: &Router, door: &str) {
    sign_papers_as(router, door, NAME).await;
}

/// The same in this name. Answers what the telehealth consent was answered with.
pub async fn sign_papers_as(router: &Router, door: &str, name: &str) -> StatusCode {
    use web::testing::post;
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    post(router, &at("welcome"), &[]).await;
    let screen = get(router, &at("screen")).await;
    if screen.text.contains("name=\"agree\"") {
        get(router, &at("sample")).await;
        let text = hidden(&screen.text, "text");
        post(router, &at("screen"), &[("agree", "yes"), ("text", &text)]).await;
    }
    let version = privacy_notice::texts::VERSION;
    post(router, &at("notice"), &[("answer", "yes"), ("version", version)]).await;
    let consent = get(router, &at("consent")).await;
    if !consent.text.contains("name=\"means\"") {
        return consent.status;
    }
    let text = hidden(&consent.text, "text");
    let signed = [("name", name), ("agree", "yes"), ("text", &text), ("means", "stop")];
    post(router, &at("consent"), &signed).await.status
}

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let at = html.find(&marker).unwrap_or_else(|| panic!("no field {name}")) + marker.len();
    html[at..].split('"').next().unwrap_or_default().to_owned()
}

pub fn program(act: Act) -> Access {
    decide(&Principal::System, &Facts::default(), act).unwrap()
}

pub fn guest(booked: &Booked, known: bool) -> Principal {
    Principal::Guest { participant: booked.participant, visit: booked.visit, session: session(), known }
}

fn official() -> Principal {
    let roles = Roles::NONE.with(Role::PrivacyOfficial);
    Principal::Staff { person: PersonId::from_bytes([9; 16]), session: session(), roles }
}

fn session() -> SessionId {
    SessionId::from_bytes([8; 16])
}

async fn person(tx: &mut Tx, name: &str, role: Role) -> PersonId {
    let clinician = role == Role::Clinician;
    let new = staff::NewPerson {
        name,
        credentials: if clinician { "MD" } else { "" },
        licensed_in: if clinician { "MA NH" } else { "" },
        roles: Roles::NONE.with(role),
        lang: Lang::En,
    };
    staff::add(tx, &new).await.unwrap()
}

pub fn new_patient(name: &str, email: Option<&str>, lang: Lang) -> NewPatient {
    NewPatient {
        name: name.into(),
        birth_date: BirthDate::parse("1961-04-12").unwrap(),
        email: email.map(Into::into),
        phone: Some("617-555-0100".into()),
        lang,
        aids: None,
        check_phrase: email.map(|_| PHRASE.into()),
    }
}

/// What a page that warns puts into the box "Book it anyway".
pub fn anyway(warned: &str) -> String {
    let (_, rest) = warned.split_once("name=\"anyway\" value=\"").expect("a warning to tick");
    rest.split_once('"').unwrap().0.to_owned()
}

pub fn start() -> UnixMillis {
    keep::testing::START
}
