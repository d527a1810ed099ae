//! The first page after the second fact: when, whom, the patient's own words, one button. Whoever comes along
//! is told who leads and what they are asked for, and nothing of the patient.

use super::guest::{Guest, load_guest};
use super::rules::Step;
use crate::before::companions;
use crate::before::identity::seats;
use crate::before::practice_room;
use crate::before::rules::Part;
use crate::before::store::{VisitRow, participants};
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Viewing};
use people::needs::Needs;
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, PersonId, UnixMillis};
use web::{Ctx, Failure, Form, Page, Words, filters, see_other, simple_cookie};

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if guest.visit.state.is_over() {
        return Ok(see_other(&guest.next_address()));
    }
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", guest.visit.id.text())).await?;
    // Chosen once on another device: this browser follows, until somebody chooses in it.
    if ctx.simple.is_none()
        && guest.me.patient.is_some()
        && practice_room::remembered(&mut view, &guest.access, guest.visit.patient).await? == Some(true)
    {
        let mut again = see_other(&guest.address(Step::Welcome));
        again.headers_mut().append(header::SET_COOKIE, simple_cookie(true));
        return Ok(again);
    }
    if guest.me.part.comes_by_code() {
        return companion(&ctx, view, &guest).await;
    }
    let patient = guest.visit.patient;
    let name = people::patients::name(&mut view, &guest.access, patient).await?;
    let contact = people::patients::contact(&mut view, &guest.access, patient).await?;
    let called = match contact.asked.call_me.as_str() {
        "" => first_name(name.reveal()),
        own => Health::new(own.to_owned()),
    };
    let comes = who_comes(&mut view, &guest.access, (&guest.visit, false), (&ctx.words, ctx.now)).await?;
    let may_see_needs = ctx.allowed(Act::SeeNeeds, &guest.facts);
    let needs = match may_see_needs {
        true => people::needs::of_patient(&mut view, &guest.access, patient).await?.unwrap_or_default(),
        false => Needs::default(),
    };
    let begun = guest.done.consent || guest.row.version > 0;
    let page = Welcome {
        door,
        today: ctx.words.day(guest.visit.starts_at, ctx.zone()) == ctx.words.day(ctx.now, ctx.zone()),
        starts_at: guest.visit.starts_at,
        length_min: guest.visit.length_min,
        first_name: called,
        host: comes.host,
        others: comes.others,
        may_see_needs,
        needs: needs.told(&ctx.words),
        phrase: contact.check_phrase,
        begun,
        minutes: guest.progress(Step::Welcome).minutes_left,
        steps: guest.steps.len(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("welcome-page")), &page))
}

async fn companion(ctx: &Ctx, mut view: Viewing, guest: &Guest) -> Result<Response, Failure> {
    let of = (guest.me.id, guest.visit.patient);
    let name = companions::name(&mut view, &guest.access, of).await?.ok_or(Failure::NotFound)?;
    let host = people::staff::load(&mut view, guest.visit.clinician).await?.ok_or(Failure::NotFound)?;
    let host_name = people::staff::shown_name(&mut view, &guest.access, guest.visit.clinician).await?;
    let who = with_credentials(host_name.reveal(), &host.credentials);
    let page = CompanionWelcome {
        door: guest.door.clone(),
        today: ctx.words.day(guest.visit.starts_at, ctx.zone()) == ctx.words.day(ctx.now, ctx.zone()),
        starts_at: guest.visit.starts_at,
        length_min: guest.visit.length_min,
        first_name: first_name(name.reveal()),
        asked: ctx.words.t(&format!("companion-asked-{}", guest.me.part.code())),
        host: ctx.words.with("companion-meet", &[("who", who.into())]),
        begun: guest.row.version > 0,
        minutes: guest.progress(Step::Welcome).minutes_left,
        steps: guest.steps.len(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("companion-page")), &page))
}

/// The states in which a licence of theirs counts today (R86), each once, as the register of licences has it.
async fn licensed_in(conn: &mut Conn, person: PersonId, now: UnixMillis) -> Result<Vec<String>, KeepError> {
    let all = people::licences::of_person(conn, person).await?;
    let mut states: Vec<String> =
        all.into_iter().filter(|one| one.counts(now)).map(|one| one.state).collect();
    states.sort();
    states.dedup();
    Ok(states)
}

/// Whom the patient will see, and who else comes (R86).
pub(crate) struct Comes {
    pub clinician: Health,
    /// Name, credentials and where licensed, in a sentence with the name set off.
    pub host: String,
    /// Everybody but patient and clinician, with the key of what they are.
    pub others: Vec<(String, &'static str)>,
}

/// Nobody joins whom the patient, or whoever acts for them, did not see here. Who only comes along is told of
/// the clinician alone.
pub(crate) async fn who_comes(
    view: &mut Viewing,
    access: &Access,
    (visit, accompanies): (&VisitRow, bool),
    (words, now): (&Words, UnixMillis),
) -> Result<Comes, KeepError> {
    let clinician = people::staff::shown_name(view, access, visit.clinician).await?;
    let host = host_line(view, (clinician.reveal(), visit.clinician), (words, now)).await?;
    let others = match accompanies {
        true => Vec::new(),
        false => expected(view, (access, visit), (words, now)).await?,
    };
    Ok(Comes { clinician, host, others })
}

/// "You will see Dr. Amara Osei, MD, licensed in Massachusetts."
async fn host_line(
    view: &mut Viewing,
    (name, id): (&str, PersonId),
    (words, now): (&Words, UnixMillis),
) -> Result<String, KeepError> {
    let host = people::staff::load(view, id).await?.ok_or(KeepError::NotFound)?;
    let list = state_list(words, &licensed_in(view, id, now).await?);
    let who = with_credentials(name, &host.credentials);
    Ok(match list.is_empty() {
        true => words.with("welcome-host", &[("who", who.into())]),
        false => words.with("welcome-host-licensed", &[("who", who.into()), ("states", list.into())]),
    })
}

/// Everybody but patient and clinician, with what they are.
async fn expected(
    view: &mut Viewing,
    (access, visit): (&Access, &VisitRow),
    (words, now): (&Words, UnixMillis),
) -> Result<Vec<(String, &'static str)>, KeepError> {
    let mut all = Vec::new();
    let checks = seats::of_visit(view, visit.id).await?;
    let people = participants(view, visit.id).await?;
    for row in people.iter().filter(|row| checks.expects(row, now)) {
        let name = match row.person {
            _ if !row.part.can_be_withdrawn() => continue,
            Some(person) => Some(colleague(view, (access, person), (words, now)).await?),
            None => companions::name(view, access, (row.id, visit.patient)).await?,
        };
        let name = name.map(|name| name.reveal().to_owned()).unwrap_or_default();
        // "Deputy" is a word of the practice's own.
        let word = match row.part {
            Part::Deputy if checks.is_for_check(row.id) => "welcome-checker",
            Part::Deputy => "welcome-colleague",
            part => part.word(),
        };
        all.push((name, word));
    }
    Ok(all)
}

/// A deputy may lead: the same is said of them as of the host (R86).
async fn colleague(
    view: &mut Viewing,
    (access, person): (&Access, PersonId),
    (words, now): (&Words, UnixMillis),
) -> Result<Health, KeepError> {
    let name = people::staff::shown_name(view, access, person).await?;
    let account = people::staff::load(view, person).await?;
    let who = with_credentials(name.reveal(), account.as_ref().map_or("", |it| it.credentials.as_str()));
    let states = state_list(words, &licensed_in(view, person, now).await?);
    if states.is_empty() {
        return Ok(Health::new(who));
    }
    let given = [("who", who.into()), ("states", states.into())];
    Ok(Health::new(words.with("welcome-colleague-licensed", &given)))
}

/// Starts check-in: from here on the desk sees how far somebody is.
pub(super) async fn begin(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if !guest.visit.state.is_over() {
        let mut tx = ctx.keep.begin().await?;
        guest.stepped(&mut tx).await?;
        let object = Object::of("participant", guest.me.id.text());
        tx.commit(&guest.access, Entry::new(object).detail("step", "welcome")).await?;
    }
    Ok(see_other(&guest.next_address()))
}

/// "Massachusetts and New Hampshire", empty for none.
fn state_list(words: &Words, states: &[String]) -> String {
    let states: Vec<&str> =
        states.iter().map(|code| super::answers::state_name(code).unwrap_or(code)).collect();
    match states.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [many @ .., last] => {
            let and = words.t("list-and");
            format!("{} {and} {last}", many.join(", "))
        }
    }
}

pub(crate) fn with_credentials(name: &str, credentials: &str) -> String {
    if credentials.is_empty() { name.to_owned() } else { format!("{name}, {credentials}") }
}

fn first_name(name: &str) -> Health {
    Health::new(name.split_whitespace().next().unwrap_or_default().to_owned())
}

#[derive(Template)]
#[template(path = "before/check_in/welcome.html")]
struct Welcome {
    door: String,
    today: bool,
    starts_at: UnixMillis,
    length_min: i64,
    first_name: Health,
    host: String,
    /// Name and part of everybody else.
    others: Vec<(String, &'static str)>,
    /// What they said they need, in words.
    needs: Vec<String>,
    /// Whoever acts for the patient may not be shown them.
    may_see_needs: bool,
    phrase: Option<Health>,
    begun: bool,
    minutes: i64,
    steps: usize,
}

#[derive(Template)]
#[template(path = "before/check_in/welcome_companion.html")]
struct CompanionWelcome {
    door: String,
    today: bool,
    starts_at: UnixMillis,
    length_min: i64,
    first_name: Health,
    asked: String,
    host: String,
    begun: bool,
    minutes: i64,
    steps: usize,
}
