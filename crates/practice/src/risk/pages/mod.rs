//! What the pages of the analysis share: who asks, which draft is open, days in forms, and the page that
//! shows two people's words side by side.

pub mod analysis;
pub mod at_once;
pub mod compare;
mod heard;
pub mod home;
pub mod lists;
pub mod plan;
mod printed;
pub mod questions;
pub mod register;
pub mod report;
pub mod risks;
mod seen;
pub mod sign;
mod trend;
mod unsaved;

pub use unsaved::{show_rows, show_unsaved};

use super::bank::bank;
use super::rules::{self, AnalysisState, RiskState, Slip, Standing};
use super::store::analyses::{self, About, Analysis};
use super::store::answers::Answer;
use super::store::risks::{Risk, Story};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use keep::{Conn, KeepError, Viewing};
use people::staff::{self, State};
use policy::Access;
use vocabulary::{DAY_MS, PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// Longer texts belong into a file of their own.
pub const TEXT_MAX: usize = 4_000;

pub fn person(ctx: &Ctx) -> Result<PersonId, Failure> {
    match ctx.who {
        Principal::Staff { person, .. } => Ok(person),
        _ => Err(Failure::NotFound),
    }
}

pub async fn draft(conn: &mut Conn) -> Result<Option<Analysis>, Failure> {
    Ok(analyses::list(conn).await?.into_iter().find(|analysis| analysis.state == AnalysisState::Draft))
}

/// A day as a form sends it, as noon in the practice's zone: the day stays the day wherever it is read.
pub fn day_of(text: &str, zone: &str) -> Result<Option<UnixMillis>, Slip> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let date: Date = text.trim().parse().map_err(|_| Slip::BadDate)?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let noon = date.at(12, 0, 0, 0).to_zoned(zone).map_err(|_| Slip::BadDate)?;
    Ok(Some(UnixMillis(noon.timestamp().as_millisecond())))
}

/// As `<input type="date">` wants it.
pub fn form_day(at: Option<UnixMillis>, zone: &str) -> String {
    let Some(at) = at.and_then(|at| Timestamp::from_millisecond(at.0).ok()) else { return String::new() };
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).date().to_string()
}

pub fn check_length(texts: &[&str]) -> Result<(), Slip> {
    if texts.iter().all(|text| text.chars().count() <= TEXT_MAX) { Ok(()) } else { Err(Slip::TooLong) }
}

/// One choice of a select.
pub struct Pick {
    pub value: String,
    pub text: String,
    pub chosen: bool,
}

/// Everybody who can be asked, and whoever was: somebody who cannot sign in any more is named as such.
pub async fn colleagues(
    ctx: &Ctx,
    viewing: &mut Viewing,
    access: &Access,
    chosen: Option<PersonId>,
) -> Result<Vec<Pick>, Failure> {
    let (mut picks, mut missing) = (Vec::new(), chosen);
    for person in staff::list(viewing).await?.into_iter().filter(|one| one.state != State::Suspended) {
        let name = staff::shown_name(viewing, access, person.id).await?;
        let is_chosen = chosen == Some(person.id);
        missing = missing.filter(|_| !is_chosen);
        let (value, text) = (person.id.text(), name.reveal().to_owned());
        picks.push(Pick { value, text, chosen: is_chosen });
    }
    if let Some(left) = missing {
        let name = name_of(viewing, access, Some(left)).await.unwrap_or_default();
        let text = ctx.words.with("risk-colleague-out", &[("name", name.into())]);
        picks.push(Pick { value: left.text(), text, chosen: true });
    }
    Ok(picks)
}

/// What is wrong with passing work on: a new name that cannot sign in, a new day that is past. What stood
/// there before may stay.
pub async fn passing_on(
    conn: &mut Conn,
    (person, due): (Option<PersonId>, Option<UnixMillis>),
    before: (Option<PersonId>, Option<UnixMillis>),
    now: UnixMillis,
) -> Result<Vec<Slip>, KeepError> {
    let mut slips = Vec::new();
    if let Some(person) = person.filter(|_| person != before.0) {
        let can = staff::list(conn).await?;
        if !can.iter().any(|one| one.id == person && one.state != State::Suspended) {
            slips.push(Slip::NoColleague);
        }
    }
    if due.is_some_and(|due| Some(due) != before.1 && due.since(now) < -DAY_MS) {
        slips.push(Slip::PastDate);
    }
    Ok(slips)
}

/// The name of a colleague; one whose account is gone keeps none here.
pub async fn name_of(viewing: &mut Viewing, access: &Access, id: Option<PersonId>) -> Option<String> {
    let name = staff::shown_name(viewing, access, id?).await.ok()?;
    Some(name.reveal().to_owned())
}

pub fn standing<'a>(
    analysis: &Analysis,
    about: &About,
    answers: impl IntoIterator<Item = &'a Answer>,
    register: &[(Risk, Story)],
) -> Standing {
    let said = |text: &str| !text.trim().is_empty();
    let settled = |risk: &Risk, story: &Story| {
        risk.state == RiskState::Closed || rules::is_settled(&risk.register(story, None))
    };
    Standing {
        scope_said: said(&about.scope),
        flows_said: said(&about.flows),
        documentation_said: said(&about.documentation),
        review_due: analysis.review_due,
        questions: bank().questions.len(),
        answered: answers.into_iter().filter(|answer| answer.stands()).count(),
        risks: register.len(),
        with_likelihood: register.iter().filter(|(risk, _)| risk.rating.likelihood.is_some()).count(),
        with_impact: register.iter().filter(|(risk, _)| risk.rating.impact.is_some()).count(),
        settled: register.iter().filter(|(risk, story)| settled(risk, story)).count(),
    }
}

/// Somebody else saved first: both texts, and a way to keep either. Nobody's words are lost.
pub struct Clash {
    pub action: String,
    pub back: String,
    /// Everything the person typed, and the version they now have seen.
    pub fields: Vec<(&'static str, String)>,
    pub rows: Vec<ClashRow>,
}

pub struct ClashRow {
    pub label: String,
    pub theirs: String,
    pub yours: String,
}

impl ClashRow {
    pub fn new(ctx: &Ctx, key: &str, theirs: &str, yours: &str) -> ClashRow {
        ClashRow { label: ctx.words.t(key), theirs: theirs.to_owned(), yours: yours.to_owned() }
    }
}

/// Only what differs is worth a look.
pub fn show_clash(ctx: &Ctx, mut clash: Clash) -> Response {
    clash.rows.retain(|row| row.theirs.trim() != row.yours.trim());
    let page = Page::new(ctx.words.t("risk-clash-title")).rail("rail-practice").status(StatusCode::CONFLICT);
    ctx.page(page, &ClashPage { clash })
}

#[derive(Template)]
#[template(path = "risk/clash.html")]
struct ClashPage {
    clash: Clash,
}

/// A word of a code: `risk-level-` and `high`.
pub fn word(ctx: &Ctx, kind: &str, code: &str) -> String {
    ctx.words.t(&format!("risk-{kind}-{code}"))
}

/// The choices of a select, from codes.
pub fn picks<'a>(ctx: &Ctx, kind: &str, codes: impl IntoIterator<Item = &'a str>, chosen: &str) -> Vec<Pick> {
    let pick =
        |code: &str| Pick { value: code.to_owned(), text: word(ctx, kind, code), chosen: code == chosen };
    codes.into_iter().map(pick).collect()
}
