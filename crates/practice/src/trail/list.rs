//! The newest entries, and the filter.

use super::actor;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use keep::trail::{Event, Filter, Outcome, Search, before, search};
use keep::{Object, Viewing};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// Lines on one page.
const SHOWN: u32 = 50;

/// The filter as it was picked: random ids, codes and days alone, so it may stand in an address.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub person: String,
    pub act: String,
    pub from: String,
    pub until: String,
    pub before: Option<u64>,
}

impl Asked {
    pub fn filter(&self, zone: &str) -> Result<Filter, Failure> {
        let person = self.person.trim();
        let act = self.act.trim();
        let wrong = (!person.is_empty() && PersonId::parse(person).is_none())
            || (!act.is_empty() && Act::parse(act).is_none());
        if wrong {
            return Err(Failure::BadInput);
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(Filter {
            actor: some(person),
            act: some(act),
            from: midnight(&self.from, zone, 0)?,
            until: midnight(&self.until, zone, 1)?.map(|next| next.plus_ms(-1)),
        })
    }

    /// Where a search begins: after the newest entry the filter can want.
    pub async fn search(&self, view: &mut Viewing, filter: &Filter, limit: u32) -> Result<Search, Failure> {
        let before = match (self.before, filter.until) {
            (None, Some(until)) => Some(before(view, until.plus_ms(1)).await?),
            (asked, _) => asked,
        };
        Ok(Search { before, limit, ..Search::default() })
    }
}

/// Midnight in the practice, as many days later.
fn midnight(day: &str, zone: &str, days: i64) -> Result<Option<UnixMillis>, Failure> {
    if day.is_empty() {
        return Ok(None);
    }
    let day: Date = day.parse().map_err(|_| Failure::BadInput)?;
    let day = day.checked_add(jiff::Span::new().days(days)).map_err(|_| Failure::BadInput)?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = day.to_zoned(zone).map_err(|_| Failure::BadInput)?;
    Ok(Some(UnixMillis(at.timestamp().as_millisecond())))
}

pub(super) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ReadTrail, &Facts::default()).await?;
    let filter = asked.filter(ctx.zone())?;
    let mut view = ctx.keep.view(&access, Object::of("trail", "")).await?;
    let from = asked.search(&mut view, &filter, SHOWN).await?;
    let found = search(&mut view, &access, from, &filter).await?;
    let names = ctx.plugged::<people::patients::Names>();
    let staff = people::staff::list(&mut view).await?;
    let named = |person: people::staff::Person| {
        let name = names.staff(person.id).map(|name| name.reveal().to_owned()).unwrap_or_default();
        (person.id.text(), name)
    };
    let mut acts: Vec<(&str, String)> =
        Act::ALL.iter().map(|act| (act.code(), people::act_word(&ctx, act.code()))).collect();
    acts.sort_by(|a, b| a.1.cmp(&b.1));
    let page = List {
        rows: found.events.iter().map(|event| Row::of(&ctx, event)).collect(),
        next: found.next.map(|next| asked.link(next)),
        people: staff.into_iter().map(named).collect(),
        acts,
        fresh: ctx.fresh,
        asked,
    };
    Ok(ctx.page(Page::new(ctx.words.t("trail-title")).rail("rail-practice"), &page))
}

impl Asked {
    fn link(&self, next: u64) -> String {
        let Asked { person, act, from, until, .. } = self;
        format!("/practice/trail?person={person}&act={act}&from={from}&until={until}&before={next}")
    }
}

/// One entry without what it says about a patient.
pub(super) struct Row {
    pub index: u64,
    pub at: UnixMillis,
    pub when: String,
    pub who: String,
    pub act: String,
    pub about_patient: bool,
    pub refused: bool,
    pub failed: bool,
    pub address: String,
}

impl Row {
    pub fn of(ctx: &Ctx, event: &Event) -> Row {
        let body = event.body.as_ref();
        Row {
            index: event.index,
            at: event.at,
            when: ctx.words.day_and_time(event.at, ctx.zone()),
            who: body.map(|body| actor(ctx, &body.who)).unwrap_or_default(),
            act: match body {
                Some(body) => people::act_word(ctx, &body.act),
                None => ctx.words.t("trail-shredded"),
            },
            about_patient: body.is_some_and(|body| body.patient.is_some()),
            refused: body.is_some_and(|body| body.outcome == Outcome::Refused),
            failed: body.is_some_and(|body| body.outcome == Outcome::Failed),
            address: body.map(|body| body.who.address.clone()).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "trail/list.html")]
struct List {
    rows: Vec<Row>,
    next: Option<String>,
    people: Vec<(String, String)>,
    acts: Vec<(&'static str, String)>,
    asked: Asked,
    fresh: bool,
}
