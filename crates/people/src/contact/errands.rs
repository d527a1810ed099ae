//! Whom to call, hand something over or send paper: what no message may tell.

use super::rules::{Way, safe_from};
use super::store;
use crate::patients::{self, Contact, Names};
use crate::staff::{Empty, acting};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Owner};
use policy::{Act, Facts};
use vocabulary::{DAY_MS, Health, JobId};
use web::{Ctx, Failure, Form, Page, filters};

const HERE: &str = "/patients/errands";
/// How long a message that did not arrive is shown; by then somebody has called.
const LOST_SHOWN_MS: i64 = 7 * DAY_MS;

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeErrands, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("errands", "")).await?;
    let names = ctx.plugged::<Names>();
    let mut rows = Vec::new();
    for errand in store::errands(&mut view).await? {
        let told = patients::contact(&mut view, &access, errand.patient).await?;
        rows.push(Row {
            call: (errand.way == Way::Call).then(|| Call::of(&ctx, &told)),
            post: if errand.way == Way::Post { told.asked.post.clone() } else { String::new() },
            action: format!("{HERE}/{}", errand.id.text()),
            contact: format!("/patients/{}/contact", errand.patient.text()),
            name: names.patient(&access, errand.patient),
            about: ctx.words.t(&about(&ctx, &errand.about)),
            way: match errand.way {
                Way::Post => ("errand-post", "mail"),
                Way::Hand => ("errand-hand", "file-text"),
                _ => ("errand-call", "phone"),
            },
            made_at: ctx.words.day_and_time(errand.made_at, ctx.zone()),
        });
    }
    let since = ctx.now.plus_ms(-LOST_SHOWN_MS);
    let dead = keep::outbox::dead_letters(&mut view).await?;
    let lost = dead.into_iter().filter(|letter| letter.ended_at >= since).filter_map(|letter| {
        let Owner::Patient(patient) = letter.owner else { return None };
        Some(Lost {
            contact: format!("/patients/{}/contact", patient.text()),
            name: names.patient(&access, patient),
            ended_at: ctx.words.day_and_time(letter.ended_at, ctx.zone()),
        })
    });
    let page = List { rows, lost: lost.collect() };
    Ok(ctx.page(Page::new(ctx.words.t("errands-title")).rail("rail-patients"), &page))
}

/// The word for a kind of message; what an older program called otherwise is "something".
fn about(ctx: &Ctx, kind: &str) -> String {
    let key = format!("errand-about-{kind}");
    if ctx.words.has(&key) { key } else { "errand-about-other".into() }
}

/// Done: the patient knows.
pub(super) async fn settle(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = JobId::parse(&id).ok_or(Failure::NotFound)?;
    let access = ctx.decide(Act::SettleErrand, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    match store::settle(&mut tx, id, acting(&ctx)?).await {
        Ok(patient) => {
            tx.commit(&access, Entry::new(Object::of("errand", id.text()).patient(patient))).await?;
        }
        // A colleague pressed first: it is off the list either way.
        Err(KeepError::Conflict) => drop(tx),
        Err(other) => return Err(other.into()),
    }
    Ok(web::see_other(HERE))
}

/// A message that never arrived.
struct Lost {
    contact: String,
    name: Option<Health>,
    ended_at: String,
}

/// What somebody needs who takes up the telephone: asked for by the patient, so read before it rings (R69).
struct Call {
    /// Whom to ask for; empty: the name on file.
    name: String,
    phone: String,
    voicemail: bool,
    present: String,
    /// Their hours, when it is not safe now.
    later: Option<String>,
}

impl Call {
    fn of(ctx: &Ctx, told: &Contact) -> Call {
        let asked = &told.asked;
        let from = safe_from(asked, ctx.now, ctx.zone());
        Call {
            name: asked.call_me.clone(),
            phone: told.phone.as_ref().map_or_else(String::new, |phone| phone.reveal().into()),
            voicemail: asked.voicemail,
            present: asked.present.clone(),
            later: (from > ctx.now).then(|| ctx.words.day_and_time(from, ctx.zone())),
        }
    }
}

struct Row {
    /// None when nobody is called.
    call: Option<Call>,
    /// Where the letter goes; empty when none is sent.
    post: String,
    action: String,
    contact: String,
    name: Option<Health>,
    about: String,
    /// A word's key and its icon.
    way: (&'static str, &'static str),
    made_at: String,
}

#[derive(Template)]
#[template(path = "contact/errands.html")]
struct List {
    rows: Vec<Row>,
    lost: Vec<Lost>,
}
