//! `/interpreter/{id}`: their own link, the code in, today's and the coming jobs out. Nothing is remembered
//! in the browser, and nothing says whose visit it is.

use super::store::{self, Job};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::invitations::{From, Limits};
use people::needs::tongue_word;
use people::patients::day_in;
use policy::{Act, Facts};
use practice::ids::InterpreterId;
use practice::interpreters::rules::typed_code;
use practice::interpreters::with_code;
use serde::Deserialize;
use vocabulary::{HOUR_MS, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// A job of this morning is a job of today.
const LOOK_BACK_MS: i64 = 12 * HOUR_MS;

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// The same page for everybody: whether the link leads anywhere is told by the code alone.
pub(super) async fn page(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(ask(&ctx, id, Faults::default()))
}

pub(super) async fn list(
    ctx: Ctx,
    Path(id): Path<String>,
    from: From,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::SeeJobs, &Facts::default()).await?;
    let index = typed_code(&typed.code).map(|code| ctx.keep.blind("interpreter", "code_index", &code));
    let mut tx = ctx.keep.begin().await?;
    let interpreter = match (InterpreterId::parse(&id), index) {
        (Some(interpreter), Some(index)) => {
            with_code(&mut tx, interpreter, index).await?.then_some(interpreter)
        }
        _ => None,
    };
    let Some(interpreter) = interpreter else {
        let mut faults = Faults::default();
        let phone = ctx.settings.face.phone.as_str();
        faults.add("code", ctx.words.with("jobs-fault-code", &[("phone", phone.into())]));
        return Ok(ask(&ctx, id, faults));
    };
    let from = ctx.now.plus_ms(-LOOK_BACK_MS);
    let jobs = store::jobs(&mut tx, &access, (interpreter, from)).await?;
    tx.commit(&access, Entry::new(Object::of("interpreter", interpreter.text()))).await?;
    let today = day_in(ctx.now, ctx.zone());
    let shown = jobs.into_iter().map(|job| Shown::of(&ctx, job));
    let (now, later) = shown.partition(|job| day_in(job.starts_at, ctx.zone()) <= today);
    let page = Jobs { today: now, later, phone: ctx.settings.face.phone.clone() };
    Ok(ctx.page(Page::new(ctx.words.t("jobs-title")), &page))
}

fn ask(ctx: &Ctx, id: String, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // Only an id stands in the address of the form, whatever was asked for.
    let id = InterpreterId::parse(&id).map(InterpreterId::text).unwrap_or_else(|| "none".into());
    ctx.page(Page::new(ctx.words.t("jobs-title")).status(status), &Ask { id, faults })
}

struct Shown {
    starts_at: UnixMillis,
    length_min: i64,
    tongue: String,
    reference: String,
    /// The key of how it stands; empty while it is to come.
    state: &'static str,
}

impl Shown {
    fn of(ctx: &Ctx, job: Job) -> Shown {
        let state = match &job {
            Job { cancelled: true, .. } => "jobs-cancelled",
            Job { by_phone: true, .. } => "jobs-by-phone",
            Job { over: true, .. } => "jobs-over",
            _ => "",
        };
        Shown {
            tongue: ctx.words.t(&tongue_word(&job.tongue)),
            starts_at: job.starts_at,
            length_min: job.length_min,
            reference: job.reference,
            state,
        }
    }
}

#[derive(Template)]
#[template(path = "before/interpreting/ask.html")]
struct Ask {
    id: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "before/interpreting/jobs.html")]
struct Jobs {
    today: Vec<Shown>,
    later: Vec<Shown>,
    phone: String,
}
