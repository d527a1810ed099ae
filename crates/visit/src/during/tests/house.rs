//! A practice with people and visits, a server on loopback, a media server without packets, and pages that
//! speak the wire.

use super::fake_media::FakeMedia;
use crate::before::lobby_messages::{From, say};
use crate::before::rules::{ParticipantState, VisitState};
use crate::before::store::{load_visit, participant, set_participant, set_visit_state};
use crate::during::{Live, Parts, routes, way_in};
use futures_util::{SinkExt, StreamExt};
use keep::trail::Search;
use keep::{Entry, Hint, Keep, Object, Outcome, Tx, args};
use people::patients::{self, BirthDate, NewPatient};
use people::{sessions, staff};
use policy::{Access, Act, Facts, decide};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use vocabulary::testing::TestClock;
use vocabulary::{
    Clock, HOUR_MS, Lang, ParticipantId, PatientId, PersonId, Principal, Role, Roles, SessionId, VisitId,
};

pub struct House {
    pub keep: Keep,
    pub clock: Arc<TestClock>,
    pub live: Live,
    pub media: Arc<FakeMedia>,
    pub origin: String,
}

/// One visit: a host, a patient, a supporter.
pub struct Meeting {
    pub visit: VisitId,
    pub person: PersonId,
    pub host: Guest,
    pub patient: Guest,
    pub supporter: Guest,
}

#[derive(Clone, Copy)]
pub struct Guest {
    pub id: ParticipantId,
    pub session: SessionId,
}

impl House {
    pub async fn open() -> House {
        let schemas = crate::test_house::SCHEMAS;
        let (keep, clock) = keep::testing::keep(&schemas).await;
        House::on(keep, clock).await
    }

    /// The program starts again on the same store: nothing in memory survives.
    pub async fn restarted(self) -> House {
        House::on(self.keep.clone(), self.clock.clone()).await
    }

    async fn on(keep: Keep, clock: Arc<TestClock>) -> House {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let mut tx = keep.begin().await.unwrap();
        let mut settings = (*keep.settings()).clone();
        settings.face.origin.clone_from(&origin);
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&furnish(), Entry::new(Object::of("settings", ""))).await.unwrap();

        let media = Arc::new(FakeMedia::default());
        let site = web::testing::site(keep.clone(), Principal::Anonymous, &[crate::WORDS]);
        let (keep_of, catalog) = (keep.clone(), site.catalog.clone());
        let (media_of, texting) = (media.clone(), Arc::default());
        let live = Live::start(Parts { keep: keep_of, media: media_of, catalog, demo: false, texting });
        let router = routes().into_router(site.plug(Arc::new(live.clone())));
        tokio::spawn(async move { axum::serve(listener, router).await });
        House { keep, clock, live, media, origin }
    }

    pub async fn meeting(&self) -> Meeting {
        let mut tx = self.keep.begin().await.unwrap();
        let house = self.keep.settings().house_rules.clone();
        let person = staff::add(&mut tx, &clinician()).await.unwrap();
        let patient_id = patients::add(&mut tx, &patient()).await.unwrap();
        let visit = VisitId::new(tx.now(), tx.entropy());
        tx.run(
            "INSERT INTO visit (id, patient, clinician, starts_at, length_min, kind, state, locked, version,
                 created_at) VALUES ($1, $2, $3, $4, 30, 'first', 'waiting', 0, 1, $4)",
            args![visit, patient_id, person, tx.now()],
        )
        .await
        .unwrap();
        super::admitting::answers(&mut tx, (patient_id, person), "given").await;
        let none: (Option<PersonId>, Option<PatientId>) = (None, None);
        let host = seat(&mut tx, visit, ("clinician", "admitted"), (Some(person), None)).await;
        let guest = seat(&mut tx, visit, ("patient", "waiting"), (None, Some(patient_id))).await;
        // Two who come in one millisecond wait in the order of their random ids.
        self.clock.advance_ms(1);
        let other = seat(&mut tx, visit, ("supporter", "waiting"), none).await;
        let staff_session =
            sessions::start_staff(&mut tx, &house, person, sessions::How::Link).await.unwrap().session;
        let until = tx.now().plus_ms(12 * HOUR_MS);
        let mut guest_session = async |door, participant| {
            let seat = sessions::Guest { door, visit, participant, patient: patient_id, known: true, until };
            sessions::start_guest(&mut tx, &house, &seat).await.unwrap().session
        };
        let patient_session = guest_session("0123456789abcdef", guest).await;
        let supporter_session = guest_session("fedcba9876543210", other).await;
        tx.commit(&furnish(), Entry::new(Object::of("visit", visit.text()))).await.unwrap();
        Meeting {
            visit,
            person,
            host: Guest { id: host, session: staff_session },
            patient: Guest { id: guest, session: patient_session },
            supporter: Guest { id: other, session: supporter_session },
        }
    }

    /// What the two presses of `pages` end with.
    pub async fn ticket(&self, meeting: &Meeting, who: Guest) -> String {
        self.ticket_in(meeting, who, Lang::En).await
    }

    pub async fn ticket_in(&self, meeting: &Meeting, who: Guest, lang: Lang) -> String {
        let mut tx = self.keep.begin().await.unwrap();
        let opened = way_in::open(&mut tx, who.session, (meeting.visit, who.id), lang).await.unwrap();
        tx.commit(&furnish(), Entry::new(Object::of("ticket", ""))).await.unwrap();
        self.live.ticket(opened).unwrap().reveal()
    }

    pub async fn page(&self, meeting: &Meeting, who: Guest) -> Page {
        let ticket = self.ticket(meeting, who).await;
        let mut page = self.socket().await;
        page.say("hello", json!({ "ticket": ticket })).await;
        let welcome = page.next("welcome").await;
        page.resume = welcome["resume"].as_str().unwrap().to_owned();
        page.welcome = welcome;
        page
    }

    pub async fn resumed(&self, resume: &str, after: Option<u64>) -> Page {
        let mut page = self.socket().await;
        let mut body = json!({ "resume": resume });
        if let Some(after) = after {
            body["after"] = after.into();
        }
        page.say("hello", body).await;
        page.welcome = page.next("welcome").await;
        page.resume = resume.to_owned();
        page
    }

    pub async fn socket(&self) -> Page {
        let (stream, _) = self.connect(&self.origin).await.unwrap();
        Page { stream, seq: 0, heard: Vec::new(), resume: String::new(), welcome: Value::Null, last_seq: 0 }
    }

    pub async fn connect(
        &self,
        origin: &str,
    ) -> Result<(WebSocketStream<MaybeTlsStream<TcpStream>>, Response), Error> {
        let address = self.origin.replace("http://localhost", "ws://127.0.0.1") + "/ws";
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        connect_async(request).await
    }

    /// Host and patient are in the room with media.
    pub async fn met(&self) -> (Meeting, Page, Page) {
        let meeting = self.meeting().await;
        let (patient, host) = self.meet(&meeting).await;
        (meeting, host, patient)
    }

    /// The two of this visit, likewise: patient and host.
    pub async fn meet(&self, meeting: &Meeting) -> (Page, Page) {
        let mut patient = self.page(meeting, meeting.patient).await;
        let mut host = self.page(meeting, meeting.host).await;
        host.next("queue").await;
        host.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
        patient.next("room").await;
        for page in [&mut host, &mut patient] {
            page.say("offer", json!({ "sdp": "v=0" })).await;
            page.next("answer").await;
        }
        host.until("room", |room| connected(room) == 2).await;
        patient.until("room", |room| connected(room) == 2).await;
        (patient, host)
    }

    pub async fn state(&self, id: ParticipantId) -> ParticipantState {
        participant(&mut self.keep.read().await.unwrap(), id).await.unwrap().state
    }

    /// What the record says of somebody's six digits.
    pub async fn spoken(&self, id: ParticipantId) -> Option<&'static str> {
        let row = participant(&mut self.keep.read().await.unwrap(), id).await.unwrap();
        row.spoken.map(|(code, _)| code.code())
    }

    pub async fn visit_state(&self, id: VisitId) -> VisitState {
        load_visit(&mut self.keep.read().await.unwrap(), id).await.unwrap().state
    }

    /// As a page of the practice or of the guest would, without a socket.
    pub async fn steps_out(&self, id: ParticipantId) {
        self.page_sets(id, ParticipantState::Left).await;
    }

    pub async fn steps_in(&self, id: ParticipantId) {
        self.page_sets(id, ParticipantState::Waiting).await;
    }

    async fn page_sets(&self, id: ParticipantId, state: ParticipantState) {
        let mut tx = self.keep.begin().await.unwrap();
        let (row, now) = (participant(&mut tx, id).await.unwrap(), tx.now());
        set_participant(&mut tx, &row, state, now).await.unwrap();
        tx.hint(Hint::Visit(row.visit));
        tx.commit(&furnish(), Entry::new(Object::of("participant", id.text()))).await.unwrap();
    }

    pub async fn desk_says(&self, meeting: &Meeting, words: &str) {
        let mut tx = self.keep.begin().await.unwrap();
        let row = load_visit(&mut tx, meeting.visit).await.unwrap();
        assert!(say(&mut tx, &row, From::Practice(meeting.person), words).await.unwrap());
        tx.hint(Hint::Visit(meeting.visit));
        tx.commit(&furnish(), Entry::new(Object::of("visit", meeting.visit.text()))).await.unwrap();
    }

    pub async fn moves_to_phone(&self, id: VisitId) {
        let mut tx = self.keep.begin().await.unwrap();
        let (row, now) = (load_visit(&mut tx, id).await.unwrap(), tx.now());
        set_visit_state(&mut tx, &row, VisitState::MovedToPhone, now).await.unwrap();
        tx.hint(Hint::Visit(id));
        tx.commit(&furnish(), Entry::new(Object::of("visit", id.text()))).await.unwrap();
    }

    pub async fn sign_out(&self, session: SessionId) {
        let mut tx = self.keep.begin().await.unwrap();
        sessions::end(&mut tx, session).await.unwrap();
        tx.hint(Hint::Session(session));
        tx.commit(&furnish(), Entry::new(Object::of("session", session.text()))).await.unwrap();
    }

    /// What the trail holds: each act and whether it was done.
    pub async fn acts(&self) -> Vec<(String, bool)> {
        self.trail().await.into_iter().map(|it| (it.act, it.outcome == Outcome::Done)).collect()
    }

    pub async fn trail(&self) -> Vec<keep::trail::Body> {
        let roles = Roles::NONE.with(Role::PrivacyOfficial);
        let (now, entropy) = (self.clock.now(), self.keep.entropy());
        let (person, session) = (PersonId::new(now, entropy), SessionId::new(now, entropy));
        let official = Principal::Staff { person, session, roles };
        let access = decide(&official, &Facts::default(), Act::ReadTrail).unwrap();
        let mut viewing = self.keep.view(&access, Object::of("trail", "")).await.unwrap();
        let search = Search { limit: 200, ..Search::default() };
        let events = keep::trail::entries(&mut viewing, &access, search).await.unwrap();
        events.into_iter().filter_map(|event| event.body).collect()
    }

    pub async fn eventually(&self, id: ParticipantId, state: ParticipantState) {
        for _ in 0..200 {
            if self.state(id).await == state {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never {state:?}");
    }
}

pub fn connected(room: &Value) -> usize {
    room["people"].as_array().unwrap().iter().filter(|one| one["connected"] == true).count()
}

/// A room document: it says and hears, and remembers all it heard.
pub struct Page {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub seq: u64,
    pub heard: Vec<(String, Value)>,
    pub resume: String,
    pub welcome: Value,
    pub last_seq: u64,
}

impl Page {
    /// Gives the number of the message.
    pub async fn say(&mut self, kind: &str, body: Value) -> u64 {
        self.seq += 1;
        let text = json!({ "v": 1, "seq": self.seq, "type": kind, "body": body }).to_string();
        self.raw(text).await;
        self.seq
    }

    pub async fn raw(&mut self, text: String) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// The body of the next message of this type; what comes before it is remembered.
    pub async fn next(&mut self, kind: &str) -> Value {
        self.until(kind, |_| true).await
    }

    pub async fn until(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let Some((found, body)) = self.hear().await else {
                panic!("closed before {kind}; heard {:?}", self.kinds());
            };
            if found == kind && wanted(&body) {
                return body;
            }
        }
    }

    /// `None` when the server has closed.
    pub async fn hear(&mut self) -> Option<(String, Value)> {
        let next = tokio::time::timeout(Duration::from_secs(5), self.stream.next());
        let frame = next.await.unwrap_or_else(|_| panic!("nothing comes; heard {:?}", self.kinds()));
        match frame {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                self.last_seq = self.last_seq.max(message["seq"].as_u64().unwrap());
                let (kind, body) = (message["type"].as_str().unwrap().to_owned(), message["body"].clone());
                self.heard.push((kind.clone(), body.clone()));
                Some((kind, body))
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => None,
            Some(Ok(other)) => panic!("a page gets text, not {other:?}"),
        }
    }

    /// The code of the next problem.
    pub async fn problem(&mut self) -> String {
        let problem = self.next("problem").await;
        assert!(!problem["title"].as_str().unwrap().contains('-'), "{problem}");
        problem["type"].as_str().unwrap().trim_start_matches("urn:alcove:").to_owned()
    }

    pub async fn closed(&mut self) {
        while self.hear().await.is_some() {}
    }

    /// Everything sent before this is heard.
    pub async fn caught_up(&mut self) {
        self.say("alive", json!({})).await;
        self.next("alive").await;
    }

    pub fn kinds(&self) -> Vec<&str> {
        self.heard.iter().map(|(kind, _)| kind.as_str()).collect()
    }
}

pub fn furnish() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

pub async fn seat(
    tx: &mut Tx,
    visit: VisitId,
    (role, state): (&str, &str),
    (person, patient): (Option<PersonId>, Option<PatientId>),
) -> ParticipantId {
    let id = ParticipantId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO participant (id, visit, role, person, patient, state, arrived_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        args![id, visit, role, person, patient, state, tx.now()],
    )
    .await
    .unwrap();
    id
}

pub fn clinician() -> staff::NewPerson<'static> {
    staff::NewPerson {
        name: "Dr. Amara Osei",
        credentials: "MD",
        licensed_in: "MA",
        roles: Roles::NONE.with(Role::Clinician),
        lang: Lang::En,
    }
}

fn patient() -> NewPatient {
    let today = jiff::civil::Date::constant(2026, 11, 21);
    let Ok(birth_date) = BirthDate::read("3", "14", "1980", today) else { panic!("a date") };
    NewPatient {
        name: "Maria Lopez".into(),
        birth_date,
        email: None,
        phone: None,
        lang: Lang::En,
        aids: None,
        check_phrase: None,
    }
}
