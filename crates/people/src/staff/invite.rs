//! Inviting a colleague: an account that nobody can use yet, and a link to their own address.

use super::pages::{Empty, acting, person_of};
use super::rules::{self, Invited};
use super::store::{self, NewPerson, State};
use crate::enrolments::{self, JOIN_MS, Purpose};
use crate::grants::{Given, Kind};
use crate::patients::Names;
use crate::proofs;
use crate::sign_in::tell;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use std::collections::BTreeMap;
use vocabulary::{Health, PersonId, Role, Roles};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

type Typed = BTreeMap<String, String>;

pub(super) async fn blank(ctx: Ctx) -> Result<Response, Failure> {
    // Whoever may invite anybody at all gets the form; asked first, so that nothing typed is lost to it.
    let act =
        if ctx.allowed(Act::InviteStaff, &Facts::default()) { Act::InviteStaff } else { Act::InviteOfficial };
    ctx.decide(act, &Facts::default()).await?;
    Ok(form(&ctx, &Typed::new(), Faults::default()))
}

pub(super) async fn send(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    let invited = match rules::read(&typed, &ctx.settings.face.name) {
        Ok(invited) => invited,
        Err(slips) => {
            slips.iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return Ok(form(&ctx, &typed, faults));
        }
    };
    let access = ctx.decide(rules::act_to_invite(invited.roles), &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let person = match add(&mut tx, &invited, acting(&ctx)?).await {
        Err(KeepError::Conflict) => {
            drop(tx);
            faults.add("email", ctx.words.t("staff-fault-email-taken"));
            return Ok(form(&ctx, &typed, faults));
        }
        added => added?,
    };
    post(&ctx, &mut tx, &access, person).await?;
    let entry = Entry::new(Object::of("person", person.text())).detail("roles", invited.roles.text());
    tx.commit(&access, entry).await?;
    ctx.plugged::<Names>().put_staff(person, Health::new(invited.name));
    Ok(web::see_other("/staff?done=invited"))
}

pub(super) async fn send_again(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = person_of(&id)?;
    let person = store::load(&mut *ctx.keep.read().await?, id).await?.ok_or(Failure::NotFound)?;
    let access = ctx.decide(rules::act_to_invite(person.roles), &Facts::default()).await?;
    if person.state != State::Invited {
        return Err(Failure::Changed);
    }
    let mut tx = ctx.keep.begin().await?;
    post(&ctx, &mut tx, &access, id).await?;
    tx.commit(&access, Entry::new(Object::of("person", id.text())).detail("link", "new")).await?;
    Ok(web::see_other("/staff?done=invited"))
}

async fn add(tx: &mut Tx, invited: &Invited, by: PersonId) -> Result<PersonId, KeepError> {
    let (kind, roles) = (Kind::Invited, invited.roles);
    let given = Given { kind, roles, approver: Some(by), why: &invited.why };
    let new = NewPerson {
        name: &invited.name,
        credentials: &invited.credentials,
        licensed_in: &invited.licensed_in,
        roles: invited.roles,
        lang: invited.lang,
    };
    let person = store::add_as(tx, &new, State::Invited, &given).await?;
    proofs::give_name(tx, person, &invited.email).await?;
    Ok(person)
}

async fn post(ctx: &Ctx, tx: &mut Tx, access: &Access, person: PersonId) -> Result<(), Failure> {
    let span = (ctx.now, ctx.now.plus_ms(JOIN_MS));
    let secret = enrolments::issue(tx, person, Purpose::Join, span).await?;
    let link = enrolments::link(&ctx.settings.face, &secret);
    tell(ctx, tx, access, person, Mail::Enrol { link: &link }).await
}

fn form(ctx: &Ctx, typed: &Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let text = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let offered = Role::ALL
        .iter()
        .filter(|role| ctx.allowed(rules::act_to_invite(Roles::NONE.with(**role)), &Facts::default()));
    let page = Invite {
        called: text("name"),
        email: text("email"),
        credentials: text("credentials"),
        licensed_in: text("licensed_in"),
        why: text("why"),
        lang: if text("lang") == "es" { "es" } else { "en" },
        roles: offered
            .map(|role| Tick {
                field: format!("role-{}", role.code()),
                label: format!("role-{}", role.code().replace('_', "-")),
                ticked: typed.contains_key(&format!("role-{}", role.code())),
            })
            .collect(),
        faults,
    };
    let page_of = Page::new(ctx.words.t("staff-invite-title")).rail("rail-staff").status(status);
    ctx.page(page_of, &page)
}

struct Tick {
    field: String,
    label: String,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "staff/invite.html")]
struct Invite {
    called: String,
    email: String,
    credentials: String,
    licensed_in: String,
    why: String,
    lang: &'static str,
    roles: Vec<Tick>,
    faults: Faults,
}
