//! A small practice and browsers that keep cookies, for the tests of this crate.

use crate::invitations::Limits;
use crate::patients::{self, Names, NewPatient, rules::Typed};
use crate::sessions::{self, CookieSignIn};
use crate::staff::{self, NewPerson};
use crate::{NEEDS, SCHEMA, WORDS};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use keep::testing::START;
use keep::{Entry, Keep, Object};
use policy::{Access, Act, Facts, decide};
use std::collections::BTreeMap;
use std::sync::Arc;
use vocabulary::testing::TestClock;
use vocabulary::{
    DAY_MS, Lang, ParticipantId, PatientId, PersonId, Principal, Role, Roles, Secret, UnixMillis, VisitId,
};
use web::testing::{Answer, send};
use web::{Catalog, Site};

/// Stands in every health field of the test patient.
pub(crate) const CANARY: &str = "Quetzalcanary";

pub(crate) struct House {
    pub keep: Keep,
    pub clock: Arc<TestClock>,
    pub names: Arc<Names>,
    pub hasher: Arc<crate::proofs::Hasher>,
    pub router: Router,
}

/// An invitation as the letter has it, and whom it is for.
pub(crate) struct Invited {
    pub secret: Secret,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub patient: PatientId,
}

impl House {
    pub async fn open() -> House {
        House::open_with(|site| site).await
    }

    /// With parts of the test's own plugged in.
    pub async fn open_with(plug: impl FnOnce(Site) -> Site) -> House {
        let (keep, clock) = keep::testing::keep(&[SCHEMA, NEEDS]).await;
        let mut settings = (*keep.settings()).clone();
        settings.face.phone = "555-0142".into();
        let mut tx = keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("settings", ""))).await.unwrap();
        let names = Names::build(&keep).await.unwrap();
        let sign_in = Arc::new(CookieSignIn::new(keep.clone(), names.clone()));
        let site = Site::new(keep.clone(), sign_in, Catalog::new(&[WORDS]).unwrap())
            .plug(names.clone())
            .plug(Arc::new(Limits::default()))
            .plug(Arc::new(crate::merges::Followers::default()));
        let site = plug(crate::plug_doors(site));
        let hasher = site.plugged();
        House { router: crate::routes().into_router(site), keep, clock, names, hasher }
    }

    pub async fn hire(&self, roles: &[Role]) -> PersonId {
        let new = NewPerson {
            name: "Dr. Amara Osei",
            credentials: "MD",
            licensed_in: "MA NH",
            roles: Roles::from_iter(roles.iter().copied()),
            lang: Lang::En,
        };
        let mut tx = self.keep.begin().await.unwrap();
        let id = staff::add(&mut tx, &new).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("person", id.text()))).await.unwrap();
        id
    }

    /// The same with a mail address to sign in with.
    pub async fn hire_named(&self, roles: &[Role], email: &str) -> PersonId {
        let id = self.hire(roles).await;
        let mut tx = self.keep.begin().await.unwrap();
        crate::proofs::give_name(&mut tx, id, email).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("login", id.text()))).await.unwrap();
        id
    }

    /// Born on 9 March 1961, with a canary in every other field.
    pub async fn patient(&self) -> PatientId {
        self.patient_named(&format!("Maria {CANARY}")).await
    }

    pub async fn patient_named(&self, name: &str) -> PatientId {
        let new = new_patient(name);
        let mut tx = self.keep.begin().await.unwrap();
        let id = patients::add(&mut tx, &new).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("patient", id.text()))).await.unwrap();
        self.names.put(&self.keep, id, &new);
        id
    }

    pub async fn invite(&self) -> Invited {
        let (now, entropy) = (START, self.keep.entropy());
        let patient = self.patient().await;
        let (visit, participant) = (VisitId::new(now, entropy), ParticipantId::new(now, entropy));
        let mut tx = self.keep.begin().await.unwrap();
        let secret =
            crate::invitations::issue(&mut tx, visit, participant, patient, self.in_a_day()).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
        Invited { secret, visit, participant, patient }
    }

    /// Somebody to a visit of this patient who has no birth date on file; the code is shown once.
    pub async fn invite_with_code(&self) -> (Invited, String) {
        let (now, entropy) = (START, self.keep.entropy());
        let patient = self.patient().await;
        let (visit, participant) = (VisitId::new(now, entropy), ParticipantId::new(now, entropy));
        let (mut tx, ends) = (self.keep.begin().await.unwrap(), self.in_a_day());
        let stranger = crate::invitations::Stranger { visit, participant, patient, lang: Lang::Es };
        let (secret, code) = crate::invitations::issue_with_code(&mut tx, &stranger, ends).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
        (Invited { secret, visit, participant, patient }, code.spoken())
    }

    pub fn in_a_day(&self) -> UnixMillis {
        self.keep.clock().now().plus_ms(DAY_MS)
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), set_cookies: Vec::new() }
    }

    pub async fn signed_in(&self, person: PersonId) -> Browser {
        let mut tx = self.keep.begin().await.unwrap();
        let house = self.keep.settings().house_rules.clone();
        let started = sessions::start_staff(&mut tx, &house, person, sessions::How::Link).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("session", started.session.text()))).await.unwrap();
        let mut browser = self.browser();
        browser.keep_cookie(started.cookie().to_str().unwrap());
        browser
    }

    /// Codes of the acts in the trail about this patient or, with `None`, of all; oldest first.
    pub async fn acts(&self, patient: Option<PatientId>) -> Vec<String> {
        let facts = Facts { patient, ..Facts::default() };
        let official = Principal::Staff {
            person: PersonId::new(START, self.keep.entropy()),
            session: vocabulary::SessionId::new(START, self.keep.entropy()),
            roles: Roles::NONE.with(Role::PrivacyOfficial),
        };
        let access = decide(&official, &facts, Act::ReadTrail).unwrap();
        let mut view = self.keep.view(&access, Object::of("trail", "")).await.unwrap();
        let search = keep::trail::Search { patient, limit: 200, ..Default::default() };
        let events = keep::trail::entries(&mut view, &access, search).await.unwrap();
        let mut acts: Vec<String> = events
            .into_iter()
            .filter_map(|event| event.body)
            .filter(|body| body.act != Act::ReadTrail.code())
            .map(|body| format!("{} {:?}", body.act, body.outcome).to_lowercase())
            .collect();
        acts.reverse();
        acts
    }
}

pub(crate) fn new_patient(name: &str) -> NewPatient {
    let typed = Typed {
        name: name.into(),
        month: "3".into(),
        day: "9".into(),
        year: "1961".into(),
        email: format!("{CANARY}@example.org"),
        phone: "555-010-0142".into(),
        lang: "en".into(),
        aids: CANARY.into(),
        check_phrase: format!("blue {CANARY}"),
    };
    typed.check(patients::day_in(START, "UTC")).ok().unwrap()
}

pub(crate) fn system() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

/// Keeps cookies as a browser does, and takes the form token from the page it last saw.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// Every `Set-Cookie` line so far.
    pub set_cookies: Vec<String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.fetch(Request::get(path)).await
    }

    /// What a page asks for by itself.
    pub async fn in_background(&mut self, path: &str) -> Answer {
        self.fetch(Request::get(path).header("alcove-background", "1")).await
    }

    /// Follows a link that stands on a page of `site`, as the browser tells it (Fetch Metadata).
    pub async fn follow_from(&mut self, site: &str, path: &str) -> Answer {
        self.fetch(Request::get(path).header("sec-fetch-site", site)).await
    }

    async fn fetch(&mut self, request: axum::http::request::Builder) -> Answer {
        let request = request.header(header::COOKIE, self.cookie_line()).body(Body::empty());
        let answer = send(&self.router, request.unwrap()).await;
        self.hear(&answer);
        answer
    }

    /// Presses ES on a page that was answered.
    pub async fn in_spanish(&mut self, answer: &Answer) -> Answer {
        self.keep_cookie("__Host-lang=es; Path=/");
        self.get(web::testing::way_back(&answer.text)).await
    }

    /// Loads `page`, then sends its form to `path`.
    pub async fn submit(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let seen = self.get(page).await;
        self.post(path, &form_token(&seen.text), fields).await
    }

    pub async fn post(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form_token={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", value.replace('@', "%40").replace(' ', "+")));
        }
        let request = Request::post(path)
            .header(header::COOKIE, self.cookie_line())
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        let answer = send(&self.router, request.unwrap()).await;
        self.hear(&answer);
        answer
    }

    /// Loads `page`, then sends this file from its form.
    pub async fn upload(&mut self, page: &str, path: &str, file: &[u8]) -> Answer {
        let token = form_token(&self.get(page).await.text);
        let part = |name: &str, more: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n").into_bytes()
        };
        let file_head = part("file", "; filename=\"a.csv\"\r\nContent-Type: text/csv");
        let guard = [part("form_token", ""), token.into_bytes(), b"\r\n".to_vec()].concat();
        self.send_parts(path, [guard, file_head, file.to_vec(), b"\r\n--edge--\r\n".to_vec()].concat()).await
    }

    pub async fn send_parts(&mut self, path: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, self.cookie_line())
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body));
        send(&self.router, request.unwrap()).await
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn cookie_names(&self) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).collect()
    }

    pub fn keep_cookie(&mut self, line: &str) {
        self.set_cookies.push(line.to_owned());
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        if line.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn hear(&mut self, answer: &Answer) {
        let lines: Vec<String> = answer
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|line| line.to_str().unwrap().to_owned())
            .collect();
        lines.iter().for_each(|line| self.keep_cookie(line));
    }

    fn cookie_line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

/// The token of the guest session behind a door, for a form of a page that stands in another slice.
pub(crate) fn form_token_of(house: &House, browser: &Browser, path: &str) -> String {
    let door = path.split('/').nth(2).unwrap();
    let token = browser.cookie(&format!("__Host-guest-{door}")).unwrap();
    web::form_token(&house.keep.blind("session", "form_key", token).try_into().unwrap())
}

fn form_token(html: &str) -> String {
    let at = html.find("name=\"form_token\" value=\"").map(|at| at + 25);
    at.map(|at| html[at..].split('"').next().unwrap().to_owned()).unwrap_or_default()
}
