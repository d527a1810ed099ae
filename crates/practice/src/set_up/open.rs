//! What is still to do before the practice opens, and the press that opens it.

use super::rules::{Standing, Step};
use super::store;
use askama::Template;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Settings};
use people::staff::{self, State};
use policy::{Act, Facts};
use vocabulary::{Principal, Role};
use web::{Ctx, Failure, Form, Page, filters, see_other};

/// A form that carries nothing but its token.
#[derive(serde::Deserialize)]
pub(super) struct Empty {}

pub(super) async fn overview(ctx: Ctx) -> Result<Response, Failure> {
    if !matches!(ctx.who, Principal::Staff { .. }) {
        return Err(Failure::NotFound);
    }
    let page = Page::new(ctx.words.t("set-up-home")).rail("rail-set-up");
    if !ctx.allowed(Act::SetUpPractice, &Facts::default()) {
        // Nothing to wait for any more: on to one's own first page.
        return if ctx.settings.opening { Ok(ctx.page(page, &Wait {})) } else { Ok(see_other("/")) };
    }
    ctx.decide(Act::SetUpPractice, &Facts::default()).await?;
    let standing = standing(&mut *ctx.keep.read().await?, &ctx.settings).await?;
    let steps = Step::ALL.map(|step| Line {
        label: ctx.words.t(&format!("set-up-step-{}", step.code())),
        page: step.page(),
        done: standing.done(step),
    });
    let opening = ctx.settings.opening;
    Ok(ctx.page(page, &Overview { steps: steps.into(), whole: standing.whole(), opening }))
}

pub(super) async fn open(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::OpenPractice, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let settings = ctx.keep.settings();
    if !settings.opening {
        return Err(Failure::Changed);
    }
    if !standing(&mut tx, &settings).await?.whole() {
        return Err(Failure::SetUpFirst);
    }
    tx.save_settings(&Settings { opening: false, ..(*settings).clone() }).await?;
    tx.commit(&access, Entry::new(Object::of("practice", ""))).await?;
    Ok(see_other("/"))
}

/// Looked up anew each time: an official who was suspended is named no more.
pub(super) async fn standing(conn: &mut Conn, settings: &Settings) -> Result<Standing, KeepError> {
    let (said, sites) = (store::load(conn).await?, store::sites(conn).await?);
    let people = staff::list(conn).await?;
    let named = |role| {
        people.iter().any(|one| one.roles.has(role) && matches!(one.state, State::Active | State::Invited))
    };
    Ok(Standing {
        practice: !settings.face.name.is_empty() && !settings.face.phone.is_empty(),
        law: [&said.covered_entity, &said.part_2, &said.federal_funds].iter().all(|said| !said.is_empty()),
        privacy: named(Role::PrivacyOfficial),
        security: named(Role::SecurityOfficial),
        complaints: !said.complaints_to.is_empty() && !said.complaints_phone.is_empty(),
        site: !sites.is_empty(),
        kit: said.kit_tried,
    })
}

struct Line {
    label: String,
    page: &'static str,
    done: bool,
}

#[derive(Template)]
#[template(path = "set_up/overview.html")]
struct Overview {
    steps: Vec<Line>,
    whole: bool,
    opening: bool,
}

#[derive(Template)]
#[template(path = "set_up/wait.html")]
struct Wait {}
