//! `/day/week`: seven days side by side, on a phone one under the other.

use super::filter::{Asked, Bar, Filter, bar, no_zone, staff_name, takes_place};
use super::store::{Listed, visits_of};
use crate::before::availability;
use crate::before::badges::{Badge, need_badges};
use crate::before::booking::{may_book_for_somebody, when};
use crate::before::interpreting;
use crate::before::store::VisitRow;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::civil::Date;
use keep::{Object, Viewing};
use people::patients::Names;
use policy::{Access, Act, Facts};
use vocabulary::{Health, UnixMillis};
use web::{Ctx, Failure, Page, filters};

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeDay, &Facts::default()).await?;
    let zone = ctx.zone().to_owned();
    let today = when::day_of(ctx.now, &zone).map_err(|_| no_zone())?;
    let day = when::read_day(&asked.day).unwrap_or(today);
    let filter = Filter::of(&ctx, &asked);
    let week = when::week_of(day);
    let mut view = ctx.keep.view(&access, Object::of("week", week[0].to_string())).await?;
    let span = when::span_of_days(&week, &zone).map_err(|_| no_zone())?;
    let Listed { visits, cut } = visits_of(&mut view, &filter, (span, 7)).await?;
    let mut days = Vec::new();
    for one in week {
        let on = visits.iter().filter(|visit| when::day_of(visit.starts_at, &zone) == Ok(one));
        let away = availability::who_is_away(&mut view, one).await?;
        let away = away.into_iter().filter(|id| filter.with.is_none_or(|with| with == *id));
        days.push(WeekDay {
            iso: one.to_string(),
            title: ctx.words.day(when::span_of(one, &zone).map_err(|_| no_zone())?.0, &zone),
            is_today: one == today,
            away: away.map(|id| staff_name(&ctx, id)).collect(),
            visits: slots(&ctx, (&access, &mut view), on).await?,
        });
    }
    let page = WeekPage {
        title: ctx.words.with("week-title", &[("day", ctx.words.date(span.0, &zone).as_str().into())]),
        counts: ctx.words.with("day-count", &[("n", count(&visits).into())]),
        bar: bar(&ctx, &mut view, ("/day/week", day), &filter).await?,
        previous: shifted(day, -7),
        next: shifted(day, 7),
        day: day.to_string(),
        query: filter.query(),
        is_this_week: week.contains(&today),
        shows_hosts: filter.with.is_none(),
        may_book: may_book_for_somebody(&ctx),
        cut,
        days,
    };
    Ok(ctx.page(Page::new(page.title.clone()).rail("rail-day"), &page))
}

async fn slots(
    ctx: &Ctx,
    (access, view): (&Access, &mut Viewing),
    visits: impl Iterator<Item = &VisitRow>,
) -> Result<Vec<Slot>, Failure> {
    let mut all = Vec::new();
    for visit in visits {
        let needs = people::needs::of_patient(view, access, visit.patient).await?.unwrap_or_default();
        let interpreted = interpreting::covers(view, access, (visit.id, &needs.tongue)).await?;
        all.push(slot(ctx, access, visit, need_badges(&needs, interpreted, &ctx.words)));
    }
    Ok(all)
}

fn slot(ctx: &Ctx, access: &Access, visit: &VisitRow, needs: Vec<Badge>) -> Slot {
    let name = ctx.plugged::<Names>().patient(access, visit.patient);
    Slot {
        visit: visit.id.text(),
        starts_at: visit.starts_at,
        name: name.unwrap_or_else(|| Health::new(ctx.words.t("day-name-unknown"))),
        kind: visit.kind.word(),
        with: staff_name(ctx, visit.clinician),
        needs,
        state: if visit.state.is_over() { ctx.words.t(over_word(visit)) } else { String::new() },
    }
}

fn over_word(visit: &VisitRow) -> &'static str {
    use crate::before::rules::VisitState as S;
    match visit.state {
        S::Cancelled => "day-state-cancelled",
        S::NoShow => "day-state-no-show",
        S::MovedToPhone => "day-state-phone",
        S::BrokenOff => "day-state-broken",
        _ => "day-past",
    }
}

fn count(visits: &[VisitRow]) -> usize {
    visits.iter().filter(|visit| takes_place(visit.state)).count()
}

fn shifted(day: Date, days: i64) -> String {
    day.checked_add(jiff::Span::new().days(days)).map(|day| day.to_string()).unwrap_or_default()
}

struct WeekDay {
    iso: String,
    title: String,
    is_today: bool,
    /// Who sees nobody on that day.
    away: Vec<String>,
    visits: Vec<Slot>,
}

struct Slot {
    visit: String,
    starts_at: UnixMillis,
    name: Health,
    kind: &'static str,
    with: String,
    /// Interpreter and aids.
    needs: Vec<Badge>,
    /// Empty while it can still take place.
    state: String,
}

#[derive(Template)]
#[template(path = "before/schedule/week.html")]
struct WeekPage {
    title: String,
    counts: String,
    bar: Bar,
    previous: String,
    next: String,
    day: String,
    query: String,
    is_this_week: bool,
    shows_hosts: bool,
    may_book: bool,
    /// More visits than fit stand in this week.
    cut: bool,
    days: Vec<WeekDay>,
}
