//! The demo's own pages: a hub with every person of the practice, and one-press sign-in.

use crate::demo::furnish::Links;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use keep::{Entry, Object};
use people::sessions;
use policy::{Act, Facts};
use std::sync::Arc;
use vocabulary::PersonId;
use web::{Ctx, Failure, Page, Routes, Rule, filters};

/// Who can be signed in by a link, and the way into the visit that is due now.
pub struct Signposts {
    people: Vec<Signpost>,
    patient: Option<String>,
    birth_date: &'static str,
}

struct Signpost {
    link: String,
    name: String,
    role: String,
    person: PersonId,
}

impl Signposts {
    pub fn new(links: &Links) -> Arc<Signposts> {
        let people = links.staff.iter().map(|member| Signpost {
            link: member.link.to_owned(),
            name: member.name.to_owned(),
            role: member.role.to_owned(),
            person: member.person,
        });
        Arc::new(Signposts {
            people: people.collect(),
            patient: links.patient.clone(),
            birth_date: super::cast::FIRST_PATIENT_BIRTH_DATE,
        })
    }
}

pub fn routes() -> Routes {
    const WHY: &str = "the demo's way in, on loopback alone";
    Routes::new().get("/demo", Rule::Public(WHY), hub).get("/demo/as/{link}", Rule::Public(WHY), sign_in)
}

async fn hub(ctx: Ctx) -> Response {
    let posts = ctx.plugged::<Signposts>();
    let people = posts.people.iter().map(|post| Way {
        href: format!("/demo/as/{}", post.link),
        name: post.name.clone(),
        role: ctx.words.t(&format!("role-{}", post.role.replace('_', "-"))),
    });
    let page = Hub {
        people: people.collect(),
        patient: posts.patient.clone().unwrap_or_default(),
        birth_date: posts.birth_date,
    };
    ctx.page(Page::new(ctx.words.t("demo-title")), &page)
}

/// A link signs in, which no other command allows: so that another site cannot do it, the browser must say
/// that the link was typed or is ours.
async fn sign_in(ctx: Ctx, Path(link): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let from = headers.get("sec-fetch-site").map_or("none", |site| site.to_str().unwrap_or("cross-site"));
    if !matches!(from, "none" | "same-origin") {
        return Err(Failure::NotFound);
    }
    let posts = ctx.plugged::<Signposts>();
    let post = posts.people.iter().find(|post| post.link == link).ok_or(Failure::NotFound)?;
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let started =
        sessions::start_staff(&mut tx, &ctx.settings.house_rules, post.person, sessions::How::Link).await?;
    let entry = Entry::new(Object::of("person", post.person.text())).detail("method", "demo link");
    tx.commit(&access, entry).await?;
    // Each to the first page of their own rail.
    let mut response = web::see_other("/");
    response.headers_mut().append(header::SET_COOKIE, started.cookie());
    Ok(response)
}

struct Way {
    href: String,
    name: String,
    role: String,
}

#[derive(Template)]
#[template(path = "demo/hub.html")]
struct Hub {
    people: Vec<Way>,
    patient: String,
    birth_date: &'static str,
}
