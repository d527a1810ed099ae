//! The forms of the set-up, one subject a page. Each save is one entry in the trail.

use super::rules::{self, Slips, Typed, ZONES};
use super::store::{self, Said, Site};
use crate::review_requests;
use crate::risk::rules::Trigger;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Face, Object, Settings};
use people::patients::Names;
use people::staff::{self, State};
use policy::{Act, Facts};
use vocabulary::{Principal, Role, Roles};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub(super) async fn practice(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let face = ctx.settings.face.clone();
    // Until somebody has said anything, the name is the program's own.
    let called = if face.phone.is_empty() { String::new() } else { face.name };
    Ok(draw(&ctx, "set-up-practice", &Slips::new(), |faults| About {
        called,
        phone: face.phone,
        zone: face.zone,
        faults,
    }))
}

pub(super) async fn save_practice(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let mut slips = Slips::new();
    let called = rules::line(&typed, "name", "set-up-fault-name", &mut slips);
    let phone = rules::phone(&typed, "phone", &mut slips);
    let zone = typed.get("zone").cloned().unwrap_or_default();
    if !ZONES.contains(&zone.as_str()) {
        slips.push(("zone", "set-up-fault-zone"));
    }
    if !slips.is_empty() {
        return Ok(draw(&ctx, "set-up-practice", &slips, |faults| About { called, phone, zone, faults }));
    }
    let mut tx = ctx.keep.begin().await?;
    // Inside the transaction: what somebody else saved meanwhile stays.
    let settings = ctx.keep.settings();
    let face = Face { name: called, phone, zone, origin: settings.face.origin.clone() };
    tx.save_settings(&Settings { face, ..(*settings).clone() }).await?;
    tx.commit(&access, Entry::new(Object::of("practice", "")).detail("what", "name and address")).await?;
    Ok(see_other("/set-up"))
}

pub(super) async fn law(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let said = store::load(&mut *ctx.keep.read().await?).await?;
    Ok(draw(&ctx, "set-up-law", &Slips::new(), |faults| Law { said, faults }))
}

pub(super) async fn save_law(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let mut slips = Slips::new();
    let said = Said {
        covered_entity: rules::answer(&typed, "covered_entity", &mut slips),
        part_2: rules::answer(&typed, "part_2", &mut slips),
        federal_funds: rules::answer(&typed, "federal_funds", &mut slips),
        ..Said::default()
    };
    if !slips.is_empty() {
        return Ok(draw(&ctx, "set-up-law", &slips, |faults| Law { said, faults }));
    }
    let mut tx = ctx.keep.begin().await?;
    store::save_law(&mut tx, &said).await?;
    let entry = Entry::new(Object::of("practice", ""))
        .detail("covered_entity", said.covered_entity.as_str())
        .detail("part_2", said.part_2.as_str())
        .detail("federal_funds", said.federal_funds.as_str());
    tx.commit(&access, entry).await?;
    Ok(see_other("/set-up"))
}

pub(super) async fn officials(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let said = store::load(&mut *ctx.keep.read().await?).await?;
    draw_officials(
        &ctx,
        &Typed::new(),
        (said.complaints_to, said.complaints_phone, said.complaints_email),
        &[],
    )
    .await
}

pub(super) async fn save_officials(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let mut slips = Slips::new();
    let to = rules::line(&typed, "complaints_to", "set-up-fault-contact", &mut slips);
    let phone = rules::phone(&typed, "complaints_phone", &mut slips);
    let email = rules::email(&typed, "complaints_email", &mut slips);
    let licences = typed.get("licensed_in").map(|text| text.trim().to_uppercase()).unwrap_or_default();
    let titles = typed.get("credentials").map(|text| text.trim().to_owned()).unwrap_or_default();
    let state = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if !licences.split_whitespace().all(state) || licences.len() > rules::LINE_MAX {
        slips.push(("licensed_in", "staff-fault-licence"));
    }
    if titles.chars().count() > 20 {
        slips.push(("credentials", "staff-fault-credentials"));
    }
    if !slips.is_empty() {
        return draw_officials(&ctx, &typed, (to, phone, email), &slips).await;
    }
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    // Once the practice is open a role is given on the page of the staff alone, with a fresh proof.
    let ticked = MINE
        .iter()
        .filter(|(field, _)| ctx.settings.opening && typed.contains_key(*field))
        .map(|(_, role)| *role);
    let mine: Roles = ticked.collect();
    let mut tx = ctx.keep.begin().await?;
    store::save_complaints(&mut tx, &to, &phone, &email).await?;
    let me = staff::load(&mut tx, person).await?.ok_or(Failure::NotFound)?;
    let clinician = mine.has(Role::Clinician).then_some((titles.as_str(), licences.as_str()));
    staff::add_roles(&mut tx, &me, mine, clinician).await?;
    let entry = Entry::new(Object::of("person", person.text()))
        .detail("what", "officials and contact")
        .detail("roles_added", mine.text());
    tx.commit(&access, entry).await?;
    Ok(see_other("/set-up"))
}

pub(super) async fn sites(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let sites = store::sites(&mut *ctx.keep.read().await?).await?;
    Ok(draw(&ctx, "set-up-sites", &Slips::new(), |faults| Sites::blank(sites, faults)))
}

pub(super) async fn add_site(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let mut slips = Slips::new();
    let site = Site {
        name: rules::line(&typed, "site_name", "set-up-fault-site", &mut slips),
        address: rules::line(&typed, "address", "set-up-fault-address", &mut slips),
        state: rules::state(&typed, "state", &mut slips),
    };
    if !slips.is_empty() {
        let sites = store::sites(&mut *ctx.keep.read().await?).await?;
        return Ok(draw(&ctx, "set-up-sites", &slips, |faults| Sites { typed: site, sites, faults }));
    }
    let mut tx = ctx.keep.begin().await?;
    let id = store::add_site(&mut tx, &site).await?;
    if !ctx.settings.opening {
        review_requests::fire(&mut tx, Trigger::Move, &site.name).await?;
    }
    tx.commit(&access, Entry::new(Object::of("site", id.text()))).await?;
    Ok(see_other("/set-up/sites"))
}

async fn draw_officials(
    ctx: &Ctx,
    typed: &Typed,
    (to, phone, email): (String, String, String),
    slips: &[(&'static str, &'static str)],
) -> Result<Response, Failure> {
    let people = staff::list(&mut *ctx.keep.read().await?).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let names = ctx.plugged::<Names>();
    let who = |role: Role| {
        let named = people
            .iter()
            .filter(|one| one.roles.has(role) && matches!(one.state, State::Active | State::Invited));
        let names = named.filter_map(|one| names.staff(one.id).map(|name| name.reveal().to_owned()));
        names.collect::<Vec<_>>().join(", ")
    };
    let me = people.iter().find(|one| one.id == person).ok_or(Failure::NotFound)?;
    let text = |field: &str, kept: &str| typed.get(field).cloned().unwrap_or_else(|| kept.to_owned());
    let page = |faults| Officials {
        opening: ctx.settings.opening,
        privacy: who(Role::PrivacyOfficial),
        security: who(Role::SecurityOfficial),
        mine: MINE.map(|(field, role)| Tick {
            field,
            label: label_of(role),
            ticked: typed.contains_key(field) || me.roles.has(role),
        }),
        credentials: text("credentials", &me.credentials),
        licensed_in: text("licensed_in", &me.licensed_in),
        to,
        phone,
        email,
        faults,
    };
    Ok(draw(ctx, "set-up-officials", slips, page))
}

fn draw<T: Template>(
    ctx: &Ctx,
    title: &str,
    slips: &[(&'static str, &'static str)],
    make: impl FnOnce(Faults) -> T,
) -> Response {
    let mut faults = Faults::default();
    slips.iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ctx.page(Page::new(ctx.words.t(title)).rail("rail-set-up").status(status), &make(faults))
}

/// What the owner can say about themselves.
const MINE: [(&str, Role); 3] = [
    ("i_am_privacy", Role::PrivacyOfficial),
    ("i_am_security", Role::SecurityOfficial),
    ("i_am_clinician", Role::Clinician),
];

fn label_of(role: Role) -> &'static str {
    match role {
        Role::PrivacyOfficial => "set-up-i-privacy",
        Role::SecurityOfficial => "set-up-i-security",
        _ => "set-up-i-clinician",
    }
}

struct Tick {
    field: &'static str,
    label: &'static str,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "set_up/practice.html")]
struct About {
    called: String,
    phone: String,
    zone: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "set_up/law.html")]
struct Law {
    said: Said,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "set_up/officials.html")]
struct Officials {
    opening: bool,
    privacy: String,
    security: String,
    mine: [Tick; 3],
    credentials: String,
    licensed_in: String,
    to: String,
    phone: String,
    email: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "set_up/sites.html")]
struct Sites {
    typed: Site,
    sites: Vec<Site>,
    faults: Faults,
}

impl Sites {
    fn blank(sites: Vec<Site>, faults: Faults) -> Sites {
        let typed = Site { name: String::new(), address: String::new(), state: String::new() };
        Sites { typed, sites, faults }
    }
}
