//! The form for everybody who works here, and what the officials read of it.

use super::rules::{self, SUBJECTS, Sum, Typed};
use super::store;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use keep::{Entry, Object};
use policy::{Act, Facts, decide};
use vocabulary::{DAY_MS, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// What the officials look at: a year, as an analysis does.
const LOOK_BACK_MS: i64 = 366 * DAY_MS;

pub(super) async fn form(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::GiveInsight, &Facts::default()).await?;
    Ok(draw(&ctx, Typed::default(), Faults::default()))
}

pub(super) async fn give(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.decide(Act::GiveInsight, &Facts::default()).await?;
    let insight = match rules::read(&typed) {
        Ok(insight) => insight,
        Err(slips) => {
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return Ok(draw(&ctx, typed, faults));
        }
    };
    // Neither id nor person: the findings that come with it carry the same moment.
    let program = decide(&Principal::System, &Facts::default(), Act::GiveInsight)?;
    let mut tx = ctx.keep.begin().await?;
    store::give(&mut tx, &insight, month_began(ctx.now, ctx.zone())).await?;
    tx.commit(&program, Entry::new(Object::of("insight", ""))).await?;
    Ok(ctx.page(Page::new(ctx.words.t("insight-thanks")), &Thanks {}))
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeInsights, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("insights", "")).await?;
    let told = store::since(&mut view, &access, ctx.now.plus_ms(-LOOK_BACK_MS)).await?;
    let words = told.iter().filter(|one| !one.insight.words.is_empty());
    let mut said: Vec<Said> = words
        .map(|one| Said { month: month_of(one.at, ctx.zone()), words: one.insight.words.clone() })
        .collect();
    // Within a month the order would tell who came first.
    said.sort_by(|a, b| b.month.cmp(&a.month).then_with(|| a.words.cmp(&b.words)));
    let all: Vec<_> = told.into_iter().map(|one| one.insight).collect();
    let page = List { sum: Shown::of(&ctx, &rules::sum(&all)), said };
    Ok(ctx.page(Page::new(ctx.words.t("insights-title")).rail("rail-practice"), &page))
}

fn draw(ctx: &Ctx, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let subject = |code: &&'static str| (*code, ctx.words.t(&format!("insight-subject-{code}")));
    let page = FormPage { subjects: SUBJECTS.iter().map(subject).collect(), typed, faults };
    ctx.page(Page::new(ctx.words.t("insight-title")).rail("rail-insight").status(status), &page)
}

/// All that is kept of the day.
fn month_began(now: UnixMillis, zone: &str) -> UnixMillis {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = Timestamp::from_millisecond(now.0).map(|now| now.to_zoned(zone.clone()).date());
    let first = today.ok().and_then(|today| today.first_of_month().to_zoned(zone).ok());
    first.map_or(now, |first| UnixMillis(first.timestamp().as_millisecond()))
}

fn month_of(at: UnixMillis, zone: &str) -> String {
    let Ok(at) = Timestamp::from_millisecond(at.0) else { return String::new() };
    let day = at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    format!("{}-{:02}", day.year(), day.month())
}

/// The sum in the reader's words.
pub struct Shown {
    pub given: String,
    pub ease: String,
    pub clear: String,
    pub subjects: Vec<(String, String)>,
}

impl Shown {
    pub fn of(ctx: &Ctx, sum: &Sum) -> Shown {
        let few = || ctx.words.t("risk-few");
        let score = |tenths: Option<i64>| match tenths {
            Some(tenths) => {
                let value = format!("{}.{}", tenths / 10, tenths % 10);
                ctx.words.with("insights-score", &[("score", value.into())])
            }
            None => ctx.words.t("insights-too-few"),
        };
        let subject = |(code, count): &(String, Option<i64>)| {
            let count = count.map_or_else(few, |count| count.to_string());
            (ctx.words.t(&format!("insight-subject-{code}")), count)
        };
        Shown {
            given: sum.given.map_or_else(few, |count| count.to_string()),
            ease: score(sum.ease),
            clear: score(sum.clear),
            subjects: sum.subjects.iter().map(subject).collect(),
        }
    }
}

struct Said {
    month: String,
    words: String,
}

#[derive(Template)]
#[template(path = "insights/form.html")]
struct FormPage {
    subjects: Vec<(&'static str, String)>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "insights/thanks.html")]
struct Thanks {}

#[derive(Template)]
#[template(path = "insights/list.html")]
struct List {
    sum: Shown,
    said: Vec<Said>,
}
