//! The months, one month with what stood out, and the signature under it.

use super::report::{self, ENTRIES_MAX};
use super::rules::{self, Kind, Month, Refused, Report, Standing, WORDS};
use super::store::{self, Closed, Words};
use crate::risk::pages::show_unsaved;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::trail::began;
use keep::{Conn, Entry, KeepError, Object};
use people::break_glass;
use people::patients::Names;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Names shown beside a count; the trail's own filter shows the rest.
const NAMES_SHOWN: usize = 5;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    findings: String,
}

/// Months that are over and not closed, oldest first, each with the moment it is or was due.
pub async fn waiting(
    conn: &mut Conn,
    zone: &str,
    now: UnixMillis,
) -> Result<Vec<(Month, UnixMillis)>, KeepError> {
    let mut months: Vec<_> = standings(conn, zone, now).await?;
    months.retain(|(_, standing, _)| matches!(standing, Standing::Waiting | Standing::Overdue));
    Ok(months.into_iter().rev().map(|(month, ..)| (month, month.due(zone))).collect())
}

/// How many months were read and signed, of those whose day has come or that were.
pub async fn read(conn: &mut Conn, zone: &str, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let months = standings(conn, zone, now).await?;
    let count =
        |wanted: Standing| months.iter().filter(|(_, standing, _)| *standing == wanted).count() as i64;
    let read = count(Standing::Closed);
    Ok((read, read + count(Standing::Overdue)))
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeTrailReviews, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("trail_reviews", "")).await?;
    let months = standings(&mut view, ctx.zone(), ctx.now).await?;
    let page = List { months: months.iter().map(|month| Line::of(&ctx, month)).collect() };
    Ok(ctx.page(Page::new(ctx.words.t("reviews-title")).rail("rail-practice"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(period): Path<String>) -> Result<Response, Failure> {
    draw(&ctx, &period, Typed::default(), Faults::default()).await
}

pub(super) async fn close(
    ctx: Ctx,
    Path(period): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseTrailReview, &Facts::default()).await?;
    let month = Month::parse(&period).ok_or(Failure::NotFound)?;
    let findings = typed.findings.trim();
    if !WORDS.contains(&findings.chars().count()) {
        let mut faults = Faults::default();
        faults.add("findings", ctx.words.t("review-fault-findings"));
        return draw(&ctx, &period, typed, faults).await;
    }
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let mut view = ctx.keep.view(&access, Object::of("trail_review", month.text())).await?;
    let (_, standing, _) = standing(&ctx, &mut view, month).await?;
    let unreviewed = break_glass::unreviewed(&mut view, month.ends(ctx.zone())).await?.len();
    if let Err(why) = rules::may_close(standing, unreviewed) {
        return refused(&ctx, &period, findings, why);
    }
    let (report, whole) = report::of(&ctx, &access, &mut view, month).await?;
    drop(view);
    let mut entry = Entry::new(Object::of("trail_review", month.text()));
    if !whole {
        entry = entry.detail("counted", format!("the newest {ENTRIES_MAX}"));
    }
    for kind in Kind::ALL {
        entry = entry.detail(count_name(kind), report.total(kind).to_string());
    }
    let mut tx = ctx.keep.begin().await?;
    // Once more inside the transaction: an emergency of last night must not slip through.
    let unreviewed = break_glass::unreviewed(&mut tx, month.ends(ctx.zone())).await?.len();
    if let Err(why) = rules::may_close(standing, unreviewed) {
        drop(tx);
        return refused(&ctx, &period, findings, why);
    }
    let words = Words { findings: findings.to_owned(), report, whole };
    match store::close(&mut tx, month, person, &words).await {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            drop(tx);
            return refused(&ctx, &period, findings, Refused::Closed);
        }
        Err(other) => return Err(other.into()),
    }
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/trail/reviews"))
}

async fn draw(ctx: &Ctx, period: &str, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeTrailReviews, &Facts::default()).await?;
    let month = Month::parse(period).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, Object::of("trail_review", month.text())).await?;
    let found = standing(ctx, &mut view, month).await?;
    let (report, whole, findings) = match &found.2 {
        Some(closed) => {
            let words = store::words(&view, &access, closed)?;
            (words.report, words.whole, Some(words.findings))
        }
        None => {
            let (report, whole) = report::of(ctx, &access, &mut view, month).await?;
            (report, whole, None)
        }
    };
    let unreviewed = match findings {
        None => break_glass::unreviewed(&mut view, month.ends(ctx.zone())).await?.len(),
        Some(_) => 0,
    };
    let page = One {
        line: Line::of(ctx, &found),
        rows: Kind::ALL.iter().map(|kind| Row::of(ctx, &report, *kind)).collect(),
        entries: report.entries,
        most: if whole { 0 } else { ENTRIES_MAX },
        may: rules::may_close(found.1, unreviewed).is_ok(),
        running: found.1 == Standing::Running,
        unreviewed,
        findings,
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("review-title")).rail("rail-practice").status(status), &page))
}

type Found = (Month, Standing, Option<Closed>);

async fn standings(conn: &mut Conn, zone: &str, now: UnixMillis) -> Result<Vec<Found>, KeepError> {
    let Some(first) = began(conn).await? else { return Ok(Vec::new()) };
    let mut closed = store::closed(conn).await?;
    let months = Month::since(first, now, zone).into_iter();
    let found = months.map(|month| {
        let at = closed.iter().position(|one| one.period == month.text());
        let closed = at.map(|at| closed.swap_remove(at));
        (month, month.standing(zone, closed.is_some(), now), closed)
    });
    Ok(found.collect())
}

async fn standing(ctx: &Ctx, conn: &mut Conn, month: Month) -> Result<Found, Failure> {
    let all = standings(conn, ctx.zone(), ctx.now).await?;
    match all.into_iter().find(|(of, ..)| *of == month) {
        Some(found) => Ok(found),
        // A closed month stays readable for as long as the trail.
        None => match store::of(conn, month).await? {
            Some(closed) => Ok((month, Standing::Closed, Some(closed))),
            None => Err(Failure::NotFound),
        },
    }
}

/// What was found is not lost: it can be copied, and said again when the month may be closed.
fn refused(ctx: &Ctx, period: &str, findings: &str, refused: Refused) -> Result<Response, Failure> {
    let why = match refused {
        Refused::NotOver => "review-not-over-detail",
        Refused::Unreviewed => "review-unreviewed-detail",
        Refused::Closed => "review-closed-detail",
    };
    let back = format!("/practice/trail/reviews/{period}");
    show_unsaved(ctx, why, &back, &[("review-words", findings)])
}

fn count_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Emergency => "emergency",
        Kind::FailedSignIn => "failed_sign_in",
        Kind::OutOfHours => "out_of_hours",
        Kind::SameName => "same_name",
        Kind::Bulk => "bulk",
        Kind::TwoPlaces => "two_places",
        Kind::Export => "export",
        Kind::Refused => "refused",
    }
}

fn name(ctx: &Ctx, id: &str) -> String {
    let name = PersonId::parse(id).and_then(|id| ctx.plugged::<Names>().staff(id));
    name.map_or_else(|| ctx.words.t("trail-actor-anonymous"), |name| name.reveal().to_owned())
}

struct Line {
    period: String,
    shown: String,
    badge: String,
    tone: &'static str,
    under: String,
}

impl Line {
    fn of(ctx: &Ctx, (month, standing, closed): &Found) -> Line {
        let zone = ctx.zone();
        let date = |at: UnixMillis| ctx.words.date(at, zone);
        let (tone, key) = match standing {
            Standing::Running => ("", "review-running"),
            Standing::Waiting => ("warn", "review-waiting"),
            Standing::Overdue => ("bad", "review-overdue"),
            Standing::Closed => ("ok", "review-done"),
        };
        let under = match closed {
            Some(closed) => ctx.words.with(
                "review-closed-by",
                &[("name", name(ctx, &closed.reviewer.text()).into()), ("at", date(closed.at).into())],
            ),
            None => ctx.words.with("review-due", &[("at", date(month.due(zone)).into())]),
        };
        let (from, until) = (date(month.begins(zone)), date(month.ends(zone).plus_ms(-1)));
        Line {
            period: month.text(),
            shown: format!("{from} – {until}"),
            badge: ctx.words.t(key),
            tone,
            under,
        }
    }
}

struct Row {
    word: &'static str,
    count: u64,
    who: String,
}

impl Row {
    fn of(ctx: &Ctx, report: &Report, kind: Kind) -> Row {
        let by = report.by_whom(kind).into_iter().take(NAMES_SHOWN);
        let by: Vec<String> = by.map(|(who, count)| format!("{} ({count})", name(ctx, who))).collect();
        Row { word: kind.word(), count: report.total(kind), who: by.join(", ") }
    }
}

#[derive(Template)]
#[template(path = "trail_reviews/list.html")]
struct List {
    months: Vec<Line>,
}

#[derive(Template)]
#[template(path = "trail_reviews/one.html")]
struct One {
    line: Line,
    rows: Vec<Row>,
    entries: u64,
    /// 0 when the whole month was counted.
    most: u64,
    running: bool,
    may: bool,
    unreviewed: usize,
    findings: Option<String>,
    typed: Typed,
    faults: Faults,
}
