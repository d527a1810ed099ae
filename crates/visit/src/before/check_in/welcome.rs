//! The first page after the second fact: when, whom, the patient's own words, one button. Whoever comes along
//! is told who leads and what they are asked for, and nothing of the patient.

use super::guest::{Guest, load_guest};
use super::rules::Step;
use crate::before::companions;
use crate::before::identity::seats;
use crate::before::practice_room;
use crate::before::rules::Part;
use crate::before::store::participants;
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Viewing};
use people::needs::Needs;
use policy::Act;
use serde::Deserialize;
use vocabulary::{Health, PersonId, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters, see_other, simple_cookie};

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
    let host = people::staff::load(&mut view, guest.visit.clinician).await?.ok_or(Failure::NotFound)?;
    let host_name = people::staff::shown_name(&mut view, &guest.access, guest.visit.clinician).await?;
    let others = expected(&ctx, &mut view, &guest).await?;
    let states = licensed_in(&mut view, host.id, ctx.now).await?;
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
        host: host_line(&ctx, host_name.reveal(), (&host, &states)),
        others,
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
pub(super) async fn licensed_in(
    conn: &mut Conn,
    person: PersonId,
    now: UnixMillis,
) -> Result<Vec<String>, KeepError> {
    let all = people::licences::of_person(conn, person).await?;
    let mut states: Vec<String> =
        all.into_iter().filter(|one| one.counts(now)).map(|one| one.state).collect();
    states.sort();
    states.dedup();
    Ok(states)
}

/// Everybody but patient and clinician, with what they are: nobody joins whom the patient did not see here.
pub(super) async fn expected(
    ctx: &Ctx,
    view: &mut Viewing,
    guest: &Guest,
) -> Result<Vec<(String, &'static str)>, KeepError> {
    let mut all = Vec::new();
    let checks = seats::of_visit(view, guest.visit.id).await?;
    let people = participants(view, guest.visit.id).await?;
    for row in people.iter().filter(|row| checks.expects(row, ctx.now)) {
        let name = match row.person {
            _ if !row.part.can_be_withdrawn() => continue,
            Some(person) => Some(colleague(ctx, view, (guest, person)).await?),
            None => companions::name(view, &guest.access, (row.id, guest.visit.patient)).await?,
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
    ctx: &Ctx,
    view: &mut Viewing,
    (guest, person): (&Guest, PersonId),
) -> Result<Health, KeepError> {
    let name = people::staff::shown_name(view, &guest.access, person).await?;
    let account = people::staff::load(view, person).await?;
    let who = with_credentials(name.reveal(), account.as_ref().map_or("", |it| it.credentials.as_str()));
    let states = state_list(ctx, &licensed_in(view, person, ctx.now).await?);
    if states.is_empty() {
        return Ok(Health::new(who));
    }
    let given = [("who", who.into()), ("states", states.into())];
    Ok(Health::new(ctx.words.with("welcome-colleague-licensed", &given)))
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

/// "You will see Dr. Amara Osei, MD, licensed in Massachusetts."
pub(super) fn host_line(
    ctx: &Ctx,
    name: &str,
    (host, states): (&people::staff::Person, &[String]),
) -> String {
    let list = state_list(ctx, states);
    let who = with_credentials(name, &host.credentials);
    if list.is_empty() {
        return ctx.words.with("welcome-host", &[("who", who.into())]);
    }
    ctx.words.with("welcome-host-licensed", &[("who", who.into()), ("states", list.into())])
}

/// "Massachusetts and New Hampshire", empty for none.
fn state_list(ctx: &Ctx, states: &[String]) -> String {
    let states: Vec<&str> =
        states.iter().map(|code| super::answers::state_name(code).unwrap_or(code)).collect();
    match states.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [many @ .., last] => {
            let and = ctx.words.t("list-and");
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
