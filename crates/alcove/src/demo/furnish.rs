//! Furnishes the demo's practice: people, patients, today's visits and one that is over.
//!
//! Everything goes through the same doors as the product's own pages, so the trail holds it too.

use super::cast::{self, Member};
use crate::house::{self, Failure};
use jiff::civil::Date;
use keep::{Entry, Face, Keep, Object, Settings, Tx};
use people::needs::{self, Needs};
use people::patients::{self, BirthDate, NewPatient};
use people::staff::{self, NewPerson};
use policy::{Access, Act, Facts, decide};
use practice::interpreters;
use std::sync::Arc;
use visit::after::summary;
use visit::before::booking::{self, Booking, Dress};
use visit::before::emergency;
use visit::before::rules::{Kind, VisitEvent};
use visit::before::store::{load_visit, set_visit_state};
use visit::before::translations;
use vocabulary::{DAY_MS, Health, Lang, MINUTE_MS, PatientId, PersonId, Principal, UnixMillis};
use web::Catalog;

/// The ways in that the demo prints.
pub struct Links {
    pub staff: Vec<StaffLink>,
    /// The patient's link into the visit that is due now; only a fresh practice knows it.
    pub patient: Option<String>,
    /// Links of the later visits, for a second patient.
    pub others: Vec<String>,
}

pub struct StaffLink {
    pub link: &'static str,
    pub name: &'static str,
    /// The code of the first role.
    pub role: &'static str,
    pub person: PersonId,
}

pub async fn furnish(keep: &Keep, origin: &str) -> Result<Links, Failure> {
    save_face(keep, origin).await?;
    let catalog = house::catalog()?;
    let access = program()?;
    let mut tx = keep.begin().await?;
    let mut persons = Vec::new();
    for member in &cast::STAFF {
        persons.push(add_member(&mut tx, member).await?);
    }
    let mut patients = Vec::new();
    for patient in &cast::PATIENTS {
        patients.push(add_patient(&mut tx, patient).await?);
    }
    for (state, area) in cast::EMERGENCY_PLACES {
        emergency::add(&mut tx, persons[0], &emergency_place(state, area)).await?;
    }
    languages(&mut tx, &persons, &patients).await?;
    read_translations(&mut tx, &catalog, persons[2]).await?;
    tx.commit(&access, Entry::new(Object::of("practice", "")).detail("what", "people and patients")).await?;

    let mut links = Vec::new();
    for slot in SCHEDULE {
        let starts_at = slot.starts_at(keep.clock().now());
        let booking = slot.booking(&persons, &patients, starts_at);
        links.push(book(keep, &booking, &catalog).await?);
    }
    past_visit(keep, persons[0], patients[0]).await?;
    let mut links = links.into_iter();
    Ok(Links { staff: staff_links(&persons), patient: links.next(), others: links.collect() })
}

/// A practice that was furnished before: its people are still there, in the order they were added.
pub async fn reopen(keep: &Keep, origin: &str) -> Result<Links, Failure> {
    save_face(keep, origin).await?;
    let mut conn = keep.read().await?;
    let persons: Vec<PersonId> = staff::list(&mut conn).await?.into_iter().map(|person| person.id).collect();
    Ok(Links { staff: staff_links(&persons), patient: None, others: Vec::new() })
}

fn staff_links(persons: &[PersonId]) -> Vec<StaffLink> {
    let linked = cast::STAFF.iter().zip(persons).map(|(member, person)| StaffLink {
        link: member.link,
        name: member.name,
        role: member.roles[0].code(),
        person: *person,
    });
    linked.collect()
}

pub async fn save_face(keep: &Keep, origin: &str) -> Result<(), Failure> {
    let face = Face {
        name: cast::PRACTICE.into(),
        phone: cast::PHONE.into(),
        zone: cast::ZONE.into(),
        origin: origin.into(),
    };
    let mut tx = keep.begin().await?;
    tx.save_settings(&Settings { face, ..keep.settings().as_ref().clone() }).await?;
    tx.commit(&program()?, Entry::new(Object::of("practice", "")).detail("what", "name and address")).await?;
    Ok(())
}

/// Numbers that belong to nobody (555-01xx), so that trying the card calls no dispatchers.
fn emergency_place(state: &str, area: &str) -> emergency::rules::Typed {
    emergency::rules::Typed {
        state: state.into(),
        zip: String::new(),
        area: area.into(),
        emergency: "617-555-0190".into(),
        care: "Harbor Hospital, 1 Wharf Street, 617-555-0191".into(),
        crisis: "Harbor crisis team, 617-555-0192".into(),
    }
}

/// Who interprets, and what some of the patients need.
/// The demo shows how Spanish looks: its reader is named, and each page says that they read for a demo.
async fn read_translations(tx: &mut Tx, catalog: &Arc<Catalog>, by: PersonId) -> Result<(), Failure> {
    let [name, qualification] = cast::READER.map(str::to_owned);
    let reader = translations::Reader { name, qualification };
    for text in translations::all(catalog) {
        translations::approve(tx, &text, (&reader, Some(by))).await?;
    }
    Ok(())
}

async fn languages(tx: &mut Tx, persons: &[PersonId], patients: &[PatientId]) -> Result<(), Failure> {
    for (name, tongue, basis, proof) in cast::INTERPRETERS {
        let mailbox = patients::rules::fold(name).replace(' ', ".");
        let words = interpreters::rules::Words {
            name: name.into(),
            email: format!("{mailbox}@interpreters.example"),
            proof: proof.into(),
            agency: String::new(),
        };
        let entered = interpreters::Entered {
            by: persons[2],
            basis_ends_at: None,
            terms_at: tx.now().plus_ms(-30 * DAY_MS),
            vendor: None,
            code: interpreters::new_code(&crate::ambient::SystemEntropy),
        };
        let new = interpreters::New { words, tongues: vec![tongue], basis };
        interpreters::add(tx, &new, &entered).await?;
    }
    for (patient, tongue, interpreter, aids) in cast::NEEDS {
        let aids = aids.iter().map(|aid| (*aid).to_owned()).collect();
        let needs = Needs { tongue: tongue.into(), interpreter, aids };
        needs::add(tx, (patients[patient], Some(persons[2])), &needs).await?;
    }
    Ok(())
}

async fn add_member(tx: &mut Tx, member: &Member) -> Result<PersonId, Failure> {
    let new = NewPerson {
        name: member.name,
        credentials: member.credentials,
        licensed_in: member.licence,
        roles: member.roles.iter().copied().collect(),
        lang: member.lang,
    };
    let id = staff::add(tx, &new).await?;
    let mailbox = patients::rules::fold(member.name).trim_start_matches("dr. ").replace(' ', ".");
    people::proofs::give_name(tx, id, &format!("{mailbox}@harbor.example")).await?;
    Ok(id)
}

async fn add_patient(tx: &mut Tx, patient: &cast::Patient) -> Result<PatientId, Failure> {
    let (year, month, day) = patient.born;
    let birth_date = Date::new(year, month, day).ok().and_then(|date| BirthDate::parse(&date.to_string()));
    let mailbox = patients::rules::fold(patient.name).replace(' ', ".");
    let new = NewPatient {
        name: patient.name.to_owned(),
        birth_date: birth_date.ok_or_else(|| Failure::Other("a birth date of the demo is no date".into()))?,
        email: Some(format!("{mailbox}@patients.example")),
        phone: Some("617-555-0177".to_owned()),
        lang: patient.lang,
        aids: None,
        check_phrase: Some(patient.check_phrase.to_owned()),
    };
    Ok(patients::add(tx, &new).await?)
}

/// Books like the desk does, letter included, and gives the patient's link.
async fn book(keep: &Keep, booking: &Booking, catalog: &Arc<Catalog>) -> Result<String, Failure> {
    let facts = Facts { patient: Some(booking.patient), ..Facts::default() };
    let access = program_about(&facts)?;
    let settings = keep.settings();
    let mut tx = keep.begin().await?;
    let booked = booking::book(&mut tx, &access, booking, &settings.house_rules).await?;
    let lang = patients::lang_of(&mut tx, booking.patient).await?;
    let dress =
        Dress { face: &settings.face, words: &catalog.words(lang), texting: &people::contact::texting::OFF };
    let visit = load_visit(&mut tx, booked.visit).await?;
    booking::post_invitation(&mut tx, &access, &visit, &booked.secret, dress).await?;
    tx.commit(&access, booked.entry).await?;
    Ok(booking::invitation_link(&settings.face, &booked.secret))
}

/// Last week's visit of the first patient: held, ended, and its summary is in the portal.
async fn past_visit(keep: &Keep, doctor: PersonId, patient: PatientId) -> Result<(), Failure> {
    let booking = Booking {
        patient,
        clinician: doctor,
        starts_at: keep.clock().now().plus_ms(-7 * DAY_MS),
        length_min: 20,
        kind: Kind::First,
        reason: Some(Health::new("Sprained ankle".into())),
    };
    let access = program_about(&Facts { patient: Some(patient), ..Facts::default() })?;
    let mut tx = keep.begin().await?;
    let booked = booking::book(&mut tx, &access, &booking, &keep.settings().house_rules).await?;
    let mut visit = load_visit(&mut tx, booked.visit).await?;
    for (event, after_min) in [(VisitEvent::Arrive, -4), (VisitEvent::HostEnters, 1), (VisitEvent::End, 18)] {
        let at = booking.starts_at.plus_ms(after_min * MINUTE_MS);
        let next =
            visit.state.step(event).map_err(|_| Failure::Other("the past visit cannot happen".into()))?;
        visit = set_visit_state(&mut tx, &visit, next, at).await?;
    }
    let (_, written) = summary::write(&mut tx, &access, &visit, (SUMMARY, Lang::En)).await?;
    tx.note(&access, written);
    tx.commit(&access, booked.entry).await?;
    Ok(())
}

const SUMMARY: &str = "Rest the ankle and keep it up when you sit. Ice for 15 minutes, three times a day. \
You can take ibuprofen with food. Call us if you cannot put weight on it by Thursday, or if your foot \
goes numb.";

fn program() -> Result<Access, Failure> {
    program_about(&Facts::default())
}

fn program_about(facts: &Facts) -> Result<Access, Failure> {
    decide(&Principal::System, facts, Act::Furnish)
        .map_err(|_| Failure::Other("the policy does not let the program furnish a practice".into()))
}

/// One visit of the day: which patient with which member of staff, and how long from now.
struct Slot {
    patient: usize,
    doctor: usize,
    in_min: i64,
    kind: Kind,
    reason: &'static str,
}

impl Slot {
    /// On the full five minutes, as people book.
    fn starts_at(&self, now: UnixMillis) -> UnixMillis {
        let step = 5 * MINUTE_MS;
        UnixMillis((now.0 + self.in_min * MINUTE_MS) / step * step)
    }

    fn booking(&self, persons: &[PersonId], patients: &[PatientId], starts_at: UnixMillis) -> Booking {
        Booking {
            patient: patients[self.patient],
            clinician: persons[self.doctor],
            starts_at,
            length_min: 20,
            kind: self.kind,
            reason: Some(Health::new(self.reason.into())),
        }
    }
}

const SCHEDULE: [Slot; 9] = [
    slot(0, 0, 5, Kind::FollowUp, "Ankle still swollen after the sprain"),
    slot(1, 0, 30, Kind::FollowUp, "Blood pressure, new tablets"),
    slot(2, 7, 15, Kind::FollowUp, "Dizzy in the mornings"),
    slot(3, 0, 55, Kind::First, "Baby has a rash"),
    slot(4, 9, 30, Kind::FollowUp, "Counselling"),
    slot(5, 5, 40, Kind::Urgent, "Tooth pain since Sunday"),
    slot(6, 0, 80, Kind::First, "Migraine"),
    slot(7, 7, 60, Kind::FollowUp, "Thyroid results"),
    slot(8, 9, 90, Kind::FollowUp, "Sleep"),
];

const fn slot(patient: usize, doctor: usize, in_min: i64, kind: Kind, reason: &'static str) -> Slot {
    Slot { patient, doctor, in_min, kind, reason }
}

/// Why each visit was booked, for the test that looks for these words where they must not be.
#[cfg(test)]
pub fn reasons() -> Vec<&'static str> {
    SCHEDULE.iter().map(|slot| slot.reason).collect()
}
