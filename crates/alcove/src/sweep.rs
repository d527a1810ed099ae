//! Every address by everybody who has no business there, with ids that are somebody else's, nobody's and
//! none: all three are refused alike, and no answer tells anything about a patient.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "measures, and prints what it measured")]

use crate::sweep_portal::{ACTING, acting, in_portal, signs};
use crate::tests::Practice;
use axum::body::Body;
use axum::http::{Request, header};
use keep::{Entry, Object, args};
use people::sessions::{self, Guest, Started};
use policy::{Access, Act, Facts, Scope, decide};
use std::time::{Duration, Instant};
use vocabulary::{
    ConsentId, Entropy, ParticipantId, PatientId, PersonId, Principal, Relation, Relations, Role, Roles,
    SessionId, UnixMillis, VisitId,
};
use web::testing::{Answer, send};
use web::{Route, Rule};

/// Somebody at a browser.
pub(crate) struct Caller {
    pub name: &'static str,
    pub who: Principal,
    pub cookie: String,
    pub token: String,
    /// What somebody may who acts for the target itself.
    pub acts: Option<Scope>,
}

/// What belongs to a patient whom none of the callers treats.
pub(crate) struct Target {
    pub patient: PatientId,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub doctor: PersonId,
    session: SessionId,
    /// What the patient agreed to.
    consent: ConsentId,
}

const FOREIGN_DOOR: &str = "0123456789abcdef";
const OWN_DOOR: &str = "fedcba9876543210";

/// R11 (part: over every address) and R116 (part: no address gives anything of a patient to whoever may not
/// see it)
#[tokio::test]
async fn whoever_may_not_cannot_tell_what_is_there() {
    let practice = Practice::open().await;
    let target = target(&practice).await;
    let mut callers = callers(&practice).await;
    for (class, name) in ACTING {
        callers.push(acting(&practice, (target.patient, name), Scope::NONE.with(class)).await);
    }
    assert!(callers.len() >= 16);
    let mut beyond = 0;
    let secrets = secrets();
    let (mut asked, mut refused, mut furthest) = (0, 0, Duration::ZERO);
    for route in crate::tests::all_routes().table() {
        let Rule::Act(act) = route.rule else { continue };
        let closed: Vec<&Caller> = callers.iter().filter(|one| is_closed(one, &route, act)).collect();
        for caller in &closed {
            let foreign = ask(&practice, caller, &route, &target.fill(route.path)).await;
            let absent_path = absent(route.path);
            let absent = ask(&practice, caller, &route, &absent_path).await;
            let malformed = ask(&practice, caller, &route, &nonsense(route.path)).await;
            let at = format!("{route} as {}", caller.name);
            for answer in [&foreign, &absent, &malformed] {
                asked += 1;
                let status = answer.status.as_u16();
                let doors = ["/sign-in", "/portal/sign-in"];
                let to_a_door = status == 303 && doors.iter().any(|at| answer.location().starts_with(at));
                assert!(to_a_door || (400..500).contains(&status), "{at}: {status}");
                let told = secrets.iter().find(|secret| answer.text.contains(**secret));
                assert!(told.is_none(), "{at} tells {told:?}");
            }
            assert_eq!(foreign.status, absent.status, "{at}");
            let (one, other) = (plain(&foreign, &target.fill(route.path)), plain(&absent, &absent_path));
            assert_eq!(one, other, "{at}");
            refused += usize::from(route.path.contains('{'));
            let of_portal = route.path.starts_with("/portal/") && route.path.contains('{');
            beyond += usize::from(of_portal && caller.acts.is_some());
        }
        if route.path.contains('{') && !closed.is_empty() {
            furthest = furthest.max(apart(&practice, &closed, &route, &target).await);
        }
    }
    println!("sweep: {asked} requests by {} callers, {refused} pairs alike", callers.len());
    println!("sweep: the medians of no address are more than {furthest:?} apart");
    assert!(furthest <= ALIKE, "{furthest:?} apart: what is there shows by the time that a refusal takes");
    assert!(refused > 500, "only {refused} pairs were compared");
    println!("sweep: {beyond} pairs of the portal beyond the scope of somebody who acts for the target");
    assert!(beyond > 8, "only {beyond} of the portal, beyond the scope of somebody who acts for them");
}

/// How far the medians of what is there and of what is not are apart over these callers. A machine at work on
/// other things is given three goes.
async fn apart(practice: &Practice, callers: &[&Caller], route: &Route, target: &Target) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let (mut there, mut nowhere) = (Vec::new(), Vec::new());
        for caller in callers {
            there.push(time(practice, caller, route, &target.fill(route.path)).await);
            nowhere.push(time(practice, caller, route, &absent(route.path)).await);
        }
        least = least.min(median(&mut there).abs_diff(median(&mut nowhere)));
        if least <= ALIKE {
            break;
        }
        println!("sweep: {route}: {least:?} apart over {} callers", callers.len());
    }
    least
}

/// Addresses that ask for more than the act at their door, once they know whose visit it is.
const INNER: [(&str, Act); 1] = [("/portal/visits/{id}", Act::ReadSummary)];

/// Nothing but a relation to the very patient or visit would open it. An address without a place for an id
/// may also open by a relation to somebody else: the page of one's own.
fn is_closed(caller: &Caller, route: &Route, act: Act) -> bool {
    let own = !route.path.contains('{');
    if let Some(scope) = caller.acts {
        // Of the target, the one thing they may; elsewhere they have no relation at all.
        let relations = Relations::NONE.with(Relation::Representative);
        let facts = Facts { fresh: true, relations, scope, ..Facts::default() };
        let inner = INNER.iter().find(|(path, _)| *path == route.path).map_or(act, |(_, inner)| *inner);
        return decide(&caller.who, &facts, inner).is_err();
    }
    let relations = if own { Relation::ALL.iter().copied().collect() } else { Relations::NONE };
    let scope = if own { Scope::CLASSES.into_iter().fold(Scope::NONE, Scope::with) } else { Scope::NONE };
    let facts = Facts { fresh: true, relations, scope, ..Facts::default() };
    decide(&caller.who, &facts, act).is_err()
}

/// What is there and what is not take as long to refuse.
#[tokio::test]
async fn a_refusal_takes_as_long_for_what_is_not_there() {
    let practice = Practice::open().await;
    let target = target(&practice).await;
    let callers = callers(&practice).await;
    let caller = callers.iter().find(|caller| caller.name == "clinician").unwrap();
    let table = crate::tests::all_routes().table();
    let mut asked = vec![(caller, "/patients/{id}"), (caller, "/visits/{id}")];
    let [consents, chart] = ACTING.map(|(class, name)| (Scope::NONE.with(class), name));
    let consents = acting(&practice, (target.patient, consents.1), consents.0).await;
    let chart = acting(&practice, (target.patient, chart.1), chart.0).await;
    asked.push((&consents, "/portal/visits/{id}"));
    asked.push((&chart, "/portal/consents/{id}"));
    asked.push((&chart, "/portal/take-back/{id}"));
    let own = in_portal(&practice, (target.patient, "the target"), None, None).await;
    for (caller, path) in asked {
        let route = table.iter().find(|route| route.path == path && route.method == "GET").unwrap();
        if path.starts_with("/portal/") {
            let there = ask(&practice, &own, route, &target.fill(path)).await;
            assert_eq!(there.status, 200, "{path} is there for its own patient: {}", there.text);
        }
        let mut apart = Duration::MAX;
        // A machine at work on other things is given three goes.
        for _ in 0..3 {
            let (mut there, mut nowhere) = (Vec::new(), Vec::new());
            for _ in 0..SAMPLES {
                there.push(time(&practice, caller, route, &target.fill(path)).await);
                nowhere.push(time(&practice, caller, route, &absent(path)).await);
            }
            apart = apart.min(median(&mut there).abs_diff(median(&mut nowhere)));
        }
        println!("sweep: {path}: medians {apart:?} apart");
        assert!(apart <= ALIKE, "{path}: {apart:?} apart");
    }
}

const SAMPLES: usize = 25;
const ALIKE: Duration = Duration::from_millis(5);

async fn time(practice: &Practice, caller: &Caller, route: &Route, path: &str) -> Duration {
    let started = Instant::now();
    let status = ask(practice, caller, route, path).await.status;
    let took = started.elapsed();
    let refuses = status.as_u16() == 303 || status.is_client_error();
    assert!(refuses, "{} {path}: {status} refuses nobody", route.method);
    took
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

pub(crate) async fn ask(practice: &Practice, caller: &Caller, route: &Route, path: &str) -> Answer {
    let asked = Request::builder().method(route.method).uri(path).header(header::COOKIE, &caller.cookie);
    let request = match route.method {
        "GET" => asked.body(Body::empty()),
        _ => asked
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("form_token={}", caller.token))),
    };
    send(&practice.router, request.unwrap()).await
}

/// The page without what differs between any two answers: the ids that were asked for, the incident, and the
/// seconds until the session ends.
fn plain(answer: &Answer, path: &str) -> String {
    let mut text = format!("{}{}", answer.location(), answer.text);
    for part in path.split('/').filter(|part| part.len() >= 16) {
        text = text.replace(part, "ID");
    }
    if let Some(at) = text.find("left=\"") {
        let digits = text[at + 6..].bytes().take_while(u8::is_ascii_digit).count();
        text.replace_range(at + 6..at + 6 + digits, "");
    }
    let at = text.find("class=\"center soft small\"").unwrap_or(text.len());
    let until = text[at..].find("</p>").map_or(text.len(), |end| at + end);
    format!("{}{}", &text[..at], &text[until..])
}

impl Target {
    pub(crate) fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1) {
            Some("patients") => self.patient.text(),
            Some("staff") => self.doctor.text(),
            Some("me") => self.session.text(),
            Some("portal") if ["consents", "take-back"].iter().any(|at| path.contains(at)) => {
                self.consent.text()
            }
            _ => self.visit.text(),
        };
        filled(path, &id, &self.participant.text(), FOREIGN_DOOR)
    }
}

fn absent(path: &str) -> String {
    let id = random().text();
    filled(path, &id, &random().text(), "00000000000000ff")
}

fn nonsense(path: &str) -> String {
    filled(path, "x%27--", "..%2f", "ZZ")
}

fn random() -> VisitId {
    let mut bytes = [0; 16];
    crate::ambient::SystemEntropy.fill(&mut bytes);
    VisitId::from_bytes(bytes)
}

fn filled(path: &str, id: &str, participant: &str, door: &str) -> String {
    let part = |part: &str| match part {
        "{participant}" | "{person}" => participant.to_owned(),
        "{door}" => door.to_owned(),
        part if part.starts_with('{') => id.to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Every name, check phrase and reason of the furnished practice.
pub(crate) fn secrets() -> Vec<&'static str> {
    let patients = &crate::demo::cast::PATIENTS;
    let names = patients.iter().map(|patient| patient.name);
    let phrases = patients.iter().map(|patient| patient.check_phrase);
    names.chain(phrases).chain(crate::demo::furnish::reasons()).collect()
}

pub(crate) async fn target(practice: &Practice) -> Target {
    let mut conn = practice.keep.read().await.unwrap();
    let osei = practice.person("clinician");
    let sql = "SELECT v.id AS visit, v.patient, p.id AS participant FROM visit v JOIN participant p
               ON p.visit = v.id AND p.patient = v.patient WHERE v.clinician = $1 ORDER BY v.starts_at DESC";
    let row = conn.row(sql, args![osei]).await.unwrap().unwrap();
    drop(conn);
    let (patient, visit, participant) = (
        row.parsed("patient", PatientId::parse).unwrap(),
        row.parsed("visit", VisitId::parse).unwrap(),
        row.parsed("participant", ParticipantId::parse).unwrap(),
    );
    let guest = guest(practice, FOREIGN_DOOR, (visit, participant, patient), true).await;
    let consent = signs(practice, patient).await;
    Target { patient, visit, participant, doctor: osei, session: guest.session, consent }
}

pub(crate) async fn callers(practice: &Practice) -> Vec<Caller> {
    let mut all = vec![Caller {
        name: "anonymous",
        who: Principal::Anonymous,
        cookie: String::new(),
        token: token_of(practice, "nobody"),
        acts: None,
    }];
    let staff = [
        ("owner", "owner", &[Role::Owner, Role::Clinician][..]),
        ("administrator", "administrator", &[Role::Administrator]),
        ("privacy official", "privacy_official", &[Role::PrivacyOfficial]),
        ("security official", "security_official", &[Role::SecurityOfficial]),
        ("clinician", "clinician-3", &[Role::Clinician]),
        ("desk", "desk", &[Role::Desk]),
        ("assistant", "assistant", &[Role::Assistant]),
    ];
    for (name, link, roles) in staff {
        let (person, started) = signed_in(practice, link).await;
        let roles: Roles = roles.iter().copied().collect();
        all.push(caller(
            practice,
            name,
            Principal::Staff { person, session: started.session, roles },
            &started,
        ));
    }
    for (name, link, state) in [("suspended", "clinician-2", "suspended"), ("removed", "desk-es", "removed")]
    {
        let (person, started) = signed_in(practice, link).await;
        let mut tx = practice.keep.begin().await.unwrap();
        // Not by the page that also ends the sessions: the state alone must shut every door.
        tx.run("UPDATE person SET state = $2 WHERE id = $1", args![person, state]).await.unwrap();
        tx.commit(&program(None), Entry::new(Object::of("person", person.text()))).await.unwrap();
        all.push(caller(practice, name, Principal::Anonymous, &started));
    }
    let mut conn = practice.keep.read().await.unwrap();
    let sql = "SELECT v.id AS visit, v.patient, p.id AS participant FROM visit v JOIN participant p
               ON p.visit = v.id AND p.patient = v.patient WHERE v.clinician = $1";
    let row = conn.row(sql, args![practice.person("owner")]).await.unwrap().unwrap();
    drop(conn);
    let (visit, participant, patient) = (
        row.parsed("visit", VisitId::parse).unwrap(),
        row.parsed("participant", ParticipantId::parse).unwrap(),
        row.parsed("patient", PatientId::parse).unwrap(),
    );
    for (name, door, known) in
        [("invited", "aaaaaaaaaaaaaaaa", false), ("guest of another visit", OWN_DOOR, true)]
    {
        let started = guest(practice, door, (visit, participant, patient), known).await;
        let who = Principal::Guest { participant, visit, session: started.session, known };
        all.push(caller(practice, name, who, &started));
    }
    all.push(in_portal(practice, (patient, "another patient"), None, None).await);
    let everything = Scope::CLASSES.into_iter().fold(Scope::NONE, Scope::with);
    let foreign = acting(practice, (patient, "representative of another patient"), everything).await;
    // Nothing of the target.
    all.push(Caller { acts: None, ..foreign });
    all
}

pub(crate) fn caller(practice: &Practice, name: &'static str, who: Principal, started: &Started) -> Caller {
    let line = started.cookie();
    let cookie = line.to_str().unwrap().split(';').next().unwrap().to_owned();
    Caller { name, who, cookie, token: token_of(practice, &started.token.reveal()), acts: None }
}

fn token_of(practice: &Practice, token: &str) -> String {
    let key = practice.keep.blind("session", "form_key", token);
    web::form_token(&key.try_into().unwrap())
}

pub(crate) async fn signed_in(practice: &Practice, link: &str) -> (PersonId, Started) {
    let person = practice.person(link);
    let mut tx = practice.keep.begin().await.unwrap();
    let house = practice.keep.settings().house_rules.clone();
    let started = sessions::start_staff(&mut tx, &house, person, sessions::How::Link).await.unwrap();
    tx.commit(&program(None), Entry::new(Object::of("session", ""))).await.unwrap();
    (person, started)
}

async fn guest(
    practice: &Practice,
    door: &str,
    (visit, participant, patient): (VisitId, ParticipantId, PatientId),
    known: bool,
) -> Started {
    let mut tx = practice.keep.begin().await.unwrap();
    let house = practice.keep.settings().house_rules.clone();
    let guest = Guest { door, visit, participant, patient, known, until: UnixMillis(i64::MAX / 2) };
    let started = sessions::start_guest(&mut tx, &house, &guest).await.unwrap();
    tx.commit(&program(Some(patient)), Entry::new(Object::of("session", ""))).await.unwrap();
    started
}

pub(crate) fn program(patient: Option<PatientId>) -> Access {
    decide(&Principal::System, &Facts { patient, ..Facts::default() }, Act::Furnish).unwrap()
}
