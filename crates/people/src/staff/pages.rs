//! Who works here, and the page of one account with what can be done about it.

use super::store::{self, Person, State};
use super::{CertificateEnd, rules};
use crate::grants::{self, Given, Kind};
use crate::patients::Names;
use crate::proofs::{self, Having};
use crate::recoveries::{self, Recovery};
use crate::sessions;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters};

/// A form that carries nothing but its token.
#[derive(Deserialize)]
pub(crate) struct Empty {}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

pub(super) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeStaff, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("staff", "")).await?;
    let granted = grants::newest(&mut view).await?;
    let people = store::list(&mut view).await?;
    let rows = people.iter().map(|person| Row::of(&ctx, person).granted(&ctx, &granted)).collect();
    let recoveries = recoveries::all(&mut view, ctx.now).await?;
    let page = List {
        rows,
        recoveries: recoveries.iter().map(|one| Pending::of(&ctx, one)).collect(),
        licences: crate::licences::soon(&mut view, ctx.now).await?,
        invited: asked.done == "invited",
        certificate_ends: ctx
            .plugged::<CertificateEnd>()
            .soon(ctx.now)
            .map(|at| ctx.words.day_and_time(at, ctx.zone())),
        may_invite: ctx.allowed(Act::InviteStaff, &Facts::default())
            || ctx.allowed(Act::InviteOfficial, &Facts::default()),
    };
    Ok(ctx.page(Page::new(ctx.words.t("staff-title")).rail("rail-staff"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = person_of(&id)?;
    let access = ctx.decide(Act::SeeStaff, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("person", id.text())).await?;
    let person = store::load(&mut view, id).await?.ok_or(Failure::NotFound)?;
    let login = proofs::login(&mut view, &access, id).await?;
    let having = proofs::having(&mut view, id).await?;
    let house = &ctx.settings.house_rules;
    let signed_in = sessions::of_staff(&mut view, house, id, ctx.now).await?.len();
    let recovery = recoveries::of(&mut view, id, ctx.now).await?;
    let may = |act| ctx.allowed(act, &Facts::default());
    let other = acting(&ctx)? != id;
    let looks = person.state == State::Active
        && may(rules::act_to_invite(person.roles))
        && rules::may_confirm(&store::list(&mut view).await?, &person, acting(&ctx)?);
    let grants = grants::card(&ctx, &access, &mut view, (&person, looks)).await?;
    let open = recovery.as_ref().map(|one| one.standing);
    let page = One {
        row: Row::of(&ctx, &person),
        email: login.map(|login| login.email.reveal().to_owned()).unwrap_or_default(),
        suspend: other && person.state == State::Active && may(rules::act_to_suspend(person.roles)),
        reinstate: other && person.state == State::Suspended && may(rules::act_to_invite(person.roles)),
        link: person.state == State::Invited && may(rules::act_to_invite(person.roles)),
        ask: other && person.state == State::Active && open.is_none() && may(Act::AskRecovery),
        approve: other
            && open.is_some_and(|one| one.approved.is_none() && Some(one.asked_by) != acting(&ctx).ok()),
        recovery: recovery.as_ref().map(|one| Pending::of(&ctx, one)),
        grants,
        fresh: ctx.fresh,
        signed_in,
        having,
    };
    Ok(ctx.page(Page::new(ctx.words.t("staff-one-title")).rail("rail-staff"), &page))
}

/// Pages, sockets and media end with the commit: the sessions are over, and the bus tells whoever holds one.
pub(super) async fn suspend(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (id, person) = other_person(&ctx, &id).await?;
    let access = ctx.decide(rules::act_to_suspend(person.roles), &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let given = Given { kind: Kind::Suspended, roles: person.roles, approver: Some(acting(&ctx)?), why: "" };
    store::change_state(&mut tx, id, (State::Active, State::Suspended), &given).await?;
    let ended = sessions::end_of_staff(&mut tx, id, None).await?;
    recoveries::close(&mut tx, id).await?;
    crate::enrolments::withdraw(&mut tx, id).await?;
    let entry = Entry::new(Object::of("person", id.text())).detail("sessions_ended", ended.to_string());
    tx.commit(&access, entry).await?;
    Ok(back(id))
}

pub(super) async fn reinstate(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (id, person) = other_person(&ctx, &id).await?;
    let access = ctx.decide(rules::act_to_invite(person.roles), &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let given = Given { kind: Kind::Reinstated, roles: person.roles, approver: Some(acting(&ctx)?), why: "" };
    store::change_state(&mut tx, id, (State::Suspended, State::Active), &given).await?;
    tx.commit(&access, Entry::new(Object::of("person", id.text())).detail("state", "active again")).await?;
    Ok(back(id))
}

pub(super) async fn end_sessions(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = person_of(&id)?;
    let access = ctx.decide(Act::EndSessionsOfStaff, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let ended = sessions::end_of_staff(&mut tx, id, None).await?;
    let entry = Entry::new(Object::of("person", id.text())).detail("sessions_ended", ended.to_string());
    tx.commit(&access, entry).await?;
    Ok(back(id))
}

pub(crate) fn person_of(id: &str) -> Result<PersonId, Failure> {
    PersonId::parse(id).ok_or(Failure::NotFound)
}

/// The member of staff who asks. `Failure::SignIn` for everybody else.
pub fn acting(ctx: &Ctx) -> Result<PersonId, Failure> {
    match ctx.who {
        Principal::Staff { person, .. } => Ok(person),
        _ => Err(Failure::SignIn),
    }
}

async fn other_person(ctx: &Ctx, id: &str) -> Result<(PersonId, Person), Failure> {
    let id = person_of(id)?;
    if acting(ctx)? == id {
        return Err(Failure::told(StatusCode::CONFLICT, "staff-oneself"));
    }
    let person = store::load(&mut *ctx.keep.read().await?, id).await?.ok_or(Failure::NotFound)?;
    Ok((id, person))
}

fn back(person: PersonId) -> Response {
    web::see_other(&format!("/staff/{}", person.text()))
}

struct Row {
    id: String,
    name: String,
    roles: String,
    state: State,
    state_word: String,
    /// When somebody is to look at the roles again; empty while that is far away.
    badge: String,
    tone: &'static str,
}

impl Row {
    fn of(ctx: &Ctx, person: &Person) -> Row {
        let roles =
            person.roles.iter().map(|role| ctx.words.t(&format!("role-{}", role.code().replace('_', "-"))));
        Row {
            id: person.id.text(),
            name: name_of(ctx, person.id),
            roles: roles.collect::<Vec<_>>().join(", "),
            state: person.state,
            state_word: ctx.words.t(&format!("staff-state-{}", person.state.code())),
            badge: String::new(),
            tone: "",
        }
    }

    fn granted(self, ctx: &Ctx, newest: &[(PersonId, UnixMillis)]) -> Row {
        let mine = newest.iter().find(|(person, _)| person.text() == self.id);
        let at = mine.map(|(_, at)| *at).filter(|_| self.is_active());
        let (tone, badge) = at.map(|at| grants::due_badge(ctx, at)).unwrap_or_default();
        Row { tone, badge, ..self }
    }

    fn is_active(&self) -> bool {
        self.state == State::Active
    }
}

/// A recovery under way.
struct Pending {
    id: String,
    said: String,
}

impl Pending {
    fn of(ctx: &Ctx, recovery: &Recovery) -> Pending {
        let standing = &recovery.standing;
        let name = name_of(ctx, standing.person);
        let by = name_of(ctx, standing.asked_by);
        let given = |key: &str, when: String| {
            let given =
                [("name", name.as_str().into()), ("by", by.as_str().into()), ("when", when.as_str().into())];
            ctx.words.with(key, &given)
        };
        let said = match standing.opens_at {
            Some(at) => given("recovery-opens", ctx.words.day_and_time(at, ctx.zone())),
            None => given("recovery-asked", String::new()),
        };
        Pending { id: standing.person.text(), said }
    }
}

fn name_of(ctx: &Ctx, person: PersonId) -> String {
    ctx.plugged::<Names>().staff(person).map(|name| name.reveal().to_owned()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct List {
    rows: Vec<Row>,
    recoveries: Vec<Pending>,
    /// Run out soon, have run out, or have no last day.
    licences: usize,
    invited: bool,
    certificate_ends: Option<String>,
    may_invite: bool,
}

#[derive(Template)]
#[template(path = "staff/one.html")]
struct One {
    row: Row,
    email: String,
    having: Having,
    signed_in: usize,
    suspend: bool,
    reinstate: bool,
    link: bool,
    ask: bool,
    approve: bool,
    recovery: Option<Pending>,
    grants: grants::Card,
    fresh: bool,
}
