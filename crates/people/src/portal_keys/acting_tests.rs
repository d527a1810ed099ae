//! Somebody who acts for a patient comes into that patient's portal, and is out of it when their authority
//! is. A passkey itself needs a browser: `e2e/journeys/portal.test.mjs`.

use super::tests::{RIGHT, WRONG, desk, hidden, letters, page_of, posted, prove, secret_in};
use crate::care_team;
use crate::testing::{Browser, CANARY, House, system};
use keep::testing::START;
use keep::{Entry, Object, args};
use vocabulary::{DAY_MS, MINUTE_MS, PatientId, Principal, RepresentativeId, Role, SessionId, UnixMillis};

const ROSA: &str = "Rosa Proxycanary";

struct Ward {
    house: House,
    patient: PatientId,
    doctor: Browser,
    one: RepresentativeId,
}

impl Ward {
    /// Rosa acts for the patient until the 30th, with an address of her own.
    async fn begin() -> Ward {
        let house = House::open().await;
        let patient = house.patient().await;
        let clinician = house.hire(&[Role::Clinician]).await;
        let mut tx = house.keep.begin().await.unwrap();
        care_team::put(&mut tx, patient, clinician, clinician, START.plus_ms(300 * DAY_MS)).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("care_team", patient.text()))).await.unwrap();
        let mut doctor = house.signed_in(clinician).await;
        let page = format!("/patients/{}/representatives", patient.text());
        let fields = [
            ("name", ROSA),
            ("contact", "rosa@family.example"),
            ("authority", "agent"),
            ("identity", "photo_id"),
            ("evidence", "power_of_attorney"),
            ("chart", "yes"),
            ("from", "2026-11-01"),
            ("until", "2026-11-30"),
        ];
        let added = doctor.submit(&page, &page, &fields).await;
        assert_eq!(added.location(), format!("{page}?done=added"), "{}", added.text);
        let mut conn = house.keep.read().await.unwrap();
        let row = conn.row("SELECT id FROM representative", args![]).await.unwrap().unwrap();
        let one = row.parsed("id", RepresentativeId::parse).unwrap();
        drop(conn);
        Ward { house, patient, doctor, one }
    }

    fn page(&self) -> String {
        format!("/patients/{}/representatives", self.patient.text())
    }

    fn help(&self) -> String {
        format!("{}/{}/portal", self.page(), self.one.text())
    }

    async fn end(&mut self, how: &str) {
        let page = self.page();
        let done = match how {
            "refused" => {
                let fields = [("who", ROSA), ("why", "The patient is afraid of her")];
                let path = format!("/patients/{}/refusals", self.patient.text());
                self.doctor.submit(&page, &path, &fields).await
            }
            _ => self.doctor.submit(&page, &format!("{page}/{}/end", self.one.text()), &[]).await,
        };
        assert_eq!(done.status, 303, "{how}: {}", done.text);
    }

    async fn ends_at(&self) -> UnixMillis {
        let mut conn = self.house.keep.read().await.unwrap();
        let sql = "SELECT ends_at FROM representative WHERE id = $1";
        conn.row(sql, args![self.one]).await.unwrap().unwrap().time("ends_at").unwrap()
    }

    /// Whom this browser's portal cookie speaks for.
    async fn who(&self, browser: &Browser) -> Option<Principal> {
        let token = browser.cookie("__Host-patient")?;
        let index = self.house.keep.blind("session", "token_index", token);
        let sql = "SELECT id FROM session WHERE token_index = $1";
        let mut conn = self.house.keep.read().await.unwrap();
        let row = conn.row(sql, args![index]).await.unwrap().unwrap();
        let id = row.parsed("id", SessionId::parse).unwrap();
        crate::sessions::load(&mut conn, id).await.unwrap().unwrap().principal()
    }
}

/// R15 (part: a proxy gets a link at an address of their own, which staff never see, and is not the patient)
/// R74 (part: their portal shuts at the next request after their authority ended, or was refused)
#[tokio::test]
async fn somebody_who_acts_for_the_patient_comes_in_by_a_link_and_is_out_when_the_authority_is() {
    for how in ["ended", "refused", "over by its date"] {
        let mut ward = Ward::begin().await;
        let left = ward.ends_at().await.0 - START.0;
        if how == "over by its date" {
            // So late that neither the session nor the links end before the authority does.
            ward.house.clock.advance_ms(left - 2 * MINUTE_MS);
        }
        let (mut desk, help) = (desk(&ward.house).await, ward.help());
        let listed = desk.get(&page_of(ward.patient)).await.text;
        assert!(listed.contains(ROSA) && listed.contains(&help), "the desk finds them beside the patient");
        let sent = desk.submit(&help, &format!("{help}/link"), &[]).await;
        assert_eq!(sent.location(), format!("{help}?done=sent"), "{}", sent.text);
        let told = desk.get(sent.location()).await.text;
        let secret = secret_in(&letters(&ward.house).await[0]);
        assert!(told.contains(ROSA) && !told.contains(&secret), "staff see no secret");

        let mut phone = ward.house.browser();
        let asked = phone.submit("/portal/link", "/portal/link", &[("secret", &secret)]).await;
        assert!(asked.text.contains("birth date of the person you act for"), "{}", asked.text);
        assert_eq!(prove(&mut phone, &secret, WRONG).await.status, 422);
        assert_eq!(prove(&mut phone, &secret, RIGHT).await.location(), "/portal/keys");
        let who = ward.who(&phone).await;
        assert!(
            matches!(who, Some(Principal::Representative { representative, patient, .. })
                if representative == ward.one && patient == ward.patient),
            "{who:?}"
        );
        let keys = phone.get("/portal/keys").await;
        assert!(keys.status == 200 && keys.text.contains("/portal/keys/start"), "{}", keys.text);
        assert_eq!(phone.get("/portal/contact").await.status, 404, "nor where the patient is reached");

        // A browser that waits, and a second link: neither leads anywhere once the authority is over.
        desk.submit(&help, &format!("{help}/link"), &[]).await;
        let second = secret_in(&letters(&ward.house).await[0]);
        if how == "over by its date" {
            ward.house.clock.advance_ms(2 * MINUTE_MS);
        } else {
            ward.end(how).await;
        }
        assert_eq!(phone.get("/portal/keys").await.status, 303, "{how}: signed out at the next request");
        assert_eq!(phone.get("/portal/still-here").await.status, 303, "{how}");
        assert_eq!(prove(&mut ward.house.browser(), &second, RIGHT).await.status, 410, "{how}");
        let mut colleague = self::desk(&ward.house).await;
        assert_eq!(colleague.get(&help).await.status, 404, "{how}: nobody to help");
        assert!(!colleague.get(&page_of(ward.patient)).await.text.contains(ROSA), "{how}");
    }
}

/// R15 (part: help at the desk for a proxy, and a lost phone of theirs, which leaves the patient's alone)
#[tokio::test]
async fn the_desk_lets_in_a_proxys_phone_and_ends_a_lost_one_without_touching_the_patients() {
    let ward = Ward::begin().await;
    let (mut desk, help) = (desk(&ward.house).await, ward.help());
    let mut own = ward.house.browser();
    let patients = page_of(ward.patient);
    desk.submit(&patients, &format!("{patients}/link"), &[]).await;
    prove(&mut own, &secret_in(&letters(&ward.house).await[0]), RIGHT).await;
    let mut phone = ward.house.browser();
    let shown = phone.submit("/portal/sign-in", "/portal/help", &[]).await;
    let (secret, code) = (hidden(&shown.text, "secret"), hidden(&shown.text, "code"));
    let fields = [("code", code.as_str()), ("identity", "photo_id")];
    let approved = desk.submit(&help, &format!("{help}/code"), &fields).await;
    assert_eq!(approved.location(), format!("{help}?done=approved"), "{}", approved.text);
    assert_eq!(prove(&mut phone, &secret, RIGHT).await.location(), "/portal/keys");
    let lost = desk.submit(&help, &format!("{help}/link"), &[("lost", "yes")]).await;
    assert_eq!(lost.location(), format!("{help}?done=lost"));
    assert_eq!(phone.get("/portal/keys").await.status, 303, "the lost one is out");
    assert_eq!(own.get("/portal/keys").await.status, 200, "the patient's is not");
    let lost = desk.submit(&patients, &format!("{patients}/link"), &[("lost", "yes")]).await;
    assert_eq!(lost.location(), format!("{patients}?done=lost"));
    assert_eq!(own.get("/portal/keys").await.status, 303);
    let acts = ward.house.acts(Some(ward.patient)).await;
    assert!(acts.contains(&"portal_key.help done".to_owned()), "{acts:?}");
}

/// R15 (part: letters to a proxy are in the language known of the family, whoever presses; and the patient is
/// told of no key before there is one)
#[tokio::test]
async fn letters_about_a_proxys_way_in_are_not_in_the_desks_language_and_none_comes_early() {
    let ward = Ward::begin().await;
    let mut tx = ward.house.keep.begin().await.unwrap();
    tx.run("UPDATE patient SET lang = 'es' WHERE id = $1", args![ward.patient]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("patient", ward.patient.text()))).await.unwrap();
    let (mut desk, help) = (desk(&ward.house).await, ward.help());
    desk.submit(&help, &format!("{help}/link"), &[]).await;
    let post = posted(&ward.house).await;
    assert!(post.len() == 1 && post[0].to == "rosa@family.example", "the link is hers alone");
    assert!(post[0].text.contains("configurar su forma de entrar"), "{}", post[0].text);

    let mut phone = ward.house.browser();
    let shown = phone.submit("/portal/sign-in", "/portal/help", &[]).await;
    let code = hidden(&shown.text, "code");
    let fields = [("code", code.as_str()), ("identity", "photo_id")];
    let approved = desk.submit(&help, &format!("{help}/code"), &fields).await;
    assert_eq!(approved.location(), format!("{help}?done=approved"), "{}", approved.text);
    let post = posted(&ward.house).await;
    let hers = post.iter().find(|letter| letter.to == "rosa@family.example").unwrap();
    assert!(
        hers.text.contains("cambió la forma en que entra") && !hers.text.contains("Rosa"),
        "{}",
        hers.text
    );
    let patients = format!("{CANARY}@example.org");
    let early = post.iter().find(|letter| letter.to.eq_ignore_ascii_case(&patients));
    assert!(early.is_none(), "nobody has a key yet");
}

/// R74 (part: the keys of an authority that is over are gone, whoever ended it and however; the patient's and
/// those of others stay)
#[tokio::test]
async fn passkeys_of_an_authority_that_is_over_are_removed() {
    for how in ["ended", "refused", "over by its date"] {
        let mut ward = Ward::begin().await;
        let mut tx = ward.house.keep.begin().await.unwrap();
        for (nth, representative) in [None, Some(ward.one)].into_iter().enumerate() {
            let id = vocabulary::PasskeyId::new(tx.now(), tx.entropy());
            let sql = "INSERT INTO portal_passkey (id, patient, credential_index, record, made_at, version,
                           representative) VALUES ($1, $2, $3, $4, $5, 1, $6)";
            let row = id.text();
            let owner = keep::Owner::Patient(ward.patient);
            let place =
                keep::Place { table: "portal_passkey", column: "record", row: &row, version: 1, owner };
            let (index, sealed) = (vec![u8::try_from(nth).unwrap(); 32], tx.seal(&place, b"{}").unwrap());
            let now = tx.now();
            tx.run(sql, args![id, ward.patient, index, sealed, now, representative]).await.unwrap();
        }
        tx.commit(&system(), Entry::new(Object::of("portal_key", ""))).await.unwrap();
        if how == "over by its date" {
            let left = ward.ends_at().await.0 - START.0;
            ward.house.clock.advance_ms(left);
            // It opens nothing from then on; the next change of who acts for the patient takes it away.
            let page = ward.page();
            let until = [
                ("name", "Ben Proxycanary"),
                ("authority", "agent"),
                ("identity", "photo_id"),
                ("evidence", "power_of_attorney"),
                ("chart", "yes"),
                ("from", "2026-12-01"),
                ("until", "2026-12-30"),
            ];
            let clinician = ward.house.hire(&[Role::Clinician]).await;
            let mut tx = ward.house.keep.begin().await.unwrap();
            let end = START.plus_ms(300 * DAY_MS);
            care_team::put(&mut tx, ward.patient, clinician, clinician, end).await.unwrap();
            tx.commit(&system(), Entry::new(Object::of("care_team", ""))).await.unwrap();
            let added = ward.house.signed_in(clinician).await.submit(&page, &page, &until).await;
            assert_eq!(added.location(), format!("{page}?done=added"), "{}", added.text);
        } else {
            ward.end(how).await;
        }
        let mut conn = ward.house.keep.read().await.unwrap();
        let sql = "SELECT representative FROM portal_passkey WHERE removed_at IS NULL";
        let left = conn.rows(sql, args![]).await.unwrap();
        assert_eq!(left.len(), 1, "{how}");
        assert!(left[0].opt_text("representative").unwrap().is_none(), "{how}: the patient's own stays");
    }
}
